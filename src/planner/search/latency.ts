import {
  emptyPerformance,
  type Performance,
  prefillAt,
  type ServingLoad,
  steadyState,
} from '../../estimators/performance/steady-state.ts'
import type { StepModel } from '../../estimators/performance/step-model.ts'
import { standardNormalQuantile } from '../../estimators/uncertainty/distributions.ts'
import { type ClassLatency, latencyClasses } from './latency-classes.ts'
import { hermite, lengthSpread, promptsPerStep } from './lengths.ts'
import type { ServingTask } from './serving-types.ts'

export type { ClassLatency } from './latency-classes.ts'
export { lengthSpread } from './lengths.ts'

/** One replica with so many requests in flight. Latencies at the task's percentile; Infinity where prompts pile up. */
export interface LatencyAtLoad {
  concurrency: number
  requestsPerSecond: number
  ttftSeconds: number
  tpotSeconds: number
  endToEndSeconds: number
  /** Mean, and spread of the logarithm, of the distribution that the end-to-end percentile is read from. */
  endToEndMeanSeconds: number
  endToEndSpread: number
  /** What the task's targets judge: the same; with classes the worst of them, each over its scale. */
  judgedTtftSeconds: number
  judgedTpotSeconds: number
  judgedEndToEndSeconds: number
}

export interface Latency {
  empty(): LatencyAtLoad
  /** Call once for a model before `at`. */
  prepare(model: StepModel): void
  at(model: StepModel, concurrency: number, out: LatencyAtLoad): void
  /** One of the task's classes at the load of the last `at`. */
  ofClass(index: number): ClassLatency
  /** Requests in flight beyond which nothing is asked where memory does not bind. */
  readonly noLimit: number
}

/** Requests that engines keep in flight at most, where nothing else limits them. */
const mostInFlight = 4096

/**
 * Latency of independent arrivals against load, in closed form. Means of decoding come from the fitted steady state.
 * Prompts wait as in an M/G/1 queue (Pollaczek-Khinchine, moments of the wait by Takács): service is the time that the
 * prefill of lognormal lengths adds to the engine's steps, less where a queue packs them; prompts that share a step also
 * wait for each other. Percentiles are those of lognormal distributions with the resulting mean and variance. Checked
 * against the simulation: `bench/mixed-grid.ts`.
 */
