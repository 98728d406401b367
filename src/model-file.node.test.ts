import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { computedParameters } from './estimators/memory/parameters.ts'
import { type Issue, RightsizeError } from './foundation/errors.ts'
import { readModelFile } from './model-file.node.ts'

const folder = mkdtempSync(join(tmpdir(), 'rightsize-model-file-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function written(name: string, content: Uint8Array | string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function issuesOf(path: string): Promise<readonly Issue[]> {
  try {
    await readModelFile(path)
  } catch (error) {
    if (error instanceof RightsizeError) return error.issues
    throw error
  }
  return []
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true)
  return bytes
}

// Safetensors: eight bytes of length, a JSON header, the tensors.

const config = {
  model_type: 'llama',
  hidden_size: 64,
  intermediate_size: 128,
  num_hidden_layers: 1,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: 100,
  tie_word_embeddings: false,
}
const shapes: Record<string, number[]> = {
  'model.embed_tokens.weight': [100, 64],
  'model.layers.0.input_layernorm.weight': [64],
  'model.layers.0.self_attn.q_proj.weight': [64, 64],
  'model.layers.0.self_attn.k_proj.weight': [32, 64],
  'model.layers.0.self_attn.v_proj.weight': [32, 64],
  'model.layers.0.self_attn.o_proj.weight': [64, 64],
  'model.layers.0.post_attention_layernorm.weight': [64],
  'model.layers.0.mlp.gate_proj.weight': [128, 64],
  'model.layers.0.mlp.up_proj.weight': [128, 64],
  'model.layers.0.mlp.down_proj.weight': [64, 128],
  'model.norm.weight': [64],
  'lm_head.weight': [100, 64],
}
const product = (shape: readonly number[]) => shape.reduce((total, size) => total * size, 1)
const allElements = Object.values(shapes).reduce((total, shape) => total + product(shape), 0)

function safetensorsBytes(names: readonly string[] = Object.keys(shapes)): Uint8Array {
  let offset = 0
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } }
  for (const name of names) {
    const shape = shapes[name] ?? []
    const end = offset + 2 * product(shape)
    header[name] = { dtype: 'BF16', shape, data_offsets: [offset, end] }
    offset = end
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  return joined([u64(json.length), json, new Uint8Array(offset)])
}

function modelFolder(name: string, files: Record<string, Uint8Array | string>): string {
  const path = mkdtempSync(join(folder, `${name}-`))
  for (const [file, content] of Object.entries(files)) writeFileSync(join(path, file), content)
  return path
}

describe('safetensors', () => {
  test('with config.json beside it: exact bytes per class, parameters counted', async () => {
    const path = modelFolder('whole', {
      'model.safetensors': safetensorsBytes(),
      'config.json': JSON.stringify(config),
    })
    const model = await readModelFile(join(path, 'model.safetensors'))
    expect(model).toMatchObject({
      source: 'safetensors',
      exactWeightBytes: 2 * allElements,
      parameters: allElements,
      weightBytesByType: { BF16: 2 * allElements },
      weightBytesByClass: {
        embedding: 2 * 100 * 64,
        'lm-head': 2 * 100 * 64,
        attention: 2 * (2 * 64 * 64 + 2 * 32 * 64),
        mlp: 2 * 3 * 128 * 64,
        norm: 2 * 3 * 64,
      },
    })
    expect(computedParameters(model.architecture).total).toBe(allElements)
    expect(await readModelFile(path)).toEqual(model)
  })

  test('an index with its parts, and one without them', async () => {
    const names = Object.keys(shapes)
    const map = Object.fromEntries(names.map((name, at) => [name, `part-${at % 2}.safetensors`]))
    const index = JSON.stringify({ metadata: { total_size: 2 * allElements }, weight_map: map })
    const files = { 'model.safetensors.index.json': index, 'config.json': JSON.stringify(config) }
    const parts = {
      'part-0.safetensors': safetensorsBytes(names.filter((_, at) => at % 2 === 0)),
      'part-1.safetensors': safetensorsBytes(names.filter((_, at) => at % 2 === 1)),
    }
    const whole = await readModelFile(modelFolder('index', { ...files, ...parts }))
    expect(whole.exactWeightBytes).toBe(2 * allElements)
    expect(whole.weightBytesByClass?.embedding).toBe(2 * 100 * 64)
    const alone = await readModelFile(modelFolder('alone', files))
    expect(alone.exactWeightBytes).toBe(2 * allElements)
    expect(alone.weightBytesByClass).toBeUndefined()
    const half = modelFolder('half', { ...files, 'part-0.safetensors': parts['part-0.safetensors'] })
    expect(await issuesOf(half)).toEqual([expect.objectContaining({ place: 'part-1.safetensors' })])
  })

  test('without config.json: what the shapes tell is said, what is missing is named', async () => {
    const path = modelFolder('bare', { 'model.safetensors': safetensorsBytes() })
    const error = await readModelFile(path).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RightsizeError)
    if (!(error instanceof RightsizeError)) return
    expect(error.hint).toContain('hidden_size 64')
    expect(error.hint).toContain('KV heads × head_dim 32')
    expect(error.issues.map((issue) => issue.place)).toContain('model.safetensors: head_dim')
  })

  test('another model than its configuration says is a warning', async () => {
    const path = modelFolder('other', {
      'model.safetensors': safetensorsBytes(),
      'config.json': JSON.stringify({ ...config, intermediate_size: 256 }),
    })
    const { notes } = await readModelFile(path)
    expect(notes).toContainEqual(expect.objectContaining({ code: 'parameters-disagree', level: 'warning' }))
  })

  test('cut off in the tensors and in the header: one error with the byte', async () => {
    const bytes = safetensorsBytes()
    for (const end of [bytes.length - 10, 200]) {
      const path = modelFolder('cut', {
        'model.safetensors': bytes.subarray(0, end),
        'config.json': JSON.stringify(config),
      })
      const issues = await issuesOf(path)
      expect(issues).toHaveLength(1)
      expect(issues[0]?.place).toBe(`model.safetensors: byte ${end}`)
    }
  })
})

describe('other files', () => {
  test('a configuration', async () => {
    const model = await readModelFile(
      join(modelFolder('tiny-llama', { 'config.json': JSON.stringify(config) })),
    )
    expect(model).toMatchObject({ source: 'config', parameters: allElements })
    expect(model.exactWeightBytes).toBeUndefined()
  })

  test('broken JSON, a text, an empty file, no file', async () => {
    expect(await issuesOf(written('broken.json', '{"model_type": '))).toEqual([
      expect.objectContaining({ place: 'broken.json', message: expect.stringContaining('not JSON') }),
    ])
    expect(await issuesOf(written('notes.txt', 'hello, this is a text'))).toHaveLength(1)
    expect(await issuesOf(written('empty.bin', ''))).toHaveLength(1)
    expect(await issuesOf(join(folder, 'nothing.gguf'))).toEqual([
      expect.objectContaining({ message: 'there is no such file' }),
    ])
  })

  test('random bytes never crash, whatever the file claims to be', async () => {
    const name = fc.constantFrom('a.gguf', 'a.safetensors', 'config.json', 'a.bin')
    const start = fc.constantFrom('', 'GGUF', 'GGUF\u0003\u0000\u0000\u0000', '{', '[')
    await fc.assert(
      fc.asyncProperty(name, start, fc.uint8Array({ maxLength: 300 }), async (file, prefix, bytes) => {
        await issuesOf(written(file, joined([new TextEncoder().encode(prefix), bytes])))
      }),
      { numRuns: 300 },
    )
  })
})
