import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readTable } from '../csv.ts'
import { kvFormatTable, weightFormatTable } from './formats.ts'

function read<Table extends typeof weightFormatTable | typeof kvFormatTable>(table: Table) {
  return readFileSync(new URL(`../../../catalogs/${table.file}`, import.meta.url), 'utf8')
}
const weights = readTable({
  table: weightFormatTable,
  text: read(weightFormatTable),
  file: weightFormatTable.file,
})
const kv = readTable({ table: kvFormatTable, text: read(kvFormatTable), file: kvFormatTable.file })
const bits = (id: string) => {
  const row = weights.rows.find((entry) => entry.row.id === id)?.row
  if (row === undefined) throw new Error(`no weight format ${id}`)
  return row
}

/** Every weight and cache format that the published runs name. */
const weightFormatsOfRuns = [
  'bf16',
  'fp8',
  'mxfp4',
  'nvfp4',
  'int8',
  'int4-awq',
  'int4-gptq',
  'mlx-4bit',
  'mlx-8bit',
  'gguf-iq1_s',
  'gguf-iq1_m',
  'gguf-iq2_xxs',
  'gguf-iq2_xs',
  'gguf-iq2_s',
  'gguf-iq2_m',
  'gguf-iq3_xxs',
  'gguf-iq3_xs',
  'gguf-iq3_s',
  'gguf-iq3_m',
  'gguf-iq4_xs',
  'gguf-iq4_nl',
  'gguf-q2_k',
  'gguf-q2_k_s',
  'gguf-q2_k_xl',
  'gguf-q3_k_s',
  'gguf-q3_k_m',
  'gguf-q3_k_l',
  'gguf-q3_k_xl',
  'gguf-q4_0',
  'gguf-q4_k_s',
  'gguf-q4_k_m',
  'gguf-q4_k_xl',
  'gguf-q5_k_s',
  'gguf-q5_k_m',
  'gguf-q5_k_xl',
  'gguf-q6_k',
  'gguf-q8_0',
  'gguf-q8_k_xl',
]
const kvFormatsOfRuns = ['bf16', 'fp8', 'int8']

describe('weight_formats.csv and kv_formats.csv', () => {
  it('are clean', () => {
    expect(weights.issues).toEqual([])
    expect(kv.issues).toEqual([])
  })

  it('know every format of the published runs', () => {
    const weightIds = weights.rows.map((entry) => entry.row.id)
    const kvIds = kv.rows.map((entry) => entry.row.id)
    expect(weightFormatsOfRuns.filter((id) => !weightIds.includes(id))).toEqual([])
    expect(kvFormatsOfRuns.filter((id) => !kvIds.includes(id))).toEqual([])
  })

  it('are sorted by id and use no name twice', () => {
    for (const rows of [weights.rows, kv.rows]) {
      const ids: string[] = rows.map((entry) => entry.row.id)
      expect(ids).toEqual([...ids].sort())
      const names = rows.flatMap((entry) => [entry.row.id, ...(entry.row.aliases ?? [])])
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
    }
  })

  it('mark every format of nominally less than four bits, and no other', () => {
    const nominal = (id: string) => Number(/(?:iq|q|tq|mlx-|int|fp|nf|mxfp|nvfp|bf)(\d+)/.exec(id)?.[1])
    for (const { row } of weights.rows)
      expect([row.id, row.below_four_bits]).toEqual([row.id, nominal(row.id) < 4])
  })

  it('block layouts: bits are the elements plus their shared scale', () => {
    expect(bits('nvfp4').body_bits_per_weight).toBe(4 + 8 / 16)
    expect(bits('mxfp4').expert_bits_per_weight).toBe(4 + 8 / 32)
    expect(bits('int4-awq').body_bits_per_weight).toBe(4 + (16 + 4) / 128)
    expect(bits('mlx-4bit').body_bits_per_weight).toBe(4 + (16 + 16) / 64)
    expect(bits('gguf-q8_0').body_bits_per_weight).toBe(8 + 16 / 32)
  })

  it('llama.cpp quantize README: Llama 3.1 8B files within 1 % (output matrix 128,256 x 4,096, 8.030 B weights)', () => {
    const parameters = 8.030261e9
    const output = 128_256 * 4_096
    const overall = {
      'gguf-q4_k_m': 4.8944,
      'gguf-q5_k_m': 5.7036,
      'gguf-q2_k': 3.1593,
      'gguf-iq2_m': 2.9294,
      'gguf-q8_0': 8.5008,
    }
    for (const [id, published] of Object.entries(overall)) {
      const row = bits(id)
      const total = output * row.lm_head_bits_per_weight + (parameters - output) * row.body_bits_per_weight
      expect(Math.abs(total / parameters / published - 1)).toBeLessThan(0.01)
    }
  })

  it('reject a range that does not hold the value', () => {
    const text = [
      'id,name,family,body_bits_per_weight,embedding_bits_per_weight,lm_head_bits_per_weight,low_body_bits_per_weight,compute_precision,below_four_bits,engines,source_id,as_of,quality',
      'x,X,gguf,4.5,4.5,4.5,5,bf16,no,llama.cpp,s,2026,assumed',
    ].join('\n')
    expect(readTable({ table: weightFormatTable, text, file: 'w.csv' }).issues).toEqual([
      { place: 'w.csv:2  low_body_bits_per_weight', message: 'is above body_bits_per_weight (got "5")' },
    ])
  })
})
