import { standardNormalQuantile } from '../uncertainty/distributions.ts'
import { type QueueingLoad, stepSecondsOf } from './queueing-load.ts'

/** Kinds of prompts by length: their shares, lengths in tokens, and the distribution of one prompt's units. */
export interface PromptSizes {
  readonly shares: readonly number[]
  readonly tokens: readonly number[]
  /** Probability that a prompt has so many units; a length between two is split so that means are kept. */
  readonly units: readonly number[]
}

/** Where the lognormal distribution of lengths is cut, finer at the long end: that is what a 95th percentile sees. */
const cuts = [0, 0.3, 0.6, 0.8, 0.9, 0.96, 0.99, 1]

export function promptSizes(load: QueueingLoad, unitTokens: number): PromptSizes {
  const { promptTokens, promptSquaredVariation } = load
  const shares: number[] = []
  const tokens: number[] = []
  if (promptSquaredVariation <= 0) {
    shares.push(1)
    tokens.push(promptTokens)
  } else {
    const spread = Math.sqrt(Math.log1p(promptSquaredVariation))
    // Share of all tokens that shorter prompts bring: Φ(Φ⁻¹(p) − σ).
    const below = cuts.map((cut) =>
      cut === 0 ? 0 : cut === 1 ? 1 : normalShare(standardNormalQuantile(cut) - spread),
    )
    for (let index = 1; index < cuts.length; index += 1) {
      const share = cuts[index]! - cuts[index - 1]!
      shares.push(share)
      tokens.push((promptTokens * (below[index]! - below[index - 1]!)) / share)
    }
  }
  if (shares.length > 1) weighByWork(load, { shares, tokens })
  const units: number[] = []
  for (const [index, length] of tokens.entries()) {
    const exact = length / unitTokens
    const low = Math.floor(exact + 1e-9)
    const upper = Math.max(0, exact - low)
    while (units.length <= low + 1) units.push(0)
    units[low]! += shares[index]! * (1 - upper)
    units[low + 1]! += shares[index]! * upper
  }
  while (units.length > 1 && units.at(-1) === 0) units.pop()
  return { shares, tokens, units }
}

/**
 * Attention makes a token of a long prompt dearer than one of a short prompt: lengths become those of the same work at
 * the mean price, with the mean kept.
 */
function weighByWork(load: QueueingLoad, sizes: { shares: readonly number[]; tokens: number[] }): void {
  const cached = load.lengths.inputTokens * load.engine.cachedInputFraction
  let mean = 0
  for (const [index, length] of sizes.tokens.entries()) {
    const tokens = Math.min(length, load.engine.maxBatchedTokens)
    const own = stepSecondsOf(load, { tokens, running: 0, seenTokens: cached + length / 2 })
    const usual = stepSecondsOf(load, { tokens, running: 0 })
    sizes.tokens[index] = usual > 0 ? (length * own) / usual : length
    mean += sizes.shares[index]! * sizes.tokens[index]!
  }
  for (const index of sizes.tokens.keys()) sizes.tokens[index]! *= load.promptTokens / mean
}

/** Standard normal distribution function, error below 7.5e-8 (Abramowitz and Stegun 26.2.17). */
export function normalShare(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
  const tail =
    density * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return x > 0 ? 1 - tail : tail
}
