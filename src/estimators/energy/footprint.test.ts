import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FootprintInput, footprint } from './footprint.ts'
import { datapoints } from './footprint-datapoints.ts'
import { type EmbodiedItem, embodiedFootprint, embodiedRangeGrams } from './footprint-embodied.ts'
import { indicators, softwareCarbonIntensity } from './footprint-indicators.ts'
import { type GhgScope, scopeMappings, scopeTitles } from './footprint-scopes.ts'

const positive = (max: number) => fc.double({ min: 0.001, max, noNaN: true })
const item = fc.record({
  id: fc.string({ minLength: 1, maxLength: 5 }),
  label: fc.constant('part'),
  quantity: positive(100),
  gramsEach: fc.tuple(positive(1e6), positive(1e6), positive(1e6)).map((values) => {
    const [low, mid, high] = [...values].sort((a, b) => a - b)
    return { low: low!, mid: mid!, high: high! }
  }),
  lifetimeSeconds: fc.double({ min: 1e7, max: 3e8, noNaN: true }),
  sourceIds: fc.constant([]),
})

const complete: fc.Arbitrary<FootprintInput> = fc.record({
  ownership: fc.constantFrom('own', 'colocation', 'subscribe', 'cloud', 'api'),
  itJoules: fc.double({ min: 1e6, max: 1e13, noNaN: true }),
  pueRatio: fc.double({ min: 1, max: 2, noNaN: true }),
  carbon: fc.record({
    directGramsPerKwh: positive(1000),
    lifecycleGramsPerKwh: positive(1000),
    marginalGramsPerKwh: positive(1000),
    residualGramsPerKwh: positive(1000),
  }),
  certificateFraction: fc.double({ min: 0, max: 1, noNaN: true }),
  wueLitresPerItKwh: positive(3),
  generationLitresPerKwh: positive(10),
  embodied: fc.array(item, { maxLength: 6 }).map((items) => embodiedFootprint(items, 2.6e6)),
})

const gram = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThan(1 + 1e-12 * Math.abs(a))

describe('footprint', () => {
  it('lines sum to totals to the gram, and embodied lines to theirs', () => {
    fc.assert(
      fc.property(complete, (input) => {
        const result = footprint(input)
        const sum = (of: 'locationGrams' | 'marketGrams') =>
          result.carbonLines.reduce((total, line) => total + line[of]!, 0)
        gram(result.totalLocationGrams!, sum('locationGrams'))
        gram(result.totalMarketGrams!, sum('marketGrams'))
        gram(result.totalLocationGrams!, result.operationalLocationGrams! + result.embodiedGrams!.mid)
        gram(
          input.embodied!.periodGrams!.mid,
          input.embodied!.lines.reduce((total, line) => total + line.periodGrams!.mid, 0),
        )
        expect(result.totalWaterLitres).toBe(result.onSiteWaterLitres! + result.generationWaterLitres!)
      }),
    )
  })

  it('more PUE, dirtier power or more energy never emits less; certificates never raise market-based carbon', () => {
    fc.assert(
      fc.property(complete, fc.double({ min: 1, max: 2, noNaN: true }), (input, factor) => {
        const base = footprint(input)
        const atLeast = (more: Partial<FootprintInput>) =>
          expect(footprint({ ...input, ...more }).totalLocationGrams!).toBeGreaterThanOrEqual(
            base.totalLocationGrams! * (1 - 1e-12),
          )
        atLeast({ pueRatio: input.pueRatio! * factor })
        atLeast({ itJoules: input.itJoules * factor })
        const { carbon } = input
        atLeast({
          carbon: {
            ...carbon,
            directGramsPerKwh: carbon.directGramsPerKwh! * factor,
            lifecycleGramsPerKwh: carbon.lifecycleGramsPerKwh! * factor,
          },
        })
        const covered = footprint({ ...input, certificateFraction: 1 })
        expect(covered.totalMarketGrams!).toBeLessThanOrEqual(base.totalMarketGrams! * (1 + 1e-12))
        expect(covered.totalLocationGrams).toBe(base.totalLocationGrams)
        // PUE acts on generation, never on water counted per IT energy.
        const worse = footprint({ ...input, pueRatio: input.pueRatio! * factor })
        expect(worse.onSiteWaterLitres).toBe(base.onSiteWaterLitres)
      }),
    )
  })

  it('an unknown input makes what depends on it undefined with a note, never 0', () => {
    const input: FootprintInput = {
      ownership: 'own',
      itJoules: 3.6e9,
      pueRatio: undefined,
      carbon: {
        directGramsPerKwh: undefined,
        lifecycleGramsPerKwh: undefined,
        marginalGramsPerKwh: undefined,
        residualGramsPerKwh: undefined,
      },
      certificateFraction: undefined,
      wueLitresPerItKwh: undefined,
      generationLitresPerKwh: undefined,
      embodied: undefined,
    }
    const result = footprint(input)
    expect(result).toMatchObject({
      meterKwh: undefined,
      totalLocationGrams: undefined,
      totalMarketGrams: undefined,
      operationalMarginalGrams: undefined,
      totalWaterLitres: undefined,
      embodiedGrams: undefined,
    })
    expect(result.notes.map((note) => note.code)).toEqual([
      'pue-unknown',
      'grid-carbon-unknown',
      'market-carbon-unknown',
      'marginal-carbon-unknown',
      'site-water-unknown',
      'generation-water-unknown',
      'embodied-unknown',
    ])
    // IT energy alone is known, so its water on site is, once WUE is.
    expect(footprint({ ...input, wueLitresPerItKwh: 0.5 }).onSiteWaterLitres).toBe(500)
  })

  it('1 MWh of IT, PUE 1.2, grid 100 direct and 130 life-cycle: 120 kg scope 2 and 36 kg scope 3.3', () => {
    const result = footprint({
      ownership: 'own',
      itJoules: 3.6e9,
      pueRatio: 1.2,
      carbon: {
        directGramsPerKwh: 100,
        lifecycleGramsPerKwh: 130,
        marginalGramsPerKwh: 400,
        residualGramsPerKwh: 150,
      },
      certificateFraction: 0.5,
      wueLitresPerItKwh: 0,
      generationLitresPerKwh: 2,
      embodied: embodiedFootprint([], 1),
    })
    const inScope = (scope: string) =>
      result.carbonLines
        .filter((line) => line.scope === scope)
        .reduce((sum, line) => sum + line.locationGrams!, 0)
    expect(inScope('scope-2')).toBeCloseTo(1000 * 1.2 * 100, 6)
    expect(inScope('scope-3.3')).toBeCloseTo(1000 * 1.2 * 30, 6)
    expect(result.totalMarketGrams).toBeCloseTo(1200 * 0.5 * 150 + 1200 * 30, 6)
    expect(result.operationalMarginalGrams).toBeCloseTo(1200 * 400, 6)
    // Cooling without water is a real 0.
    expect(result.onSiteWaterLitres).toBe(0)
    const kpis = indicators({ footprint: result, renewableFraction: 0.5, reusedHeatKwh: 120 })
    expect(kpis.pueRatio).toBeCloseTo(1.2, 9)
    expect(kpis.cueGramsPerItKwh).toBeCloseTo(1.2 * 130, 9)
    expect(kpis.erfFraction).toBeCloseTo(0.1, 9)
    const sci = softwareCarbonIntensity({
      footprint: result,
      functionalUnit: 'request',
      units: 1000,
      factor: 'marginal',
    })
    expect(sci.gramsPerUnit).toBeCloseTo((1200 * 400) / 1000, 9)
    expect(
      softwareCarbonIntensity({ footprint: result, functionalUnit: 'request', units: 0, factor: 'average' })
        .gramsPerUnit,
    ).toBeUndefined()
  })
})

