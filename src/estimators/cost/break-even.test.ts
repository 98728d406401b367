import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  breakEvenSurface,
  hoursToBreakEven,
  utilisationToBreakEven,
  volumeToBreakEven,
} from './break-even.ts'
import { breakEvenOfFlows } from './cash-flow.ts'
import { costFormulas } from './formulas.ts'
import { demandByMonth, plannedPurchases, serversForPeak } from './growth.ts'
import { levelisedUsdPerUnit, tokenCosts } from './unit-costs.ts'

const money = fc.double({ min: 1, max: 1e6, noNaN: true })

describe('break-even', () => {
  test('Lenovo LP2368 2026, system A against Azure: 250,141.80 / (rate - 6.37) hours', () => {
    const hours = (alternativeUsdPerHour: number) => {
      const found = hoursToBreakEven({ upfrontUsd: 250_141.8, usdPerHour: 6.37, alternativeUsdPerHour })
      return found.kind === 'at' ? Math.round(found.hours) : found.kind
    }
    expect([hours(98.32), hours(62.92), hours(43.16), hours(39.32), hours(6)]).toEqual([
      2720,
      4423,
      6799, // the paper prints 6,800
      7592, // the paper cuts to 7,591
      'never',
    ])
  })

  test('the closed form and the cash flows give the same month', () => {
    fc.assert(
      fc.property(money, money, money, (upfrontUsd, own, other) => {
        const closed = hoursToBreakEven({ upfrontUsd, usdPerHour: own, alternativeUsdPerHour: other })
        const horizon = 240
        const flow = breakEvenOfFlows({
          monthlyUsd: [upfrontUsd, ...new Array<number>(horizon).fill(own)],
          alternativeMonthlyUsd: [0, ...new Array<number>(horizon).fill(other)],
        })
        if (closed.kind === 'never') expect(flow.kind).toBe('never')
        else if (closed.kind === 'at' && closed.hours < horizon - 1e-6)
          expect(flow.kind === 'at' ? flow.months : flow.kind).toBeCloseTo(closed.hours, 5)
      }),
    )
  })

  test('Lenovo LP2368 2026, system B: 662,900 USD against 84.81 USD/h pays from 4.3 hours a day', () => {
    const found = utilisationToBreakEven({
      fixedUsd: 277_898 + 8.79 * 43_800,
      usdAtFullUse: 0,
      alternativeFixedUsd: 0,
      alternativeUsdAtFullUse: 84.81 * 43_800,
    })
    expect(found.kind === 'at' ? found.utilisationFraction * 24 : undefined).toBeCloseTo(4.28, 2)
  })

  test('utilisation: above it fixed is cheaper, below it dearer', () => {
    fc.assert(
      fc.property(money, money, money, money, (fixedUsd, usdAtFullUse, alternativeFixedUsd, full) => {
        const input = { fixedUsd, usdAtFullUse, alternativeFixedUsd, alternativeUsdAtFullUse: full }
        const gap = (u: number) => fixedUsd + u * usdAtFullUse - alternativeFixedUsd - u * full
        const found = utilisationToBreakEven(input)
        const slack = 1e-6 * (fixedUsd + full + usdAtFullUse + alternativeFixedUsd)
        if (found.kind === 'at') {
          expect(gap(found.utilisationFraction / 2)).toBeGreaterThanOrEqual(-slack)
          expect(gap(1)).toBeLessThanOrEqual(slack)
        } else if (found.kind === 'below') expect(gap(1)).toBeGreaterThanOrEqual(-slack)
        else if (found.kind === 'never') expect(gap(1)).toBeGreaterThan(-slack)
        else expect(Math.max(gap(0), gap(1))).toBeLessThanOrEqual(slack)
      }),
    )
  })

  test('volume: with capacity in steps, it stays cheaper above the lasting volume and is dearer just below it', () => {
    fc.assert(
      fc.property(money, money, fc.double({ min: 0.01, max: 10, noNaN: true }), (fixed, capacity, price) => {
        const found = volumeToBreakEven({
          usdPerUnitMonth: fixed,
          capacityPerUnitMonth: capacity,
          usdPerVolume: 0,
          alternativeUsdPerVolume: price,
        })
        const gap = (volume: number) => Math.ceil(volume / capacity - 1e-9) * fixed - price * volume
        if (found.kind === 'never') {
          expect(gap(capacity)).toBeGreaterThan(-1e-6 * fixed)
          return
        }
        expect(Math.abs(gap(found.volume))).toBeLessThan(1e-6 * fixed)
        if (found.lastingVolume > capacity * 1e6) return
        expect(gap(found.lastingVolume * 0.999999)).toBeGreaterThan(-1e-3 * fixed)
        for (const factor of [1.000001, 1.1, 1.5, 2, 3.7])
          expect(gap(found.lastingVolume * factor)).toBeLessThanOrEqual(
            1e-4 * fixed * (1 + found.lastingVolume / capacity),
          )
      }),
    )
  })

  test('surface: every combination, the shortest horizon that pays, and none where it never does', () => {
    const { cells, points } = breakEvenSurface({
      utilisationFractions: [0.1, 1],
      electricityUsdPerKilowattHour: [0.1, 0.3],
      horizonMonths: [60, 12],
      costs: ({ utilisationFraction, electricityUsdPerKilowattHour, horizonMonths }) => ({
        usd: 1000 + (electricityUsdPerKilowattHour ?? Number.NaN) * 100 * horizonMonths,
        alternativeUsd: 150 * utilisationFraction * horizonMonths,
      }),
    })
    expect(cells).toHaveLength(2 * 2 * 2)
    expect(points.map((point) => point.shortestHorizonMonths)).toEqual([undefined, undefined, 12, 12])
  })
})

