import type { PredictionErrorRow } from '../catalogs/schema/efficiency.ts'
import { roundSignificant } from '../foundation/format.ts'
import { compareText } from '../foundation/notes.ts'
import type { HeldOut } from './cross-validation.ts'
import type { Provenance } from './fitted-rows.ts'
import { intervalMetric } from './run-predictor.ts'

/** Share of held-out figures that an interval shall hold. */
export const intervalShare = 0.8
/** Engines with fewer held-out figures of a metric share the width of all engines. */
const enoughFigures = 30
const enoughUnits = 5
const digits = 3

/** The metric as `prediction_errors.csv` names it: the engine has a column of its own. */
export function metricOf({ observation }: HeldOut): string {
  return intervalMetric(observation.item, observation.metric)
}

/**
 * Half-width that holds 80 % of figures, each unit (architecture, accelerator) weighing the square root of its
 * figures: a unit measured a thousand times must not decide for all.
 */
export function halfWidth(figures: readonly Pick<HeldOut, 'error' | 'unit'>[]): number {
  const units = new Map<string, number>()
  for (const { unit } of figures) units.set(unit, (units.get(unit) ?? 0) + 1)
  const weighed = figures
    .map(({ error, unit }) => ({ size: Math.abs(error), weight: units.get(unit)! ** -0.5 }))
    .sort((a, b) => a.size - b.size)
  const all = weighed.reduce((sum, { weight }) => sum + weight, 0)
  let sum = 0
  for (const { size, weight } of weighed) {
    sum += weight
    if (sum >= intervalShare * all) return size
  }
  return weighed.at(-1)?.size ?? 0
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const at = (index: number) => sorted[index] ?? Number.NaN
  return Number.isInteger(middle) ? (at(middle - 1) + at(middle)) / 2 : at(Math.floor(middle))
}

/** The figures that set the width of one figure's interval: same metric and engine, else same metric. */
function peersOf(all: readonly HeldOut[], metric: string, engine: string): readonly HeldOut[] {
  const same = all.filter((one) => metricOf(one) === metric)
  const own = same.filter((one) => one.observation.item.facts.engine === engine)
  return isEnough(own) ? own : same
}

function isEnough(figures: readonly HeldOut[]): boolean {
  return figures.length >= enoughFigures && new Set(figures.map(({ unit }) => unit)).size >= enoughUnits
}

/** Share of figures inside the interval that the other units' errors give: what a new unit can expect. */
export function coverage(figures: readonly HeldOut[]): ReadonlyMap<HeldOut, boolean> {
  const inside = new Map<HeldOut, boolean>()
  const widths = new Map<string, number>()
  for (const figure of figures) {
    const metric = metricOf(figure)
    const { engine } = figure.observation.item.facts
    const key = [metric, engine, figure.unit].join('|')
    let width = widths.get(key)
    if (width === undefined) {
      const others = figures.filter((one) => one.unit !== figure.unit)
      width = halfWidth(peersOf(others, metric, engine))
      widths.set(key, width)
    }
    inside.set(figure, Math.abs(figure.error) <= width)
  }
  return inside
}

/** Rows of `prediction_errors.csv` for one kind of novelty. */
export function predictionErrorRows(
  figures: readonly HeldOut[],
  novelty: PredictionErrorRow['novelty'],
  provenance: Provenance,
): PredictionErrorRow[] {
  const rows: PredictionErrorRow[] = []
  for (const metric of [...new Set(figures.map(metricOf))].sort(compareText)) {
    const same = figures.filter((one) => metricOf(one) === metric)
    const engines = new Set(same.map((one) => one.observation.item.facts.engine))
    const add = (engine: string, own: readonly HeldOut[]) => {
      const sizes = own.map(({ error }) => Math.abs(error))
      rows.push({
        metric,
        engine,
        novelty,
        log_half_width: roundSignificant(halfWidth(own), digits),
        median_log_error: roundSignificant(median(sizes), digits),
        runs: own.length,
        units: new Set(own.map(({ unit }) => unit)).size,
        ...provenance,
        note: undefined,
      })
    }
    add('all', same)
    for (const engine of [...engines].sort(compareText)) {
      const own = same.filter((one) => one.observation.item.facts.engine === engine)
      if (isEnough(own)) add(engine, own)
    }
  }
  return rows
}