describe('embodied', () => {
  it('H100: 164 kg by the maker, 575.2 bottom-up: low, middle, high', () => {
    expect(embodiedRangeGrams([575.2, 164])).toEqual({
      low: 164_000,
      mid: ((575.2 + 164) / 2) * 1000,
      high: 575_200,
    })
    expect(embodiedRangeGrams([])).toBeUndefined()
  })

  it('a part that nobody has counted leaves totals unknown and says which', () => {
    const unknown: EmbodiedItem = {
      id: 'switch',
      label: 'Switch',
      quantity: 1,
      gramsEach: undefined,
      lifetimeSeconds: 1e8,
      sourceIds: [],
    }
    const known = { ...unknown, id: 'host', gramsEach: { low: 1, mid: 2, high: 3 } }
    const result = embodiedFootprint([unknown, known], 1e8)
    expect(result.totalGrams).toBeUndefined()
    expect(result.knownTotalGrams).toEqual({ low: 1, mid: 2, high: 3 })
    expect(result.missingIds).toEqual(['switch'])
  })
})

describe('reporting', () => {
  it('every scope of the mapping has a title', () => {
    for (const mapping of Object.values(scopeMappings))
      for (const scope of Object.values(mapping) as GhgScope[]) expect(scopeTitles[scope]).toBeTruthy()
  })

  it('datapoints convert, keep gaps and take the user’s identifiers', () => {
    const rows = [
      {
        framework: 'esrs-e1',
        revision: '2023',
        identifier: 'E1-5_01',
        label: 'Energy',
        figure: 'total-energy',
        unit: 'MWh',
      },
      {
        framework: 'esrs-e1',
        revision: '2023',
        identifier: 'E1-6_07',
        label: 'Scope 1',
        figure: 'scope-1',
        unit: 't CO2e',
      },
    ] as const
    const table = datapoints({
      rows,
      figures: { 'total-energy': 7.2e9 },
      identifiers: { 'esrs-e1/E1-5_01': 'E1-7_01' },
    })
    expect(table.map(({ identifier, value }) => [identifier, value])).toEqual([
      ['E1-7_01', 2],
      ['E1-6_07', undefined],
    ])
  })
})
