import { type PromptSizes, promptSizes } from './prompt-sizes.ts'
import { promptBudget, type QueueingLoad, runningWhenFull, stepSecondsOf } from './queueing-load.ts'

/**
 * Prompts that wait for prefill, step by step, while a fixed number of sequences decodes. The backlog at the start of
 * each step is a Markov chain: a step takes what its token budget holds, lasts as long as that takes, and what arrives
 * meanwhile waits for the next. Solved numerically on units of a prompt (or of a part of one).
 */
export class PrefillChain {
  /** Decoding sequences. */
  running = 0
  /** Mean duration of a step that holds anything; Infinity where the backlog grows without end. */
  meanStepSeconds = 0

  // The solution, for `addTtft`. A unit is the grid of the backlog, in tokens; a full step holds `most` of them.
  load!: QueueingLoad
  rate = 0
  dispersion = 1
  budget = 0
  unit = 0
  most = 0
  sizes!: PromptSizes
  /** Decoding sequences in long runs of full steps, where starts outnumber ends. */
  #runningFull = 0
  /** Tokens of a full step in units that it has no room for, left for a short step of their own. */
  rest = 0
  restProbability = 0
  restSeconds = 0
  oneTokenSeconds = 0
  oneTokenSecondsAfter = 0
  totalSeconds = 0
  top = 0
  readonly #seconds = new Float64Array(mostUnits + 1)
  readonly #secondsAfter = new Float64Array(mostUnits + 1)
  readonly #rows: Float64Array[] = []
  readonly rowLength = new Int32Array(mostUnits + 1)
  probability = new Float64Array(mostStates)
  #next = new Float64Array(mostStates)

  /** Finds the stationary distribution; `dispersion` is variance ÷ mean of arrivals in a time (1 = Poisson). */
  solve(load: QueueingLoad, input: { running: number; ratePerSecond: number; dispersion: number }): void {
    this.load = load
    this.running = input.running
    this.rate = input.ratePerSecond
    this.dispersion = Math.max(1, input.dispersion)
    this.budget = promptBudget(load, input.running)
    this.#chooseUnit()
    this.sizes = promptSizes(load, this.unit)
    const full = Math.min(this.budget, this.most * this.unit)
    const fullSeconds = stepSecondsOf(load, { tokens: full, running: this.running })
    const tokensPerSecond = this.rate * load.promptTokens
    const used = (tokensPerSecond * fullSeconds) / full
    if (used >= 1) {
      this.meanStepSeconds = Number.POSITIVE_INFINITY
      return
    }
    this.#settleFullSteps(used)
    this.rest = Math.max(0, this.most * this.unit - this.budget)
    this.restSeconds = stepSecondsOf(load, { tokens: this.rest, running: this.running + 1 })
    this.oneTokenSeconds = stepSecondsOf(load, { tokens: 1, running: this.running })
    this.oneTokenSecondsAfter = stepSecondsOf(load, { tokens: 1, running: this.running + 1 })
    this.rowLength.fill(0)
    this.#seconds.fill(-1, 0, this.most + 1)
    this.#secondsAfter.fill(-1, 0, this.most + 1)
    this.#iterate(used)
    this.#measure()
  }

