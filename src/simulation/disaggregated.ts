import type { EngineStep } from '../estimators/performance/engine-step.ts'
import { Arrivals, type OfferedLoad } from './arrivals.ts'
import { HandOver } from './hand-over.ts'
import { type DisaggregatedSummary, summariseDisaggregated } from './pool-summary.ts'
import { Replica } from './replica.ts'
import type { Requests } from './requests.ts'
import { othersClock, type Routing, route, slowest } from './routing.ts'
import { advancesPerReport, runToEnd, type SimulationRun } from './simulate.ts'

/** Replicas that only read prompts, replicas that only decode, and a link over which the caches go. */
export interface DisaggregatedSimulationInput extends OfferedLoad {
  readonly prefill: Pool
  readonly decode: Pool
  readonly routing: Routing
  readonly transfer: {
    /** Of one replica's port, one way. Caches pass a port in turn. */
    readonly bytesPerSecond: number
    /** Bytes of the cache of a prompt. */
    bytesOf(inputTokens: number): number
  }
  readonly warmupFraction: number
  readonly cooldownFraction: number
}

export interface Pool {
  readonly engine: EngineStep
  readonly replicas: number
}

export interface DisaggregatedResult {
  readonly requests: Requests
  /** Requests that no replica's KV memory could ever hold. */
  readonly rejected: number
  readonly summary: DisaggregatedSummary
}

/** A discrete-event simulation of separate pools. The same input and seed give the same result to the last bit. */
export function simulateDisaggregated(input: DisaggregatedSimulationInput): DisaggregatedResult {
  return runToEnd(disaggregatedSimulation(input))
}

/**
 * A prompt is read in the prefill pool, which also samples the first token. Its cache stays there until the decode
 * replica it goes to has room for it; then it crosses the link, and the client sees the first token when it has arrived.
 * A request of one output token ends in the prefill pool.
 */
export function* disaggregatedSimulation(
  input: DisaggregatedSimulationInput,
): SimulationRun<DisaggregatedResult> {
  const arrivals = new Arrivals(input)
  const { requests } = arrivals
  const { count } = requests
  const readSeconds = new Float64Array(count).fill(Number.NaN)
  // To the prefill pool every request is one that ends with its first token.
  const prompts: Requests = {
    ...requests,
    outputTokens: new Int32Array(count).fill(1),
    firstTokenSeconds: readSeconds,
    finishSeconds: readSeconds,
  }
  const prefill = poolOf(input.prefill, (engine) => new Replica(engine, prompts, { handsOver: true }))
  const decode = poolOf(input.decode, (engine) => new Replica(engine, requests))
  const all = [...prefill, ...decode]
  const handOver = new HandOver({
    requests,
    prefill,
    decode,
    routing: input.routing,
    transfer: input.transfer,
  })
  let ended = 0
  let rejected = 0
  let advances = 0
  while (ended < count) {
    const next = Math.min(arrivals.nextSeconds, handOver.nextSeconds)
    const behind = slowest(all, next)
    if (behind === undefined) {
      if (handOver.nextSeconds <= next) {
        handOver.next()
        continue
      }
      const request = arrivals.take()
      const index = route({
        routing: input.routing,
        replicas: prefill.length,
        turn: request,
        outstanding: (one) => prefill[one]!.outstandingAt(next),
      })
      if (prefill[index]!.canHold(request) && decode[0]!.canHold(request)) {
        handOver.origin[request] = index
        prefill[index]!.enqueue(request, next)
      } else {
        rejected += 1
        ended += 1
        arrivals.ended(next)
      }
      continue
    }
    // What one pool does decides what comes to the other: no replica runs past the others' clocks.
    behind.advance(Math.min(next, othersClock(all, behind)))
    const { clock, finished } = behind
    const reads = prefill.includes(behind)
    for (const request of finished) {
      if (reads && requests.outputTokens[request]! > 1) {
        handOver.offer(request, clock)
        continue
      }
      if (reads) {
        behind.letGo(request, clock)
        requests.firstTokenSeconds[request] = clock
        requests.finishSeconds[request] = clock
      }
      ended += 1
      arrivals.ended(clock)
    }
    if (!reads) handOver.stepped(behind)
    advances += 1
    if (advances % advancesPerReport === 0) yield ended / count
  }
  const summary = summariseDisaggregated({
    ...input,
    requests,
    rejected,
    readSeconds,
    handOver,
    pools: { prefill, decode },
  })
  return { requests, rejected, summary }
}

function poolOf(pool: Pool, replica: (engine: EngineStep) => Replica): Replica[] {
  return Array.from({ length: pool.replicas }, () => replica(pool.engine))
}
