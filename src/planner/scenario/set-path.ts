import { parse } from 'yaml'
import { type Issue, RightsizeError } from '../../foundation/errors.ts'
import { didYouMean } from '../../foundation/suggest.ts'
import { knownKeys } from './read.ts'
import type { ScenarioInput } from './schema.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/**
 * A copy of a scenario with other values: `demand.users=5000`, `places.0.country=fr`. Values are YAML, so lists
 * (`[a, b]`) and texts with units work; an empty value takes the field away.
 * @throws RightsizeError `arguments-invalid` with every path that does not exist.
 */
export function withValues(
  scenario: ScenarioInput,
  assignments: readonly string[],
  option = '--set',
): ScenarioInput {
  const copy = structuredClone(scenario) as unknown as Json
  const issues: Issue[] = []
  for (const assignment of assignments) {
    const equals = assignment.indexOf('=')
    if (equals < 1) {
      issues.push({
        place: `${option} ${assignment}`,
        message: 'is not PATH=VALUE',
        hint: `write ${option} demand.users=5000`,
      })
      continue
    }
    const path = assignment.slice(0, equals).trim()
    const problem = setValue(copy, path, parsedValue(assignment.slice(equals + 1)))
    if (problem !== undefined)
      issues.push({
        place: `${option} ${path}`,
        message: problem.message,
        ...(problem.hint === undefined ? {} : { hint: problem.hint }),
      })
  }
  if (issues.length > 0)
    throw new RightsizeError({
      code: 'arguments-invalid',
      message: issues.length === 1 ? 'a value cannot be set' : `${issues.length} values cannot be set`,
      issues,
    })
  return copy as unknown as ScenarioInput
}

/** A copy with one field set to a plain value, or taken away where it is undefined. */
export function withField(scenario: ScenarioInput, path: string, value: unknown): ScenarioInput {
  const copy = structuredClone(scenario) as unknown as Json
  const problem = setValue(copy, path, (value ?? null) as Json)
  if (problem !== undefined) throw new Error(`${path}: ${problem.message}`)
  return copy as unknown as ScenarioInput
}

/** The value a scenario has at a path, as it was written; undefined where it says nothing. */
export function valueAt(scenario: ScenarioInput, path: string): unknown {
  let value: unknown = scenario
  for (const step of stepsOf(path)) {
    const at = Array.isArray(value) ? (placeOf(value as Json[], step) ?? step) : step
    value = (value as Record<string, unknown> | undefined)?.[at] ?? undefined
  }
  return value
}

function parsedValue(text: string): Json {
  try {
    return parse(text.trim(), { schema: 'core' }) as Json
  } catch {
    // "0.2: x" and the like are no YAML but may be a text that the schema judges better.
    return text.trim()
  }
}

function stepsOf(path: string): string[] {
  return path
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((step) => step !== '')
}

interface Problem {
  readonly message: string
  readonly hint?: string
}

/** An entry of a list by its number, or by the name it has: `workloads.chat`. */
function placeOf(list: readonly Json[], step: string): number | undefined {
  if (/^\d+$/.test(step)) return Number(step)
  const at = list.findIndex((entry) => nameOf(entry) === step)
  return at < 0 ? undefined : at
}

const nameOf = (entry: Json): string | undefined =>
  entry !== null && typeof entry === 'object' && !Array.isArray(entry) && typeof entry['name'] === 'string'
    ? entry['name']
    : undefined

function setValue(root: Json, path: string, value: Json): Problem | undefined {
  const steps = stepsOf(path)
  const walked: PropertyKey[] = []
  let here = root
  for (const [index, step] of steps.entries()) {
    const last = index === steps.length - 1
    if (Array.isArray(here)) {
      const at = placeOf(here, step)
      if (at === undefined) {
        if (here.length !== 1 || typeof here[0] !== 'object') {
          const names = here.flatMap((entry) => nameOf(entry) ?? [])
          return {
            message: `${walked.join('.')} is a list of ${here.length}`,
            hint:
              names.length === 0
                ? `name the entry: ${[...walked, 0, step].join('.')}`
                : (didYouMean(step, names) ?? `name the entry: ${names.join(', ')}, or by its number`),
          }
        }
        // A list of one is meant.
        walked.push(0)
        here = here[0] as Json
      } else {
        if (at >= here.length && !(last && at === here.length))
          return {
            message: `${walked.join('.')} has no entry ${at}`,
            hint: `its entries are 0 to ${here.length - 1}`,
          }
        walked.push(at)
        if (last) here[at] = value
        else here = here[at] as Json
        continue
      }
    }
    const known = knownKeys(walked)
    if (!known.includes(step)) {
      const hint =
        didYouMean(step, known) ?? (known.length === 0 ? undefined : `keys here: ${known.join(', ')}`)
      const where = walked.length === 0 ? 'the scenario' : walked.map(String).join('.')
      return { message: `${where} has no key "${step}"`, ...(hint === undefined ? {} : { hint }) }
    }
    walked.push(step)
    const object = here as { [key: string]: Json }
    if (last) {
      if (value === null) delete object[step]
      else object[step] = value
      return undefined
    }
    const next = object[step]
    const below = knownKeys(walked)
    if (next === undefined || next === null) object[step] = {}
    else if (typeof next !== 'object')
      // A bare length is its mean; any other bare value has nothing below it.
      object[step] = below.includes('mean') ? { mean: next } : {}
    here = object[step] as Json
  }
  return undefined
}
