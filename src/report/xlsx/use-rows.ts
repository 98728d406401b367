import { giga, monthsPerYear, secondsPerMonth } from '../../foundation/units.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import type { Plan } from '../../planner/plan-types.ts'
import { same, startingAt } from './context.ts'
import type { CostRow } from './cost-rows.ts'
import type { Drivers } from './cost-terms.ts'
import { call, constant, over, type Term, times } from './formula.ts'
import { sharedDemand } from './members.ts'

/** What a month is billed for: the first month's use times the month's demand, less a base; never below 0. */
export interface Use {
  readonly used: Term
  readonly base: Term
}

/** Of a subscription above its base; of rented storage the log, and as a base below 0 the models, which do not grow. */
export function useOf(
  plan: Plan,
  option: PlanOption,
  row: CostRow,
  { drivers, year }: { drivers: Drivers; year: number },
): Use | undefined {
  if (row.category !== 'storage') return useOfContract(option, drivers, year)
  const { deployment } = option
  const quantity = row.lines[0]?.quantity ?? 0
  const { requestsPerMonth } = sharedDemand(drivers.demand, drivers.inputs.shares.get(option))
  const stored = ((deployment?.storedBytesPerCopy ?? 0) * (deployment?.sites ?? 1)) / giga
  const copies = Math.min(stored, quantity)
  const log = (quantity - copies) / meanFactor(plan, drivers)
  return {
    used: times(constant(log), over(requestsPerMonth, constant(requestsPerMonth.value))),
    base: constant(-copies),
  }
}

/** Demand of the plan's average month over its first. */
export function meanFactor({ finance }: Plan, { years }: Drivers): number {
  return years.reduce((sum, { volume }) => sum + volume.value, 0) / finance.horizonMonths
}

/** Use of the first month in the contract's units, and what of it is in the base of a year. */
function useOfContract(option: PlanOption, drivers: Drivers, year: number): Use | undefined {
  const first = option.explanation.find((entry) => entry.figure === 'subscription.unitsInUse')?.result
  const { capacity, acceleratorsPerReplica } = drivers.inputs.options.get(option) ?? {}
  const fleet = drivers.fleets.get(option)?.[year]
  const size = drivers.sizing.get(option)
  if (first === undefined || !capacity || !acceleratorsPerReplica || !fleet || !size) return undefined
  const lines = option.cost.lines.filter(({ category }) => category === 'commitment')
  const byAccelerator = lines.some((line) => line.unit.startsWith('accelerator'))
  const demand = sharedDemand(drivers.demand, drivers.inputs.shares.get(option))
  const replicas = over(demand.requestsPerMonth, times(constant(secondsPerMonth), capacity))
  const used = byAccelerator
    ? times(replicas, acceleratorsPerReplica)
    : over(replicas, size.replicasPerMachine)
  const all = option.deployment?.[byAccelerator ? 'accelerators' : 'servers'] ?? 1
  const committed = lines.reduce((sum, line) => sum + line.quantity, 0)
  const base = times(constant(committed / all), byAccelerator ? fleet.accelerators : fleet.machines)
  return { used: startingAt(first, used), base }
}

/** Unit-months above the base, each month's demand against the base of its year. */
export function usageByYear(plan: Plan, option: PlanOption, row: CostRow, drivers: Drivers): Term[] {
  const { number, factor, values } = drivers.demand.months
  const { horizon } = drivers.inputs.general
  const above = drivers.years.map((year, index) => {
    const use = useOf(plan, option, row, { drivers, year: index })
    if (use === undefined) return undefined
    const more = `(${use.used.text}*${factor}-${use.base.text})`
    const inside = `(${number}>${year.startMonth})*(${number}<=${year.startMonth + monthsPerYear})*(${number}<=${horizon.text})`
    const months = values.slice(year.startMonth, year.startMonth + year.months.value)
    return call(
      `SUMPRODUCT(${inside}*(${more}>0)*${more})`,
      months.reduce((sum, value) => sum + Math.max(0, use.used.value * value - use.base.value), 0),
    )
  })
  const planned = row.lines.reduce((sum, line) => sum + line.quantity, 0) * plan.finance.horizonMonths
  const all = above.reduce((sum, term) => sum + (term?.value ?? 0), 0)
  return above.map((term) =>
    term === undefined || all === 0
      ? constant(planned / drivers.years.length)
      : same(all, planned)
        ? term
        : times(term, constant(planned / all)),
  )
}
