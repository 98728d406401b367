import type { ConstraintName } from './constraint-bits.ts'
import type { OfferTable } from './offer-table.ts'

/** Positions of an offer's parts in the search space; -1 = not applicable. */
export interface OfferParts {
  readonly unit: number
  readonly device: number
  readonly layout: number
  readonly machine: number
  /** Own places: index into `places`. */
  readonly place: number
  /** Clouds: index into the machine's offers. APIs: index into `apis`. */
  readonly price: number
}

/** An offer that breaks something, with how far it is off. */
export interface NearMiss {
  readonly parts: OfferParts
  /** Bits of `constraintBits`. */
  readonly broken: number
  /** Sum of value ÷ limit − 1 over what is broken. */
  readonly overshoot: number
}

export interface SearchResult {
  readonly table: OfferTable
  readonly candidates: number
  readonly feasibleCandidates: number
  readonly pricedOffers: number
  /** By the first constraint that each refused candidate or offer broke. */
  readonly refused: ReadonlyMap<ConstraintName, number>
  /** By the only constraint that each of them broke. */
  readonly refusedAlone: ReadonlyMap<ConstraintName, number>
  readonly closest: readonly NearMiss[]
  /** Feasible candidates of each unit, by its index. */
  readonly feasibleByUnit: Int32Array
  /** Bits that the candidates of each unit broke. */
  readonly brokenByUnit: Int32Array
}

/** Keeps the few nearest misses without sorting everything. */
export class NearMisses {
  readonly kept: NearMiss[] = []
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  offer(miss: NearMiss): void {
    const { kept } = this
    if (kept.length === this.#most && !better(miss, kept[kept.length - 1]!)) return
    const place = kept.findIndex((other) => better(miss, other))
    kept.splice(place === -1 ? kept.length : place, 0, miss)
    if (kept.length > this.#most) kept.pop()
  }

  /** Whether a miss with these figures could still be kept, so that the caller builds none in vain. */
  accepts(broken: number, overshoot: number): boolean {
    const last = this.kept[this.#most - 1]
    if (last === undefined) return true
    const bits = bitCount(broken) - bitCount(last.broken)
    return bits < 0 || (bits === 0 && overshoot < last.overshoot)
  }
}

function better(a: NearMiss, b: NearMiss): boolean {
  const bits = bitCount(a.broken) - bitCount(b.broken)
  return bits < 0 || (bits === 0 && a.overshoot < b.overshoot)
}

export function bitCount(value: number): number {
  let count = 0
  for (let rest = value; rest !== 0; rest &= rest - 1) count += 1
  return count
}
