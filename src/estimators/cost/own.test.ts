import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hoursPerMonth } from '../../foundation/units.ts'
import { cashFlowOf, netPresentValueUsd, sumOf, yearlyOfMonthly } from './cash-flow.ts'
import { lineTotalUsd, type Price, totalOfLines, totalsByCategory } from './lines.ts'
import { type OwnedFleet, type OwnPlan, type OwnPrices, ownLines } from './own.ts'
import { preparedOwnTotal } from './own-total.ts'

const usd = (value: number | undefined): Price => ({ usd: value, sourceId: 'test' })
const money = fc.double({ min: 0.01, max: 1e6, noNaN: true })
const amount = fc.double({ min: 0, max: 1000, noNaN: true })
const share = fc.double({ min: 0, max: 1, noNaN: true })

const fleets: fc.Arbitrary<OwnedFleet> = fc.record({
  servers: amount,
  accelerators: amount,
  networkPorts: amount,
  storageBytes: fc.double({ min: 0, max: 1e15, noNaN: true }),
  racks: amount,
  averageItWatts: fc.double({ min: 0, max: 1e6, noNaN: true }),
  ratedItWatts: fc.double({ min: 0, max: 1e6, noNaN: true }),
})

const priceLists: fc.Arbitrary<OwnPrices> = fc
  .record({ a: money, b: money, c: money, d: money, e: money, f: money, g: money, s: share, m: share })
  .map(({ a, b, c, d, e, f, g, s, m }) => ({
    server: usd(a),
    accelerator: usd(b),
    networkPort: usd(c),
    storagePerGigabyte: usd(d / 1000),
    rack: usd(e),
    spares: { fraction: s, sourceId: 'test' },
    installationPerServer: usd(f),
    maintenancePerYear: { fraction: m, sourceId: 'test' },
    licences: [{ id: 'stack', label: 'Software', per: 'accelerator', usdPerYear: usd(g) }],
    electricityPerKilowattHour: usd(g / 1e6),
    electricityGrowthPerYearFraction: s / 10,
    facility: { kind: 'pue', pueRatio: 1 + s, sourceId: 'test' },
    colocation: { per: 'kilowatt', usdPerMonth: usd(f / 1000) },
    staff: { per: 'accelerator', unitsPerPerson: 75, usdPerPersonYear: usd(e) },
  }))

const plans: fc.Arbitrary<OwnPlan> = fc
  .record({
    purchaseMonth: fc.integer({ min: 0, max: 12 }),
    horizonMonths: fc.integer({ min: 13, max: 120 }),
    lifeMonths: fc.option(fc.integer({ min: 12, max: 60 }), { nil: undefined }),
    worth: share,
  })
  .map(({ worth, ...plan }) => ({
    ...plan,
    calendar: { hoursPerMonth },
    residual: {
      points: [
        { ageMonths: 12, fraction: worth },
        { ageMonths: 60, fraction: worth / 4 },
      ],
      sourceId: 'test',
    },
  }))

const cases = fc.record({ fleet: fleets, prices: priceLists, plan: plans })

/** What is bought, before what it fetches at the end. */
function hardwareUsd(input: { fleet: OwnedFleet; prices: OwnPrices; plan: OwnPlan }): number {
  return ownLines(input)
    .filter((line) => line.category !== 'residual')
    .reduce((sum, line) => sum + Math.abs(lineTotalUsd(line, input.plan.horizonMonths) ?? 0), 0)
}

