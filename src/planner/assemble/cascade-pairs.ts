import type { PlanCascadePair } from '../plan-cascade-types.ts'
import type { PlanOption } from '../plan-option-types.ts'
import { type Plan, type PlanRole, planRoles } from '../plan-types.ts'
import type { ResolvedScenario } from '../scenario/resolve.ts'
import type { Scenario } from '../scenario/schema.ts'
import type { ConstraintName } from '../search/constraint-bits.ts'
import { jointChecks } from './cascade-limits.ts'
import { qualityTogether } from './cascade-quality.ts'
import { costTogether, latencyTogether, sumFigures, sumOrUnknown } from './cascade-totals.ts'

export interface CascadePlans {
  readonly wish: NonNullable<Scenario['cascade']>
  readonly resolved: ResolvedScenario
  /** The plan of single models, and of each side that gets requests. */
  readonly single: Plan
  readonly small: Plan | undefined
  readonly large: Plan | undefined
  /** The large model with all requests, where the large side gets a part of them. */
  readonly largeAlone: Plan | undefined
}

interface Pair {
  readonly small: PlanOption | undefined
  readonly large: PlanOption | undefined
}

/** What a role goes by; every one of them adds. Undefined = unknown. */
const measureOf: Readonly<Record<PlanRole, (option: PlanOption) => number | undefined>> = {
  cheapest: (option) => option.cost.netPresentUsd.value,
  greenest: (option) => option.carbon?.totalGramsPerMonth?.value,
  fastest: (option) => option.latency?.endToEnd.p95.value,
  balanced: (option) => option.score.value,
}

/** The best pair of each role; one pair may have several. */
export function pairsOf(input: CascadePlans): PlanCascadePair[] {
  const found = new Map<string, { pair: Pair; roles: PlanRole[]; exact: boolean }>()
  for (const role of planRoles) {
    const best = bestPair(input, role)
    if (best === undefined) continue
    const id = idOf(best.pair)
    const known = found.get(id)
    found.set(id, {
      pair: best.pair,
      roles: [...(known?.roles ?? []), role],
      exact: best.exact && (known?.exact ?? true),
    })
  }
  const { workload } = input.single
  const months = workload.growthByMonth.reduce((sum, factor) => sum + factor, 0)
  const requests = workload.requestsPerMonth.value * months
  return [...found].map(([id, { pair, roles, exact }]) => {
    const options = optionsOf(pair)
    const figure = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value })
    return {
      id,
      roles,
      label: options.map((option) => option.label).join(' + '),
      ...figure('smallOptionId', pair.small?.id),
      ...figure('largeOptionId', pair.large?.id),
      exact,
      cost: costTogether(options, requests),
      ...figure(
        'kilowattHoursPerMonth',
        sumFigures(options.map((option) => option.energy?.kilowattHoursPerMonth)),
      ),
      ...figure(
        'carbonGramsPerMonth',
        sumFigures(options.map((option) => option.carbon?.totalGramsPerMonth)),
      ),
      ...figure(
        'waterLitresPerMonth',
        sumFigures(options.map((option) => option.water?.totalLitresPerMonth)),
      ),
      ...figure('accelerators', sumOrUnknown(options.map((option) => option.deployment?.accelerators))),
      ...figure('servers', sumOrUnknown(options.map((option) => option.deployment?.servers))),
      ...figure('nameplateWatts', sumFigures(options.map((option) => option.site?.nameplateWatts))),
      latency: latencyTogether({ ...pair, afterAnswer: input.wish.escalation === 'after-answer' }),
      quality: qualityTogether({ ...pair, smallFraction: input.wish.smallFraction }),
      constraints: jointChecks(options, input.resolved),
    }
  })
}

export interface MissedTogether {
  readonly constraint: ConstraintName
  readonly limit: number
  /** What the pair needs that needs least; undefined where that of every pair is unknown. */
  readonly least: number | undefined
}

/**
 * Where no pair of the listed options keeps the limits on both together: the limits that every pair breaks, else those
 * that the fewest pairs keep.
 */
export function whyNoPair(input: CascadePlans): { pairs: number; missed: readonly MissedTogether[] } {
  let pairs = 0
  const missed = new Map<ConstraintName, { count: number; limit: number; least: number | undefined }>()
  for (const small of choices(input.small))
    for (const large of choices(input.large)) {
      pairs += 1
      for (const { constraint, status, values } of jointChecks(optionsOf({ small, large }), input.resolved)) {
        if (status === 'met') continue
        const name = constraint.split('.').at(-1) as ConstraintName
        const before = missed.get(name)
        const has = typeof values?.['has'] === 'number' ? values['has'] : undefined
        missed.set(name, {
          count: (before?.count ?? 0) + 1,
          limit: Number(values?.['needed']),
          least: Math.min(before?.least ?? Number.POSITIVE_INFINITY, has ?? Number.POSITIVE_INFINITY),
        })
      }
    }
  const most = Math.max(0, ...[...missed.values()].map((entry) => entry.count))
  return {
    pairs,
    missed: [...missed].flatMap(([constraint, { count, limit, least }]) =>
      count === most ? [{ constraint, limit, least: Number.isFinite(least) ? least : undefined }] : [],
    ),
  }
}

const optionsOf = ({ small, large }: Pair) => [small, large].filter((option) => option !== undefined)
const idOf = (pair: Pair) =>
  optionsOf(pair)
    .map((option) => option.id)
    .join(' + ')
const choices = (plan: Plan | undefined) => (plan === undefined ? [undefined] : plan.options)

function bestPair(input: CascadePlans, role: PlanRole): { pair: Pair; exact: boolean } | undefined {
  const roleOf = (plan: Plan | undefined) => plan?.options.find((option) => option.id === plan.roles[role])
  const minima: Pair = { small: roleOf(input.small), large: roleOf(input.large) }
  const complete =
    (input.small === undefined) === (minima.small === undefined) &&
    (input.large === undefined) === (minima.large === undefined)
  if (complete && keepsLimits(minima, input.resolved)) return { pair: minima, exact: true }
  let best: { pair: Pair; measure: number } | undefined
  for (const small of choices(input.small))
    for (const large of choices(input.large)) {
      const pair = { small, large }
      const measure = sumOrUnknown(optionsOf(pair).map(measureOf[role]))
      if (measure === undefined || (best !== undefined && measure >= best.measure)) continue
      if (keepsLimits(pair, input.resolved)) best = { pair, measure }
    }
  return best && { pair: best.pair, exact: false }
}

const keepsLimits = (pair: Pair, resolved: ResolvedScenario) =>
  jointChecks(optionsOf(pair), resolved).every((check) => check.status === 'met')
