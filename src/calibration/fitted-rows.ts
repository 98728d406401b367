import type { EfficiencyRow, MeasuredPointRow, PredictionErrorRow } from '../catalogs/schema/efficiency.ts'
import { terms } from '../estimators/performance/terms.ts'
import { roundSignificant } from '../foundation/format.ts'
import { compareText } from '../foundation/notes.ts'
import type { Fit } from './fit.ts'
import type { Observation } from './observations.ts'

export interface Provenance {
  readonly source_id: string
  readonly as_of: string
  readonly quality: 'estimated'
}

/** Factors nearer to 1 than this (in ln) are left out: together they change nothing that can be measured. */
const negligible = 0.02
const digits = 4

/** Rows of `efficiency.csv`. `folds` are the fits of a cross-validation: they say how firm a factor is. */
export function efficiencyRows(input: {
  fit: Fit
  folds: readonly Fit[]
  observations: readonly Observation[]
  provenance: Provenance
}): EfficiencyRow[] {
  const { fit, folds } = input
  const { space } = fit
  const runs = runsByLevel(input.observations, fit)
  const rows: EfficiencyRow[] = []
  for (const [level, name] of space.levelNames.entries()) {
    const split = name.indexOf('=')
    for (const [t, term] of terms.entries()) {
      const at = level * terms.length + t
      const base = level === 0 ? space.logBase[t]! : 0
      const log = base + space.spreads[at]! * fit.parameters[at]!
      if (level > 0 && Math.abs(log) < negligible) continue
      const logs = folds.map((fold) => base + space.spreads[at]! * fold.parameters[at]!)
      rows.push({
        term,
        level_kind: name.slice(0, split) as EfficiencyRow['level_kind'],
        level: name.slice(split + 1),
        value: roundSignificant(Math.exp(log), digits),
        log_spread: logs.length > 1 ? roundSignificant(deviation(logs), 2) : undefined,
        runs: Math.max(runs[level] ?? 0, 1),
        ...input.provenance,
        note: undefined,
      })
    }
  }
  return rows.sort(byColumns(['term', 'level_kind', 'level']))
}

function runsByLevel(observations: readonly Observation[], fit: Fit): number[] {
  const runs = fit.space.levelNames.map(() => 0)
  for (const observation of observations) {
    for (const level of fit.space.levelsOf[observation.combination.index]!) runs[level]! += 1
  }
  return runs
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}

/** Rows of `measured_points.csv`. */
export function measuredPointRows(
  observations: readonly Observation[],
  provenance: Provenance,
): MeasuredPointRow[] {
  const points = new Map<string, MeasuredPointRow>()
  const counted = new Set<string>()
  for (const { item } of observations) {
    const { facts, modelId, run } = item
    const key = [facts.engine, facts.accelerator, facts.precision, modelId].join('|')
    const batch = Math.max(1, item.concurrency)
    const known = points.get(key)
    const runKey = `${key}|${run.line}`
    const more = counted.has(runKey) ? 0 : 1
    counted.add(runKey)
    points.set(key, {
      engine: facts.engine,
      accelerator_id: facts.accelerator,
      backend: facts.backend,
      family: facts.family,
      precision: facts.precision,
      model_id: modelId,
      least_batch: Math.min(known?.least_batch ?? batch, batch),
      most_batch: Math.max(known?.most_batch ?? batch, batch),
      runs: (known?.runs ?? 0) + more,
      ...provenance,
      note: undefined,
    })
  }
  return [...points.values()].sort(byColumns(['engine', 'accelerator_id', 'precision', 'model_id']))
}

/** Order of a catalog table: by its key, column after column. */
export function byColumns<Row extends object>(
  columns: readonly (keyof Row & string)[],
): (a: Row, b: Row) => number {
  return (a, b) => {
    for (const column of columns) {
      const order = compareText(String(a[column]), String(b[column]))
      if (order !== 0) return order
    }
    return 0
  }
}

/** CSV text of rows: the columns in the order given. */
export function tableText<Row extends object>(
  rows: readonly Row[],
  columns: readonly (keyof Row & string)[],
): string {
  const cell = (value: unknown) => {
    const text = value === undefined ? '' : String(value)
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  const lines = rows.map((row) => columns.map((column) => cell(row[column])).join(','))
  return `${[columns.join(','), ...lines].join('\n')}\n`
}

export const efficiencyColumns = [
  'term',
  'level_kind',
  'level',
  'value',
  'log_spread',
  'runs',
  'source_id',
  'as_of',
  'quality',
  'note',
] as const satisfies readonly (keyof EfficiencyRow)[]
export const predictionErrorColumns = [
  'metric',
  'engine',
  'novelty',
  'log_half_width',
  'median_log_error',
  'runs',
  'units',
  'source_id',
  'as_of',
  'quality',
  'note',
] as const satisfies readonly (keyof PredictionErrorRow)[]
export const measuredPointColumns = [
  'engine',
  'accelerator_id',
  'backend',
  'family',
  'precision',
  'model_id',
  'least_batch',
  'most_batch',
  'runs',
  'source_id',
  'as_of',
  'quality',
  'note',
] as const satisfies readonly (keyof MeasuredPointRow)[]