export function createLatency(task: ServingTask): Latency {
  const performance: Performance = emptyPerformance()
  const load: { -readonly [K in keyof ServingLoad]: ServingLoad[K] } = {
    concurrency: 1,
    inputTokens: task.inputTokensMean,
    outputTokens: Math.max(task.outputTokensMean, 1),
    cachedInputFraction: task.cachedInputFraction,
    tokensPerStep: 1,
    verifiedTokensPerStep: 1,
    sequencesInMemory: Number.POSITIVE_INFINITY,
    burstFraction: 0,
  }
  const one = { ...load }
  const z = standardNormalQuantile(task.percentile)
  const inputSpread = lengthSpread(task.inputTokensMean, task.inputTokensP95)
  const outputSpread = lengthSpread(load.outputTokens, Math.max(task.outputTokensP95, load.outputTokens))
  const outputVariation = Math.expm1(outputSpread ** 2)
  const lengths = hermite.map(({ at, weight }) => ({
    tokens: task.inputTokensMean * Math.exp(inputSpread * at - inputSpread ** 2 / 2),
    weight,
  }))
  const newTokens = task.inputTokensMean * (1 - task.cachedInputFraction)
  // Moments of the prefill time of one prompt.
  let first = 0
  let second = 0
  let third = 0
  /** Prefill time of a prompt of mean length. */
  let ofMean = 0
  /** Mean prefill time of a prompt that shares its steps with as many as they hold. */
  let packed = 0
  const spreadOf = (mean: number, variance: number) => Math.sqrt(Math.log1p(variance / mean ** 2))
  const quantile = (mean: number, spread: number) => mean * Math.exp(z * spread - spread ** 2 / 2)
  const classes = latencyClasses(task, one)
  const judge = (out: LatencyAtLoad): void => {
    out.judgedTtftSeconds = out.ttftSeconds
    out.judgedTpotSeconds = out.tpotSeconds
    out.judgedEndToEndSeconds = out.endToEndSeconds
    if (classes !== undefined) classes.judge(out)
  }
  return {
    ofClass: (index) => classes!.of(index),
    noLimit: mostInFlight,
    empty: () => ({
      concurrency: 0,
      requestsPerSecond: 0,
      ttftSeconds: 0,
      tpotSeconds: 0,
      endToEndSeconds: 0,
      endToEndMeanSeconds: 0,
      endToEndSpread: 0,
      judgedTtftSeconds: 0,
      judgedTpotSeconds: 0,
      judgedEndToEndSeconds: 0,
    }),
    prepare(model) {
      ofMean = prefillAt(model, load, 1)
      if (classes !== undefined) {
        classes.prepare(model)
        ;({ first, second, third, packed } = classes.moments)
        return
      }
      first = 0
      second = 0
      third = 0
      packed = 0
      const packedAt = (of: ServingLoad, aloneSeconds: number) => {
        const prompts = promptsPerStep(model, of.inputTokens * (1 - of.cachedInputFraction))
        return prompts === 1 ? aloneSeconds : prefillAt(model, of, prompts)
      }
      if (inputSpread === 0) {
        first = ofMean
        packed = packedAt(load, ofMean)
        second = first ** 2
        third = first ** 3
        return
      }
      for (const { tokens, weight } of lengths) {
        one.inputTokens = tokens
        const seconds = prefillAt(model, one, 1)
        packed += weight * packedAt(one, seconds)
        first += weight * seconds
        second += weight * seconds ** 2
        third += weight * seconds ** 3
      }
    },
    at(model, concurrency, out) {
      load.concurrency = concurrency
      steadyState(model, load, performance, ofMean)
      const { tpotSeconds: tpot, decodeStepSeconds: decode } = performance
      const groups = model.attentionDataParallel
      const rate = performance.requestsPerSecond / groups
      // Share of an engine step that a mean prompt fills: the rest of the step's decoding belongs to others.
      const filled =
        classes === undefined ? Math.min(newTokens / model.prefillChunkTokens, 1) : classes.moments.filled
      const share = decode * filled
      // A step with decodes lasts for these and for the part of the prompts' work that does not hide behind them.
      const c = model.coefficients
      const alone = Math.max(first, c.interference * first + share)
      const together = Math.max(packed, c.interference * packed + share)
      // The fuller the queue, the more prompts share a step: from alone to packed in proportion to the load.
      const full = rate * together
      const busy = Math.min(rate * (alone + (together - alone) * full), (1 + full) / 2)
      out.concurrency = concurrency
      out.requestsPerSecond = performance.requestsPerSecond
      if (full >= 1) {
        out.ttftSeconds = Number.POSITIVE_INFINITY
        out.tpotSeconds = tpot
        out.endToEndSeconds = Number.POSITIVE_INFINITY
        out.endToEndMeanSeconds = Number.POSITIVE_INFINITY
        out.endToEndSpread = 0
        if (classes !== undefined) classes.load.stable = false
        judge(out)
        return
      }
      const stretch = alone / first
      const wait = (rate * second * stretch ** 2) / (2 * (1 - busy))
      const waitVariance = wait ** 2 + (rate * third * stretch ** 3) / (3 * (1 - busy))
      // Prompts of one step wait for each other.
      const ride = 1 + busy * filled
      const fixed = c.requestLatency + (groups > 1 ? c.groupWait : 0) + c.stepWait * tpot
      const mean = first + share + wait * ride
      const variance = Math.max(0, second - first ** 2) + waitVariance * ride ** 2
      out.ttftSeconds = fixed + quantile(mean, spreadOf(mean, variance))
      // Prompts that come while a request decodes are a Poisson number, each of its own length.
      const others = tpot - decode
      const arrivals = rate * load.outputTokens * tpot
      const tpotVariance = arrivals > 0 ? (others ** 2 * (second / first ** 2)) / arrivals : 0
      out.tpotSeconds = quantile(tpot, spreadOf(tpot, tpotVariance))
      const decoding = load.outputTokens * tpot
      const total = fixed + mean + decoding
      const spread = spreadOf(total, variance + decoding ** 2 * (outputVariation + tpotVariance / tpot ** 2))
      out.endToEndMeanSeconds = total
      out.endToEndSpread = spread
      out.endToEndSeconds = quantile(total, spread)
      if (classes !== undefined) {
        const { load: now } = classes
        now.stable = true
        now.fixed = fixed
        now.wait = wait * ride
        now.waitVariance = waitVariance * ride ** 2
        now.decode = decode
        now.tpot = tpot
        now.rate = rate
        now.promptVariation = second / first ** 2
      }
      judge(out)
    },
  }
}
