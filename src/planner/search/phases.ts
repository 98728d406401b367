import { monthsPerYear } from '../../foundation/units.ts'
import type { PurchaseRule } from '../scenario/resolve-limits.ts'

/**
 * A year of the horizon in which demand grows. Machines are bought or rented on its first day for the highest peak up to
 * its end: who orders once a year must cover the coming year.
 */
export interface Phase {
  /** Months from the start to its first day; what is bought then serves from the next month on. */
  readonly startMonth: number
  /** Its last month, counted from 1. */
  readonly endMonth: number
  /** What its machines must carry. */
  readonly peakRequestsPerSecond: number
  /** Peak of its average month: what its machines draw follows from it. */
  readonly meanPeakRequestsPerSecond: number
}

/** The years of a growing demand; empty where it does not grow, and the first day decides everything. */
export function phasesOf(input: {
  /** Of the first month. */
  peakRequestsPerSecond: number
  growthByMonth: readonly number[]
  purchases: PurchaseRule
}): Phase[] {
  const { growthByMonth, peakRequestsPerSecond: first } = input
  const highest = growthByMonth.reduce((most, factor) => Math.max(most, factor), 1)
  if (highest <= 1) return []
  const phases: Phase[] = []
  let needed = 1
  for (let startMonth = 0; startMonth < growthByMonth.length; startMonth += monthsPerYear) {
    const factors = growthByMonth.slice(startMonth, startMonth + monthsPerYear)
    // Nothing is sold before the end of the horizon.
    needed = input.purchases === 'at-start' ? highest : Math.max(needed, ...factors)
    phases.push({
      startMonth,
      endMonth: startMonth + factors.length,
      peakRequestsPerSecond: first * needed,
      meanPeakRequestsPerSecond: (first * factors.reduce((sum, factor) => sum + factor, 0)) / factors.length,
    })
  }
  return phases
}
