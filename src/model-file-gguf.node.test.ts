import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { computedParameters } from './estimators/memory/parameters.ts'
import { type Issue, RightsizeError } from './foundation/errors.ts'
import { readModelFile } from './model-file.node.ts'

const folder = mkdtempSync(join(tmpdir(), 'rightsize-gguf-'))
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

// A GGUF file, byte by byte as its specification says (little-endian, version 3).

type Value = { readonly type: number; readonly bytes: Uint8Array }

const joined = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}
function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true)
  return bytes
}
const text = (value: string): Uint8Array => {
  const bytes = new TextEncoder().encode(value)
  return joined([u64(bytes.length), bytes])
}
const asText = (value: string): Value => ({ type: 8, bytes: text(value) })
const asU32 = (value: number): Value => ({ type: 4, bytes: u32(value) })
const asU32List = (values: readonly number[]): Value => ({
  type: 9,
  bytes: joined([u32(4), u64(values.length), ...values.map(u32)]),
})

interface TensorSpec {
  readonly name: string
  readonly shape: readonly number[]
  readonly type: number
}

const f32 = 0
const q4k = 12
const q6k = 14
const blocks: Record<number, { elements: number; bytes: number }> = {
  [f32]: { elements: 1, bytes: 4 },
  [q4k]: { elements: 256, bytes: 144 },
  [q6k]: { elements: 256, bytes: 210 },
}
const elementsOf = ({ shape }: TensorSpec) => shape.reduce((product, size) => product * size, 1)
function bytesOf(tensor: TensorSpec): number {
  const block = blocks[tensor.type]
  if (block === undefined) throw new Error('unknown type in a test')
  return (elementsOf(tensor) / block.elements) * block.bytes
}
const aligned = (offset: number) => Math.ceil(offset / 32) * 32

function ggufBytes(input: { metadata: Record<string, Value>; tensors: readonly TensorSpec[] }): {
  bytes: Uint8Array
  headerBytes: number
} {
  let offset = 0
  const infos = input.tensors.map((tensor) => {
    const info = joined([
      text(tensor.name),
      u32(tensor.shape.length),
      ...tensor.shape.map(u64),
      u32(tensor.type),
      u64(offset),
    ])
    offset = aligned(offset + bytesOf(tensor))
    return info
  })
  const keys = Object.entries(input.metadata).map(([key, value]) =>
    joined([text(key), u32(value.type), value.bytes]),
  )
  const header = joined([
    new TextEncoder().encode('GGUF'),
    u32(3),
    u64(input.tensors.length),
    u64(keys.length),
    ...keys,
    ...infos,
  ])
  const data = new Uint8Array(aligned(header.length) - header.length + offset)
  return { bytes: joined([header, data]), headerBytes: header.length }
}

const hidden = 256
const width = 512
const kvWidth = 2 * 64
const layerTensors = (index: number): TensorSpec[] => [
  { name: `blk.${index}.attn_norm.weight`, shape: [hidden], type: f32 },
  { name: `blk.${index}.attn_q.weight`, shape: [hidden, 4 * 64], type: q4k },
  { name: `blk.${index}.attn_k.weight`, shape: [hidden, kvWidth], type: q4k },
  { name: `blk.${index}.attn_v.weight`, shape: [hidden, kvWidth], type: q6k },
  { name: `blk.${index}.attn_output.weight`, shape: [4 * 64, hidden], type: q4k },
  { name: `blk.${index}.ffn_norm.weight`, shape: [hidden], type: f32 },
  { name: `blk.${index}.ffn_gate.weight`, shape: [hidden, width], type: q4k },
  { name: `blk.${index}.ffn_up.weight`, shape: [hidden, width], type: q4k },
  { name: `blk.${index}.ffn_down.weight`, shape: [width, hidden], type: q6k },
]
const outside: TensorSpec[] = [
  { name: 'token_embd.weight', shape: [hidden, 1000], type: q4k },
  { name: 'output_norm.weight', shape: [hidden], type: f32 },
  { name: 'output.weight', shape: [hidden, 1000], type: q6k },
]
const metadataOf = (architecture: string, more: Record<string, Value> = {}): Record<string, Value> => ({
  'general.architecture': asText(architecture),
  'general.name': asText('Tiny'),
  'general.file_type': asU32(15),
  [`${architecture}.block_count`]: asU32(2),
  [`${architecture}.embedding_length`]: asU32(hidden),
  [`${architecture}.attention.head_count`]: asU32(4),
  [`${architecture}.attention.head_count_kv`]: asU32(2),
  [`${architecture}.context_length`]: asU32(8192),
  'tokenizer.ggml.tokens': { type: 9, bytes: joined([u32(8), u64(3), text('a'), text('b'), text('c')]) },
  ...more,
})
const llamaTensors = [...outside, ...layerTensors(0), ...layerTensors(1)]
const sum = (tensors: readonly TensorSpec[], of: (tensor: TensorSpec) => number) =>
  tensors.reduce((total, tensor) => total + of(tensor), 0)

