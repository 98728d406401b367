import { z } from 'zod'
import {
  type Dimension,
  type Money,
  type PriceBasis,
  parsePrice,
  parseQuantity,
} from '../../foundation/quantity.ts'

/** A quantity as text with a unit; the parsed value is in base units. */
export function quantityField(
  dimension: Dimension,
  bounds: { least?: number; most?: number; above?: number } = {},
) {
  return z
    .union([z.string(), z.number()], 'is neither a text with a unit nor a number')
    .transform((input, context) => {
      const result = parseQuantity(input, dimension)
      if (!result.ok) {
        context.addIssue({ code: 'custom', message: `${result.message}; ${result.hint}` })
        return z.NEVER
      }
      const { value } = result
      if (bounds.least !== undefined && value < bounds.least) {
        context.addIssue({ code: 'custom', message: `${input} is below ${bounds.least}` })
      }
      if (bounds.above !== undefined && value <= bounds.above) {
        context.addIssue({ code: 'custom', message: `${input} must be above ${bounds.above}` })
      }
      if (bounds.most !== undefined && value > bounds.most) {
        context.addIssue({ code: 'custom', message: `${input} is above ${bounds.most}` })
      }
      return value
    })
}

export const fractionField = () => quantityField('fraction', { least: 0, most: 1 })

/** A price as text, "0.25 USD/kWh": amount and currency, per the basis. */
export function priceField(basis: PriceBasis) {
  return z.string().transform((input, context): Money => moneyOf(input, basis, context) ?? z.NEVER)
}

/** A price of a quote: the word `unknown` says that there is one, but not which. */
export function quotedPriceField(basis: PriceBasis) {
  return z
    .string('is not a price as text, like "1200 USD/month"')
    .transform((input, context): QuotedMoney => {
      if (input.trim() === 'unknown') return 'unknown'
      return moneyOf(input, basis, context) ?? z.NEVER
    })
}

export type QuotedMoney = Money | 'unknown'

function moneyOf(input: string, basis: PriceBasis, context: z.RefinementCtx): Money | undefined {
  const result = parsePrice(input, basis)
  if (!result.ok) {
    context.addIssue({ code: 'custom', message: `${result.message}; ${result.hint}` })
    return undefined
  }
  if (result.value.amount < 0) context.addIssue({ code: 'custom', message: `${input} is negative` })
  return result.value
}

/** One value or a list of values. */
export function oneOrMany<Schema extends z.ZodType>(schema: Schema) {
  return z
    .union([schema, z.array(schema).min(1)])
    .transform((value) => (Array.isArray(value) ? value : [value]))
}

const lengthValue = () => quantityField('tokens', { least: 0, most: 100_000_000 })

/** Token length per request: a mean, or mean and 95th percentile. */
export const lengthField = z
  .union([
    z.strictObject({
      mean: lengthValue().describe('Mean tokens per request.'),
      p95: lengthValue()
        .optional()
        .describe('95th percentile of tokens per request; memory is sized for it.'),
    }),
    z.union([z.string(), z.number()]).pipe(lengthValue()),
  ])
  .transform((value, context) => {
    const length = typeof value === 'number' ? { mean: value } : value
    if ('p95' in length && length.p95 !== undefined && length.p95 < length.mean) {
      context.addIssue({
        code: 'custom',
        path: ['p95'],
        message: `p95 (${length.p95}) is below the mean (${length.mean})`,
      })
    }
    return length as { mean: number; p95?: number | undefined }
  })
