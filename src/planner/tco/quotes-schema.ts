import { z } from 'zod'
import { quantityField } from '../scenario/fields.ts'
import { type CurrencyRates, countField, growthField, monthsField, shareField, usdField } from './fields.ts'
import { commonFields, idField, ownQuote } from './own-quote-schema.ts'

const hours = () => quantityField('hoursPerDay', { above: 0, most: 24 })

/** Currencies stand first: every price of the file is read with them. */
export const currenciesSchema = z
  .array(
    z.strictObject({
      code: z.string().regex(/^[A-Z]{3}$/, 'is not a currency code of three capitals'),
      usdPerUnit: z.number().positive(),
      asOf: z.iso.date(),
      source: z.string().min(1),
    }),
  )
  .default([])

const workload = z.strictObject({
  requestsPerMonth: countField().optional().describe('In the first month.'),
  growthPerYear: growthField().optional(),
  tokens: z
    .strictObject({
      input: quantityField('tokens', { least: 0 }),
      cachedInput: quantityField('tokens', { least: 0 }).optional().describe('Part of the input.'),
      output: quantityField('tokens', { least: 0 }),
      reasoning: quantityField('tokens', { least: 0 }).optional().describe('On top of the output.'),
    })
    .refine((tokens) => (tokens.cachedInput ?? 0) <= tokens.input, {
      path: ['cachedInput'],
      message: 'is more than the input it is a part of',
    })
    .optional()
    .describe('Mean tokens of one request.'),
  batch: shareField().optional().describe('Share of the requests that may wait.'),
  users: countField().optional(),
  utilisation: shareField()
    .optional()
    .describe('Share of the capacity that is used where no volume is given.'),
  split: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('blended') }),
      z.strictObject({ kind: z.literal('price-ratio'), outputToInput: z.number().positive() }),
      z.strictObject({
        kind: z.literal('compute-time'),
        prefill: quantityField('seconds', { least: 0 }),
        decode: quantityField('seconds', { above: 0 }),
      }),
    ])
    .optional(),
})

const schedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('always-on') }),
  z.strictObject({
    kind: z.literal('window'),
    hoursPerDay: hours(),
    daysPerWeek: quantityField('daysPerWeek', { above: 0, most: 7 }),
  }),
  z.strictObject({
    kind: z.literal('scale-to-zero'),
    activeHoursPerDay: hours(),
    startsPerDay: z.number().min(0),
    idleTimeout: quantityField('seconds', { least: 0 }),
    modelSize: quantityField('bytes', { above: 0 }),
    storageSpeed: quantityField('bytesPerSecond', { above: 0 }),
    engineStart: quantityField('seconds', { least: 0 }),
  }),
  z.strictObject({ kind: z.literal('fixed-hours'), hours: countField() }),
])

function rentQuote(rates: CurrencyRates) {
  return z.strictObject({
    kind: z.literal('rent'),
    ...commonFields(rates),
    fleet: z
      .array(
        z.strictObject({
          label: z.string().min(1),
          instances: countField(),
          price: usdField(rates, 'hour').describe('Of one instance.'),
          upfrontPrice: usdField(rates, '').optional(),
          schedule: schedule.optional().describe('Default: always on.'),
          spot: z
            .strictObject({
              interruptions: quantityField('perSecond', { least: 0 }),
              lostPerInterruption: quantityField('seconds', { least: 0 }),
            })
            .optional(),
        }),
      )
      .min(1),
    acceleratorsPerInstance: countField().optional(),
    egress: z
      .strictObject({ perMonth: quantityField('bytes', { least: 0 }), price: usdField(rates, 'gigabyte') })
      .optional(),
    storage: z
      .strictObject({
        capacity: quantityField('bytes', { least: 0 }),
        price: usdField(rates, 'gigabyteMonth'),
      })
      .optional(),
  })
}

function subscribeQuote(rates: CurrencyRates) {
  return z
    .strictObject({
      kind: z.literal('subscribe'),
      ...commonFields(rates),
      unit: z.string().min(1),
      committedUnits: quantityField('count', { least: 0 }),
      committedPrice: usdField(rates, 'month'),
      extraPrice: usdField(rates, 'month'),
      usedUnits: quantityField('count', { least: 0 }).describe(
        'In the first month; grows with the workload.',
      ),
      installedUnits: countField().optional(),
      cap: shareField().optional(),
      setupPrice: usdField(rates, '').optional(),
    })
    .refine((quote) => quote.cap === undefined || quote.installedUnits !== undefined, {
      path: ['installedUnits'],
      message: 'is missing: cap is a share of it',
    })
}

