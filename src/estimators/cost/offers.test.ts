import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ApiPrices, apiLines } from './api.ts'
import { lineTotalUsd, type Price, totalOfLines } from './lines.ts'
import { rentLines } from './rent.ts'
import { rentUsdPerInstance } from './rent-total.ts'
import { billedHoursPerMonth, spotHoursPerUsefulHour, startUpSeconds } from './schedule.ts'
import { extraUnits, phasedSubscriptionLines, subscriptionLines } from './subscribe.ts'

const usd = (value: number | undefined): Price => ({ usd: value, sourceId: 'test' })
const calendar = { hoursPerMonth: 730 }

describe('renting', () => {
  const rented = (input: { instances?: number; price?: number | undefined; spot?: number }) =>
    rentLines({
      tranches: [
        {
          id: 'a',
          label: 'on demand',
          instances: input.instances ?? 1,
          usdPerInstanceHour: usd('price' in input ? input.price : 142.42),
          schedule: { kind: 'always-on' },
          spot:
            input.spot === undefined
              ? undefined
              : { interruptionsPerHour: input.spot, lostSecondsPerInterruption: 600 },
        },
      ],
      extras: {},
      fromMonth: 1,
      toMonth: 60,
      calendar,
    })

  test('Lenovo LP2368 2026, p6-b300 for five years of 8,760 h: 142.42 · 43,800 = 6,238,000 USD', () => {
    expect(totalOfLines(rented({}), 60).usd).toBeCloseTo(142.42 * 43_800, 3)
  })

  test('twice the instances cost twice; no price is no total; spot costs the hours it loses', () => {
    const one = totalOfLines(rented({}), 60).usd ?? Number.NaN
    expect(totalOfLines(rented({ instances: 2 }), 60).usd).toBe(2 * one)
    expect(totalOfLines(rented({ price: undefined }), 60)).toEqual({
      usd: undefined,
      knownUsd: 0,
      missingLineIds: ['compute-a'],
    })
    // One interruption in 5 h that loses 10 min: 1 / (1 - 0.2 / 6).
    expect((totalOfLines(rented({ spot: 0.2 }), 60).usd ?? 0) / one).toBeCloseTo(1 / (1 - 0.2 / 6), 9)
    const prepared = rentUsdPerInstance({
      usdPerInstanceHour: usd(142.42),
      schedule: { kind: 'always-on' },
      horizonMonths: 60,
      calendar,
      ratePerYearFraction: 0,
    })
    expect(prepared).toBeCloseTo(one, 3)
    // Six interruptions an hour of 10 min each: nothing gets done, so no price.
    expect(totalOfLines(rented({ spot: 6 }), 60).usd).toBeUndefined()
    expect(
      spotHoursPerUsefulHour({ interruptionsPerHour: 7, lostSecondsPerInterruption: 600 }),
    ).toBeUndefined()
  })

  test('working hours of 10 h on 5 days are 50/168 of the month; scale to zero adds start-ups, at most all hours', () => {
    const window = { kind: 'window', hoursPerDay: 10, daysPerWeek: 5 } as const
    expect(billedHoursPerMonth({ schedule: window, calendar })).toBeCloseTo((730 * 50) / 168, 9)
    // 140 GB at 2 GB/s and 30 s for the engine: 70 + 30 = 100 s.
    const start = startUpSeconds({ modelBytes: 140e9, storageBytesPerSecond: 2e9, engineSeconds: 30 })
    expect(start).toBe(100)
    fc.assert(
      fc.property(fc.nat({ max: 24 }), fc.nat({ max: 500 }), (activeHoursPerDay, startsPerDay) => {
        const hours = billedHoursPerMonth({
          schedule: {
            kind: 'scale-to-zero',
            activeHoursPerDay,
            startsPerDay,
            idleSeconds: 300,
            startUpSeconds: start,
          },
          calendar,
        })
        expect(hours).toBeLessThanOrEqual(730 + 1e-9)
        expect(hours).toBeGreaterThanOrEqual((730 * activeHoursPerDay) / 24 - 1e-9)
      }),
    )
  })
})

