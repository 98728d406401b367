import type { EngineStep } from '../estimators/performance/engine-step.ts'
import type { Replica } from './replica.ts'
import type { Requests } from './requests.ts'

export interface Distribution {
  readonly mean: number
  readonly p50: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

export interface PoolActivity {
  /** Mean over replicas of the share of time with a step running. */
  readonly busyFraction: number
  /** Time means over all replicas together. */
  readonly meanRunningSequences: number
  readonly meanWaitingRequests: number
  readonly meanKvTokens: number
  readonly steps: number
  readonly preemptions: number
}

export interface SimulationSummary extends PoolActivity {
  /** Requests behind the latencies: warm-up, cool-down and rejected ones are left out. */
  readonly measuredRequests: number
  readonly rejectedRequests: number
  /** Seconds from the first arrival to the last token. */
  readonly durationSeconds: number
  readonly ttftSeconds: Distribution
  /** Over requests with two output tokens or more. */
  readonly tpotSeconds: Distribution
  readonly endToEndSeconds: Distribution
  readonly requestsPerSecond: number
  readonly inputTokensPerSecond: number
  readonly outputTokensPerSecond: number
}

/** The value below which the fraction lies, between neighbours by straight line (type 7 of Hyndman and Fan 1996). */
export function sortedQuantile(sorted: ArrayLike<number>, fraction: number): number {
  if (sorted.length === 0) return Number.NaN
  const place = fraction * (sorted.length - 1)
  const low = Math.floor(place)
  const high = Math.min(low + 1, sorted.length - 1)
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (place - low)
}

export function distribution(values: Float64Array): Distribution {
  const sorted = values.toSorted()
  let sum = 0
  for (const value of sorted) sum += value
  return {
    mean: sum / sorted.length,
    p50: sortedQuantile(sorted, 0.5),
    p90: sortedQuantile(sorted, 0.9),
    p95: sortedQuantile(sorted, 0.95),
    p99: sortedQuantile(sorted, 0.99),
    max: sorted.at(-1) ?? Number.NaN,
  }
}

/** Requests that statistics look at: from the first one (included) to the second (not included). */
export function measuredRange(
  count: number,
  leftOut: { warmupFraction: number; cooldownFraction: number },
): { from: number; to: number } {
  return {
    from: Math.floor(count * leftOut.warmupFraction),
    to: count - Math.floor(count * leftOut.cooldownFraction),
  }
}

export function summarise(input: {
  engine: EngineStep
  requests: Requests
  replicas: readonly Replica[]
  rejected: number
  warmupFraction: number
  cooldownFraction: number
}): SimulationSummary {
  const { requests: r, replicas, engine } = input
  const { from, to } = measuredRange(r.count, input)
  const ttft: number[] = []
  const tpot: number[] = []
  const endToEnd: number[] = []
  let inputTokens = 0
  let served = 0
  let end = 0
  for (let index = 0; index < r.count; index += 1) {
    const finish = r.finishSeconds[index]!
    if (Number.isNaN(finish)) continue
    served += 1
    inputTokens += r.inputTokens[index]!
    if (finish > end) end = finish
    if (index < from || index >= to) continue
    const arrival = r.arrivalSeconds[index]!
    const first = r.firstTokenSeconds[index]!
    ttft.push(engine.requestLatencySeconds + first - arrival)
    endToEnd.push(engine.requestLatencySeconds + finish - arrival)
    const gaps = r.outputTokens[index]! - 1
    if (gaps > 0) tpot.push((finish - first) / gaps)
  }
  const start = r.count > 0 ? r.arrivalSeconds[0]! : 0
  const duration = end - start
  const { outputTokens, ...activity } = poolActivity(replicas, duration)
  return {
    measuredRequests: ttft.length,
    rejectedRequests: input.rejected,
    durationSeconds: duration,
    ttftSeconds: distribution(Float64Array.from(ttft)),
    tpotSeconds: distribution(Float64Array.from(tpot)),
    endToEndSeconds: distribution(Float64Array.from(endToEnd)),
    requestsPerSecond: served / duration,
    inputTokensPerSecond: inputTokens / duration,
    outputTokensPerSecond: outputTokens / duration,
    ...activity,
  }
}

/** What replicas did in a time, all together. */
export function poolActivity(
  replicas: readonly Replica[],
  durationSeconds: number,
): PoolActivity & { outputTokens: number } {
  let steps = 0
  let busy = 0
  let outputTokens = 0
  let preemptions = 0
  let running = 0
  let waiting = 0
  let kv = 0
  for (const { totals } of replicas) {
    steps += totals.steps
    busy += totals.busySeconds
    outputTokens += totals.outputTokens
    preemptions += totals.preemptions
    running += totals.runningSeconds
    waiting += totals.waitingSeconds
    kv += totals.kvTokenSeconds
  }
  return {
    outputTokens,
    busyFraction: busy / durationSeconds / replicas.length,
    meanRunningSequences: running / durationSeconds,
    meanWaitingRequests: waiting / durationSeconds,
    meanKvTokens: kv / durationSeconds,
    steps,
    preemptions,
  }
}
