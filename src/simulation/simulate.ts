import type { EngineStep } from '../estimators/performance/engine-step.ts'
import { seededRandom } from '../estimators/uncertainty/random.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { Replica } from './replica.ts'
import { emptyRequests, type Requests } from './requests.ts'
import { type SimulationSummary, summarise } from './summary.ts'
import { gapSampler, type LengthDistribution, lengthSampler, type Traffic } from './traffic.ts'

export interface SimulationInput {
  readonly engine: EngineStep
  readonly replicas: number
  readonly routing: 'round-robin' | 'least-outstanding'
  readonly traffic: Traffic
  /** Ignored by traces, which bring their own. */
  readonly lengths: { readonly input: LengthDistribution; readonly output: LengthDistribution }
  /** Ignored by traces. */
  readonly requests: number
  readonly seed: number
  /** Share of the requests at the beginning and at the end that statistics leave out. */
  readonly warmupFraction: number
  readonly cooldownFraction: number
}

export interface SimulationResult {
  readonly requests: Requests
  /** Requests that no replica's KV memory could ever hold. */
  readonly rejected: number
  readonly summary: SimulationSummary
}

/** A discrete-event simulation. The same input and seed give the same result to the last bit. */
export function simulate(input: SimulationInput): SimulationResult {
  const run = simulation(input)
  for (;;) {
    const next = run.next()
    if (next.done) return next.value
  }
}

/**
 * The same, giving way to the event loop now and then.
 * @throws RightsizeError `cancelled` when the signal aborts.
 */
export async function simulateWithProgress(
  input: SimulationInput,
  control: { onProgress?: (fraction: number) => void; signal?: AbortSignal },
): Promise<SimulationResult> {
  const run = simulation(input)
  for (;;) {
    if (control.signal?.aborted) {
      throw new RightsizeError({ code: 'cancelled', message: 'the simulation was cancelled' })
    }
    const next = run.next()
    if (next.done) return next.value
    control.onProgress?.(next.value)
    await new Promise<void>((resolve) => setTimeout(resolve, 0))
  }
}

/** Advances between two reports of progress: a few hundredths of a second of work. */
const advancesPerReport = 20_000

function* simulation(input: SimulationInput): Generator<number, SimulationResult, void> {
  const requests = generate(input)
  const replicas = Array.from({ length: input.replicas }, () => new Replica(input.engine, requests))
  const { count, arrivalSeconds } = requests
  const closed = input.traffic.kind === 'closed'
  let next = 0
  let ended = 0
  let rejected = 0
  let turn = 0
  let advances = 0
  // In a closed loop arrivals come from endings; these are the times of those not yet delivered, in order.
  const due: number[] = closed ? new Array(Math.min(concurrencyOf(input), count)).fill(0) : []
  const nextArrival = (): number => {
    if (next >= count) return Number.POSITIVE_INFINITY
    return closed ? (due[0] ?? Number.POSITIVE_INFINITY) : arrivalSeconds[next]!
  }
  while (ended < count) {
    const arrival = nextArrival()
    const behind = slowest(replicas, arrival)
    if (behind === undefined) {
      if (closed) arrivalSeconds[next] = due.shift()!
      const replica = replicas[route(input, replicas, turn, arrival)]!
      turn += 1
      if (replica.canHold(next)) replica.enqueue(next, arrival)
      else {
        rejected += 1
        ended += 1
        if (closed) insertSorted(due, arrival)
      }
      next += 1
      continue
    }
    // In a closed loop another replica's ending may bring an arrival: do not run past the others' clocks.
    behind.advance(closed ? Math.min(arrival, othersClock(replicas, behind)) : arrival)
    ended += behind.finished.length
    if (closed) for (const _ of behind.finished) insertSorted(due, behind.clock)
    advances += 1
    if (advances % advancesPerReport === 0) yield ended / count
  }
  return { requests, rejected, summary: summarise({ ...input, requests, replicas, rejected }) }
}

function concurrencyOf(input: SimulationInput): number {
  return input.traffic.kind === 'closed' ? input.traffic.concurrency : 0
}

/** Arrival times and lengths of all requests, each from a random stream of its own. */
function generate(input: SimulationInput): Requests {
  const { traffic } = input
  if (traffic.kind === 'trace') {
    const requests = emptyRequests(traffic.requests.length)
    for (const [index, request] of traffic.requests.entries()) {
      requests.arrivalSeconds[index] = request.arrivalSeconds
      requests.inputTokens[index] = request.inputTokens
      requests.outputTokens[index] = request.outputTokens
    }
    return requests
  }
  const requests = emptyRequests(input.requests)
  const streams = 3
  const stream = (index: number) => seededRandom(input.seed * streams + index)
  const inputTokens = lengthSampler(input.lengths.input, stream(0))
  const outputTokens = lengthSampler(input.lengths.output, stream(1))
  const gap = traffic.kind === 'open' ? gapSampler(traffic, stream(2)) : undefined
  let time = 0
  for (let index = 0; index < requests.count; index += 1) {
    if (gap !== undefined) {
      time += gap()
      requests.arrivalSeconds[index] = time
    }
    requests.inputTokens[index] = inputTokens()
    requests.outputTokens[index] = outputTokens()
  }
  return requests
}

/** The replica with work whose clock is furthest back, if it is before `time`. */
function slowest(replicas: readonly Replica[], time: number): Replica | undefined {
  let found: Replica | undefined
  for (const replica of replicas) {
    if (!replica.hasWork || replica.clock >= time) continue
    if (found === undefined || replica.clock < found.clock) found = replica
  }
  return found
}

function othersClock(replicas: readonly Replica[], one: Replica): number {
  let clock = Number.POSITIVE_INFINITY
  for (const replica of replicas)
    if (replica !== one && replica.hasWork) clock = Math.min(clock, replica.clock)
  return clock
}

function route(input: SimulationInput, replicas: readonly Replica[], turn: number, time: number): number {
  if (replicas.length === 1) return 0
  if (input.routing === 'round-robin') return turn % replicas.length
  let best = turn % replicas.length
  let least = replicas[best]!.outstandingAt(time)
  for (const [index, replica] of replicas.entries()) {
    const outstanding = replica.outstandingAt(time)
    if (outstanding < least) {
      best = index
      least = outstanding
    }
  }
  return best
}

function insertSorted(times: number[], time: number): void {
  let index = times.length
  while (index > 0 && times[index - 1]! > time) index -= 1
  times.splice(index, 0, time)
}
