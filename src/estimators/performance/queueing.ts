import { standardNormalQuantile } from '../uncertainty/distributions.ts'
import type { EngineStep } from './engine-step.ts'
import { LatencyHistogram } from './latency-histogram.ts'
import { largestRate, meanStepSeconds } from './mean-step.ts'
import { PrefillChain } from './prefill-chain.ts'
import { addTtft } from './prefill-latency.ts'
import {
  promptBudget,
  type QueueingLoad,
  queueingLoad,
  type RequestLengths,
  runningWhenFull,
  stepSecondsOf,
} from './queueing-load.ts'
import { runningBatch, typicalBatch } from './running-batch.ts'

/** Requests per second to one replica, and how they come. */
export interface OpenLoad {
  readonly ratePerSecond: number
  /** Coefficient of variation of the time between arrivals: 1 for Poisson, more for bursts. */
  readonly burstiness: number
  readonly lengths: RequestLengths
}

export interface Quantiles {
  readonly mean: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

export interface OpenLatency {
  readonly ttftSeconds: Quantiles
  readonly endToEndSeconds: Quantiles
  /** Mean time of a decode step per output token, prefill of others included. */
  readonly tpotSeconds: number
  readonly meanRunningSequences: number
  /** Share of requests that wait because every sequence slot, or the KV memory, is taken. */
  readonly blockedFraction: number
  /** Of `capacityRequestsPerSecond`. */
  readonly utilisationFraction: number
}

const chains = Array.from({ length: 5 }, () => new PrefillChain())
const histogram = new LatencyHistogram()
const probe = new PrefillChain()

/**
 * Largest rate of Poisson requests that one replica serves without a queue that grows for ever, requests per second;
 * 0 where a mean request does not fit the KV memory. Approached from below: an engine that has long been overloaded
 * reads its prompts one by one as slots get free, and serves up to a tenth less where prompts are short.
 */
export function capacityRequestsPerSecond(engine: EngineStep, lengths: RequestLengths): number {
  return capacityOf(queueingLoad(engine, lengths))
}

function capacityOf(load: QueueingLoad): number {
  const { engine, lengths } = load
  const one = engine.kvTokensPerSequence + lengths.inputTokens + lengths.outputTokens
  if (one > engine.kvCapacityTokens) return 0
  const rough = largestRate(load, (running, ratePerSecond) =>
    meanStepSeconds(load, { running, ratePerSecond }),
  )
  if (runningWhenFull(load) <= load.slots) return rough
  // Where slots bind, the chain knows better how prompts share steps; a few secant steps from the closed form.
  // A sequence takes its slot, and its memory, when its prompt begins to be read.
  const chunks = Math.ceil(load.promptTokens / promptBudget(load, load.slots))
  const reading = chunks * stepSecondsOf(load, { tokens: load.promptTokens / chunks, running: load.slots })
  const needed = (ratePerSecond: number): number => {
    const decoding = Math.max(0.5, load.slots - ratePerSecond * reading)
    probe.solve(load, { running: decoding, ratePerSecond, dispersion: 1 })
    return (ratePerSecond * load.decodeSteps * probe.meanStepSeconds) / decoding
  }
  let low = 0
  let high = largestRate({ ...load, slots: Number.POSITIVE_INFINITY }, () => 0)
  let rate = Math.min(rough, 0.999 * high)
  for (let round = 0; round < 16 && high - low > 5e-4 * high; round += 1) {
    const ratio = needed(rate)
    if (ratio > 1) high = rate
    else low = rate
    if (Math.abs(ratio - 1) < 5e-4) return rate
    const next = rate / ratio ** 0.7
    rate = next > low && next < high ? next : (low + high) / 2
    // The closed form is near: look around it before halving what lies far.
    if (low === 0) rate = Math.max(rate, 0.9 * high)
  }
  return low > 0 ? low : rate
}

/**
 * Latency of open-loop traffic on one replica, without simulating it: the distribution of the running batch, the
 * backlog of prompts beside batches of a few sizes, and the wait for a slot. Checked against `src/simulation`.
 * Undefined at or above capacity, where waits grow for ever.
 */
export function openLatency(engine: EngineStep, open: OpenLoad): OpenLatency | undefined {
  const load = queueingLoad(engine, open.lengths)
  const capacity = capacityOf(load)
  const { ratePerSecond } = open
  if (!(ratePerSecond < capacity)) return undefined
  const arrivalVariation = open.burstiness ** 2
  const { mode, deviation } = typicalBatch(load, {
    ratePerSecond,
    meanStep: (running) => meanStepSeconds(load, { running, ratePerSecond }),
  })
  const nodes = batchNodes({ mode, deviation, slots: load.slots })
  const steps: number[] = []
  const used: PrefillChain[] = []
  for (const [index, running] of nodes.entries()) {
    const chain = chains[index]!
    chain.solve(load, { running, ratePerSecond, dispersion: arrivalVariation })
    if (chain.meanStepSeconds === Number.POSITIVE_INFINITY) break
    used.push(chain)
    steps.push(chain.meanStepSeconds)
  }
  if (used.length === 0) return undefined
  const places = nodes.slice(0, used.length)
  const decodeOnly = stepSecondsOf(load, { tokens: 0, running: Math.max(1, mode) })
  const prefillStretch = Math.max(1, between(places, steps, Math.max(1, mode)) / decodeOnly)
  const batch = runningBatch(load, {
    ratePerSecond,
    arrivalVariation,
    meanStep: (running) => between(places, steps, running),
    mode,
    deviation,
    prefillStretch,
    utilisation: ratePerSecond / capacity,
  })
  const shares = hatWeights(places, batch.sequences, batch.probabilities)
  histogram.reset(stepSecondsOf(load, { tokens: 1, running: Math.max(1, mode) }) / 16)
  for (const [index, chain] of used.entries())
    if (shares[index]! > 1e-4) addTtft(chain, histogram, shares[index]!)
  histogram.delaySome(batch.blockedFraction, batch.blockedWaitSeconds)
  const ttft = quantiles(engine.requestLatencySeconds)
  const tpot = between(places, steps, batch.mean) / engine.tokensPerStep
  const ttftVariance = histogram.variance()
  return {
    ttftSeconds: ttft,
    endToEndSeconds: endToEnd({ load, ttft, ttftVariance, tpot, batch, places, steps }),
    tpotSeconds: tpot,
    meanRunningSequences: batch.mean,
    blockedFraction: batch.blockedFraction,
    utilisationFraction: ratePerSecond / capacity,
  }
}

/** Batch sizes at which the backlog of prompts is solved: the small ones each, else around the mode. */
function batchNodes(input: { mode: number; deviation: number; slots: number }): number[] {
  const { mode, deviation, slots } = input
  if (mode < 2.5) return [0, 1, 2, 4, 8].filter((n) => n <= slots)
  const wanted = [-1.6, -0.2, 1, 2.2, 4].map((step) => mode + step * deviation)
  const nodes: number[] = []
  for (const value of wanted) {
    const n = Math.min(slots, Math.max(0, value))
    if (nodes.length === 0 || n > nodes.at(-1)! + 0.2) nodes.push(n)
  }
  return nodes
}

/** Straight lines between points, the last ones carried on. */
function between(places: readonly number[], values: readonly number[], at: number): number {
  if (places.length === 1) return values[0]!
  let index = 1
  while (index < places.length - 1 && places[index]! < at) index += 1
  const part = (at - places[index - 1]!) / (places[index]! - places[index - 1]!)
  // Never below a tenth of the nearest value, however far a line falls.
  return Math.max(
    values[index - 1]! + part * (values[index]! - values[index - 1]!),
    0.1 * Math.min(values[index - 1]!, values[index]!),
  )
}

/** Shares of the batch's distribution that each place stands for. */
function hatWeights(
  places: readonly number[],
  sequences: readonly number[],
  probabilities: readonly number[],
): number[] {
  const shares = places.map(() => 0)
  for (const [index, n] of sequences.entries()) {
    let upper = 0
    while (upper < places.length && places[upper]! < n) upper += 1
    const p = probabilities[index]!
    if (upper === 0) shares[0]! += p
    else if (upper === places.length) shares[upper - 1]! += p
    else {
      const part = (n - places[upper - 1]!) / (places[upper]! - places[upper - 1]!)
      shares[upper - 1]! += p * (1 - part)
      shares[upper]! += p * part
    }
  }
  const total = shares.reduce((sum, share) => sum + share, 0)
  return shares.map((share) => share / total)
}

function quantiles(latency: number): Quantiles {
  return {
    mean: latency + histogram.mean(),
    p50: latency + histogram.quantile(0.5),
    p95: latency + histogram.quantile(0.95),
    p99: latency + histogram.quantile(0.99),
  }
}

/**
 * Time to first token plus decoding, as a lognormal of the sum's mean and variance. Decoding varies with the output's
 * length and with the batch, which a long stay averages in part.
 */
function endToEnd(input: {
  load: QueueingLoad
  ttft: Quantiles
  ttftVariance: number
  tpot: number
  batch: { sequences: readonly number[]; probabilities: readonly number[] }
  places: readonly number[]
  steps: readonly number[]
}): Quantiles {
  const { load, ttft, batch } = input
  const decode = load.decodeSteps * load.engine.tokensPerStep * input.tpot
  let first = 0
  let second = 0
  let total = 0
  for (const [index, n] of batch.sequences.entries()) {
    const step = between(input.places, input.steps, n)
    const p = batch.probabilities[index]!
    first += p * step
    second += p * step * step
    total += p
  }
  const stepVariation = Math.max(0, (second * total) / (first * first) - 1)
  const decodeVariance = decode ** 2 * (load.lengths.outputSquaredVariation + stepVariation / 2)
  const mean = ttft.mean + decode
  const spread = Math.sqrt(Math.log1p((input.ttftVariance + decodeVariance) / mean ** 2))
  const at = (normal: number): number => mean * Math.exp(normal * spread - spread ** 2 / 2)
  return {
    mean,
    p50: at(0),
    p95: at(standardNormalQuantile(0.95)),
    p99: at(standardNormalQuantile(0.99)),
  }
}
