import { cashFlowOf, sumOf } from '../../estimators/cost/cash-flow.ts'
import { formatSignificant } from '../../foundation/format.ts'
import type { SentenceCode } from '../../foundation/notes.ts'
import { hoursPerMonth, kilo } from '../../foundation/units.ts'
import type { PlanInfeasible, PlanMiss } from '../plan-types.ts'
import {
  type ConstraintName,
  constraintBits,
  constraintFacts,
  constraintNames,
} from '../search/constraint-bits.ts'
import { embodiedPerMonth } from '../search/offer-inputs.ts'
import type { OfferTable } from '../search/offer-table.ts'
import type { NearMiss, SearchResult } from '../search/search-types.ts'
import { missingBytes } from '../search/serving-types.ts'
import type { SearchSpace } from '../search/space.ts'
import { type Detail, detailOf, labelCode, optionId, optionLabel } from './detail.ts'
import { partsOfRow } from './option.ts'
import { costLines, purchasesUsd } from './option-cost.ts'

/** A limit of the scenario taken away, and how to see what an offer then needs. */
interface Relaxation {
  readonly constraint: ConstraintName
  readonly limit: number | undefined
  readonly without: (space: SearchSpace) => SearchSpace
}

const withTask = (change: Partial<SearchSpace['task']>) => (space: SearchSpace) => ({
  ...space,
  task: { ...space.task, ...change },
})
const withLimits = (change: Partial<SearchSpace['resolved']['limits']>) => (space: SearchSpace) => ({
  ...space,
  resolved: { ...space.resolved, limits: { ...space.resolved.limits, ...change } },
})

/** The limits the scenario sets and that a search can do without. */
function relaxationsOf(space: SearchSpace): Relaxation[] {
  const { limits, targets } = space.resolved
  const all: Relaxation[] = [
    {
      constraint: 'ttft',
      limit: targets.ttftSeconds,
      without: withTask({ ttftSeconds: Number.POSITIVE_INFINITY }),
    },
    {
      constraint: 'tpot',
      limit: targets.tpotSeconds,
      without: withTask({ tpotSeconds: Number.POSITIVE_INFINITY }),
    },
    {
      constraint: 'endToEnd',
      limit: targets.endToEndSeconds,
      without: withTask({ endToEndSeconds: undefined }),
    },
    {
      constraint: 'powerPerSite',
      limit: limits.wattsPerSite,
      without: withLimits({ wattsPerSite: undefined }),
    },
    {
      constraint: 'powerPerRack',
      limit: limits.wattsPerRack,
      without: withLimits({ wattsPerRack: undefined }),
    },
    {
      constraint: 'rackUnitsPerSite',
      limit: limits.rackUnitsPerSite,
      without: withLimits({ rackUnitsPerSite: undefined }),
    },
    {
      constraint: 'accelerators',
      limit: limits.accelerators,
      without: withLimits({ accelerators: undefined }),
    },
    { constraint: 'capex', limit: limits.capexUsd, without: withLimits({ capexUsd: undefined }) },
    { constraint: 'monthly', limit: limits.monthlyUsd, without: withLimits({ monthlyUsd: undefined }) },
    { constraint: 'total', limit: limits.totalUsd, without: withLimits({ totalUsd: undefined }) },
    {
      constraint: 'carbonPerMonth',
      limit: limits.carbonGramsPerMonth,
      without: withLimits({ carbonGramsPerMonth: undefined }),
    },
    {
      constraint: 'waterPerMonth',
      limit: limits.waterLitresPerMonth,
      without: withLimits({ waterLitresPerMonth: undefined }),
    },
  ]
  return all.filter((entry) => entry.limit !== undefined)
}

