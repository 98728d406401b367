import type { Replica } from './replica.ts'

export type Routing = 'round-robin' | 'least-outstanding'

/** Which replica of a pool a request goes to; `turn` counts the requests before it. */
export function route(input: {
  routing: Routing
  replicas: number
  turn: number
  outstanding: (replica: number) => number
}): number {
  const { replicas, outstanding } = input
  if (replicas === 1) return 0
  let best = input.turn % replicas
  if (input.routing === 'round-robin') return best
  let least = outstanding(best)
  for (let index = 0; index < replicas; index += 1) {
    const here = outstanding(index)
    if (here < least) {
      best = index
      least = here
    }
  }
  return best
}

/** The replica that can make a step and whose clock is furthest back, if it is before `time`. */
export function slowest(replicas: readonly Replica[], time: number): Replica | undefined {
  let found: Replica | undefined
  for (const replica of replicas) {
    if (replica.clock >= time || !replica.canAdvance) continue
    if (found === undefined || replica.clock < found.clock) found = replica
  }
  return found
}

/** Furthest back among the others: what a replica does beyond it may depend on them. */
export function othersClock(replicas: readonly Replica[], one: Replica): number {
  let clock = Number.POSITIVE_INFINITY
  for (const replica of replicas)
    if (replica !== one && replica.canAdvance) clock = Math.min(clock, replica.clock)
  return clock
}
