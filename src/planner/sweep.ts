import { roundSignificant } from '../foundation/format.ts'
import type { PlanOption, PlanPlaceKind } from './plan-option-types.ts'
import type { Plan } from './plan-types.ts'
import type { ScenarioInput } from './scenario/schema.ts'
import { withField } from './scenario/set-path.ts'

/** What the choice of a sweep goes by: one figure, or the scenario's own score. */
export const sweepMeasures = ['cost', 'carbon', 'latency', 'score'] as const
export type SweepMeasure = (typeof sweepMeasures)[number]

export interface SweepRange {
  readonly field: string
  readonly from: number
  readonly to: number
  /** Behind each number: `USD/kWh`, `%`; empty where the field is a bare number. */
  readonly unit: string
}

/** The best way of one kind at one value. */
export interface SweepWay {
  readonly kind: PlanPlaceKind
  readonly optionId: string
  readonly choice: string
  readonly label: string
  /** What the sweep goes by; absent = unknown. */
  readonly measure?: number
  readonly usdPerMonth: number
}

export interface SweepPoint {
  readonly value: number
  /** Best first. Empty where nothing fits. */
  readonly ways: readonly SweepWay[]
}

/** Neighbouring values at which the same choice is best. */
export interface SweepRegion {
  readonly from: number
  readonly to: number
  /** Absent: nothing fits there. */
  readonly kind?: PlanPlaceKind
  readonly choice?: string
  readonly usdPerMonthFrom?: number
  readonly usdPerMonthTo?: number
}

/** Between two values one kind of place overtakes another. */
export interface SweepCrossing {
  readonly from: number
  readonly to: number
  /** Where the two would be equal, by interpolation between the ends. */
  readonly at: number
  /** Better below and above. */
  readonly below: PlanPlaceKind
  readonly above: PlanPlaceKind
  /** One of them is the best of all there. */
  readonly leading: boolean
}

export interface Sweep {
  readonly schemaVersion: 1
  readonly kind: 'rightsize-sweep'
  readonly field: string
  readonly unit: string
  readonly by: SweepMeasure
  readonly catalog: string
  readonly points: readonly SweepPoint[]
  readonly regions: readonly SweepRegion[]
  readonly crossings: readonly SweepCrossing[]
}

/** Significant digits of the values: a person reads "3,160 users", not 3162.2777. */
const valueDigits = 3

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
 * Plans a scenario at many values of one field. Where one kind of place overtakes another, the step between the two
 * values is halved `refine` times, so that the answer is narrower than the grid.
 */
export async function sweepScenario(input: {
  scenario: ScenarioInput
  range: SweepRange
  points: number
  by: SweepMeasure
  refine: number
  plan: (scenario: ScenarioInput, onProgress: (fraction: number) => void) => Promise<Plan>
  onProgress?: (fraction: number) => void
}): Promise<Sweep> {
  const { range, by } = input
  const base: ScenarioInput = by === 'score' ? input.scenario : { ...input.scenario, score: scores[by] }
  const known = new Map<number, SweepPoint>()
  let catalog = ''
  const at = async (value: number, show: (fraction: number) => void): Promise<SweepPoint> => {
    const text = range.unit === '' ? value : `${value} ${range.unit}`
    const plan = await input.plan(withField(base, range.field, text), show)
    catalog = `${plan.catalog.version} ${plan.catalog.hash}`
    const point = { value, ways: waysOf(plan, by) }
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
    regions: regionsOf(points),
    crossings: crossingsOf(points, by),
  }
}

function middleOf(crossing: SweepCrossing, range: SweepRange): number {
  const { from, to } = crossing
  const whole = Number.isInteger(range.from) && Number.isInteger(range.to) && to - from >= 2
  return rounded(from > 0 ? Math.sqrt(from * to) : (from + to) / 2, whole)
}

