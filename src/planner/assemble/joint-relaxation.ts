import type { PlanInfeasible } from '../plan-types.ts'
import { constraintFacts } from '../search/constraint-bits.ts'
import type { OfferTable } from '../search/offer-table.ts'
import type { SearchResult } from '../search/search-types.ts'
import type { SearchSpace } from '../search/space.ts'
import { type Detail, detailOf, labelCode, optionId, optionLabel } from './detail.ts'
import { limitColumns } from './infeasible-columns.ts'
import { partsOfRow } from './option.ts'
import { amountOf, measured, type Relaxation, relaxationsOf } from './relaxation.ts'

/** Room for float noise between a figure of the search and the same figure from its bill. */
const noise = 1e-9

/**
 * Where no single limit is in the way alone: without all of them, the offer that misses them least, the cheapest of
 * equals. Exact: offers come in the order of what the search's own figures say they miss at least, and the rest is
 * left aside only once that alone is more than the best misses in all.
 */
export async function jointRelaxation(input: {
  space: SearchSpace
  run: (space: SearchSpace) => Promise<SearchResult>
}): Promise<PlanInfeasible['relaxations'][number][]> {
  const all = relaxationsOf(input.space)
  const relaxed = all.reduce((space, relaxation) => relaxation.without(space), input.space)
  const { table } = await input.run(relaxed)
  const least = leastOvershoots(input.space, table, all)
  const cost = table.figures.netPresentUsd
  const rows = Array.from({ length: table.size }, (_, row) => row).sort(
    (a, b) => least[a]! - least[b]! || cost[a]! - cost[b]! || a - b,
  )
  type Change = { readonly relaxation: Relaxation; readonly value: number }
  let best: { overshoot: number; row: number; detail: Detail; changes: Change[] } | undefined
  for (const row of rows) {
    if (best !== undefined && least[row]! > best.overshoot + noise) break
    const detail = detailOf(relaxed, partsOfRow(table, row))
    const changes = all
      .map((relaxation) => ({ relaxation, value: measured(relaxed, detail, relaxation.constraint) }))
      .filter(({ relaxation, value }) => value > (relaxation.limit ?? Number.NaN))
    const overshoot = changes.reduce(
      (sum, { relaxation, value }) => sum + value / (relaxation.limit ?? 1) - 1,
      0,
    )
    const better =
      best === undefined ||
      overshoot < best.overshoot ||
      (overshoot === best.overshoot && (cost[row]! - cost[best.row]! || row - best.row) < 0)
    if (better) best = { overshoot, row, detail, changes }
  }
  const [first, ...others] = best?.changes ?? []
  if (best === undefined || first === undefined) return []
  const words = best.changes.map(({ relaxation, value }) => {
    const { unit, words: what } = constraintFacts[relaxation.constraint]
    const limit = amountOf(input.space, { value: relaxation.limit ?? Number.NaN, unit })
    return `${what} ${amountOf(input.space, { value, unit })} instead of ${limit}`
  })
  const change = ({ relaxation, value }: Change) => ({
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

/** By row: how far it is beyond the limits whose figures stand in the search's table. */
function leastOvershoots(space: SearchSpace, table: OfferTable, all: readonly Relaxation[]): Float64Array {
  const least = new Float64Array(table.size)
  const { horizonMonths } = space.resolved.limits.finance
  for (const { constraint, limit } of all) {
    const column = limitColumns[constraint]
    if (column === undefined || limit === undefined) continue
    const perLimit = constraint === 'monthly' ? limit * horizonMonths : limit
    for (let row = 0; row < table.size; row += 1) {
      const beyond = table.figures[column][row]! / perLimit - 1
      if (beyond > 0) least[row] = least[row]! + beyond
    }
  }
  return least
}
