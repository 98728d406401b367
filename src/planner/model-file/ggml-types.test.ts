import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bitsPerByte } from '../../foundation/units.ts'
import { ggmlType, ggufWeightFormat } from './ggml-types.ts'

const catalog = readFileSync(new URL('../../../catalogs/weight_formats.csv', import.meta.url), 'utf8')
const catalogIds = new Set(catalog.split('\n').map((line) => line.split(',')[0]))

test('every recipe of a GGUF file is a weight format of the catalog', () => {
  const formats = Array.from({ length: 64 }, (_, id) => ggufWeightFormat(id)).filter((id) => id !== undefined)
  expect(formats.length).toBeGreaterThan(30)
  expect(formats.filter((id) => !catalogIds.has(id))).toEqual([])
})

test('formats named by configurations are formats of the catalog', () => {
  const named =
    `bf16 fp16 fp32 fp8 int4-awq int4-gptq int4-nf4 int4-experts int8 int8-weight-only mxfp4 mxfp4-linear mxfp8 nvfp4
    mlx-3bit mlx-4bit mlx-5bit mlx-6bit mlx-8bit`.split(/\s+/)
  expect(named.filter((id) => !catalogIds.has(id))).toEqual([])
})

test.each([
  ['Q8_0', 8, 8.5],
  ['Q4_K', 12, 4.5],
  ['Q6_K', 14, 6.5625],
  ['Q3_K', 11, 3.4375],
  ['Q2_K', 10, 2.625],
  ['IQ4_XS', 23, 4.25],
  ['IQ1_M', 29, 1.75],
  ['MXFP4', 39, 4.25],
  ['NVFP4', 40, 4.5],
])('%s has the bits per weight that its documentation states', (name, id, bits) => {
  const type = ggmlType(id)
  expect(type?.name).toBe(name)
  expect(((type?.blockBytes ?? 0) * bitsPerByte) / (type?.blockElements ?? 1)).toBe(bits)
})
