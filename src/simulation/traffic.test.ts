import { describe, expect, it } from 'vitest'
import { seededRandom } from '../estimators/uncertainty/random.ts'
import { gapSampler, lengthSampler, lengthVariation, lognormalSpread, mostP95OverMean } from './traffic.ts'

const draws = 200_000

function moments(sample: () => number) {
  const values = Array.from({ length: draws }, sample).sort((a, b) => a - b)
  const mean = values.reduce((sum, value) => sum + value, 0) / draws
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws
  return { mean, variation: Math.sqrt(variance) / mean, p95: values[Math.floor(0.95 * draws)]! }
}

describe('traffic', () => {
  it.each([0.5, 1, 2, 4])('draws gaps with coefficient of variation %d', (burstiness) => {
    const { mean, variation } = moments(gapSampler({ ratePerSecond: 5, burstiness }, seededRandom(1)))
    expect(Math.abs(mean / (1 / 5) - 1)).toBeLessThan(0.03)
    expect(Math.abs(variation / burstiness - 1)).toBeLessThan(0.03)
  })

  it('draws lognormal lengths with the stated mean and 95th percentile', () => {
    const length = { kind: 'lognormal', meanTokens: 800, p95Tokens: 2400 } as const
    const { mean, variation, p95 } = moments(lengthSampler(length, seededRandom(2)))
    expect(Math.abs(mean / 800 - 1)).toBeLessThan(0.02)
    expect(Math.abs(p95 / 2400 - 1)).toBeLessThan(0.02)
    expect(Math.abs(variation ** 2 / lengthVariation(length).squaredVariation - 1)).toBeLessThan(0.1)
  })

  it('refuses a p95 that no lognormal distribution with that mean has', () => {
    expect(() => lognormalSpread({ meanTokens: 100, p95Tokens: 90 })).toThrow(RangeError)
    expect(() => lognormalSpread({ meanTokens: 100, p95Tokens: 100 * mostP95OverMean * 1.01 })).toThrow(
      RangeError,
    )
    expect(lognormalSpread({ meanTokens: 100, p95Tokens: 100 })).toBeCloseTo(0, 9)
  })

  it('draws empirical lengths from what is given', () => {
    const sample = lengthSampler({ kind: 'empirical', tokens: [3, 5] }, seededRandom(3))
    expect(new Set(Array.from({ length: 100 }, sample))).toEqual(new Set([3, 5]))
  })
})
