import type { PerformanceFacts } from './levels.ts'

/**
 * How far a question is from anything measured. It decides which interval applies, and whether a number may be called
 * an estimate at all.
 */
export type Novelty =
  /** This model on this accelerator with this engine and precision was measured. */
  | 'measured'
  /** The accelerator, engine and precision were measured, with other models. */
  | 'new-architecture'
  /** Relatives of the accelerator were measured with this engine, or this one with another precision. */
  | 'new-accelerator'
  /** The engine and its back-end were measured on other families of accelerators only. */
  | 'new-family'
  /** Nothing near: a bound, not an estimate. */
  | 'unmeasured'

/** A row of `catalogs/measured_points.csv`: where runs exist. */
export interface MeasuredPoint {
  readonly engine: string
  readonly accelerator_id: string
  readonly backend: string
  readonly family: string
  readonly precision: string
  readonly model_id: string
  readonly least_batch: number
  readonly most_batch: number
  readonly runs: number
  /** The user's own runs, which `rightsize calibrate` wrote down. */
  readonly origin?: 'user'
}

export interface Nearest {
  readonly novelty: Novelty
  /** Which widths hold: as `novelty`, or those of the user's own runs where they are of this very deployment. */
  readonly widths: Novelty | 'calibrated'
  /** The point that comes nearest; undefined where the engine was never measured. */
  readonly point: MeasuredPoint | undefined
  /** What differs from it. */
  readonly differs: readonly ('model' | 'accelerator' | 'family' | 'backend' | 'precision' | 'batch')[]
  /** Batch asked ÷ nearest batch measured at that point, at least 1; undefined without a point. */
  readonly batchRatio: number | undefined
}

// A different back-end is other kernels; a different model only another size of the same work.
const cost = { backend: 16, family: 8, precision: 4, accelerator: 3, model: 1, batch: 0.5 } as const
/** Batches this many times beyond the measured range count as different. */
const batchTolerance = 2

/** The nearest measured point and what follows for the interval. `points` may be all rows of the table. */
export function nearestMeasured(
  points: readonly MeasuredPoint[],
  query: { readonly facts: PerformanceFacts; readonly modelId: string; readonly batch: number },
): Nearest {
  const { facts } = query
  let best: MeasuredPoint | undefined
  let bestCost = Number.POSITIVE_INFINITY
  for (const point of points) {
    if (point.engine !== facts.engine) continue
    const sum = differences(point, query).reduce((total, what) => total + cost[what], 0)
    if (sum < bestCost) {
      best = point
      bestCost = sum
    }
  }
  if (best === undefined)
    return {
      novelty: 'unmeasured',
      widths: 'unmeasured',
      point: undefined,
      differs: [],
      batchRatio: undefined,
    }
  const differs = differences(best, query)
  const novelty = noveltyOf(differs)
  const widths = novelty === 'measured' && best.origin === 'user' ? 'calibrated' : novelty
  return { novelty, widths, point: best, differs, batchRatio: batchRatio(best, query.batch) }
}

function noveltyOf(differs: Nearest['differs']): Novelty {
  if (differs.includes('backend')) return 'unmeasured'
  if (differs.includes('family')) return 'new-family'
  if (differs.includes('accelerator') || differs.includes('precision')) return 'new-accelerator'
  return differs.includes('model') ? 'new-architecture' : 'measured'
}

function differences(
  point: MeasuredPoint,
  query: { readonly facts: PerformanceFacts; readonly modelId: string; readonly batch: number },
): Nearest['differs'] {
  const { facts } = query
  const found: (keyof typeof cost)[] = []
  if (point.backend !== facts.backend) found.push('backend')
  if (point.family !== facts.family) found.push('family')
  if (point.accelerator_id !== facts.accelerator) found.push('accelerator')
  if (point.precision !== facts.precision) found.push('precision')
  if (point.model_id !== query.modelId) found.push('model')
  if (batchRatio(point, query.batch) > batchTolerance) found.push('batch')
  return found
}

function batchRatio(point: MeasuredPoint, batch: number): number {
  if (batch > point.most_batch) return batch / point.most_batch
  if (batch < point.least_batch) return point.least_batch / Math.max(batch, 1)
  return 1
}
