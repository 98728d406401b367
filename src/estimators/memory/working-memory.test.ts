import { describe, expect, it } from 'vitest'
import { deepseekV3, gptOss120b, llama8b, model, policies } from './architectures.test-data.ts'
import { singleDevice } from './layout.ts'
import { feedForwardWidth, forwardBytes, samplerBytes, workingMemory } from './working-memory.ts'

const mebibyte = 2 ** 20

describe('working memory', () => {
  it('llama.cpp: 258.5 MiB compute buffer for Llama 3 8B at a micro-batch of 512 (its usual log line)', () => {
    const { activationBytes } = workingMemory({
      architecture: llama8b,
      layout: singleDevice,
      policy: policies.llamaCpp,
    })
    expect(activationBytes).toBe(512 * 4 * (128_256 + 4096))
    expect(activationBytes / mebibyte).toBe(258.5)
  })
  it('the sampler follows sequences and vocabulary, whatever the tensor parallelism', () => {
    const policy = { ...policies.vllm, maxSequences: 1024 }
    expect(samplerBytes({ architecture: gptOss120b, policy })).toBe(50 * 1024 * 201_088)
  })
  it('the forward pass: hidden and three feed-forward widths per token, the latter cut by tensor parallelism', () => {
    const layout = { ...singleDevice, tensor: 4 }
    expect(forwardBytes({ architecture: llama8b, layout, policy: policies.vllm })).toBe(
      2048 * 2 * (4096 + (3 * 14_336) / 4),
    )
  })
  it('experts: eight of 2048 and the shared one against a dense layer of 18,432', () => {
    expect(feedForwardWidth(deepseekV3, singleDevice)).toBe(Math.max(8 * 2048 + 2048, 18_432))
  })
  it('the larger of forward pass and sampler counts, not their sum', () => {
    const few = { ...policies.vllm, maxSequences: 1 }
    const many = { ...policies.vllm, maxSequences: 1024 }
    const of = (policy: typeof few) => workingMemory({ architecture: llama8b, layout: singleDevice, policy })
    expect(of(few).activationFormulaId).toBe('forward-activation-bytes')
    expect(of(many).activationFormulaId).toBe('vllm-sampler-reserve')
    expect(of(many).activationBytes).toBe(samplerBytes({ architecture: llama8b, policy: many }))
  })
  it('communication buffers only with tensor parallelism; encoders only where there is one', () => {
    const policy = { ...policies.vllm, encoderActivationBytes: 1e9 }
    const of = (tensor: number, encoderParameters: number) =>
      workingMemory({
        architecture: { ...llama8b, encoderParameters },
        layout: { ...singleDevice, tensor },
        policy,
      })
    expect(of(1, 0).communicationBytes).toBe(0)
    expect(of(2, 0).communicationBytes).toBe(policy.communicationBytes)
    expect(of(1, 4e8).activationBytes - of(1, 0).activationBytes).toBe(1e9)
  })
  it('models that do not generate have no sampler', () => {
    const encoder = model(1024, 250_000, [], { generative: false })
    expect(samplerBytes({ architecture: encoder, policy: policies.vllm })).toBe(0)
  })
})
