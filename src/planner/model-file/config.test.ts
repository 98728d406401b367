import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RightsizeError } from '../../foundation/errors.ts'
import { giga } from '../../foundation/units.ts'
import { knownModelTypes, modelFromConfig } from './config.ts'
import type { JsonObject } from './config-reader.ts'

interface Fixture {
  readonly name: string
  readonly json: JsonObject
  /** As the makers or the tensor files state it; absent where a test below derives it. */
  readonly billions?: number
  readonly withDraft?: boolean
}

const fixtures = JSON.parse(
  readFileSync(new URL('./fixtures/configs.json', import.meta.url), 'utf8'),
) as readonly Fixture[]

function config(name: string): JsonObject {
  const found = fixtures.find((entry) => entry.name.startsWith(name))
  if (found === undefined) throw new Error(`no fixture ${name}`)
  return found.json
}

function issuesOf(json: unknown): readonly { place: string; message: string; hint?: string }[] {
  try {
    modelFromConfig({ json })
  } catch (error) {
    if (error instanceof RightsizeError && error.code === 'model-file-invalid') return error.issues
    throw error
  }
  return []
}

/** Groups as `layers × kind`, for short expectations. */
function shape(json: JsonObject): string {
  return modelFromConfig({ json })
    .architecture.layerGroups.map((group) => {
      const { attention, feedForward } = group
      const window = attention.kind === 'window' ? ` ${attention.windowTokens}` : ''
      return `${group.layers} × ${attention.kind}${window} + ${feedForward.kind}`
    })
    .join(', ')
}

describe('parameters against the published total', () => {
  const published = fixtures.filter((fixture) => fixture.billions !== undefined)
  test.each(published)('$name: $billions B', ({ json, billions = 0, withDraft }) => {
    const { parameters, architecture } = modelFromConfig({ json })
    const counted = parameters + (withDraft === true ? architecture.draftParameters : 0)
    expect(Math.abs(counted / (billions * giga) - 1)).toBeLessThan(0.002)
  })

  test('falcon-40b: the file of 41.836 B stores the tied LM head once more', () => {
    const lmHead = 65_024 * 8_192
    const { parameters } = modelFromConfig({ json: config('falcon-40b') })
    expect((parameters + lmHead) / giga).toBeCloseTo(41.836, 2)
  })

  test('gemma-3n-E4B without its encoders: embeddings, 35 layers, streams', () => {
    const small = 262_144 * 35 * 256
    const layer = 3 * 2048 * 16_384 + 2 * 2048 * 2048 + 2 * 2048 * 512 + 2 * 2048 * 256 + 2 * 2048 * 64
    const streams = 6 * 2048 * 2048 + 2048 * 35 * 256
    const matrices = 262_400 * 2048 + small + 35 * layer + streams
    const { parameters, notes } = modelFromConfig({ json: config('gemma-3n') })
    expect(parameters / matrices).toBeCloseTo(1, 3)
    expect(notes.map((note) => note.code)).toContain('encoder-not-counted')
  })

  test('DeepSeek-V3 prediction module: one layer, a projection, three norms, about 11.5 B', () => {
    const { architecture } = modelFromConfig({ json: config('DeepSeek-V3') })
    const experts = 257 * 3 * 7168 * 2048
    const attention = 7168 * 1536 + 1536 * 128 * 192 + 7168 * 576 + 512 * 128 * 256 + 128 * 128 * 7168
    const small = 256 * 7168 + 256 + 2 * 7168 + 1536 + 512 + 3 * 7168
    expect(architecture.draftParameters).toBe(experts + attention + small + 2 * 7168 * 7168)
  })
})

