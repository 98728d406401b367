import { z } from 'zod'
import { defineTable, idCell, numberCell, provenance } from './common.ts'

/** Lowest and highest score of each unit; an Elo-like rating has no natural end. */
const scale = {
  percent: { least: 0, most: 100 },
  'points-of-10': { least: 0, most: 10 },
  elo: { least: 0, most: 4_000 },
} as const

/**
 * One published score of one model. Harnesses differ by many points, so scores are compared only within one
 * benchmark, variant and setting (`comparableScores`); a model without such a score is unknown, never 0.
 */
export const modelQualitySchema = z
  .strictObject({
    /** Id of models.csv. */
    model_id: idCell,
    benchmark: idCell,
    /** Which of the model's checkpoints or modes was tested. */
    variant: z.enum(['base', 'instruct', 'reasoning', 'embedding', 'reranker', 'unstated']),
    /** Shots, prompting, mode or snapshot; `unstated` where the source does not say. */
    setting: idCell,
    /** Who ran the test, not who made the model. */
    evaluator: idCell,
    /** In the benchmark's usual unit, as people quote it. */
    score: numberCell(),
    unit: z.enum(['percent', 'elo', 'points-of-10']),
    score_low: numberCell().optional(),
    score_high: numberCell().optional(),
    ...provenance,
  })
  .superRefine((row, context) => {
    const { least, most } = scale[row.unit]
    if (row.score < least || row.score > most) {
      context.addIssue({
        code: 'custom',
        path: ['score'],
        message: `is not between ${least} and ${most} ${row.unit}`,
      })
    }
    if (row.score_low !== undefined && row.score_low > row.score) {
      context.addIssue({ code: 'custom', path: ['score_low'], message: 'is above the score' })
    }
    if (row.score_high !== undefined && row.score_high < row.score) {
      context.addIssue({ code: 'custom', path: ['score_high'], message: 'is below the score' })
    }
  })
export type ModelQualityRow = z.output<typeof modelQualitySchema>
export const modelQualityTable = defineTable({
  file: 'model_quality.csv',
  schema: modelQualitySchema,
  key: ['model_id', 'benchmark', 'variant', 'setting', 'evaluator', 'source_id'],
})

/**
 * The name of the group within which a score may be compared. Where the setting is unstated only scores of the same
 * evaluator are alike; where the evaluator is unstated too, the score is comparable with nothing but itself.
 */
export function comparisonGroup(
  row: Pick<ModelQualityRow, 'model_id' | 'benchmark' | 'variant' | 'setting' | 'evaluator'>,
): string {
  const evaluator = row.evaluator === 'unstated' ? `nobody named, ${row.model_id} alone` : row.evaluator
  const setting = row.setting === 'unstated' ? `unstated by ${evaluator}` : row.setting
  return `${row.benchmark}, ${row.variant}, ${setting}`
}

/** Rows of one benchmark by the group they may be compared in. */
export function comparableScores(input: {
  rows: readonly ModelQualityRow[]
  benchmark: string
}): Map<string, ModelQualityRow[]> {
  const groups = new Map<string, ModelQualityRow[]>()
  for (const row of input.rows) {
    if (row.benchmark !== input.benchmark) continue
    const name = comparisonGroup(row)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [row])
    else group.push(row)
  }
  return groups
}