describe('subscription', () => {
  const terms = {
    unit: 'node',
    committedUnits: 4,
    usdPerCommittedUnitMonth: usd(1000),
    usdPerExtraUnitMonth: usd(1300),
    installedUnits: 10,
    capFraction: 0.85,
  }

  test('base plus use above it: 4 · 1,000 + 2 · 1,300 for six nodes; the cap stops at 8.5 of 10', () => {
    const lines = subscriptionLines({ terms, usedUnitsByMonth: [6, 6, 2] })
    expect(totalOfLines(lines, 3).usd).toBe(3 * 4 * 1000 + 2 * 2 * 1300)
    expect(extraUnits({ usedUnits: 10, terms })).toBe(0.85 * 10 - 4)
  })

  test('a contract that grows: 4, then 6 committed; use above the base of its month, up to the cap of its month', () => {
    const lines = phasedSubscriptionLines({
      prices: { ...terms, setup: usd(500) },
      phases: [
        { startMonth: 0, committedUnits: 4, installedUnits: 10 },
        { startMonth: 2, committedUnits: 6, installedUnits: 15 },
      ],
      usedUnitsByMonth: [3, 9, 9, 20],
    })
    // Month 1 below the base; month 2 at the cap of 8.5; month 3 under it; month 4 at the cap of 12.75.
    const extra = 0 + (8.5 - 4) + (9 - 6) + (12.75 - 6)
    const expected = 500 + 4 * 4 * 1000 + 2 * 2 * 1000 + extra * 1300
    expect(totalOfLines(lines, 4).usd).toBeCloseTo(expected, 9)
    expect(lines.map(({ id, neededFromMonth }) => [id, neededFromMonth])).toEqual([
      ['setup', undefined],
      ['commitment', undefined],
      ['commitment-from-month-3', 3],
      ['usage', undefined],
    ])
  })

  test('use above the base without a price has no total; use below it needs none', () => {
    const unpriced = { ...terms, usdPerExtraUnitMonth: usd(undefined) }
    const total = (used: number) =>
      totalOfLines(subscriptionLines({ terms: unpriced, usedUnitsByMonth: [used] }), 1).usd
    expect(total(5)).toBeUndefined()
    expect(total(4)).toBe(4000)
  })

  test('never below the commitment, never less for more use', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 1 }), (used) => {
        const total = (values: number[]) =>
          totalOfLines(subscriptionLines({ terms, usedUnitsByMonth: values }), values.length).knownUsd
        expect(total(used)).toBeGreaterThanOrEqual(used.length * 4000 - 1e-6)
        expect(total(used.map((value) => value + 1))).toBeGreaterThanOrEqual(total(used) - 1e-6)
      }),
    )
  })
})

describe('tokens bought', () => {
  const prices: ApiPrices = {
    tiers: [
      {
        maxInputTokens: 200_000,
        usdPerMillionInput: usd(1.25),
        usdPerMillionCachedInput: usd(0.125),
        usdPerMillionOutput: usd(10),
        batch: { usdPerMillionInput: usd(0.625), usdPerMillionOutput: usd(5) },
      },
      { maxInputTokens: 1_000_000, usdPerMillionInput: usd(2.5), usdPerMillionOutput: usd(15) },
    ],
  }
  const bill = (input: { inputTokens: number; batchFraction?: number; months?: number[] }) =>
    apiLines({
      prices,
      request: {
        inputTokens: input.inputTokens,
        cachedInputTokens: 1000,
        outputTokens: 500,
        reasoningTokens: 300,
      },
      batchFraction: input.batchFraction ?? 0,
      requestsByMonth: input.months ?? [1e6],
    })

  test('a month of a million requests, each kind of token times its price', () => {
    const lines = bill({ inputTokens: 4000, batchFraction: 0.5 })
    const amounts = Object.fromEntries(lines.map((line) => [line.id, lineTotalUsd(line, 1)]))
    expect(amounts).toEqual({
      input: 0.5 * 3000 * 1.25,
      'cached-input': 0.5 * 1000 * 0.125,
      output: 0.5 * 500 * 10,
      reasoning: 0.5 * 300 * 10,
      'batch-input': 0.5 * 4000 * 0.625,
      'batch-output': 0.5 * 800 * 5,
    })
  })

  test('long input pays the next tier; longer than the longest has no price', () => {
    expect(bill({ inputTokens: 300_000 })[0]?.unitPriceUsd).toBe(2.5)
    const tooLong = totalOfLines(bill({ inputTokens: 2_000_000 }), 1)
    expect(tooLong.usd).toBeUndefined()
    expect(tooLong.missingLineIds).toContain('input')
  })

  test('twice the requests cost twice', () => {
    const total = (months: number[]) => totalOfLines(bill({ inputTokens: 4000, months }), months.length).usd
    expect(total([2e6, 4e6])).toBeCloseTo(2 * (total([1e6, 2e6]) ?? Number.NaN), 6)
  })
})
