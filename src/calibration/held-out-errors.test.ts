import { describe, expect, it } from 'vitest'
import type { HeldOut } from './cross-validation.ts'
import { coverage, predictionErrorRows } from './held-out-errors.ts'
import type { Observation } from './observations.ts'

const provenance = { source_id: 'x', as_of: '2026-01-01', quality: 'estimated' } as const

/** Ten figures of one unit, all off by the same. */
function figures(
  unit: string,
  error: number,
  more: { metric?: 'tpot_ms' | 'ttft_ms'; newFamily?: true } = {},
) {
  const { metric = 'tpot_ms', ...rest } = more
  return Array.from({ length: 10 }, (): HeldOut => {
    const item = { mode: 'serving', facts: { engine: 'vllm' } }
    return { observation: { metric, item } as unknown as Observation, unit, error, ...rest }
  })
}

describe('widths of devices that the fit has not seen', () => {
  const relatives = [figures('h100', 0.2), figures('h200', -0.3), figures('a100', 0.1)].flat()
  const rowOf = (all: readonly HeldOut[], metric: string, novelty: string) =>
    predictionErrorRows(all, 'new-accelerator', provenance).find(
      (row) => row.metric === metric && row.novelty === novelty,
    )

  it('do not widen for relatives of measured devices because a new family was far off', () => {
    const all = [...relatives, ...figures('mi300x', 1.5, { newFamily: true })]
    expect(rowOf(all, 'tpot', 'new-accelerator')).toMatchObject({ log_half_width: 0.3, runs: 30, units: 3 })
    expect(rowOf(all, 'tpot', 'new-family')?.log_half_width).toBe(1.5)
  })

  it('come from new families only, metrics of prompts apart from those of steps', () => {
    const all = [
      ...relatives,
      ...figures('mi300x', 0.5, { newFamily: true }),
      ...figures('mi300x', 2, { newFamily: true, metric: 'ttft_ms' }),
    ]
    expect(rowOf(all, 'tpot', 'new-family')?.log_half_width).toBe(0.5)
    expect(rowOf(all, 'ttft', 'new-family')?.log_half_width).toBe(2)
  })

  it('are never narrower for a new family than for a relative', () => {
    const all = [...relatives, ...figures('tpu', 0.01, { newFamily: true })]
    expect(rowOf(all, 'tpot', 'new-family')?.log_half_width).toBe(0.3)
  })

  it('are scored without the device itself', () => {
    const far = figures('mi300x', 1.5, { newFamily: true })
    const inside = coverage([...relatives, ...far, ...figures('tpu', 0.2, { newFamily: true })])
    expect(far.some((figure) => inside.get(figure))).toBe(false)
  })
})
