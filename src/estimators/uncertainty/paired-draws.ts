import { quantiles, standardNormalQuantile, type UncertainInput } from './distributions.ts'
import { percentileOf } from './monte-carlo.ts'
import { seededRandom } from './random.ts'

/**
 * Draws of named inputs that several evaluations share: an input of one name has the same draws wherever it is asked
 * for, whatever else is drawn, so that differences between alternatives come from what differs between them.
 */
export interface PairedDraws {
  readonly samples: number
  readonly seed: number
  /** The input's value in each draw, not to be written to. Inputs of one name move together, each in its own range. */
  values(name: string, input: UncertainInput): Float64Array
}

/**
 * Latin hypercube sampling (McKay, Beckman and Conover 1979): of each input every one of `samples` equally likely
 * strata is met once, by its middle, in an order of its own. Percentiles settle with far fewer draws than by chance.
 * The same seed gives the same draws.
 */
export function pairedDraws(input: { readonly samples: number; readonly seed: number }): PairedDraws {
  const { samples, seed } = input
  const probabilities = Float64Array.from({ length: samples }, (_, stratum) => (stratum + 0.5) / samples)
  const strata = { probabilities, normals: probabilities.map(standardNormalQuantile) }
  const orders = new Map<string, Uint32Array>()
  const known = new Map<string, Float64Array>()
  const orderOf = (name: string): Uint32Array => {
    let order = orders.get(name)
    if (order === undefined) {
      order = shuffled(samples, (seed ^ hashOf(name)) >>> 0)
      orders.set(name, order)
    }
    return order
  }
  return {
    samples,
    seed,
    values(name, of) {
      const key = [name, of.kind, of.low, of.mid, of.high].join('\u0000')
      let values = known.get(key)
      if (values === undefined) {
        const order = orderOf(name)
        const sorted = quantiles(of, strata)
        values = new Float64Array(samples)
        for (let draw = 0; draw < samples; draw += 1) values[draw] = sorted[order[draw]!]!
        known.set(key, values)
      }
      return values
    },
  }
}

/** Fisher and Yates. */
function shuffled(count: number, seed: number): Uint32Array {
  const random = seededRandom(seed)
  const order = Uint32Array.from({ length: count }, (_, index) => index)
  for (let index = count - 1; index > 0; index -= 1) {
    const other = Math.floor(random.nextFraction() * (index + 1))
    const kept = order[index] ?? 0
    order[index] = order[other] ?? 0
    order[other] = kept
  }
  return order
}

/** FNV-1a over the name's code units: a stream of its own for each name. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < name.length; index += 1)
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193)
  return hash
}

/** The middle 80 % of draws: their 10th and 90th percentile. */
export function middleOfDraws(values: Float64Array): { readonly low: number; readonly high: number } {
  const sorted = values.slice().sort()
  return {
    low: percentileOf(sorted, 10) ?? Number.NaN,
    high: percentileOf(sorted, 90) ?? Number.NaN,
  }
}

/** Share of the paired draws in which the first is the smaller; equal draws count half. */
export function smallerFraction(first: Float64Array, second: Float64Array): number {
  let smaller = 0
  for (let draw = 0; draw < first.length; draw += 1) {
    const difference = (first[draw] ?? Number.NaN) - (second[draw] ?? Number.NaN)
    smaller += difference < 0 ? 1 : difference === 0 ? 0.5 : 0
  }
  return smaller / first.length
}
