import { describe, expect, it } from 'vitest'
import {
  bf16,
  deepseekV3,
  gptOss120b,
  llama8b,
  llama70b,
  model,
  policies,
  uniformBits,
} from './architectures.test-data.ts'
import { singleDevice } from './layout.ts'
import { memoryPlan } from './plan.ts'
import { loggedPoolTokens, poolTokensAtContext, prepareMemory } from './prepared.ts'
import { smallestReplica } from './smallest-replica.ts'

const gib = 2 ** 30
const h100 = 79.19 * gib
const llama = { architecture: llama8b, weightFormat: bf16, kvBitsPerElement: 16, layout: singleDevice }

describe('memory plan', () => {
  it('vLLM: pool = usable × fraction − weights − working memory', () => {
    const plan = memoryPlan({
      ...llama,
      policy: policies.vllm,
      usableBytes: h100,
      contextTokens: 8192,
      concurrency: 32,
    })
    const sampler = 50 * 256 * 128_256
    const pool = h100 * 0.9 - plan.weights.totalBytes - sampler - 2e8
    expect(plan.kv.poolBytes).toBeCloseTo(pool, 0)
    expect(plan.kv.loggedPoolTokens).toBe(Math.floor(pool / (131_072 * 16)) * 16)
    expect(plan.mostSequences).toBe(Math.floor(pool / (131_072 * 8192)))
    expect(plan.fits).toBe(true)
    expect(plan.notes).toEqual([])
  })
  it('SGLang: (usable − runtime) × fraction − weights', () => {
    const plan = memoryPlan({
      ...llama,
      policy: policies.sglang,
      usableBytes: h100,
      contextTokens: 8192,
      concurrency: 1,
    })
    expect(plan.kv.poolBytes).toBeCloseTo((h100 - 2e9) * 0.88 - plan.weights.totalBytes, 0)
  })
  it('TensorRT-LLM: a share of what is left', () => {
    const plan = memoryPlan({
      ...llama,
      policy: policies.tensorrt,
      usableBytes: h100,
      contextTokens: 8192,
      concurrency: 1,
    })
    const forward = 2048 * 2 * (4096 + 3 * 14_336)
    expect(plan.kv.poolBytes).toBeCloseTo((h100 - plan.weights.totalBytes - 3e9 - forward) * 0.9, 0)
  })
  it('a window model holds more tokens than its engine logs', () => {
    const prepared = prepareMemory({
      architecture: gptOss120b,
      weightFormat: { ...bf16, expertBitsPerWeight: 4.25 },
      kvBitsPerElement: 16,
      layout: { ...singleDevice, tensor: 2 },
      policy: policies.vllm,
    })
    const logged = loggedPoolTokens(prepared, h100)!
    const capacity = poolTokensAtContext(prepared, { usableBytes: h100, contextTokens: 131_072 })!
    // Half of the layers keep 144 tokens (nine pages) of 131,072.
    expect(capacity / logged).toBeCloseTo(2 / (1 + 144 / 131_072), 3)
  })
  it('a layout that cannot be is a problem, not an exception', () => {
    const plan = memoryPlan({
      ...llama,
      layout: { ...singleDevice, tensor: 3 },
      policy: policies.vllm,
      usableBytes: h100,
      contextTokens: 100,
      concurrency: 1,
    })
    expect(plan.fits).toBe(false)
    expect(plan.problem).toBe('32 attention heads do not split over 3 devices')
  })
  it('says when graphs come on top of all, and when sequences would wait', () => {
    const plan = memoryPlan({
      ...llama,
      policy: { ...policies.vllm, memoryFraction: 1 },
      usableBytes: h100,
      contextTokens: 10,
      concurrency: 300,
    })
    expect(plan.notes.map((note) => note.code)).toEqual([
      'engine-margin-overdrawn',
      'concurrency-above-engine-limit',
    ])
  })
  it('a file that was read replaces the computed size', () => {
    const prepared = prepareMemory({ ...llama, policy: policies.plain, fileWeightBytes: 5e9 })
    expect(prepared.weights.totalBytes).toBeCloseTo(5e9, 3)
  })
  it('an encoder caches nothing and runs any number', () => {
    const encoder = model(1024, 30_000, [], { generative: false })
    const plan = memoryPlan({
      ...llama,
      architecture: encoder,
      policy: policies.vllm,
      usableBytes: 8 * gib,
      contextTokens: 512,
      concurrency: 64,
    })
    expect(plan.kv.requiredBytes).toBe(0)
    expect(plan.kv.loggedPoolTokens).toBeUndefined()
    expect(plan.mostSequences).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('the smallest replica', () => {
  const search = {
    kvBitsPerElement: 16,
    policy: policies.vllm,
    usableBytes: h100,
    contextTokens: 8192,
    concurrency: 8,
    linkDomainDevices: 8,
    mostDevices: 32,
  }
  it('Llama 70B in bf16 (141 GB): two H100 leave no room for the cache, three stages do', () => {
    const found = smallestReplica({ ...search, architecture: llama70b, weightFormat: bf16 })
    // Three devices do not split 64 heads, but three pipeline stages of 27 layers do hold it.
    expect(found?.layout).toEqual({ tensor: 1, pipeline: 3, attentionData: 1, expert: 1 })
  })
  it('in fp8 one H100 holds the weights but not the cache; two do', () => {
    const found = smallestReplica({ ...search, architecture: llama70b, weightFormat: uniformBits(8) })
    expect(found?.layout).toEqual({ tensor: 2, pipeline: 1, attentionData: 1, expert: 1 })
  })
  it('DeepSeek-V3 in fp8 needs more than eight H100: it goes beyond one link domain by pipeline stages', () => {
    const found = smallestReplica({ ...search, architecture: deepseekV3, weightFormat: uniformBits(8) })
    expect(found!.devices).toBeGreaterThan(8)
    expect(found!.layout.tensor * found!.layout.attentionData).toBeLessThanOrEqual(8)
  })
  it('nothing is found where nothing fits', () => {
    const found = smallestReplica({ ...search, architecture: deepseekV3, weightFormat: bf16, mostDevices: 8 })
    expect(found).toBeUndefined()
  })
})
