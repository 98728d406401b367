import { describe, expect, it } from 'vitest'
import type { PlanOption, PlanQuality } from '../plan-option-types.ts'
import { qualityTogether } from './cascade-quality.ts'

const option = (...quality: PlanQuality[]) => ({ quality }) as unknown as PlanOption
const score = (value: number | undefined, unit = 'percent'): PlanQuality => ({
  benchmark: 'mmlu',
  unit,
  ...(value === undefined
    ? {}
    : { score: { value, low: value - 1, high: value + 1, unit: 'percent' as const } }),
})

describe('quality of a pair', () => {
  it('weighs both scores with the shares, between the scores of both models', () => {
    const [entry] = qualityTogether({
      small: option(score(70)),
      large: option(score(86)),
      smallFraction: 0.8,
    })
    expect(entry!.score!.value).toBeCloseTo(0.8 * 70 + 0.2 * 86, 9)
    expect(entry!.score).toMatchObject({ low: 70 - 1, high: 86 + 1 })
  })

  it('is unknown where one score is, where units differ, or where one model has no such benchmark', () => {
    const of = (small: PlanOption, large: PlanOption) =>
      qualityTogether({ small, large, smallFraction: 0.5 })[0]!.score
    expect(of(option(score(70)), option(score(undefined)))).toBeUndefined()
    expect(of(option(score(undefined)), option(score(86)))).toBeUndefined()
    expect(of(option(score(70)), option(score(1100, 'elo')))).toBeUndefined()
    expect(of(option(score(70)), option())).toBeUndefined()
  })

  it('is the score of the only model', () => {
    const large = option(score(86))
    expect(qualityTogether({ small: undefined, large, smallFraction: 0 })[0]!.score!.value).toBe(86)
  })
})
