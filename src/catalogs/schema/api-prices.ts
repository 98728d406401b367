import { z } from 'zod'
import { defineTable, flagCell, fractionCell, idCell, positiveCell, provenance, wholeCell } from './common.ts'

/** Prices of one request whose input is longer than a threshold: they hold for all its tokens. */
export interface PriceTier {
  readonly aboveInputTokens: number
  readonly inputUsdPerMillionTokens: number
  readonly outputUsdPerMillionTokens: number
  readonly cachedInputUsdPerMillionTokens?: number
  readonly cacheWriteUsdPerMillionTokens?: number
}

const tierPattern = /^(\d+):([\d.]+)\/([\d.]+)(?:\/([\d.]*))?(?:\/([\d.]*))?$/

function parseTier(text: string): PriceTier | undefined {
  const found = tierPattern.exec(text)
  if (found === null) return undefined
  const [threshold, input, output] = [found[1], found[2], found[3]].map(Number)
  if (threshold === undefined || input === undefined || output === undefined) return undefined
  const cachedInput = found[4] ? Number(found[4]) : undefined
  const cacheWrite = found[5] ? Number(found[5]) : undefined
  const prices = [
    threshold,
    input,
    output,
    ...[cachedInput, cacheWrite].filter((price) => price !== undefined),
  ]
  if (prices.some((price) => !Number.isFinite(price) || price <= 0)) return undefined
  return {
    aboveInputTokens: threshold,
    inputUsdPerMillionTokens: input,
    outputUsdPerMillionTokens: output,
    ...(cachedInput === undefined ? {} : { cachedInputUsdPerMillionTokens: cachedInput }),
    ...(cacheWrite === undefined ? {} : { cacheWriteUsdPerMillionTokens: cacheWrite }),
  }
}

/**
 * `200000:10/37.5/1/12.5`: requests of more than 200,000 input tokens pay 10 USD per million input tokens, 37.5 per
 * million output tokens, 1 for cached input and 12.5 to write the cache (the last two may be blank or absent).
 * Several thresholds are separated by `;` and rise.
 */
export const tiersCell = z.string().transform((text, context): readonly PriceTier[] => {
  const tiers = text.split(';').map((part) => parseTier(part.trim()))
  if (tiers.some((tier) => tier === undefined)) {
    context.addIssue({
      code: 'custom',
      message:
        'is not a list of tiers like 200000:10/37.5/1 (threshold:input/output/cached/write, all above 0)',
    })
    return z.NEVER
  }
  const known = tiers as PriceTier[]
  if (known.some((tier, index) => index > 0 && tier.aboveInputTokens <= known[index - 1]!.aboveInputTokens)) {
    context.addIssue({ code: 'custom', message: 'has thresholds that do not rise' })
    return z.NEVER
  }
  return known
})

const priceCell = positiveCell(10_000)

/** List prices of a hosted model. A blank price is unknown; nothing here is free. */
export const apiPriceSchema = z
  .strictObject({
    provider: idCell,
    /** As the provider spells it in its API. */
    model_name: z.string(),
    /** Id of models.csv where it is one of the catalog's open models; blank otherwise. */
    model_id: idCell.optional(),
    kind: z.enum(['chat', 'embedding', 'reranker', 'classifier']),
    open_weights: flagCell.optional(),
    input_usd_per_million_tokens: priceCell,
    /** Input read from the provider's prompt cache. */
    cached_input_usd_per_million_tokens: priceCell.optional(),
    /** Input written into the prompt cache, where that costs more than plain input. */
    cache_write_usd_per_million_tokens: priceCell.optional(),
    /** Blank for embeddings and rerankers, which produce no tokens. */
    output_usd_per_million_tokens: priceCell.optional(),
    /** 0.5 = a batch job pays half. Blank: no discount read, not "none". */
    batch_discount_fraction: fractionCell.optional(),
    context_tokens: wholeCell({ least: 1 }).optional(),
    max_output_tokens: wholeCell({ least: 1 }).optional(),
    tiers: tiersCell.optional(),
    ...provenance,
  })
  .superRefine((row, context) => {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    const generates = row.kind === 'chat' || row.kind === 'classifier'
    if (generates && row.output_usd_per_million_tokens === undefined) {
      issue('output_usd_per_million_tokens', `a ${row.kind} model needs an output price`)
    }
    if (!generates && row.output_usd_per_million_tokens !== undefined) {
      issue('output_usd_per_million_tokens', `a model of kind ${row.kind} has no output tokens`)
    }
    if ((row.cached_input_usd_per_million_tokens ?? 0) > row.input_usd_per_million_tokens) {
      issue('cached_input_usd_per_million_tokens', 'is above the price of plain input')
    }
    if (
      (row.tiers ?? []).some(
        (tier) => tier.aboveInputTokens >= (row.context_tokens ?? Number.POSITIVE_INFINITY),
      )
    ) {
      issue('tiers', 'has a threshold that the context never exceeds')
    }
    if (row.model_id !== undefined && row.open_weights === false) {
      issue('open_weights', 'is no, but model_id names an open model of the catalog')
    }
  })
export type ApiPriceRow = z.output<typeof apiPriceSchema>
export const apiPriceTable = defineTable({
  file: 'api_prices.csv',
  schema: apiPriceSchema,
  key: ['provider', 'model_name', 'as_of'],
})
