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
