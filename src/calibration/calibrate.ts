import type { SourceRow } from '../catalogs/catalog.ts'
import { type Catalog, createCatalog } from '../catalogs/catalog.ts'
import { overlayCatalog } from '../catalogs/overlay.ts'
import type { EfficiencyRow, PredictionErrorRow } from '../catalogs/schema/efficiency.ts'
import { factorTable, resolveCoefficients } from '../estimators/performance/coefficients.ts'
import { predictionInterval } from '../estimators/performance/interval.ts'
import { userLevelKinds } from '../estimators/performance/levels.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { roundSignificant } from '../foundation/format.ts'
import { compareText } from '../foundation/notes.ts'
import {
  byColumns,
  efficiencyColumns,
  measuredPointColumns,
  measuredPointRows,
  type Provenance,
  predictionErrorColumns,
  tableText,
} from './fitted-rows.ts'
import { intervalShare, median } from './held-out-errors.ts'
import { fitProblem } from './observations.ts'
import { intervalMetric } from './run-predictor.ts'
import type { Run } from './runs.ts'
import { quantile } from './score.ts'
import { fitUserFactors, type UserError, type UserFactor } from './user-fit.ts'

export interface Calibration {
  /** Files of the overlay folder by name. */
  readonly files: ReadonlyMap<string, string>
  /** Runs that the factors rest on. */
  readonly runs: number
  readonly skipped: readonly { readonly line: number; readonly reason: string }[]
  readonly deployments: readonly string[]
  readonly errors: readonly CalibrationError[]
}

/** Median |ln(predicted/measured)| of one metric: with our factors, with the user's, and of runs left out in turn. */
export interface CalibrationError {
  readonly metric: string
  readonly engine: string
  readonly figures: number
  readonly before: number
  readonly after: number
  readonly heldOut: number
  /** 80 % of figures lie within a factor e^±this. */
  readonly logHalfWidth: number
}

/** The id under which a user's own measurements stand; the catalog knows it without a row. */
const userSource = 'user'
/** Factors nearer to 1 than this change nothing that can be measured. */
const negligible = 0.005
const digits = 4
/** How many runs our own width of a new architecture counts for beside the user's: the study's coverage chose it. */
const priorFigures = 2

/**
 * Factors and interval widths of the user's own deployments, as the tables of an overlay folder.
 * @throws RightsizeError `runs-invalid` where no run can be used, with the reason of each.
 */
export function calibrate(input: {
  runs: readonly Run[]
  catalog: Catalog
  /** ISO date of the rows. */
  asOf: string
  /** Names of the files read, for the provenance. */
  files: readonly string[]
}): Calibration {
  const { catalog } = input
  // Factors of an earlier calibration are replaced, not multiplied.
  const ours = catalog.rows('efficiency').filter(({ level_kind }) => !isUserKind(level_kind))
  const table = factorTable(ours)
  const problem = fitProblem({
    runs: input.runs,
    catalog,
    start: (facts) => resolveCoefficients(table, facts).coefficients,
  })
  const { observations, skipped } = problem
  if (observations.length === 0) {
    throw new RightsizeError({
      code: 'runs-invalid',
      message: 'none of the runs can be used',
      issues: skipped.map(({ line, reason }) => ({ place: `line ${line}`, message: reason })),
      hint: 'a run needs a speed, its lengths and its concurrency: see rightsize validate',
    })
  }
  const { factors, errors } = fitUserFactors(problem)
  const runs = new Set(observations.map(({ item }) => item.run.line)).size
  const provenance: Provenance = { source_id: userSource, as_of: input.asOf, quality: 'estimated' }
  const summary = errorsByMetric(catalog, errors)
  const files = new Map([
    ['efficiency.csv', tableText(efficiencyRowsOf(factors, provenance), efficiencyColumns)],
    ['measured_points.csv', tableText(measuredPointRows(observations, provenance), measuredPointColumns)],
    ['prediction_errors.csv', tableText(widthRows(summary, errors, provenance), predictionErrorColumns)],
    ['sources.csv', tableText([sourceRow(input, runs)], sourceColumns)],
  ])
  return {
    files,
    runs,
    skipped,
    deployments: [
      ...new Set(factors.filter(({ kind }) => kind === 'deployment').map(({ level }) => level)),
    ].sort(compareText),
    errors: summary,
  }
}

