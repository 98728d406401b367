import { cashFlowOf, netPresentValueUsd } from './cash-flow.ts'
import { type OwnedFleet, type OwnPlan, type OwnPrices, ownLines } from './own.ts'

const emptyFleet: OwnedFleet = {
  servers: 0,
  accelerators: 0,
  networkPorts: 0,
  storageBytes: 0,
  racks: 0,
  averageItWatts: 0,
  ratedItWatts: 0,
}

/** A fleet's net present cost, USD; undefined where a price that it needs is missing. */
export type OwnTotal = (fleet: OwnedFleet) => number | undefined

/**
 * The search's form of `ownLines`: owning is linear in what is owned, so the lines of one unit of each thing are
 * priced once and a candidate costs seven multiplications. Same prices and plan, same total to rounding.
 */
export function preparedOwnTotal(input: {
  prices: OwnPrices
  plan: OwnPlan
  ratePerYearFraction: number
}): OwnTotal {
  const perUnit = (quantities: Partial<OwnedFleet>): number | undefined => {
    const lines = ownLines({ ...input, fleet: { ...emptyFleet, ...quantities } })
    const flow = cashFlowOf(lines, input.plan.horizonMonths)
    if (flow.missingLineIds.length > 0) return undefined
    return netPresentValueUsd({ ...flow, ratePerYearFraction: input.ratePerYearFraction })
  }
  const server = perUnit({ servers: 1 })
  const accelerator = perUnit({ accelerators: 1 })
  const networkPort = perUnit({ networkPorts: 1 })
  const storageByte = perUnit({ storageBytes: 1 })
  const rack = perUnit({ racks: 1 })
  const averageWatt = perUnit({ averageItWatts: 1 })
  const ratedWatt = perUnit({ ratedItWatts: 1 })
  return (fleet) => {
    // A quantity of nothing needs no price; NaN marks a missing one that is needed.
    const usd =
      part(fleet.servers, server) +
      part(fleet.accelerators, accelerator) +
      part(fleet.networkPorts, networkPort) +
      part(fleet.storageBytes, storageByte) +
      part(fleet.racks, rack) +
      part(fleet.averageItWatts, averageWatt) +
      part(fleet.ratedItWatts, ratedWatt)
    return Number.isNaN(usd) ? undefined : usd
  }
}

function part(quantity: number, usdPerUnit: number | undefined): number {
  return quantity === 0 ? 0 : quantity * (usdPerUnit ?? Number.NaN)
}
