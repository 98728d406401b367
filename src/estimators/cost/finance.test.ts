import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { breakEvenOfFlows, cumulative, internalRateOfReturn, netPresentValueUsd, sumOf } from './cash-flow.ts'
import {
  annuityUsdPerYear,
  capitalRecoveryFactor,
  loanLines,
  residualFractionAtAge,
  straightLineDepreciation,
} from './finance.ts'
import { totalOfLines } from './lines.ts'
import { depreciationTaxShieldLines, purchaseTaxLines } from './taxes.ts'

const flows = fc.array(fc.double({ min: -1e5, max: 1e5, noNaN: true }), { minLength: 2, maxLength: 60 })

describe('financing', () => {
  test('annuity: its payments are worth the sum today', () => {
    const [present, rate, years] = [250_000, 0.08, 5]
    const payment = annuityUsdPerYear({ presentUsd: present, ratePerYearFraction: rate, years })
    const worth = payment / 1.08 + payment / 1.08 ** 2 + payment / 1.08 ** 3 + payment / 1.08 ** 4
    expect(worth + payment / 1.08 ** 5).toBeCloseTo(present, 6)
    expect(capitalRecoveryFactor({ ratePerPeriodFraction: 0, periods: 4 })).toBe(1 / 4)
  })

  test('a loan at 0 % costs nothing; with interest it costs more; a missing price stays missing', () => {
    const terms = { downPaymentFraction: 0.2, ratePerYearFraction: 0, termMonths: 36, sourceId: 'test' }
    const lines = loanLines({ purchaseUsd: 100_000, terms, purchaseMonth: 0 })
    expect(lines[0]?.amountUsd).toBe(-80_000)
    expect(totalOfLines(lines, 36).usd).toBeCloseTo(0, 6)
    const dear = loanLines({
      purchaseUsd: 100_000,
      terms: { ...terms, ratePerYearFraction: 0.1 },
      purchaseMonth: 0,
    })
    expect(totalOfLines(dear, 36).usd).toBeGreaterThan(0)
    expect(totalOfLines(loanLines({ purchaseUsd: undefined, terms, purchaseMonth: 0 }), 36).usd).toBe(
      undefined,
    )
  })

  test('straight line: the expenses add up to price minus residual, the book value ends there', () => {
    const years = straightLineDepreciation({ priceUsd: 100_000, residualUsd: 10_000, lifeMonths: 54 })
    expect(years).toHaveLength(5)
    expect(sumOf(years.map((year) => year.expenseUsd))).toBeCloseTo(100_000 - 10_000, 6)
    expect(years.at(-1)?.bookValueUsd).toBeCloseTo(10_000, 6)
  })

  test('residual value between two ages is on the line between them, outside them the nearest', () => {
    const points = [
      { ageMonths: 24, fraction: 0.4 },
      { ageMonths: 12, fraction: 0.6 },
    ]
    const at = (ageMonths: number) => residualFractionAtAge({ ageMonths, points })
    expect([at(6), at(12), at(18), at(24), at(60)]).toEqual([0.6, 0.6, 0.5, 0.4, 0.4])
    expect(residualFractionAtAge({ ageMonths: 6, points: [] })).toBeUndefined()
  })

  test('taxes: a share of each taxed line, and the shield is rate times what was written off', () => {
    const [loan] = loanLines({
      purchaseUsd: 100,
      terms: { downPaymentFraction: 0, ratePerYearFraction: 0, termMonths: 1, sourceId: 'test' },
      purchaseMonth: 0,
    })
    const server = { ...loan!, id: 'servers', category: 'servers', amountUsd: 100 } as const
    const tax = purchaseTaxLines({
      lines: [loan!, server],
      rateFraction: 0.19,
      categories: ['servers'],
      sourceId: 'test',
    })
    expect(tax.map((line) => line.amountUsd)).toEqual([0.19 * 100])
    const shield = depreciationTaxShieldLines({
      purchaseUsd: 100_000,
      residualUsd: 0,
      lifeMonths: 48,
      purchaseMonth: 0,
      incomeTaxFraction: 0.3,
      sourceId: 'test',
    })
    expect(totalOfLines(shield, 48).usd).toBeCloseTo(-0.3 * 100_000, 6)
  })
})

