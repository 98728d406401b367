import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTable } from '../../catalogs/csv.ts'
import { apiFootprintsTable } from '../../catalogs/schema/api-footprints.ts'
import { ecoLogits } from './ecologits.test-data.ts'
import { footprint } from './footprint.ts'
import { apiAnchor, apiFootprint } from './footprint-api.ts'
import { embodiedFootprint } from './footprint-embodied.ts'
import { embodiedShare } from './formulas.ts'

const same = (grams: number) => ({ low: grams, mid: grams, high: grams })
const threeYears = 3 * 365 * 24 * 3600

describe('ISO/IEC 21031 worked example', () => {
  it('8 x H100 server of 5,700 + 8 · 164 kg, 3 years, one GPU for one hour: 7012/26280/8 kg = 33.35 g', () => {
    const items = [
      {
        id: 'server',
        label: 'Server with 8 GPUs',
        quantity: 1 / 8,
        gramsEach: same((5700 + 8 * 164) * 1000),
        lifetimeSeconds: threeYears,
        sourceIds: [],
      },
    ]
    const grams = embodiedFootprint(items, 3600).periodGrams!.mid
    expect(grams).toBeCloseTo((7012 / 26_280 / 8) * 1000, 9)
    expect(grams).toBeCloseTo(33.35, 2)
    const record = embodiedShare.compute({ TE: 7_012_000, TiR: 3600, EL: threeYears, RR: 1, ToR: 8 })
    expect(record).toBeCloseTo(grams, 9)
  })
})

describe('EcoLogits 0.9.1, 400 tokens: our footprint of its energy and time gives its figures', () => {
  const usa = { grams: 383.55, litres: 3.1321 }
  const azure = { pue: 1.2, wue: 0.569 }
  it.each([
    // active, total, grid, site, GPUs, ΔT s, E Wh, usage g, embodied g, water mL in its code, in its documents
    [8, 8, usa, azure, 1, 17.9461, 0.035661, 0.013678, 0.002598, 0.1543, 0.1286],
    [70, 70, usa, azure, 4, 34.7732, 0.263012, 0.100878, 0.020135, 1.1382, 0.9485],
    [
      70,
      70,
      { grams: 44.18, litres: 3.6737 },
      azure,
      4,
      34.7732,
      0.263012,
      0.01162,
      0.020135,
      1.3091,
      1.0909,
    ],
    [17, 400, usa, azure, 16, 20.3888, 0.640467, 0.245651, 0.047223, 2.7716, 2.3097],
    [
      123,
      123,
      { grams: 35.82, litres: 6.0315 },
      { pue: 1.16, wue: 0.09 },
      4,
      49.1576,
      0.353709,
      0.01267,
      0.028464,
      2.5066,
      2.1608,
    ],
  ])('%d of %d billion', (active, total, grid, site, gpus, seconds, wh, usage, embodied, inCode, inText) => {
    const eco = ecoLogits({ activeBillions: active, totalBillions: total, tokens: 400 })
    expect(eco.gpus).toBe(gpus)
    expect(eco.seconds / seconds).toBeCloseTo(1, 4)
    const part = (id: string, quantity: number, kilograms: number) => ({
      id,
      label: id,
      quantity,
      gramsEach: same(kilograms * 1000),
      lifetimeSeconds: threeYears,
      sourceIds: [],
    })
    const result = footprint({
      ownership: 'api',
      itJoules: eco.itWattHours * 3600,
      pueRatio: site.pue,
      carbon: {
        directGramsPerKwh: undefined,
        lifecycleGramsPerKwh: grid.grams,
        marginalGramsPerKwh: undefined,
        residualGramsPerKwh: undefined,
      },
      certificateFraction: undefined,
      wueLitresPerItKwh: site.wue,
      generationLitresPerKwh: grid.litres,
      embodied: embodiedFootprint(
        [part('host', gpus / 8, 5700), part('gpu', gpus, 164)],
        eco.reservedSeconds,
      ),
    })
    const near = (value: number | undefined, expected: number) =>
      expect(Math.abs(value! / expected - 1)).toBeLessThan(0.001)
    near(result.meterKwh! * 1000, wh)
    near(result.operationalLocationGrams, usage)
    near(result.embodiedGrams!.mid, embodied)
    near(result.totalWaterLitres! * 1000, inText)
    // Its code multiplies the energy with PUE in it by WUE + PUE · generation: PUE twice.
    near(result.totalWaterLitres! * 1000 * site.pue, inCode)
  })
})

