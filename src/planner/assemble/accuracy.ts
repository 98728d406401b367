import { predictionInterval } from '../../estimators/performance/interval.ts'
import { type Nearest, type Novelty, nearestMeasured } from '../../estimators/performance/nearest.ts'
import { performanceFacts } from '../performance-inputs.ts'
import { type Figure, type FigureUnit, figure } from '../plan-figure.ts'
import type { PlanEvidence } from '../plan-option-types.ts'
import type { SearchSpace } from '../search/space.ts'
import type { MachineDetail } from './detail.ts'

/** How near the option's speed is to something measured, and the 80 % interval that follows for each metric. */
export interface Accuracy {
  readonly nearest: Nearest
  readonly interval: (metric: Metric, value: number) => { low: number; high: number } | undefined
  readonly figure: (metric: Metric, value: number, unit: FigureUnit) => Figure
}

export type Metric = 'ttft' | 'tpot' | 'throughput'

export function accuracyOf(space: SearchSpace, detail: MachineDetail): Accuracy {
  const { unit, device, serving } = detail
  const { catalog } = space
  const nearest = nearestMeasured(catalog.rows('measuredPoints'), {
    facts: performanceFacts({
      accelerator: device.row,
      weights: unit.weightFormat,
      engine: unit.engine,
      era: 'new',
      mode: 'serving',
      architecture: unit.architecture,
    }),
    modelId: unit.kept.model.id,
    batch: Math.max(1, serving.concurrency),
  })
  const rows = catalog.rows('predictionErrors')
  const interval = (metric: Metric, value: number) =>
    predictionInterval(rows, { metric, engine: unit.engine, novelty: nearest.widths, value })
  return {
    nearest,
    interval,
    figure: (metric, value, of) => {
      const range = interval(metric, value)
      return range === undefined ? { value, unit: of, basis: 'bound' } : figure(value, of, range)
    },
  }
}

const words: Record<Novelty, string> = {
  measured: 'this model, accelerator, engine and precision were measured',
  'new-architecture': 'the accelerator was measured with this engine and precision, with other models',
  'new-accelerator': 'only relatives of the accelerator, or other precisions, were measured with this engine',
  'new-family':
    'this engine was measured on other families of accelerators only: the interval is that of new families',
  unmeasured: 'nothing near was measured: speeds are bounds, no estimates',
}

export function evidenceOf(accuracy: Accuracy): PlanEvidence {
  const { novelty, point, differs } = accuracy.nearest
  return {
    novelty,
    message: words[novelty],
    ...(point === undefined
      ? {}
      : {
          nearest: {
            engine: point.engine,
            acceleratorId: point.accelerator_id,
            precision: point.precision,
            modelId: point.model_id,
            leastBatch: point.least_batch,
            mostBatch: point.most_batch,
            runs: point.runs,
          },
        }),
    differs,
  }
}
