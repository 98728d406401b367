import { tokensPerMillion } from '../../foundation/units.ts'
import { type CostLine, costLine, type Price, volumeByMonth } from './lines.ts'

/** Tokens of one average request. Cached input is a part of the input; reasoning comes on top of the output. */
export interface RequestTokens {
  readonly inputTokens: number
  readonly cachedInputTokens: number
  readonly outputTokens: number
  readonly reasoningTokens: number
}

/** Prices up to a length of the input; the last tier has no limit. */
export interface ApiTier {
  readonly maxInputTokens?: number | undefined
  readonly usdPerMillionInput: Price
  /** Absent: cached input costs as much as fresh input. */
  readonly usdPerMillionCachedInput?: Price | undefined
  readonly usdPerMillionOutput: Price
  /** Absent: reasoning is billed as output, as most offers do. */
  readonly usdPerMillionReasoning?: Price | undefined
  /** Prices for requests that may wait; absent: there is no batch offer. */
  readonly batch?:
    | {
        readonly usdPerMillionInput: Price
        readonly usdPerMillionOutput: Price
      }
    | undefined
}

export interface ApiPrices {
  readonly tiers: readonly ApiTier[]
  readonly usdPerRequest?: Price | undefined
}

/** The first tier that the input fits in; undefined where it is longer than the offer takes. */
export function tierFor(input: { tiers: readonly ApiTier[]; inputTokens: number }): ApiTier | undefined {
  return input.tiers.find(
    (tier) => tier.maxInputTokens === undefined || input.inputTokens <= tier.maxInputTokens,
  )
}

/**
 * Lines of buying tokens. `requestsByMonth[0]` is month 1; where the volume changes, a line shows its monthly mean.
 * `batchFraction` of the requests go to the batch offer where there is one. Input beyond the longest tier: the
 * lines have no price.
 */
export function apiLines(input: {
  prices: ApiPrices
  request: RequestTokens
  batchFraction: number
  requestsByMonth: readonly number[]
}): CostLine[] {
  const { prices, request, batchFraction } = input
  const tier = tierFor({ tiers: prices.tiers, inputTokens: request.inputTokens })
  const fallback = prices.tiers.at(-1)
  const rates = tier ?? (fallback && withoutPrices(fallback))
  const { quantity: requests, timing } = volumeByMonth(input.requestsByMonth)
  const lines: CostLine[] = []
  const addTokens = (id: string, label: string, tokens: number, price: Price): void => {
    const quantity = (requests * tokens) / tokensPerMillion
    if (quantity === 0) return
    lines.push(costLine({ id, label, category: 'tokens', quantity, unit: 'million tokens', price, timing }))
  }
  if (rates !== undefined) {
    const batched = rates.batch === undefined ? 0 : batchFraction
    const live = 1 - batched
    const freshInput = request.inputTokens - request.cachedInputTokens
    addTokens('input', 'Input tokens', live * freshInput, rates.usdPerMillionInput)
    addTokens(
      'cached-input',
      'Cached input tokens',
      live * request.cachedInputTokens,
      rates.usdPerMillionCachedInput ?? rates.usdPerMillionInput,
    )
    addTokens('output', 'Output tokens', live * request.outputTokens, rates.usdPerMillionOutput)
    addTokens(
      'reasoning',
      'Reasoning tokens',
      live * request.reasoningTokens,
      rates.usdPerMillionReasoning ?? rates.usdPerMillionOutput,
    )
    if (rates.batch !== undefined) {
      const { usdPerMillionInput, usdPerMillionOutput } = rates.batch
      const generated = request.outputTokens + request.reasoningTokens
      addTokens('batch-input', 'Input tokens, batch', batched * request.inputTokens, usdPerMillionInput)
      addTokens('batch-output', 'Output tokens, batch', batched * generated, usdPerMillionOutput)
    }
  }
  if (prices.usdPerRequest !== undefined && requests > 0)
    lines.push(
      costLine({
        id: 'requests',
        label: 'Requests',
        category: 'requests',
        quantity: requests,
        unit: 'request',
        price: prices.usdPerRequest,
        timing,
      }),
    )
  return lines
}

function withoutPrices(tier: ApiTier): ApiTier {
  const none = (price: Price): Price => ({
    ...price,
    usd: undefined,
    note: 'The input is longer than the longest tier takes.',
  })
  return {
    usdPerMillionInput: none(tier.usdPerMillionInput),
    usdPerMillionOutput: none(tier.usdPerMillionOutput),
    usdPerMillionCachedInput: none(tier.usdPerMillionCachedInput ?? tier.usdPerMillionInput),
    usdPerMillionReasoning: none(tier.usdPerMillionReasoning ?? tier.usdPerMillionOutput),
    ...(tier.batch === undefined
      ? {}
      : {
          batch: {
            usdPerMillionInput: none(tier.batch.usdPerMillionInput),
            usdPerMillionOutput: none(tier.batch.usdPerMillionOutput),
          },
        }),
  }
}
