import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sumOf } from '../../estimators/cost/cash-flow.ts'
import { RightsizeError } from '../../foundation/errors.ts'
import { hoursPerMonth, secondsPerHour } from '../../foundation/units.ts'
import { evaluateQuotes, type TcoComparison } from './evaluate.ts'
import { readQuotes } from './quotes.ts'
import { quotesJsonSchema } from './quotes-schema.ts'
import { tcoCsv, tcoJson, tcoMarkdown } from './render.ts'

const head = 'schemaVersion: 1\ntitle: Test\nhorizon: 3 years\n'
const compare = (text: string): TcoComparison =>
  evaluateQuotes(readQuotes({ text: head + text, file: 'quotes.yaml' }), 'quotes.yaml')

function problems(text: string): string[] {
  try {
    compare(text)
    return []
  } catch (error) {
    if (!(error instanceof RightsizeError)) throw error
    return error.issues.map(({ place, message, hint }) => `${place}: ${message}${hint ? ` (${hint})` : ''}`)
  }
}

const rent = (price: string, more = '') =>
  `{ id: cloud, kind: rent, label: Cloud, source: t, fleet: [{ label: x, instances: 1, price: ${price} }]${more} }`
const own = (price: string, more = '') =>
  `{ id: server, kind: own, label: Server, source: t, servers: 1, serverPrice: ${price}${more} }`

describe('reading quotes', () => {
  test('all problems at once, with line, path and what would be right', () => {
    expect(
      problems(`quotes:
  - id: Server
    kind: own
    label: Server
    source: t
    servers: 1
    serverPrice: 250000
    powr: 10 kW
    electricity: { price: 0.12 USD }
    pue: 1.3
    coolingPrice: 0.1 USD/kWh
  - ${rent('9 EUR/h')}
`),
    ).toEqual([
      'quotes.yaml:5  quotes.0.id: is not lower-case kebab-case',
      'quotes.yaml:10  quotes.0.serverPrice: is not a price as text, like "1.5 USD"',
      'quotes.yaml:12  quotes.0.electricity.price: "0.12 USD" does not say per what; write it like "1.5 USD/kWh"',
      'quotes.yaml:11  quotes.0.powr: unknown key (did you mean power, low or per?)',
      expect.stringMatching(
        /^quotes\.yaml:15 {2}quotes\.1\.fleet\.0\.price: no rate for EUR; add it to "currencies"/,
      ),
    ])
  })

  test('what would silently vanish from the bill is asked for', () => {
    expect(
      problems(
        `quotes: [${own('1 USD', ', rackPrice: 5 USD, coolingPrice: 0.1 USD/kWh, acceleratorPrice: 2 USD')}]\n`,
      ),
    ).toEqual([
      'quotes.yaml:4  quotes.0.acceleratorsPerServer: is missing: acceleratorPrice is per accelerator',
      'quotes.yaml:4  quotes.0.racks: is missing: rackPrice is per rack',
      'quotes.yaml:4  quotes.0.power: is missing: coolingPrice is per kWh',
    ])
  })

  test('ids that stand twice or nowhere, figures and uncertain inputs that do not exist', () => {
    expect(
      problems(`quotes: [${rent('1 USD/h')}, ${rent('2 USD/h')}]
compare: [{ option: cloud, against: clod }]
`),
    ).toEqual([
      'quotes.yaml:4  quotes.1.id: "cloud" stands twice',
      'quotes.yaml:5  compare.0.against: no quote has the id "clod" (did you mean cloud?)',
    ])
    const [claim] = problems(
      `quotes: [${rent('1 USD/h')}]\nclaims: [{ figure: cloud.totalUSD, stated: 1 }]\n`,
    )
    expect(claim).toContain('there is no figure "cloud.totalUSD" (did you mean cloud.totalUsd')
    const [input] = problems(
      `quotes: [${rent('1 USD/h')}]\nuncertainty: { seed: 1, samples: 10, inputs: [{ path: cloud.price, low: 0.9, high: 1.1 }] }\n`,
    )
    expect(input).toContain('there is no number at "cloud.price"')
  })

  test('an editor can check the file: the JSON Schema knows every top key and refuses others', () => {
    const schema = quotesJsonSchema() as { properties: object; additionalProperties: boolean }
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining(['schemaVersion', 'quotes', 'workload', 'claims', 'surface', 'uncertainty']),
    )
    expect(schema.additionalProperties).toBe(false)
  })

  test('euros by the rate of the file, which stands in the notes with its date', () => {
    const comparison = compare(`currencies: [{ code: EUR, usdPerUnit: 1.08, asOf: 2026-11-01, source: ECB }]
quotes: [${own('250000 EUR')}, ${rent('9 EUR/h')}]
`)
    expect(comparison.options[0]?.total.usd).toBeCloseTo(250_000 * 1.08, 6)
    expect(comparison.options[1]?.total.usd).toBeCloseTo(9 * 1.08 * hoursPerMonth * 36, 4)
    expect(comparison.notes.map(({ message }) => message)).toContain('1 EUR = 1.0800 USD on 2026-11-01 (ECB)')
  })
})

