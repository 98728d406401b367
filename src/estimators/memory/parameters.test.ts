import { expect, test } from 'vitest'
import type { ModelArchitecture } from '../architecture.ts'
import { attentionParameters, computedParameters, feedForwardParameters } from './parameters.ts'

const llama8b: ModelArchitecture = {
  hiddenSize: 4096,
  vocabularySize: 128_256,
  tiedEmbeddings: false,
  generative: true,
  layerGroups: [
    {
      layers: 32,
      attention: { kind: 'full', queryHeads: 32, kvHeads: 8, headDimension: 128 },
      feedForward: { kind: 'dense', intermediateSize: 14_336, matrices: 3 },
      otherParameters: 2 * 4096,
    },
  ],
  otherParameters: 4096,
  encoderParameters: 0,
  draftParameters: 0,
  maxContextTokens: 131_072,
  publishedParameters: undefined,
}

test('Llama-3.1-8B has the 8,030,261,248 parameters of its safetensors files', () => {
  const parts = computedParameters(llama8b)
  expect(parts.total).toBe(8_030_261_248)
  expect(parts.embedding).toBe(128_256 * 4096)
  expect(parts.attention).toBe(32 * (2 * 4096 * 4096 + 2 * 4096 * 1024))
  expect(parts.active).toBe(parts.total)
})

test('a tied head and an encoder count the embedding once', () => {
  const { total } = computedParameters(llama8b)
  expect(computedParameters({ ...llama8b, tiedEmbeddings: true }).total).toBe(total - 128_256 * 4096)
  expect(computedParameters({ ...llama8b, generative: false }).lmHead).toBe(0)
})

test('the parts sum to the total, with experts and an encoder', () => {
  const model: ModelArchitecture = {
    ...llama8b,
    encoderParameters: 400_000_000,
    layerGroups: [
      ...llama8b.layerGroups,
      {
        layers: 4,
        attention: {
          kind: 'recurrent',
          stateElements: 1,
          convolutionElements: 1,
          mixerParameters: 1_000_000,
        },
        feedForward: {
          kind: 'experts',
          experts: 8,
          expertsPerToken: 2,
          expertIntermediateSize: 1024,
          sharedIntermediateSize: 512,
          parallelDenseIntermediateSize: 0,
          matrices: 3,
        },
        otherParameters: 4096 * 8,
      },
    ],
  }
  const parts = computedParameters(model)
  expect(
    parts.embedding +
      parts.lmHead +
      parts.attention +
      parts.denseFeedForward +
      parts.experts +
      parts.recurrent +
      parts.other +
      parts.encoder,
  ).toBe(parts.total)
  expect(parts.recurrent).toBe(4 * 1_000_000)
  expect(parts.active).toBe(parts.total - parts.encoder - 4 * (8 - 2) * 3 * 4096 * 1024)
})

test('DeepSeek-V3 latent attention: the matrices of the DeepSeek-V2 paper (section 2.1)', () => {
  const attention = {
    kind: 'latent',
    queryHeads: 128,
    kvLoraRank: 512,
    queryLoraRank: 1536,
    ropeHeadDimension: 64,
    nopeHeadDimension: 128,
    valueHeadDimension: 128,
  } as const
  const query = 7168 * 1536 + 1536 * 128 * (128 + 64)
  const keyValue = 7168 * (512 + 64) + 512 * 128 * (128 + 128)
  expect(attentionParameters(attention, 7168)).toBe(query + keyValue + 128 * 128 * 7168)
  const { queryLoraRank: _, ...direct } = attention
  expect(attentionParameters(direct, 7168)).toBe(7168 * 128 * (128 + 64) + keyValue + 128 * 128 * 7168)
})

test('keys that serve as values need no value projection', () => {
  const attention = { kind: 'full', queryHeads: 16, kvHeads: 2, headDimension: 512 } as const
  expect(
    attentionParameters(attention, 2816) - attentionParameters({ ...attention, keyIsValue: true }, 2816),
  ).toBe(2816 * 2 * 512)
})

test('a latent mixture of experts adds one projection down and one up per layer', () => {
  const feedForward = {
    kind: 'experts',
    experts: 512,
    expertsPerToken: 22,
    expertIntermediateSize: 2688,
    sharedIntermediateSize: 5376,
    parallelDenseIntermediateSize: 0,
    matrices: 2,
    expertHiddenSize: 1024,
  } as const
  expect(feedForwardParameters(feedForward, 4096)).toEqual({
    everyToken: 2 * 4096 * 5376 + 2 * 4096 * 1024,
    experts: 512 * 2 * 1024 * 2688,
    activeExperts: 22 * 2 * 1024 * 2688,
  })
})
