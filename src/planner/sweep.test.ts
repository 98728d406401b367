import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PlanOption, PlanPlaceKind } from './plan-option-types.ts'
import type { Plan } from './plan-types.ts'
import type { ScenarioInput } from './scenario/schema.ts'
import { sweepScenario, sweepValues } from './sweep.ts'

const scenario: ScenarioInput = { schemaVersion: 1, name: 'Case', demand: { users: 1 } }
const range = { field: 'demand.users', from: 10, to: 100_000, unit: '' }

/** A plan whose ways cost what is said, as far as a sweep looks at it. */
function planOf(costs: Partial<Record<PlanPlaceKind, number>>): Plan {
  const ways = Object.entries(costs).map(([kind, usd]) => ({
    id: kind,
    label: kind,
    place: { kind, priceBasis: '' },
    model: { id: 'm' },
    cost: { netPresentUsd: { value: usd, unit: 'USD' }, usdPerMonth: { value: usd, unit: 'USD/month' } },
  })) as unknown as PlanOption[]
  return {
    catalog: { version: '1', hash: 'x' },
    options: ways,
    sideBySide: ways.map((way) => ({ kind: way.place.kind, optionId: way.id })),
  } as unknown as Plan
}

const sweepOf = (costs: (users: number) => Partial<Record<PlanPlaceKind, number>>, points = 5, refine = 4) =>
  sweepScenario({
    scenario,
    range,
    points,
    by: 'cost',
    refine,
    plan: async (of) => planOf(costs(Number(of.demand?.users))),
  })

describe('a sweep', () => {
  it('spaces its values evenly in the logarithm, ends included', () => {
    expect(sweepValues(range, 5)).toEqual([10, 100, 1000, 10_000, 100_000])
    expect(sweepValues({ ...range, from: 0, to: 4 }, 5)).toEqual([0, 1, 2, 3, 4])
  })

  it('has values that rise, within the range, however many there are', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        fc.double({ min: 1.5, max: 1e6, noNaN: true }),
        fc.integer({ min: 2, max: 60 }),
        (from, factor, points) => {
          const values = sweepValues({ ...range, from, to: from * factor }, points)
          expect(values[0]).toBeGreaterThanOrEqual(from * (1 - 1e-2))
          expect(values.at(-1)).toBeLessThanOrEqual(from * factor * (1 + 1e-2))
          for (const [index, value] of values.slice(1).entries())
            expect(value).toBeGreaterThan(values[index]!)
        },
      ),
    )
  })

  it('finds where a fixed cost overtakes one that grows: 0.02 × users = 500 at 25,000', async () => {
    const { crossings, regions } = await sweepOf((users) => ({ 'on-prem': 500, api: 0.02 * users }))
    expect(crossings).toHaveLength(1)
    const [crossing] = crossings
    expect(crossing).toMatchObject({ below: 'api', above: 'on-prem', leading: true })
    expect(crossing!.from).toBeLessThanOrEqual(25_000)
    expect(crossing!.to).toBeGreaterThanOrEqual(25_000)
    // Four halvings of a decade leave a sixteenth of it: 10^(1/16) is 1.155.
    expect(crossing!.to / crossing!.from).toBeLessThan(10 ** (1 / 16) * 1.02)
    expect(Math.abs(crossing!.at / 25_000 - 1)).toBeLessThan(0.01)
    expect(regions.map((region) => region.kind)).toEqual(['api', 'on-prem'])
  })

  it('says where nothing fits, and makes no crossing of it', async () => {
    const { crossings, regions } = await sweepOf((users) =>
      users > 5000 ? {} : { api: users, cloud: 2 * users },
    )
    expect(crossings).toEqual([])
    expect(regions.map((region) => region.choice)).toEqual(['m, api', undefined])
  })

  it('knows a crossing between ways that are not the best as such', async () => {
    const { crossings } = await sweepOf((users) => ({ device: 1e-3, 'on-prem': 500, cloud: users }))
    expect(crossings).toMatchObject([{ below: 'cloud', above: 'on-prem', leading: false }])
  })

  it('sets the best pair of a cascade beside the single models, and against the large model alone', async () => {
    const option = (id: string, usd: number) => ({
      ...planOf({ cloud: usd }).options[0],
      id,
      roles: ['cheapest'],
    })
    const cascadePlan = (users: number): Plan => {
      const pairUsd = 400 + 0.01 * users
      return {
        ...planOf({ 'on-prem': 900 }),
        cascade: {
          small: { options: [option('small', 0)] },
          large: { options: [option('large', 0)] },
          largeAlone: { options: [option('alone', 0.05 * users)] },
          pairs: [
            {
              id: 'small + large',
              roles: ['cheapest'],
              smallOptionId: 'small',
              largeOptionId: 'large',
              cost: { netPresentUsd: { value: pairUsd }, usdPerMonth: { value: pairUsd } },
              latency: {},
            },
          ],
        },
      } as unknown as Plan
    }
    const { regions, cascadeRegions, crossings } = await sweepScenario({
      scenario,
      range,
      points: 9,
      by: 'cost',
      refine: 3,
      plan: async (of) => cascadePlan(Number(of.demand?.users)),
    })
    expect(regions.map((region) => region.kind)).toEqual(['pair', 'on-prem'])
    expect(regions[0]!.choice).toBe('m + m, cloud')
    expect(cascadeRegions!.map((region) => region.kind)).toEqual(['large-alone', 'pair'])
    const [overLarge, overPair] = crossings
    // 0.05 × users = 400 + 0.01 × users at 10,000; 400 + 0.01 × users = 900 at 50,000.
    expect(overLarge).toMatchObject({ below: 'large-alone', above: 'pair', leading: false })
    expect(Math.abs(overLarge!.at / 10_000 - 1)).toBeLessThan(0.05)
    expect(overPair).toMatchObject({ below: 'pair', above: 'on-prem', leading: true })
    expect(Math.abs(overPair!.at / 50_000 - 1)).toBeLessThan(0.05)
  })

  it('stops before its next plan when it is cancelled', async () => {
    const stop = new AbortController()
    let plans = 0
    const sweep = sweepScenario({
      scenario,
      range,
      points: 9,
      by: 'cost',
      refine: 3,
      signal: stop.signal,
      plan: async () => {
        plans += 1
        if (plans === 2) stop.abort()
        return planOf({ api: 1 })
      },
    })
    await expect(sweep).rejects.toMatchObject({ code: 'cancelled' })
    expect(plans).toBe(2)
  })

  it('puts the unit behind each value, and reports progress that rises to the end', async () => {
    const seen: unknown[] = []
    const progress: number[] = []
    await sweepScenario({
      scenario,
      range: { field: 'site.electricityPrice', from: 0.1, to: 0.4, unit: 'USD/kWh' },
      points: 3,
      by: 'cost',
      refine: 2,
      plan: async (of, show) => {
        seen.push(of.site?.electricityPrice)
        show(1)
        return planOf({ api: 1 })
      },
      onProgress: (fraction) => progress.push(fraction),
    })
    expect(seen).toEqual(['0.1 USD/kWh', '0.2 USD/kWh', '0.4 USD/kWh'])
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
  })
})