describe('GGUF', () => {
  test('a llama file: architecture, every byte and every parameter', async () => {
    const { bytes } = ggufBytes({ metadata: metadataOf('llama'), tensors: llamaTensors })
    const model = await readModelFile(written('tiny.gguf', bytes))
    expect(model).toMatchObject({
      name: 'Tiny',
      source: 'gguf',
      weightFormat: 'gguf-q4_k_m',
      exactWeightBytes: sum(llamaTensors, bytesOf),
      parameters: sum(llamaTensors, elementsOf),
    })
    expect(model.architecture).toMatchObject({
      hiddenSize: hidden,
      vocabularySize: 1000,
      maxContextTokens: 8192,
    })
    expect(model.architecture.layerGroups).toEqual([
      {
        layers: 2,
        attention: { kind: 'full', queryHeads: 4, kvHeads: 2, headDimension: 64 },
        feedForward: { kind: 'dense', intermediateSize: width, matrices: 3 },
        otherParameters: 2 * hidden,
      },
    ])
    expect(computedParameters(model.architecture).total).toBe(sum(llamaTensors, elementsOf))
    expect(model.weightBytesByClass).toEqual({
      embedding: (hidden * 1000 * 144) / 256,
      norm: 5 * hidden * 4,
      'lm-head': (hidden * 1000 * 210) / 256,
      attention: (2 * (hidden * (2 * 256 + kvWidth) * 144 + hidden * kvWidth * 210)) / 256,
      mlp: (2 * hidden * width * (2 * 144 + 210)) / 256,
    })
    expect(Object.values(model.weightBytesByType ?? {}).reduce((total, part) => total + part, 0)).toBe(
      model.exactWeightBytes,
    )
  })

  test('gemma2: every second layer has the window of the file', async () => {
    const metadata = metadataOf('gemma2', { 'gemma2.attention.sliding_window': asU32(4096) })
    const { bytes } = ggufBytes({ metadata, tensors: llamaTensors })
    const { architecture } = await readModelFile(written('gemma2.gguf', bytes))
    expect(architecture.layerGroups.map((group) => group.attention.kind)).toEqual(['window', 'full'])
  })

  test('experts and per-layer KV heads, a recurrent layer with its state', async () => {
    const recurrent: TensorSpec[] = [
      { name: 'blk.1.attn_norm.weight', shape: [hidden], type: f32 },
      { name: 'blk.1.ssm_in.weight', shape: [hidden, 1200], type: q4k },
      { name: 'blk.1.ssm_conv1d.weight', shape: [4, 768], type: f32 },
      { name: 'blk.1.ssm_a', shape: [1, 8], type: f32 },
      { name: 'blk.1.ssm_out.weight', shape: [512, hidden], type: q4k },
      { name: 'blk.1.ffn_gate_inp.weight', shape: [hidden, 4], type: f32 },
      { name: 'blk.1.ffn_gate_exps.weight', shape: [hidden, 256, 4], type: q4k },
      { name: 'blk.1.ffn_up_exps.weight', shape: [hidden, 256, 4], type: q4k },
      { name: 'blk.1.ffn_down_exps.weight', shape: [256, hidden, 4], type: q4k },
    ]
    const tensors = [...outside, ...layerTensors(0), ...recurrent]
    const key = 'granitehybrid'
    const metadata = metadataOf(key, {
      [`${key}.attention.head_count_kv`]: asU32List([2, 0]),
      [`${key}.expert_used_count`]: asU32(2),
      [`${key}.ssm.inner_size`]: asU32(512),
      [`${key}.ssm.state_size`]: asU32(128),
      [`${key}.ssm.conv_kernel`]: asU32(4),
      [`${key}.ssm.group_count`]: asU32(1),
    })
    const model = await readModelFile(written('hybrid.gguf', ggufBytes({ metadata, tensors }).bytes))
    expect(model.architecture.layerGroups[1]).toEqual({
      layers: 1,
      attention: {
        kind: 'recurrent',
        stateElements: 512 * 128,
        convolutionElements: 3 * (512 + 2 * 128),
        mixerParameters: hidden * 1200 + 4 * 768 + 8 + 512 * hidden,
      },
      feedForward: {
        kind: 'experts',
        experts: 4,
        expertsPerToken: 2,
        expertIntermediateSize: 256,
        sharedIntermediateSize: 0,
        parallelDenseIntermediateSize: 0,
        matrices: 3,
      },
      otherParameters: hidden + hidden * 4,
    })
    expect(computedParameters(model.architecture).total).toBe(sum(tensors, elementsOf))
    expect(model.weightBytesByClass?.experts).toBe((3 * 4 * hidden * 256 * 144) / 256)
  })

  test('latent attention: heads split into rotary and other parts', async () => {
    const latent: TensorSpec[] = [
      { name: 'attn_norm.weight', shape: [hidden], type: f32 },
      { name: 'attn_q.weight', shape: [hidden, 4 * 96], type: q4k },
      { name: 'attn_kv_a_mqa.weight', shape: [hidden, 256 + 32], type: q4k },
      { name: 'attn_kv_b.weight', shape: [256, 4 * (64 + 64)], type: q4k },
      { name: 'attn_output.weight', shape: [4 * 64, hidden], type: q4k },
      { name: 'ffn_gate.weight', shape: [hidden, width], type: q4k },
      { name: 'ffn_up.weight', shape: [hidden, width], type: q4k },
      { name: 'ffn_down.weight', shape: [width, hidden], type: q4k },
    ]
    const tensors = [
      ...outside,
      ...[0, 1].flatMap((index) =>
        latent.map((tensor) => ({ ...tensor, name: `blk.${index}.${tensor.name}` })),
      ),
    ]
    const metadata = metadataOf('deepseek2', {
      'deepseek2.attention.kv_lora_rank': asU32(256),
      'deepseek2.rope.dimension_count': asU32(32),
      'deepseek2.attention.key_length': asU32(96),
      'deepseek2.attention.value_length': asU32(64),
    })
    const { architecture } = await readModelFile(written('mla.gguf', ggufBytes({ metadata, tensors }).bytes))
    expect(architecture.layerGroups).toEqual([
      expect.objectContaining({
        layers: 2,
        attention: {
          kind: 'latent',
          queryHeads: 4,
          kvLoraRank: 256,
          ropeHeadDimension: 32,
          nopeHeadDimension: 64,
          valueHeadDimension: 64,
        },
        otherParameters: hidden,
      }),
    ])
  })

  test('a split model: all parts, or an error naming those that are missing', async () => {
    const first = ggufBytes({ metadata: metadataOf('llama'), tensors: [...outside, ...layerTensors(0)] })
    const second = ggufBytes({ metadata: { 'split.no': asU32(1) }, tensors: layerTensors(1) })
    const path = written('split-00001-of-00002.gguf', first.bytes)
    expect(await issuesOf(path)).toEqual([expect.objectContaining({ place: 'split-00002-of-00002.gguf' })])
    written('split-00002-of-00002.gguf', second.bytes)
    const model = await readModelFile(path)
    expect(model.exactWeightBytes).toBe(sum(llamaTensors, bytesOf))
  })

  test('a file cut off in its tensors: one error with the byte', async () => {
    const { bytes } = ggufBytes({ metadata: metadataOf('llama'), tensors: llamaTensors })
    const end = bytes.length - 1000
    expect(await issuesOf(written('cut.gguf', bytes.subarray(0, end)))).toEqual([
      expect.objectContaining({
        place: `cut.gguf: byte ${end}`,
        message: expect.stringContaining('cut off'),
      }),
    ])
  })

  test('a file cut off anywhere in its header: one error with a byte', async () => {
    const { bytes, headerBytes } = ggufBytes({ metadata: metadataOf('llama'), tensors: llamaTensors })
    for (let end = 4; end < headerBytes; end += 37) {
      const issues = await issuesOf(written('header.gguf', bytes.subarray(0, end)))
      expect(issues).toHaveLength(1)
      expect(issues[0]?.place).toMatch(/^header\.gguf: byte \d+$/)
    }
  })

  test('an unknown architecture, an unknown tensor type, a missing layer', async () => {
    const strange = ggufBytes({ metadata: metadataOf('lama'), tensors: llamaTensors })
    expect(await issuesOf(written('strange.gguf', strange.bytes))).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('lama'),
        hint: expect.stringContaining('llama'),
      }),
    ])
    const short = ggufBytes({ metadata: metadataOf('llama'), tensors: [...outside, ...layerTensors(0)] })
    expect(await issuesOf(written('short.gguf', short.bytes))).toEqual([
      expect.objectContaining({ message: expect.stringContaining('blk.1') }),
    ])
    const bytes = new Uint8Array(strange.bytes)
    bytes[8 + 7] = 0xff // the number of tensors
    expect(await issuesOf(written('count.gguf', bytes))).toEqual([
      expect.objectContaining({ place: 'count.gguf: byte 8' }),
    ])
  })

  test('random changes of bytes never crash', async () => {
    const { bytes } = ggufBytes({ metadata: metadataOf('llama'), tensors: llamaTensors })
    const change = fc.tuple(fc.nat({ max: 1_200 }), fc.nat({ max: 255 }))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const broken = new Uint8Array(bytes)
        for (const [at, value] of changes) broken[4 + at] = value
        await issuesOf(written('fuzz.gguf', broken))
      }),
      { numRuns: 200 },
    )
  })
})
