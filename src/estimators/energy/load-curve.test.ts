import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayCurve, hoursPerWeek, meanLoadFraction, weekLevels } from './load-curve.ts'

const shape = fc.record({
  workingHoursPerDay: fc.integer({ min: 1, max: 24 }),
  workingDaysPerWeek: fc.integer({ min: 1, max: 7 }),
  peakToAverageRatio: fc.double({ min: 1, max: 20, noNaN: true }),
})

describe('the week’s load', () => {
  it('covers 168 hours; its mean is the working hours’ mean, which is the peak over its ratio', () => {
    fc.assert(
      fc.property(shape, fc.integer({ min: 1, max: 24 }), (given, count) => {
        const levels = weekLevels(given, count)
        const hours = levels.reduce((sum, level) => sum + level.hoursPerWeek, 0)
        expect(hours).toBeCloseTo(hoursPerWeek, 6)
        const working = given.workingHoursPerDay * given.workingDaysPerWeek
        expect(meanLoadFraction(levels)).toBeCloseTo(working / 168 / given.peakToAverageRatio, 9)
        for (const { loadFraction } of levels) {
          expect(loadFraction).toBeGreaterThanOrEqual(0)
          expect(loadFraction).toBeLessThanOrEqual(1 + 1e-12)
        }
      }),
    )
  })

  it('a peak of 1 is a flat day', () => {
    const levels = weekLevels({ workingHoursPerDay: 10, workingDaysPerWeek: 5, peakToAverageRatio: 1 }, 2)
    expect(levels).toEqual([
      { hoursPerWeek: 25, loadFraction: 1 },
      { hoursPerWeek: 25, loadFraction: 1 },
      { hoursPerWeek: 168 - 50, loadFraction: 0 },
    ])
  })

  it('the day’s hours sum to the curve and stay within working hours', () => {
    const given = { workingHoursPerDay: 8, workingDaysPerWeek: 5, peakToAverageRatio: 2 }
    const day = dayCurve(given, 9)
    expect(day.reduce((sum, value) => sum + value, 0)).toBeCloseTo(8 / 2, 9)
    expect(day.slice(0, 9).every((value) => value === 0)).toBe(true)
    expect(day.slice(17).every((value) => value === 0)).toBe(true)
  })
})
