import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundCoefficients } from './coefficients.ts'
import { anyStepModelInput, faster } from './random-models.test-data.ts'
import { emptyPerformance, saturated, staticBatch, steadyState } from './steady-state.ts'
import { type DeviceRates, prepareStepModel, type StepModelInput } from './step-model.ts'
import {
  addDecodeStep,
  addPrefill,
  breakdownSeconds,
  decodeStepSeconds,
  emptyBreakdown,
  mixedStepSeconds,
  prefillSeconds,
} from './step-time.ts'

const rates = [
  'memoryBandwidthBytesPerSecond',
  'denseFlopPerSecond',
  'expertFlopPerSecond',
  'attentionFlopPerSecond',
  'linkBytesPerSecond',
  'networkBytesPerSecond',
] as const satisfies readonly (keyof DeviceRates)[]
const anyRate = fc.constantFrom(...rates)
const times = fc.double({ min: 1, max: 10, noNaN: true })
const batch = fc.integer({ min: 1, max: 2048 })
const tokens = fc.integer({ min: 1, max: 100_000 })
/** Sums of the same terms in another order differ in the last bits. */
const rounding = 1 + 1e-9

const load = (concurrency: number, inputTokens: number, outputTokens: number) => ({
  concurrency,
  inputTokens,
  outputTokens,
  cachedInputFraction: 0,
  tokensPerStep: 1,
  verifiedTokensPerStep: 1,
  sequencesInMemory: 256,
  burstFraction: 0.1,
})

