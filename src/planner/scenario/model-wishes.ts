import { z } from 'zod'
import { giga, mega } from '../../foundation/units.ts'
import { oneOrMany, quantityField } from './fields.ts'

const minimumQuality = z.strictObject({
  benchmark: z.string().min(1).describe('Name of a benchmark in the catalog, e.g. MMLU-Pro.'),
  score: z.number().describe('The least score, in the benchmark’s own unit.'),
  setting: z.string().optional().describe('Only scores measured in this setting count.'),
})

const adapters = z
  .strictObject({
    count: z.number().int().min(1).max(100_000).describe('How many there are; all are kept on disk.'),
    inMemory: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe('How many a replica holds at once. Default: all.'),
    rank: z.number().int().min(1).max(1024).optional().describe('Rank of the adapters.'),
    targets: oneOrMany(z.enum(['query', 'key', 'value', 'output', 'gate', 'up', 'down']))
      .optional()
      .describe('Matrices that they change. Default: the four of attention.'),
  })
  .refine(
    (value) => value.inMemory === undefined || value.inMemory <= value.count,
    'inMemory is above count: no replica holds more adapters than there are',
  )

/** Which models may be chosen. */
export const model = z.strictObject({
  ids: oneOrMany(z.string().min(1)).optional().describe('Only these models (catalog ids, Hugging Face ids).'),
  exclude: oneOrMany(z.string().min(1)).optional().describe('Never these models.'),
  class: z.enum(['slm', 'llm', 'any']).optional().describe('Small or large language models.'),
  slmBelowParameters: z
    .union([z.string(), z.number()])
    .transform((value, context) => {
      const match = /^(\d+(?:\.\d+)?)\s*(B|M)?$/i.exec(String(value).trim())
      const scale = { b: giga, m: mega }[match?.[2]?.toLowerCase() ?? ''] ?? 1
      const parameters = Number(match?.[1]) * scale
      if (match === null || !(parameters >= 1e6)) {
        context.addIssue({
          code: 'custom',
          message: `"${value}" is not a parameter count; write it like "14B"`,
        })
        return z.NEVER
      }
      return parameters
    })
    .optional()
    .describe('Models with fewer total parameters are SLMs ("14B").'),
  licenceClasses: oneOrMany(z.enum(['permissive', 'community', 'non-commercial', 'proprietary']))
    .optional()
    .describe('Licence classes that may be used.'),
  minimumQuality: oneOrMany(minimumQuality).optional().describe('Scores a model must reach.'),
  allowUnknownQuality: z
    .boolean()
    .optional()
    .describe(
      'Keep models without a score on what is asked or on what the use case is judged by (listed as unknown).',
    ),
  contextTokens: quantityField('tokens', { above: 0 }).optional().describe('Context the model must offer.'),
  modalities: oneOrMany(z.enum(['text', 'image', 'audio', 'video']))
    .optional()
    .describe('Kinds of input the model must take.'),
  languages: oneOrMany(z.string().regex(/^[a-z]{2,3}$/, 'is not a language code (en, de, …)'))
    .optional()
    .describe('Languages it must speak (ISO 639).'),
  supportedUntil: z
    .string()
    .regex(/^\d{4}-\d{2}(?:-\d{2})?$/, 'is not a date (2027-06)')
    .optional()
    .describe('Date until which its maker must support it, where the catalog knows an end of support.'),
  commercialUse: z.boolean().optional().describe('The licence must allow commercial use.'),
  closedModels: z
    .boolean()
    .optional()
    .describe('Consider API models whose weights are not published (their size and speed are unknown).'),
  remoteCode: z.boolean().optional().describe('Whether a model may need code from its repository to run.'),
  adapters: adapters.optional().describe('Low-rank adapters that one deployment of the model serves.'),
})
