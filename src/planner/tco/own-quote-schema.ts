import { z } from 'zod'
import { quantityField } from '../scenario/fields.ts'
import {
  type CurrencyRates,
  countField,
  growthField,
  monthsField,
  recurringUsdField,
  shareField,
  usdField,
} from './fields.ts'

export const idField = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is not lower-case kebab-case')

const throughput = z
  .strictObject({
    name: idField.optional().describe('The model, where several were measured.'),
    tokensPerSecond: z.number().positive().optional(),
    counts: z
      .enum(['output', 'all'])
      .optional()
      .describe('Which tokens the rate counts. Default: output, as most benchmarks do.'),
    requestsPerSecond: z.number().positive().optional(),
  })
  .refine(
    (value) => (value.tokensPerSecond === undefined) !== (value.requestsPerSecond === undefined),
    'give one of tokensPerSecond and requestsPerSecond',
  )

/** Every quote's own part. */
export const commonFields = (rates: CurrencyRates) => ({
  id: idField,
  label: z.string().min(1),
  source: z.string().min(1).describe('Who offers or says it: stands beside every line.'),
  asOf: z.iso.date().optional(),
  note: z.string().optional(),
  throughput: z.array(throughput).optional().describe('Of the whole quote at full load.'),
  scale: z
    .enum(['fixed', 'when-needed', 'all-at-start'])
    .optional()
    .describe('Whether more of it is taken as demand grows. Default: fixed.'),
  other: z
    .array(
      z
        .strictObject({
          label: z.string().min(1),
          price: recurringUsdField(rates),
          month: z
            .number()
            .int()
            .min(0)
            .max(600)
            .optional()
            .describe('For what is paid once: 0 is the first day.'),
        })
        .refine((entry) => entry.month === undefined || entry.price.per === 'once', {
          path: ['month'],
          message: 'is for what is paid once',
        }),
    )
    .optional(),
})

const ownNeeds = [
  { given: 'acceleratorPrice', field: 'acceleratorsPerServer', needs: 'acceleratorPrice is per accelerator' },
  { given: 'rackPrice', field: 'racks', needs: 'rackPrice is per rack' },
  { given: 'electricity', field: 'power', needs: 'electricity needs it' },
  { given: 'coolingPrice', field: 'power', needs: 'coolingPrice is per kWh' },
  { given: 'idlePower', field: 'power', needs: 'idlePower is the rest of it' },
  { given: 'pue', field: 'electricity', needs: 'pue multiplies it' },
] as const

export function ownQuote(rates: CurrencyRates) {
  return z
    .strictObject({
      kind: z.literal('own'),
      ...commonFields(rates),
      servers: countField(),
      acceleratorsPerServer: countField().optional(),
      serverPrice: usdField(rates, '').optional(),
      acceleratorPrice: usdField(rates, '').optional(),
      network: z.strictObject({ portsPerServer: countField(), portPrice: usdField(rates, '') }).optional(),
      storage: z
        .strictObject({ capacity: quantityField('bytes', { above: 0 }), price: usdField(rates, 'gigabyte') })
        .optional(),
      racks: quantityField('count', { above: 0 }).optional(),
      rackPrice: usdField(rates, '').optional(),
      spares: shareField().optional(),
      installationPrice: usdField(rates, '').optional().describe('Per server.'),
      maintenancePerYear: shareField().optional().describe('Share of the system price.'),
      licences: z
        .array(
          z.strictObject({
            label: z.string().min(1),
            per: z.enum(['accelerator', 'server']),
            price: usdField(rates, 'year'),
          }),
        )
        .optional(),
      power: quantityField('watts', { above: 0 }).optional().describe('Average of one server in use.'),
      idlePower: quantityField('watts', { least: 0 }).optional(),
      ratedPower: quantityField('watts', { above: 0 })
        .optional()
        .describe('Of one server, for colocation by kW.'),
      electricity: z
        .strictObject({ price: usdField(rates, 'kWh'), growthPerYear: growthField().optional() })
        .optional(),
      pue: z.number().min(1).max(5).optional(),
      coolingPrice: usdField(rates, 'kWh').optional().describe('Per kWh of the servers, in place of PUE.'),
      colocation: z
        .discriminatedUnion('per', [
          z.strictObject({ per: z.literal('rack'), price: usdField(rates, 'month') }),
          z.strictObject({ per: z.literal('kilowatt'), price: usdField(rates, 'kilowattMonth') }),
        ])
        .optional(),
      staff: z
        .strictObject({
          per: z.enum(['accelerator', 'server']),
          unitsPerPerson: z.number().positive(),
          price: usdField(rates, 'year').describe('Of one person.'),
        })
        .optional(),
      life: monthsField().optional().describe('Bought again after it. Default: it lasts the horizon.'),
      refreshPriceChangePerYear: growthField().optional(),
      residual: z
        .array(z.strictObject({ age: monthsField(), worth: shareField() }))
        .min(1)
        .optional(),
      loan: z
        .strictObject({ downPayment: shareField(), ratePerYear: shareField(), term: monthsField() })
        .optional(),
      lease: z.strictObject({ price: usdField(rates, 'month'), term: monthsField() }).optional(),
    })
    .refine((quote) => quote.pue === undefined || quote.coolingPrice === undefined, {
      path: ['coolingPrice'],
      message: 'cooling is inside PUE already: give one of pue and coolingPrice',
    })
    .refine((quote) => quote.loan === undefined || quote.lease === undefined, {
      path: ['lease'],
      message: 'give one of loan and lease',
    })
    .refine((quote) => quote.serverPrice ?? quote.acceleratorPrice ?? quote.lease, {
      path: ['serverPrice'],
      message: 'is missing; write "unknown" where the price is not known yet',
    })
    .superRefine((quote, context) => {
      // What a part of the offer needs to be priced at all: without it its line would silently vanish.
      for (const { given, field, needs } of ownNeeds) {
        if (quote[given] === undefined || quote[field] !== undefined) continue
        context.addIssue({ code: 'custom', path: [field], message: `is missing: ${needs}` })
      }
      const perAccelerator =
        quote.staff?.per === 'accelerator' || quote.licences?.some(({ per }) => per === 'accelerator')
      if (perAccelerator && quote.acceleratorsPerServer === undefined)
        context.addIssue({
          code: 'custom',
          path: ['acceleratorsPerServer'],
          message: 'is missing: something is priced per accelerator',
        })
      if (quote.lease !== undefined && (quote.residual ?? quote.life) !== undefined)
        context.addIssue({
          code: 'custom',
          path: ['lease'],
          message: 'leased hardware has no life or residual',
        })
    })
    .refine((quote) => quote.colocation?.per !== 'rack' || quote.racks !== undefined, {
      path: ['racks'],
      message: 'is missing: colocation is priced by rack',
    })
    .refine((quote) => quote.colocation?.per !== 'kilowatt' || quote.ratedPower !== undefined, {
      path: ['ratedPower'],
      message: 'is missing: colocation is priced by kW',
    })
}
