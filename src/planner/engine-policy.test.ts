import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readTable } from '../catalogs/csv.ts'
import { engineMemoryTable } from '../catalogs/schema/engines.ts'
import { enginePolicy } from './engine-policy.ts'

const gib = 2 ** 30
const text = readFileSync(new URL('../../catalogs/engine_memory.csv', import.meta.url), 'utf8')
const rows = readTable({ table: engineMemoryTable, text, file: 'engine_memory.csv' }).rows.map(
  ({ row }) => row,
)
const h100 = { vendor: 'NVIDIA', family: 'hopper', usableMemoryBytes: 79.19 * gib, weightFormatId: 'bf16' }
const policy = (change: object) => enginePolicy(rows, { engine: 'vllm', ...h100, ...change })

describe('engine policy', () => {
  it('vLLM runs 1,024 sequences on an H100, 256 on an A100 and on a small card', () => {
    expect(policy({}).policy.maxSequences).toBe(1024)
    expect(policy({ family: 'ampere' }).policy.maxSequences).toBe(256)
    expect(policy({ usableMemoryBytes: 24 * gib }).policy.maxSequences).toBe(256)
  })
  it('the maker’s own row goes before the general one', () => {
    expect(policy({ vendor: 'AMD', family: 'cdna3' }).policy.communicationBytes).toBe(0)
    expect(policy({}).policy.communicationBytes).toBeGreaterThan(0)
  })
  it('experts are padded for MXFP4 only, by kernel family', () => {
    expect(policy({}).policy.expertHiddenMultiple).toBe(1)
    const hopper = policy({ weightFormatId: 'mxfp4' }).policy
    const marlin = policy({ weightFormatId: 'mxfp4', family: 'ampere' }).policy
    expect([hopper.expertHiddenMultiple, hopper.expertIntermediateMultiple]).toEqual([256, 64])
    expect([marlin.expertHiddenMultiple, marlin.expertIntermediateMultiple]).toEqual([256, 128])
  })
  it('SGLang on 80 GiB keeps 8192 × 1.5 + 256 × 2 MiB out of its static part', () => {
    const { memoryFraction, batchedTokens } = policy({ engine: 'sglang' }).policy
    expect(memoryFraction).toBeCloseTo(1 - (8192 * 1.5 + 256 * 2) / 1024 / 79.19, 6)
    expect(batchedTokens).toBe(8192)
    expect(policy({ engine: 'sglang', usableMemoryBytes: 0 }).policy.memoryFraction).toBe(0.88)
  })
  it('stated settings replace defaults', () => {
    const settings = { memoryFraction: 0.95, maxSequences: 64, batchedTokens: 1024 }
    expect(policy({ settings }).policy).toMatchObject(settings)
  })
  it('an engine without rows gets the generic policy and says so', () => {
    const resolved = policy({ engine: 'mlx' })
    expect(resolved.generic).toBe(true)
    expect(resolved.policy.kvLayout).toBe('exact')
    expect(policy({}).generic).toBe(false)
  })
})
