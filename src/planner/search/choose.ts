import type { PlanPlaceKind } from '../plan-option-types.ts'
import type { PlanRole } from '../plan-types.ts'
import { type ScoreName, scoreNames } from '../scenario/resolve-limits.ts'
import type { OfferTable } from './offer-table.ts'
import { paretoFront } from './pareto.ts'
import type { Score, ScoreParts } from './score.ts'
import type { SearchSpace } from './space.ts'

export interface Choice {
  /** By row of the table; lower is better. */
  readonly score: Float64Array
  readonly roles: ReadonlyMap<PlanRole, number>
  /** Rows that come next for a role, of another model, accelerator or kind of place. */
  readonly runnersUp: ReadonlyMap<PlanRole, readonly number[]>
  /** Cheapest first. */
  readonly front: readonly number[]
  readonly bestByKind: ReadonlyMap<PlanPlaceKind, number>
  /** The best row of each model, accelerator and kind of place, best first. */
  readonly ranked: readonly number[]
  readonly best: Readonly<Record<ScoreName, number>>
}

const columnOf = {
  cost: 'netPresentUsd',
  carbon: 'carbonGrams',
  latency: 'latencySeconds',
  quality: 'quality',
  water: 'waterLitres',
  energy: 'energyKilowattHours',
} as const

/** Rows compared in order of the figures given; unknown is worst; equal rows keep the order of the search. */
type Order = (a: number, b: number) => number

export function choose(input: { space: SearchSpace; table: OfferTable; score: Score }): Choice {
  const { space, table } = input
  const best = bestFigures(table)
  const score = new Float64Array(table.size)
  const parts: ScoreParts = { cost: 0, carbon: 0, latency: 0, quality: 0, water: 0, energy: 0 }
  for (let row = 0; row < table.size; row += 1) score[row] = input.score.of(partsOf(table, row, best, parts))
  const value = (column: Float64Array) => (a: number, b: number) => worstLast(column[a]!, column[b]!)
  const { figures } = table
  const cost = value(figures.netPresentUsd)
  const carbon = value(figures.carbonGrams)
  const latency = value(figures.latencySeconds)
  const byScore = value(score)
  const orders: Record<PlanRole, Order> = {
    cheapest: inOrder(cost, carbon, latency),
    greenest: inOrder(carbon, cost, latency),
    fastest: inOrder(latency, cost, carbon),
    balanced: inOrder(byScore, cost, carbon),
  }
  const needs = { greenest: figures.carbonGrams, fastest: figures.latencySeconds } as const
  const groups = groupsOf(space, table)
  const roles = new Map<PlanRole, number>()
  const runnersUp = new Map<PlanRole, readonly number[]>()
  for (const role of Object.keys(orders) as PlanRole[]) {
    const known = role === 'greenest' || role === 'fastest' ? needs[role] : undefined
    const bests = bestOfGroups(table, groups, orders[role], known)
    const [first, ...others] = bests
    if (first === undefined) continue
    const winner = role === 'greenest' ? cheapestAsGreen(table, first, orders.cheapest) : first
    roles.set(role, winner)
    runnersUp.set(role, others.slice(0, 3))
  }
  const ranked = bestOfGroups(table, groups, orders.balanced, undefined)
  const bestByKind = new Map<PlanPlaceKind, number>()
  for (const row of ranked) {
    const kind = kindOf(space, table, row)
    if (!bestByKind.has(kind)) bestByKind.set(kind, row)
  }
  return {
    score,
    roles,
    runnersUp,
    front: paretoFront({
      size: table.size,
      first: figures.netPresentUsd,
      second: figures.carbonGrams,
      third: figures.latencySeconds,
      quality: figures.quality,
    }),
    bestByKind,
    ranked,
    best,
  }
}

export function kindOf(space: SearchSpace, table: OfferTable, row: number): PlanPlaceKind {
  const place = table.parts.place[row]!
  if (place >= 0) return space.places[place]!.kind
  return table.parts.machine[row]! >= 0 ? 'cloud' : 'api'
}

/** Figures on the scale of the score: 1 − best ÷ value, and for quality value ÷ best. Unknown is worst. */
export function partsOf(
  table: OfferTable,
  row: number,
  best: Readonly<Record<ScoreName, number>>,
  out: ScoreParts,
): ScoreParts {
  for (const name of scoreNames) {
    const value = table.figures[columnOf[name]][row]!
    if (name === 'quality') out.quality = Number.isNaN(value) ? 0 : value / best.quality
    else out[name] = Number.isNaN(value) ? 1 : value <= 0 ? 0 : 1 - best[name] / value
  }
  return out
}

function bestFigures(table: OfferTable): Record<ScoreName, number> {
  const best = {} as Record<ScoreName, number>
  for (const name of scoreNames) {
    const column = table.figures[columnOf[name]]
    let found = Number.NaN
    for (let row = 0; row < table.size; row += 1) {
      const value = column[row]!
      if (Number.isNaN(value)) continue
      if (Number.isNaN(found) || (name === 'quality' ? value > found : value < found)) found = value
    }
    best[name] = found
  }
  return best
}

function worstLast(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1
  if (Number.isNaN(b)) return -1
  return a - b
}

function inOrder(...orders: readonly Order[]): Order {
  return (a, b) => {
    for (const order of orders) {
      const result = order(a, b)
      if (result !== 0) return result
    }
    return a - b
  }
}

/** Rows that a person would call the same choice: one model on one accelerator at one kind of place. */
function groupsOf(space: SearchSpace, table: OfferTable): Int32Array {
  const numbers = new Map<string, number>()
  const groups = new Int32Array(table.size)
  const { unit, device, price } = table.parts
  for (let row = 0; row < table.size; row += 1) {
    const kind = kindOf(space, table, row)
    const key =
      kind === 'api'
        ? `api ${space.apis[price[row]!]!.model?.model.id ?? space.apis[price[row]!]!.row.model_name}`
        : `${kind} ${space.units[unit[row]!]!.kept.model.id} ${device[row]!}`
    let number = numbers.get(key)
    if (number === undefined) {
      number = numbers.size
      numbers.set(key, number)
    }
    groups[row] = number
  }
  return groups
}

/** Emissions that differ by less than this are the same to any reader. */
const sameCarbonFraction = 1e-3

/**
 * Of the prices of one machine with the same emissions, the lowest: on-demand instances emit a trace less than spot
 * ones, whose hours are sometimes lost, and nobody would pay the difference in price for it.
 */
function cheapestAsGreen(table: OfferTable, first: number, order: Order): number {
  const { unit, device, layout, machine, place } = table.parts
  const alike = [unit, device, layout, machine, place]
  const { carbonGrams } = table.figures
  const most = carbonGrams[first]! * (1 + sameCarbonFraction)
  let best = first
  for (let row = 0; row < table.size; row += 1)
    if (
      carbonGrams[row]! <= most &&
      alike.every((column) => column[row] === column[first]) &&
      order(row, best) < 0
    )
      best = row
  return best
}

/** The best row of each group, best first. */
function bestOfGroups(
  table: OfferTable,
  groups: Int32Array,
  order: Order,
  known: Float64Array | undefined,
): number[] {
  const best = new Map<number, number>()
  for (let row = 0; row < table.size; row += 1) {
    if (known !== undefined && Number.isNaN(known[row]!)) continue
    const group = groups[row]!
    const other = best.get(group)
    if (other === undefined || order(row, other) < 0) best.set(group, row)
  }
  return [...best.values()].sort(order)
}
