import { tokensPerMillion } from '../../foundation/units.ts'
import type { PlanCostLine, PlanOption } from '../../planner/plan-option-types.ts'
import type { WorkbookInputs } from './assumptions.ts'
import { startingAt } from './context.ts'
import type { Demand } from './demand.ts'
import type { Energy } from './energy.ts'
import { atLeast, constant, minus, over, plus, roundUp, type Term, times } from './formula.ts'
import {
  hardwareCategories,
  priceOfLine,
  purchaseCategories,
  quantityOfLine,
  systemCategories,
} from './line-drivers.ts'
import { sharedDemand } from './members.ts'
import type { Sizing } from './sizing.ts'

/** What quantities and prices of cost lines follow. */
export interface Drivers {
  readonly inputs: WorkbookInputs
  readonly demand: Demand
  readonly sizing: ReadonlyMap<PlanOption, Sizing>
  readonly energy: ReadonlyMap<PlanOption, Energy>
}

/** A line's quantity as a formula of what drives it. */
export function quantityTerm(option: PlanOption, line: PlanCostLine, drivers: Drivers): Term {
  const demand = sharedDemand(drivers.demand, drivers.inputs.shares.get(option))
  const sizing = drivers.sizing.get(option) ?? {}
  const energy = drivers.energy.get(option) ?? {}
  const tokens = (perMonth: Term): Term =>
    over(times(perMonth, demand.factorOfMonth(line.fromMonth)), constant(tokensPerMillion))
  switch (quantityOfLine(line, option.place.kind)) {
    case 'machines':
      return startingAt(line.quantity, sizing.machines)
    case 'accelerators':
      return startingAt(line.quantity, sizing.accelerators)
    case 'racks':
      return Number.isInteger(line.quantity) && sizing.machines !== undefined
        ? roundUp(startingAt(line.quantity, sizing.machines))
        : startingAt(line.quantity, sizing.machines)
    case 'meter-energy':
      return startingAt(line.quantity, energy.meterKilowattHours ?? energy.itKilowattHours ?? sizing.machines)
    case 'it-energy':
      return startingAt(line.quantity, energy.itKilowattHours ?? sizing.machines)
    case 'input-tokens':
      return startingAt(line.quantity, tokens(demand.inputTokensPerMonth))
    case 'output-tokens':
      return startingAt(
        line.quantity,
        line.category === 'egress' ? demand.outputTokensPerMonth : tokens(demand.outputTokensPerMonth),
      )
    case 'requests':
      return startingAt(line.quantity, times(demand.requestsPerMonth, demand.factorOfMonth(line.fromMonth)))
    case 'use-above-base':
      return startingAt(line.quantity, useAboveBase(option, demand, sizing))
    case 'fixed':
      return constant(line.quantity)
  }
}

/** Use of a subscription follows the requests, its base the machines. Where only later months exceed it the requests alone count. */
function useAboveBase(option: PlanOption, demand: Demand, sizing: Sizing): Term | undefined {
  const used = option.explanation.find((entry) => entry.figure === 'subscription.unitsInUse')?.result
  if (used === undefined) return undefined
  const meanUsed = startingAt(used, demand.requestsPerMonth)
  const committed = option.cost.lines
    .filter((line) => line.category === 'commitment')
    .reduce((sum, line) => sum + line.quantity, 0)
  const base = startingAt(committed, sizing.machines)
  const above = atLeast(constant(0), minus(meanUsed, base))
  return above.value > 0 ? above : demand.requestsPerMonth
}

/** A price that is a sum of other lines: the lines above it in the same bill. */
export function derivedPrice(
  option: PlanOption,
  line: PlanCostLine,
  amountsUsd: ReadonlyMap<PlanCostLine, Term>,
  drivers: Drivers,
): Term {
  const plan = line.unitPriceUsd
  const sumOf = (categories: readonly string[]): Term | undefined => {
    const parts = [...amountsUsd].filter(([of]) => categories.includes(of.category)).map(([, term]) => term)
    return parts.length === 0 ? undefined : plus(...parts)
  }
  switch (priceOfLine(line)) {
    case 'system': {
      const system = sumOf(systemCategories)
      // Machines that are owned already cost nothing to buy; maintenance is then a share of a price not on the bill.
      return startingAt(
        plan,
        system === undefined || system.value === 0 ? drivers.sizing.get(option)?.machines : system,
      )
    }
    case 'system-per-machine': {
      const system = sumOf(systemCategories)
      const machines = drivers.sizing.get(option)?.machines
      return startingAt(plan, system && machines && over(system, machines))
    }
    case 'hardware':
      return startingAt(plan, sumOf(hardwareCategories))
    case 'taxed-line':
      return startingAt(plan, [...amountsUsd].find(([of]) => `tax-${of.id}` === line.id)?.[1])
    default:
      return startingAt(plan, sumOf(purchaseCategories))
  }
}
