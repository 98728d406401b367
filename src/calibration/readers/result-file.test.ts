import { describe, expect, it } from 'vitest'
import { RightsizeError } from '../../foundation/errors.ts'
import { readResultFile } from './result-file.ts'
import type { StatedFacts } from './stated-facts.ts'

const read = (text: string, stated: StatedFacts = {}) => readResultFile({ text, file: 'result', stated })

describe('results of vllm bench serve', () => {
  const result = {
    date: '20260101-000000',
    endpoint_type: 'vllm',
    model_id: 'meta-llama/Llama-3.1-8B-Instruct',
    num_prompts: 100,
    request_rate: 'inf',
    max_concurrency: 16,
    completed: 100,
    total_input_tokens: 102_400,
    total_output_tokens: 12_800,
    request_throughput: 4,
    output_throughput: 512,
    total_token_throughput: 4608,
    mean_ttft_ms: 150,
    median_ttft_ms: 120,
    mean_tpot_ms: 14,
    mean_itl_ms: 13.5,
  }

  it('are a closed loop where the concurrency is capped, with mean lengths per request', () => {
    const { kind, runs } = read(JSON.stringify(result))
    expect(kind).toBe('serving-benchmark')
    expect(runs).toEqual([
      {
        line: 1,
        engine: 'vllm',
        model: 'meta-llama/Llama-3.1-8B-Instruct',
        mode: 'serving',
        input_tokens: 102_400 / 100,
        output_tokens: 12_800 / 100,
        concurrency: 16,
        num_requests: 100,
        tpot_statistic: 'mean',
        ttft_ms: 150,
        tpot_ms: 14,
        output_tokens_per_second: 512,
        total_tokens_per_second: 4608,
        requests_per_second: 4,
      },
    ])
  })

  it('are open-loop with a rate and no cap, a burst without either', () => {
    const open = { ...result, max_concurrency: null, request_rate: 2.5 }
    const burst = { ...result, max_concurrency: null }
    const { runs } = read(`${JSON.stringify(open)}\n${JSON.stringify(burst)}\n`)
    expect(runs.map(({ mode }) => mode)).toEqual(['open-loop', 'burst'])
    expect(runs[0]).toMatchObject({ request_rate_per_second: 2.5 })
  })

  it('of SGLang are read too, with the bare Infinity that Python writes', () => {
    const text = JSON.stringify({ ...result, backend: 'sglang', request_rate: 0 }).replace(
      '"request_rate":0',
      '"request_rate": Infinity',
    )
    expect(read(text).runs[0]).toMatchObject({ engine: 'sglang', mode: 'serving' })
  })

  it('leave the engine open behind a plain OpenAI client, and take what the user states', () => {
    const text = JSON.stringify({ ...result, endpoint_type: 'openai-chat' })
    expect(read(text).runs[0]?.engine).toBeUndefined()
    const stated = { engine: 'tensorrt-llm', model: 'llama-3.1-8b-instruct', tp: 2 }
    expect(read(text, stated).runs[0]).toMatchObject(stated)
  })

  it('without a completed request are skipped', () => {
    expect(read(JSON.stringify({ ...result, completed: 0 }))).toMatchObject({
      runs: [],
      skipped: [{ line: 1, reason: 'no request was completed' }],
    })
  })
})

describe('a guidellm report', () => {
  const metric = (mean: number) => ({ successful: { mean, median: mean * 0.9 }, total: { mean: 0 } })
  const benchmark = (strategy: object) => ({
    config: { strategy, backend: { model: 'Qwen/Qwen3-8B' } },
    metrics: {
      requests_per_second: metric(2),
      request_concurrency: metric(7.6),
      prompt_token_count: metric(256),
      output_token_count: metric(128),
      time_to_first_token_ms: metric(60),
      time_per_output_token_ms: metric(12.4),
      inter_token_latency_ms: metric(12),
      output_tokens_per_second: metric(256),
      tokens_per_second: metric(768),
    },
  })
  const report = (...strategies: object[]) => JSON.stringify({ benchmarks: strategies.map(benchmark) })

  it('gives one run per benchmark; the time between tokens is TPOT', () => {
    const { kind, runs } = read(report({ type_: 'concurrent', streams: 8 }))
    expect(kind).toBe('guidellm')
    expect(runs).toEqual([
      {
        line: 1,
        mode: 'serving',
        concurrency: 8,
        model: 'Qwen/Qwen3-8B',
        input_tokens: 256,
        output_tokens: 128,
        tpot_statistic: 'mean',
        ttft_ms: 60,
        tpot_ms: 12,
        output_tokens_per_second: 256,
        total_tokens_per_second: 768,
        requests_per_second: 2,
      },
    ])
  })

  it('knows its strategies', () => {
    const { runs, skipped } = read(
      report(
        { type_: 'synchronous' },
        { type_: 'throughput' },
        { type_: 'poisson', rate: 3 },
        { type_: 'constant', rate: 1.5 },
        { type_: 'trace' },
      ),
    )
    expect(
      runs.map(({ mode, concurrency, request_rate_per_second }) => [
        mode,
        concurrency,
        request_rate_per_second,
      ]),
    ).toEqual([
      ['serving', 1, undefined],
      ['serving', 7.6, undefined],
      ['open-loop', undefined, 3],
      ['open-loop', undefined, 1.5],
    ])
    expect(skipped).toEqual([{ line: 5, reason: 'unknown strategy "trace"' }])
  })
})

