import type { Catalog, ModelRow, Row } from '../catalogs/catalog.ts'
import { compareText } from '../foundation/notes.ts'

/** A model's score on a benchmark after the loss of its formats, or that nobody has measured it. */
export interface QualityScore {
  readonly benchmark: string
  readonly status: 'known' | 'unknown'
  /** As published; undefined where unknown. */
  readonly score: number | undefined
  /** After the formats' loss: middle, and the range of the loss. */
  readonly adjusted: { readonly low: number; readonly mid: number; readonly high: number } | undefined
  readonly lossFraction: FormatLoss | undefined
  readonly row: Row<'modelQuality'> | undefined
  /** Settings of all scores that were considered; more than one means they are not strictly comparable. */
  readonly settings: readonly string[]
}

export interface FormatLoss {
  readonly low: number
  readonly mid: number
  readonly high: number
  /** A part of it was assumed, not measured. */
  readonly assumed: boolean
  /** False where the catalog knows no loss for a format: the score is then unknown. */
  readonly known: boolean
}

/** "MMLU-Pro" and "mmlu pro" are the same benchmark. */
export function benchmarkId(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-')
}

/**
 * Relative loss of score of a weight format and a KV format on a model of this size; losses multiply.
 * A model published in the format has the loss in its scores already.
 */
export function formatLoss(input: {
  catalog: Catalog
  model: ModelRow
  weights: string
  kvCache: string
}): FormatLoss {
  const weights =
    input.weights === input.model.native_weights ? none : lossRow(input, 'weights', input.weights)
  const kvCache = lossRow(input, 'kv', input.kvCache)
  if (weights === undefined || kvCache === undefined)
    return { low: 0, mid: 0, high: 1, assumed: true, known: false }
  const both = (a: number, b: number) => 1 - (1 - a) * (1 - b)
  return {
    low: both(weights.low, kvCache.low),
    mid: both(weights.mid, kvCache.mid),
    high: both(weights.high, kvCache.high),
    assumed: weights.assumed || kvCache.assumed,
    known: true,
  }
}

interface Loss {
  readonly low: number
  readonly mid: number
  readonly high: number
  readonly assumed: boolean
}

const none: Loss = { low: 0, mid: 0, high: 0, assumed: false }

/** Formats that lose nothing by definition: 16 and 32 bits hold what the vendor published. */
const lossless = new Set(['bf16', 'fp16', 'fp32'])

function lossRow(
  input: { catalog: Catalog; model: ModelRow },
  kind: 'weights' | 'kv',
  format: string,
): Loss | undefined {
  if (lossless.has(format)) return none
  const size = input.model.parameters_total_b
  const row = input.catalog
    .rowsBy('formatLosses', 'format')
    .get(format)
    ?.find(
      (candidate) =>
        candidate.format_kind === kind &&
        candidate.parameters_min_b <= size &&
        size < (candidate.parameters_max_b ?? Number.POSITIVE_INFINITY),
    )
  if (row === undefined) return undefined
  return {
    low: row.loss_low_fraction,
    mid: row.loss_mid_fraction,
    high: row.loss_high_fraction,
    assumed: row.quality === 'assumed',
  }
}

/**
 * The score of a model on a benchmark. Scores of base checkpoints do not count for a chat model. Where several
 * settings were measured and none was asked for, the lowest counts: nobody is promised the kinder harness.
 */
export function qualityScore(input: {
  catalog: Catalog
  model: ModelRow
  benchmark: string
  setting?: string | undefined
  loss: FormatLoss
}): QualityScore {
  const benchmark = benchmarkId(input.benchmark)
  const setting = input.setting === undefined ? undefined : benchmarkId(input.setting)
  const rows = (input.catalog.rowsBy('modelQuality', 'model_id').get(input.model.id) ?? []).filter(
    (row) =>
      row.benchmark === benchmark &&
      row.variant !== 'base' &&
      (setting === undefined || row.setting === setting),
  )
  const plain = rows.filter((row) => row.variant !== 'reasoning')
  const considered = plain.length > 0 ? plain : rows
  const row = [...considered].sort((a, b) => a.score - b.score || compareText(a.setting, b.setting))[0]
  const settings = [
    ...new Set(considered.map((entry) => `${entry.variant}, ${entry.setting}, ${entry.evaluator}`)),
  ].sort(compareText)
  if (row === undefined || !input.loss.known) {
    return {
      benchmark,
      status: 'unknown',
      score: row?.score,
      adjusted: undefined,
      lossFraction: undefined,
      row,
      settings,
    }
  }
  return {
    benchmark,
    status: 'known',
    score: row.score,
    adjusted: {
      low: row.score * (1 - input.loss.high),
      mid: row.score * (1 - input.loss.mid),
      high: row.score * (1 - input.loss.low),
    },
    lossFraction: input.loss,
    row,
    settings,
  }
}
