import type { Catalog } from '../../catalogs/catalog.ts'
import type { Issue } from '../../foundation/errors.ts'
import { formatSignificant } from '../../foundation/format.ts'
import { type Sentence, sentence } from '../../foundation/notes.ts'
import { didYouMean } from '../../foundation/suggest.ts'
import { daysPerWeek, secondsPerDay } from '../../foundation/units.ts'
import type { PlanConstraintCheck } from '../plan-option-types.ts'
import type { ResolvedScenario } from '../scenario/resolve.ts'
import { LeftOutCount } from './left-out.ts'

/**
 * Delivery times and security facts come from the scenario alone: the catalog has none. A fact that breaks a limit keeps
 * an offer out; where nobody says anything it stays in, and is said to be unknown.
 */
const kinds = ['on-prem', 'colocation', 'subscription', 'cloud', 'api', 'device'] as const

/** The longest delivery time of anything that an offer is made of; undefined where no fact speaks of it. */
function deliverySeconds(resolved: ResolvedScenario, subjects: readonly string[]): number | undefined {
  const times = factsAbout(resolved, subjects).flatMap((fact) => fact.deliveryTime ?? [])
  return times.length === 0 ? undefined : Math.max(...times)
}

function securityOf(
  resolved: ResolvedScenario,
  subjects: readonly string[],
  wanted: string,
): 'has' | 'lacks' | 'unknown' {
  const facts = factsAbout(resolved, subjects)
  if (facts.some((fact) => fact.lacksSecurity?.includes(wanted))) return 'lacks'
  return facts.some((fact) => fact.security?.includes(wanted)) ? 'has' : 'unknown'
}

function factsAbout(resolved: ResolvedScenario, subjects: readonly string[]) {
  return (resolved.scenario.facts ?? []).filter((fact) => subjects.includes(fact.about.toLowerCase()))
}

const weeks = (seconds: number) => `${formatSignificant(seconds / (secondsPerDay * daysPerWeek))} weeks`

/** Why a fact keeps out what is made of these (catalog ids, provider names, kinds of place), or undefined. */
export function factProblem(
  resolved: ResolvedScenario,
  subjects: readonly string[],
  owned = false,
): Sentence | undefined {
  const { deliveryTime, security } = resolved.scenario.constraints ?? {}
  const names = subjects.map((subject) => subject.toLowerCase())
  const time = owned ? undefined : deliverySeconds(resolved, names)
  if (deliveryTime !== undefined && time !== undefined && time > deliveryTime)
    return sentence(
      'delivered-late',
      `is delivered after ${weeks(time)} as the scenario says, ${weeks(deliveryTime)} are allowed`,
      { seconds: time, allowed: deliveryTime },
    )
  const lacking = (security ?? []).find((wanted) => securityOf(resolved, names, wanted) === 'lacks')
  return lacking === undefined
    ? undefined
    : sentence('lacks-security', `lacks ${lacking} as the scenario says`, { property: lacking })
}

export type FactFilter = ReturnType<typeof factFilter>

/** Keeps what no fact of the scenario speaks against, and counts the rest by reason. */
export function factFilter(resolved: ResolvedScenario) {
  const left = new LeftOutCount()
  const keeps = (what: Sentence, subjects: readonly string[], owned = false): boolean => {
    const why = factProblem(resolved, subjects, owned)
    if (why === undefined) return true
    left.add(what, why)
    return false
  }
  return {
    keeps,
    keep: <Item>(items: readonly Item[], what: Sentence, subjects: (item: Item) => readonly string[]) =>
      items.filter((item) => keeps(what, subjects(item))),
    left: () => left.list(),
  }
}

/** The same limits against an offer that stayed in. */
export function factChecks(
  resolved: ResolvedScenario,
  subjects: readonly string[],
  owned: boolean,
): PlanConstraintCheck[] {
  const { deliveryTime, security } = resolved.scenario.constraints ?? {}
  const names = subjects.map((subject) => subject.toLowerCase())
  const checks: PlanConstraintCheck[] = []
  if (deliveryTime !== undefined) {
    const time = owned ? 0 : deliverySeconds(resolved, names)
    checks.push({
      constraint: 'constraints.deliveryTime',
      status: time === undefined ? 'unknown' : time <= deliveryTime ? 'met' : 'missed',
      needed: `at most ${weeks(deliveryTime)}`,
      has: time === undefined ? 'unknown' : weeks(time),
      code: 'at-most',
      values: { needed: deliveryTime, ...(time === undefined ? {} : { has: time }), unit: 'week' },
    })
  }
  for (const wanted of security ?? []) {
    const has = securityOf(resolved, names, wanted)
    checks.push({
      constraint: 'constraints.security',
      status: has === 'unknown' ? 'unknown' : has === 'has' ? 'met' : 'missed',
      needed: wanted,
      has: has === 'has' ? wanted : has,
      code: 'property',
      values: { needed: wanted, has },
    })
  }
  return checks
}

/** Facts about things that neither the catalog nor the planner knows would silently do nothing: they are errors. */
export function factIssues(input: { catalog: Catalog; resolved: ResolvedScenario; file: string }): Issue[] {
  const { catalog, resolved } = input
  const facts = resolved.scenario.facts ?? []
  if (facts.length === 0) return []
  const known = new Set<string>([
    ...kinds,
    ...catalog.rows('servers').map((row) => row.id),
    ...catalog.rows('accelerators').map((row) => row.id),
    ...catalog.rows('cloudPrices').flatMap((row) => [row.provider, row.instance]),
    ...catalog.rows('apiPrices').map((row) => row.provider),
    ...(resolved.scenario.places ?? []).flatMap((place) => place.provider ?? []),
  ])
  const lower = new Set([...known].map((name) => name.toLowerCase()))
  return facts.flatMap((fact, index): Issue[] => {
    if (lower.has(fact.about.toLowerCase())) return []
    const hint = didYouMean(fact.about, known)
    return [
      {
        place: `${input.file}  facts.${index}.about`,
        message: `unknown server, accelerator, instance, provider or kind of place "${fact.about}"`,
        ...(hint === undefined ? {} : { hint }),
      },
    ]
  })
}
