import { tokensPerMillion } from '../../foundation/units.ts'
import { discountFactor } from './cash-flow.ts'

/**
 * How one cost is divided between input and output tokens. By price ratio: an output token counts as so many input
 * tokens (NVIDIA's cost article uses 3). By compute time: prefill's and decode's share of the machine's time.
 * Blended: every token costs the same. Billed: an API's bill says it.
 */
export type TokenSplit =
  | { readonly kind: 'blended' }
  | { readonly kind: 'price-ratio'; readonly outputToInputRatio: number }
  | { readonly kind: 'billed'; readonly inputUsd: number; readonly outputUsd: number }
  | { readonly kind: 'compute-time'; readonly prefillSeconds: number; readonly decodeSeconds: number }

export interface TokenCosts {
  /** Of all tokens together. Undefined where there are none. */
  readonly blendedUsdPerMillion: number | undefined
  readonly inputUsdPerMillion: number | undefined
  readonly outputUsdPerMillion: number | undefined
}

/** Costs per million tokens, such that input and output together cost `usd` again. */
export function tokenCosts(input: {
  usd: number
  inputTokens: number
  outputTokens: number
  split: TokenSplit
}): TokenCosts {
  const { usd, inputTokens, outputTokens, split } = input
  const blended = perMillion(usd, inputTokens + outputTokens)
  switch (split.kind) {
    case 'blended':
      return {
        blendedUsdPerMillion: blended,
        inputUsdPerMillion: inputTokens > 0 ? blended : undefined,
        outputUsdPerMillion: outputTokens > 0 ? blended : undefined,
      }
    case 'price-ratio': {
      const ratio = split.outputToInputRatio
      const perInput = perMillion(usd, inputTokens + ratio * outputTokens)
      return {
        blendedUsdPerMillion: blended,
        inputUsdPerMillion: inputTokens > 0 ? perInput : undefined,
        outputUsdPerMillion: outputTokens > 0 && perInput !== undefined ? perInput * ratio : undefined,
      }
    }
    case 'billed':
      return {
        blendedUsdPerMillion: blended,
        inputUsdPerMillion: perMillion(split.inputUsd, inputTokens),
        outputUsdPerMillion: perMillion(split.outputUsd, outputTokens),
      }
    case 'compute-time': {
      const { prefillSeconds, decodeSeconds } = split
      const total = prefillSeconds + decodeSeconds
      return {
        blendedUsdPerMillion: blended,
        inputUsdPerMillion: perMillion((usd * prefillSeconds) / total, inputTokens),
        outputUsdPerMillion: perMillion((usd * decodeSeconds) / total, outputTokens),
      }
    }
  }
}

function perMillion(usd: number, tokens: number): number | undefined {
  return tokens > 0 ? (usd / tokens) * tokensPerMillion : undefined
}

/**
 * Levelised cost of inference: the even price per unit that pays for everything, both sides discounted.
 * Sum of costs times d_m over sum of units times d_m. Undefined without units.
 */
export function levelisedUsdPerUnit(input: {
  monthlyUsd: readonly number[]
  /** Index 0 is the day of the start (0 units), like the costs. */
  monthlyUnits: readonly number[]
  ratePerYearFraction: number
}): number | undefined {
  let usd = 0
  let units = 0
  for (let month = 0; month < input.monthlyUsd.length; month += 1) {
    const factor = discountFactor({ month, ratePerYearFraction: input.ratePerYearFraction })
    usd += (input.monthlyUsd[month] ?? 0) * factor
    units += (input.monthlyUnits[month] ?? 0) * factor
  }
  return units > 0 ? usd / units : undefined
}
