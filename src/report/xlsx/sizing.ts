import { hoursPerMonth, secondsPerHour } from '../../foundation/units.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import type { WorkbookInputs } from './assumptions.ts'
import { newSheet, optionName, placeName, same, startingAt, type WorkbookContext } from './context.ts'
import type { Demand } from './demand.ts'
import { atLeast, constant, minus, over, plus, roundUp, type Term, times } from './formula.ts'
import { sharedDemand } from './members.ts'
import type { SheetBuilder } from './sheet-builder.ts'

/** How many machines an option needs. Empty for an API. */
export interface Sizing {
  readonly replicas?: Term
  readonly machines?: Term
  readonly accelerators?: Term
  readonly averageWatts?: Term
}

export function optionsSheet(
  context: WorkbookContext,
  inputs: WorkbookInputs,
  demand: Demand,
): { sheet: SheetBuilder; sizing: ReadonlyMap<PlanOption, Sizing> } {
  const { words } = context
  const sheet = newSheet(context, 'sheet.options', 'lead.options')
  sheet.widths(58, 30, 30, 12, 14, 12, 14, 12, 12, 14)
  sheet.header(
    (
      [
        'column.option',
        'sizing.model',
        'sizing.place',
        'sizing.replicas',
        'sizing.needed',
        'sizing.machines',
        'sizing.accelerators',
        'sizing.peak-load',
        'sizing.average-load',
        'sizing.watts',
      ] as const
    ).map((key) => words(key)),
    48,
  )
  sheet.freezeAt(sheet.row, 1)
  const sizing = new Map<PlanOption, Sizing>()
  for (const option of context.options) {
    sheet.text(0, optionName(context, option), { wrap: true })
    sheet.text(1, option.model.name, { wrap: true })
    sheet.text(2, placeName(context, option), { wrap: true })
    sizing.set(option, sizeOption(sheet, option, inputs, sharedDemand(demand, inputs.shares.get(option))))
    sheet.height(30)
    sheet.row += 1
  }
  return { sheet, sizing }
}

function sizeOption(sheet: SheetBuilder, option: PlanOption, inputs: WorkbookInputs, demand: Demand): Sizing {
  const { deployment, capacity } = option
  const given = inputs.options.get(option) ?? {}
  const { capacity: perReplica, replicasPerMachine, spareMachines, sites, acceleratorsPerMachine } = given
  if (
    deployment === undefined ||
    capacity === undefined ||
    perReplica === undefined ||
    replicasPerMachine === undefined ||
    spareMachines === undefined ||
    sites === undefined ||
    acceleratorsPerMachine === undefined
  ) {
    for (let column = 3; column <= 9; column += 1) sheet.text(column, '–', { kind: 'muted', align: 'right' })
    return {}
  }
  const usable = times(perReplica, minus(constant(1), inputs.general.headroom))
  const direct = atLeast(constant(1), roundUp(over(demand.sizingRate, usable)))
  // A plan whose own count differs keeps its count at the start and grows with the demand.
  const grown = roundUp(startingAt(deployment.replicasNeeded, over(demand.sizingRate, usable)))
  const exact = same(direct.value, deployment.replicasNeeded)
  const replicas = sheet.formula(3, exact ? direct : atLeast(constant(1), grown), { format: 'whole' })
  const needed = sheet.formula(4, roundUp(over(replicas, replicasPerMachine)), { format: 'whole' })
  const machines = sheet.formula(5, times(plus(needed, spareMachines), sites), { format: 'whole' })
  const accelerators = sheet.formula(6, times(machines, acceleratorsPerMachine), { format: 'whole' })
  const serving = times(replicas, perReplica)
  sheet.formula(7, startingAt(capacity.utilisationAtPeakFraction, over(demand.peakRate, serving)), {
    format: 'percent',
  })
  const monthSeconds = constant(hoursPerMonth * secondsPerHour)
  const load = sheet.formula(
    8,
    startingAt(
      capacity.utilisationAverageFraction,
      over(demand.requestsPerMonth, times(monthSeconds, serving)),
    ),
    { format: 'percent' },
  )
  const { wattsPerMachine, wattsPerLoad } = given
  if (wattsPerMachine === undefined) {
    sheet.text(9, '–', { kind: 'muted', align: 'right' })
    return { replicas, machines, accelerators }
  }
  const planned = constant(capacity.utilisationAverageFraction)
  const perMachine =
    wattsPerLoad === undefined
      ? wattsPerMachine
      : plus(wattsPerMachine, times(wattsPerLoad, minus(load, planned)))
  const averageWatts = sheet.formula(9, times(machines, perMachine), { format: 'whole' })
  return { replicas, machines, accelerators, averageWatts }
}
