import { hoursPerMonth, monthsPerYear } from '../../foundation/units.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import type { OptionInputs, WorkbookInputs } from './assumptions.ts'
import { newSheet, optionName, same, startingAt, type WorkbookContext } from './context.ts'
import type { Demand } from './demand.ts'
import { atLeast, atMost, constant, minus, over, plus, roundUp, type Term, times } from './formula.ts'
import { sharedDemand } from './members.ts'
import { meanExtraWatts, meanMachines, type PowerCurve } from './power.ts'
import type { SheetBuilder } from './sheet-builder.ts'
import { replicasFor, type Sizing } from './sizing.ts'
import type { Look } from './styles.ts'
import type { WordKey } from './words.ts'
import { firstYearColumn, greyYears, type Year, yearRows } from './years.ts'

/** What stands in a year of the horizon. */
export interface FleetYear {
  readonly machines: Term
  readonly addedMachines: Term
  readonly accelerators: Term
  readonly addedAccelerators: Term
  readonly racks: Term
  readonly addedRacks: Term
  /** Mean of those that are on, where machines follow the load; else all. */
  readonly running: Term
  /** Of those that are on. */
  readonly averageWatts: Term | undefined
}

export type Fleets = ReadonlyMap<PlanOption, readonly FleetYear[]>

export function fleetSheet(
  context: WorkbookContext,
  given: {
    inputs: WorkbookInputs
    demand: Demand
    sizing: ReadonlyMap<PlanOption, Sizing>
    curves: ReadonlyMap<PlanOption, PowerCurve>
  },
): { sheet: SheetBuilder; years: readonly Year[]; fleets: Fleets } {
  const { words } = context
  const { inputs, demand, sizing, curves } = given
  const sheet = newSheet(context, 'sheet.fleet', 'lead.fleet')
  const count = context.lastMonth / monthsPerYear
  sheet.widths(58, 14, ...Array.from({ length: count }, () => 12))
  sheet.header([
    words('column.figure'),
    words('column.unit'),
    ...Array.from({ length: count }, (_, index) => words('flow.year', { year: String(index + 1) })),
  ])
  sheet.freezeAt(sheet.row, 2)
  const years = yearRows(context, sheet, { general: inputs.general, demand, count })
  const fleets = new Map<PlanOption, readonly FleetYear[]>()
  for (const option of context.options) {
    const share = inputs.shares.get(option)
    const size = sizing.get(option)
    if (size === undefined) continue
    sheet.row += 1
    for (let column = 0; column < firstYearColumn + count; column += 1) sheet.blank(column, { kind: 'group' })
    sheet.text(0, optionName(context, option), { kind: 'group' })
    sheet.height(20)
    sheet.row += 1
    const of = {
      option,
      size,
      years,
      demand: sharedDemand(demand, share),
      share,
      given: inputs.options.get(option) ?? {},
      curve: curves.get(option),
    }
    fleets.set(option, optionYears(context, sheet, of))
  }
  greyYears(sheet, years, firstYearColumn)
  return { sheet, years, fleets }
}

interface OptionOf {
  readonly option: PlanOption
  readonly size: Sizing
  readonly years: readonly Year[]
  readonly demand: Demand
  /** Of the demand that this option sees; absent: all. */
  readonly share: Term | undefined
  readonly given: OptionInputs
  readonly curve: PowerCurve | undefined
}

function optionYears(context: WorkbookContext, sheet: SheetBuilder, of: OptionOf): FleetYear[] {
  const { option, size, years, given } = of
  const { sites, spareMachines, machinesPerRack } = given as Required<OptionInputs>
  const { deployment, phases = [] } = option
  const planned = (index: number) =>
    phases.length > 0
      ? phases[index]
      : {
          replicasNeeded: deployment!.replicasNeeded,
          servers: deployment!.servers,
          racks: option.site?.racks ?? 0,
        }
  const row = rowWriter(context, sheet, years)
  const replicas = row('sizing.replicas', '', 'whole', (year, index) =>
    replicasFor(
      of.share === undefined ? year.peakRate : times(year.peakRate, of.share),
      size.usable,
      planned(index)?.replicasNeeded,
    ),
  )
  const needed = row('sizing.needed', '', 'whole', (_, index) =>
    roundUp(over(replicas[index]!, size.replicasPerMachine)),
  )
  const machines = row('sizing.machines', '', 'whole', (_, index) =>
    counted(times(plus(needed[index]!, spareMachines), sites), planned(index)?.servers),
  )
  const accelerators = row('sizing.accelerators', '', 'whole', (_, index) =>
    times(machines[index]!, size.acceleratorsPerMachine),
  )
  const standsInRacks = (option.site?.racks ?? 0) > 0
  const perRack =
    machinesPerRack ?? constant(Math.ceil((deployment?.servers ?? 1) / (option.site?.racks || 1)))
  const racks = standsInRacks
    ? row('sizing.racks', '', 'whole', (_, index) =>
        counted(times(roundUp(over(machines[index]!, times(sites, perRack))), sites), planned(index)?.racks),
      )
    : undefined
  const exponent = of.demand.exponent
  const running = followsLoad(option)
    ? row('sizing.running', '', 'two', (_, index) => {
        const n = needed[index]!
        const share = of.demand.workingShare
        const mean = plus(times(share, meanMachines(n, exponent)), minus(constant(1), share))
        return plus(times(mean, sites), minus(machines[index]!, times(n, sites)))
      })
    : machines
  const averageWatts = wattsRow(of, { replicas, needed, machines, accelerators, row })
  return years.map((_, index): FleetYear => {
    const added = (terms: readonly Term[]) =>
      index === 0 ? terms[0]! : atLeast(constant(0), minus(terms[index]!, terms[index - 1]!))
    const none = constant(0)
    return {
      machines: machines[index]!,
      addedMachines: added(machines),
      accelerators: accelerators[index]!,
      addedAccelerators: added(accelerators),
      racks: racks?.[index] ?? none,
      addedRacks: racks === undefined ? none : added(racks),
      running: running[index]!,
      averageWatts: averageWatts?.[index],
    }
  })
}