describe('a step', () => {
  it('never takes longer with more bandwidth, compute or link speed', () => {
    fc.assert(
      fc.property(anyStepModelInput, anyRate, times, batch, tokens, (input, rate, factor, n, context) => {
        const slow = prepareStepModel(input)
        const fast = prepareStepModel(faster(input, rate, factor))
        const decode = { decodeSequences: n, decodeContextTokens: context }
        const prompt = { newTokens: n, depthTokens: context, packed: 3 }
        const mixed = { ...decode, prefillTokens: n, prefillContextTokens: context }
        expect(decodeStepSeconds(fast, decode)).toBeLessThanOrEqual(
          decodeStepSeconds(slow, decode) * rounding,
        )
        expect(prefillSeconds(fast, prompt)).toBeLessThanOrEqual(prefillSeconds(slow, prompt) * rounding)
        expect(mixedStepSeconds(fast, mixed)).toBeLessThanOrEqual(mixedStepSeconds(slow, mixed) * rounding)
      }),
    )
  })

  it('takes longer the more sequences and context it has', () => {
    fc.assert(
      fc.property(anyStepModelInput, batch, tokens, (input, n, context) => {
        const model = prepareStepModel(input)
        const at = (decodeSequences: number, decodeContextTokens: number) =>
          decodeStepSeconds(model, { decodeSequences, decodeContextTokens })
        expect(at(n, context)).toBeLessThanOrEqual(at(n + 1, context) * rounding)
        expect(at(n, context)).toBeLessThanOrEqual(at(n, context + 1) * rounding)
      }),
    )
  })

  it('is the sum of its parts', () => {
    fc.assert(
      fc.property(anyStepModelInput, batch, tokens, (input, n, context) => {
        const model = prepareStepModel(input)
        const decode = { decodeSequences: n, decodeContextTokens: context }
        const prompt = { newTokens: n, depthTokens: context, packed: 1 }
        const [a, b] = [emptyBreakdown(), emptyBreakdown()]
        addDecodeStep(model, decode, a)
        addPrefill(model, prompt, b)
        expect(breakdownSeconds(a)).toBe(decodeStepSeconds(model, decode))
        expect(breakdownSeconds(b)).toBe(prefillSeconds(model, prompt))
        for (const part of [...Object.values(a), ...Object.values(b)]) expect(part).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('a load', () => {
  it('never yields less, nor takes longer end to end, with more bandwidth, compute or link speed', () => {
    fc.assert(
      fc.property(
        anyStepModelInput,
        anyRate,
        times,
        batch,
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: 1, max: 4000 }),
        (input, rate, factor, n, inputTokens, outputTokens) => {
          const slow = prepareStepModel(input)
          const fast = prepareStepModel(faster(input, rate, factor))
          const wanted = load(n, inputTokens, outputTokens)
          const runs = [
            (model: typeof slow) => steadyState(model, wanted, emptyPerformance()),
            (model: typeof slow) => staticBatch(model, wanted, emptyPerformance()),
            (model: typeof slow) => saturated(model, wanted, 1024, emptyPerformance()),
          ]
          for (const run of runs) {
            const [before, after] = [run(slow), run(fast)]
            expect(after.endToEndSeconds).toBeLessThanOrEqual(before.endToEndSeconds * rounding)
            expect(after.outputTokensPerSecond * rounding).toBeGreaterThanOrEqual(
              before.outputTokensPerSecond,
            )
          }
        },
      ),
    )
  })
})

/** Llama 3.1 70B on H100 SXM (3.35 TB/s, 989 TFLOP/s dense bf16, 450 GB/s one way), the roofline of each layout. */
const llama70b: StepModelInput = {
  architecture: {
    hiddenSize: 8192,
    vocabularySize: 128_256,
    tiedEmbeddings: false,
    generative: true,
    layerGroups: [
      {
        layers: 80,
        attention: { kind: 'full', queryHeads: 64, kvHeads: 8, headDimension: 128 },
        feedForward: { kind: 'dense', intermediateSize: 28_672, matrices: 3 },
        otherParameters: 2 * 8192,
      },
    ],
    otherParameters: 8192,
    encoderParameters: 0,
    draftParameters: 0,
    maxContextTokens: 131_072,
    publishedParameters: 70_553_706_496,
  },
  weights: { densePerParameter: 2, expertPerParameter: 2, headPerParameter: 2, cachePerElement: 2 },
  rates: {
    memoryBandwidthBytesPerSecond: 3.35e12,
    denseFlopPerSecond: 989e12,
    expertFlopPerSecond: 989e12,
    attentionFlopPerSecond: 989e12,
    linkBytesPerSecond: 450e9,
    networkBytesPerSecond: 50e9,
    devicesPerNode: 8,
  },
  layout: {
    tensorParallel: 4,
    pipelineParallel: 1,
    expertParallel: 1,
    attentionDataParallel: 1,
    replicas: 1,
  },
  traits: { prefillChunkTokens: 8192, pipelineChunks: 4, layerSplit: false },
  coefficients: boundCoefficients,
}

describe('layouts', () => {
  const layout = (change: Partial<StepModelInput['layout']>) =>
    prepareStepModel({ ...llama70b, layout: { ...llama70b.layout, ...change } })
  const one = { decodeSequences: 1, decodeContextTokens: 0 }

  it('Llama 3.1 70B reads its weights without the input embedding once per token: 2 B × (70.55e9 − 1.05e9) ÷ 4 ÷ 3.35 TB/s', () => {
    const embedding = 128_256 * 8192
    const others = 8192
    const weights = (2 * (70_553_706_496 - embedding - others)) / 4 / 3.35e12
    const breakdown = emptyBreakdown()
    addDecodeStep(layout({}), one, breakdown)
    expect(breakdown.weightsSeconds).toBeCloseTo(weights, 9)
  })

  it('tensor parallelism cuts the weights, pipeline parallelism speeds up no single stream', () => {
    const four = decodeStepSeconds(layout({ tensorParallel: 4 }), one)
    const eight = decodeStepSeconds(layout({ tensorParallel: 8 }), one)
    expect(eight).toBeLessThan(0.6 * four)
    expect(decodeStepSeconds(layout({ pipelineParallel: 2 }), one)).toBeCloseTo(four, 12)
  })

  it('a layer split pipelines the chunks of a long prompt, as llama-bench shows', () => {
    const split = (pipelineParallel: number) =>
      prepareStepModel({
        ...llama70b,
        layout: { ...llama70b.layout, tensorParallel: 1, pipelineParallel },
        traits: { prefillChunkTokens: 512, pipelineChunks: 4, layerSplit: true },
      })
    const prompt = { newTokens: 4096, depthTokens: 0, packed: 1 }
    const short = { newTokens: 512, depthTokens: 0, packed: 1 }
    // Four chunks over two devices: (4 + 2 − 1) ÷ (4 × 2) of the time, attention apart.
    expect(prefillSeconds(split(2), prompt)).toBeLessThan(0.7 * prefillSeconds(split(1), prompt))
    expect(prefillSeconds(split(2), short)).toBeCloseTo(prefillSeconds(split(1), short), 9)
  })

  it('more context takes KV reads: 2 × 8 × 128 × 2 B × 80 layers per token, cut by tensor parallelism', () => {
    const breakdown = emptyBreakdown()
    addDecodeStep(layout({}), { decodeSequences: 16, decodeContextTokens: 1000 }, breakdown)
    expect(breakdown.cacheSeconds).toBeCloseTo((16 * 1000 * 2 * 8 * 128 * 2 * 80) / 4 / 3.35e12, 9)
  })
})
