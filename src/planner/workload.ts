import type { Note } from '../foundation/notes.ts'
import { daysPerWeek, secondsPerDay, secondsPerHour, secondsPerMonth } from '../foundation/units.ts'
import type { ResolvedScenario } from './scenario/resolve.ts'

/** The load a deployment must carry, in base units. */
export interface Workload {
  readonly peakRequestsPerSecond: number
  /** Mean over the working hours. */
  readonly averageRequestsPerSecond: number
  readonly requestsPerDay: number
  readonly requestsPerMonth: number
  readonly inputTokensPerMonth: number
  readonly outputTokensPerMonth: number
  /** Requests in flight at the peak. */
  readonly peakConcurrency: number
  readonly concurrencyBasis: 'given' | 'bound-from-targets'
  readonly notes: readonly Note[]
}

/** Time a request stays in the system: t = TTFT + n_out · TPOT, seconds. */
export function residenceSeconds(input: {
  ttftSeconds: number
  tpotSeconds: number
  outputTokens: number
}): number {
  return input.ttftSeconds + input.outputTokens * input.tpotSeconds
}

/** Little's law L = λ · t (Little 1961): requests in flight. */
export function concurrencyFromRate(input: { requestsPerSecond: number; residenceSeconds: number }): number {
  return input.requestsPerSecond * input.residenceSeconds
}

/**
 * The load at the peak. Where only a rate is known, concurrency follows from the latency targets: a system that
 * just meets them holds that many requests. It is a bound, and measured speed replaces it.
 */
export function workloadOf(resolved: ResolvedScenario): Workload {
  const { demand, input, output, targets } = resolved
  const residence = residenceSeconds({ ...targets, outputTokens: output.mean })
  const peakRequestsPerSecond = demand.peakRequestsPerSecond ?? (demand.givenConcurrency ?? 0) / residence
  const averageRequestsPerSecond = peakRequestsPerSecond / demand.peakToAverage
  const requestsPerDay = averageRequestsPerSecond * demand.workingHoursPerDay * secondsPerHour
  const workingDaysPerMonth = (secondsPerMonth / secondsPerDay / daysPerWeek) * demand.workingDaysPerWeek
  const requestsPerMonth = requestsPerDay * workingDaysPerMonth
  const bound = demand.givenConcurrency === undefined
  return {
    peakRequestsPerSecond,
    averageRequestsPerSecond,
    requestsPerDay,
    requestsPerMonth,
    inputTokensPerMonth: requestsPerMonth * input.mean,
    outputTokensPerMonth: requestsPerMonth * output.mean,
    peakConcurrency:
      demand.givenConcurrency ??
      Math.max(
        1,
        Math.ceil(
          concurrencyFromRate({ requestsPerSecond: peakRequestsPerSecond, residenceSeconds: residence }),
        ),
      ),
    concurrencyBasis: bound ? 'bound-from-targets' : 'given',
    notes: bound
      ? [
          {
            code: 'concurrency-from-targets',
            level: 'assumption',
            about: 'demand.concurrency',
            message:
              'requests in flight = peak rate × (TTFT target + output tokens × TPOT target), by Little’s law: what a system that just meets the targets holds; a faster one holds fewer',
            sourceId: 'little-1961',
          },
        ]
      : [],
  }
}
