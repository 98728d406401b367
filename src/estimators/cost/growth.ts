import { monthsPerYear } from '../../foundation/units.ts'

/** Demand in months 1 to the horizon, growing evenly from the first month's. Same unit as the start. */
export function demandByMonth(input: {
  firstMonth: number
  growthPerYearFraction: number
  horizonMonths: number
}): number[] {
  const { firstMonth, growthPerYearFraction, horizonMonths } = input
  if (growthPerYearFraction === 0) return new Array<number>(horizonMonths).fill(firstMonth)
  return Array.from(
    { length: horizonMonths },
    (_, index) => firstMonth * (1 + growthPerYearFraction) ** (index / monthsPerYear),
  )
}

export interface Purchase {
  /** 0 = on the day of the start; month m - 1 for what month m needs. */
  readonly month: number
  readonly units: number
}

/** Room for float noise: a need of 3.0000000001 units is 3. */
const roundingSlack = 1e-9

export function unitsNeeded(input: { demand: number; capacityPerUnit: number }): number {
  return Math.ceil(input.demand / input.capacityPerUnit - roundingSlack)
}

/**
 * Purchases that keep capacity at or above demand. `when-needed` buys before the month that needs it,
 * `all-at-start` buys the last month's peak on the first day.
 */
export function plannedPurchases(input: {
  demandByMonth: readonly number[]
  capacityPerUnit: number
  policy: 'when-needed' | 'all-at-start'
}): Purchase[] {
  const needs = input.demandByMonth.map((demand) =>
    unitsNeeded({ demand, capacityPerUnit: input.capacityPerUnit }),
  )
  if (input.policy === 'all-at-start') {
    const units = Math.max(0, ...needs)
    return units === 0 ? [] : [{ month: 0, units }]
  }
  const purchases: Purchase[] = []
  let owned = 0
  needs.forEach((units, month) => {
    if (units <= owned) return
    purchases.push({ month, units: units - owned })
    owned = units
  })
  return purchases
}

/**
 * Servers for a peak: whole instances, each at the highest rate that still meets the latency target, then whole
 * servers for them (NVIDIA, "How Much Does Your LLM Inference Cost?", 2025).
 */
export function serversForPeak(input: {
  peakRequestsPerSecond: number
  requestsPerSecondPerInstance: number
  acceleratorsPerInstance: number
  acceleratorsPerServer: number
}): { instances: number; servers: number } {
  const instances = unitsNeeded({
    demand: input.peakRequestsPerSecond,
    capacityPerUnit: input.requestsPerSecondPerInstance,
  })
  const servers = unitsNeeded({
    demand: instances * input.acceleratorsPerInstance,
    capacityPerUnit: input.acceleratorsPerServer,
  })
  return { instances, servers }
}
