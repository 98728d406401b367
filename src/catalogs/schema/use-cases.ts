import { z } from 'zod'
import { defineTable, idCell, listCell, positiveCell, provenance } from './common.ts'

/**
 * What a kind of service asks of a deployment. The figures stand in `use_case_defaults.csv`, one row per field, so that
 * every default a plan uses becomes a note with its own source.
 */
export const useCasesTable = defineTable({
  file: 'use_cases.csv',
  key: ['id'],
  schema: z.strictObject({
    id: idCell,
    name: z.string(),
    description: z.string(),
    /** The class of model to try first; never a filter. */
    class_hint: z.enum(['slm', 'llm', 'either']),
    /** How long an answer may wait: a person watches · minutes · until the next morning. */
    batch_tolerance: z.enum(['interactive', 'minutes', 'overnight']),
    modalities: listCell,
    /** Benchmarks, as `model_quality.csv` names them, that say most about fitness for this use. */
    quality_benchmarks: listCell.optional(),
    ...provenance,
  }),
})

/** The fields a profile can set. Names end in their unit; tokens are per request. */
export const useCaseFieldCell = z.enum([
  'active_user_fraction',
  'end_to_end_target_s',
  'input_tokens_mean',
  'input_tokens_p95',
  'output_tokens_mean',
  'output_tokens_p95',
  'peak_to_average',
  'prefix_shared_fraction',
  'requests_per_user_per_day',
  'tpot_target_s',
  'ttft_target_s',
  'working_days_per_week',
  'working_hours_per_day',
])
export type UseCaseField = z.infer<typeof useCaseFieldCell>

/**
 * `active_user_fraction`: share of all who may use the service that does so on a working day.
 * `requests_per_user_per_day`: model calls such a user causes that day.
 * `peak_to_average`: rate of the busiest hour over the mean rate of the day's working hours. Published traces give the
 * busiest minute or hour within the trace instead, which is another quantity.
 * `prefix_shared_fraction`: share of the input tokens that repeats an earlier prompt and that a prefix cache could serve.
 */
export const useCaseDefaultsTable = defineTable({
  file: 'use_case_defaults.csv',
  key: ['use_case_id', 'field'],
  schema: z
    .strictObject({
      use_case_id: idCell,
      field: useCaseFieldCell,
      value: positiveCell(),
      ...provenance,
    })
    .refine((row) => !row.field.endsWith('_fraction') || row.value <= 1, {
      path: ['value'],
      message: 'a fraction is at most 1',
    })
    .refine((row) => row.field !== 'working_hours_per_day' || row.value <= 24, {
      path: ['value'],
      message: 'a day has 24 hours',
    })
    .refine((row) => row.field !== 'working_days_per_week' || row.value <= 7, {
      path: ['value'],
      message: 'a week has 7 days',
    })
    .refine((row) => row.field !== 'peak_to_average' || row.value >= 1, {
      path: ['value'],
      message: 'the peak is never below the average',
    }),
})