describe('evaluating quotes', () => {
  test('an unknown price is missing in total, saving, table, JSON and CSV, never 0', () => {
    const comparison = compare(
      `quotes: [${own('unknown', ', maintenancePerYear: 12 %')}, ${rent('9 USD/h')}]\n`,
    )
    const [server] = comparison.options
    expect(server?.total).toEqual({
      usd: undefined,
      knownUsd: 0,
      missingLineIds: ['servers', 'maintenance'],
    })
    expect(comparison.pairs[0]?.savingUsd).toBeUndefined()
    expect(comparison.figures['server.totalUsd']).toBeUndefined()
    expect(tcoMarkdown(comparison)).toContain('| Servers | 1 | server | price missing | price missing |')
    expect(JSON.parse(tcoJson(comparison)).options[0].lines[0].unitPriceUsd).toBeNull()
    expect(tcoCsv(comparison).split('\n')[1]).toBe('server,servers,Servers,servers,1,server,,,once,0,,t,')
    expect(comparison.notes.map(({ code }) => code)).toContain('price-missing')
  })

  test('break-even, saving and use agree with the totals, whatever the prices', () => {
    const money = fc.integer({ min: 1, max: 1_000_000 })
    fc.assert(
      fc.property(
        money,
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: 1, max: 20_000 }),
        (capex, opex, month) => {
          const {
            options,
            pairs,
            hoursPerMonth: hours,
          } = compare(
            `quotes: [${own(`${capex} USD`, `, other: [{ label: Running, price: ${opex} USD/month }]`)}, ${rent(`${month / 100} USD/h`)}]\n`,
          )
          const [server, cloud] = options
          const [pair] = pairs
          const total = capex + 36 * opex
          const cloudTotal = (month / 100) * hours * 36
          expect(server?.total.usd).toBeCloseTo(total, 4)
          expect(sumOf(server?.monthlyUsd ?? [])).toBeCloseTo(total, 4)
          expect(pair?.savingUsd).toBeCloseTo(cloudTotal - total, 4)
          expect(sumOf(cloud?.yearlyUsd ?? [])).toBeCloseTo(cloudTotal, 4)
          const exact = capex / ((month / 100) * hours - opex)
          if (pair?.breakEven?.kind === 'at') expect(pair.breakEven.months).toBeCloseTo(exact, 6)
          else expect(exact < 0 || exact > 36 - 1e-9 || !Number.isFinite(exact)).toBe(true)
          if (pair?.utilisation?.kind === 'at')
            expect(pair.utilisation.utilisationFraction).toBeCloseTo(total / cloudTotal, 9)
          else expect(total).toBeGreaterThan(cloudTotal * (1 - 1e-9))
        },
      ),
      { numRuns: 40 },
    )
  })

  test('demand that doubles each year: servers bought when needed cost less than all on the first day, present value', () => {
    // 1 request/s full load serves 2,629,800 requests a month of 730.5 h; demand starts at one server's worth.
    const perMonth = secondsPerHour * hoursPerMonth
    const growing = (scale: string) =>
      compare(`discountRate: 10 %
workload: { requestsPerMonth: ${perMonth}, growthPerYear: 100 %, tokens: { input: 1000, output: 200 } }
quotes: [${own('100000 USD', `, scale: ${scale}, maintenancePerYear: 10 %, throughput: [{ requestsPerSecond: 1 }]`)}]
`)
    const phased = growing('when-needed').options[0]
    const atOnce = growing('all-at-start').options[0]
    const servers = (lines: TcoComparison['options'][number]['lines'] | undefined) =>
      sumOf((lines ?? []).filter(({ category }) => category === 'servers').map(({ quantity }) => quantity))
    // Month 36 needs 2^(35/12) = 7.55 servers.
    expect([servers(phased?.lines), servers(atOnce?.lines)]).toEqual([8, 8])
    expect(phased?.yearlyUsd[0]).toBe(100_000)
    expect(phased?.npvUsd).toBeLessThan(atOnce?.npvUsd ?? 0)
    expect(growing('fixed').notes.map(({ code }) => code)).toContain('capacity-short')
  })

  test('volume against an API: 87,500 USD a year against 0.004 USD per request breaks even at 1.82 million a month', () => {
    const { pairs, options } = compare(`hoursPerYear: 8760
workload: { tokens: { input: 1000, output: 200 }, requestsPerMonth: 3000000, users: 10000, split: { kind: price-ratio, outputToInput: 3 } }
quotes:
  - ${own('240000 USD', ', other: [{ label: Hosting, price: 7500 USD/year }], throughput: [{ requestsPerSecond: 2 }]')}
  - { id: api, kind: api, label: API, source: t, tiers: [{ input: 2 USD/Mtok, output: 10 USD/Mtok }] }
`)
    const [pair] = pairs
    expect(pair?.volume?.kind === 'at' ? pair.volume.volume : undefined).toBeCloseTo(
      (240_000 / 3 + 7500) / 12 / 0.004,
      3,
    )
    const [server] = options
    expect(server?.atVolume?.usdPerUserMonth).toBeCloseTo(262_500 / 36 / 10_000, 9)
    // One output token counts as three input tokens: 1,000 + 3 · 200 per request.
    expect(server?.atVolume?.inputUsdPerMillion).toBeCloseTo((262_500 / (36 * 3e6) / 1600) * 1e6, 9)
    expect(server?.atVolume?.outputUsdPerMillion).toBeCloseTo((3 * 262_500 * 1e6) / (36 * 3e6) / 1600, 9)
  })

  test('a rate of output tokens is not one of all tokens: 200 of 1,200 per request', () => {
    const full = (counts: string) =>
      compare(`workload: { tokens: { input: 1000, output: 200 } }
quotes: [${own('1000 USD', `, throughput: [{ tokensPerSecond: 2400${counts} }]`)}]
`).options[0]?.capacityRequestsPerMonth
    expect(full('')).toBeCloseTo((2400 / 200) * secondsPerHour * hoursPerMonth, 3)
    expect(full(', counts: all')).toBeCloseTo((2400 / 1200) * secondsPerHour * hoursPerMonth, 3)
  })

  test('taxes, loan and lease are lines of their own', () => {
    const lines = (more: string, top = '') =>
      compare(`${top}quotes: [${own('100000 USD', more)}]\n`).options[0]
    expect(lines('', 'taxes: { purchase: 19 % }\n')?.total.usd).toBeCloseTo(119_000, 6)
    expect(lines('', 'taxes: { income: 30 % }\n')?.total.usd).toBeCloseTo(100_000 - 30_000, 6)
    const loan = lines(', loan: { downPayment: 20 %, ratePerYear: 0 %, term: 2 years }')
    expect(loan?.upfrontUsd).toBeCloseTo(20_000, 6)
    expect(loan?.total.usd).toBeCloseTo(100_000, 6)
    const lease = lines(', lease: { price: 3000 USD/month, term: 3 years }')
    expect(lease?.total.usd).toBeCloseTo(36 * 3000, 6)
  })

  test('uncertainty: the same seed gives the same bytes; the wider input leads the tornado', () => {
    const run = (seed: number) =>
      compare(`quotes: [${own('100000 USD')}, ${rent('5 USD/h')}]
uncertainty:
  seed: ${seed}
  samples: 500
  inputs:
    - { path: server.serverPrice, low: 0.9, high: 1.2 }
    - { path: cloud.fleet.0.price, low: 0.5, high: 1.5, kind: lognormal }
`)
    expect(tcoJson(run(1))).toBe(tcoJson(run(1)))
    expect(tcoJson(run(1))).not.toBe(tcoJson(run(2)))
    const { uncertainty } = run(1)
    expect(uncertainty?.pairs[0]?.tornado.map(({ input }) => input)).toEqual([
      'cloud.fleet.0.price',
      'server.serverPrice',
    ])
    expect(uncertainty?.pairs[0]?.cheaperFraction).toBeGreaterThan(0.5)
  })

  test('surface: use, electricity price and horizon, with the shortest horizon that pays or none', () => {
    const { surface } =
      compare(`quotes: [${own('100000 USD', ', power: 10 kW, electricity: { price: 0.1 USD/kWh }')}, ${rent('10 USD/h')}]
surface:
  option: server
  against: cloud
  utilisations: [10 %, 100 %]
  electricityPrices: [0.05 USD/kWh, 0.5 USD/kWh]
  horizons: [1 year, 2 years, 3 years]
`)
    expect(surface?.cells).toHaveLength(2 * 2 * 3)
    // 100,000 / (10 - 0.5) = 10,526 h: 14.4 months, and 100,000 / (10 - 5) = 20,000 h: 27.4 months.
    expect(surface?.points.map(({ shortestHorizonMonths }) => shortestHorizonMonths)).toEqual([
      undefined,
      undefined,
      24,
      36,
    ])
  })
})
