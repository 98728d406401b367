import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gridValue, lastWithin } from './halving.ts'

/** Twelve halvings, as plainly as they can be written. */
function halved(range: { low: number; high: number }, within: (value: number) => boolean) {
  let { low, high } = range
  for (let halving = 0; halving < 12; halving += 1) {
    const middle = Math.sqrt(low * high)
    if (within(middle)) low = middle
    else high = middle
  }
  return { low, high }
}

const range = fc
  .tuple(fc.double({ min: 1, max: 64, noNaN: true }), fc.double({ min: 1.01, max: 5000, noNaN: true }))
  .map(([low, factor]) => ({ low, high: low * factor }))

/** Falling ratios: a power of the value, with a pole beyond which nothing is served. */
const curve = fc.record({
  power: fc.double({ min: 0.01, max: 6, noNaN: true }),
  limitShare: fc.double({ min: 0.0001, max: 0.9999, noNaN: true }),
  poleShare: fc.option(fc.double({ min: 0.0001, max: 1, noNaN: true }), { nil: undefined }),
})

describe('the last point of a grid within a limit', () => {
  it('is the one that twelve halvings find, to the bit, in 22 evaluations at most', () => {
    fc.assert(
      fc.property(range, curve, (ends, { power, limitShare, poleShare }) => {
        const limit = ends.low * (ends.high / ends.low) ** limitShare
        const pole =
          poleShare === undefined ? Number.POSITIVE_INFINITY : limit + (ends.high - limit) * poleShare
        const ratio = (value: number) => (value >= pole ? 0 : (limit / value) ** power)
        let asked = 0
        const step = lastWithin(
          { ...ends, ratioAtLow: ratio(ends.low), ratioAtHigh: ratio(ends.high) },
          (value) => {
            asked += 1
            return ratio(value)
          },
        )
        const expected = halved(ends, (value) => ratio(value) >= 1)
        expect(gridValue(ends, step)).toBe(expected.low)
        expect(gridValue(ends, step + 1)).toBe(expected.high)
        expect(asked).toBeLessThanOrEqual(22)
      }),
      { numRuns: 1000 },
    )
  })

  it('needs half the evaluations or fewer where the logarithms are straight', () => {
    const ends = { low: 1, high: 1000 }
    for (const limit of [1.5, 10, 77, 300, 950]) {
      let asked = 0
      lastWithin({ ...ends, ratioAtLow: limit, ratioAtHigh: limit / 1000 }, (value) => {
        asked += 1
        return limit / value
      })
      expect(asked).toBeLessThanOrEqual(6)
    }
  })
})
