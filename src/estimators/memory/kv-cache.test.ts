import { describe, expect, it } from 'vitest'
import {
  deepseekV3,
  gemma3of12b,
  gptOss120b,
  kv16,
  layers,
  llama70b,
  mistralSmall,
  model,
  policies,
  qwen3Next,
} from './architectures.test-data.ts'
import type { KvPolicy } from './kv-allocation.ts'
import { kvAllocation } from './kv-allocation.ts'
import { minimumKvProfile } from './kv-cache.ts'
import { kvBytesPerGrowingToken, kvBytesPerSequence } from './kv-profile.ts'
import { singleDevice } from './layout.ts'

const minimum = (architecture: typeof deepseekV3, tensor = 1) =>
  minimumKvProfile({ architecture, format: kv16, layout: { ...singleDevice, tensor } })
const allocate = (architecture: typeof deepseekV3, policy: KvPolicy, tensor = 1) =>
  kvAllocation({ architecture, format: kv16, layout: { ...singleDevice, tensor }, policy })

describe('what the architecture needs', () => {
  it('DeepSeek-V3: 70,272 bytes per token (configuration: 61 layers of 512 + 64 latents)', () => {
    expect(kvBytesPerGrowingToken(minimum(deepseekV3))).toBe(61 * (512 + 64) * 2)
    expect(kvBytesPerGrowingToken(minimum(deepseekV3))).toBe(70_272)
  })
  it('MLA latents do not shard over tensor-parallel devices (DeepSeek-V2 paper)', () => {
    expect(kvBytesPerGrowingToken(minimum(deepseekV3, 8))).toBe(70_272)
  })
  it('DeepSeek-V3.2: 132 bytes of indexer key per token and layer on top (FP8 with a 32-bit scale)', () => {
    const indexed = {
      ...deepseekV3,
      layerGroups: deepseekV3.layerGroups.map((group) => ({
        ...group,
        attention: { ...group.attention, indexerElementsPerToken: 128 } as typeof group.attention,
      })),
    }
    expect(kvBytesPerGrowingToken(minimum(indexed))).toBe(70_272 + 61 * (128 + 4))
  })
  it('Mistral-Small: 163,840 bytes per token (40 layers, 8 KV heads of 128)', () => {
    expect(kvBytesPerGrowingToken(minimum(mistralSmall))).toBe(40 * 8 * (128 + 128) * 2)
    expect(kvBytesPerGrowingToken(minimum(mistralSmall))).toBe(163_840)
  })
  it('Qwen3-Next: 24,576 bytes per token from 12 of 48 layers, and a state per sequence', () => {
    const profile = minimum(qwen3Next)
    expect(kvBytesPerGrowingToken(profile)).toBe(12 * 2 * (256 + 256) * 2)
    expect(kvBytesPerGrowingToken(profile)).toBe(24_576)
    expect(profile.fixedBytes).toBe(36 * (32 * 128 * 128 + 8192 * 3) * 2)
  })
  it('gpt-oss-120b: windows of 128 tokens stop growing', () => {
    const perLayer = 8 * (64 + 64) * 2
    expect(kvBytesPerSequence(minimum(gptOss120b), 1000)).toBe(18 * perLayer * (1000 + 128))
    expect(kvBytesPerSequence(minimum(gptOss120b), 100)).toBe(36 * perLayer * 100)
  })
  it('KV heads repeat when devices outnumber them: 8 heads over 16 devices cost as over 8', () => {
    expect(kvBytesPerGrowingToken(minimum(llama70b, 8))).toBe(80 * 1 * 256 * 2)
    expect(kvBytesPerGrowingToken(minimum(llama70b, 16))).toBe(80 * 1 * 256 * 2)
  })
  it('three devices for eight KV heads: the fullest holds three', () => {
    expect(kvBytesPerGrowingToken(minimum(llama70b, 3))).toBe(80 * 3 * 256 * 2)
  })
  it('layers that share a cache store none, and a key that is the value is stored once', () => {
    const shared = model(1024, 1000, [
      layers(2, { kind: 'full', queryHeads: 8, kvHeads: 2, headDimension: 64 }, { kind: 'none' }),
      layers(
        3,
        { kind: 'full', queryHeads: 8, kvHeads: 2, headDimension: 64, sharesCache: true },
        { kind: 'none' },
      ),
      layers(
        5,
        { kind: 'full', queryHeads: 8, kvHeads: 2, headDimension: 64, keyIsValue: true },
        { kind: 'none' },
      ),
    ])
    expect(kvBytesPerGrowingToken(minimum(shared))).toBe(2 * 2 * 128 * 2 + 5 * 2 * 64 * 2)
  })
  it('8.5 bits per element (q8_0: 8 bits and a 16-bit scale per 32) take 8.5/16 of bf16', () => {
    const format = { ...kv16, bitsPerElement: 8 + 16 / 32 }
    const profile = minimumKvProfile({ architecture: mistralSmall, format })
    expect(kvBytesPerGrowingToken(profile)).toBe((163_840 * 8.5) / 16)
  })
  it('encoders keep no cache', () => {
    expect(kvBytesPerSequence(minimum(model(1024, 1000, [], { generative: false })), 512)).toBe(0)
  })
})

