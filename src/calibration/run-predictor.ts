import type { Catalog } from '../catalogs/catalog.ts'
import { factorTable, resolveCoefficients } from '../estimators/performance/coefficients.ts'
import { predictionInterval } from '../estimators/performance/interval.ts'
import type { PerformanceFacts } from '../estimators/performance/levels.ts'
import { type Nearest, nearestMeasured } from '../estimators/performance/nearest.ts'
import type { Coefficients } from '../estimators/performance/terms.ts'
import { metricGroup } from './observations.ts'
import { predictMetric } from './predict.ts'
import { type RunCase, runReader } from './run-case.ts'
import { type Run, type SpeedMetric, speedMetrics } from './runs.ts'

/** One figure of a run beside what the catalog's fit says of it. */
export interface RunPrediction {
  readonly metric: SpeedMetric
  readonly measured: number
  readonly predicted: number
  /** 80 % interval; undefined where nothing near was measured. */
  readonly low: number | undefined
  readonly high: number | undefined
}

export type PredictedRun =
  | { readonly item: RunCase; readonly nearest: Nearest; readonly predictions: readonly RunPrediction[] }
  | { readonly reason: string }

/** Predicts runs with the catalog's fitted factors; says why where it cannot. */
export function runPredictor(catalog: Catalog): (run: Run) => PredictedRun {
  const table = factorTable(catalog.rows('efficiency'))
  const points = catalog.rows('measuredPoints')
  const errors = catalog.rows('predictionErrors')
  const known = new Map<string, Coefficients>()
  const read = runReader(catalog, {
    coefficients: (facts: PerformanceFacts) => {
      const key = Object.values(facts).join('|')
      let coefficients = known.get(key)
      if (coefficients === undefined) {
        coefficients = resolveCoefficients(table, facts).coefficients
        known.set(key, coefficients)
      }
      return coefficients
    },
  })
  return (run) => {
    const result = read(run)
    if ('reason' in result) return result
    const item = result.case
    const nearest = nearestMeasured(points, {
      facts: item.facts,
      modelId: item.modelId,
      batch: item.concurrency,
    })
    const predictions = speedMetrics.flatMap((metric): RunPrediction[] => {
      const measured = run[metric]
      if (measured === undefined) return []
      const predicted = predictMetric(item, metric)
      const interval = predictionInterval(errors, {
        metric: intervalMetric(item, metric),
        engine: item.facts.engine,
        novelty: nearest.widths,
        value: predicted,
      })
      return [{ metric, measured, predicted, low: interval?.low, high: interval?.high }]
    })
    return { item, nearest, predictions }
  }
}

/** The name of a figure's width in `prediction_errors.csv`. */
export function intervalMetric(item: RunCase, metric: SpeedMetric): string {
  const group = metricGroup(item, metric)
  const { engine } = item.facts
  return group.endsWith(`-${engine}`) ? group.slice(0, -engine.length - 1) : group
}
