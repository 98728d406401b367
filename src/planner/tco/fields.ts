import { z } from 'zod'
import { type PriceBasis, parsePrice } from '../../foundation/quantity.ts'
import { secondsPerMonth } from '../../foundation/units.ts'
import { quantityField } from '../scenario/fields.ts'

/** A price as quoted, in USD per its basis. `usd: undefined`: the offer is known to have one, but not which. */
export interface QuotedPrice {
  readonly usd: number | undefined
}

/** A price that recurs or not, as its unit says. */
export interface QuotedRecurringPrice extends QuotedPrice {
  readonly per: 'once' | 'hour' | 'month' | 'year'
}

/** Currency code to USD per unit, from the file itself: no rate is built in. */
export type CurrencyRates = ReadonlyMap<string, number>

const unknownWord = 'unknown'

/** "250141.80 USD", "0.25 EUR/kWh", or the word `unknown` for a price that is missing. */
export function usdField(rates: CurrencyRates, basis: PriceBasis) {
  return z.string('is not a price as text, like "1.5 USD"').transform((text, context): QuotedPrice => {
    if (text.trim() === unknownWord) return { usd: undefined }
    const parsed = inUsd(text, basis, rates)
    if (typeof parsed === 'number') return { usd: parsed }
    context.addIssue({ code: 'custom', message: parsed.message })
    return z.NEVER
  })
}

const recurringBases = { once: '', hour: 'hour', month: 'month', year: 'year' } as const

/** "5000 USD" once, or "0.87 USD/h", "600 USD/month", "3000 USD/year". */
export function recurringUsdField(rates: CurrencyRates) {
  return z
    .string('is not a price as text, like "600 USD/month"')
    .transform((text, context): QuotedRecurringPrice => {
      if (text.trim() === unknownWord) return { usd: undefined, per: 'once' }
      const perText = /\/\s*(\w+)\s*$/.exec(text)?.[1] ?? ''
      const per =
        perText === ''
          ? 'once'
          : perText.startsWith('y')
            ? 'year'
            : perText.startsWith('mo')
              ? 'month'
              : 'hour'
      const parsed = inUsd(text, recurringBases[per], rates)
      if (typeof parsed === 'number') return { usd: parsed, per }
      context.addIssue({ code: 'custom', message: parsed.message })
      return z.NEVER
    })
}

function inUsd(text: string, basis: PriceBasis, rates: CurrencyRates): number | { message: string } {
  const parsed = parsePrice(text, basis)
  if (!parsed.ok) return { message: `${parsed.message}; ${parsed.hint}` }
  const { amount, currency } = parsed.value
  const rate = rates.get(currency)
  if (rate === undefined)
    return { message: `no rate for ${currency}; add it to "currencies" with its date and source` }
  return amount < 0 ? { message: `${text} is negative` } : amount * rate
}

/** "5 years", "18 months": whole months. */
export function monthsField() {
  return quantityField('seconds', { above: 0 }).transform((seconds, context) => {
    const months = Math.round(seconds / secondsPerMonth)
    if (months < 1 || Math.abs(seconds / secondsPerMonth - months) > 1e-6 || months > 600) {
      context.addIssue({ code: 'custom', message: 'is not a whole number of months from 1 to 600' })
      return z.NEVER
    }
    return months
  })
}

export const shareField = () => quantityField('fraction', { least: 0, most: 1 })
/** A yearly change: -20 % to +50 % and the like. */
export const growthField = () => quantityField('fraction', { above: -1, most: 100 })
export const countField = () => quantityField('count', { above: 0, most: 1e15 })
