import { z } from 'zod'
import { defineTable, fractionCell, idCell, numberCell, positiveCell, provenance } from './common.ts'

/**
 * How much of a benchmark score a weight or KV format costs, per size of model: relative loss, 0.02 = a score of 50
 * becomes 49. It holds for a model quantised afterwards; a model published in the format (gpt-oss in mxfp4,
 * DeepSeek-V3 in fp8) has its scores in it already and loses nothing.
 */
export const formatLossSchema = z
  .strictObject({
    format_kind: z.enum(['weights', 'kv']),
    /** Id of weight_formats.csv or kv_formats.csv. */
    format: idCell,
    /** Size class by total parameters, billions: min included, max not; a blank max has no end. */
    parameters_min_b: numberCell({ least: 0 }),
    parameters_max_b: positiveCell().optional(),
    loss_low_fraction: fractionCell,
    loss_mid_fraction: fractionCell,
    loss_high_fraction: fractionCell,
    /** What was compared: a benchmark, a perplexity, or judgement. */
    basis: z.string(),
    ...provenance,
  })
  .refine((row) => row.parameters_min_b < (row.parameters_max_b ?? Number.POSITIVE_INFINITY), {
    path: ['parameters_max_b'],
    message: 'is not above parameters_min_b',
  })
  .refine((row) => row.loss_low_fraction <= row.loss_mid_fraction, {
    path: ['loss_low_fraction'],
    message: 'is above loss_mid_fraction',
  })
  .refine((row) => row.loss_mid_fraction <= row.loss_high_fraction, {
    path: ['loss_high_fraction'],
    message: 'is below loss_mid_fraction',
  })
export type FormatLossRow = z.output<typeof formatLossSchema>
export const formatLossTable = defineTable({
  file: 'format_losses.csv',
  schema: formatLossSchema,
  key: ['format_kind', 'format', 'parameters_min_b'],
})

/** The row whose size class holds the model; undefined where the table knows nothing, which is not "no loss". */
export function findFormatLoss(input: {
  rows: readonly FormatLossRow[]
  kind: FormatLossRow['format_kind']
  format: string
  /** Total parameters, billions. */
  parametersB: number
}): FormatLossRow | undefined {
  return input.rows.find(
    (row) =>
      row.format_kind === input.kind &&
      row.format === input.format &&
      row.parameters_min_b <= input.parametersB &&
      input.parametersB < (row.parameters_max_b ?? Number.POSITIVE_INFINITY),
  )
}
