import type { PlanCascadeQuality } from '../plan-cascade-types.ts'
import type { Figure } from '../plan-figure.ts'
import type { PlanOption, PlanQuality } from '../plan-option-types.ts'

/**
 * Scores of the pair, weighted with the shares that each model answers: right where requests are shared out without
 * regard to how hard they are. The ends are the scores of both models, the worse at its low and the better at its high
 * end. Routing that knows the hard requests gives more than the weighted score; one that sends them the wrong way less.
 */
export function qualityTogether(input: {
  small: PlanOption | undefined
  large: PlanOption | undefined
  /** Share of the requests that the small model answers. */
  smallFraction: number
}): PlanCascadeQuality[] {
  const { small, large, smallFraction } = input
  if (small === undefined || large === undefined)
    return (small ?? large)?.quality.map(({ benchmark, unit, score }) => entry(benchmark, unit, score)) ?? []
  return small.quality.map((of) => {
    const other = large.quality.find((each) => each.benchmark === of.benchmark)
    // The unit of a score that nobody published is not known either: that of the other model stands.
    const { unit } = of.score === undefined ? (other ?? of) : of
    return entry(of.benchmark, unit, together(of, other, smallFraction))
  })
}

const entry = (benchmark: string, unit: string, score: Figure | undefined): PlanCascadeQuality => ({
  benchmark,
  unit,
  ...(score === undefined ? {} : { score }),
})

/** Undefined where either score is unknown, or where they were not measured in one unit. */
function together(
  small: PlanQuality,
  large: PlanQuality | undefined,
  smallFraction: number,
): Figure | undefined {
  if (large === undefined || small.score === undefined || large.score === undefined) return undefined
  if (small.unit !== large.unit) return undefined
  const [a, b] = [small.score, large.score]
  return {
    value: smallFraction * a.value + (1 - smallFraction) * b.value,
    low: Math.min(a.low ?? a.value, b.low ?? b.value),
    high: Math.max(a.high ?? a.value, b.high ?? b.value),
    unit: a.unit,
  }
}
