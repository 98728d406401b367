import type { CostLine } from '../../estimators/cost/lines.ts'
import { middleOfDraws, type PairedDraws } from '../../estimators/uncertainty/paired-draws.ts'
import type { Accuracy } from '../assemble/accuracy.ts'
import type { Detail } from '../assemble/detail.ts'
import type { PlanTornadoBar } from '../plan-option-types.ts'
import type { SearchSpace } from '../search/space.ts'
import { costAtFactors } from './cost-at-factors.ts'
import { type Factors, middleFactors } from './factors.ts'
import { footprintAtFactors } from './footprint-at-factors.ts'
import { type OptionInput, optionInputs } from './inputs.ts'
import { asPlanned, machinesAtLoad } from './machines-at-load.ts'

/** What is drawn of an option. `…PerDemand`: over the demand of the draw, for what counts by request or token. */
export const drawnFigures = [
  'totalUsd',
  'netPresentUsd',
  'upfrontUsd',
  'usdPerDemand',
  'averageWatts',
  'wattsPerDemand',
  'kilowattHours',
  'locationGrams',
  'embodiedGrams',
  'embodiedGramsPerMonth',
  'carbonGrams',
  'carbonPerDemand',
  'onSiteLitres',
  'offSiteLitres',
  'litres',
] as const
export type DrawnFigure = (typeof drawnFigures)[number]

/** An option's figures in each draw of what is uncertain about it. Unknown figures are NaN in every draw. */
export interface OptionDraws {
  /** False where nothing near its speed was measured, so that no draw can tell how far it is off. */
  readonly speedKnown: boolean
  readonly figures: Readonly<Record<DrawnFigure, Float64Array>>
  /** The middle 80 %; undefined where it is unknown, or the same in every draw. */
  readonly interval: (figure: DrawnFigure) => { readonly low: number; readonly high: number } | undefined
  /** Each input alone from its low to its high end, widest in cost first. */
  readonly sensitivity: readonly PlanTornadoBar[]
}

type Outcome = Record<DrawnFigure, number>

/**
 * Draws an option's cost and footprint. Machines are counted anew in each draw, so its figures answer what it takes to
 * serve the demand that comes at the speed that turns out, with the targets kept; the plan's own figures stay those of
 * the middle of everything.
 */
export function drawOption(input: {
  readonly space: SearchSpace
  readonly detail: Detail
  readonly accuracy: Accuracy | undefined
  readonly lines: readonly CostLine[]
  readonly draws: PairedDraws
}): OptionDraws {
  const { space, detail, draws } = input
  const inputs = optionInputs(space, detail, input.accuracy)
  const outcomeAt = outcomes(space, detail, input.lines)
  const middle = () => middleFactors(space.resolved.limits.finance.electricityGrowthPerYearFraction)
  const figures = Object.fromEntries(
    drawnFigures.map((name) => [name, new Float64Array(draws.samples)]),
  ) as Record<DrawnFigure, Float64Array>
  const drawn = inputs.map(({ name, range }) => draws.values(name, range))
  const factors = middle()
  for (let draw = 0; draw < draws.samples; draw += 1) {
    for (let index = 0; index < inputs.length; index += 1) {
      const { factor, one } = inputs[index]!
      factors[factor] = drawn[index]![draw]! / one
    }
    const outcome = outcomeAt(factors)
    for (const name of drawnFigures) figures[name][draw] = outcome[name]
  }
  return {
    speedKnown: detail.kind === 'api' || inputs.some(({ factor }) => factor === 'speed'),
    figures,
    interval: (name) => {
      const { low, high } = middleOfDraws(figures[name])
      return low < high ? { low, high } : undefined
    },
    sensitivity: tornadoBars(inputs, middle, outcomeAt),
  }
}

/** The outcome object is written in place: read it before the next call. */
function outcomes(
  space: SearchSpace,
  detail: Detail,
  lines: readonly CostLine[],
): (factors: Factors) => Outcome {
  const { horizonMonths, discountRatePerYearFraction } = space.resolved.limits.finance
  const cost = costAtFactors({ lines, horizonMonths, ratePerYearFraction: discountRatePerYearFraction })
  const out = Object.fromEntries(drawnFigures.map((name) => [name, Number.NaN])) as Outcome
  const machines = { ...asPlanned }
  const machinesAt = detail.kind === 'api' ? undefined : machinesAtLoad(space, detail)
  const footprint = detail.kind === 'api' ? undefined : footprintAtFactors(space, detail)
  return (factors) => {
    machinesAt?.(factors, machines)
    cost(factors, machines, out)
    footprint?.(factors, machines, out)
    out.usdPerDemand = out.totalUsd / factors.demand
    out.wattsPerDemand = out.averageWatts / factors.demand
    out.carbonPerDemand = out.carbonGrams / factors.demand
    return out
  }
}

function tornadoBars(
  inputs: readonly OptionInput[],
  middle: () => Factors,
  outcomeAt: (factors: Factors) => Outcome,
): PlanTornadoBar[] {
  const at = ({ factor, one }: OptionInput, value: number) => {
    const { totalUsd, carbonGrams } = outcomeAt({ ...middle(), [factor]: value / one })
    return { totalUsd, carbonGrams }
  }
  const bars = inputs.map((input): PlanTornadoBar => {
    const { low, high } = input.range
    const [lowEnd, highEnd] = [at(input, low), at(input, high)]
    const known = Number.isFinite(lowEnd.carbonGrams) && Number.isFinite(highEnd.carbonGrams)
    return {
      input: input.factor,
      label: input.label,
      unit: input.unit,
      low,
      high,
      usdAtLow: lowEnd.totalUsd,
      usdAtHigh: highEnd.totalUsd,
      ...(known ? { gramsPerMonthAtLow: lowEnd.carbonGrams, gramsPerMonthAtHigh: highEnd.carbonGrams } : {}),
      ...(input.sourceId === undefined ? {} : { sourceId: input.sourceId }),
    }
  })
  const swing = (bar: PlanTornadoBar) => Math.abs(bar.usdAtHigh - bar.usdAtLow)
  const carbon = (bar: PlanTornadoBar) =>
    Math.abs((bar.gramsPerMonthAtHigh ?? 0) - (bar.gramsPerMonthAtLow ?? 0))
  return bars.sort((a, b) => swing(b) - swing(a) || carbon(b) - carbon(a))
}
