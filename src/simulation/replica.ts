import type { EngineStep, StepLoad } from '../estimators/performance/engine-step.ts'
import { equalSteps } from './equal-steps.ts'
import { FinishHeap } from './finish-heap.ts'
import type { Requests } from './requests.ts'

/** Time integrals and counts of one replica, seconds and tokens. */
export interface ReplicaTotals {
  steps: number
  busySeconds: number
  /** Steps that hold prefill. */
  prefillSteps: number
  prefillTokens: number
  outputTokens: number
  preemptions: number
  /** Sequence-seconds of running and of waiting requests. */
  runningSeconds: number
  waitingSeconds: number
  kvTokenSeconds: number
}

/**
 * One engine: continuous batching with chunked prefill. Every step runs all decoding sequences first and fills the rest
 * of its token budget with prompts in order of arrival; a prompt that finishes in a step yields its first token.
 * Runs of steps in which nothing changes are added up in one go, with the same result as step by step.
 */
export class Replica {
  readonly totals: ReplicaTotals = {
    steps: 0,
    busySeconds: 0,
    prefillSteps: 0,
    prefillTokens: 0,
    outputTokens: 0,
    preemptions: 0,
    runningSeconds: 0,
    waitingSeconds: 0,
    kvTokenSeconds: 0,
  }
  clock = 0
  /** Requests that ended in the last call of `advance`, all at `clock`. */
  readonly finished: number[] = []

