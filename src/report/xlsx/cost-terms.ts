import { giga, hoursPerMonth, kilo, tokensPerMillion } from '../../foundation/units.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import type { Plan } from '../../planner/plan-types.ts'
import type { WorkbookInputs } from './assumptions.ts'
import { same, startingAt } from './context.ts'
import { type CostRow, plannedQuantity } from './cost-rows.ts'
import type { Demand } from './demand.ts'
import type { Fleets, FleetYear } from './fleet.ts'
import { call, constant, minus, over, plus, type Term, times } from './formula.ts'
import { quantityOfLine } from './line-drivers.ts'
import { sharedDemand } from './members.ts'
import type { Sizing } from './sizing.ts'
import { meanFactor, usageByYear } from './use-rows.ts'
import type { Year } from './years.ts'

/** What quantities and prices of cost lines follow. */
export interface Drivers {
  readonly inputs: WorkbookInputs
  readonly demand: Demand
  readonly sizing: ReadonlyMap<PlanOption, Sizing>
  readonly years: readonly Year[]
  readonly fleets: Fleets
  /** What hardware fetches by age in months, from 0. */
  readonly worth: { readonly range: string; readonly values: readonly number[] } | undefined
}

/** A row's quantity in each year: units bought, units per month, the year's volume, or a share. */
export function quantitiesByYear(plan: Plan, option: PlanOption, row: CostRow, drivers: Drivers): Term[] {
  if (row.kind === 'usage') return usageByYear(plan, option, row, drivers)
  let ratio = 1
  return drivers.years.map((year, index) => {
    const formula = quantityTerm(plan, option, row, { drivers, year, index })
    if (row.kind === 'planned' || formula === undefined) return constant(row.lines[0]?.quantity ?? 0)
    const planned = plannedOf(plan, row, { year, drivers })
    if (planned === undefined) return ratio === 1 ? formula : times(formula, constant(ratio))
    if (formula.value !== 0 && planned !== 0)
      ratio = same(formula.value, planned) ? 1 : planned / formula.value
    return startingAt(planned, formula)
  })
}

function plannedOf(
  plan: Plan,
  row: CostRow,
  { year, drivers }: { year: Year; drivers: Drivers },
): number | undefined {
  const { startMonth } = year
  if (row.kind === 'generation')
    return row.lines.find((line) => (line.neededFromMonth ?? 1) === startMonth + 1)?.quantity
  if (isShare(row)) return row.lines[0]?.quantity
  if (row.kind !== 'volume') return plannedQuantity(plan, row, startMonth)
  if (startMonth >= plan.finance.horizonMonths) return undefined
  const all = drivers.years.reduce((sum, { volume }) => sum + volume.value, 0)
  const total = row.lines.reduce((sum, line) => sum + line.quantity, 0) * plan.finance.horizonMonths
  return (total * year.volume.value) / all
}

/** Its quantity is a share of what other rows cost. */
export function isShare({ category, line }: CostRow): boolean {
  return (
    (category === 'maintenance' && line?.unit === 'of the system price') ||
    (category === 'spares' && line?.unit === 'of the hardware')
  )
}

interface At {
  readonly drivers: Drivers
  readonly year: Year
  readonly index: number
}

