import type { EngineStep, StepLoad } from '../estimators/performance/engine-step.ts'
import { AdmissionOrder } from './admission-order.ts'
import { CachesInTransit } from './caches-in-transit.ts'
import { DecodingBatch } from './decoding-batch.ts'
import { equalSteps } from './equal-steps.ts'
import { KvMemory } from './kv-memory.ts'
import { emptyTotals } from './replica-totals.ts'
import type { Requests } from './requests.ts'
import { WaitingLine } from './waiting-line.ts'

/**
 * One engine: continuous batching with chunked prefill. Every step runs all decoding sequences first and fills the rest
 * of its token budget with prompts in order of arrival; a prompt that finishes in a step yields its first token.
 * Runs of steps in which nothing changes are added up in one go, with the same result as step by step.
 * In a pool of its own a replica may keep the caches of what has ended until they have left (`letGo`), or be handed
 * requests together with their caches (`expect`, `land`).
 */
export class Replica {
  readonly totals = emptyTotals()
  clock = 0
  /** Requests that ended in the last call of `advance`, all at `clock`. */
  readonly finished: number[] = []

  readonly #engine: EngineStep
  readonly #requests: Requests
  readonly #memory: KvMemory
  readonly #handsOver: boolean
  readonly #transit: CachesInTransit
  readonly #load: StepLoad = {
    prefillTokens: 0,
    prefillSeenTokens: 0,
    decodeSequences: 0,
    decodeContextTokens: 0,
  }
  readonly #line = new WaitingLine()
  readonly #decoding: DecodingBatch
  readonly #order: AdmissionOrder
  #partial = -1
  #partialLeft = 0
  #partialDepth = 0
  readonly #completed: number[] = []
  /** Nothing can run before a cache on its way makes room or arrives. */
  #blocked = false

  constructor(engine: EngineStep, requests: Requests, role: { handsOver: boolean } = { handsOver: false }) {
    this.#engine = engine
    this.#requests = requests
    this.#memory = new KvMemory(engine, requests)
    this.#order = new AdmissionOrder(requests, engine.maxSequences)
    this.#decoding = new DecodingBatch(engine, requests)
    this.#handsOver = role.handsOver
    this.#transit = new CachesInTransit(this.#memory, requests, this.totals)
  }

  get running(): number {
    return this.#decoding.size + (this.#partial >= 0 ? 1 : 0)
  }

  get waiting(): number {
    return this.#line.size + this.#transit.landed
  }

  /** Requests in the replica, or on their way to it, at a moment not after its clock. */
  outstandingAt(time: number): number {
    const here = this.running + this.waiting + (time < this.clock ? this.finished.length : 0)
    return here + this.#transit.onTheWay
  }

  get hasWork(): boolean {
    return this.running > 0 || this.waiting > 0
  }

  /** Whether a step can begin at `clock`. */
  get canAdvance(): boolean {
    return this.hasWork && !this.#blocked
  }

  /** Whether the KV memory could ever hold the request. */
  canHold(request: number): boolean {
    return this.#memory.wholeTokens(request) <= this.#memory.capacityTokens
  }

  /** Puts a request in the queue; the replica must have been advanced to its arrival. */
  enqueue(request: number, time: number): void {
    this.#meet(time)
    this.#line.join(request)
  }

  /** Whether a request could come with its cache now, beside what is expected already. */
  hasRoomFor(request: number): boolean {
    const engine = this.#engine
    const growth = this.#memory.reserves ? 0 : this.#decoding.size * engine.tokensPerStep
    return (
      !this.#line.resumes &&
      this.#decoding.size + this.#transit.size < engine.maxSequences &&
      this.#transit.tokensOf(request) <= this.#memory.freeTokens - growth
    )
  }

  /** Takes room for a request whose cache is on its way. */
  expect(request: number): void {
    this.#transit.expect(request)
  }

  /** The cache of an expected request has arrived: it decodes from the next step on. */
  land(request: number, at: { time: number; expectedSince: number }): void {
    this.#meet(at.time)
    this.#blocked = false
    this.#transit.land(request, at)
  }

  /** The cache of a request that has ended here has left. */
  letGo(request: number, time: number): void {
    this.#transit.letGo(request, time)
    if (!this.#blocked) return
    this.#meet(time)
    this.#blocked = false
  }

  /** Something comes at `time`: a replica at rest lives on from there, one in a step lets it wait for the end. */
  #meet(time: number): void {
    if (time < this.clock) this.totals.waitingSeconds += this.clock - time
    else if (!this.canAdvance) {
      this.totals.waitingSeconds += (time - this.clock) * this.waiting
      this.clock = time
    }
  }

  /** One step, or several equal ones: until `limit` is reached, a request ends or the batch changes. */
  advance(limit: number): void {
    this.finished.length = 0
    for (const request of this.#transit.takeLanded()) {
      this.#order.admit(request)
      this.#decoding.start(request)
    }
    const engine = this.#engine
    const memory = this.#memory
    const growth = engine.tokensPerStep
    let mayAdmit = true
    if (!memory.reserves && this.#decoding.size > 0) {
      while (memory.overflowsBy(this.#decoding.size * growth) && this.running > 1) {
        this.#preemptNewest()
        mayAdmit = false
      }
    }
    const decodes = this.#decoding.size
    const load = this.#load
    load.prefillTokens = 0
    load.prefillSeenTokens = 0
    load.decodeSequences = decodes * engine.verifiedTokensPerStep
    load.decodeContextTokens = this.#decoding.meanContextTokens
    this.#completed.length = 0
    this.#fillWithPrefill({ reserved: memory.reserves ? 0 : decodes * growth, mayAdmit })
    if (load.prefillTokens > 0) {
      load.prefillSeenTokens /= load.prefillTokens
      this.totals.prefillSteps += 1
      this.totals.prefillTokens += load.prefillTokens
      this.#pass(1, engine.stepSeconds(load))
    } else if (decodes > 0) this.#decodeOnly(limit)
    else if (memory.inTransitTokens > 0) this.#blocked = true
    else throw new Error('the scheduler has work but nothing to run')
    this.#leave()
  }

  /** Gives the token budget that decodes leave to prompts, first the one already begun, then those that wait. */
  #fillWithPrefill(input: { reserved: number; mayAdmit: boolean }): void {
    const engine = this.#engine
    const r = this.#requests
    const memory = this.#memory
    const line = this.#line
    let budget = engine.maxBatchedTokens - this.#load.decodeSequences
    let free = memory.freeTokens - input.reserved
    const run = (tokens: number): void => {
      const load = this.#load
      load.prefillTokens += tokens
      load.prefillSeenTokens += tokens * (this.#partialDepth + tokens / 2)
      budget -= tokens
      this.#partialDepth += tokens
      this.#partialLeft -= tokens
      if (!memory.reserves) {
        memory.usedTokens += tokens
        free -= tokens
      }
      if (this.#partialLeft > 0) return
      this.#completed.push(this.#partial)
      this.#partial = -1
    }
    if (this.#partial >= 0) {
      const tokens = Math.min(this.#partialLeft, budget, memory.reserves ? budget : Math.floor(free))
      if (tokens > 0) run(tokens)
      if (this.#partial >= 0) return
    }
    while (input.mayAdmit && budget > 0 && line.size > 0) {
      const running = this.#decoding.size + this.#completed.length + this.#transit.size
      if (running >= engine.maxSequences) return
      const request = line.next
      const length = r.inputTokens[request]! + (line.resumes ? r.producedTokens[request]! : 0)
      // At least the last input token runs, else there is nothing to sample from.
      const cached = Math.min(Math.floor(r.inputTokens[request]! * engine.cachedInputFraction), length - 1)
      const left = length - cached
      const tokens = Math.min(left, budget)
      if (memory.startTokens(request, { cached, tokens }) > free) return
      line.takeNext()
      const held = memory.openingTokens(request, cached)
      memory.usedTokens += held
      free -= held
      this.#order.admit(request)
      this.#partial = request
      this.#partialLeft = left
      this.#partialDepth = cached
      run(tokens)
      if (this.#partial >= 0) return
    }
  }

  /** Steps of decoding only, until something changes. */
  #decodeOnly(limit: number): void {
    const engine = this.#engine
    const decodes = this.#decoding.size
    const m = engine.tokensPerStep
    let most = this.#decoding.stepsToNextEnd
    const { freeTokens } = this.#memory
    if (!this.#memory.reserves && Number.isFinite(freeTokens))
      most = Math.min(most, Math.floor(freeTokens / (decodes * m)))
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
    totals.steps += steps
    totals.busySeconds += seconds
    totals.runningSeconds += seconds * (this.running + this.#completed.length)
    totals.waitingSeconds += seconds * this.waiting
    totals.kvTokenSeconds += seconds * this.#memory.usedTokens
    this.clock += seconds
    const grown = this.#decoding.pass(steps)
    if (!this.#memory.reserves) this.#memory.usedTokens += grown
  }

  /** Takes out what has ended and puts prompts that have been read among the decoding. */
  #leave(): void {
    const r = this.#requests
    for (;;) {
      const ended = this.#decoding.takeEnded()
      if (ended === undefined) break
      this.#release(ended.request, ended.context)
    }
    for (const request of this.#completed) {
      if (r.producedTokens[request] === 0) r.firstTokenSeconds[request] = this.clock
      r.producedTokens[request]! += 1
      this.totals.outputTokens += 1
      // The next decode step feeds the token just produced: its place in the cache is taken now.
      if (!this.#memory.reserves) this.#memory.usedTokens += 1
      if (r.producedTokens[request]! < r.outputTokens[request]!) this.#decoding.start(request)
      else this.#release(request, r.inputTokens[request]! + r.producedTokens[request]!)
    }
    this.#completed.length = 0
  }

  #release(request: number, context: number): void {
    const r = this.#requests
    const held = this.#memory.heldTokens(request, context)
    this.#memory.usedTokens -= held
    if (this.#handsOver) this.#memory.inTransitTokens += held
    this.totals.outputTokens += r.outputTokens[request]! - r.producedTokens[request]!
    r.producedTokens[request] = r.outputTokens[request]!
    this.#order.leave(request)
    r.finishSeconds[request] = this.clock
    this.finished.push(request)
  }

  /** The newest running request gives its memory back and waits at the head of the queue. */
  #preemptNewest(): void {
    const r = this.#requests
    const memory = this.#memory
    const request = this.#order.takeNewest()
    this.totals.preemptions += 1
    r.preemptions[request]! += 1
    if (request === this.#partial) {
      memory.usedTokens -= memory.heldTokens(request, this.#partialDepth)
      this.#partial = -1
    } else {
      const { context, produced } = this.#decoding.takeOut(request)
      this.totals.outputTokens += produced
      r.producedTokens[request]! += produced
      memory.usedTokens -= memory.heldTokens(request, context)
    }
    this.#line.rejoin(request)
  }
}
