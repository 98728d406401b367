import { describe, expect, it } from 'vitest'
import { type AdapterSpec, adapterBytesPerDevice } from './adapters.ts'
import { deepseekV3, llama8b, qwen3Next } from './architectures.test-data.ts'
import { singleDevice } from './layout.ts'

const adapters: AdapterSpec = { rank: 16, targets: ['query', 'value'], count: 1, bitsPerWeight: 16 }

describe('adapters', () => {
  it('Llama 3.1 8B, rank 16 on query and value: 16 × (in + out) weights each (LoRA paper)', () => {
    const query = 16 * (4096 + 32 * 128)
    const value = 16 * (4096 + 8 * 128)
    expect(adapterBytesPerDevice({ architecture: llama8b, layout: singleDevice, adapters })).toBe(
      32 * (query + value) * 2,
    )
  })
  it('ten adapters take ten times as much, and tensor parallelism cuts only the cut side', () => {
    const layout = { ...singleDevice, tensor: 4 }
    const ten: AdapterSpec = { ...adapters, count: 10, targets: ['query', 'output', 'down'] }
    const query = 16 * (4096 + 4096 / 4)
    const output = 16 * (4096 / 4 + 4096)
    const down = 16 * (14_336 / 4 + 4096)
    expect(adapterBytesPerDevice({ architecture: llama8b, layout, adapters: ten })).toBe(
      10 * 32 * (query + output + down) * 2,
    )
  })
  it('recurrent layers and latent attention have no query and value of that shape', () => {
    expect(adapterBytesPerDevice({ architecture: deepseekV3, layout: singleDevice, adapters })).toBe(0)
    const perLayer = 16 * (2048 + 16 * 256) + 16 * (2048 + 2 * 256)
    expect(adapterBytesPerDevice({ architecture: qwen3Next, layout: singleDevice, adapters })).toBe(
      12 * perLayer * 2,
    )
  })
})
