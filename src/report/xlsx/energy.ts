import { gramsPerKilogram, hoursPerMonth, kilo } from '../../foundation/units.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import type { WorkbookInputs } from './assumptions.ts'
import { newSheet, optionName, startingAt, type WorkbookContext } from './context.ts'
import type { Demand } from './demand.ts'
import type { Fleets, FleetYear } from './fleet.ts'
import { constant, over, plus, type Term, times } from './formula.ts'
import { sharedDemand } from './members.ts'
import type { SheetBuilder } from './sheet-builder.ts'
import type { Look } from './styles.ts'
import type { Year } from './years.ts'

export interface Energy {
  /** Over the horizon. */
  readonly carbonTonnes?: Term
}

const columns = [
  'energy.it',
  'energy.meter',
  'energy.electricity',
  'energy.embodied',
  'energy.total',
  'energy.horizon',
  'energy.sci',
  'energy.water',
] as const

export function energySheet(
  context: WorkbookContext,
  inputs: WorkbookInputs,
  demand: Demand,
  fleet: { fleets: Fleets; years: readonly Year[] },
): { sheet: SheetBuilder; energy: ReadonlyMap<PlanOption, Energy> } {
  const sheet = newSheet(context, 'sheet.energy', 'lead.energy')
  sheet.widths(58, 16, 16, 16, 18, 16, 18, 18, 14)
  sheet.header([context.words('column.option'), ...columns.map((key) => context.words(key))], 48)
  sheet.freezeAt(sheet.row, 1)
  const energy = new Map<PlanOption, Energy>()
  for (const option of context.options) {
    sheet.text(0, optionName(context, option), { wrap: true })
    energy.set(
      option,
      energyOfOption(
        sheet,
        option,
        inputs,
        sharedDemand(demand, inputs.shares.get(option)),
        standing(option, inputs, fleet),
      ),
    )
    sheet.height(30)
    sheet.row += 1
  }
  return { sheet, energy }
}

/** Over the months of the horizon. */
interface Standing {
  readonly averageWatts?: Term | undefined
  readonly embodied?: Term | undefined
}

function standing(
  option: PlanOption,
  inputs: WorkbookInputs,
  { fleets, years }: { fleets: Fleets; years: readonly Year[] },
): Standing {
  const fleet = fleets.get(option)
  if (fleet === undefined) return {}
  const { embodiedMachine, embodiedAccelerator } = inputs.options.get(option) ?? {}
  const mean = (of: (year: FleetYear) => Term) =>
    over(plus(...fleet.map((year, index) => times(years[index]!.months, of(year)))), inputs.general.horizon)
  const follows = fleet[0]?.running !== fleet[0]?.machines
  return {
    averageWatts: fleet.every((year) => year.averageWatts !== undefined)
      ? mean(({ averageWatts, running, machines }) =>
          follows ? times(averageWatts!, over(running, machines)) : averageWatts!,
        )
      : undefined,
    embodied:
      embodiedMachine &&
      mean(({ machines, accelerators }) =>
        embodiedAccelerator === undefined
          ? times(machines, embodiedMachine)
          : plus(times(machines, embodiedMachine), times(accelerators, embodiedAccelerator)),
      ),
  }
}

function energyOfOption(
  sheet: SheetBuilder,
  option: PlanOption,
  inputs: WorkbookInputs,
  demand: Demand,
  mean: Standing,
): Energy {
  const { pue, grid, water } = inputs.options.get(option) ?? {}
  const { energy, carbon } = option
  /** A figure where the plan has one and the sheet has a formula for it; a dash where it is unknown. */
  const put = (
    column: number,
    planned: number | undefined,
    of: Term | undefined,
    format: Look['format'],
  ): Term | undefined => {
    if (planned === undefined || !Number.isFinite(planned)) {
      sheet.text(column, '–', { kind: 'muted', align: 'right' })
      return undefined
    }
    return sheet.formula(column, startingAt(planned, of), { format: format ?? 'whole' })
  }
  const kilograms = (grams: number | undefined) =>
    grams === undefined ? undefined : grams / gramsPerKilogram
  const it = put(
    1,
    energy?.itKilowattHoursPerMonth.value,
    mean.averageWatts && over(times(mean.averageWatts, constant(hoursPerMonth)), constant(kilo)),
    'one',
  )
  const meter = put(2, energy?.kilowattHoursPerMonth?.value, it && pue && times(it, pue), 'one')
  const electricity = put(
    3,
    kilograms(carbon?.locationGramsPerMonth?.value),
    meter && grid ? over(times(meter, grid), constant(gramsPerKilogram)) : demand.requestsPerMonth,
    'one',
  )
  const making = put(
    4,
    kilograms(carbon?.embodiedGramsPerMonth?.value),
    mean.embodied ?? demand.requestsPerMonth,
    'one',
  )
  const total = put(
    5,
    kilograms(carbon?.totalGramsPerMonth?.value),
    electricity && making ? plus(electricity, making) : demand.requestsPerMonth,
    'one',
  )
  const tonnes = put(
    6,
    carbon?.totalGrams === undefined ? undefined : carbon.totalGrams.value / (gramsPerKilogram * kilo),
    total && over(times(total, inputs.general.horizon), constant(kilo)),
    'two',
  )
  put(
    7,
    carbon?.sciGramsPerRequest?.value,
    total &&
      over(
        times(total, constant(gramsPerKilogram), inputs.general.horizon),
        times(demand.requestsPerMonth, demand.demandMonths),
      ),
    'factor',
  )
  put(8, option.water?.totalLitresPerMonth?.value, meter && water && times(meter, water), 'whole')
  return {
    ...(tonnes === undefined ? {} : { carbonTonnes: tonnes }),
  }
}
