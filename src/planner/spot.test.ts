import { evaluate } from 'mathjs'
import { describe, expect, it } from 'vitest'
import { sumOf } from '../estimators/cost/cash-flow.ts'
import { interruptionsPerHour, spotHoursPerUsefulHour } from '../estimators/cost/schedule.ts'
import { hoursPerMonth } from '../foundation/units.ts'
import { plan, safePlan } from './plan.ts'
import { recompute } from './recompute.ts'
import { recomputeBases } from './recompute-basis.ts'
import type { ScenarioInput } from './scenario/schema.ts'
import { keptCloudOffers } from './search/offer-inputs.ts'
import { base, run, small, spaceOf } from './small-search.test-data.ts'

const asking = (change: Partial<ScenarioInput> = {}): ScenarioInput =>
  ({ ...base, places: { kind: 'cloud', terms: ['spot', 'on-demand'] }, ...change }) as ScenarioInput

const often = { spot: { interruptions: '2 /day', lostPerInterruption: '90 min' } } as const
/** 2 times 1.5 h in 24 h are lost: 24 / 21. */
const factor = 24 / 21

describe('spot instances', () => {
  it('cost and draw the hours that interruptions lose: 24 h billed for 21 h of work', () => {
    const never = spaceOf(
      asking({ finance: { spot: { interruptions: '0 /day', lostPerInterruption: '1 h' } } }),
    )
    const space = spaceOf(asking({ finance: often }))
    const [without, table] = [run(never).table, run(space).table]
    expect(table.size).toBe(without.size)
    const seen = { spot: 0, other: 0 }
    for (let row = 0; row < table.size; row += 1) {
      const offer = space.machines[table.parts.machine[row]!]!.offers[table.parts.price[row]!]!
      const energy = table.figures.energyKilowattHours[row]! / without.figures.energyKilowattHours[row]!
      const more = table.figures.totalUsd[row]! / without.figures.totalUsd[row]!
      if (offer.term === 'spot') {
        seen.spot += 1
        expect(offer.hoursPerUsefulHour).toBeCloseTo(factor, 12)
        expect(energy).toBeCloseTo(factor, 9)
        // Storage and egress beside the instances do not grow.
        expect(more).toBeLessThanOrEqual(factor * (1 + 1e-12))
        expect(more).toBeGreaterThan(1.1)
      } else {
        seen.other += 1
        expect(offer.hoursPerUsefulHour).toBe(1)
        expect(energy).toBe(1)
        expect(more).toBe(1)
      }
    }
    expect(Math.min(seen.spot, seen.other)).toBeGreaterThan(20)
  })

  it('the catalog’s chance of 15 % in a month is 0.1625 interruptions: 1 − exp(−0.1625) = 0.15', async () => {
    const perHour = interruptionsPerHour({ chancePerMonth: 0.15, calendar: { hoursPerMonth } })
    expect(1 - Math.exp(-perHour * hoursPerMonth)).toBeCloseTo(0.15, 12)
    const { options } = await plan(asking(), small)
    const spot = options.find((option) => option.place.priceBasis === 'spot')!
    const row = (id: string) => small.rowsBy('opex', 'id').get(id)![0]!.value
    expect(row('spot-interruption-per-month')).toBe(0.15)
    expect(spot.deployment?.spot?.hoursPerUsefulHour).toBe(
      spotHoursPerUsefulHour({
        interruptionsPerHour: perHour,
        lostSecondsPerInterruption: row('spot-lost-minutes-per-interruption') * 60,
      }),
    )
  })

  it.each([
    ['always on', { follow: false }],
    ['that follow a growing load', { demand: { users: 9_000, growthPerYear: '45 %' }, follow: true }],
  ])('are billed, explained and recomputed alike: %s', async (_, { follow, ...change }) => {
    const given = asking({
      ...change,
      finance: often,
      places: {
        kind: 'cloud',
        terms: ['spot'],
        ...(follow ? { scaling: 'follow-demand' as const } : {}),
      },
    })
    const made = await plan(given, small)
    const optionIds = made.options.map((option) => option.id)
    const bases = recomputeBases({ plan: made, catalog: small, optionIds })
    for (const option of made.options) {
      const { cost, deployment } = option
      expect(sumOf(cost.lines.map((line) => line.totalUsd)) / cost.totalUsd.value).toBeCloseTo(1, 9)
      for (const line of cost.lines.filter(({ category }) => category === 'compute'))
        expect(line.note).toMatch(/interruptions/)
      const hours = option.explanation.find(({ figure }) => figure === 'deployment.spot.hoursPerUsefulHour')!
      const scope = Object.fromEntries(hours.inputs.map((input) => [input.symbol, input.value]))
      expect(evaluate(hours.equation, scope)).toBeCloseTo(factor, 9)
      expect(hours.sourceIds).toEqual(['user'])
      expect(deployment?.spot?.hoursPerUsefulHour).toBeCloseTo(factor, 12)
      const again = recompute(bases.get(option.id)!)
      expect(again.totalUsd! / cost.totalUsd.value).toBeCloseTo(1, 9)
      expect(again.kilowattHoursPerMonth! / option.energy!.kilowattHoursPerMonth!.value).toBeCloseTo(1, 9)
      expect(again.carbonGramsPerMonth! / option.carbon!.totalGramsPerMonth!.value).toBeCloseTo(1, 9)
    }
  })

  it('lose to on-demand ones of the same machine where interruptions cost more than the discount', () => {
    const space = spaceOf(
      asking({ finance: { spot: { interruptions: '1 /h', lostPerInterruption: '55 min' } } }),
    )
    const site = space.machines.find(({ offers }) => new Set(offers.map(({ term }) => term)).size === 2)!
    const kept = keptCloudOffers(site.offers, false).map((index) => site.offers[index]!.term)
    expect(new Set(kept)).toEqual(new Set(['on-demand']))
  })

  it('are no offer where nothing gets done, and the plan says why', async () => {
    const made = await plan(
      asking({ finance: { spot: { interruptions: '1 /h', lostPerInterruption: '1 h' } } }),
      small,
    )
    expect(made.options.every((option) => option.place.priceBasis === 'on-demand')).toBe(true)
    expect(JSON.stringify(made.search)).toMatch(/no work gets done/)
  })

  it('are drawn together, between the ends of the catalog, unless the scenario states them', async () => {
    const made = await plan(asking(), small)
    const bars = made.options.flatMap(({ sensitivity }) =>
      sensitivity.filter(({ input }) => input === 'spotHours'),
    )
    expect(bars.length).toBeGreaterThan(0)
    for (const bar of bars) {
      // −ln(1 − 0.05) interruptions of 5 min, −ln(1 − 0.3) of 60.
      expect(bar.low).toBeCloseTo(-Math.log(0.95) * 5, 9)
      expect(bar.high).toBeCloseTo(-Math.log(0.7) * 60, 9)
      expect(bar.usdAtLow).toBeLessThan(bar.usdAtHigh)
    }
    const stated = await plan(asking({ finance: often }), small)
    expect(stated.options.flatMap(({ sensitivity }) => sensitivity.map(({ input }) => input))).not.toContain(
      'spotHours',
    )
  })

  it.each([
    ['none', 1, 'spot-alone'],
    ['none', 3_000_000, 'spot-without-spare'],
    ['n+1', 30_000, 'spot-with-spare'],
    ['two-sites', 30_000, 'spot-two-sites'],
  ] as const)(
    'say what an interruption means with availability %s and %i users',
    async (availability, users, code) => {
      const made = await plan(
        asking({ availability, demand: { users }, places: { kind: 'cloud', terms: ['spot'] } }),
        small,
      )
      const codes = made.options[0]!.notes.filter(({ level }) => level === 'warning').map((note) => note.code)
      expect(codes).toEqual(expect.arrayContaining(['spot', code]))
    },
  )

  it('without a place that asks for them nothing is said of them', async () => {
    const made = await plan(base, small)
    expect(JSON.stringify(made)).not.toMatch(/spot\.interruptions|hoursPerUsefulHour/)
  })

  it('the greenest of the same machines is the cheaper one where emissions are the same to three digits', async () => {
    const made = await plan(
      asking({
        hardware: { accelerators: 'l40s' },
        places: { kind: 'cloud', provider: 'runpod', region: 'global', terms: ['spot', 'on-demand'] },
      }),
      small,
    )
    const greenest = made.options.find(({ roles }) => roles.includes('greenest'))!
    expect(greenest.place.priceBasis).toBe('spot')
  })

  it.each([
    [{ interruptions: '-1 /day' }, /below 0/],
    [{ interruptions: '5' }, /unit/],
    [{ lostPerInterruption: '10 GB' }, /unit/],
    [{ lost: '10 min' }, /lost/],
  ])('refuse %j', async (spot, words) => {
    const result = await safePlan(asking({ finance: { spot } } as never), small)
    expect(result.ok).toBe(false)
    if (!result.ok) expect(JSON.stringify([result.error.message, result.error.issues])).toMatch(words)
  })
})