/**
 * The catalog with the calibration laid over it.
 * @throws RightsizeError `catalog-invalid` where a table is wrong: a bug of ours.
 */
export function calibratedCatalog(catalog: Catalog, calibration: Calibration): Catalog {
  return createCatalog(overlayCatalog({ base: catalog, texts: calibration.files }))
}

function isUserKind(kind: string): boolean {
  return (userLevelKinds as readonly string[]).includes(kind)
}

function efficiencyRowsOf(factors: readonly UserFactor[], provenance: Provenance): EfficiencyRow[] {
  return factors
    .filter(({ factor }) => Math.abs(Math.log(factor)) >= negligible)
    .map(({ kind, level, term, factor, figures }) => ({
      term,
      level_kind: kind,
      level,
      value: roundSignificant(factor, digits),
      log_spread: undefined,
      runs: figures,
      ...provenance,
      note: undefined,
    }))
    .sort(byColumns(['term', 'level_kind', 'level']))
}

function errorsByMetric(catalog: Catalog, errors: readonly UserError[]): CalibrationError[] {
  const groups = new Map<string, UserError[]>()
  for (const error of errors) {
    const key = groupKey(error)
    groups.set(key, [...(groups.get(key) ?? []), error])
  }
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, own]) => {
      const [metric = '', engine = ''] = key.split('|')
      const of = (pick: (error: UserError) => number) => median(own.map((error) => Math.abs(pick(error))))
      return {
        metric,
        engine,
        figures: own.length,
        before: of(({ before }) => before),
        after: of(({ after }) => after),
        heldOut: of(({ heldOut }) => heldOut),
        logHalfWidth: calibratedWidth(
          own.map(({ heldOut }) => heldOut),
          ourWidth(catalog, { metric, engine }),
        ),
      }
    })
}

function groupKey({ observation }: UserError): string {
  return `${intervalMetric(observation.item, observation.metric)}|${observation.item.facts.engine}`
}

/** The width that held-out runs of new architectures had; undefined where none was measured. */
function ourWidth(catalog: Catalog, query: { metric: string; engine: string }): number | undefined {
  return predictionInterval(catalog.rows('predictionErrors'), {
    ...query,
    novelty: 'new-architecture',
    value: 1,
  })?.logHalfWidth
}

/**
 * Half-width for runs like the user's: that of the runs left out in turn, with ours counting as two more. Squares
 * average, as variances do.
 */
export function calibratedWidth(heldOut: readonly number[], ours: number | undefined): number {
  const own = quantile(
    heldOut.map((error) => Math.abs(error)),
    intervalShare,
  )
  if (ours === undefined) return own
  const n = heldOut.length
  return Math.sqrt((priorFigures * ours ** 2 + n * own ** 2) / (priorFigures + n))
}

function widthRows(
  summary: readonly CalibrationError[],
  errors: readonly UserError[],
  provenance: Provenance,
): PredictionErrorRow[] {
  const units = (metric: string, engine: string) =>
    new Set(
      errors
        .filter((error) => groupKey(error) === `${metric}|${engine}`)
        .map(({ observation }) => `${observation.item.modelId} ${observation.accelerator}`),
    ).size
  return summary
    .map(
      ({ metric, engine, heldOut, logHalfWidth, figures }): PredictionErrorRow => ({
        metric,
        engine,
        novelty: 'calibrated',
        log_half_width: roundSignificant(Math.max(logHalfWidth, negligible), digits),
        median_log_error: roundSignificant(heldOut, digits),
        runs: figures,
        units: units(metric, engine),
        ...provenance,
        note: undefined,
      }),
    )
    .sort(byColumns(['metric', 'engine', 'novelty']))
}

const sourceColumns = ['id', 'title', 'publisher', 'address', 'retrieved', 'terms', 'note'] as const

function sourceRow(
  input: { asOf: string; files: readonly string[] },
  runs: number,
): Omit<SourceRow, 'origin'> {
  return {
    id: userSource,
    title: `Own runs (${runs})`,
    publisher: undefined,
    address: undefined,
    retrieved: input.asOf,
    terms: undefined,
    note: `rightsize calibrate ${input.files.join(' ')}`,
  }
}
