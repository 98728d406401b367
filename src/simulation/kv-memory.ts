import type { EngineStep } from '../estimators/performance/engine-step.ts'
import type { Requests } from './requests.ts'

/** The KV memory of one replica, in tokens: who holds how much under the engine's policy. */
export class KvMemory {
  readonly capacityTokens: number
  /** Whether a request takes room for its whole output when it starts. */
  readonly reserves: boolean
  /** What running requests hold. */
  usedTokens = 0
  /** Caches on their way from or to another replica: they take room and no step reads them. */
  inTransitTokens = 0

  readonly #perSequence: number
  readonly #requests: Requests

  constructor(engine: EngineStep, requests: Requests) {
    this.capacityTokens = engine.kvCapacityTokens
    this.reserves = engine.kvPolicy === 'reserve'
    this.#perSequence = engine.kvTokensPerSequence
    this.#requests = requests
  }

  get freeTokens(): number {
    return this.capacityTokens - this.usedTokens - this.inTransitTokens
  }

  /** Whether so many more tokens would not fit. */
  overflowsBy(tokens: number): boolean {
    return this.usedTokens + this.inTransitTokens + tokens > this.capacityTokens
  }

  /** What the request holds at the end of its output. */
  wholeTokens(request: number): number {
    const r = this.#requests
    return this.#perSequence + r.inputTokens[request]! + r.outputTokens[request]!
  }

  /** What must be free for the request to start with a chunk of a prompt, part of which is cached. */
  startTokens(request: number, chunk: { cached: number; tokens: number }): number {
    return this.reserves ? this.wholeTokens(request) : this.#perSequence + chunk.cached + chunk.tokens
  }

  /** What it takes at its start, before a step has run. */
  openingTokens(request: number, cached: number): number {
    return this.reserves ? this.wholeTokens(request) : this.#perSequence + cached
  }

  /** What a request holds whose context has so many tokens. */
  heldTokens(request: number, context: number): number {
    return this.reserves ? this.wholeTokens(request) : this.#perSequence + context
  }
}
