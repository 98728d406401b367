import { daysPerWeek, hoursPerDay, secondsPerHour } from '../../foundation/units.ts'
import type { Calendar } from './lines.ts'

/** When rented instances run. */
export type Schedule =
  | { readonly kind: 'always-on' }
  | { readonly kind: 'window'; readonly hoursPerDay: number; readonly daysPerWeek: number }
  | {
      readonly kind: 'scale-to-zero'
      /** Hours of each day in which requests are served. */
      readonly activeHoursPerDay: number
      /** How often a day it starts from nothing. */
      readonly startsPerDay: number
      /** Billed waiting after the last request before it stops, s. */
      readonly idleSeconds: number
      readonly startUpSeconds: number
    }
  /** A job of so many instance hours in all, spread evenly over the horizon. */
  | { readonly kind: 'fixed-hours'; readonly totalHours: number; readonly horizonMonths: number }

/** Time until a cold instance answers, s: read the weights, then start the engine. */
export function startUpSeconds(input: {
  modelBytes: number
  storageBytesPerSecond: number
  engineSeconds: number
}): number {
  return input.modelBytes / input.storageBytesPerSecond + input.engineSeconds
}

/** Hours billed per instance and month. Scale to zero bills start-up and idle waiting too, never more than always on. */
export function billedHoursPerMonth(input: { schedule: Schedule; calendar: Calendar }): number {
  const { schedule, calendar } = input
  switch (schedule.kind) {
    case 'always-on':
      return calendar.hoursPerMonth
    case 'window':
      return (
        calendar.hoursPerMonth * (schedule.hoursPerDay / hoursPerDay) * (schedule.daysPerWeek / daysPerWeek)
      )
    case 'scale-to-zero': {
      const extra =
        (schedule.startsPerDay * (schedule.startUpSeconds + schedule.idleSeconds)) / secondsPerHour
      const perDay = Math.min(hoursPerDay, schedule.activeHoursPerDay + extra)
      return calendar.hoursPerMonth * (perDay / hoursPerDay)
    }
    case 'fixed-hours':
      return schedule.totalHours / schedule.horizonMonths
  }
}

/** Share of all hours in which an instance serves requests: billed start-up and idle waiting are not in it. */
export function servingFraction(input: { schedule: Schedule; calendar: Calendar }): number {
  const { schedule, calendar } = input
  return schedule.kind === 'scale-to-zero'
    ? schedule.activeHoursPerDay / hoursPerDay
    : billedHoursPerMonth({ schedule, calendar }) / calendar.hoursPerMonth
}

/** How often a spot instance is taken back, and what each time costs. */
export interface SpotInterruptions {
  readonly interruptionsPerHour: number
  readonly lostSecondsPerInterruption: number
}

/** Rate of a Poisson process by the chance of at least one interruption in a month, which is what providers publish. */
export function interruptionsPerHour(input: { chancePerMonth: number; calendar: Calendar }): number {
  return -Math.log1p(-input.chancePerMonth) / input.calendar.hoursPerMonth
}

/**
 * Hours billed for one hour of useful work on spot instances: each interruption loses the work since the last
 * checkpoint and the restart. Undefined where interruptions come so often that nothing gets done.
 */
export function spotHoursPerUsefulHour(input: SpotInterruptions): number | undefined {
  const useful = 1 - (input.interruptionsPerHour * input.lostSecondsPerInterruption) / secondsPerHour
  return useful > 0 ? 1 / useful : undefined
}
