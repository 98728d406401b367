import { daysPerWeek, hoursPerDay } from '../../foundation/units.ts'

/** Some hours of a week in which the load is the same share of the peak. */
export interface LoadLevel {
  readonly hoursPerWeek: number
  /** Request rate over the peak's, 0 to 1. */
  readonly loadFraction: number
}

export const hoursPerWeek = hoursPerDay * daysPerWeek

export interface LoadShape {
  readonly workingHoursPerDay: number
  readonly workingDaysPerWeek: number
  /** Peak request rate over the mean of the working hours, 1 or more. */
  readonly peakToAverageRatio: number
}

/**
 * The week's load sorted from the busiest hour down: within working hours f(x) = (1 − x)^(r − 1), whose peak is 1 and
 * whose mean is exactly 1/r; nothing outside. Each level is the exact mean of its part of the curve.
 */
export function weekLevels(shape: LoadShape, levels: number): LoadLevel[] {
  const { workingHoursPerDay, workingDaysPerWeek, peakToAverageRatio: r } = shape
  const working = workingHoursPerDay * workingDaysPerWeek
  // ∫ from a to b of (1 − x)^(r − 1) dx = ((1 − a)^r − (1 − b)^r) / r
  const meanOf = (index: number) =>
    (levels * ((1 - index / levels) ** r - (1 - (index + 1) / levels) ** r)) / r
  const parts: LoadLevel[] = Array.from({ length: levels }, (_, index) => ({
    hoursPerWeek: working / levels,
    loadFraction: meanOf(index),
  }))
  const off = hoursPerWeek - working
  return off > 0 ? [...parts, { hoursPerWeek: off, loadFraction: 0 }] : parts
}

/** Mean load over the whole week, over the peak's. */
export function meanLoadFraction(levels: readonly LoadLevel[]): number {
  let sum = 0
  let hours = 0
  for (const level of levels) {
    sum += level.hoursPerWeek * level.loadFraction
    hours += level.hoursPerWeek
  }
  return sum / hours
}

/**
 * A working day hour by hour for charts: the sorted curve laid around midday, the busiest hour in the middle of the
 * working hours. `startHour` is when work begins. 24 fractions of the peak whose sum is that of the curve.
 */
export function dayCurve(shape: LoadShape, startHour: number): number[] {
  const whole = Math.ceil(shape.workingHoursPerDay)
  const sorted = Array.from({ length: whole }, (_, index) => hourLoad(shape, index))
  const ordered: number[] = []
  for (const [index, value] of sorted.entries()) {
    if (index % 2 === 0) ordered.push(value)
    else ordered.unshift(value)
  }
  const day = new Array<number>(hoursPerDay).fill(0)
  for (const [index, value] of ordered.entries()) day[(startHour + index) % hoursPerDay] = value
  return day
}

/** Mean load of the n-th busiest hour; the last one may be worked in part. */
function hourLoad(shape: LoadShape, index: number): number {
  const { workingHoursPerDay: hours, peakToAverageRatio: r } = shape
  const left = (1 - index / hours) ** r
  const right = Math.max(0, 1 - (index + 1) / hours) ** r
  return (hours * (left - right)) / r
}