function waysOf(plan: Plan, by: SweepMeasure): SweepWay[] {
  const ways = plan.sideBySide.flatMap(({ kind, optionId }): SweepWay[] => {
    const option = plan.options.find((entry) => entry.id === optionId)
    if (option === undefined) return []
    const measure = measureOf(option, by)
    return [
      {
        kind,
        optionId: option.id,
        choice: choiceText(option),
        label: option.label,
        ...(measure === undefined ? {} : { measure }),
        usdPerMonth: option.cost.usdPerMonth.value,
      },
    ]
  })
  const rank = (way: SweepWay) => way.measure ?? Number.POSITIVE_INFINITY
  return ways.sort((a, b) => rank(a) - rank(b))
}

function measureOf(option: PlanOption, by: SweepMeasure): number | undefined {
  switch (by) {
    case 'cost':
      return option.cost.netPresentUsd.value
    case 'carbon':
      return option.carbon?.totalGramsPerMonth?.value
    case 'latency':
      return option.latency?.endToEnd.p95.value
    case 'score':
      return option.score.value
  }
}

/** The choice without its counts, which grow with the load. */
function choiceText(option: PlanOption): string {
  const { model, deployment, place } = option
  const where =
    place.kind === 'api' || place.kind === 'cloud'
      ? `${place.kind} ${place.provider ?? ''}`.trim()
      : place.kind
  if (deployment === undefined) return `${model.id}, ${where}`
  return `${model.id} ${model.weightFormat} on ${deployment.accelerator.id}, ${where}`
}

function regionsOf(points: readonly SweepPoint[]): SweepRegion[] {
  const regions: SweepRegion[] = []
  for (const { value, ways } of points) {
    const best = ways[0]
    const last = regions.at(-1)
    if (last !== undefined && last.choice === best?.choice) {
      regions[regions.length - 1] = {
        ...last,
        to: value,
        ...(best === undefined ? {} : { usdPerMonthTo: best.usdPerMonth }),
      }
      continue
    }
    regions.push({
      from: value,
      to: value,
      ...(best === undefined
        ? {}
        : {
            kind: best.kind,
            choice: best.choice,
            usdPerMonthFrom: best.usdPerMonth,
            usdPerMonthTo: best.usdPerMonth,
          }),
    })
  }
  return regions
}

function crossingsOf(points: readonly SweepPoint[], by: SweepMeasure): SweepCrossing[] {
  const crossings: SweepCrossing[] = []
  const kinds = [...new Set(points.flatMap((point) => point.ways.map((way) => way.kind)))].sort()
  for (const [index, first] of kinds.entries())
    for (const second of kinds.slice(index + 1)) {
      let last: { point: SweepPoint; gap: number } | undefined
      for (const point of points) {
        const gap = gapOf(point, first, second)
        // Where one of them does not fit there is nothing to compare, and no crossing to find.
        if (gap === undefined) {
          last = undefined
          continue
        }
        if (last !== undefined && last.gap < 0 !== gap < 0) {
          const [below, above] = last.gap < 0 ? [first, second] : [second, first]
          crossings.push({
            from: last.point.value,
            to: point.value,
            at: interpolated(last, { point, gap }, by),
            below,
            above,
            leading: last.point.ways[0]?.kind === below && point.ways[0]?.kind === above,
          })
        }
        last = { point, gap }
      }
    }
  return crossings.sort((a, b) => a.from - b.from || a.to - b.to)
}

/** Logarithm of the ratio of the two measures: below 0 the first is better. */
function gapOf(point: SweepPoint, first: PlanPlaceKind, second: PlanPlaceKind): number | undefined {
  const a = point.ways.find((way) => way.kind === first)?.measure
  const b = point.ways.find((way) => way.kind === second)?.measure
  if (a === undefined || b === undefined || !(a > 0) || !(b > 0)) return undefined
  return Math.log(a / b)
}

function interpolated(
  low: { point: SweepPoint; gap: number },
  high: { point: SweepPoint; gap: number },
  by: SweepMeasure,
): number {
  const [from, to] = [low.point.value, high.point.value]
  // A score is relative to the best of its own plan: between two plans its gap is no straight line.
  const share = by === 'score' ? 0.5 : low.gap / (low.gap - high.gap)
  return roundSignificant(from > 0 ? from * (to / from) ** share : from + (to - from) * share, valueDigits)
}
