import { sentence } from '../../foundation/notes.ts'
import { secondsPerHour } from '../../foundation/units.ts'
import type { Filler } from './filler.ts'
import type { Scenario } from './schema.ts'

export interface ResolvedDemand {
  readonly basis: 'users' | 'requestRate' | 'concurrency'
  readonly workingHoursPerDay: number
  readonly workingDaysPerWeek: number
  readonly peakToAverage: number
  readonly growthPerYearFraction: number
  /** In four of five cases the demand is between the stated one ÷ (1 + this) and × (1 + this). */
  readonly uncertaintyFraction: number
  /** Undefined where only a concurrency was given. */
  readonly peakRequestsPerSecond: number | undefined
  readonly givenConcurrency: number | undefined
  readonly users: number | undefined
  readonly activeUserFraction: number | undefined
  readonly requestsPerUserPerDay: number | undefined
}

export function resolveDemand(
  part: Pick<Scenario, 'demand'>,
  filler: Filler,
  onDevice: boolean,
): ResolvedDemand {
  const given = part.demand ?? {}
  const basis =
    given.concurrency !== undefined
      ? 'concurrency'
      : given.requestRate !== undefined
        ? 'requestRate'
        : 'users'
  const workingHoursPerDay = filler.number(
    given.workingHoursPerDay,
    'demand.workingHoursPerDay',
    'working_hours_per_day',
  )
  const workingDaysPerWeek = filler.number(
    given.workingDaysPerWeek,
    'demand.workingDaysPerWeek',
    'working_days_per_week',
  )
  const peakToAverage = filler.number(given.peakToAverage, 'demand.peakToAverage', 'peak_to_average')
  const growthPerYearFraction = given.growthPerYear ?? 0
  const common = {
    basis,
    workingHoursPerDay,
    workingDaysPerWeek,
    peakToAverage,
    growthPerYearFraction,
    uncertaintyFraction:
      given.uncertainty ?? filler.quantity('demand.uncertainty', 'demand-uncertainty', 'fraction'),
  } as const
  if (basis !== 'users') {
    return {
      ...common,
      peakRequestsPerSecond: given.requestRate,
      givenConcurrency: given.concurrency,
      users: undefined,
      activeUserFraction: undefined,
      requestsPerUserPerDay: undefined,
    }
  }
  const users = given.users ?? (onDevice ? 1 : undefined)
  if (users === undefined)
    filler.missing('demand.users', 'give demand.users, demand.requestRate or demand.concurrency')
  if (given.users === undefined && onDevice)
    filler.note(
      'demand.users',
      '1',
      sentence('device-serves-owner', 'a device serves its owner'),
      'rightsize-judgement',
    )
  const activeUserFraction = filler.number(
    given.activeUserFraction,
    'demand.activeUserFraction',
    'active_user_fraction',
  )
  const requestsPerUserPerDay = filler.number(
    given.requestsPerUserPerDay,
    'demand.requestsPerUserPerDay',
    'requests_per_user_per_day',
  )
  return {
    ...common,
    users,
    activeUserFraction,
    requestsPerUserPerDay,
    givenConcurrency: undefined,
    peakRequestsPerSecond: peakRequestsPerSecond({
      users: users ?? 0,
      activeUserFraction,
      requestsPerUserPerDay,
      workingHoursPerDay,
      peakToAverage,
    }),
  }
}

/** λ_peak = users · active fraction · requests per day / (hours · 3600) · peak factor, requests per second. */
export function peakRequestsPerSecond(demand: {
  users: number
  activeUserFraction: number
  requestsPerUserPerDay: number
  workingHoursPerDay: number
  peakToAverage: number
}): number {
  const requestsPerDay = demand.users * demand.activeUserFraction * demand.requestsPerUserPerDay
  return (requestsPerDay / (demand.workingHoursPerDay * secondsPerHour)) * demand.peakToAverage
}
