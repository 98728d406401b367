import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disaggregated } from './disaggregated.ts'
import { anyStepModelInput, faster } from './random-models.test-data.ts'
import { emptyPerformance, steadyState } from './steady-state.ts'
import { prepareStepModel } from './step-model.ts'

const load = {
  concurrency: 64,
  inputTokens: 4000,
  outputTokens: 400,
  cachedInputFraction: 0,
  tokensPerStep: 1,
  verifiedTokensPerStep: 1,
  sequencesInMemory: 1024,
  burstFraction: 0,
}

describe('disaggregated prefill and decode', () => {
  it('keeps other prompts out of decode steps: TPOT is at most that of a replica that does both', () => {
    fc.assert(
      fc.property(anyStepModelInput, (input) => {
        const model = prepareStepModel({ ...input, layout: { ...input.layout, replicas: 1 } })
        const pools = { prefill: model, decode: model, prefillReplicas: 2, decodeReplicas: 1 }
        const apart = disaggregated({ ...pools, transferBytesPerSecond: 50e9, load }, emptyPerformance())
        const together = steadyState(model, load, emptyPerformance())
        expect(apart.tpotSeconds).toBeLessThanOrEqual(together.tpotSeconds * (1 + 1e-9))
        expect(apart.ttftSeconds).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('never yields less with more bandwidth, nor more than the prefill pool passes', () => {
    fc.assert(
      fc.property(anyStepModelInput, fc.double({ min: 1, max: 10, noNaN: true }), (input, times) => {
        const at = (model: ReturnType<typeof prepareStepModel>) =>
          disaggregated(
            {
              prefill: model,
              decode: model,
              prefillReplicas: 1,
              decodeReplicas: 2,
              transferBytesPerSecond: 50e9,
              load,
            },
            emptyPerformance(),
          )
        const slow = prepareStepModel(input)
        const fast = prepareStepModel(faster(input, 'memoryBandwidthBytesPerSecond', times))
        const [before, after] = [at(slow), at(fast)]
        expect(after.outputTokensPerSecond * (1 + 1e-9)).toBeGreaterThanOrEqual(before.outputTokensPerSecond)
        const most = input.layout.attentionDataParallel / before.prefillSeconds
        expect(before.requestsPerSecond).toBeLessThanOrEqual(most * (1 + 1e-9))
      }),
    )
  })
})