  /** Whole prompts where many fit a step, else such parts of one that the budget is close to a whole number. */
  #chooseUnit(): void {
    const { promptTokens, promptSquaredVariation } = this.load
    const ratio = this.budget / promptTokens
    const varies = promptSquaredVariation > 0
    if (ratio > mostUnits / 4) {
      this.unit = Math.max(promptTokens, this.budget / mostUnits)
      this.most = Math.floor(this.budget / this.unit + 1e-9)
      return
    }
    let parts = 1
    let least = Number.POSITIVE_INFINITY
    const from = varies ? (ratio < 2 ? 4 : 2) : 1
    for (let candidate = from; candidate <= mostParts; candidate += 1) {
      const units = candidate * ratio
      if (units < 0.97) continue
      const error = Math.abs(Math.round(units) - units) / units
      if (error < least - 0.01) {
        least = error
        parts = candidate
      }
      if (error < 0.03) break
    }
    this.unit = promptTokens / parts
    this.most = Math.round(this.budget / this.unit)
    if (this.most < 1) {
      // Prompts of many chunks: a unit is a chunk.
      this.unit = this.budget
      this.most = 1
    }
  }

  /** In long busy periods the batch moves from its mean towards what full steps alone would keep running. */
  #settleFullSteps(used: number): void {
    const { promptTokens, decodeSteps, slots } = this.load
    const whenFull = Math.min(slots, runningWhenFull(this.load))
    const busySteps = Math.max(1, promptTokens / this.budget) / (1 - Math.min(used, 0.97)) ** 2
    const share = busySteps / (busySteps + decodeSteps)
    this.#runningFull = Math.max(this.running, this.running + (whenFull - this.running) * share)
  }

  /** Seconds of a step with so many units. */
  stepSeconds(units: number): number {
    let seconds = this.#seconds[units]!
    if (seconds >= 0) return seconds
    const tokens = Math.min(this.budget, units * this.unit)
    const running = units === this.most ? this.#runningFull : this.running
    seconds = stepSecondsOf(this.load, { tokens, running })
    this.#seconds[units] = seconds
    return seconds
  }

  /** A step after one that has just added a sequence: matters where few run. */
  stepSecondsAfter(units: number): number {
    let seconds = this.#secondsAfter[units]!
    if (seconds >= 0) return seconds
    const tokens = Math.min(this.budget, units * this.unit)
    seconds = stepSecondsOf(this.load, { tokens, running: this.running + 1 })
    this.#secondsAfter[units] = seconds
    return seconds
  }

  /** Distribution of units that arrive during a step of `units` (Panjer's recursion: Poisson or negative binomial). */
  arrivals(units: number): Float64Array {
    const known = this.#rows[units]
    if (known !== undefined && this.rowLength[units]! > 0) return known
    const single = this.sizes.units
    const largest = single.length - 1
    const mean = this.rate * this.stepSeconds(units)
    const perPrompt = this.load.promptTokens / this.unit
    const variance = mean * (this.dispersion + this.load.promptSquaredVariation) * perPrompt * perPrompt
    const length = Math.min(mostStates, Math.ceil(mean * perPrompt + 5 * Math.sqrt(variance) + largest + 2))
    const row = known !== undefined && known.length >= length ? known : new Float64Array(length + 16)
    const none = single[0]!
    let a = 0
    let b = mean
    if (this.dispersion > 1.001) {
      const successes = mean / (this.dispersion - 1)
      a = 1 - 1 / this.dispersion
      b = (successes - 1) * a
      row[0] = ((1 - a) / (1 - a * none)) ** successes
    } else row[0] = Math.exp(-mean * (1 - none))
    const scale = 1 / (1 - a * none)
    for (let k = 1; k < length; k += 1) {
      let sum = 0
      const most = Math.min(largest, k)
      for (let j = 1; j <= most; j += 1) sum += (a + (b * j) / k) * single[j]! * row[k - j]!
      row[k] = sum * scale
    }
    this.#rows[units] = row
    this.rowLength[units] = length
    return row
  }

  #iterate(used: number): void {
    const single = this.sizes.units
    let now = this.probability
    let next = this.#next
    // A geometric start with roughly the right decay saves most of the rounds under heavy load.
    const perPrompt = this.load.promptTokens / this.unit
    const decay = used / (used + (2 * (1 - used)) / (perPrompt * (1 + this.load.promptSquaredVariation)))
    let mass = 1
    let top = 0
    now.fill(0)
    for (let x = 0; x < mostStates && mass > tiny; x += 1) {
      now[x] = mass
      mass *= decay
      top = x
    }
    const empty = this.running <= 0
    const most = this.most
    this.restProbability = 0
    next.fill(0)
    for (let round = 0; round < mostRounds; round += 1) {
      let rest = 0
      let reach = 0
      for (let x = 0; x <= top; x += 1) {
        const p = now[x]!
        if (p < tiny) continue
        if (empty && x === 0) {
          for (let k = 0; k < single.length; k += 1) next[k]! += p * single[k]!
          reach = Math.max(reach, single.length - 1)
          continue
        }
        const units = Math.min(x, most)
        const left = x - units
        const row = this.arrivals(units)
        const length = Math.min(this.rowLength[units]!, mostStates - left)
        for (let k = 0; k < length; k += 1) next[left + k]! += p * row[k]!
        if (left + length - 1 > reach) reach = left + length - 1
        if (this.rest > 0 && x === most) {
          const unfinished = p * row[0]!
          next[0]! -= unfinished
          rest += unfinished
        }
      }
      if (this.restProbability > 0) {
        const quiet = Math.exp(-this.rate * this.restSeconds)
        next[0]! += this.restProbability * quiet
        for (let k = 0; k < single.length; k += 1) {
          next[k]! += this.restProbability * (1 - quiet) * single[k]!
        }
        reach = Math.max(reach, single.length - 1)
      }
      let total = rest
      for (let x = 0; x <= reach; x += 1) total += next[x]!
      const last = Math.max(reach, top)
      let change = 0
      for (let x = 0; x <= last; x += 1) change += Math.abs(next[x]! / total - now[x]!)
      // From the empty state a prompt always comes, which makes the chain swing: half a step damps it.
      const further = empty ? -0.5 : 0
      let sum = rest / total
      top = 0
      for (let x = 0; x <= last; x += 1) {
        const p = next[x]! / total
        const moved = Math.max(0, p + further * (p - now[x]!))
        next[x] = moved
        sum += moved
        now[x] = 0
        if (moved > tiny) top = x
      }
      for (let x = 0; x <= top; x += 1) next[x]! /= sum
      this.restProbability = rest / total / sum
      const swap = now
      now = next
      next = swap
      if (change < settled) break
    }
    this.probability = now
    this.#next = next
    this.top = top
  }

  #measure(): void {
    const idle = this.running <= 0 ? this.probability[0]! : 0
    let seconds = this.restProbability * this.restSeconds
    for (let x = idle > 0 ? 1 : 0; x <= this.top; x += 1) {
      seconds += this.probability[x]! * this.stepSeconds(Math.min(x, this.most))
    }
    this.totalSeconds = seconds + idle / this.rate
    this.meanStepSeconds = seconds / (1 - idle)
  }
}

/** Units that a full step holds at most, parts that a prompt is cut into, states of the backlog. */
const mostUnits = 96
const mostParts = 8
const mostStates = 640
const mostRounds = 300
const tiny = 1e-8
/** Change of the distribution in one round at which it counts as stationary. */
const settled = 1e-4