describe('unit costs', () => {
  test('by every split rule, input and output together cost the whole again', () => {
    fc.assert(
      fc.property(money, money, money, fc.double({ min: 0.1, max: 20, noNaN: true }), (usd, a, b, ratio) => {
        for (const split of [
          { kind: 'blended' },
          { kind: 'price-ratio', outputToInputRatio: ratio },
          { kind: 'compute-time', prefillSeconds: ratio, decodeSeconds: 3 },
        ] as const) {
          const costs = tokenCosts({ usd, inputTokens: a, outputTokens: b, split })
          const sum = ((costs.inputUsdPerMillion ?? 0) * a + (costs.outputUsdPerMillion ?? 0) * b) / 1e6
          expect(sum / usd).toBeCloseTo(1, 9)
        }
      }),
    )
    expect(
      tokenCosts({ usd: 1, inputTokens: 0, outputTokens: 0, split: { kind: 'blended' } })
        .blendedUsdPerMillion,
    ).toBeUndefined()
  })

  test('levelised cost at rate 0 is cost over units; with units growing late a discount raises it', () => {
    const monthlyUsd = [1000, 10, 10]
    const monthlyUnits = [0, 50, 150]
    const at = (ratePerYearFraction: number) =>
      levelisedUsdPerUnit({ monthlyUsd, monthlyUnits, ratePerYearFraction }) ?? Number.NaN
    expect(at(0)).toBe((1000 + 10 + 10) / (50 + 150))
    expect(at(0.1)).toBeGreaterThan(at(0))
  })

  test('growth: purchases cover every month, and buying when needed never owns more than buying all at once', () => {
    fc.assert(
      fc.property(money, fc.double({ min: 0, max: 2, noNaN: true }), money, (first, growth, capacity) => {
        const demand = demandByMonth({ firstMonth: first, growthPerYearFraction: growth, horizonMonths: 48 })
        const input = { demandByMonth: demand, capacityPerUnit: capacity }
        const phased = plannedPurchases({ ...input, policy: 'when-needed' })
        const atOnce = plannedPurchases({ ...input, policy: 'all-at-start' })
        demand.forEach((need, index) => {
          const owned = phased
            .filter(({ month }) => month <= index)
            .reduce((sum, { units }) => sum + units, 0)
          expect(owned * capacity).toBeGreaterThanOrEqual(need * (1 - 1e-8) - capacity * 1e-8)
        })
        const total = (list: typeof phased) => list.reduce((sum, { units }) => sum + units, 0)
        expect(total(phased)).toBe(total(atOnce))
      }),
    )
  })

  test('NVIDIA 2025: 95 requests/s at 10 per instance of 2 GPUs are 10 instances and 3 servers of 8', () => {
    expect(
      serversForPeak({
        peakRequestsPerSecond: 95,
        requestsPerSecondPerInstance: 10,
        acceleratorsPerInstance: 2,
        acceleratorsPerServer: 8,
      }),
    ).toEqual({ instances: 10, servers: 3 })
  })

  test('the formula records compute what the functions do', () => {
    const byId = new Map(costFormulas.map((formula) => [formula.id, formula]))
    expect(byId.get('capital-recovery-factor')?.compute({ r: 0.08, n: 5 })).toBeCloseTo(
      (0.08 * 1.08 ** 5) / (1.08 ** 5 - 1),
      12,
    )
    expect(byId.get('break-even-hours')?.compute({ C: 833_806, a: 98.32, o: 0.87 })).toBeCloseTo(
      833_806 / (98.32 - 0.87),
      9,
    )
    expect(new Set(costFormulas.map((formula) => formula.id)).size).toBe(costFormulas.length)
  })
})