describe('cash flow', () => {
  test('net present value at rate 0 is the sum; a higher rate lowers a stream of costs', () => {
    fc.assert(
      fc.property(flows, (monthlyUsd) => {
        expect(netPresentValueUsd({ monthlyUsd, ratePerYearFraction: 0 })).toBe(sumOf(monthlyUsd))
        const costs = monthlyUsd.map(Math.abs)
        const at = (ratePerYearFraction: number) =>
          netPresentValueUsd({ monthlyUsd: costs, ratePerYearFraction })
        expect(at(0.1)).toBeLessThanOrEqual(at(0.05) + 1e-6)
      }),
    )
  })

  test('IRR: 1,000 invested that saves 1,100 a year later returns 10 %', () => {
    const investmentMonthlyUsd = [1000, ...new Array<number>(12).fill(0)]
    const alternativeMonthlyUsd = [...new Array<number>(12).fill(0), 1100]
    const found = internalRateOfReturn({ investmentMonthlyUsd, alternativeMonthlyUsd })
    expect(found.kind === 'rate' ? found.ratePerYearFraction : undefined).toBeCloseTo(1100 / 1000 - 1, 9)
    expect(internalRateOfReturn({ investmentMonthlyUsd: [1, 1], alternativeMonthlyUsd: [2, 2] })).toEqual({
      kind: 'none',
      because: 'no-investment',
    })
    expect(internalRateOfReturn({ investmentMonthlyUsd: [2, 1], alternativeMonthlyUsd: [1, 0] })).toEqual({
      kind: 'none',
      because: 'no-return',
    })
  })

  test('IRR, where there is one, makes both flows worth the same', () => {
    fc.assert(
      fc.property(flows, flows, (a, b) => {
        const length = Math.min(a.length, b.length)
        const [investmentMonthlyUsd, alternativeMonthlyUsd] = [a.slice(0, length), b.slice(0, length)]
        const found = internalRateOfReturn({ investmentMonthlyUsd, alternativeMonthlyUsd })
        if (found.kind === 'none') return
        const rate = { ratePerYearFraction: found.ratePerYearFraction }
        const gap =
          netPresentValueUsd({ monthlyUsd: investmentMonthlyUsd, ...rate }) -
          netPresentValueUsd({ monthlyUsd: alternativeMonthlyUsd, ...rate })
        const scale = netPresentValueUsd({ monthlyUsd: [...a, ...b].map(Math.abs), ...rate })
        expect(Math.abs(gap)).toBeLessThan(1e-6 * scale)
      }),
    )
  })

  test('never says why: what it fetches when sold does not make its running cost lower', () => {
    const found = (running: number) =>
      breakEvenOfFlows({
        monthlyUsd: [1000, running, running, running - 500],
        alternativeMonthlyUsd: [0, 10, 10, 10],
      })
    expect(found(20)).toEqual({ kind: 'never', because: 'running-cost-not-lower' })
    expect(found(5)).toEqual({ kind: 'never', because: 'not-within-horizon' })
  })

  test('break-even agrees with the flows: dearer before, not dearer from there to the end; never means dearer at the end', () => {
    fc.assert(
      fc.property(flows, flows, (a, b) => {
        const length = Math.min(a.length, b.length)
        const [monthlyUsd, alternativeMonthlyUsd] = [a.slice(0, length), b.slice(0, length)]
        const lead = cumulative(monthlyUsd.map((value, month) => value - (alternativeMonthlyUsd[month] ?? 0)))
        const found = breakEvenOfFlows({ monthlyUsd, alternativeMonthlyUsd })
        const end = lead.at(-1) ?? 0
        if (found.kind === 'never') expect(end).toBeGreaterThan(0)
        if (found.kind === 'from-start') expect(Math.max(...lead)).toBeLessThanOrEqual(0)
        if (found.kind === 'at') {
          expect(Math.max(...lead.slice(Math.ceil(found.months)))).toBeLessThanOrEqual(1e-6)
          // A lead of 1e-300 crosses at the very month it was seen in, after rounding.
          const before = [lead[Math.floor(found.months)], lead[Math.ceil(found.months) - 1]]
          expect(Math.max(...before.map((value) => value ?? 0))).toBeGreaterThan(0)
        }
      }),
    )
  })
})
