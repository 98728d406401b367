import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readTable } from '../csv.ts'
import { findFormatLoss, formatLossTable } from './format-losses.ts'
import { kvFormatTable, weightFormatTable } from './formats.ts'

const text = (file: string) => readFileSync(new URL(`../../../catalogs/${file}`, import.meta.url), 'utf8')
const losses = readTable({
  table: formatLossTable,
  text: text(formatLossTable.file),
  file: formatLossTable.file,
})
const rows = losses.rows.map((entry) => entry.row)
const weightIds = readTable({
  table: weightFormatTable,
  text: text(weightFormatTable.file),
  file: 'w',
}).rows.map((entry) => entry.row.id)
const kvIds = readTable({ table: kvFormatTable, text: text(kvFormatTable.file), file: 'k' }).rows.map(
  (entry) => entry.row.id,
)
const loss = (kind: 'weights' | 'kv', format: string, parametersB: number) => {
  const row = findFormatLoss({ rows, kind, format, parametersB })
  if (row === undefined) throw new Error(`no loss for ${format} at ${parametersB}`)
  return row
}
/** One size inside every class. */
const sizes = [0.5, 2, 8, 27, 70]

/**
 * Kinds made by one method, widest first. Methods are not compared: an importance matrix at 2.7 bits (IQ2_M) beats a
 * plain K-quant at 2.9 bits (Q2_K) in the measurements.
 */
const lines: Record<'weights' | 'kv', string[][]> = {
  weights: [
    [
      'gguf-q8_0',
      'gguf-q6_k',
      'gguf-q5_k_m',
      'gguf-q5_k_s',
      'gguf-q4_k_m',
      'gguf-q4_k_s',
      'gguf-q3_k_l',
      'gguf-q3_k_m',
      'gguf-q3_k_s',
      'gguf-q2_k',
      'gguf-q2_k_s',
    ],
    [
      'gguf-iq4_nl',
      'gguf-iq4_xs',
      'gguf-iq3_m',
      'gguf-iq3_s',
      'gguf-iq3_xs',
      'gguf-iq3_xxs',
      'gguf-iq2_m',
      'gguf-iq2_s',
      'gguf-iq2_xs',
      'gguf-iq2_xxs',
      'gguf-iq1_m',
      'gguf-iq1_s',
    ],
    ['gguf-q5_1', 'gguf-q5_0', 'gguf-q4_1', 'gguf-q4_0'],
    ['gguf-q8_k_xl', 'gguf-q6_k_xl', 'gguf-q5_k_xl', 'gguf-q4_k_xl', 'gguf-q3_k_xl', 'gguf-q2_k_xl'],
    ['gguf-tq2_0', 'gguf-tq1_0'],
    ['mlx-8bit', 'mlx-6bit', 'mlx-5bit', 'mlx-4bit', 'mlx-3bit'],
    ['bf16', 'int8-weight-only', 'int4-gptq'],
    ['bf16', 'int8-weight-only', 'int4-awq'],
    ['bf16', 'fp8', 'nvfp4', 'mxfp4-linear'],
    ['bf16', 'mxfp8', 'mxfp4-linear'],
  ],
  kv: [
    ['bf16', 'q8_0', 'q5_1', 'q5_0', 'q4_1', 'int4'],
    ['bf16', 'fp8', 'nvfp4'],
    ['bf16', 'int8', 'int4'],
  ],
}

describe('format_losses.csv', () => {
  it('is clean', () => expect(losses.issues).toEqual([]))

  it('names only formats of the catalog, and has a row for every format and size', () => {
    for (const row of rows) expect(row.format_kind === 'weights' ? weightIds : kvIds).toContain(row.format)
    for (const size of sizes) {
      for (const id of weightIds) expect(loss('weights', id, size).format).toBe(id)
      for (const id of kvIds) expect(loss('kv', id, size).format).toBe(id)
    }
  })

  it('has size classes that neither overlap nor leave a gap', () => {
    for (const row of rows) {
      const next = rows.filter(
        (other) =>
          other.format_kind === row.format_kind &&
          other.format === row.format &&
          other.parameters_min_b > row.parameters_min_b,
      )
      if (next.length === 0) expect(row.parameters_max_b).toBeUndefined()
      else expect(Math.min(...next.map((other) => other.parameters_min_b))).toBe(row.parameters_max_b)
    }
  })

  it('fewer bits of one method never lose less', () => {
    for (const kind of ['weights', 'kv'] as const)
      for (const line of lines[kind])
        for (const size of sizes) {
          const mids = line.map((id) => loss(kind, id, size).loss_mid_fraction)
          expect([size, line[0], mids]).toEqual([size, line[0], [...mids].sort((a, b) => a - b)])
        }
  })

  it('smaller models never lose less', () => {
    for (const [kind, ids] of [
      ['weights', weightIds],
      ['kv', kvIds],
    ] as const)
      for (const id of ids) {
        const mids = sizes.map((size) => loss(kind, id, size).loss_mid_fraction)
        expect([id, mids]).toEqual([id, [...mids].sort((a, b) => b - a)])
      }
  })

  it('no quantised weight format is free, and every one below four bits costs more than INT8', () => {
    const belowFour = readTable({
      table: weightFormatTable,
      text: text(weightFormatTable.file),
      file: 'w',
    }).rows.filter((entry) => entry.row.below_four_bits)
    for (const size of sizes) {
      for (const id of weightIds.filter((id) => !['fp32', 'bf16', 'fp16'].includes(id)))
        expect(loss('weights', id, size).loss_mid_fraction).toBeGreaterThan(0)
      for (const { row } of belowFour)
        expect([row.id, loss('weights', row.id, size).loss_mid_fraction]).toSatisfy(
          ([, mid]: [string, number]) => mid > loss('weights', 'int8-weight-only', size).loss_mid_fraction,
        )
    }
  })

  it('Llama 3 8B, MMLU by kind (matt-c1/llama-3-quant-comparison): relative losses', () => {
    expect(loss('weights', 'gguf-q4_k_m', 8).loss_mid_fraction).toBeCloseTo(1 - 64.64 / 65.2, 4)
    expect(loss('weights', 'gguf-q2_k', 8).loss_mid_fraction).toBeCloseTo(1 - 55.9 / 65.2, 4)
    expect(loss('weights', 'gguf-iq2_m', 8).loss_mid_fraction).toBeCloseTo(1 - 57.56 / 65.2, 4)
  })

  it('Qwen2 quantisation benchmark, average of three tests: relative losses', () => {
    expect(loss('weights', 'int4-gptq', 0.5).loss_mid_fraction).toBeCloseTo(1 - 29.7 / 34.4, 4)
    expect(loss('weights', 'int4-awq', 8).loss_mid_fraction).toBeCloseTo(1 - 64.1 / 66.9, 4)
    expect(loss('weights', 'int8-weight-only', 70).loss_mid_fraction).toBeCloseTo(1 - 80.7 / 81.3, 4)
  })
})