function apiQuote(rates: CurrencyRates) {
  const perMillion = () => usdField(rates, 'millionTokens')
  return z
    .strictObject({
      kind: z.literal('api'),
      ...commonFields(rates),
      tiers: z
        .array(
          z.strictObject({
            maxInput: quantityField('tokens', { above: 0 }).optional(),
            input: perMillion(),
            cachedInput: perMillion().optional(),
            output: perMillion(),
            reasoning: perMillion().optional(),
            batch: z.strictObject({ input: perMillion(), output: perMillion() }).optional(),
          }),
        )
        .optional(),
      requestPrice: usdField(rates, '').optional().describe('Of one request, beside or in place of tokens.'),
    })
    .refine((quote) => quote.tiers ?? quote.requestPrice, {
      path: ['tiers'],
      message: 'is missing: give tiers or requestPrice',
    })
}

/** Costs as somebody else's study lists them, with no quantities behind them. */
function listedQuote(rates: CurrencyRates) {
  return z.strictObject({ kind: z.literal('listed'), ...commonFields(rates) })
}

export function quotesSchema(rates: CurrencyRates) {
  const quote = z.discriminatedUnion('kind', [
    ownQuote(rates),
    rentQuote(rates),
    subscribeQuote(rates),
    apiQuote(rates),
    listedQuote(rates),
  ])
  return z.strictObject({
    schemaVersion: z.literal(1),
    title: z.string().min(1),
    note: z.string().optional(),
    horizon: monthsField(),
    hoursPerYear: z.number().min(8000).max(8784).optional(),
    hoursPerMonth: z.number().min(600).max(744).optional(),
    discountRate: shareField().optional(),
    currencies: currenciesSchema,
    taxes: z
      .strictObject({
        purchase: shareField().optional().describe('VAT or sales tax that cannot be deducted.'),
        on: z.enum(['purchases', 'everything']).optional(),
        income: shareField().optional().describe('Rate at which depreciation saves income tax.'),
      })
      .optional(),
    workload: workload.optional(),
    quotes: z.array(quote).min(1),
    compare: z.array(z.strictObject({ option: idField, against: idField })).optional(),
    surface: z
      .strictObject({
        option: idField,
        against: idField,
        utilisations: z.array(shareField()).min(1),
        electricityPrices: z.array(usdField(rates, 'kWh')).min(1).optional(),
        horizons: z.array(monthsField()).min(1),
      })
      .optional(),
    uncertainty: z
      .strictObject({
        seed: z.number().int().min(0),
        samples: z.number().int().min(10).max(100_000),
        inputs: z
          .array(
            z
              .strictObject({
                path: z.string().min(1).describe('"quote-id.serverPrice", "workload.requestsPerMonth".'),
                low: z.number().positive().describe('Factor on the value.'),
                high: z.number().positive(),
                kind: z.enum(['triangular', 'lognormal']).optional(),
              })
              .refine((input) => input.low <= 1 && input.high >= 1, 'low must be at most 1, high at least 1'),
          )
          .min(1),
      })
      .optional(),
    claims: z
      .array(
        z.strictObject({
          figure: z.string().min(1),
          stated: z.number(),
          note: z.string().optional(),
        }),
      )
      .optional()
      .describe('Figures that the study or the seller states: recomputed and compared.'),
  })
}

export type Quotes = z.output<ReturnType<typeof quotesSchema>>
export type Quote = Quotes['quotes'][number]
export type OwnQuote = Extract<Quote, { kind: 'own' }>
export type RentQuote = Extract<Quote, { kind: 'rent' }>
export type SubscribeQuote = Extract<Quote, { kind: 'subscribe' }>
export type ApiQuote = Extract<Quote, { kind: 'api' }>
export type QuotesInput = z.input<ReturnType<typeof quotesSchema>>

/** The JSON Schema of quotes files, so that an editor completes and checks them. */
export function quotesJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(quotesSchema(new Map()), { io: 'input', unrepresentable: 'any' })
  return { ...schema, title: 'rightsize quotes' }
}
