import { amount, type JsonRecord, nonEmpty, positive } from './json-values.ts'
import { type ReadRecord, withoutBlanks } from './stated-facts.ts'

/** Results of `vllm bench serve --save-result`; SGLang's `bench_serving` writes nearly the same keys. */
export function isServingBenchmark(record: JsonRecord): boolean {
  return 'mean_ttft_ms' in record && 'output_throughput' in record
}

export function servingBenchmarkRun(record: JsonRecord): ReadRecord {
  const completed = positive(record['completed'])
  if (completed === undefined) return { reason: 'no request was completed' }
  const perRequest = (total: unknown) => {
    const tokens = positive(total)
    return tokens === undefined ? undefined : tokens / completed
  }
  const concurrency = positive(record['max_concurrency'])
  // "inf" is no number: everything is sent at once.
  const rate = positive(record['request_rate'])
  const mode = concurrency !== undefined ? 'serving' : rate !== undefined ? 'open-loop' : 'burst'
  return {
    run: withoutBlanks({
      engine: engineOf(record),
      model: nonEmpty(record['model_id']),
      mode,
      input_tokens: perRequest(record['total_input_tokens']),
      output_tokens: perRequest(record['total_output_tokens']),
      concurrency,
      request_rate_per_second: mode === 'open-loop' ? rate : undefined,
      num_requests: completed,
      tpot_statistic: 'mean',
      ttft_ms: positive(record['mean_ttft_ms']),
      tpot_ms: positive(record['mean_tpot_ms']),
      output_tokens_per_second: amount(record['output_throughput']),
      total_tokens_per_second: amount(record['total_token_throughput']),
      requests_per_second: amount(record['request_throughput']),
    }),
  }
}

/** The client's protocol names the engine unless it is plain OpenAI. */
function engineOf(record: JsonRecord): string | undefined {
  const named = nonEmpty(record['backend']) ?? nonEmpty(record['endpoint_type']) ?? ''
  return (['vllm', 'sglang', 'tensorrt-llm'] as const).find((engine) => named.startsWith(engine))
}
