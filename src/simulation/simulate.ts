import type { EngineStep } from '../estimators/performance/engine-step.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { Arrivals, type OfferedLoad } from './arrivals.ts'
import { Replica } from './replica.ts'
import type { Requests } from './requests.ts'
import { othersClock, type Routing, route, slowest } from './routing.ts'
import { type SimulationSummary, summarise } from './summary.ts'

export interface SimulationInput extends OfferedLoad {
  readonly engine: EngineStep
  readonly replicas: number
  readonly routing: Routing
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

/** Yields the fraction done now and then. */
export type SimulationRun<Result> = Generator<number, Result, void>

/** A discrete-event simulation. The same input and seed give the same result to the last bit. */
export function simulate(input: SimulationInput): SimulationResult {
  return runToEnd(simulation(input))
}

export function runToEnd<Result>(run: SimulationRun<Result>): Result {
  for (;;) {
    const next = run.next()
    if (next.done) return next.value
  }
}

/**
 * The same, giving way to the event loop now and then.
 * @throws RightsizeError `cancelled` when the signal aborts.
 */
export async function runWithProgress<Result>(
  run: SimulationRun<Result>,
  control: { onProgress?: (fraction: number) => void; signal?: AbortSignal },
): Promise<Result> {
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

/** `simulate`, giving way to the event loop now and then. */
export function simulateWithProgress(
  input: SimulationInput,
  control: { onProgress?: (fraction: number) => void; signal?: AbortSignal },
): Promise<SimulationResult> {
  return runWithProgress(simulation(input), control)
}

/** Advances between two reports of progress: a few hundredths of a second of work. */
export const advancesPerReport = 20_000

/** Replicas behind one entrance, each of which does prefill and decode. */
export function* simulation(input: SimulationInput): SimulationRun<SimulationResult> {
  const arrivals = new Arrivals(input)
  const { requests } = arrivals
  const replicas = Array.from({ length: input.replicas }, () => new Replica(input.engine, requests))
  let ended = 0
  let rejected = 0
  let advances = 0
  while (ended < requests.count) {
    const arrival = arrivals.nextSeconds
    const behind = slowest(replicas, arrival)
    if (behind === undefined) {
      const request = arrivals.take()
      const replica =
        replicas[
          route({
            routing: input.routing,
            replicas: replicas.length,
            turn: request,
            outstanding: (index) => replicas[index]!.outstandingAt(arrival),
          })
        ]!
      if (replica.canHold(request)) replica.enqueue(request, arrival)
      else {
        rejected += 1
        ended += 1
        arrivals.ended(arrival)
      }
      continue
    }
    // In a closed loop another replica's ending may bring an arrival: do not run past the others' clocks.
    behind.advance(arrivals.followEndings ? Math.min(arrival, othersClock(replicas, behind)) : arrival)
    ended += behind.finished.length
    for (const _ of behind.finished) arrivals.ended(behind.clock)
    advances += 1
    if (advances % advancesPerReport === 0) yield ended / requests.count
  }
  return { requests, rejected, summary: summarise({ ...input, requests, replicas, rejected }) }
}
