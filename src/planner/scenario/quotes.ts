import { z } from 'zod'
import { fractionField, oneOrMany, quotedPriceField } from './fields.ts'

/** One offer of hardware paid by use. Fields that `rightsize tco` has too are called alike there. */
const quote = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is not lower-case kebab-case')
      .optional()
      .describe('Names the offer in the answer. Default: quote-1, quote-2, … in the order of the file.'),
    accelerator: z.string().min(1).optional().describe('Accelerator of the catalog that it is for.'),
    server: z.string().min(1).optional().describe('Server of the catalog that it is for.'),
    unit: z.enum(['accelerator', 'server']).describe('What is committed to and metered.'),
    committedFraction: fractionField().describe(
      'Share of the installed units that is paid for whether it is used or not ("60 %").',
    ),
    committedPrice: quotedPriceField('month').describe(
      'Of one committed unit for a month ("1200 USD/month"), or unknown.',
    ),
    extraPrice: quotedPriceField('month')
      .optional()
      .describe(
        'Of one more unit in use for a whole month. Not given or unknown: use above the base has no price.',
      ),
    cap: fractionField().optional().describe('Share of the installed units above which no use is billed.'),
    setupPrice: quotedPriceField('').optional().describe('Paid once for the contract, on the first day.'),
    includesElectricity: z.boolean().describe('Whether the price holds the electricity.'),
    includesMaintenance: z.boolean().describe('Whether the price holds maintenance and support.'),
  })
  .refine((value) => value.accelerator !== undefined || value.server !== undefined, {
    path: ['accelerator'],
    message: 'is missing; name the accelerator or the server that the quote is for, or both',
  })

export const quotes = oneOrMany(quote)

const pleaseQuote =
  'no list prices of subscriptions exist: write what your quote says (accelerator or server, unit, committedFraction, committedPrice, extraPrice, includesElectricity, includesMaintenance)'

/** A subscription has quotes, and nothing else has. */
export function checkQuotes(
  place: { readonly kind: string; readonly quotes?: unknown },
  context: z.RefinementCtx,
): void {
  if (place.kind === 'subscription' && place.quotes === undefined)
    context.addIssue({ code: 'custom', path: ['quotes'], message: `is missing; ${pleaseQuote}` })
  if (place.kind !== 'subscription' && place.quotes !== undefined)
    context.addIssue({
      code: 'custom',
      path: ['quotes'],
      message: `belongs to a place of the kind subscription, this one is ${place.kind}`,
    })
}
