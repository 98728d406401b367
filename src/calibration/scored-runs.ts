import type { Catalog } from '../catalogs/catalog.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { energyFigures } from './energy-figures.ts'
import { fileGib, servedFigures, servedLog } from './memory-figures.ts'
import type { RunCase } from './run-case.ts'
import { runPredictor } from './run-predictor.ts'
import {
  energyMetrics,
  type MemoryMetric,
  memoryMetrics,
  type Run,
  type RunMetric,
  runMetrics,
  speedMetrics,
} from './runs.ts'

/** One measured figure beside its prediction, in the run's own unit. */
export interface ScoredFigure {
  readonly run: Run
  readonly metric: RunMetric
  readonly measured: number
  readonly predicted: number
  /** 80 % interval; undefined where nobody measured enough to say. */
  readonly low: number | undefined
  readonly high: number | undefined
  /** Catalog ids: names in a runs file may be aliases. */
  readonly model: string
  readonly accelerator: string
  readonly weights: string
}

export interface ScoredRun {
  readonly figures: readonly ScoredFigure[]
  /** Why a figure, or all of them, cannot be predicted. */
  readonly problems: readonly string[]
}

/** Predicts every figure a run states that can be predicted, and says why the others cannot. */
export function runScorer(catalog: Catalog): (run: Run) => ScoredRun {
  const predict = runPredictor(catalog)
  return (published) => {
    const run = withNotedLayout(published)
    const stated = runMetrics.filter((metric) => run[metric] !== undefined)
    if (stated.length === 0) return { figures: [], problems: ['states no figure'] }
    const names = resolvedNames(catalog, run)
    if ('problem' in names) return { figures: [], problems: [names.problem] }
    const figures: ScoredFigure[] = []
    const problems = new Set<string>()
    const add = (metric: RunMetric, predicted: number, interval?: { low?: number; high?: number }) => {
      const measured = run[metric]
      if (measured === undefined) return
      if (measured === 0) problems.add(`${metric} is 0`)
      else if (!Number.isFinite(predicted) || predicted <= 0) {
        problems.add(`${metric} is not defined in mode ${run.mode}`)
      } else {
        const { low, high } = interval ?? {}
        figures.push({ run, metric, measured, predicted, low, high, ...names })
      }
    }
    const states = (metrics: readonly RunMetric[]) => metrics.some((metric) => run[metric] !== undefined)
    if (states(speedMetrics) || states(energyMetrics)) {
      const refused = layoutProblem(run)
      const result = refused === undefined ? predict(run) : { reason: refused }
      if ('reason' in result) problems.add(result.reason)
      else {
        for (const { metric, predicted, low, high } of result.predictions) {
          const missing = missingInput(run, metric)
          if (missing === undefined) add(metric, predicted, interval(low, high))
          else problems.add(`${missing} is blank`)
        }
        if (states(energyMetrics)) addEnergy({ catalog, item: result.item, add, problems })
      }
    }
    if (states(memoryMetrics)) addMemory({ catalog, run, add, problems })
    return { figures, problems: [...problems] }
  }
}

type Add = (metric: RunMetric, predicted: number, interval?: { low?: number; high?: number }) => void

function interval(low: number | undefined, high: number | undefined): { low?: number; high?: number } {
  return low === undefined || high === undefined ? {} : { low, high }
}

function addEnergy(input: { catalog: Catalog; item: RunCase; add: Add; problems: Set<string> }): void {
  const { item, problems } = input
  const { run } = item
  if (run.input_tokens === undefined || run.output_tokens === undefined) {
    problems.add(`${run.input_tokens === undefined ? 'input_tokens' : 'output_tokens'} is blank`)
    return
  }
  const energy = energyFigures(input.catalog, item)
  if (energy === undefined) problems.add(`the power of ${item.facts.accelerator} is not in the catalog`)
  else {
    for (const metric of energyMetrics) {
      const { value, low, high } = energy[metric]
      input.add(metric, value, interval(low, high))
    }
  }
}

