import { RightsizeError } from '../foundation/errors.ts'
import { roundSignificant } from '../foundation/format.ts'
import type { Plan } from './plan-types.ts'
import type { ScenarioInput } from './scenario/schema.ts'
import { withField } from './scenario/set-path.ts'
import { cascadeBest, crossingsOf, regionsOf } from './sweep-regions.ts'
import {
  type Sweep,
  type SweepCrossing,
  type SweepMeasure,
  type SweepPoint,
  type SweepRange,
  valueDigits,
} from './sweep-types.ts'
import { pointOf } from './sweep-ways.ts'

export * from './sweep-types.ts'

/** Values from one end to the other, evenly spaced in the logarithm (in the value itself where an end is not positive). */
export function sweepValues(range: SweepRange, points: number): number[] {
  const { from, to } = range
  const logarithmic = from > 0 && to > 0
  const whole = Number.isInteger(from) && Number.isInteger(to) && Math.abs(to - from) >= points
  const values = Array.from({ length: points }, (_, index) => {
    if (index === 0) return from
    if (index === points - 1) return to
    const share = index / (points - 1)
    return rounded(logarithmic ? from * (to / from) ** share : from + (to - from) * share, whole)
  })
  return [...new Set(values)].sort((a, b) => a - b)
}

function rounded(value: number, whole: boolean): number {
  const short = roundSignificant(value, valueDigits)
  return whole ? Math.round(short) : short
}

/** Weights that make the best by score the best by the measure. */
const scores = { cost: { cost: 1 }, carbon: { carbon: 1 }, latency: { latency: 1 } } as const

/**
 * Plans a scenario at many values of one field. Where one way overtakes another, the step between the two values is
 * halved `refine` times, so that the answer is narrower than the grid. A cascade's best pair is a way beside the single
 * models, and is set against its large model alone.
 * @throws RightsizeError `cancelled`
 */
export async function sweepScenario(input: {
  scenario: ScenarioInput
  range: SweepRange
  points: number
  by: SweepMeasure
  refine: number
  plan: (scenario: ScenarioInput, onProgress: (fraction: number) => void) => Promise<Plan>
  onProgress?: (fraction: number) => void
  /** Stops before the next plan. Hand it to `plan` too, and it stops within one. */
  signal?: AbortSignal
}): Promise<Sweep> {
  const { range, by } = input
  const base: ScenarioInput = by === 'score' ? input.scenario : { ...input.scenario, score: scores[by] }
  const known = new Map<number, SweepPoint>()
  let catalog = ''
  let withCascade = false
  const at = async (value: number, show: (fraction: number) => void): Promise<SweepPoint> => {
    if (input.signal?.aborted === true)
      throw new RightsizeError({ code: 'cancelled', message: 'the sweep was cancelled' })
    const text = range.unit === '' ? value : `${value} ${range.unit}`
    const plan = await input.plan(withField(base, range.field, text), show)
    catalog = `${plan.catalog.version} ${plan.catalog.hash}`
    const point = pointOf(value, plan, by)
    withCascade ||= plan.cascade !== undefined
    known.set(value, point)
    return point
  }
  const grid = sweepValues(range, input.points)
  // The number of crossings is not known before the grid is done: it gets most of the bar.
  const gridShare = input.refine > 0 ? 0.75 : 1
  for (const [index, value] of grid.entries())
    await at(value, (done) => input.onProgress?.((gridShare * (index + done)) / grid.length))
  const sorted = () => [...known.values()].sort((a, b) => a.value - b.value)
  for (let step = 0; step < input.refine; step += 1) {
    const middles = [
      ...new Set(crossingsOf(sorted(), by).map((crossing) => middleOf(crossing, range))),
    ].filter((value) => !known.has(value))
    for (const [index, value] of middles.entries())
      await at(value, (done) =>
        input.onProgress?.(
          gridShare + ((1 - gridShare) * (step + (index + done) / middles.length)) / input.refine,
        ),
      )
  }
  const points = sorted()
  return {
    schemaVersion: 1,
    kind: 'rightsize-sweep',
    field: range.field,
    unit: range.unit,
    by,
    catalog,
    points,
    regions: regionsOf(points, (point) => point.ways[0]),
    ...(withCascade ? { cascadeRegions: regionsOf(points, cascadeBest) } : {}),
    crossings: crossingsOf(points, by),
  }
}

function middleOf(crossing: SweepCrossing, range: SweepRange): number {
  const { from, to } = crossing
  const whole = Number.isInteger(range.from) && Number.isInteger(range.to) && to - from >= 2
  return rounded(from > 0 ? Math.sqrt(from * to) : (from + to) / 2, whole)
}
