import { isRecord, type JsonRecord, nonEmpty, positive, valueAt } from './json-values.ts'
import { type BareRun, type ReadRecord, withoutBlanks } from './stated-facts.ts'

/** `guidellm benchmark --output-path result.json`: one report, a list of benchmarks. */
export function isGuidellmReport(record: JsonRecord): boolean {
  const { benchmarks } = record
  return Array.isArray(benchmarks) && benchmarks.some((one) => isRecord(valueAt(one, ['metrics'])))
}

export function guidellmRuns(report: JsonRecord): ReadRecord[] {
  const benchmarks = report['benchmarks'] as readonly unknown[]
  return benchmarks.map((benchmark): ReadRecord => {
    const metrics = valueAt(benchmark, ['metrics'])
    if (!isRecord(metrics)) return { reason: 'the benchmark has no metrics' }
    const mean = (name: string) =>
      positive(valueAt(metrics, [name, 'successful', 'mean'])) ?? positive(valueAt(metrics, [name, 'mean']))
    const load = loadOf(benchmark, mean('request_concurrency'))
    if ('reason' in load) return load
    return {
      run: withoutBlanks({
        ...load,
        model: modelOf(benchmark, report),
        input_tokens: mean('prompt_token_count'),
        output_tokens: mean('output_token_count'),
        tpot_statistic: 'mean',
        ttft_ms: mean('time_to_first_token_ms'),
        // Its "time per output token" counts the first token too; between tokens is what others call TPOT.
        tpot_ms: mean('inter_token_latency_ms'),
        output_tokens_per_second: mean('output_tokens_per_second'),
        total_tokens_per_second: mean('tokens_per_second'),
        requests_per_second: mean('requests_per_second'),
      }),
    }
  })
}

/** The strategy stands in different places in different releases. */
function loadOf(
  benchmark: unknown,
  meanConcurrency: number | undefined,
): Pick<BareRun, 'mode' | 'concurrency' | 'request_rate_per_second'> | { reason: string } {
  const places = [
    ['config', 'strategy'],
    ['args', 'strategy'],
    ['scheduler', 'strategy'],
  ] as const
  const strategy = places.map((path) => valueAt(benchmark, path)).find(isRecord)
  const type = nonEmpty(strategy?.['type_']) ?? nonEmpty(strategy?.['type'])
  switch (type) {
    case 'synchronous':
      return { mode: 'serving', concurrency: 1 }
    case 'concurrent': {
      const streams = positive(strategy?.['streams']) ?? meanConcurrency
      return streams === undefined
        ? { reason: 'its streams are not stated' }
        : { mode: 'serving', concurrency: streams }
    }
    case 'throughput':
      return meanConcurrency === undefined
        ? { reason: 'its concurrency is not stated' }
        : { mode: 'serving', concurrency: Math.max(1, meanConcurrency) }
    case 'constant':
    case 'poisson': {
      const rate = positive(strategy?.['rate'])
      return rate === undefined
        ? { reason: 'its rate is not stated' }
        : { mode: 'open-loop', request_rate_per_second: rate }
    }
    default:
      return { reason: `unknown strategy "${type ?? ''}"` }
  }
}

function modelOf(benchmark: unknown, report: JsonRecord): string | undefined {
  const paths = [
    ['config', 'backend', 'model'],
    ['worker', 'backend_model'],
    ['args', 'model'],
  ] as const
  for (const from of [benchmark, report]) {
    for (const path of paths) {
      const name = nonEmpty(valueAt(from, path))
      if (name !== undefined) return name
    }
  }
  return undefined
}
