import { z } from 'zod'
import { planOptionSchema } from './plan-option-schema.ts'
import { constraintCheckSchema } from './plan-reason-schema.ts'
import {
  figureSchema as figure,
  noteSchema,
  number,
  optional,
  percentilesSchema,
  roleSchema,
  sentenceCodes,
  text,
  texts,
} from './plan-schema-fields.ts'

const times = z.strictObject({ ttft: percentilesSchema, endToEnd: percentilesSchema })

const pair = z.strictObject({
  id: text,
  roles: z.array(roleSchema),
  label: text,
  smallOptionId: optional(text),
  largeOptionId: optional(text),
  exact: z.boolean(),
  cost: z.strictObject({
    totalUsd: figure,
    netPresentUsd: figure,
    upfrontUsd: figure,
    usdPerMonth: figure,
    usdPer1000Requests: figure,
  }),
  kilowattHoursPerMonth: optional(figure),
  carbonGramsPerMonth: optional(figure),
  waterLitresPerMonth: optional(figure),
  accelerators: optional(number),
  servers: optional(number),
  nameplateWatts: optional(figure),
  latency: z.strictObject({ answeredBySmall: optional(times), answeredByLarge: optional(times) }),
  quality: z.array(z.strictObject({ benchmark: text, unit: text, score: optional(figure) })),
  constraints: z.array(constraintCheckSchema),
})

/** The cascade of a plan; `search` is the schema of a plan's own search. */
export function cascadeSchema<Search extends z.ZodType>(search: Search) {
  const side = z.strictObject({ requestFraction: number, search, options: z.array(planOptionSchema) })
  return z.strictObject({
    smallFraction: number,
    escalation: z.enum(['router', 'after-answer']),
    status: z.enum(['feasible', 'not-found', 'infeasible']),
    whyNone: texts,
    whyNoneCodes: optional(sentenceCodes),
    small: optional(side),
    large: optional(side),
    largeAlone: optional(side),
    pairs: z.array(pair),
    versusSingle: z.array(
      z.strictObject({
        role: roleSchema,
        against: z.enum(['any', 'large']),
        pairId: text,
        singleOptionId: optional(text),
        netPresentUsdDifference: optional(number),
        carbonGramsPerMonthDifference: optional(number),
        message: text,
      }),
    ),
    notes: z.array(noteSchema),
  })
}
