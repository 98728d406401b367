import { describe, expect, it } from 'vitest'
import { engineEra } from './engine-era.ts'

describe('the era of an engine', () => {
  it.each([
    ['vllm', '0.6.3', 'old'],
    ['vllm', '0.11.2.dev690+g67475a6e8', 'new'],
    ['vllm', 'vLLM Jan-2025 (rocm/vllm-dev)', 'new'],
    ['tensorrt-llm', '0.10.0', 'old'],
    ['tensorrt-llm', '1.2.0rc6', 'new'],
    ['sglang', '0.4.6.post1', 'new'],
    ['llama.cpp', 'build 9187', 'new'],
    ['llama.cpp', 'May 2024 (llama-bench)', 'old'],
  ] as const)('%s %s is %s', (engine, engineVersion, era) => {
    expect(engineEra({ engine, engineVersion })).toBe(era)
  })

  it('goes by the date of the run where the version says nothing', () => {
    expect(engineEra({ engine: 'vllm', date: '2024-07-24' })).toBe('old')
    expect(engineEra({ engine: 'vllm', date: 'comment 2025-04-01' })).toBe('new')
  })

  it('else by what cannot be older than the run: attention groups, the model, the accelerator', () => {
    const old = {
      engine: 'vllm',
      date: 'c3af7f31',
      modelReleased: '2024-07-23',
      acceleratorLaunched: '2022-09',
    }
    expect(engineEra(old)).toBe('old')
    expect(engineEra({ ...old, statesAttentionDataParallelism: true })).toBe('new')
    expect(engineEra({ ...old, modelReleased: '2025-04-29' })).toBe('new')
    expect(engineEra({ engine: 'vllm' })).toBe('new')
  })
})
