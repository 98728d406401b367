import type { Nearest, Novelty } from './nearest.ts'

/** A row of `catalogs/prediction_errors.csv`: how far held-out predictions were off. */
export interface PredictionError {
  /** tpot, ttft, throughput, saturated, static-batch, prefill, decode, … */
  readonly metric: string
  /** An engine, or `all`. */
  readonly engine: string
  readonly novelty: Exclude<Novelty, 'unmeasured'> | 'calibrated'
  /** 80 % of held-out runs lie within a factor e^±this of the prediction. */
  readonly log_half_width: number
}

export interface Interval {
  readonly low: number
  readonly high: number
  readonly logHalfWidth: number
}

export const allEngines = 'all'

/**
 * The 80 % interval around an estimate: the width of held-out runs of the same metric, engine and novelty, of all
 * engines where this one has too few. Undefined where nothing near was measured: that is a bound, not an estimate.
 */
export function predictionInterval(
  rows: readonly PredictionError[],
  query: {
    readonly metric: string
    readonly engine: string
    readonly novelty: Nearest['widths']
    readonly value: number
  },
): Interval | undefined {
  if (query.novelty === 'unmeasured') return undefined
  const of = (engine: string, novelty: string) =>
    rows.find((row) => row.metric === query.metric && row.engine === engine && row.novelty === novelty)
  const best = (novelty: string) => of(query.engine, novelty) ?? of(allEngines, novelty)
  // Runs of the user's that lack this metric say nothing of its width.
  const row = best(query.novelty) ?? (query.novelty === 'calibrated' ? best('measured') : undefined)
  if (row === undefined) return undefined
  const factor = Math.exp(row.log_half_width)
  return { low: query.value / factor, high: query.value * factor, logHalfWidth: row.log_half_width }
}
