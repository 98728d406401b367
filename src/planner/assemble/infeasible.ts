import type { SentenceCode } from '../../foundation/notes.ts'
import type { PlanInfeasible, PlanMiss } from '../plan-types.ts'
import {
  type ConstraintName,
  constraintBits,
  constraintFacts,
  constraintNames,
} from '../search/constraint-bits.ts'
import type { OfferTable } from '../search/offer-table.ts'
import type { NearMiss, SearchResult } from '../search/search-types.ts'
import type { SearchSpace } from '../search/space.ts'
import { type Detail, detailOf, labelCode, optionId, optionLabel } from './detail.ts'
import { limitColumns } from './infeasible-columns.ts'
import { jointRelaxation } from './joint-relaxation.ts'
import { partsOfRow } from './option.ts'
import { amountOf, measured, relaxationsOf } from './relaxation.ts'

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
            : `${words}: ${amountOf(space, { value: has, unit })}, at most ${amountOf(space, { value: needed, unit })} allowed`,
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
      message: `${words}: ${amountOf(space, { value: best.value, unit })} instead of ${amountOf(space, { value: relaxation.limit, unit })} would let ${best.label} fit`,
      candidate: best.id,
      labelCode: best.labelCode,
    })
  }
  if (relaxations.length === 0) relaxations.push(...(await jointRelaxation(input)))
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

function ratio(relaxation: PlanInfeasible['relaxations'][number]): number {
  return Number(relaxation.to) / Number(relaxation.from)
}

function brokenAnywhere(result: SearchResult, constraint: ConstraintName): boolean {
  return result.brokenByUnit.some((bits) => (bits & constraintBits[constraint]) !== 0)
}

/** The offer that needs least of what was limited; ties go to the first of the search. */
function leastNeeded(
  space: SearchSpace,
  table: OfferTable,
  constraint: ConstraintName,
): { value: number; id: string; label: string; labelCode: SentenceCode } | undefined {
  const column = limitColumns[constraint]
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
