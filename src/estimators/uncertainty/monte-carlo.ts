import { compareText } from '../../foundation/notes.ts'
import { quantile, type UncertainInput } from './distributions.ts'
import { seededRandom } from './random.ts'

/** Named uncertain inputs of any pure function: cost, energy, carbon. */
export type UncertainInputs<Name extends string> = { readonly [K in Name]: UncertainInput }

export interface MonteCarloResult<Figure extends string> {
  readonly samples: number
  readonly seed: number
  readonly figures: { readonly [K in Figure]: FigureSpread }
}

export interface FigureSpread {
  /** In how many samples the figure was defined: a price may be missing, a break-even may never come. */
  readonly defined: number
  readonly mean: number | undefined
  /** As asked for, in the same order; undefined where no sample was. */
  readonly percentiles: readonly { readonly percentile: number; readonly value: number | undefined }[]
}

/**
 * Draws the inputs independently, each from its own quantile, and collects the function's figures.
 * Inputs are drawn in code-point order of their names, so neither their order nor the machine changes the result.
 */
export function monteCarlo<Name extends string, Figure extends string>(input: {
  inputs: UncertainInputs<Name>
  evaluate: (values: { readonly [K in Name]: number }) => { readonly [K in Figure]: number | undefined }
  samples: number
  seed: number
  percentiles: readonly number[]
}): MonteCarloResult<Figure> {
  const random = seededRandom(input.seed)
  const names = (Object.keys(input.inputs) as Name[]).sort(compareText)
  const drawn = new Map<Figure, number[]>()
  for (let sample = 0; sample < input.samples; sample += 1) {
    const values = {} as { [K in Name]: number }
    for (const name of names) values[name] = quantile(input.inputs[name], random.nextFraction())
    const figures = input.evaluate(values)
    for (const figure of Object.keys(figures) as Figure[]) {
      const list = drawn.get(figure) ?? []
      drawn.set(figure, list)
      const value = figures[figure]
      if (value !== undefined) list.push(value)
    }
  }
  const figures = {} as { [K in Figure]: FigureSpread }
  for (const [figure, list] of drawn) figures[figure] = spreadOf(list, input.percentiles)
  return { samples: input.samples, seed: input.seed, figures }
}

function spreadOf(values: readonly number[], percentiles: readonly number[]): FigureSpread {
  const sorted = [...values].sort((a, b) => a - b)
  let sum = 0
  for (const value of sorted) sum += value
  return {
    defined: sorted.length,
    mean: sorted.length === 0 ? undefined : sum / sorted.length,
    percentiles: percentiles.map((percentile) => ({ percentile, value: percentileOf(sorted, percentile) })),
  }
}

/** Linear between the two nearest ranks of a sorted list. */
export function percentileOf(sorted: ArrayLike<number>, percentile: number): number | undefined {
  if (sorted.length === 0) return undefined
  const rank = (percentile / 100) * (sorted.length - 1)
  const below = sorted[Math.floor(rank)] ?? 0
  const above = sorted[Math.ceil(rank)] ?? below
  return below + (above - below) * (rank - Math.floor(rank))
}
