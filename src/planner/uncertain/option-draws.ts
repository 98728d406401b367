import type { CostLine } from '../../estimators/cost/lines.ts'
import { middleOfDraws, type PairedDraws } from '../../estimators/uncertainty/paired-draws.ts'
import type { Accuracy } from '../assemble/accuracy.ts'
import type { Detail, MachineDetail } from '../assemble/detail.ts'
import type { PlanTornadoBar } from '../plan-option-types.ts'
import type { SearchSpace } from '../search/space.ts'
import { type CostColumns, costAtFactors } from './cost-at-factors.ts'
import { type Column, constant, type FactorName, type Factors, factorNames, quotient } from './factors.ts'
import { type FootprintColumns, footprintAtFactors } from './footprint-at-factors.ts'
import { optionInputs } from './inputs.ts'
import { asPlanned, machinesAtLoad } from './machines-at-load.ts'
import type { OptionInput } from './option-input.ts'

/** What is drawn of an option. `…PerDemand`: over the demand of the draw, for what counts by request or token. */
export type DrawnFigure =
  | keyof CostColumns
  | keyof FootprintColumns
  | 'usdPerDemand'
  | 'wattsPerDemand'
  | 'carbonPerDemand'

/** An option's figures in each draw of what is uncertain about it. Unknown figures are NaN in every draw. */
export interface OptionDraws {
  /** False where nothing near its speed was measured, so that no draw can tell how far it is off. */
  readonly speedKnown: boolean
  readonly figure: (name: DrawnFigure) => Float64Array
  /** The middle 80 %; undefined where it is unknown, or the same in every draw. */
  readonly interval: (figure: DrawnFigure) => { readonly low: number; readonly high: number } | undefined
  /** Each input alone from its low to its high end, widest in cost first. */
  readonly sensitivity: readonly PlanTornadoBar[]
}

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
  const { samples } = draws
  const { finance } = space.resolved.limits
  const inputs = optionInputs(space, detail, input.accuracy)
  const factors = factorColumns(inputs, draws, finance.electricityGrowthPerYearFraction)
  const rows = factors.demand.length
  const machines = detail.kind === 'api' ? asPlanned(rows) : machinesAtLoad(space, detail, factors)
  const cost = costAtFactors({
    lines: input.lines,
    horizonMonths: finance.horizonMonths,
    ratePerYearFraction: finance.discountRatePerYearFraction,
    factors,
    machines,
    ownedSystemUsd: detail.kind === 'api' ? undefined : ownedSystemUsd(detail),
  })
  const footprint =
    detail.kind === 'api' ? unknownFootprint(rows) : footprintAtFactors(space, detail, { factors, machines })
  const columns: Readonly<Record<DrawnFigure, Column>> = {
    ...cost,
    ...footprint,
    usdPerDemand: quotient(cost.totalUsd, factors.demand),
    wattsPerDemand: quotient(footprint.averageWatts, factors.demand),
    carbonPerDemand: quotient(footprint.carbonGrams, factors.demand),
  }
  return {
    speedKnown: detail.kind === 'api' || inputs.some(({ factor }) => factor === 'speed'),
    figure: (name) => columns[name].subarray(0, samples),
    interval: (name) => {
      const { low, high } = middleOfDraws(columns[name].subarray(0, samples))
      return low < high ? { low, high } : undefined
    },
    sensitivity: tornadoBars(inputs, columns, samples),
  }
}

/** At the end of the horizon, as servers and accelerators of one kind keep their shares. */
function ownedSystemUsd({ site, fleet }: MachineDetail) {
  const { host, price } = site.machine
  if (host?.owned === undefined || price === undefined) return undefined
  return {
    servers: fleet.servers * price.server.usd,
    accelerators: fleet.accelerators * (price.accelerator?.usd ?? 0),
  }
}

/**
 * Each factor in every draw, and behind the draws two rows for each input: it alone at its low and at its high end. A
 * factor that is not uncertain stays in its middle.
 */
function factorColumns(
  inputs: readonly OptionInput[],
  draws: PairedDraws,
  electricityGrowthPerYear: number,
): Factors {
  const { samples } = draws
  const rows = samples + 2 * inputs.length
  const ones = constant(rows, 1)
  const factors = Object.fromEntries(factorNames.map((name) => [name, ones])) as Record<FactorName, Column>
  factors.electricityGrowthPerYear = constant(rows, electricityGrowthPerYear)
  for (const [index, { factor, name, range, one, curve }] of inputs.entries()) {
    const at = (value: number) => (curve === undefined ? value : curve(value)) / one
    const column = constant(rows, at(range.mid))
    const drawn = draws.values(name, range)
    for (let draw = 0; draw < samples; draw += 1) column[draw] = at(drawn[draw]!)
    column[samples + 2 * index] = at(range.low)
    column[samples + 2 * index + 1] = at(range.high)
    factors[factor] = column
  }
  return factors
}

function unknownFootprint(rows: number): FootprintColumns {
  const unknown = constant(rows, Number.NaN)
  return {
    averageWatts: unknown,
    kilowattHours: unknown,
    locationGrams: unknown,
    embodiedGrams: unknown,
    embodiedGramsPerMonth: unknown,
    carbonGrams: unknown,
    onSiteLitres: unknown,
    offSiteLitres: unknown,
    litres: unknown,
  }
}

function tornadoBars(
  inputs: readonly OptionInput[],
  columns: Readonly<Record<DrawnFigure, Column>>,
  samples: number,
): PlanTornadoBar[] {
  const { totalUsd, carbonGrams } = columns
  const bars = inputs.map((input, index): PlanTornadoBar => {
    const { low, high } = input.range
    const [lowRow, highRow] = [samples + 2 * index, samples + 2 * index + 1]
    const grams = [carbonGrams[lowRow]!, carbonGrams[highRow]!] as const
    return {
      input: input.factor,
      label: input.label,
      unit: input.unit,
      low,
      high,
      usdAtLow: totalUsd[lowRow]!,
      usdAtHigh: totalUsd[highRow]!,
      ...(Number.isNaN(grams[0] + grams[1])
        ? {}
        : { gramsPerMonthAtLow: grams[0], gramsPerMonthAtHigh: grams[1] }),
      ...(input.sourceId === undefined ? {} : { sourceId: input.sourceId }),
    }
  })
  const swing = (bar: PlanTornadoBar) => Math.abs(bar.usdAtHigh - bar.usdAtLow)
  const carbon = (bar: PlanTornadoBar) =>
    Math.abs((bar.gramsPerMonthAtHigh ?? 0) - (bar.gramsPerMonthAtLow ?? 0))
  return bars.sort((a, b) => swing(b) - swing(a) || carbon(b) - carbon(a))
}
