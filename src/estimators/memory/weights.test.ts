import { describe, expect, it } from 'vitest'
import {
  bf16,
  deepseekV3,
  gemma3of12b,
  gptOss120b,
  llama8b,
  llama70b,
  uniformBits,
} from './architectures.test-data.ts'
import { singleDevice } from './layout.ts'
import { computedParameters } from './parameters.ts'
import {
  noPadding,
  type WeightInput,
  weightBytesOfFile,
  weightBytesOfReplica,
  weightBytesPerDevice,
} from './weights.ts'

const gib = 2 ** 30
const on = (input: Partial<WeightInput> & Pick<WeightInput, 'architecture'>): WeightInput => ({
  format: bf16,
  layout: singleDevice,
  padding: noPadding,
  withDraft: false,
  ...input,
})

describe('weights', () => {
  it('Llama 3.1 8B in bf16: 14.989 GiB with its rotary table (vLLM logs on A100-40 and RTX 4090)', () => {
    const padding = { ...noPadding, ropeTableBytesPerElement: 2 }
    const { totalBytes } = weightBytesPerDevice(on({ architecture: llama8b, padding }))
    // Norms are not in the test's architecture: 65 × 4096 × 2 bytes; the log rounds to four digits.
    expect(totalBytes / gib).toBeCloseTo(14.9889 - (65 * 4096 * 2) / gib, 3)
  })
  it('every parameter at its bits: 16 bits are 2 bytes each', () => {
    for (const architecture of [llama8b, llama70b, gemma3of12b, gptOss120b, deepseekV3]) {
      const file = weightBytesOfFile({ architecture, format: bf16, withDraft: false })
      expect(file.totalBytes).toBe(computedParameters(architecture).total * 2)
    }
  })
  it('fp8 linears with bf16 embeddings: Qwen-like untied matrices count twice at two bytes', () => {
    const format = { ...uniformBits(8), embeddingBitsPerWeight: 16, lmHeadBitsPerWeight: 16 }
    const { embedding, lmHead, total } = computedParameters(llama8b)
    expect(weightBytesOfFile({ architecture: llama8b, format, withDraft: false }).totalBytes).toBe(
      total + embedding + lmHead,
    )
  })
  it('a tied embedding counts once, at the LM head’s bits', () => {
    const format = { ...uniformBits(4), embeddingBitsPerWeight: 4, lmHeadBitsPerWeight: 6.5625 }
    const bytes = weightBytesOfFile({ architecture: gemma3of12b, format, withDraft: false })
    expect(bytes.embeddingBytes).toBe((3840 * 262_144 * 6.5625) / 8)
    expect(bytes.lmHeadBytes).toBe(0)
  })
  it('a tied embedding lies on both ends of a pipeline', () => {
    const layout = { ...singleDevice, pipeline: 2 }
    const replica = weightBytesOfReplica(on({ architecture: gemma3of12b, layout }))
    expect(replica.embeddingBytes).toBe(2 * 3840 * 262_144 * 2)
  })
  it('tensor parallelism of 4 splits Llama 70B evenly', () => {
    const whole = weightBytesPerDevice(on({ architecture: llama70b })).totalBytes
    const quarter = weightBytesPerDevice(
      on({ architecture: llama70b, layout: { ...singleDevice, tensor: 4 } }),
    )
    expect(quarter.totalBytes).toBe(whole / 4)
  })
  it('sixteen devices repeat the eight key and value heads', () => {
    const at16 = weightBytesPerDevice(on({ architecture: llama70b, layout: { ...singleDevice, tensor: 16 } }))
    const queryAndOutput = 2 * 8192 * 64 * 128
    const oneKvHead = 2 * 8192 * 1 * 128
    expect(at16.attentionBytes).toBe(80 * 2 * (queryAndOutput / 16 + oneKvHead))
  })
  it('whole experts over 8 devices take as much as cut experts', () => {
    const cut = { tensor: 8, pipeline: 1, attentionData: 1, expert: 1 }
    const spread = { ...cut, expert: 8 }
    const expertsOn = (layout: typeof cut) =>
      weightBytesPerDevice(on({ architecture: deepseekV3, layout })).expertBytes
    expect(expertsOn(spread)).toBe(expertsOn(cut))
    expect(expertsOn(spread)).toBe(58 * (256 / 8) * 3 * 7168 * 2048 * 2)
  })
  it('attention data parallelism repeats attention and spreads experts', () => {
    const layout = { tensor: 1, pipeline: 1, attentionData: 8, expert: 8 }
    const one = weightBytesPerDevice(on({ architecture: deepseekV3 }))
    const spread = weightBytesPerDevice(on({ architecture: deepseekV3, layout }))
    expect(spread.attentionBytes).toBe(one.attentionBytes)
    expect(spread.expertBytes).toBe(one.expertBytes / 8)
  })
  it('100 devices for 256 experts: the fullest holds three', () => {
    const layout = { tensor: 1, pipeline: 1, attentionData: 100, expert: 100 }
    const spread = weightBytesPerDevice(on({ architecture: deepseekV3, layout }))
    expect(spread.expertBytes).toBe(58 * 3 * 3 * 7168 * 2048 * 2)
  })
  it('gpt-oss experts padded to 3072 x 2944 grow by 1.0904 (Marlin, A100 log)', () => {
    const padding = { ...noPadding, expertHiddenMultiple: 256, expertIntermediateMultiple: 128 }
    const bare = weightBytesPerDevice(on({ architecture: gptOss120b })).expertBytes
    const padded = weightBytesPerDevice(on({ architecture: gptOss120b, padding })).expertBytes
    expect(padded / bare).toBeCloseTo((3072 * 2944) / 2880 ** 2, 12)
  })
  it('the multi-token-prediction module loads only when asked', () => {
    const without = weightBytesPerDevice(on({ architecture: deepseekV3 })).totalBytes
    const withDraft = weightBytesPerDevice(on({ architecture: deepseekV3, withDraft: true })).totalBytes
    expect(withDraft - without).toBe(11e9 * 2)
  })
  it('published parameters beyond the architecture count at the body’s bits, a draft surplus does not', () => {
    const total = computedParameters(llama8b).total
    const more = { ...llama8b, publishedParameters: total + 1e8 }
    expect(weightBytesOfFile({ architecture: more, format: bf16, withDraft: false }).totalBytes).toBeCloseTo(
      (total + 1e8) * 2,
      0,
    )
    const draft = { ...more, draftParameters: 1e8 }
    expect(weightBytesOfFile({ architecture: draft, format: bf16, withDraft: false }).totalBytes).toBe(
      total * 2,
    )
  })
})
