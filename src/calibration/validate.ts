import type { Catalog } from '../catalogs/catalog.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { compareText } from '../foundation/notes.ts'
import { type Run, type RunMetric, readRuns, runMetrics } from './runs.ts'
import { quantile } from './score.ts'
import { runScorer, type ScoredFigure } from './scored-runs.ts'

/** Errors of one metric. All are fractions of the measured value, not percents. */
export interface MetricScore {
  readonly n: number
  /** Median of |predicted/measured − 1|. */
  readonly medianAbsolutePercentageError: number
  readonly p90AbsolutePercentageError: number
  readonly within25PercentFraction: number
  /** Median of predicted/measured: above 1 means that predictions are too high. */
  readonly medianBiasRatio: number
  /** Share of measured values inside the 80 % interval, of those that have one; null where none has. */
  readonly interval80CoverageFraction: number | null
}

export type MetricScores = { readonly [K in RunMetric]?: MetricScore }

export const groupings = ['model', 'accelerator', 'engine', 'precision', 'source', 'mode'] as const
export type Grouping = (typeof groupings)[number]

export interface WorstFigure {
  readonly line: number
  readonly id: string | null
  readonly source: string | null
  readonly mode: string
  readonly engine: string
  readonly model: string
  readonly accelerator: string
  readonly precision: string
  readonly metric: RunMetric
  readonly measured: number
  readonly predicted: number
  readonly low: number | null
  readonly high: number | null
  readonly absolutePercentageError: number
}

export interface Validation {
  /** Rows of the file. */
  readonly rows: number
  /** Rows with at least one figure that was predicted. */
  readonly scored: number
  readonly skipped: readonly { readonly line: number; readonly reason: string }[]
  readonly metrics: MetricScores
  readonly groups: readonly {
    readonly by: Grouping
    readonly key: string
    readonly metrics: MetricScores
  }[]
  /** Farthest off first, whatever the direction: a half counts as much as a double. */
  readonly worst: readonly WorstFigure[]
}

const worstShown = 20
const withinFraction = 0.25

/**
 * Scores the catalog's predictions on measured runs.
 * @throws RightsizeError `runs-invalid` with every broken cell.
 */
export function validateRuns(input: { text: string; file: string; catalog: Catalog }): Validation {
  const runs = readRuns({ text: input.text, file: input.file })
  if (runs.length === 0) {
    throw new RightsizeError({ code: 'runs-invalid', message: `${input.file} has no runs` })
  }
  return scoreRuns({ runs, catalog: input.catalog })
}

export function scoreRuns(input: { runs: readonly Run[]; catalog: Catalog }): Validation {
  const score = runScorer(input.catalog)
  const figures: ScoredFigure[] = []
  const skipped: { line: number; reason: string }[] = []
  for (const run of input.runs) {
    const result = score(run)
    if (result.figures.length === 0) skipped.push({ line: run.line, reason: result.problems.join('; ') })
    figures.push(...result.figures)
  }
  return {
    rows: input.runs.length,
    scored: input.runs.length - skipped.length,
    skipped,
    metrics: metricScores(figures),
    groups: groupings.flatMap((by) => grouped(figures, by)),
    worst: figures
      .toSorted((a, b) => distance(b) - distance(a) || a.run.line - b.run.line)
      .slice(0, worstShown)
      .map(worstFigure),
  }
}

function distance({ predicted, measured }: ScoredFigure): number {
  return Math.abs(Math.log(predicted / measured))
}

function keyOf(figure: ScoredFigure, by: Grouping): string {
  switch (by) {
    case 'model':
      return figure.model
    case 'accelerator':
      return figure.accelerator
    case 'precision':
      return figure.weights
    case 'engine':
      return figure.run.engine ?? ''
    case 'mode':
      return figure.run.mode ?? ''
    case 'source':
      return figure.run.source_id ?? 'not stated'
  }
}

function grouped(figures: readonly ScoredFigure[], by: Grouping): Validation['groups'] {
  const groups = new Map<string, ScoredFigure[]>()
  for (const figure of figures) {
    const key = keyOf(figure, by)
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [figure])
    else known.push(figure)
  }
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, own]) => ({ by, key, metrics: metricScores(own) }))
}

function metricScores(figures: readonly ScoredFigure[]): MetricScores {
  const scores: { [K in RunMetric]?: MetricScore } = {}
  for (const metric of runMetrics) {
    const own = figures.filter((figure) => figure.metric === metric)
    if (own.length > 0) scores[metric] = metricScore(own)
  }
  return scores
}

function metricScore(figures: readonly ScoredFigure[]): MetricScore {
  const ratios = figures.map(({ predicted, measured }) => predicted / measured)
  const errors = ratios.map((ratio) => Math.abs(ratio - 1))
  const judged = figures.filter(({ low, high }) => low !== undefined && high !== undefined)
  const inside = judged.filter(({ measured, low, high }) => measured >= low! && measured <= high!)
  return {
    n: figures.length,
    medianAbsolutePercentageError: quantile(errors, 0.5),
    p90AbsolutePercentageError: quantile(errors, 0.9),
    within25PercentFraction: errors.filter((error) => error <= withinFraction).length / errors.length,
    medianBiasRatio: quantile(ratios, 0.5),
    interval80CoverageFraction: judged.length === 0 ? null : inside.length / judged.length,
  }
}

function worstFigure(figure: ScoredFigure): WorstFigure {
  const { run, metric, measured, predicted } = figure
  return {
    line: run.line,
    id: run.id ?? null,
    source: run.source_id ?? null,
    mode: run.mode ?? '',
    engine: run.engine ?? '',
    model: figure.model,
    accelerator: figure.accelerator,
    precision: figure.weights,
    metric,
    measured,
    predicted,
    low: figure.low ?? null,
    high: figure.high ?? null,
    absolutePercentageError: Math.abs(predicted / measured - 1),
  }
}