describe('what vLLM allocates', () => {
  it('gpt-oss-120b: 73,728 bytes per token, all 36 layers counted (hf-mem pull request 60)', () => {
    const allocation = allocate(gptOss120b, policies.vllm)
    expect(allocation.loggedBytesPerToken).toBe(36 * 8 * (64 + 64) * 2)
    expect(allocation.loggedBytesPerToken).toBe(73_728)
    expect(allocation.reason).toContain('2 groups of 18 layers')
  })
  it('gpt-oss-120b: a long sequence takes half of that, and its window', () => {
    const { profile } = allocate(gptOss120b, policies.vllm)
    const perLayer = 8 * 128 * 2
    // The window of 128 tokens lies in at most 8 + 1 pages of 16.
    expect(kvBytesPerSequence(profile, 100_000)).toBe(18 * perLayer * (100_000 + 9 * 16))
  })
  it('gemma-3-12b: 393,216 bytes per token, all 48 layers counted', () => {
    expect(allocate(gemma3of12b, policies.vllm).loggedBytesPerToken).toBe(48 * 8 * 512 * 2)
    expect(allocate(gemma3of12b, policies.vllm).loggedBytesPerToken).toBe(393_216)
  })
  it('gemma-3-27b: 62 layers in 7 groups of 10 count as 70', () => {
    const attention = { kind: 'full', queryHeads: 32, kvHeads: 16, headDimension: 128 } as const
    const gemma27b = model(5376, 262_144, [
      layers(10, attention, { kind: 'none' }),
      layers(52, { ...attention, kind: 'window', windowTokens: 1024 }, { kind: 'none' }),
    ])
    expect(allocate(gemma27b, policies.vllm).loggedBytesPerToken).toBe(70 * 16 * 256 * 2)
  })
  it('Qwen3-Next: four times the minimum, in pages of 544 tokens that hold a state (server log)', () => {
    const allocation = allocate(qwen3Next, policies.vllm)
    expect(allocation.loggedBytesPerToken).toBe(4 * 24_576)
    expect(allocation.pageTokens).toBe(544)
  })
  it('Qwen3-Next over two devices: 49,152 bytes per token (R9700 logs)', () => {
    expect(allocate(qwen3Next, policies.vllm, 2).loggedBytesPerToken).toBe(4 * 12 * 1 * 512 * 2)
  })
  it('one kind of layer: pages of 16 and nothing else', () => {
    const allocation = allocate(llama70b, policies.vllm)
    expect(allocation.loggedBytesPerToken).toBe(80 * 8 * 256 * 2)
    expect(kvBytesPerSequence(allocation.profile, 17)).toBe(80 * 8 * 256 * 2 * 32)
  })
})

describe('what the other engines allocate', () => {
  it('SGLang: 0.8 tokens of window pool come with every token of the full pool', () => {
    const { profile, loggedBytesPerToken } = allocate(gptOss120b, policies.sglang)
    const half = 18 * 8 * 128 * 2
    expect(loggedBytesPerToken).toBeCloseTo(half + 0.8 * half, 6)
    expect(kvBytesPerSequence(profile, 10_000)).toBeCloseTo(1.8 * half * 10_000, 3)
    // Below the window the window pool is the scarce one.
    expect(kvBytesPerSequence(profile, 100)).toBeCloseTo((1.8 * half * 100) / 0.8, 3)
  })
  it('llama.cpp: Gemma 3 window layers take pad(1024 + 512, 256) = 1536 cells per sequence', () => {
    const { profile } = allocate(gemma3of12b, policies.llamaCpp)
    const perLayer = 8 * 512 * 2
    expect(kvBytesPerSequence(profile, 8192)).toBe(perLayer * (8 * 8192 + 40 * 1536))
    expect(kvBytesPerSequence(profile, 100)).toBe(perLayer * 48 * 256)
  })
  it('TensorRT-LLM: windows keep their pages only', () => {
    const { profile } = allocate(gemma3of12b, policies.tensorrt)
    expect(kvBytesPerSequence(profile, 8192)).toBe(8 * 512 * 2 * (8 * 8192 + 40 * (1024 + 32)))
  })
})
