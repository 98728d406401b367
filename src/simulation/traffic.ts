import { standardNormalQuantile } from '../estimators/uncertainty/distributions.ts'
import type { RandomSource } from '../estimators/uncertainty/random.ts'

/** How long inputs or outputs are, tokens. */
export type LengthDistribution =
  | { readonly kind: 'fixed'; readonly tokens: number }
  | { readonly kind: 'lognormal'; readonly meanTokens: number; readonly p95Tokens: number }
  | { readonly kind: 'empirical'; readonly tokens: readonly number[] }

/** When requests come. */
export type Traffic =
  /** Independent arrivals; `burstiness` is the coefficient of variation of the time between them, 1 = Poisson. */
  | { readonly kind: 'open'; readonly ratePerSecond: number; readonly burstiness: number }
  /** So many requests in flight, each replaced when it ends. */
  | { readonly kind: 'closed'; readonly concurrency: number }
  | { readonly kind: 'trace'; readonly requests: readonly TracedRequest[] }

export interface TracedRequest {
  readonly arrivalSeconds: number
  readonly inputTokens: number
  readonly outputTokens: number
}

/** 95th percentile of the standard normal distribution. */
const normal95 = standardNormalQuantile(0.95)

/** Largest p95 ÷ mean that a lognormal distribution can have: exp(z²/2) with z the normal 95th percentile. */
export const mostP95OverMean = Math.exp(normal95 ** 2 / 2)

/**
 * Spread (standard deviation of the logarithm) of a lognormal distribution with this mean and 95th percentile: the
 * smaller root of ln(p95 ÷ mean) = z·σ − σ²/2.
 * @throws RangeError where no lognormal distribution has them.
 */
export function lognormalSpread(input: { meanTokens: number; p95Tokens: number }): number {
  const ratio = input.p95Tokens / input.meanTokens
  if (!(ratio >= 1 && ratio <= mostP95OverMean)) {
    throw new RangeError(
      `no lognormal distribution has a p95 of ${ratio} times its mean (1 to ${mostP95OverMean.toFixed(2)})`,
    )
  }
  return normal95 - Math.sqrt(Math.max(0, normal95 ** 2 - 2 * Math.log(ratio)))
}

export function lengthSampler(distribution: LengthDistribution, random: RandomSource): () => number {
  if (distribution.kind === 'fixed') return () => distribution.tokens
  if (distribution.kind === 'empirical') {
    const { tokens } = distribution
    return () => tokens[Math.floor(random.nextFraction() * tokens.length)]!
  }
  const spread = lognormalSpread(distribution)
  const location = Math.log(distribution.meanTokens) - spread ** 2 / 2
  return () =>
    Math.max(1, Math.round(Math.exp(location + spread * standardNormalQuantile(random.nextFraction()))))
}

/** Squared coefficient of variation of lengths. */
export function lengthVariation(distribution: LengthDistribution): {
  mean: number
  squaredVariation: number
} {
  if (distribution.kind === 'fixed') return { mean: distribution.tokens, squaredVariation: 0 }
  if (distribution.kind === 'lognormal') {
    return {
      mean: distribution.meanTokens,
      squaredVariation: Math.expm1(lognormalSpread(distribution) ** 2),
    }
  }
  const { tokens } = distribution
  const mean = tokens.reduce((sum, value) => sum + value, 0) / tokens.length
  const variance = tokens.reduce((sum, value) => sum + (value - mean) ** 2, 0) / tokens.length
  return { mean, squaredVariation: variance / mean ** 2 }
}

/** Times between arrivals, seconds: exponential, or gamma with the given coefficient of variation. */
export function gapSampler(
  input: { ratePerSecond: number; burstiness: number },
  random: RandomSource,
): () => number {
  const { ratePerSecond, burstiness } = input
  if (burstiness === 1) return () => -Math.log(random.nextFraction()) / ratePerSecond
  if (burstiness === 0) return () => 1 / ratePerSecond
  const shape = 1 / burstiness ** 2
  return () => gamma(shape, random) / (shape * ratePerSecond)
}

/** Gamma variate of unit scale (Marsaglia and Tsang 2000, A simple method for generating gamma variables). */
function gamma(shape: number, random: RandomSource): number {
  if (shape < 1) return gamma(shape + 1, random) * random.nextFraction() ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = standardNormalQuantile(random.nextFraction())
    const v = (1 + c * x) ** 3
    if (v <= 0) continue
    if (Math.log(random.nextFraction()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v
  }
}
