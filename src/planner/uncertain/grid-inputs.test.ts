import { describe, expect, it } from 'vitest'
import { standardNormalQuantile } from '../../estimators/uncertainty/distributions.ts'
import { plan } from '../plan.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { base, full, small, spaceOf } from '../small-search.test-data.ts'
import { gridOf } from './grid-inputs.ts'
import { defaultUncertainty } from './price-inputs.ts'

const width = defaultUncertainty(spaceOf(base as ScenarioInput), 'grid-carbon-uncertainty').fraction

describe('carbon and water of a grid', () => {
  it('the catalog’s width is what four of five pairs of its own yearly means differ by', () => {
    const ember = new Map(
      full
        .rows('gridCarbon')
        .filter((row) => row.source_id === 'ember-yearly')
        .map((row) => [row.place_id, row.grams_co2e_per_kwh]),
    )
    const off = full
      .rows('gridCarbonShareAlike')
      .filter((row) => row.source_id === 'electricity-maps-yearly' && row.year === 2025)
      .flatMap((row) => {
        const other = ember.get(row.place_id)
        return other === undefined ? [] : [Math.abs(Math.log(row.grams_co2e_per_kwh / other))]
      })
      .sort((a, b) => a - b)
    expect(off.length).toBe(194)
    expect(Math.exp(off[Math.floor(0.8 * (off.length - 1))]!) - 1).toBeCloseTo(width, 2)
  })

  it('premises and cloud regions of one country are in one grid', () => {
    expect(gridOf(full, 'de')).toBe('de')
    expect(gridOf(full, 'azure-germanywestcentral')).toBe('de')
    expect(gridOf(full, 'us-tx')).toBe('us-erct')
  })

  it('are drawn, and stand in the tornado with the grams of both ends', async () => {
    const { options } = await plan(base, small)
    for (const { carbon, sensitivity } of options) {
      const bar = sensitivity.find(({ input }) => input === 'gridCarbon')
      if (carbon?.locationGramsPerMonth === undefined || carbon.embodiedGramsPerMonth === undefined) continue
      const location = carbon.locationGramsPerMonth.value
      const rest = carbon.embodiedGramsPerMonth.value
      expect(bar!.gramsPerMonthAtHigh! / (location * (1 + width) + rest)).toBeCloseTo(1, 9)
      expect(bar!.gramsPerMonthAtLow! / (location / (1 + width) + rest)).toBeCloseTo(1, 9)
      expect(bar!.usdAtLow).toBe(bar!.usdAtHigh)
      // No narrower than the grid alone makes it, within one of 512 strata.
      const step = standardNormalQuantile(0.9 - 1 / 512) / standardNormalQuantile(0.9)
      const { low, high } = carbon.locationGramsPerMonth
      expect(Math.log(high! / low!)).toBeGreaterThan(2 * Math.log(1 + width) * step * 0.95)
      expect(sensitivity.map(({ input }) => input)).toContain('gridWater')
    }
  })

  it('are taken at the user’s word where the scenario states them', async () => {
    const given = { ...base, places: { kind: 'on-prem', country: 'de' } } as ScenarioInput
    const stated = await plan({ ...given, site: { gridCarbon: '300 g/kWh' } }, small)
    for (const { sensitivity } of stated.options)
      expect(sensitivity.map(({ input }) => input)).not.toContain('gridCarbon')
  })
})
