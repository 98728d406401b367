import type { EngineStep } from '../estimators/performance/engine-step.ts'

/**
 * Engines with the shape of real ones: a step reads all weights once, every sequence and every cached token costs a
 * little, a prompt costs launches, compute and attention; experts saturate with the batch.
 */
interface Shape {
  readonly stepSeconds: number
  readonly expertSeconds: number
  readonly expertBatch: number
  readonly sequenceSeconds: number
  readonly cachedTokenSeconds: number
  readonly launchSeconds: number
  readonly promptTokenSeconds: number
  readonly attentionSeconds: number
  readonly limits: Partial<Omit<EngineStep, 'stepSeconds'>>
}

export function testEngine(shape: Shape): EngineStep {
  return {
    requestLatencySeconds: 0.01,
    maxBatchedTokens: 8192,
    maxSequences: 256,
    kvCapacityTokens: 400_000,
    kvTokensPerSequence: 0,
    tokensPerStep: 1,
    verifiedTokensPerStep: 1,
    cachedInputFraction: 0,
    kvPolicy: 'reserve',
    ...shape.limits,
    stepSeconds(load) {
      const n = load.decodeSequences
      const decode =
        n > 0
          ? shape.stepSeconds +
            shape.expertSeconds * (1 - Math.exp(-n / shape.expertBatch)) +
            n * (shape.sequenceSeconds + shape.cachedTokenSeconds * load.decodeContextTokens)
          : 0
      const prefill =
        load.prefillTokens > 0
          ? shape.launchSeconds +
            load.prefillTokens * (shape.promptTokenSeconds + shape.attentionSeconds * load.prefillSeenTokens)
          : 0
      return n > 0 ? Math.max(prefill, decode + 0.6 * prefill) : prefill
    },
  }
}

/** About Llama 3.1 8B on one H100, 70B on four, Qwen3-30B-A3B on one, and 8B on a card with little memory. */
export const testEngines = {
  dense8: testEngine({
    stepSeconds: 0.0078,
    expertSeconds: 0,
    expertBatch: 1,
    sequenceSeconds: 5e-5,
    cachedTokenSeconds: 4e-8,
    launchSeconds: 0.005,
    promptTokenSeconds: 2.9e-5,
    attentionSeconds: 4e-10,
    limits: { maxSequences: 1024 },
  }),
  dense70: testEngine({
    stepSeconds: 0.0108,
    expertSeconds: 0,
    expertBatch: 1,
    sequenceSeconds: 9e-5,
    cachedTokenSeconds: 2.4e-8,
    launchSeconds: 0.013,
    promptTokenSeconds: 6e-5,
    attentionSeconds: 8e-10,
    limits: { kvCapacityTokens: 680_000 },
  }),
  experts30: testEngine({
    stepSeconds: 0.005,
    expertSeconds: 0.017,
    expertBatch: 15,
    sequenceSeconds: 6e-5,
    cachedTokenSeconds: 2.9e-8,
    launchSeconds: 0.028,
    promptTokenSeconds: 8e-6,
    attentionSeconds: 9e-10,
    limits: { kvCapacityTokens: 440_000 },
  }),
  card8: testEngine({
    stepSeconds: 0.0128,
    expertSeconds: 0,
    expertBatch: 1,
    sequenceSeconds: 8e-5,
    cachedTokenSeconds: 1.3e-7,
    launchSeconds: 0.009,
    promptTokenSeconds: 8.5e-5,
    attentionSeconds: 3e-9,
    limits: { maxBatchedTokens: 2048, kvCapacityTokens: 85_000 },
  }),
} as const
