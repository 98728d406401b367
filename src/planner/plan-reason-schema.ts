import { z } from 'zod'
import { number, optional, sentenceCode, sentenceValues, text, texts } from './plan-schema-fields.ts'

export const constraintCheckSchema = z.strictObject({
  constraint: text,
  status: z.enum(['met', 'missed', 'unknown']),
  needed: text,
  has: text,
  code: optional(z.enum(['at-most', 'at-least', 'property'])),
  values: optional(sentenceValues),
})

export const lever = z.strictObject({
  field: text,
  message: text,
  at: optional(number),
  now: optional(number),
  unit: optional(text),
  thenOptionId: optional(text),
})

export const tornadoBar = z.strictObject({
  input: text,
  label: text,
  unit: text,
  low: number,
  high: number,
  usdAtLow: number,
  usdAtHigh: number,
  gramsPerMonthAtLow: optional(number),
  gramsPerMonthAtHigh: optional(number),
  sourceId: optional(text),
})

export const unknown = z.strictObject({
  what: text,
  why: text,
  whatCode: optional(text),
  whyCode: optional(sentenceCode),
})

export const explanation = z.strictObject({
  figure: text,
  formulaId: optional(text),
  equation: text,
  inputs: z.array(
    z.strictObject({
      symbol: text,
      meaning: text,
      value: z.union([number, text]),
      unit: text,
      sourceIds: texts,
    }),
  ),
  result: number,
  unit: text,
  sourceIds: texts,
})
