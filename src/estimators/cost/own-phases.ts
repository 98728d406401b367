import { powerLines } from './electricity.ts'
import type { CostLine } from './lines.ts'
import { type OwnedFleet, type OwnPlan, type OwnPrices, ownLines } from './own.ts'

/** What stands from a purchase on, until the next one. */
export interface OwnPhase {
  /** 0 = the first day; what is bought then is used from the month after. */
  readonly purchaseMonth: number
  readonly fleet: OwnedFleet
}

/** Lines of a purchase in a later month, told apart from those of the first day. */
export function neededFrom(lines: readonly CostLine[], month: number): CostLine[] {
  if (month <= 1) return [...lines]
  return lines.map((line) => ({
    ...line,
    id: `${line.id}-from-month-${month}`,
    label: `${line.label}, from month ${month}`,
    neededFromMonth: month,
  }))
}

/**
 * Every line of owning a fleet that grows: each purchase with its own running cost, age and residual value; electricity
 * by phase, as all machines together draw it. One phase gives the lines of `ownLines`.
 */
export function phasedOwnLines(input: {
  /** By month of purchase; no phase has less of anything bought than the one before. */
  phases: readonly OwnPhase[]
  prices: OwnPrices
  plan: OwnPlan
}): CostLine[] {
  const { phases, prices, plan } = input
  const [first] = phases
  if (first === undefined) return []
  if (phases.length === 1)
    return ownLines({ ...input, fleet: first.fleet, plan: { ...plan, purchaseMonth: first.purchaseMonth } })
  return phases.flatMap(({ purchaseMonth, fleet }, index) => {
    const added = addedFleet(fleet, phases[index - 1]?.fleet)
    const lines = [
      ...(Object.values(added).every((quantity) => quantity === 0)
        ? []
        : ownLines({ prices, plan: { ...plan, purchaseMonth }, fleet: added })),
      ...powerLines({
        averageItWatts: fleet.averageItWatts,
        usdPerKilowattHour: prices.electricityPerKilowattHour,
        growthPerYearFraction: prices.electricityGrowthPerYearFraction ?? 0,
        facility: prices.facility,
        calendar: plan.calendar,
        fromMonth: purchaseMonth + 1,
        toMonth: phases[index + 1]?.purchaseMonth ?? plan.horizonMonths,
      }).filter((line) => line.quantity !== 0),
    ]
    return neededFrom(lines, purchaseMonth + 1)
  })
}

function addedFleet(now: OwnedFleet, before: OwnedFleet | undefined): OwnedFleet {
  const more = (of: (fleet: OwnedFleet) => number) => of(now) - (before === undefined ? 0 : of(before))
  return {
    servers: more((fleet) => fleet.servers),
    accelerators: more((fleet) => fleet.accelerators),
    networkPorts: more((fleet) => fleet.networkPorts),
    storageBytes: more((fleet) => fleet.storageBytes),
    racks: more((fleet) => fleet.racks),
    ratedItWatts: more((fleet) => fleet.ratedItWatts),
    averageItWatts: 0,
  }
}