describe('what the layers are', () => {
  test.each([
    ['gemma-3-4b', '29 × window 1024 + dense, 5 × full + dense'],
    ['gpt-oss-120b', '18 × window 128 + experts, 18 × full + experts'],
    ['Qwen3-Next', '36 × recurrent + experts, 12 × full + experts'],
    ['DeepSeek-V3', '3 × latent + dense, 58 × latent + experts'],
    ['Jamba', '12 × recurrent + dense, 16 × recurrent + experts, 4 × full + dense'],
    ['Nemotron-H', '24 × recurrent + none, 24 × none + dense, 4 × full + none'],
    ['Llama-4-Scout', '36 × window 8192 + experts, 12 × full + experts'],
    ['EXAONE-4.0-32B', '48 × window 4096 + dense, 16 × full + dense'],
    ['LFM2', '10 × recurrent + dense, 6 × full + dense'],
    ['Granite-4.0-H', '36 × recurrent + experts, 4 × full + experts'],
  ])('%s: %s', (name, expected) => {
    expect(shape(config(name))).toBe(expected)
  })

  test('Gemma 3n: the last 15 layers read the cache of earlier ones', () => {
    const { layerGroups } = modelFromConfig({ json: config('gemma-3n') }).architecture
    const shared = layerGroups.filter(({ attention }) => 'sharesCache' in attention && attention.sharesCache)
    expect(shared.reduce((sum, group) => sum + group.layers, 0)).toBe(15)
  })

  test('Qwen ignores its window unless it is told to use it', () => {
    const json = config('Qwen2.5-7B')
    expect(shape(json)).toBe('28 × full + dense')
    expect(shape({ ...json, use_sliding_window: true, max_window_layers: 21 })).toBe(
      '21 × full + dense, 7 × window 131072 + dense',
    )
  })

  test('Mistral: an absent window is the class default, null is none', () => {
    const json = { ...config('Llama-3.1-8B'), model_type: 'mistral' }
    expect(shape(json)).toBe('32 × window 4096 + dense')
    expect(shape({ ...json, sliding_window: null })).toBe('32 × full + dense')
  })

  test('a Qwen3.5 state: 48 value heads of 128 × 128, a tail of 3 for keys and values', () => {
    const { layerGroups } = modelFromConfig({ json: config('Qwen3.5-27B') }).architecture
    const recurrent = layerGroups.find(({ attention }) => attention.kind === 'recurrent')?.attention
    expect(recurrent).toMatchObject({
      stateElements: 48 * 128 * 128,
      convolutionElements: 3 * (2 * 16 * 128 + 48 * 128),
    })
  })

  test('a base model without LM head is an encoder', () => {
    const { architecture } = modelFromConfig({
      json: { ...config('Qwen3-8B'), architectures: ['Qwen3Model'] },
    })
    expect(architecture.generative).toBe(false)
  })
})

describe('weight formats', () => {
  const llama = config('Llama-3.1-8B')
  const group = (weights: JsonObject, more: JsonObject = {}) => ({
    quant_method: 'compressed-tensors',
    config_groups: { group_0: { weights, ...more } },
  })
  test.each<[string, string | undefined, JsonObject]>([
    ['fp8', 'fp8', { quant_method: 'fp8' }],
    ['AWQ', 'int4-awq', { quant_method: 'awq', bits: 4, group_size: 128 }],
    ['GPTQ 4 bits', 'int4-gptq', { quant_method: 'gptq', bits: 4 }],
    ['GPTQ 8 bits', 'int8-weight-only', { quant_method: 'gptq', bits: 8 }],
    ['MXFP4', 'mxfp4', { quant_method: 'mxfp4' }],
    ['NF4', 'int4-nf4', { quant_method: 'bitsandbytes', load_in_4bit: true, bnb_4bit_quant_type: 'nf4' }],
    ['compressed fp8', 'fp8', group({ num_bits: 8, type: 'float', strategy: 'channel' })],
    ['compressed int8', 'int8', group({ num_bits: 8, type: 'int' }, { input_activations: { num_bits: 8 } })],
    ['compressed nvfp4', 'nvfp4', group({ num_bits: 4, type: 'float', group_size: 16 })],
    ['ModelOpt', 'nvfp4', { quant_method: 'modelopt', quant_algo: 'NVFP4' }],
    ['a method nobody knows', undefined, { quant_method: 'xyz' }],
  ])('%s: %s', (_name, expected, quantization_config) => {
    const model = modelFromConfig({ json: { ...llama, quantization_config } })
    expect(model.weightFormat).toBe(expected)
    expect(model.notes.some((note) => note.code === 'weight-format-unknown')).toBe(expected === undefined)
  })

  test('without quantisation it is the type of the tensors', () => {
    expect(modelFromConfig({ json: llama }).weightFormat).toBe('bf16')
  })
})

