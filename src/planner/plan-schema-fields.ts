import { z } from 'zod'
import type { FigureUnit } from './plan-figure.ts'

// Absent and `undefined` differ in a file: a key is there with a value, or it is not there.
export const optional = <Schema extends z.ZodType>(schema: Schema) => z.exactOptional(schema)
export const text = z.string()
export const number = z.number()
export const texts = z.array(z.string())

const units = [
  '',
  'byte',
  's',
  'W',
  'J',
  'kWh',
  'kWh/month',
  'J/token',
  'g CO2e',
  'g CO2e/month',
  'g CO2e/request',
  'L/month',
  'token',
  'token/s',
  'token/month',
  'request/s',
  'request/month',
  'USD',
  'USD/month',
  'USD/year',
  'USD/million tokens',
  'USD/1000 requests',
  'USD/user-month',
  'percent',
  'fraction',
  'count',
  'U',
] as const satisfies readonly FigureUnit[]

export const figureSchema = z
  .strictObject({
    value: number,
    low: optional(number),
    high: optional(number),
    unit: z.enum(units),
    basis: optional(z.enum(['estimate', 'bound', 'given'])),
  })
  .describe(
    'A number in base units; low and high bound the 80 % interval and are absent where it is unknown.',
  )

/** What a sentence speaks of, in base units. */
export const sentenceValues = z.record(text, z.union([text, number]))

export const sentenceCode = z
  .strictObject({ code: text, values: optional(sentenceValues) })
  .describe('Stands for a sentence, for translators: its code and what it speaks of.')
export const sentenceCodes = z.array(sentenceCode)

export const noteSchema = z.strictObject({
  code: text,
  level: z.enum(['information', 'assumption', 'warning']),
  about: text,
  message: text,
  values: optional(sentenceValues),
  sourceId: optional(text),
})

export const placeKindSchema = z.enum(['on-prem', 'colocation', 'subscription', 'cloud', 'api', 'device'])
export const roleSchema = z.enum(['cheapest', 'greenest', 'fastest', 'balanced'])

/** What takes most of a phase's time. */
export const boundSchema = z.enum(['compute', 'weights', 'cache', 'communication', 'latency'])
export const percentilesSchema = z.strictObject({ p50: figureSchema, p95: figureSchema, p99: figureSchema })
