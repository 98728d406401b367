import { describe, expect, it } from 'vitest'
import { full } from '../planner/small-search.test-data.ts'
import { hasGaps } from './fit-power.ts'
import { readPowerRuns } from './power-runs.ts'

const columns =
  'id,source_id,as_of,engine,engine_version,mode,model,weights,accelerator,accelerators,attention_dp,input_tokens,output_tokens,concurrency,output_tokens_per_second,joules_per_output_token,accelerator_power_w,note'

/** One row with energy; what is not given is as in the published tables: no version, a commit instead of a date. */
function runOf(change: Record<string, string>) {
  const row: Record<string, string> = {
    id: 'r1',
    source_id: 'anybody',
    as_of: 'c3af2024e231a2a7021c5f8e2a54dd712d02e6e2',
    engine: 'vllm',
    mode: 'serving',
    model: 'llama-3.1-8b-instruct',
    weights: 'bf16',
    accelerator: 'h100-sxm-80',
    accelerators: '1',
    input_tokens: '100',
    output_tokens: '300',
    concurrency: '64',
    joules_per_output_token: '0.2',
    ...change,
  }
  const text = `${columns}\n${columns
    .split(',')
    .map((name) => row[name] ?? '')
    .join(',')}\n`
  return readPowerRuns({ text, catalog: full })[0]!
}

describe('the software of a run with energy', () => {
  it.each([
    ['a model and an accelerator of before 2025, nothing else stated', {}, true],
    [
      'the same, with its degree of attention data parallelism in the note',
      { note: 'task chat; TP1 EP1 DP1' },
      false,
    ],
    ['the same, in the column', { attention_dp: '1' }, false],
    ['the same, with a version of 2025', { engine_version: '0.11.0' }, false],
    ['the same, with a version of 2024', { engine_version: '0.5.4', note: 'TP1 EP1 DP1' }, true],
    ['the same, with a date', { as_of: '2026-02-16' }, false],
    ['a model of 2025', { model: 'qwen3-8b' }, false],
  ] as const)('is told by what the run states: %s', (_, change, gaps) => {
    expect(hasGaps(runOf(change))).toBe(gaps)
  })

  it('is never told by where it was published', () => {
    for (const source_id of ['mlenergy_v2', 'mlenergy_v3', 'a-new-one'])
      expect(hasGaps(runOf({ source_id }))).toBe(hasGaps(runOf({})))
  })
})