/** What an offer has where a constraint limits it; NaN = unknown. */
export function measured(space: SearchSpace, detail: Detail, constraint: ConstraintName): number {
  const { horizonMonths, lifeMonths } = space.resolved.limits.finance
  const money = () => cashFlowOf(costLines(space, detail), horizonMonths).monthlyUsd
  if (constraint === 'total') return sumOf(money())
  if (constraint === 'monthly') return sumOf(money()) / horizonMonths
  if (constraint === 'capex') return purchasesUsd(costLines(space, detail))
  if (detail.kind === 'api') return Number.NaN
  const { serving, fleet, replica, device, place, site } = detail
  const itKilowattHours = (fleet.averageWatts * detail.runningShare * hoursPerMonth) / kilo
  const pue = place.factors.pueRatio?.value ?? Number.NaN
  switch (constraint) {
    case 'memory':
      return (
        device.usableBytes +
        missingBytes(replica.memory, {
          usableBytes: device.usableBytes,
          contextTokens: space.task.contextTokens,
        })
      )
    case 'ttft':
      return serving.ttftSeconds
    case 'tpot':
      return serving.tpotSeconds
    case 'endToEnd':
      return serving.endToEndSeconds
    case 'powerPerSite':
      return fleet.nameplateWattsPerSite
    case 'powerPerRack':
      return fleet.nameplateWatts / Math.max(1, fleet.servers)
    case 'rackUnitsPerSite':
      return fleet.rackUnitsPerSite
    case 'accelerators':
      return fleet.accelerators
    case 'owned':
      return fleet.servers
    case 'price':
      return Number.NaN
    case 'carbonPerMonth':
      return (
        itKilowattHours * pue * (place.factors.gridGramsPerKilowattHour?.value ?? Number.NaN) +
        embodiedPerMonth(site.machine, fleet, lifeMonths)
      )
    case 'waterPerMonth':
      return (
        itKilowattHours *
        ((place.factors.wueLitresPerKilowattHour?.value ?? Number.NaN) +
          pue * (place.factors.gridLitresPerKilowattHour?.value ?? Number.NaN))
      )
  }
}

function limitOf(space: SearchSpace, detail: Detail, constraint: ConstraintName): number {
  if (constraint === 'memory') return detail.kind === 'api' ? Number.NaN : detail.device.usableBytes
  if (constraint === 'owned') return detail.kind === 'api' ? Number.NaN : detail.site.machine.ownedCount
  return relaxationsOf(space).find((entry) => entry.constraint === constraint)?.limit ?? Number.NaN
}

function missOf(space: SearchSpace, near: NearMiss): PlanMiss {
  const detail = detailOf(space, near.parts)
  return {
    candidate: optionId(detail),
    label: optionLabel(detail),
    labelCode: labelCode(detail),
    misses: constraintNames
      .filter((name) => (near.broken & constraintBits[name]) !== 0)
      .map((constraint) => {
        const { unit, words } = constraintFacts[constraint]
        const needed = limitOf(space, detail, constraint)
        const has = measured(space, detail, constraint)
        return {
          constraint,
          ...(Number.isNaN(needed) ? {} : { needed }),
          ...(Number.isNaN(has) ? {} : { has }),
          unit,
          message: Number.isNaN(has)
            ? `${words}: unknown`
            : `${words}: ${formatSignificant(has)} ${unit}, at most ${formatSignificant(needed)} allowed`,
        }
      }),
  }
}

/**
 * Why nothing fits. For each limit the space is searched once without it; where something then fits, the offer that
 * needs the least of it is the smallest relaxation of that limit alone.
 */
export async function explainInfeasible(input: {
  space: SearchSpace
  result: SearchResult
  run: (space: SearchSpace) => Promise<SearchResult>
}): Promise<PlanInfeasible> {
  const { space, result } = input
  const relaxations: PlanInfeasible['relaxations'][number][] = []
  for (const relaxation of relaxationsOf(space)) {
    if (!result.refused.has(relaxation.constraint) && !brokenAnywhere(result, relaxation.constraint)) continue
    const relaxed = relaxation.without(space)
    const { table } = await input.run(relaxed)
    const best = leastNeeded(relaxed, table, relaxation.constraint)
    if (best === undefined || relaxation.limit === undefined) continue
    const { field, unit, words } = constraintFacts[relaxation.constraint]
    relaxations.push({
      constraint: relaxation.constraint,
      field,
      from: relaxation.limit,
      to: best.value,
      message: `${words}: ${formatSignificant(best.value)} ${unit} instead of ${formatSignificant(relaxation.limit)} would let ${best.label} fit`,
      candidate: best.id,
      labelCode: best.labelCode,
    })
  }
  if (relaxations.length === 0) relaxations.push(...(await together(input)))
  relaxations.sort((a, b) => ratio(a) - ratio(b))
  const binding = constraintNames
    .filter((name) => result.refused.has(name))
    .map((constraint) => ({
      constraint,
      message: constraintFacts[constraint].words,
      refusedCandidates: result.refused.get(constraint) ?? 0,
      refusedAlone: result.refusedAlone.get(constraint) ?? 0,
    }))
    .sort((a, b) => b.refusedAlone - a.refusedAlone || b.refusedCandidates - a.refusedCandidates)
  return { binding, closest: result.closest.map((near) => missOf(space, near)), relaxations }
}

