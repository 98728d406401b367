import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadBetween, loadCurve, meanOverCurve, timeBelow } from './load-curve.ts'

const curveOf = (peakToAverage: number) =>
  loadCurve({ peakToAverage, workingHoursPerDay: 12, workingDaysPerWeek: 7 })

describe('loadCurve', () => {
  it('has the mean the scenario gives: peak ÷ (peak ÷ average)', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 50, noNaN: true }), (peakToAverage) => {
        expect(loadBetween(curveOf(peakToAverage), 0, 1)).toBeCloseTo(1 / peakToAverage, 9)
      }),
    )
  })

  it('works half of the hours when days have twelve', () => {
    expect(curveOf(2).workingFraction).toBeCloseTo(12 / 24, 12)
  })

  it('is a square: half the time below a quarter of the peak where peak ÷ average = 3', () => {
    expect(timeBelow(curveOf(3), 1 / 4)).toBeCloseTo(Math.sqrt(1 / 4), 12)
  })

  it('averages what is linear in the load exactly, whatever the nodes', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 20, noNaN: true }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.double({ min: -50, max: 50, noNaN: true }),
        (peakToAverage, middle, base, slope) => {
          const nodes = [0, middle, 1]
          const values = nodes.map((x) => base + slope * x)
          expect(meanOverCurve(curveOf(peakToAverage), nodes, values, 3)).toBeCloseTo(
            base + slope / peakToAverage,
            6,
          )
        },
      ),
    )
  })
})