describe('owning', () => {
  test('lines, categories, cash flow by month and by year all sum to the same total, to the cent', () => {
    fc.assert(
      fc.property(cases, (input) => {
        const lines = ownLines(input)
        const { horizonMonths } = input.plan
        const total = totalOfLines(lines, horizonMonths).usd ?? Number.NaN
        const flow = cashFlowOf(lines, horizonMonths).monthlyUsd
        // A cent, or float noise on sums far beyond what doubles hold cents of.
        const cent = Math.max(0.005, Math.abs(total) * 1e-10)
        for (const sum of [
          sumOf(lines.map((line) => lineTotalUsd(line, horizonMonths) ?? Number.NaN)),
          sumOf([...totalsByCategory(lines, horizonMonths).values()].map((part) => part ?? Number.NaN)),
          sumOf(flow),
          sumOf(yearlyOfMonthly(flow)),
          netPresentValueUsd({ monthlyUsd: flow, ratePerYearFraction: 0 }),
        ])
          expect(Math.abs(sum - total)).toBeLessThan(cent)
      }),
    )
  })

  test('the prepared total of the search equals the lines of the explanation, discounted too', () => {
    fc.assert(
      fc.property(cases, fc.double({ min: 0, max: 0.3, noNaN: true }), (input, ratePerYearFraction) => {
        const flow = cashFlowOf(ownLines(input), input.plan.horizonMonths)
        const byLines = netPresentValueUsd({ ...flow, ratePerYearFraction })
        const prepared = preparedOwnTotal({ ...input, ratePerYearFraction })(input.fleet)
        // Float noise is that of the payments, not of what a purchase and its residual value leave of each other.
        const gross =
          flow.monthlyUsd.reduce((sum, payment) => sum + Math.abs(payment), 1) + hardwareUsd(input)
        expect(Math.abs((prepared ?? Number.NaN) - byLines)).toBeLessThan(gross * 1e-12)
      }),
    )
  })

  test('doubling every quantity doubles the cost', () => {
    fc.assert(
      fc.property(cases, (input) => {
        const double = Object.fromEntries(
          Object.entries(input.fleet).map(([key, value]) => [key, value * 2]),
        ) as unknown as OwnedFleet
        const once = totalOfLines(ownLines(input), input.plan.horizonMonths).knownUsd
        const twice = totalOfLines(ownLines({ ...input, fleet: double }), input.plan.horizonMonths).knownUsd
        expect(Math.abs(twice - 2 * once)).toBeLessThanOrEqual(1e-9 * Math.abs(twice) + 1e-6)
      }),
    )
  })

  test('a missing price is a state of its line and of the total, never 0', () => {
    const keys = ['server', 'accelerator', 'networkPort', 'rack', 'installationPerServer'] as const
    const fleet: OwnedFleet = {
      servers: 2,
      accelerators: 16,
      networkPorts: 16,
      storageBytes: 1e12,
      racks: 1,
      averageItWatts: 1e4,
      ratedItWatts: 2e4,
    }
    fc.assert(
      fc.property(priceLists, plans, fc.constantFrom(...keys), (prices, plan, key) => {
        const lines = ownLines({ fleet, prices: { ...prices, [key]: usd(undefined) }, plan })
        const total = totalOfLines(lines, plan.horizonMonths)
        expect(total.usd).toBeUndefined()
        expect(total.missingLineIds.length).toBeGreaterThan(0)
        const missing = lines.filter((line) => line.unitPriceUsd === undefined)
        expect(missing.map((line) => line.amountUsd)).toEqual(missing.map(() => undefined))
        const prepared = preparedOwnTotal({
          prices: { ...prices, [key]: usd(undefined) },
          plan,
          ratePerYearFraction: 0,
        })
        expect(prepared(fleet)).toBeUndefined()
      }),
    )
  })

  test('a dearer price never makes the total cheaper', () => {
    // No residual above 1 and no negative share: each line's coefficient is positive while worth is below the price.
    fc.assert(
      fc.property(
        cases,
        fc.constantFrom('server', 'accelerator', 'networkPort', 'rack', 'electricityPerKilowattHour'),
        money,
        ({ fleet, prices, plan }, key, more) => {
          const before = prices[key as 'server']?.usd ?? 0
          const dearer = { ...prices, [key]: usd(before + more) }
          const low = totalOfLines(ownLines({ fleet, prices, plan }), plan.horizonMonths).knownUsd
          const high = totalOfLines(ownLines({ fleet, prices: dearer, plan }), plan.horizonMonths).knownUsd
          expect(high).toBeGreaterThanOrEqual(low - 1e-9 * Math.abs(low) - 1e-6)
        },
      ),
    )
  })

  test('every line has a unit and a source', () => {
    fc.assert(
      fc.property(cases, (input) => {
        for (const line of ownLines(input)) {
          expect(line.unit).not.toBe('')
          expect(line.sourceId).not.toBe('')
        }
      }),
    )
  })

  test('maintenance of hardware without a price (leased) has no base, so its line is missing, not 0', () => {
    const lines = ownLines({
      fleet: {
        servers: 1,
        accelerators: 8,
        networkPorts: 0,
        storageBytes: 0,
        racks: 0,
        averageItWatts: 0,
        ratedItWatts: 0,
      },
      prices: { maintenancePerYear: { fraction: 0.12, sourceId: 'test' } },
      plan: { purchaseMonth: 0, horizonMonths: 12, calendar: { hoursPerMonth }, buysHardware: false },
    })
    expect(lines.map(({ id, amountUsd }) => [id, amountUsd])).toEqual([['maintenance', undefined]])
  })

  test('refresh and residual: bought at month 0 and 36 of 60, sold at 36 and, two years old, at 60', () => {
    const lines = ownLines({
      fleet: {
        servers: 1,
        accelerators: 0,
        networkPorts: 0,
        storageBytes: 0,
        racks: 0,
        averageItWatts: 0,
        ratedItWatts: 0,
      },
      prices: { server: usd(100_000) },
      plan: {
        purchaseMonth: 0,
        horizonMonths: 60,
        calendar: { hoursPerMonth },
        lifeMonths: 36,
        residual: {
          points: [
            { ageMonths: 12, fraction: 0.6 },
            { ageMonths: 36, fraction: 0.2 },
          ],
          sourceId: 'test',
        },
      },
    })
    expect(lines.map((line) => [line.id, line.amountUsd, line.timing])).toEqual([
      ['servers', 100_000, { kind: 'once', month: 0 }],
      ['residual', -20_000, { kind: 'once', month: 36 }],
      ['refresh-1', 100_000, { kind: 'once', month: 36 }],
      ['residual-1', -40_000, { kind: 'once', month: 60 }],
    ])
  })
})
