import type { Catalog } from '../catalogs/catalog.ts'
import { levelsOf, type PerformanceFacts, userLevelsOf } from '../estimators/performance/levels.ts'
import { type Coefficients, type MutableCoefficients, terms } from '../estimators/performance/terms.ts'
import { type RunCase, runReader } from './run-case.ts'
import { type Run, type SpeedMetric, speedMetrics } from './runs.ts'

/** One measured figure and the case it belongs to. */
export interface Observation {
  readonly item: RunCase
  readonly metric: SpeedMetric
  readonly logMeasured: number
  /** Figures that would weigh a source's habits instead of the physics share one weight. */
  readonly cell: string
  readonly combination: Combination
  /** As the tables of the README call it: tpot, ttft, throughput, saturated, static-batch, … */
  readonly group: string
  readonly source: string
  readonly architecture: string
  readonly accelerator: string
}

/** All cases with the same levels share one set of coefficients, which the fit moves in place. */
export interface Combination {
  readonly index: number
  readonly levels: readonly string[]
  readonly coefficients: MutableCoefficients
}

export interface Problem {
  readonly observations: readonly Observation[]
  readonly combinations: readonly Combination[]
  readonly skipped: readonly { readonly line: number; readonly reason: string }[]
}

/**
 * Everything the fit can learn from. Runs it cannot read are listed with the reason. `start` gives the coefficients
 * that a user's calibration starts from; with it, the levels of the user's own runs count too.
 */
export function fitProblem(input: {
  runs: readonly Run[]
  catalog: Catalog
  start?: (facts: PerformanceFacts) => Coefficients
}): Problem {
  const { start } = input
  const combinations = new Map<string, Combination>()
  const combinationOf = (facts: PerformanceFacts): Combination => {
    const levels = start === undefined ? levelsOf(facts) : [...levelsOf(facts), ...userLevelsOf(facts)]
    const name = levels.join('|')
    let known = combinations.get(name)
    if (known === undefined) {
      const coefficients =
        start === undefined
          ? (Object.fromEntries(terms.map((term) => [term, 1])) as MutableCoefficients)
          : { ...start(facts) }
      known = { index: combinations.size, levels, coefficients }
      combinations.set(name, known)
    }
    return known
  }
  const read = runReader(input.catalog, {
    coefficients: (facts) => combinationOf(facts).coefficients,
  })
  const observations: Observation[] = []
  const skipped: { line: number; reason: string }[] = []
  for (const run of input.runs) {
    if (!speedMetrics.some((metric) => run[metric] !== undefined)) continue
    const result = read(run)
    if ('reason' in result) {
      skipped.push({ line: run.line, reason: result.reason })
      continue
    }
    const item = result.case
    const combination = combinationOf(item.facts)
    const architecture = architectureGroup(item.modelId)
    for (const metric of speedMetrics) {
      const measured = run[metric]
      if (measured === undefined || measured <= 0 || !informative(run, metric)) continue
      observations.push({
        item,
        metric,
        logMeasured: Math.log(measured),
        cell: [
          run.source_id,
          architecture,
          item.facts.accelerator,
          metric,
          item.mode,
          combination.index,
        ].join('|'),
        combination,
        group: metricGroup(item, metric),
        source: run.source_id ?? '',
        architecture,
        accelerator: item.facts.accelerator,
      })
    }
  }
  return { observations, combinations: [...combinations.values()], skipped }
}

/** Figures that repeat another one of the run, or that the load and not the engine sets. */
function informative(run: Run, metric: SpeedMetric): boolean {
  if (metric === 'requests_per_second') return run.output_tokens_per_second === undefined
  if (metric === 'total_tokens_per_second') return run.output_tokens_per_second === undefined
  if (run.mode?.startsWith('mlperf') === true) return metric === 'output_tokens_per_second'
  if (run.mode === 'open-loop') return metric !== 'output_tokens_per_second'
  return true
}

const shortNames: { readonly [K in SpeedMetric]: string } = {
  ttft_ms: 'ttft',
  tpot_ms: 'tpot',
  output_tokens_per_second: 'throughput',
  total_tokens_per_second: 'throughput',
  requests_per_second: 'throughput',
  prefill_tokens_per_second: 'prefill',
  decode_tokens_per_second: 'decode',
}

export function metricGroup(item: RunCase, metric: SpeedMetric): string {
  const name = shortNames[metric]
  if (name === 'prefill' || name === 'decode') return `${name}-${item.facts.engine}`
  if (item.mode === 'serving') return name
  if (item.mode === 'single-stream') return `single-stream-${item.facts.engine}`
  if (item.mode.startsWith('mlperf') || name === 'throughput') return item.mode
  return `${item.mode}-${name}`
}

/** Models of one architecture, whatever their training: leaving one of them out would leave nothing out. */
const twins: readonly (readonly [RegExp, string])[] = [
  [/^deepseek-(v3|r1)/, 'deepseek-v3'],
  [/llama-3(\.[13])?-70b/, 'llama-3-70b'],
  [/llama-3(\.1)?-8b/, 'llama-3-8b'],
  [/^qwen2(\.5)?-72b/, 'qwen2-72b'],
  [/^qwen2(\.5)?-7b/, 'qwen2-7b'],
  [/^qwen2(\.5)?-1\.5b/, 'qwen2-1.5b'],
  [/^qwen2(\.5)?-0\.5b/, 'qwen2-0.5b'],
]

export function architectureGroup(modelId: string): string {
  return twins.find(([pattern]) => pattern.test(modelId))?.[1] ?? modelId
}