  readonly #engine: EngineStep
  readonly #requests: Requests
  readonly #load: StepLoad = {
    prefillTokens: 0,
    prefillSeenTokens: 0,
    decodeSequences: 0,
    decodeContextTokens: 0,
  }
  readonly #waiting: number[] = []
  #waitingHead = 0
  /** Preempted requests, newest last: they go before all others. */
  readonly #resuming: number[] = []
  readonly #decoding = new FinishHeap()
  /** Admitted requests in order; entries of requests that have left are skipped. */
  #admitted: number[] = []
  #partial = -1
  #partialLeft = 0
  #partialDepth = 0
  readonly #completed: number[] = []
  #step = 0
  #contextSum = 0
  #kvUsed = 0

  constructor(engine: EngineStep, requests: Requests) {
    this.#engine = engine
    this.#requests = requests
  }

  get running(): number {
    return this.#decoding.size + (this.#partial >= 0 ? 1 : 0)
  }

  get waiting(): number {
    return this.#waiting.length - this.#waitingHead + this.#resuming.length
  }

  /** Requests in the replica at a moment not after its clock. */
  outstandingAt(time: number): number {
    return this.running + this.waiting + (time < this.clock ? this.finished.length : 0)
  }

  get hasWork(): boolean {
    return this.running > 0 || this.waiting > 0
  }

  /** Whether the KV memory could ever hold the request. */
  canHold(request: number): boolean {
    const r = this.#requests
    const tokens = r.inputTokens[request]! + r.outputTokens[request]! + this.#engine.kvTokensPerSequence
    return tokens <= this.#engine.kvCapacityTokens
  }

  /** Puts a request in the queue; the replica must have been advanced to its arrival. */
  enqueue(request: number, time: number): void {
    if (!this.hasWork && this.clock < time) this.clock = time
    if (time < this.clock) this.totals.waitingSeconds += this.clock - time
    this.#waiting.push(request)
  }

  /** One step, or several equal ones: until `limit` is reached, a request ends or the batch changes. */
  advance(limit: number): void {
    this.finished.length = 0
    const engine = this.#engine
    const growth = engine.tokensPerStep
    const preempts = engine.kvPolicy === 'preempt'
    let mayAdmit = true
    if (preempts && this.#decoding.size > 0) {
      while (this.#kvUsed + this.#decoding.size * growth > engine.kvCapacityTokens && this.running > 1) {
        this.#preemptNewest()
        mayAdmit = false
      }
    }
    const decodes = this.#decoding.size
    const load = this.#load
    load.prefillTokens = 0
    load.prefillSeenTokens = 0
    load.decodeSequences = decodes * engine.verifiedTokensPerStep
    load.decodeContextTokens = decodes > 0 ? this.#contextSum / decodes : 0
    this.#completed.length = 0
    const reserved = preempts ? decodes * growth : 0
    this.#fillWithPrefill({ reserved, mayAdmit })
    if (load.prefillTokens > 0) {
      load.prefillSeenTokens /= load.prefillTokens
      this.totals.prefillSteps += 1
      this.totals.prefillTokens += load.prefillTokens
      this.#pass(1, engine.stepSeconds(load))
    } else this.#decodeOnly(limit)
    this.#leave()
  }

  /** Gives the token budget that decodes leave to prompts, first the one already begun, then those that wait. */
  #fillWithPrefill(input: { reserved: number; mayAdmit: boolean }): void {
    const engine = this.#engine
    const r = this.#requests
    let budget = engine.maxBatchedTokens - this.#load.decodeSequences
    let free = engine.kvCapacityTokens - this.#kvUsed - input.reserved
    const reserves = engine.kvPolicy === 'reserve'
    const run = (tokens: number): void => {
      const load = this.#load
      load.prefillTokens += tokens
      load.prefillSeenTokens += tokens * (this.#partialDepth + tokens / 2)
      budget -= tokens
      this.#partialDepth += tokens
      this.#partialLeft -= tokens
      if (!reserves) {
        this.#kvUsed += tokens
        free -= tokens
      }
      if (this.#partialLeft > 0) return
      this.#completed.push(this.#partial)
      this.#partial = -1
    }
    if (this.#partial >= 0) {
      const tokens = Math.min(this.#partialLeft, budget, reserves ? budget : Math.floor(free))
      if (tokens > 0) run(tokens)
      if (this.#partial >= 0) return
    }
    while (input.mayAdmit && budget > 0 && this.waiting > 0) {
      const running = this.#decoding.size + this.#completed.length
      if (running >= engine.maxSequences) return
      const resumes = this.#resuming.length > 0
      const request = resumes ? this.#resuming.at(-1)! : this.#waiting[this.#waitingHead]!
      const length = r.inputTokens[request]! + (resumes ? r.producedTokens[request]! : 0)
      // At least the last input token runs, else there is nothing to sample from.
      const cached = Math.min(Math.floor(r.inputTokens[request]! * engine.cachedInputFraction), length - 1)
      const left = length - cached
      const need =
        engine.kvTokensPerSequence +
        (reserves ? r.inputTokens[request]! + r.outputTokens[request]! : cached + Math.min(left, budget))
      if (need > free) return
      if (resumes) this.#resuming.pop()
      else this.#dequeue()
      const held = reserves ? need : engine.kvTokensPerSequence + cached
      this.#kvUsed += held
      free -= held
      this.#admitted.push(request)
      if (this.#admitted.length > 4 * engine.maxSequences + 64) this.#compactAdmitted()
      r.running[request] = 1
      this.#partial = request
      this.#partialLeft = left
      this.#partialDepth = cached
      run(Math.min(left, budget))
      if (this.#partial >= 0) return
    }
  }

  #dequeue(): void {
    this.#waitingHead += 1
    if (this.#waitingHead > 4096 && this.#waitingHead * 2 > this.#waiting.length) {
      this.#waiting.splice(0, this.#waitingHead)
      this.#waitingHead = 0
    }
  }

  #compactAdmitted(): void {
    this.#admitted = this.#admitted.filter((request) => this.#requests.running[request] === 1)
  }

  /** Steps of decoding only, until something changes. */
  #decodeOnly(limit: number): void {
    const engine = this.#engine
    const decodes = this.#decoding.size
    const m = engine.tokensPerStep
    if (decodes === 0) throw new Error('the scheduler has work but nothing to run')
    let most = this.#decoding.firstKey - this.#step
    if (engine.kvPolicy === 'preempt' && Number.isFinite(engine.kvCapacityTokens)) {
      most = Math.min(most, Math.floor((engine.kvCapacityTokens - this.#kvUsed) / (decodes * m)))
    }
    const first = this.#load.decodeContextTokens
    const run = equalSteps({
      most: Math.max(most, 1),
      untilSeconds: limit - this.clock,
      secondsAt: (index) => {
        this.#load.decodeContextTokens = first + index * m
        return engine.stepSeconds(this.#load)
      },
    })
    this.#pass(run.steps, run.seconds)
  }

  /** Lets `steps` steps pass that take `seconds` together. */
  #pass(steps: number, seconds: number): void {
    const { totals } = this
    const engine = this.#engine
    const decodes = this.#decoding.size
    totals.steps += steps
    totals.busySeconds += seconds
    totals.runningSeconds += seconds * (this.running + this.#completed.length)
    totals.waitingSeconds += seconds * this.waiting
    totals.kvTokenSeconds += seconds * this.#kvUsed
    this.clock += seconds
    this.#step += steps
    const grown = steps * decodes * engine.tokensPerStep
    this.#contextSum += grown
    if (engine.kvPolicy === 'preempt') this.#kvUsed += grown
  }

  /** Takes out what has ended and puts prompts that have been read among the decoding. */
  #leave(): void {
    const r = this.#requests
    const engine = this.#engine
    const m = engine.tokensPerStep
    while (this.#decoding.size > 0 && this.#decoding.firstKey <= this.#step) {
      const request = this.#decoding.pop()
      const context = r.startContext[request]! + (this.#step - r.startStep[request]!) * m
      this.#contextSum -= context
      this.#release(request, context)
    }
    if (this.#decoding.size === 0) this.#contextSum = 0
    for (const request of this.#completed) {
      if (r.producedTokens[request] === 0) r.firstTokenSeconds[request] = this.clock
      r.producedTokens[request]! += 1
      this.totals.outputTokens += 1
      const context = r.inputTokens[request]! + r.producedTokens[request]!
      const left = r.outputTokens[request]! - r.producedTokens[request]!
      // The next decode step feeds the token just produced: its place in the cache is taken now.
      if (engine.kvPolicy === 'preempt') this.#kvUsed += 1
      if (left <= 0) this.#release(request, context)
      else {
        r.startContext[request] = context
        r.startStep[request] = this.#step
        this.#contextSum += context
        this.#decoding.push(request, this.#step + Math.ceil(left / m))
      }
    }
    this.#completed.length = 0
  }

  #release(request: number, context: number): void {
    const r = this.#requests
    const engine = this.#engine
    const { kvTokensPerSequence } = engine
    this.#kvUsed -=
      engine.kvPolicy === 'reserve'
        ? kvTokensPerSequence + r.inputTokens[request]! + r.outputTokens[request]!
        : kvTokensPerSequence + context
    this.totals.outputTokens += r.outputTokens[request]! - r.producedTokens[request]!
    r.producedTokens[request] = r.outputTokens[request]!
    r.running[request] = 0
    r.finishSeconds[request] = this.clock
    this.finished.push(request)
  }

  /** The newest running request gives its memory back and waits at the head of the queue. */
  #preemptNewest(): void {
    const r = this.#requests
    const engine = this.#engine
    let request = this.#admitted.pop()!
    while (r.running[request] !== 1) request = this.#admitted.pop()!
    r.running[request] = 0
    this.totals.preemptions += 1
    r.preemptions[request]! += 1
    if (request === this.#partial) {
      this.#kvUsed -= engine.kvTokensPerSequence + this.#partialDepth
      this.#partial = -1
    } else {
      const steps = this.#step - r.startStep[request]!
      const context = r.startContext[request]! + steps * engine.tokensPerStep
      const produced = Math.min(Math.floor(steps * engine.tokensPerStep), r.outputTokens[request]! - 1)
      this.totals.outputTokens += produced
      r.producedTokens[request]! += produced
      this.#contextSum -= context
      this.#kvUsed -= engine.kvTokensPerSequence + context
      this.#decoding.remove(request)
    }
    this.#resuming.push(request)
  }
}