function addMemory(input: { catalog: Catalog; run: Run; add: Add; problems: Set<string> }): void {
  const { catalog, run, add, problems } = input
  const logged: readonly MemoryMetric[] = ['weights_gib', 'kv_cache_tokens', 'kv_cache_gib']
  try {
    if (run.file_gib !== undefined) add('file_gib', fileGib(catalog, run))
    if (!logged.some((metric) => run[metric] !== undefined)) return
    const refused = layoutProblem(run)
    if (refused !== undefined) {
      problems.add(refused)
      return
    }
    const served = servedLog(catalog, run)
    if (served === undefined)
      problems.add('the memory an engine finds on this accelerator is not in the catalog')
    else {
      const figures = servedFigures(catalog, served)
      for (const metric of logged) add(metric, figures[metric] ?? Number.NaN)
    }
  } catch (error) {
    if (!(error instanceof RightsizeError)) throw error
    problems.add(error.message)
  }
}

/** Where the layout's columns are blank, the conditions in the note may state it: `TP1 EP8 DP1`. */
function withNotedLayout(run: Run): Run {
  const noted = /\bTP(\d+)(?: PP(\d+))?(?: EP(\d+))?(?: DP(\d+))?\b/.exec(run.note ?? '')
  if (run.tp !== undefined || noted === null) return run
  const [tp, pp, ep, dp] = noted.slice(1).map((digits) => (digits === undefined ? undefined : Number(digits)))
  return {
    ...run,
    ...(tp === undefined ? {} : { tp }),
    ...(run.pp !== undefined || pp === undefined ? {} : { pp }),
    ...(run.ep !== undefined || ep === undefined ? {} : { ep }),
    ...(run.attention_dp !== undefined || dp === undefined ? {} : { attention_dp: dp }),
  }
}

/** What the figure depends on and no engine has a default for. */
function missingInput(run: Run, metric: RunMetric): string | undefined {
  const needsPrompt =
    metric === 'ttft_ms' || metric === 'prefill_tokens_per_second' || metric === 'total_tokens_per_second'
  if (needsPrompt && run.input_tokens === undefined) return 'input_tokens'
  const needsAnswer = metric === 'output_tokens_per_second' || metric === 'total_tokens_per_second'
  if (needsAnswer && run.output_tokens === undefined) return 'output_tokens'
  return undefined
}

/** A layout that cannot be what the run used, or that the run does not state at all. */
function layoutProblem(run: Run): string | undefined {
  if (run.accelerator === undefined) return 'accelerator is blank'
  const parts = {
    accelerators: run.accelerators,
    tp: run.tp,
    pp: run.pp,
    ep: run.ep,
    attention_dp: run.attention_dp,
  }
  for (const [column, value] of Object.entries(parts)) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 1))
      return `${column} is not a whole number`
  }
  if (run.accelerators === undefined && run.tp === undefined) return 'accelerators and tp are blank'
  const devices = run.accelerators ?? (run.tp ?? 1) * (run.pp ?? 1)
  const groups = run.attention_dp ?? 1
  const pipeline = run.pp ?? 1
  const stated = `tp ${run.tp ?? '-'}, pp ${run.pp ?? '-'}, ep ${run.ep ?? '-'}, attention_dp ${run.attention_dp ?? '-'} on ${devices} devices`
  const tensor = groups > 1 ? 1 : (run.tp ?? 1)
  const fits =
    devices % (tensor * pipeline) === 0 && devices % (groups * pipeline) === 0 && (run.ep ?? 1) <= devices
  return fits ? undefined : `unknown parallel layout: ${stated}`
}

type Names = { readonly model: string; readonly accelerator: string; readonly weights: string }

/** Catalog ids of what the run names, or the first name that the catalog does not have. */
function resolvedNames(catalog: Catalog, run: Run): Names | { readonly problem: string } {
  for (const column of ['engine', 'mode', 'model', 'weights'] as const) {
    if (run[column] === undefined) return { problem: `${column} is blank` }
  }
  try {
    return {
      model: catalog.model(run.model ?? '').id,
      accelerator: run.accelerator === undefined ? 'none' : catalog.accelerator(run.accelerator).id,
      weights: catalog.weightFormat(run.weights ?? '').id,
    }
  } catch (error) {
    if (!(error instanceof RightsizeError)) throw error
    return { problem: error.message }
  }
}
