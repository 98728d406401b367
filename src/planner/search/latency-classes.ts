import { prefillAt, type ServingLoad } from '../../estimators/performance/steady-state.ts'
import type { StepModel } from '../../estimators/performance/step-model.ts'
import { standardNormalQuantile } from '../../estimators/uncertainty/distributions.ts'
import type { LatencyAtLoad } from './latency.ts'
import { hermite, lengthSpread, promptsPerStep } from './lengths.ts'
import type { ServingTask } from './serving-types.ts'

/** One class of the mix at a load, at its own percentile. */
export interface ClassLatency {
  ttftSeconds: number
  tpotSeconds: number
  endToEndSeconds: number
}

/** What a lognormal has of its mean and variance at a percentile. */
const spreadOfVariance = (mean: number, variance: number) => Math.sqrt(Math.log1p(variance / mean ** 2))

/**
 * Several use cases in one queue, first come first served: all wait alike, but each prompt takes its own time and each
 * answer has its own length. The moments of the mix are the weighted moments of the classes, exactly.
 */
export function latencyClasses(
  task: ServingTask,
  prompt: { inputTokens: number; cachedInputFraction: number } & ServingLoad,
) {
  if (task.classes === undefined) return undefined
  const moments = { first: 0, second: 0, third: 0, packed: 0, filled: 0 }
  const load = {
    stable: true,
    fixed: 0,
    wait: 0,
    waitVariance: 0,
    decode: 0,
    tpot: 0,
    rate: 0,
    promptVariation: 1,
  }
  const classes = task.classes.map((of) => {
    const spread = lengthSpread(of.inputTokensMean, of.inputTokensP95)
    const outputTokens = Math.max(of.outputTokensMean, 1)
    const nodes =
      spread === 0
        ? [{ tokens: of.inputTokensMean, weight: 1 }]
        : hermite.map(({ at, weight }) => ({
            tokens: of.inputTokensMean * Math.exp(spread * at - spread ** 2 / 2),
            weight,
          }))
    const outputVariation = Math.expm1(
      lengthSpread(outputTokens, Math.max(of.outputTokensP95, outputTokens)) ** 2,
    )
    const z = standardNormalQuantile(of.percentile)
    return { of, nodes, outputTokens, outputVariation, z, first: 0, second: 0, filled: 0 }
  })
  const result: ClassLatency = { ttftSeconds: 0, tpotSeconds: 0, endToEndSeconds: 0 }
  const latencyOf = (index: number): ClassLatency => {
    const each = classes[index]!
    const { tpot, decode } = load
    const quantile = (mean: number, variance: number) => {
      const spread = spreadOfVariance(mean, variance)
      return mean * Math.exp(each.z * spread - spread ** 2 / 2)
    }
    const arrivals = load.rate * each.outputTokens * tpot
    const tpotVariance = arrivals > 0 ? ((tpot - decode) ** 2 * load.promptVariation) / arrivals : 0
    result.tpotSeconds = quantile(tpot, tpotVariance)
    if (!load.stable) {
      result.ttftSeconds = Number.POSITIVE_INFINITY
      result.endToEndSeconds = Number.POSITIVE_INFINITY
      return result
    }
    const mean = each.first + decode * each.filled + load.wait
    const variance = Math.max(0, each.second - each.first ** 2) + load.waitVariance
    result.ttftSeconds = load.fixed + quantile(mean, variance)
    const decoding = each.outputTokens * tpot
    result.endToEndSeconds = quantile(
      load.fixed + mean + decoding,
      variance + decoding ** 2 * (each.outputVariation + tpotVariance / tpot ** 2),
    )
    return result
  }
  return {
    moments,
    load,
    of: latencyOf,
    prepare(model: StepModel): void {
      moments.first = 0
      moments.second = 0
      moments.third = 0
      moments.packed = 0
      moments.filled = 0
      for (const each of classes) {
        const { of } = each
        each.first = 0
        each.second = 0
        let third = 0
        for (const { tokens, weight } of each.nodes) {
          const one = { ...prompt, inputTokens: tokens, cachedInputFraction: of.cachedInputFraction }
          const seconds = prefillAt(model, one, 1)
          moments.packed +=
            of.fraction *
            weight *
            prefillAt(model, one, promptsPerStep(model, tokens * (1 - of.cachedInputFraction)))
          each.first += weight * seconds
          each.second += weight * seconds ** 2
          third += weight * seconds ** 3
        }
        each.filled = Math.min(
          (of.inputTokensMean * (1 - of.cachedInputFraction)) / model.prefillChunkTokens,
          1,
        )
        moments.first += of.fraction * each.first
        moments.second += of.fraction * each.second
        moments.third += of.fraction * third
        moments.filled += of.fraction * each.filled
      }
    },
    judge(out: LatencyAtLoad): void {
      let ttft = 0
      let tpot = 0
      let endToEnd: number | undefined
      for (const [index, { of }] of classes.entries()) {
        const latency = latencyOf(index)
        ttft = Math.max(ttft, latency.ttftSeconds / of.ttftScale)
        tpot = Math.max(tpot, latency.tpotSeconds / of.tpotScale)
        if (of.endToEndScale !== undefined)
          endToEnd = Math.max(endToEnd ?? 0, latency.endToEndSeconds / of.endToEndScale)
      }
      out.judgedTtftSeconds = ttft
      out.judgedTpotSeconds = tpot
      if (endToEnd !== undefined) out.judgedEndToEndSeconds = endToEnd
    },
  }
}
