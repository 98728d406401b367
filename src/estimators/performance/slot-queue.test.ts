import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalStayTail, slotQueue } from './slot-queue.ts'

describe('slotQueue', () => {
  it.each([
    [0.3, 1 - Math.SQRT2 * 0.3 * Math.exp((0.3 / Math.sqrt(2 * Math.PI)) * (-1.4603545 + 0.0692954 * 0.045))],
    [0.9, 1 - Math.SQRT2 * 0.9 * Math.exp((0.9 / Math.sqrt(2 * Math.PI)) * (-1.4603545 + 0.0692954 * 0.405))],
  ])(
    'meets M/D/c with very many slots at β = %f: 1 − √2·β·exp(β/√(2π)·Σ ζ(½ − r)/(r!(2r + 1))·(−β²/2)^r) (Chang and Peres 1997)',
    (beta, expected) => {
      // β = (1 − ρ)·√(c/ρ), no free slot makes a stay shorter: the mode rests at ρ·c.
      const slots = 1e8
      const utilisation = 1 - beta / Math.sqrt(slots)
      const { blockedFraction } = slotQueue({
        slots,
        utilisation,
        mode: utilisation * slots,
        prefillFraction: 0,
        dispersion: 1,
      })
      expect(blockedFraction / expected).toBeCloseTo(1, 1.5)
    },
  )

  it('waits more under more load, and less where free slots make stays shorter', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 500 }),
        fc.double({ min: 0.6, max: 0.98, noNaN: true }),
        fc.double({ min: 0.05, max: 0.7, noNaN: true }),
        (slots, utilisation, shorter) => {
          const at = (used: number, echo: number) =>
            slotQueue({
              slots,
              utilisation: used,
              mode: slots - ((1 - used) * slots) / (1 - echo),
              prefillFraction: 0,
              dispersion: 1,
            })
          const plain = at(utilisation, 0)
          const busier = at(utilisation + 0.01, 0)
          const elastic = at(utilisation, shorter)
          fc.pre(elastic.blockedFraction > 1e-4)
          expect(plain.blockedFraction).toBeLessThan(1)
          expect(busier.blockedFraction).toBeGreaterThan(plain.blockedFraction)
          expect(busier.meanWaitArrivals).toBeGreaterThan(plain.meanWaitArrivals)
          expect(elastic.blockedFraction).toBeLessThan(plain.blockedFraction)
        },
      ),
      { numRuns: 50, seed: 2 },
    )
  })

  it('decays as ρ·x = ln(1 + x): half the wait of exponential stays in heavy traffic', () => {
    expect(equalStayTail(0.9999)).toBeCloseTo(0.5, 3)
    const x = (1 - 0.9) / (0.9 * equalStayTail(0.9))
    expect(0.9 * x).toBeCloseTo(Math.log1p(x), 9)
  })
})
