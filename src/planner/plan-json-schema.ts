import { z } from 'zod'
import { type Issue, RightsizeError } from '../foundation/errors.ts'
import { cascadeSchema } from './plan-cascade-schema.ts'
import { planOptionSchema } from './plan-option-schema.ts'
import {
  figureSchema as figure,
  noteSchema,
  number,
  optional,
  placeKindSchema,
  sentenceCode,
  sentenceCodes,
  text,
  texts,
} from './plan-schema-fields.ts'
import type { Plan } from './plan-types.ts'
import { scenarioSchema } from './scenario/schema.ts'

const workload = z.strictObject({
  peakRequestsPerSecond: figure,
  averageRequestsPerSecond: figure,
  requestsPerMonth: figure,
  inputTokensPerMonth: figure,
  outputTokensPerMonth: figure,
  inputTokensMean: number,
  inputTokensP95: number,
  outputTokensMean: number,
  outputTokensP95: number,
  sharedPrefixFraction: number,
  users: optional(number),
  workingHoursPerDay: number,
  workingDaysPerWeek: number,
  peakToAverageRatio: number,
  growthByMonth: z.array(number),
})

const sharedWorkload = z.strictObject({
  name: text,
  useCase: optional(text),
  peakRequestsPerSecond: figure,
  requestsPerMonth: figure,
  peakFraction: number,
  inputTokensMean: number,
  inputTokensP95: number,
  outputTokensMean: number,
  outputTokensP95: number,
  sharedPrefixFraction: number,
  users: optional(number),
  ttftSeconds: number,
  tpotSeconds: number,
  endToEndSeconds: optional(number),
  percentile: number,
})

const keptModel = z.strictObject({
  id: text,
  name: text,
  vendor: text,
  class: z.enum(['slm', 'llm']),
  parametersTotal: number,
  parametersActive: number,
  licence: optional(text),
  licenceClass: optional(text),
  maxContextTokens: optional(number),
  released: optional(text),
  endOfSupport: optional(text),
  languages: optional(texts),
  scores: z.array(
    z.strictObject({
      benchmark: text,
      unit: text,
      score: optional(number),
      setting: optional(text),
      evaluator: optional(text),
      sourceId: optional(text),
    }),
  ),
  feasibleCandidates: number,
  whyNone: optional(text),
  whyNoneCodes: optional(sentenceCodes),
})

const notSearched = z.strictObject({
  what: text,
  why: text,
  count: number,
  whatCode: optional(sentenceCode),
  whyCode: optional(sentenceCode),
})

const search = z.strictObject({
  candidates: number,
  pricedOffers: number,
  feasibleCandidates: number,
  feasibleOffers: number,
  models: number,
  weightFormats: number,
  kvFormats: number,
  accelerators: number,
  servers: number,
  engines: number,
  places: number,
  refused: z.array(z.strictObject({ constraint: text, candidates: number })),
  notSearched: z.array(notSearched),
})

const infeasible = z.strictObject({
  binding: z.array(
    z.strictObject({ constraint: text, message: text, refusedCandidates: number, refusedAlone: number }),
  ),
  closest: z.array(
    z.strictObject({
      candidate: text,
      label: text,
      labelCode: optional(sentenceCode),
      misses: z.array(
        z.strictObject({
          constraint: text,
          needed: optional(number),
          has: optional(number),
          unit: text,
          message: text,
        }),
      ),
    }),
  ),
  relaxations: z.array(
    z.strictObject({
      constraint: text,
      field: text,
      from: optional(z.union([number, text])),
      to: optional(z.union([number, text])),
      alsoNeeded: optional(
        z.array(
          z.strictObject({
            constraint: text,
            field: text,
            from: number,
            to: number,
          }),
        ),
      ),
      message: text,
      candidate: text,
      labelCode: optional(sentenceCode),
    }),
  ),
})

