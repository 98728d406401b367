import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantile, standardNormalQuantile, type UncertainInput } from './distributions.ts'
import { middleOfDraws, pairedDraws, smallerFraction } from './paired-draws.ts'

const speed = { kind: 'lognormal', low: 0.8, mid: 1, high: 1.25 } as const satisfies UncertainInput
const price = { kind: 'triangular', low: 90, mid: 100, high: 140 } as const satisfies UncertainInput

describe('paired draws', () => {
  it('meets every stratum of an input once: sorted, the draws are its quantiles', () => {
    const draws = pairedDraws({ samples: 250, seed: 3 })
    for (const input of [speed, price]) {
      const sorted = [...draws.values('input', input)].sort((a, b) => a - b)
      sorted.forEach((value, stratum) => {
        expect(value).toBeCloseTo(quantile(input, (stratum + 0.5) / 250), 12)
      })
    }
  })

  it('gives low and high of a lognormal input as its middle 80 % (they are its 10th and 90th percentile)', () => {
    const { low, high } = middleOfDraws(pairedDraws({ samples: 512, seed: 1 }).values('speed', speed))
    // Percentiles fall between two strata of 1 / 512: off by less than one of them.
    const step = standardNormalQuantile(0.1 + 1 / 512) / standardNormalQuantile(0.1)
    expect(Math.log(low) / Math.log(0.8)).toBeGreaterThan(step)
    expect(Math.log(low) / Math.log(0.8)).toBeLessThan(2 - step)
    expect(Math.log(high) / Math.log(1.25)).toBeGreaterThan(step)
    expect(Math.log(high) / Math.log(1.25)).toBeLessThan(2 - step)
  })

  it('has the mean exp(m + s^2/2) of a lognormal input', () => {
    const values = pairedDraws({ samples: 1000, seed: 1 }).values('speed', speed)
    const spread = Math.log(1.25) / standardNormalQuantile(0.9)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    expect(mean / Math.exp(spread ** 2 / 2)).toBeCloseTo(1, 3)
  })

  it('gives one name the same draws whatever was drawn before, another name or seed others', () => {
    const list = (seed: number, names: readonly string[]) => {
      const draws = pairedDraws({ samples: 100, seed })
      return names.map((name) => [...draws.values(name, speed)])
    }
    const [alone] = list(1, ['a'])
    const [, after] = list(1, ['b', 'a'])
    expect(after).toEqual(alone)
    expect(list(1, ['b'])[0]).not.toEqual(alone)
    expect(list(2, ['a'])[0]).not.toEqual(alone)
  })

  it('draws inputs of two names apart: their ranks go together in no more than chance allows', () => {
    const draws = pairedDraws({ samples: 1000, seed: 1 })
    const names = ['demand', 'speed:a', 'speed:b', 'price:server:x', 'price:server:y', 'grid:de']
    const ranks = names.map((name) => draws.values(name, { kind: 'triangular', low: -1, mid: 0, high: 1 }))
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
    // Standard error of a correlation of 1,000 pairs is 0.032; four of them.
    for (const [i, a] of ranks.entries())
      for (const b of ranks.slice(i + 1))
        expect(Math.abs(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)))).toBeLessThan(0.127)
  })

  it('compares draw by draw: what both share cancels out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 10, maxLength: 50 }),
        fc.double({ min: 0.01, max: 5, noNaN: true }),
        (shared, more) => {
          const first = Float64Array.from(shared)
          const second = Float64Array.from(shared, (value) => value + more)
          expect(smallerFraction(first, second)).toBe(1)
          expect(smallerFraction(second, first)).toBe(0)
          expect(smallerFraction(first, first)).toBe(0.5)
        },
      ),
    )
  })
})
