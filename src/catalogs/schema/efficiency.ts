import { z } from 'zod'
import { defineTable, idCell, numberCell, positiveCell, provenance, wholeCell } from './common.ts'
import { levelKindNames, termNames, userLevelKindNames } from './efficiency-names.ts'

/** Fitted factors of the speed model: base values in their unit, and a factor for every level that applies. */
export const efficiencyRow = z.strictObject({
  term: z.enum(termNames),
  level_kind: z.enum([...levelKindNames, ...userLevelKindNames]),
  level: z.string(),
  value: positiveCell(),
  /** Standard deviation of ln(value) over the fits that left an architecture out. */
  log_spread: numberCell({ least: 0 }).optional(),
  /** Measured figures behind the level. */
  runs: wholeCell({ least: 1 }),
  ...provenance,
})
export type EfficiencyRow = z.output<typeof efficiencyRow>
export const efficiencyTable = defineTable({
  file: 'efficiency.csv',
  schema: efficiencyRow,
  key: ['term', 'level_kind', 'level'],
})

/** How far predictions were off for runs whose architecture or accelerator the fit had not seen. */
export const predictionErrorRow = z.strictObject({
  metric: idCell,
  /** An engine, or `all`. */
  engine: idCell,
  /** `calibrated`: deployments that the user measured (rows of an overlay only). */
  novelty: z.enum(['calibrated', 'measured', 'new-architecture', 'new-accelerator', 'new-family']),
  /** 80 % of held-out figures lie within a factor e^±this. */
  log_half_width: positiveCell(),
  median_log_error: numberCell({ least: 0 }),
  runs: wholeCell({ least: 1 }),
  /** Architectures or accelerators left out. */
  units: wholeCell({ least: 1 }),
  ...provenance,
})
export type PredictionErrorRow = z.output<typeof predictionErrorRow>
export const predictionErrorTable = defineTable({
  file: 'prediction_errors.csv',
  schema: predictionErrorRow,
  key: ['metric', 'engine', 'novelty'],
})

/** Where runs exist. */
export const measuredPointRow = z.strictObject({
  engine: idCell,
  accelerator_id: idCell,
  backend: idCell,
  family: idCell,
  precision: idCell,
  model_id: idCell,
  least_batch: positiveCell(),
  most_batch: positiveCell(),
  runs: wholeCell({ least: 1 }),
  ...provenance,
})
export type MeasuredPointRow = z.output<typeof measuredPointRow>
export const measuredPointTable = defineTable({
  file: 'measured_points.csv',
  schema: measuredPointRow,
  key: ['engine', 'accelerator_id', 'precision', 'model_id'],
})