type RowWriter = (
  label: WordKey,
  unit: string,
  format: NonNullable<Look['format']>,
  of: (year: Year, index: number) => Term,
) => Term[]

function rowWriter(context: WorkbookContext, sheet: SheetBuilder, years: readonly Year[]): RowWriter {
  return (label, unit, format, of) => {
    sheet.text(0, context.words(label), { indent: 1 })
    sheet.text(1, unit, { kind: 'muted' })
    const cells = years.map((year, index) =>
      sheet.formula(firstYearColumn + index, of(year, index), { format }),
    )
    sheet.row += 1
    return cells
  }
}

/** The plan's count where the sheet's formula gives another one. */
function counted(direct: Term, planned: number | undefined): Term {
  return planned === undefined || same(direct.value, planned) ? direct : roundUp(startingAt(planned, direct))
}

/**
 * Draw of the machines of a year, all of them on: they wait, their hosts serve, and each replica draws more by its
 * load. Undefined where the plan does not know it.
 */
function wattsRow(
  of: OptionOf,
  fleet: {
    replicas: readonly Term[]
    needed: readonly Term[]
    machines: readonly Term[]
    accelerators: readonly Term[]
    row: RowWriter
  },
): Term[] | undefined {
  const { given, demand, curve, option, years } = of
  const { replicas, needed, machines, accelerators, row } = fleet
  if (given.wattsPerMachine !== undefined)
    return row('sizing.watts', 'W', 'whole', (_, index) => times(machines[index]!, given.wattsPerMachine!))
  const { idleWattsPerMachine, idleWattsPerAccelerator, servingWattsPerMachine } = given
  if (curve === undefined || !idleWattsPerMachine || !idleWattsPerAccelerator || !servingWattsPerMachine)
    return undefined
  const rates = row('sizing.rate', '1/s', 'two', (year, index) =>
    over(times(demand.peakRate, year.meanFactor), replicas[index]!),
  )
  const extra = row('sizing.extra', 'W', 'one', (_, index) => {
    const mean = meanExtraWatts(curve, { rate: rates[index]!, exponent: demand.exponent })
    return times(demand.workingShare, mean)
  })
  let factor: Term | undefined
  return row('sizing.watts', 'W', 'whole', (_, index) => {
    const waiting = plus(
      times(machines[index]!, idleWattsPerMachine),
      times(accelerators[index]!, idleWattsPerAccelerator),
    )
    const busy = over(
      times(demand.workingShare, atMost(constant(1), over(rates[index]!, curve.firstRate))),
      plus(demand.exponent, constant(1)),
    )
    const hosts = times(needed[index]!, servingWattsPerMachine, busy)
    const replica = times(replicas[index]!, extra[index]!)
    const all = plannedWatts(option, index, years)
    // The plan takes fewer points of the curve: one factor on the replicas' part makes both equal.
    if (all !== undefined && replica.value > 0) {
      const ratio = (all - waiting.value - hosts.value) / replica.value
      factor = Number.isFinite(ratio) && ratio > 0 && !same(ratio, 1) ? constant(ratio) : undefined
    }
    return plus(waiting, hosts, factor === undefined ? replica : times(replica, factor))
  })
}

/** Of all machines of a year, in the plan. */
function plannedWatts(option: PlanOption, index: number, years: readonly Year[]): number | undefined {
  const { phases = [], energy } = option
  if (phases.length > 0) return phases[index]?.averageWatts
  const share = runningShareOf(option)
  const inside = (years[index]?.months.value ?? 0) > 0
  return energy === undefined || !inside ? undefined : energy.averageWatts.value / share
}

/** Rented machines that are on only as long as the load needs them. */
export function followsLoad(option: PlanOption): boolean {
  return option.place.followsDemand ?? false
}

/** In the plan, of the first year. */
function runningShareOf({ cost, deployment, phases = [] }: PlanOption): number {
  const line = cost.lines.find((entry) => entry.category === 'compute' && entry.unit === 'instance-hour')
  const machines = phases[0]?.servers ?? deployment?.servers
  if (line === undefined || machines === undefined) return 1
  return line.quantity / (machines * hoursPerMonth)
}