describe('llama-bench output', () => {
  const prefill = {
    build_number: 6000,
    model_filename: '/models/Qwen3-8B-UD-Q4_K_XL.gguf',
    model_type: 'qwen3 8B Q4_K - Medium',
    type_k: 'f16',
    n_prompt: 512,
    n_gen: 0,
    n_depth: 0,
    avg_ts: 1234.5,
  }
  const decode = { ...prefill, n_prompt: 0, n_gen: 128, n_depth: 4096, avg_ts: 45.6, type_k: 'q8_0' }
  const expected = [
    {
      line: 1,
      engine: 'llama.cpp',
      engine_version: 'b6000',
      mode: 'single-stream',
      model: 'Qwen3-8B',
      weights: 'q4_k_xl',
      input_tokens: 512,
      concurrency: 1,
      prefill_tokens_per_second: 1234.5,
      note: 'pp512',
    },
    {
      line: 2,
      engine: 'llama.cpp',
      engine_version: 'b6000',
      mode: 'single-stream',
      model: 'Qwen3-8B',
      weights: 'q4_k_xl',
      kv_cache: 'q8_0',
      input_tokens: 4096,
      output_tokens: 128,
      concurrency: 1,
      decode_tokens_per_second: 45.6,
      note: 'tg128 @ d4096',
    },
  ]

  it('is read from JSON, JSON lines and CSV alike', () => {
    const rows = [prefill, decode]
    const columns = Object.keys(prefill) as (keyof typeof prefill)[]
    const csv = [
      columns.join(','),
      ...rows.map((row) => columns.map((column) => `"${row[column]}"`).join(',')),
    ]
    for (const text of [
      JSON.stringify(rows, null, 2),
      rows.map((row) => JSON.stringify(row)).join('\n'),
      `${csv.join('\n')}\n`,
    ]) {
      expect(read(text)).toEqual({ kind: 'llama-bench', runs: expected, skipped: [] })
    }
  })

  it('is read from the Markdown table, with the format that its model column names', () => {
    const table = [
      '| model                    |     size | params | backend | ngl |            test |              t/s |',
      '| ------------------------ | -------: | -----: | ------- | --: | --------------: | ---------------: |',
      '| llama 8B Q4_K - Medium   | 4.58 GiB | 8.03 B | CUDA    |  99 |           pp512 |  5000.12 ± 10.00 |',
      '| llama 8B Q4_K - Medium   | 4.58 GiB | 8.03 B | CUDA    |  99 |   tg128 @ d8192 |     98.70 ± 0.50 |',
      '| llama 8B Q4_K - Medium   | 4.58 GiB | 8.03 B | CUDA    |  99 |     pp512+tg128 |    400.00 ± 0.50 |',
      '',
      'build: abc1234 (6500)',
    ].join('\n')
    const { runs, skipped } = read(table, { model: 'llama-3.1-8b-instruct', accelerator: 'rtx-4090' })
    expect(runs).toMatchObject([
      { weights: 'q4_k_m', engine_version: 'b6500', prefill_tokens_per_second: 5000.12, input_tokens: 512 },
      {
        model: 'llama-3.1-8b-instruct',
        accelerator: 'rtx-4090',
        decode_tokens_per_second: 98.7,
        input_tokens: 8192,
      },
    ])
    expect(skipped).toEqual([{ line: 3, reason: 'a rate of prompt and output together tells neither' }])
  })
})

describe('other files', () => {
  it('are runs where they are CSV; options fill blank cells only', () => {
    const text =
      'engine,mode,model,weights,accelerator,tp,tpot_ms\nvllm,serving,m,fp8,a,4,10\nvllm,serving,m,fp8,a,,10\n'
    const { kind, runs } = read(text, { tp: 2 })
    expect(kind).toBe('runs')
    expect(runs.map(({ tp }) => tp)).toEqual([4, 2])
  })

  it.each(['{"hello": 1}', '[]', '{"broken": ', 'just text'])('are refused: %s', (text) => {
    expect(() => read(text)).toThrow(RightsizeError)
  })
})
