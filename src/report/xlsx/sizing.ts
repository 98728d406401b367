import { hoursPerMonth, secondsPerHour } from '../../foundation/units.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import type { WorkbookInputs } from './assumptions.ts'
import { newSheet, optionName, placeName, same, startingAt, type WorkbookContext } from './context.ts'
import type { Demand } from './demand.ts'
import { atLeast, constant, minus, over, plus, roundUp, type Term, times } from './formula.ts'
import { sharedDemand } from './members.ts'
import type { SheetBuilder } from './sheet-builder.ts'

/** How many machines an option needs at its largest, and how full they are. Empty for an API. */
export interface Sizing {
  readonly replicas: Term
  readonly machines: Term
  readonly accelerators: Term
  /** Requests/s of a replica that the headroom leaves. */
  readonly usable: Term
  readonly replicasPerMachine: Term
  readonly acceleratorsPerMachine: Term
}

const columns = [
  'column.option',
  'sizing.model',
  'sizing.place',
  'sizing.replicas',
  'sizing.needed',
  'sizing.machines',
  'sizing.accelerators',
  'sizing.peak-load',
  'sizing.average-load',
  'sizing.usable',
  'sizing.per-machine',
  'sizing.accelerators-machine',
] as const

const at = {
  replicas: 3,
  needed: 4,
  machines: 5,
  accelerators: 6,
  peakLoad: 7,
  averageLoad: 8,
  usable: 9,
  perMachine: 10,
  acceleratorsPerMachine: 11,
} as const

export function optionsSheet(
  context: WorkbookContext,
  inputs: WorkbookInputs,
  demand: Demand,
): { sheet: SheetBuilder; sizing: ReadonlyMap<PlanOption, Sizing> } {
  const sheet = newSheet(context, 'sheet.options', 'lead.options')
  sheet.widths(58, 30, 30, 12, 14, 13, 14, 12, 12, 14, 14, 14)
  sheet.header(
    columns.map((key) => context.words(key)),
    62,
  )
  sheet.freezeAt(sheet.row, 1)
  const sizing = new Map<PlanOption, Sizing>()
  for (const option of context.options) {
    sheet.text(0, optionName(context, option), { wrap: true })
    sheet.text(1, option.model.name, { wrap: true })
    sheet.text(2, placeName(context, option), { wrap: true })
    const size = sizeOption(sheet, option, inputs, sharedDemand(demand, inputs.shares.get(option)))
    if (size !== undefined) sizing.set(option, size)
    sheet.height(30)
    sheet.row += 1
  }
  return { sheet, sizing }
}

function sizeOption(
  sheet: SheetBuilder,
  option: PlanOption,
  inputs: WorkbookInputs,
  demand: Demand,
): Sizing | undefined {
  const { deployment, capacity } = option
  const given = inputs.options.get(option) ?? {}
  const {
    capacity: perReplica,
    replicasPerMachine: most,
    spareMachines,
    sites,
    acceleratorsPerReplica,
  } = given
  if (
    deployment === undefined ||
    capacity === undefined ||
    perReplica === undefined ||
    most === undefined ||
    spareMachines === undefined ||
    sites === undefined ||
    acceleratorsPerReplica === undefined
  ) {
    for (let column = at.replicas; column <= at.acceleratorsPerMachine; column += 1)
      sheet.text(column, '–', { kind: 'muted', align: 'right' })
    return undefined
  }
  const usable = sheet.formula(at.usable, times(perReplica, minus(constant(1), inputs.general.headroom)), {
    format: 'two',
  })
  const replicas = sheet.formula(
    at.replicas,
    replicasFor(demand.sizingRate, usable, deployment.replicasNeeded),
    { format: 'whole' },
  )
  const needed = sheet.formula(at.needed, roundUp(over(replicas, most)), { format: 'whole' })
  const machines = sheet.formula(at.machines, times(plus(needed, spareMachines), sites), { format: 'whole' })
  // Machines are filled alike: five replicas on machines for four stand as three and two.
  const perMachine = sheet.formula(
    at.perMachine,
    Number.isInteger(most.value) ? roundUp(over(replicas, needed)) : most,
    { format: 'two' },
  )
  const acceleratorsPerMachine = sheet.formula(
    at.acceleratorsPerMachine,
    given.acceleratorsPerMachine ?? times(perMachine, acceleratorsPerReplica),
    { format: 'two' },
  )
  const accelerators = sheet.formula(at.accelerators, times(machines, acceleratorsPerMachine), {
    format: 'whole',
  })
  const serving = times(replicas, perReplica)
  sheet.formula(
    at.peakLoad,
    startingAt(capacity.utilisationAtPeakFraction, over(demand.sizingRate, serving)),
    { format: 'percent' },
  )
  const monthSeconds = constant(hoursPerMonth * secondsPerHour)
  sheet.formula(
    at.averageLoad,
    startingAt(
      capacity.utilisationAverageFraction,
      over(times(demand.requestsPerMonth, demand.highest), times(monthSeconds, serving)),
    ),
    { format: 'percent' },
  )
  return { replicas, machines, accelerators, usable, replicasPerMachine: perMachine, acceleratorsPerMachine }
}

/** As the library counts them; a plan whose own count differs keeps it at the start and grows with the demand. */
export function replicasFor(rate: Term, usable: Term, planned: number | undefined): Term {
  const direct = atLeast(constant(1), roundUp(over(rate, usable)))
  return planned === undefined || same(direct.value, planned)
    ? direct
    : atLeast(constant(1), roundUp(startingAt(planned, over(rate, usable))))
}
