import { cashFlowOf, netPresentValueUsd } from './cash-flow.ts'
import type { Calendar, Price } from './lines.ts'
import { rentLines } from './rent.ts'
import type { Schedule, SpotInterruptions } from './schedule.ts'

/**
 * The search's form of `rentLines`: the net present cost of one instance over the horizon, USD, so that a candidate
 * costs one multiplication. Undefined: its price is missing.
 */
export function rentUsdPerInstance(input: {
  usdPerInstanceHour: Price
  schedule: Schedule
  spot?: SpotInterruptions | undefined
  horizonMonths: number
  calendar: Calendar
  ratePerYearFraction: number
}): number | undefined {
  const lines = rentLines({
    tranches: [{ ...input, id: 'one', label: 'one', instances: 1 }],
    extras: {},
    fromMonth: 1,
    toMonth: input.horizonMonths,
    calendar: input.calendar,
  })
  const flow = cashFlowOf(lines, input.horizonMonths)
  return flow.missingLineIds.length > 0
    ? undefined
    : netPresentValueUsd({ ...flow, ratePerYearFraction: input.ratePerYearFraction })
}