describe('what providers disclose', () => {
  const meter = (wh: number, pue: number) => ({ itWh: wh / pue, overheadWh: wh - wh / pue })

  it('Google, median Gemini prompt: 0.24 Wh with PUE 1.09 has 0.02 Wh of building, the stated 8 %', () => {
    const { overheadWh } = meter(0.24, 1.09)
    expect(overheadWh).toBeCloseTo(0.02, 3)
    expect(overheadWh / 0.24).toBeCloseTo(0.08, 2)
    const result = footprint({
      ownership: 'api',
      itJoules: (0.24 / 1.09) * 3600,
      pueRatio: 1.09,
      carbon: {
        directGramsPerKwh: undefined,
        lifecycleGramsPerKwh: undefined,
        marginalGramsPerKwh: undefined,
        residualGramsPerKwh: 125,
      },
      certificateFraction: 0,
      wueLitresPerItKwh: (0.26 / 0.24) * 1.09,
      generationLitresPerKwh: undefined,
      embodied: undefined,
    })
    // 0.125 g/Wh and 1.083 mL/Wh are implied by 0.03 g and 0.26 mL.
    expect(result.operationalMarketGrams).toBeCloseTo(0.03, 9)
    expect(result.onSiteWaterLitres! * 1000).toBeCloseTo(0.26, 9)
    expect(result.operationalLocationGrams).toBeUndefined()
  })

  const folder = join(import.meta.dirname, '../../../catalogs')
  const rows = readTable({
    table: apiFootprintsTable,
    text: readFileSync(join(folder, apiFootprintsTable.file), 'utf8'),
    file: apiFootprintsTable.file,
  }).rows.map(({ row }) => row)
  const anchors = rows.map(apiAnchor)

  const inside = (range: { low: number; high: number } | undefined, value: number) => {
    expect(value).toBeGreaterThan(range!.low)
    expect(value).toBeLessThan(range!.high)
  }
  it.each([
    ['openai-average-query-2025', 0.34, 400],
    ['epoch-gpt-4o-2025', 0.3, 500],
    ['oviedo-frontier-2025', 0.31, 300],
    ['google-gemini-apps-2025', 0.24, 400],
  ])('%s: %d Wh lies in the range that the other figures give', (id, wattHours, outputTokens) => {
    const others = anchors.filter((anchor) => anchor.id !== id)
    const range = apiFootprint({ anchors: others, outputTokens, gridGramsCo2ePerKwh: 383.55 })
    inside(range.energyJoules, wattHours * 3600)
    // Wide on purpose: boundaries differ by more than an order of magnitude.
    expect(range.energyJoules!.high / range.energyJoules!.low).toBeGreaterThan(10)
  })

  it('Mistral Large 2, 400 tokens: 1.14 g lies in the range of the others’ energy on the mean grid of the world', () => {
    const others = anchors.filter((anchor) => anchor.id !== 'mistral-large-2-2025')
    inside(apiFootprint({ anchors: others, outputTokens: 400, gridGramsCo2ePerKwh: 473.01 }).gramsCo2e, 1.14)
  })

  it('answers twice as long take twice the energy', () => {
    const of = (outputTokens: number) =>
      apiFootprint({ anchors, outputTokens, gridGramsCo2ePerKwh: undefined }).energyJoules!.mid
    expect(of(800) / of(400)).toBeCloseTo(2, 9)
  })

  it('without any figure nothing is said, not 0', () => {
    const none = apiFootprint({ anchors: [], outputTokens: 400, gridGramsCo2ePerKwh: 300 })
    expect(none.energyJoules).toBeUndefined()
    expect(none.gramsCo2e).toBeUndefined()
    expect(none.notes.map((note) => note.code)).toContain('api-footprint-unknown')
  })
})
