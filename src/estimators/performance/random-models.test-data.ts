import fc from 'fast-check'
import { tera } from '../../foundation/units.ts'
import type { LayerGroup, ModelArchitecture } from '../architecture.ts'
import type { DeviceRates, Layout, StepModelInput } from './step-model.ts'
import { type Coefficients, type Term, terms, termUnits } from './terms.ts'

const microsecond = 1e-6

/** Any non-negative coefficients: ratios up to 20, latencies up to 500 µs. */
export const anyCoefficients: fc.Arbitrary<Coefficients> = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: terms.length, maxLength: terms.length })
  .map((shares) => {
    const entries = terms.map((term, i): [Term, number] => {
      const share = shares[i] ?? 0
      if (term === 'routingExponent') return [term, 0.5 + share / 2]
      if (term === 'steadyQueue') return [term, 3 * share]
      return [term, termUnits[term] === 'seconds' ? 500 * microsecond * share : 20 * share]
    })
    return Object.fromEntries(entries) as Coefficients
  })

const attention = fc.oneof(
  fc.record({
    kind: fc.constantFrom('full' as const, 'window' as const),
    queryHeads: fc.constantFrom(8, 32, 64),
    kvHeads: fc.constantFrom(1, 8),
    headDimension: fc.constantFrom(64, 128),
    windowTokens: fc.constantFrom(128, 4096),
  }),
  fc.constant({
    kind: 'latent' as const,
    queryHeads: 64,
    kvLoraRank: 512,
    ropeHeadDimension: 64,
    nopeHeadDimension: 128,
    valueHeadDimension: 128,
  }),
)

const feedForward = fc.oneof(
  fc.record({
    kind: fc.constant('dense' as const),
    intermediateSize: fc.integer({ min: 1024, max: 40_000 }),
    matrices: fc.constant(3),
  }),
  fc.record({
    kind: fc.constant('experts' as const),
    experts: fc.constantFrom(8, 128),
    expertsPerToken: fc.constantFrom(1, 4, 8),
    expertIntermediateSize: fc.integer({ min: 256, max: 4096 }),
    sharedIntermediateSize: fc.constant(0),
    parallelDenseIntermediateSize: fc.constant(0),
    matrices: fc.constant(3),
  }),
)

export const anyArchitecture: fc.Arbitrary<ModelArchitecture> = fc
  .record({
    hiddenSize: fc.constantFrom(1024, 4096, 8192),
    layers: fc.integer({ min: 1, max: 100 }),
    attention,
    feedForward,
  })
  .map(({ hiddenSize, layers, attention: mixer, feedForward: mlp }) => ({
    hiddenSize,
    vocabularySize: 128_000,
    tiedEmbeddings: false,
    generative: true,
    layerGroups: [{ layers, attention: mixer, feedForward: mlp, otherParameters: 0 } as LayerGroup],
    otherParameters: 0,
    encoderParameters: 0,
    draftParameters: 0,
    maxContextTokens: undefined,
    publishedParameters: undefined,
  }))

export const anyRates: fc.Arbitrary<DeviceRates> = fc
  .record({
    bandwidth: fc.double({ min: 1e11, max: 1e13, noNaN: true }),
    compute: fc.double({ min: 1e13, max: 1e16, noNaN: true }),
    link: fc.double({ min: 1e10, max: tera, noNaN: true }),
  })
  .map(({ bandwidth, compute, link }) => ({
    memoryBandwidthBytesPerSecond: bandwidth,
    denseFlopPerSecond: compute,
    expertFlopPerSecond: compute,
    attentionFlopPerSecond: compute,
    linkBytesPerSecond: link,
    networkBytesPerSecond: link / 8,
    devicesPerNode: 8,
  }))

export const anyLayout: fc.Arbitrary<Layout> = fc.record({
  tensorParallel: fc.constantFrom(1, 2, 8, 16),
  pipelineParallel: fc.constantFrom(1, 2),
  expertParallel: fc.constantFrom(1, 4),
  attentionDataParallel: fc.constantFrom(1, 4),
  replicas: fc.constantFrom(1, 2),
})

export const anyStepModelInput: fc.Arbitrary<StepModelInput> = fc.record({
  architecture: anyArchitecture,
  weights: fc.constantFrom(
    { densePerParameter: 2, expertPerParameter: 2, headPerParameter: 2, cachePerElement: 2 },
    { densePerParameter: 1, expertPerParameter: 0.5, headPerParameter: 2, cachePerElement: 1 },
  ),
  rates: anyRates,
  layout: anyLayout,
  traits: fc.record({
    prefillChunkTokens: fc.constantFrom(512, 8192),
    pipelineChunks: fc.constant(4),
    layerSplit: fc.boolean(),
  }),
  coefficients: anyCoefficients,
})

/** The same with one kind of rate made faster. */
export function faster(input: StepModelInput, rate: keyof DeviceRates, times: number): StepModelInput {
  const now = input.rates[rate]
  return now === undefined ? input : { ...input, rates: { ...input.rates, [rate]: now * times } }
}