/** Offers looked at for a relaxation of several limits: the cheapest. */
const lookedAt = 1000

/** Where no single limit is in the way alone: without all of them, the offer that misses them least. */
async function together(input: {
  space: SearchSpace
  run: (space: SearchSpace) => Promise<SearchResult>
}): Promise<PlanInfeasible['relaxations'][number][]> {
  const all = relaxationsOf(input.space)
  const relaxed = all.reduce((space, relaxation) => relaxation.without(space), input.space)
  const { table } = await input.run(relaxed)
  const rows = Array.from({ length: table.size }, (_, row) => row)
    .sort((a, b) => table.figures.netPresentUsd[a]! - table.figures.netPresentUsd[b]! || a - b)
    .slice(0, lookedAt)
  let best:
    | { overshoot: number; detail: Detail; changes: { relaxation: Relaxation; value: number }[] }
    | undefined
  for (const row of rows) {
    const detail = detailOf(relaxed, partsOfRow(table, row))
    const changes = all
      .map((relaxation) => ({ relaxation, value: measured(relaxed, detail, relaxation.constraint) }))
      .filter(({ relaxation, value }) => value > (relaxation.limit ?? Number.NaN))
    const overshoot = changes.reduce(
      (sum, { relaxation, value }) => sum + value / (relaxation.limit ?? 1) - 1,
      0,
    )
    if (best === undefined || overshoot < best.overshoot) best = { overshoot, detail, changes }
  }
  const [first, ...others] = best?.changes ?? []
  if (best === undefined || first === undefined) return []
  const words = best.changes.map(({ relaxation, value }) => {
    const { unit, words: what } = constraintFacts[relaxation.constraint]
    return `${what} ${formatSignificant(value)} ${unit} instead of ${formatSignificant(relaxation.limit ?? Number.NaN)}`
  })
  const change = ({ relaxation, value }: { relaxation: Relaxation; value: number }) => ({
    constraint: relaxation.constraint,
    field: constraintFacts[relaxation.constraint].field,
    from: relaxation.limit ?? Number.NaN,
    to: value,
  })
  return [
    {
      ...change(first),
      ...(others.length === 0 ? {} : { alsoNeeded: others.map(change) }),
      message: `together, ${words.join(', ')} would let ${optionLabel(best.detail)} fit`,
      candidate: optionId(best.detail),
      labelCode: labelCode(best.detail),
    },
  ]
}

function ratio(relaxation: PlanInfeasible['relaxations'][number]): number {
  return Number(relaxation.to) / Number(relaxation.from)
}

function brokenAnywhere(result: SearchResult, constraint: ConstraintName): boolean {
  return result.brokenByUnit.some((bits) => (bits & constraintBits[constraint]) !== 0)
}

const columnOf: Partial<Record<ConstraintName, 'purchasesUsd' | 'totalUsd' | 'carbonGrams' | 'waterLitres'>> =
  {
    capex: 'purchasesUsd',
    total: 'totalUsd',
    monthly: 'totalUsd',
    carbonPerMonth: 'carbonGrams',
    waterPerMonth: 'waterLitres',
  }

/** The offer that needs least of what was limited; ties go to the first of the search. */
function leastNeeded(
  space: SearchSpace,
  table: OfferTable,
  constraint: ConstraintName,
): { value: number; id: string; label: string; labelCode: SentenceCode } | undefined {
  const column = columnOf[constraint]
  let bestRow = -1
  let bestValue = Number.NaN
  for (let row = 0; row < table.size; row += 1) {
    const value =
      column === undefined
        ? measured(space, detailOf(space, partsOfRow(table, row)), constraint)
        : table.figures[column][row]!
    if (Number.isNaN(value) || !(bestRow === -1 || value < bestValue)) continue
    bestRow = row
    bestValue = value
  }
  if (bestRow === -1) return undefined
  const detail = detailOf(space, partsOfRow(table, bestRow))
  const value = constraint === 'monthly' ? bestValue / space.resolved.limits.finance.horizonMonths : bestValue
  return { value, id: optionId(detail), label: optionLabel(detail), labelCode: labelCode(detail) }
}
