import type { EngineStep } from '../estimators/performance/engine-step.ts'
import { KeyedHeap } from './keyed-heap.ts'
import type { Requests } from './requests.ts'

/** The sequences of one replica that decode: all make the same progress in a step, so only ends need an order. */
export class DecodingBatch {
  readonly #tokensPerStep: number
  readonly #requests: Requests
  readonly #ends = new KeyedHeap()
  #step = 0
  #contextSum = 0

  constructor(engine: EngineStep, requests: Requests) {
    this.#tokensPerStep = engine.tokensPerStep
    this.#requests = requests
  }

  get size(): number {
    return this.#ends.size
  }

  /** Tokens, mean over the sequences; 0 where there is none. */
  get meanContextTokens(): number {
    return this.size > 0 ? this.#contextSum / this.size : 0
  }

  get stepsToNextEnd(): number {
    return this.#ends.firstKey - this.#step
  }

  /** A request whose input has been read decodes from the next step on. */
  start(request: number): void {
    const r = this.#requests
    const context = r.inputTokens[request]! + r.producedTokens[request]!
    const left = r.outputTokens[request]! - r.producedTokens[request]!
    r.startContext[request] = context
    r.startStep[request] = this.#step
    this.#contextSum += context
    this.#ends.push(request, this.#step + Math.ceil(left / this.#tokensPerStep))
  }

  /** Tokens by which all contexts together have grown after so many steps. */
  pass(steps: number): number {
    const grown = steps * this.size * this.#tokensPerStep
    this.#step += steps
    this.#contextSum += grown
    return grown
  }

  /** Takes out the next one that has ended, with its context; undefined where none has. */
  takeEnded(): { request: number; context: number } | undefined {
    if (this.size === 0 || this.#ends.firstKey > this.#step) return undefined
    const request = this.#ends.pop()
    const { context } = this.#standing(request)
    this.#leave(context)
    return { request, context }
  }

  /** Takes out one that has not ended, with its context and what it has produced here, in whole tokens. */
  takeOut(request: number): { context: number; produced: number } {
    const { context, grown } = this.#standing(request)
    this.#ends.remove(request)
    this.#leave(context)
    return { context, produced: Math.min(Math.floor(grown), this.#requests.outputTokens[request]! - 1) }
  }

  #standing(request: number): { context: number; grown: number } {
    const r = this.#requests
    const grown = (this.#step - r.startStep[request]!) * this.#tokensPerStep
    return { context: r.startContext[request]! + grown, grown }
  }

  #leave(context: number): void {
    this.#contextSum -= context
    // What is left of fractional tokens would add up.
    if (this.size === 0) this.#contextSum = 0
  }
}
