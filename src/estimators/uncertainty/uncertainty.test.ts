import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quantile, standardNormalQuantile } from './distributions.ts'
import { monteCarlo, percentileOf } from './monte-carlo.ts'
import { seededRandom } from './random.ts'
import { tornado } from './tornado.ts'

describe('random numbers', () => {
  test('the same seed gives the same numbers, another seed others, all inside (0, 1) and even', () => {
    const draw = (seed: number, count: number) => {
      const random = seededRandom(seed)
      return Array.from({ length: count }, () => random.nextFraction())
    }
    expect(draw(7, 20)).toEqual(draw(7, 20))
    expect(draw(7, 20)).not.toEqual(draw(8, 20))
    const many = draw(1, 20_000)
    expect(Math.min(...many)).toBeGreaterThan(0)
    expect(Math.max(...many)).toBeLessThan(1)
    // Standard error of the mean of 20,000 even numbers is 0.289 / 141 = 0.002; five of them.
    expect(Math.abs(many.reduce((sum, value) => sum + value, 0) / 20_000 - 0.5)).toBeLessThan(0.0102)
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const share = many.filter((value) => Math.floor(value * 10) === tenth).length / 20_000
      expect(Math.abs(share - 0.1)).toBeLessThan(0.011)
    }
  })
})

describe('distributions', () => {
  test('quantiles of the standard normal distribution (NIST tables: 1.95996 at 97.5 %, 3.09023 at 99.9 %)', () => {
    expect(standardNormalQuantile(0.975)).toBeCloseTo(1.95996, 5)
    expect(standardNormalQuantile(0.001)).toBeCloseTo(-3.09023, 5)
    expect(standardNormalQuantile(0.5)).toBeCloseTo(0, 12)
  })

  test('lognormal meets low, mid and high at 10, 50 and 90 %, split-triangular its middle at 50 %; triangular stays inside; all only rise', () => {
    const ordered = fc
      .array(fc.double({ min: 0.01, max: 1e4, noNaN: true }), { minLength: 3, maxLength: 3 })
      .map((values) => values.sort((a, b) => a - b) as [number, number, number])
    fc.assert(
      fc.property(ordered, ([low, mid, high]) => {
        const bell = { kind: 'lognormal', low, mid, high } as const
        expect(quantile(bell, 0.1) / low).toBeCloseTo(1, 6)
        expect(quantile(bell, 0.5) / mid).toBeCloseTo(1, 6)
        expect(quantile(bell, 0.9) / high).toBeCloseTo(1, 6)
        const tent = { kind: 'triangular', low, mid, high } as const
        const split = { ...tent, kind: 'split-triangular' } as const
        expect(quantile(split, 0.5) / mid).toBeCloseTo(1, 9)
        expect(quantile(split, 0.1) / (low + (mid - low) * Math.sqrt(0.2))).toBeCloseTo(1, 9)
        expect(quantile(split, 0.9) / (high - (high - mid) * Math.sqrt(0.2))).toBeCloseTo(1, 9)
        for (const input of [bell, tent, split]) {
          const values = [0.001, 0.05, 0.3, 0.5, 0.7, 0.95, 0.999].map((p) => quantile(input, p))
          expect(values).toEqual([...values].sort((a, b) => a - b))
        }
        expect(quantile(tent, 0.001)).toBeGreaterThanOrEqual(low)
        expect(quantile(tent, 0.999)).toBeLessThanOrEqual(high * (1 + 1e-12))
      }),
    )
    expect(() => quantile({ kind: 'triangular', low: 2, mid: 1, high: 3 }, 0.5)).toThrow(RangeError)
    expect(() => quantile({ kind: 'lognormal', low: 0, mid: 1, high: 3 }, 0.5)).toThrow(RangeError)
  })
})

describe('Monte Carlo', () => {
  const inputs = {
    price: { kind: 'lognormal', low: 80, mid: 100, high: 130 },
    power: { kind: 'triangular', low: 5, mid: 8, high: 12 },
  } as const
  const run = (seed: number) =>
    monteCarlo({
      inputs,
      evaluate: ({ price, power }) => ({
        cost: price + power,
        never: undefined,
        cheap: price < 80 ? price : undefined,
      }),
      samples: 4000,
      seed,
      percentiles: [10, 50, 90],
    })

  test('same seed, same bytes; the order of the inputs does not matter', () => {
    expect(JSON.stringify(run(1))).toBe(JSON.stringify(run(1)))
    expect(JSON.stringify(run(1))).not.toBe(JSON.stringify(run(2)))
    const turned = monteCarlo({
      inputs: { power: inputs.power, price: inputs.price },
      evaluate: ({ price, power }) => ({ cost: price + power }),
      samples: 4000,
      seed: 1,
      percentiles: [10, 50, 90],
    })
    expect(turned.figures.cost).toEqual(run(1).figures.cost)
  })

  test('undefined figures are counted, not replaced by 0; a tenth of the prices lies below the low', () => {
    const { figures } = run(1)
    expect(figures.never).toEqual({
      defined: 0,
      mean: undefined,
      percentiles: [10, 50, 90].map((percentile) => ({ percentile, value: undefined })),
    })
    expect(figures.cheap.defined / 4000).toBeCloseTo(0.1, 1)
    expect(percentileOf([1, 2, 3, 4], 50)).toBe(2.5)
  })

  test('tornado: the widest first, each at its low and high with the others in the middle', () => {
    const { atMid, bars } = tornado({ inputs, evaluate: ({ price, power }) => price + power })
    expect(atMid).toBe(108)
    expect(bars.map((bar) => [bar.input, bar.atLow, bar.atHigh, bar.swing])).toEqual([
      ['price', 80 + 8, 130 + 8, 130 - 80],
      ['power', 100 + 5, 100 + 12, 12 - 5],
    ])
  })
})
