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
  const fill = partsFiller(table, best)
  for (let row = 0; row < table.size; row += 1) score[row] = input.score.of(fill(row, parts))
  const { figures } = table
  const { netPresentUsd: cost, carbonGrams: carbon, latencySeconds: latency } = figures
  const orders: Record<PlanRole, Order> = {
    cheapest: inOrder(cost, carbon, latency),
    greenest: inOrder(carbon, cost, latency),
    fastest: inOrder(latency, cost, carbon),
    balanced: inOrder(score, cost, carbon),
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
  return partsFiller(table, best)(row, out)
}

/** `partsOf` for many rows of one table. */
function partsFiller(
  { figures }: OfferTable,
  best: Readonly<Record<ScoreName, number>>,
): (row: number, out: ScoreParts) => ScoreParts {
  const part = (value: number, least: number) =>
    Number.isNaN(value) ? 1 : value <= 0 ? 0 : 1 - least / value
  const { cost, carbon, latency, quality, water, energy } = columnOf
  return (row, out) => {
    const score = figures[quality][row]!
    out.cost = part(figures[cost][row]!, best.cost)
    out.carbon = part(figures[carbon][row]!, best.carbon)
    out.latency = part(figures[latency][row]!, best.latency)
    out.water = part(figures[water][row]!, best.water)
    out.energy = part(figures[energy][row]!, best.energy)
    out.quality = Number.isNaN(score) ? 0 : score / best.quality
    return out
  }
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

function inOrder(first: Float64Array, second: Float64Array, third: Float64Array): Order {
  return (a, b) =>
    worstLast(first[a]!, first[b]!) ||
    worstLast(second[a]!, second[b]!) ||
    worstLast(third[a]!, third[b]!) ||
    a - b
}

/** Rows that a person would call the same choice: one model on one accelerator at one kind of place. */
function groupsOf(space: SearchSpace, table: OfferTable): Int32Array {
  const groups = new Int32Array(table.size)
  const { unit, device, price } = table.parts
  const kinds = counter<PlanPlaceKind>()
  const models = counter<string>()
  const numbers = counter<number | string>()
  // One number each, so that a row costs no text.
  const modelOfUnit = space.units.map(({ kept }) => models(kept.model.id))
  for (let row = 0; row < table.size; row += 1) {
    const kind = kindOf(space, table, row)
    if (kind === 'api') {
      const { model, row: offer } = space.apis[price[row]!]!
      groups[row] = numbers(model?.model.id ?? offer.model_name)
      continue
    }
    const hosted = kinds(kind) * space.units.length + modelOfUnit[unit[row]!]!
    groups[row] = numbers(hosted * space.devices.length + device[row]!)
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

/** Numbers values in the order in which they first come. */
function counter<Value>(): (value: Value) => number {
  const numbers = new Map<Value, number>()
  return (value) => {
    let number = numbers.get(value)
    if (number === undefined) {
      number = numbers.size
      numbers.set(value, number)
    }
    return number
  }
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
