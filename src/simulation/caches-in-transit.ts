import type { KvMemory } from './kv-memory.ts'
import type { ReplicaTotals } from './replica-totals.ts'
import type { Requests } from './requests.ts'

/** Caches that other replicas hand to a replica, or that it hands to them. They hold memory on both ends meanwhile. */
export class CachesInTransit {
  readonly #memory: KvMemory
  readonly #requests: Requests
  readonly #totals: ReplicaTotals
  #onTheWay = 0
  #landed: number[] = []

  constructor(memory: KvMemory, requests: Requests, totals: ReplicaTotals) {
    this.#memory = memory
    this.#requests = requests
    this.#totals = totals
  }

  /** Requests that will come and have not yet. */
  get onTheWay(): number {
    return this.#onTheWay
  }

  /** Requests that join at the next step. */
  get landed(): number {
    return this.#landed.length
  }

  /** Both: requests with a place among the sequences that do not decode yet. */
  get size(): number {
    return this.#onTheWay + this.#landed.length
  }

  /** What a handed-over request holds: its input, its first token and what the policy reserves. */
  tokensOf(request: number): number {
    return this.#memory.heldTokens(request, this.#requests.inputTokens[request]! + 1)
  }

  /** Takes room for a request whose cache sets out. */
  expect(request: number): void {
    this.#onTheWay += 1
    this.#memory.inTransitTokens += this.tokensOf(request)
  }

  land(request: number, at: { time: number; expectedSince: number }): void {
    const tokens = this.tokensOf(request)
    this.#memory.inTransitTokens -= tokens
    this.#memory.usedTokens += tokens
    this.#totals.kvTokenSeconds += tokens * (at.time - at.expectedSince)
    this.#onTheWay -= 1
    this.#landed.push(request)
  }

  takeLanded(): readonly number[] {
    const landed = this.#landed
    if (landed.length > 0) this.#landed = []
    return landed
  }

  /** The cache of a request that has ended here has left. */
  letGo(request: number, time: number): void {
    const tokens = this.tokensOf(request)
    this.#memory.inTransitTokens -= tokens
    this.#totals.kvTokenSeconds += tokens * (time - this.#requests.finishSeconds[request]!)
  }
}
