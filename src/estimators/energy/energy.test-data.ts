import type { ModelArchitecture } from '../architecture.ts'
import { prepareStepModel } from '../performance/step-model.ts'
import { type Coefficients, terms } from '../performance/terms.ts'
import type { BoardPowerCoefficients } from './board-power.ts'
import type { ReplicaAtPeak } from './replica-power.ts'

/** Llama 3.1 8B (model card). */
export const llama8b: ModelArchitecture = {
  hiddenSize: 4096,
  vocabularySize: 128_256,
  tiedEmbeddings: false,
  generative: true,
  layerGroups: [
    {
      layers: 32,
      attention: { kind: 'full', queryHeads: 32, kvHeads: 8, headDimension: 128 },
      feedForward: { kind: 'dense', intermediateSize: 14_336, matrices: 3 },
      otherParameters: 8192,
    },
  ],
  otherParameters: 4096,
  encoderParameters: 0,
  draftParameters: 0,
  maxContextTokens: 131_072,
  publishedParameters: 8_030_261_248,
}

/** It on one H100 SXM (3.35 TB/s, 989 TFLOP/s, 700 W) in bf16, with steps as long as asked. */
export function replicaAtPeak(
  board: BoardPowerCoefficients,
  given: Partial<ReplicaAtPeak> = {},
): ReplicaAtPeak {
  return {
    model: prepareStepModel({
      architecture: llama8b,
      weights: {
        densePerParameter: 2,
        attentionPerParameter: 2,
        expertPerParameter: 2,
        headPerParameter: 2,
        cachePerElement: 2,
      },
      rates: {
        memoryBandwidthBytesPerSecond: 3.35e12,
        denseFlopPerSecond: 989e12,
        expertFlopPerSecond: 989e12,
        attentionFlopPerSecond: 989e12,
        linkBytesPerSecond: undefined,
        networkBytesPerSecond: undefined,
        devicesPerNode: undefined,
      },
      layout: {
        tensorParallel: 1,
        pipelineParallel: 1,
        expertParallel: 1,
        attentionDataParallel: 1,
        replicas: 1,
      },
      traits: { prefillChunkTokens: 8192, pipelineChunks: 1, layerSplit: false },
      coefficients: Object.fromEntries(terms.map((term) => [term, 1])) as Coefficients,
    }),
    board,
    tdpWatts: 700,
    idleWatts: 70,
    lowPrecisionExperts: false,
    sequences: 64,
    stepSeconds: 0.016,
    stepSecondsAlone: 0.008,
    inputTokens: 500,
    cachedInputTokens: 0,
    outputTokens: 300,
    ...given,
  }
}