function quantityTerm(plan: Plan, option: PlanOption, row: CostRow, at: At): Term | undefined {
  const { drivers, year, index } = at
  if (row.kind === 'generation') return generationTerm(row, at)
  const { line } = row
  if (line === undefined || isShare(row)) return constant(line?.quantity ?? 0)
  const fleet = drivers.fleets.get(option)?.[index]
  const demand = sharedDemand(drivers.demand, drivers.inputs.shares.get(option))
  // The sheets start from the plan: the first value is the plan's.
  const atStart = (term: Term) => over(term, constant(term.value))
  switch (quantityOfLine(line, option.place.kind)) {
    case 'machines':
      return fleet && times(perUnit(option, row, 'servers'), machinesOf(row, fleet))
    case 'accelerators':
      return (
        fleet &&
        times(
          perUnit(option, row, 'accelerators'),
          row.kind === 'once' ? fleet.addedAccelerators : fleet.accelerators,
        )
      )
    case 'racks':
      return row.kind === 'once' ? fleet?.addedRacks : fleet?.racks
    case 'instance-hours':
      return fleet && times(fleet.running, constant(hoursPerMonth))
    case 'storage':
      return diskTerm(option, row, at, atStart(demand.requestsPerMonth))
    case 'meter-energy': {
      const { pue } = drivers.inputs.options.get(option) ?? {}
      const it = energyOf(fleet)
      return it === undefined ? undefined : pue === undefined ? it : times(it, pue)
    }
    case 'it-energy':
      return energyOf(fleet)
    case 'rated-power': {
      const { ratedWattsPerMachine, ratedWattsPerAccelerator } = drivers.inputs.options.get(option) ?? {}
      return (
        fleet &&
        ratedWattsPerMachine &&
        ratedWattsPerAccelerator &&
        over(
          plus(
            times(fleet.machines, ratedWattsPerMachine),
            times(fleet.accelerators, ratedWattsPerAccelerator),
          ),
          constant(kilo),
        )
      )
    }
    case 'egress': {
      // The plan shows the mean of the months.
      const mean = meanFactor(plan, drivers)
      return times(constant(line.quantity / mean), year.volume, atStart(demand.outputTokensPerMonth))
    }
    case 'input-tokens':
      return over(times(demand.inputTokensPerMonth, year.volume), constant(tokensPerMillion))
    case 'output-tokens':
      return over(times(demand.outputTokensPerMonth, year.volume), constant(tokensPerMillion))
    case 'requests':
      return times(demand.requestsPerMonth, year.volume)
    case 'use-above-base':
      return undefined
    case 'fixed':
      // What is paid once for all is paid in the first year alone, however far the sheets go.
      return constant(row.kind === 'once' && index > 0 ? 0 : line.quantity)
  }
}

function machinesOf(row: CostRow, fleet: FleetYear): Term {
  return row.kind === 'once' ? fleet.addedMachines : fleet.machines
}

/** What one machine or accelerator brings of it: ports of a server, the share of a person. */
function perUnit(option: PlanOption, row: CostRow, of: 'servers' | 'accelerators'): Term {
  const all = option.deployment?.[of] ?? 1
  const last = Math.max(...row.lines.map((line) => line.toMonth))
  const lines = row.kind === 'once' ? row.lines : row.lines.filter((line) => line.toMonth === last)
  return constant(lines.reduce((sum, line) => sum + line.quantity, 0) / all)
}

function energyOf(fleet: FleetYear | undefined): Term | undefined {
  return fleet?.averageWatts && over(times(fleet.averageWatts, constant(hoursPerMonth)), constant(kilo))
}

/** Weights on every machine bought, and disks for the log of the year's busiest month. */
function diskTerm(
  option: PlanOption,
  row: CostRow,
  { drivers, index }: At,
  requestsRatio: Term,
): Term | undefined {
  const { deployment, phases = [] } = option
  const fleet = drivers.fleets.get(option)?.[index]
  if (fleet === undefined || deployment === undefined) return undefined
  const stored = deployment.storedBytesPerCopy
  if (stored === undefined) return times(perUnit(option, row, 'servers'), machinesOf(row, fleet))
  const perCopy = stored / giga
  const peaks = drivers.years.map((year) => year.peakFactor)
  const firstServers = phases[0]?.servers ?? deployment.servers
  const first = Math.max(0, row.lines[0]!.quantity - perCopy * firstServers) / peaks[0]!.value
  const log = times(constant(first), requestsRatio)
  const before = peaks[index - 1]
  const grown = before === undefined ? peaks[index]! : minus(peaks[index]!, before)
  return plus(times(constant(perCopy), fleet.addedMachines), times(log, grown))
}

/** 1 for hardware bought again, the share that it fetches, as negative, for hardware sold; 0 where it is never bought. */
function generationTerm(row: CostRow, { drivers, year }: At): Term | undefined {
  const { generation, category } = row
  const of = year.generations[generation]
  const { horizon } = drivers.inputs.general
  if (of === undefined) return constant(0)
  const exists = of.bought.value < horizon.value
  const when = (then: Term) =>
    call(`IF(${of.bought.text}<${horizon.text},${then.text},0)`, exists ? then.value : 0)
  if (category === 'refresh') return when(constant(1))
  const { worth } = drivers
  if (worth === undefined) return undefined
  const age = minus(of.ends, of.bought)
  return when(
    minus(constant(0), call(`INDEX(${worth.range},${age.text}+1)`, worth.values[Math.round(age.value)] ?? 0)),
  )
}