export const planSchema = z
  .strictObject({
    schemaVersion: z.literal(1).describe('Version of this format.'),
    kind: z.literal('rightsize-plan'),
    name: text,
    description: optional(text),
    scenario: scenarioSchema.describe('As the user gave it; planning it again gives this plan again.'),
    catalog: z.strictObject({
      version: text,
      asOf: text,
      hash: text.describe('Of every row of every table: any change of any row changes it.'),
      tables: optional(z.record(text, text)).describe('The same for each table.'),
      userRows: number,
    }),
    status: z.enum(['feasible', 'infeasible']),
    workload,
    targets: z.strictObject({
      ttftSeconds: number,
      tpotSeconds: number,
      endToEndSeconds: optional(number),
      percentile: number,
      headroomFraction: number,
      availability: z.enum(['none', 'n+1', 'n+2', 'two-sites']),
    }),
    workloads: optional(z.array(sharedWorkload)),
    finance: z.strictObject({
      horizonMonths: number,
      discountRatePerYearFraction: number,
      purchases: optional(z.enum(['when-needed', 'at-start'])),
      lifeMonths: optional(number),
      residualByAge: optional(z.array(z.strictObject({ ageMonths: number, fraction: number }))),
      currency: z.strictObject({ code: text, usdPerUnit: number }),
    }),
    qualityBenchmark: optional(text),
    models: z.strictObject({
      kept: z.array(keptModel),
      leftOut: z.array(
        z.strictObject({ id: text, name: text, reasons: texts, reasonCodes: optional(sentenceCodes) }),
      ),
    }),
    search,
    options: z.array(planOptionSchema).describe('Best first by the score of the scenario.'),
    roles: z.strictObject({
      cheapest: optional(text),
      greenest: optional(text),
      fastest: optional(text),
      balanced: optional(text),
    }),
    paretoFront: z.array(
      z.strictObject({
        id: text,
        label: text,
        placeKind: placeKindSchema,
        netPresentUsd: number,
        carbonGramsPerMonth: optional(number),
        endToEndSeconds: optional(number),
        quality: optional(number),
        listed: z.boolean(),
        labelCode: optional(sentenceCode),
      }),
    ),
    paretoFrontSize: number,
    sideBySide: z.array(
      z.strictObject({
        kind: placeKindSchema,
        optionId: optional(text),
        whyNone: optional(text),
        whyNoneCode: optional(text),
      }),
    ),
    breakEvens: z.array(
      z.strictObject({
        optionId: text,
        versusOptionId: text,
        months: optional(number),
        outcome: z.enum(['from-start', 'at', 'never']),
        because: optional(text),
      }),
    ),
    infeasible: optional(infeasible),
    cascade: optional(cascadeSchema(search)),
    notes: z.array(noteSchema),
  })
  .describe(
    'A rightsize plan: the question, the data it stands on, the options and how each figure came about.',
  )

/** The schema and the types say the same: where one gains a field that the other lacks, this does not compile. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never
type Frozen<T> = T extends (infer Item)[] | readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T
const _same: Same<Frozen<Omit<z.input<typeof planSchema>, 'scenario'>>, Frozen<Omit<Plan, 'scenario'>>> = true
void _same

/** The published JSON Schema of plan files. Version 1 of the format only ever gains optional fields. */
export function planJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(planSchema, { io: 'input', unrepresentable: 'any' }) as Record<
    string,
    unknown
  >
  return { ...schema, title: 'rightsize plan' }
}

/** How many problems of a file are listed. */
const listedProblems = 50

/**
 * Checks a plan read from a file.
 * @throws RightsizeError `plan-invalid` with every problem, each at its path.
 */
export function checkPlan(input: { value: unknown; file: string }): Plan {
  const parsed = planSchema.safeParse(input.value)
  // What was read is kept as it is: parsing would turn the scenario's texts into numbers.
  if (parsed.success) return input.value as Plan
  const issues: Issue[] = parsed.error.issues.flatMap((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined]
    return keys.map((key): Issue => {
      const path = [...issue.path, ...(key === undefined ? [] : [key])].map(String).join('.')
      return {
        place: `${input.file}${path === '' ? '' : `  ${path}`}`,
        message:
          key !== undefined
            ? 'unknown key'
            : issue.message.includes('received undefined')
              ? 'is missing'
              : issue.message.charAt(0).toLowerCase() + issue.message.slice(1),
      }
    })
  })
  const more = issues.length - listedProblems
  throw new RightsizeError({
    code: 'plan-invalid',
    message: `${input.file} is not a plan of rightsize: ${issues.length} ${issues.length === 1 ? 'problem' : 'problems'}`,
    issues: [
      ...issues.slice(0, listedProblems),
      ...(more > 0 ? [{ place: input.file, message: `and ${more} more` }] : []),
    ],
    hint: 'a plan file is written by "rightsize plan SCENARIO --out FILE"',
  })
}
