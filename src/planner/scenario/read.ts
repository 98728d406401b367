import { LineCounter, parseDocument } from 'yaml'
import { type Issue, RightsizeError } from '../../foundation/errors.ts'
import { didYouMean } from '../../foundation/suggest.ts'
import { type Scenario, type ScenarioInput, scenarioSchema } from './schema.ts'

/**
 * Reads a scenario from YAML or JSON text (JSON is YAML).
 * @throws RightsizeError `scenario-invalid` with every problem: its line, its path, a hint.
 */
export function readScenario(input: { text: string; file: string }): Scenario {
  return readGivenScenario(input).scenario
}

/**
 * The same, with the scenario as the user wrote it: what a plan keeps, and what plans it again.
 * @throws RightsizeError `scenario-invalid`
 */
export function readGivenScenario(input: { text: string; file: string }): {
  given: ScenarioInput
  scenario: Scenario
} {
  const lines = new LineCounter()
  const document = parseDocument(input.text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const syntax: Issue[] = [...document.errors, ...document.warnings].map((error) => ({
    place: `${input.file}:${lines.linePos(error.pos[0]).line}`,
    message: error.message,
  }))
  if (syntax.length > 0) throw invalid(input.file, syntax)
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 100 })
  } catch (cause) {
    throw invalid(input.file, [
      { place: input.file, message: cause instanceof Error ? cause.message : String(cause) },
    ])
  }
  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = document.getIn(path.slice(0, length) as unknown[], true) as
        | { range?: [number, number, number] }
        | undefined
      if (node?.range) return lines.linePos(node.range[0]).line
    }
    return undefined
  }
  return { scenario: checkScenario({ value, file: input.file, lineOf }), given: value as ScenarioInput }
}

/**
 * Checks a scenario given as a plain value (the library's way in).
 * @throws RightsizeError `scenario-invalid`
 */
export function checkScenario(input: {
  value: unknown
  file?: string
  lineOf?: (path: readonly PropertyKey[]) => number | undefined
}): Scenario {
  const parsed = scenarioSchema.safeParse(input.value)
  if (parsed.success) return parsed.data
  const file = input.file ?? 'scenario'
  const issues: Issue[] = []
  for (const issue of flattened(parsed.error.issues as RawIssue[])) {
    const keys = issue.code === 'unrecognized_keys' ? (issue.keys ?? []) : [undefined]
    for (const key of keys) {
      const path = key === undefined ? issue.path : [...issue.path, key]
      const line = input.lineOf?.(path)
      const where = path.map(String).join('.')
      const place = `${line === undefined ? file : `${file}:${line}`}${where === '' ? '' : `  ${where}`}`
      const hint = key === undefined ? undefined : didYouMean(key, knownKeys(issue.path))
      issues.push({
        place,
        message: key === undefined ? plainMessage(issue) : 'unknown key',
        ...(hint === undefined ? {} : { hint }),
      })
    }
  }
  throw invalid(file, issues)
}

interface RawIssue {
  readonly code: string
  readonly path: PropertyKey[]
  readonly message: string
  readonly keys?: string[]
  readonly errors?: RawIssue[][]
}

/** A failed union reports its branch that got furthest, not "invalid input". */
function flattened(issues: readonly RawIssue[]): RawIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union' || issue.errors === undefined) return [issue]
    const branches = issue.errors.map((branch) => flattened(branch))
    const deepest = branches
      .filter((branch) => branch.length > 0)
      .sort((a, b) => unionRank(b) - unionRank(a))[0]
    if (deepest === undefined) return [issue]
    return deepest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
  })
}

function unionRank(branch: readonly RawIssue[]): number {
  const deepest = Math.max(...branch.map((issue) => issue.path.length))
  const typed = branch.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0)
  return deepest * 10 + (typed ? 0 : 5)
}

function plainMessage(issue: RawIssue): string {
  if (issue.code === 'invalid_type' && issue.message.includes('received undefined')) return 'is missing'
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1)
}

/** The keys the schema knows at a path, for "did you mean". */
export function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema: unknown = scenarioSchema
  for (const step of path) {
    const shape = objectShape(schema)
    schema = typeof step === 'number' ? arrayElement(schema) : shape?.[String(step)]
  }
  return Object.keys(objectShape(schema) ?? {})
}

interface SchemaInternals {
  readonly shape?: Record<string, unknown>
  readonly def?: { innerType?: unknown; in?: unknown; options?: unknown[]; element?: unknown }
}

function objectShape(schema: unknown): Record<string, unknown> | undefined {
  const { shape, def } = (schema ?? {}) as SchemaInternals
  if (shape !== undefined) return shape
  if (def?.innerType !== undefined) return objectShape(def.innerType)
  if (def?.in !== undefined) return objectShape(def.in)
  for (const option of def?.options ?? []) {
    const found = objectShape(option)
    if (found !== undefined) return found
  }
  return undefined
}

function arrayElement(schema: unknown): unknown {
  const { def } = (schema ?? {}) as SchemaInternals
  if (def?.element !== undefined) return def.element
  for (const inner of [def?.innerType, def?.in, ...(def?.options ?? [])]) {
    const found = inner === undefined ? undefined : arrayElement(inner)
    if (found !== undefined) return found
  }
  return undefined
}

function invalid(file: string, issues: readonly Issue[]): RightsizeError {
  return new RightsizeError({
    code: 'scenario-invalid',
    message: `${file} has ${issues.length} ${issues.length === 1 ? 'problem' : 'problems'}`,
    issues,
    hint: 'the fields and their units are in the README and in the published JSON Schema',
  })
}
