import {
  emptyPerformance,
  type Performance,
  prefillAt,
  type ServingLoad,
  steadyState,
} from '../../estimators/performance/steady-state.ts'
import type { StepModel } from '../../estimators/performance/step-model.ts'
import type { ServingTask } from './serving-types.ts'

/** One replica with so many requests in flight. Latencies at the task's percentile. */
export interface LatencyAtLoad {
  concurrency: number
  requestsPerSecond: number
  ttftSeconds: number
  tpotSeconds: number
  endToEndSeconds: number
}

export interface Latency {
  empty(): LatencyAtLoad
  at(model: StepModel, concurrency: number, out: LatencyAtLoad): void
  /** Requests in flight beyond which nothing is asked where memory does not bind. */
  readonly noLimit: number
}

/** Requests that engines keep in flight at most, where nothing else limits them. */
const mostInFlight = 4096

/**
 * Latency against load. Means come from the steady state of the step model; around them the waiting time of a first
 * token is taken as exponential (its mean is the model's), and long requests are those of the lengths' 95th percentile.
 */
export function createLatency(task: ServingTask): Latency {
  const performance: Performance = emptyPerformance()
  const load: { -readonly [K in keyof ServingLoad]: ServingLoad[K] } = {
    concurrency: 1,
    inputTokens: task.inputTokensMean,
    outputTokens: Math.max(task.outputTokensMean, 1),
    cachedInputFraction: task.cachedInputFraction,
    tokensPerStep: 1,
    verifiedTokensPerStep: 1,
    sequencesInMemory: Number.POSITIVE_INFINITY,
    burstFraction: 0,
  }
  const long = { ...load, inputTokens: task.inputTokensP95 }
  const tail = -Math.log(1 - task.percentile)
  return {
    noLimit: mostInFlight,
    empty: () => ({
      concurrency: 0,
      requestsPerSecond: 0,
      ttftSeconds: 0,
      tpotSeconds: 0,
      endToEndSeconds: 0,
    }),
    at(model, concurrency, out) {
      load.concurrency = concurrency
      steadyState(model, load, performance)
      const alone = performance.prefillSeconds
      const own = model.coefficients.requestLatency + model.coefficients.stepWait * performance.tpotSeconds
      const wait = Math.max(performance.ttftSeconds - own - alone, 0)
      const longPrefill = task.inputTokensP95 > task.inputTokensMean ? prefillAt(model, long, 1) : alone
      out.concurrency = concurrency
      out.requestsPerSecond = performance.requestsPerSecond
      out.ttftSeconds = own + longPrefill + wait * tail
      out.tpotSeconds = performance.tpotSeconds
      out.endToEndSeconds = out.ttftSeconds + task.outputTokensP95 * performance.tpotSeconds
    },
  }
}