describe('what is wrong is named, all of it', () => {
  test('an unknown family, with the nearest known', () => {
    const [issue] = issuesOf({ ...config('Llama-3.1-8B'), model_type: 'lama' })
    expect(issue).toMatchObject({ place: 'config.json: model_type', hint: expect.stringContaining('llama') })
  })

  test('every missing key at once', () => {
    const { hidden_size: _, num_hidden_layers: __, vocab_size: ___, ...rest } = config('Llama-3.1-8B')
    expect(issuesOf(rest).map((issue) => issue.place)).toEqual([
      'config.json: hidden_size',
      'config.json: num_hidden_layers',
      'config.json: vocab_size',
    ])
  })

  test('an unknown type of layer', () => {
    const json = {
      ...config('gpt-oss-120b'),
      layer_types: Array.from({ length: 36 }, () => 'astral_attention'),
    }
    expect(issuesOf(json)).toEqual([
      expect.objectContaining({ message: expect.stringContaining('astral_attention') }),
    ])
  })

  test.each([
    ['kv_lora_rank', 512],
    ['num_experts', 8],
    ['block_configs', [{}]],
    ['num_kv_shared_layers', 4],
    ['layer_types', ['full_attention']],
  ])('a decisive key that the family does not know: %s', (key, value) => {
    const places = issuesOf({ ...config('Llama-3.1-8B'), [key]: value }).map((issue) => issue.place)
    expect(places).toContain(`config.json: ${key}`)
  })

  test('a size that is not understood is a warning', () => {
    const { notes } = modelFromConfig({ json: { ...config('Llama-3.1-8B'), flux_width: 12 } })
    expect(notes).toContainEqual(expect.objectContaining({ code: 'config-key-not-used', level: 'warning' }))
  })

  test('numbers that cannot be', () => {
    for (const value of [0, -1, 1.5, 1e12, '4096', true, null])
      expect(issuesOf({ ...config('Llama-3.1-8B'), num_hidden_layers: value })).not.toEqual([])
  })
})

describe('keys of parts that a model does not have do not count against it', () => {
  test('Granite-4.0-Micro: 40 layers of attention, keys of Mamba left over, 3.403 B', () => {
    const json = {
      ...config('Granite-4.0-H-Small'),
      hidden_size: 2560,
      shared_intermediate_size: 8192,
      num_attention_heads: 40,
      num_local_experts: 0,
      num_experts_per_tok: 0,
      layer_types: Array.from({ length: 40 }, () => 'attention'),
    }
    expect(shape(json)).toBe('40 × full + dense')
    expect(modelFromConfig({ json }).parameters / giga).toBeCloseTo(3.403, 2)
  })

  test('Nemotron-H with the class values for experts', () => {
    expect(issuesOf({ ...config('Nemotron-H-8B'), n_routed_experts: 8, num_experts_per_tok: 2 })).toEqual([])
  })
})

describe('random configurations', () => {
  const keys = [
    ...new Set(fixtures.flatMap(({ json }) => Object.keys({ ...json, ...(json.text_config as object) }))),
  ]
  const value = fc.oneof(
    fc.integer({ min: -2, max: 200_000 }),
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('auto', true, false, null, 1e300, [], {}, ['full_attention', 'mamba']),
  )

  test('never crash: a model or a RightsizeError', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...knownModelTypes),
        fc.dictionary(fc.constantFrom(...keys), value),
        (model_type, json) => {
          issuesOf({ ...json, model_type })
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test('a published configuration with one key changed never crashes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), fc.nat(), value, ({ json }, which, changed) => {
        const names = Object.keys(json)
        issuesOf({ ...json, [names[which % names.length] ?? '']: changed })
        const text = json.text_config as JsonObject | undefined
        if (text === undefined) return
        const inner = Object.keys(text)
        issuesOf({ ...json, text_config: { ...text, [inner[which % inner.length] ?? '']: changed } })
      }),
      { numRuns: 2_000 },
    )
  })

  test('any JSON value never crashes', () => {
    fc.assert(fc.property(fc.jsonValue(), (json) => void issuesOf(json)))
  })
})
