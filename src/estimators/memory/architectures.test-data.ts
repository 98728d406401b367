import type { Attention, FeedForward, LayerGroup, ModelArchitecture } from '../architecture.ts'
import type { EngineMemoryPolicy } from './engine-policy.ts'
import type { KvFormatSpec, WeightFormatSpec } from './formats.ts'

/** Architectures and policies for the tests, from the models' published configurations. */

export function heads(
  queryHeads: number,
  kvHeads: number,
  headDimension: number,
  windowTokens?: number,
): Attention {
  return windowTokens === undefined
    ? { kind: 'full', queryHeads, kvHeads, headDimension }
    : { kind: 'window', queryHeads, kvHeads, headDimension, windowTokens }
}

export const gated = (intermediateSize: number): FeedForward => ({
  kind: 'dense',
  intermediateSize,
  matrices: 3,
})

export function experts(count: number, perToken: number, width: number, shared = 0): FeedForward {
  return {
    kind: 'experts',
    experts: count,
    expertsPerToken: perToken,
    expertIntermediateSize: width,
    sharedIntermediateSize: shared,
    parallelDenseIntermediateSize: 0,
    matrices: 3,
  }
}

export function layers(count: number, attention: Attention, feedForward: FeedForward): LayerGroup {
  return { layers: count, attention, feedForward, otherParameters: 0 }
}

export function model(
  hiddenSize: number,
  vocabularySize: number,
  layerGroups: LayerGroup[],
  rest: Partial<ModelArchitecture> = {},
): ModelArchitecture {
  return {
    hiddenSize,
    vocabularySize,
    tiedEmbeddings: false,
    generative: true,
    layerGroups,
    otherParameters: 0,
    encoderParameters: 0,
    draftParameters: 0,
    maxContextTokens: 131_072,
    publishedParameters: undefined,
    ...rest,
  }
}

export const llama8b = model(4096, 128_256, [layers(32, heads(32, 8, 128), gated(14_336))])
export const llama70b = model(8192, 128_256, [layers(80, heads(64, 8, 128), gated(28_672))])
export const mistralSmall = model(5120, 131_072, [layers(40, heads(32, 8, 128), gated(32_768))])
export const gptOss120b = model(2880, 201_088, [
  layers(18, heads(64, 8, 64), experts(128, 4, 2880)),
  layers(18, heads(64, 8, 64, 128), experts(128, 4, 2880)),
])
export const gemma3of12b = model(
  3840,
  262_144,
  [layers(8, heads(16, 8, 256), gated(15_360)), layers(40, heads(16, 8, 256, 1024), gated(15_360))],
  { tiedEmbeddings: true, encoderParameters: 417e6 },
)
const deepseekAttention: Attention = {
  kind: 'latent',
  queryHeads: 128,
  kvLoraRank: 512,
  ropeHeadDimension: 64,
  nopeHeadDimension: 128,
  valueHeadDimension: 128,
  queryLoraRank: 1536,
}
export const deepseekV3 = model(
  7168,
  129_280,
  [layers(3, deepseekAttention, gated(18_432)), layers(58, deepseekAttention, experts(256, 8, 2048, 2048))],
  { maxContextTokens: 163_840, draftParameters: 11e9 },
)
export const qwen3Next = model(2048, 151_936, [
  layers(
    36,
    {
      kind: 'recurrent',
      stateElements: 32 * 128 * 128,
      convolutionElements: 8192 * 3,
      mixerParameters: 33e6,
    },
    experts(512, 10, 512, 512),
  ),
  layers(12, heads(16, 2, 256), experts(512, 10, 512, 512)),
])

export const bf16: WeightFormatSpec = uniformBits(16)
export const kv16: KvFormatSpec = {
  bitsPerElement: 16,
  stateBitsPerElement: 16,
  convolutionBitsPerElement: 16,
  indexerBitsPerElement: 8.25,
}

export function uniformBits(bits: number): WeightFormatSpec {
  return {
    bodyBitsPerWeight: bits,
    embeddingBitsPerWeight: bits,
    lmHeadBitsPerWeight: bits,
    expertBitsPerWeight: bits,
    attentionBitsPerWeight: bits,
    encoderBitsPerWeight: bits,
    otherBitsPerWeight: bits,
  }
}

const plain: EngineMemoryPolicy = {
  engine: 'plain',
  kvLayout: 'exact',
  fractionBase: 'total',
  memoryFraction: 1,
  pageTokens: 1,
  storesKeyAndValueApart: true,
  stateBitsPerElement: 16,
  convolutionBitsPerElement: 16,
  indexerBitsPerElement: 8.25,
  batchedTokens: 2048,
  samplerBytesPerLogit: 0,
  logitBytesPerBatchedToken: 0,
  activationFactor: 0,
  activationBytesPerElement: 2,
  encoderActivationBytes: 0,
  runtimeBytes: 0,
  communicationBytes: 0,
  graphBytes: 0,
  weightOverheadBytes: 0,
  ropeTableBytesPerElement: 0,
  expertHiddenMultiple: 1,
  expertIntermediateMultiple: 1,
}

/** Round numbers in the shape of each engine's policy; the real ones are catalog rows. */
export const policies = {
  plain,
  vllm: {
    ...plain,
    engine: 'vllm',
    kvLayout: 'equal-pages',
    memoryFraction: 0.9,
    pageTokens: 16,
    maxSequences: 256,
    samplerBytesPerLogit: 50,
    activationFactor: 1,
    runtimeBytes: 2e8,
    communicationBytes: 4e8,
    graphBytes: 3e8,
    ropeTableBytesPerElement: 2,
  },
  sglang: {
    ...plain,
    engine: 'sglang',
    kvLayout: 'ratio-pools',
    fractionBase: 'free-before-weights',
    memoryFraction: 0.88,
    windowPoolRatio: 0.8,
    runtimeBytes: 2e9,
  },
  tensorrt: {
    ...plain,
    engine: 'tensorrt-llm',
    kvLayout: 'window-pages',
    fractionBase: 'free-after-weights',
    memoryFraction: 0.9,
    pageTokens: 32,
    activationFactor: 1,
    runtimeBytes: 3e9,
  },
  llamaCpp: {
    ...plain,
    engine: 'llama.cpp',
    kvLayout: 'padded-cells',
    fractionBase: 'free-after-weights',
    pageTokens: 256,
    batchedTokens: 512,
    logitBytesPerBatchedToken: 4,
  },
} as const satisfies Record<string, EngineMemoryPolicy>
