import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readTable } from '../csv.ts'
import { layerGroupsCell, modelsTable } from './models.ts'

const text = readFileSync(new URL('../../../catalogs/models.csv', import.meta.url), 'utf8')
const rows = new Map(
  readTable({ table: modelsTable, text, file: 'models.csv' }).rows.map(({ row }) => [row.id, row]),
)

describe('layer groups', () => {
  test('are read with their own MLP width where they name one', () => {
    expect(
      layerGroupsCell.parse('12 window dense 100;16 window-shared dense:12288 200; 4 none experts 0'),
    ).toEqual([
      { layers: 12, attention: 'window', feedForward: 'dense', otherParameters: 100 },
      {
        layers: 16,
        attention: 'window-shared',
        feedForward: 'dense',
        intermediateSize: 12_288,
        otherParameters: 200,
      },
      { layers: 4, attention: 'none', feedForward: 'experts', otherParameters: 0 },
    ])
  })

  test.each([
    '',
    '0 full dense 1',
    '32 full dense',
    '32 global dense 1',
    '32 full experts:4096 1',
    '32 full dense 1;;',
    '32 full dense -1',
    '3e1 full dense 1',
  ])('"%s" is refused', (cell) => {
    expect(layerGroupsCell.safeParse(cell).success).toBe(false)
  })
})

describe('recurrent layers follow the formulas beside their columns', () => {
  test('Mamba-1 of falcon-mamba-7b: h 4096, d 8192, s 16, r 256, k 4', () => {
    const [h, d, s, r, k] = [4096, 2 * 4096, 16, 256, 4]
    expect(rows.get('falcon-mamba-7b')).toMatchObject({
      recurrent_state_elements: d * s,
      convolution_elements: d * (k - 1),
      mixer_parameters: 2 * h * d + d * k + d + d * (r + 2 * s) + r * d + d + d * s + d + d * h,
    })
  })

  test('Mamba-2 of Nemotron-H-8B: h 4096, 128 heads of 64, s 128, 8 groups, k 4', () => {
    const [h, n, s, g, k] = [4096, 128, 128, 8, 4]
    const d = n * 64
    const c = d + 2 * g * s
    expect(rows.get('nemotron-h-8b-base-8k')).toMatchObject({
      recurrent_state_elements: d * s,
      convolution_elements: c * (k - 1),
      mixer_parameters: h * (2 * d + 2 * g * s + n) + c * k + c + 3 * n + d + d * h,
    })
  })

  test('gated delta net of Qwen3-Next: h 2048, 16 key and 32 value heads of 128, k 4', () => {
    const [h, n, e, k] = [2048, 32, 128, 4]
    const [q, v] = [16 * e, n * e]
    expect(rows.get('qwen3-next-80b-a3b-instruct')).toMatchObject({
      recurrent_state_elements: n * e * e,
      convolution_elements: (2 * q + v) * (k - 1),
      mixer_parameters: h * (2 * q + 2 * v) + 2 * h * n + (2 * q + v) * k + 2 * n + e + v * h,
    })
  })
})

test('a prediction module explains what a file holds beyond the model: Qwen3-Next 81.325 B against 79.674 B', () => {
  const draft = rows.get('qwen3-next-80b-a3b-instruct')!.draft_parameters_b!
  // Both published counts are rounded to 0.001 B.
  expect(Math.abs(draft - (81.325 - 79.674))).toBeLessThan(2 * 0.0005)
})

test('windows, latents, experts and states stand only where layers use them', () => {
  for (const row of rows.values()) {
    if (row.layer_groups === undefined) continue
    const uses = (name: string) =>
      row.layer_groups!.some((group) => group.attention.startsWith(name) || group.feedForward === name)
    expect(row.window_tokens !== undefined, row.id).toBe(uses('window'))
    expect(row.kv_lora_rank !== undefined, row.id).toBe(uses('latent'))
    expect(row.experts !== undefined, row.id).toBe(uses('experts'))
    expect(row.mixer_parameters !== undefined, row.id).toBe(uses('recurrent'))
  }
})
