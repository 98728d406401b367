import { describe, expect, it } from 'vitest'
import { RightsizeError } from '../foundation/errors.ts'
import { plan } from './plan.ts'
import type { PlanOption } from './plan-option-types.ts'
import { recompute } from './recompute.ts'
import { recomputeBases } from './recompute-basis.ts'
import type { ScenarioInput } from './scenario/schema.ts'
import { base, run, small, spaceOf } from './small-search.test-data.ts'

const quote = {
  accelerator: 'l40s',
  unit: 'accelerator',
  committedFraction: '30 %',
  committedPrice: '420 USD/month',
  extraPrice: '560 USD/month',
  setupPrice: '5000 USD',
  includesElectricity: true,
  includesMaintenance: true,
} as const

/** A load that uses about half of a few accelerators: above the base of 30 %. */
const given = (change: object = {}, more: Partial<ScenarioInput> = {}): ScenarioInput =>
  ({
    ...base,
    demand: { requestRate: '12 /s', workingHoursPerDay: 24, workingDaysPerWeek: 7, peakToAverage: 1.6 },
    availability: 'none',
    headroom: '10 %',
    places: [{ kind: 'subscription', country: 'de', quotes: { ...quote, ...change } }],
    ...more,
  }) as ScenarioInput

const without = (field: keyof typeof quote) => ({ [field]: undefined })
const lineOf = (option: PlanOption, id: string) => option.cost.lines.find((line) => line.id === id)

describe('hardware paid by use', () => {
  it('costs the base and the use above it: units · (f · 420 + (share − f) · 560), by hand', async () => {
    const { options } = await plan(given(), small)
    expect(options.length).toBeGreaterThan(0)
    for (const { cost, deployment, capacity } of options) {
      const { accelerators, acceleratorsPerReplica, replicas } = deployment!
      // 12 requests/s at the peak are 7.5 on average; one replica serves what the plan says.
      const perReplica = capacity!.requestsPerSecondPerReplica.value
      const share = ((7.5 / perReplica) * acceleratorsPerReplica) / accelerators
      expect(share).toBeGreaterThan(0)
      expect(share * accelerators).toBeLessThan(replicas * acceleratorsPerReplica)
      const months = 36
      const of = (category: string) => cost.byCategory.find((entry) => entry.category === category)?.usd ?? 0
      expect(of('commitment') / (months * accelerators * 0.3 * 420)).toBeCloseTo(1, 9)
      expect(of('usage')).toBeCloseTo(months * accelerators * Math.max(0, share - 0.3) * 560, 3)
      expect(of('installation')).toBe(5000)
      for (const category of ['servers', 'accelerators', 'maintenance', 'electricity', 'cooling'])
        expect(of(category)).toBe(0)
    }
    expect(options.some((option) => lineOf(option, 'usage') !== undefined)).toBe(true)
  })

  it('pays for electricity and maintenance where the quote does not hold them', async () => {
    const { options } = await plan(given({ includesElectricity: false, includesMaintenance: false }), small)
    const maintained = options.filter((option) => lineOf(option, 'maintenance') !== undefined)
    expect(maintained.length).toBeGreaterThan(0)
    for (const option of options) {
      const line = lineOf(option, 'electricity')!
      expect(line.quantity / option.energy!.kilowattHoursPerMonth!.value).toBeCloseTo(1, 9)
      expect(lineOf(option, 'maintenance')!.quantity).toBe(option.deployment!.servers)
    }
  })

  it('counts a machine without a list price, but not without a price of what is billed', () => {
    const size = (change: object) => run(spaceOf(given(change))).table.size
    expect(size({ committedPrice: 'unknown' })).toBe(0)
    expect(size({ setupPrice: 'unknown' })).toBe(0)
    const all = size({})
    // Use above the base has no price: what stays below it does not need one.
    expect(size({ extraPrice: 'unknown' })).toBeLessThan(all)
    expect(size(without('extraPrice'))).toBe(size({ extraPrice: 'unknown' }))
    expect(size({ extraPrice: 'unknown', committedFraction: '100 %' })).toBe(all)
  })

  it('stands beside the others only where it is asked for, and says why it has no option', async () => {
    const kinds = async (scenario: ScenarioInput) =>
      (await plan(scenario, small)).sideBySide.map(({ kind, whyNoneCode }) => [kind, whyNoneCode])
    expect((await kinds(base as ScenarioInput)).map(([kind]) => kind)).not.toContain('subscription')
    expect(await kinds(given({ committedPrice: 'unknown' }))).toContainEqual([
      'subscription',
      'no-quoted-price',
    ])
    expect(await kinds(given({ accelerator: 'l4' }, { hardware: { accelerators: 'l40s' } }))).toContainEqual([
      'subscription',
      'no-quoted-machine',
    ])
  })

  it('is no owned hardware: what is owned stands on the premises, what is quoted is quoted', () => {
    const owned = [{ server: 'nvidia-dgx-h100', accelerator: 'h100-sxm-80', count: 4 }]
    const places = [{ kind: 'on-prem', country: 'de' }, ...([given().places].flat() as object[])]
    const space = spaceOf(given({}, { hardware: { owned }, places } as Partial<ScenarioInput>))
    const stands = space.machines.map(({ machine, places: at }) => ({
      owned: machine.host?.owned !== undefined,
      accelerator: machine.accelerator.id,
      kinds: at.map((index) => space.places[index]!.kind),
    }))
    expect(stands.filter((machine) => machine.owned).length).toBe(1)
    expect(stands.length).toBeGreaterThan(1)
    for (const machine of stands)
      expect(machine.kinds).toEqual(machine.owned ? ['on-prem'] : ['subscription'])
    const mine = spaceOf(
      given({ accelerator: 'h100-sxm-80', server: 'nvidia-dgx-h100' }, {
        hardware: { owned },
        places: given({ accelerator: 'h100-sxm-80', server: 'nvidia-dgx-h100' }).places,
      } as Partial<ScenarioInput>),
    )
    expect(mine.machines).toEqual([])
    expect(mine.notSearched.map(({ whyCode }) => whyCode?.code)).toContain('quote-without-machine')
  })

  it('is dearer for more demand, for a higher base and for a cap that is further off', async () => {
    const totals = (change: object) => {
      const { table } = run(spaceOf(given(change)))
      return table.figures.totalUsd.slice(0, table.size)
    }
    const rising = (list: readonly object[]) => {
      const all = list.map(totals)
      for (let index = 1; index < all.length; index += 1)
        all[index]!.forEach((usd, row) => {
          expect(usd).toBeGreaterThanOrEqual(all[index - 1]![row]! - 1e-6)
        })
    }
    rising([{ cap: '30 %' }, { cap: '40 %' }, { cap: '60 %' }, {}])
    rising([{ committedPrice: '100 USD/month' }, {}, { committedPrice: '700 USD/month' }])
    const made = await plan(given(), small)
    const bases = recomputeBases({
      plan: made,
      catalog: small,
      optionIds: made.options.map((option) => option.id),
    })
    for (const known of bases.values()) {
      let before = 0
      for (const demandRatio of [0.2, 0.5, 1, 1.7, 4]) {
        const { totalUsd } = recompute(known, { demandRatio })
        expect(totalUsd!).toBeGreaterThan(before)
        before = totalUsd!
      }
    }
  })

  it.each([
    [
      { places: [{ kind: 'subscription' }] },
      'places.0.quotes',
      /is missing; no list prices of subscriptions/,
    ],
    [
      { places: [{ kind: 'cloud', quotes: [quote] }] },
      'places.0.quotes',
      /kind subscription, this one is cloud/,
    ],
    [given(without('includesElectricity')), 'includesElectricity', /is missing/],
    [given(without('includesMaintenance')), 'includesMaintenance', /is missing/],
    [given(without('accelerator')), 'accelerator', /name the accelerator or the server/],
    [given({ committedPrice: 420 }), 'committedPrice', /not a price as text/],
    [given({ committedPrice: '-1 USD/month' }), 'committedPrice', /negative/],
    [given({ committedPrice: '420 USD/h' }), 'committedPrice', /month/],
    [given({ committedPrice: '420 CHF/month' }), 'committedPrice', /CHF/],
    [given({ committedFraction: '130 %' }), 'committedFraction', /above 1/],
    [given({ accelerator: 'l40z' }), 'accelerator', /unknown accelerator "l40z"/],
    [given({ server: 'dgx' }), 'server', /unknown server "dgx"/],
    [given({ server: 'nvidia-dgx-h100' }), 'accelerator', /does not take l40s/],
    [
      given(
        {},
        {
          places: {
            kind: 'subscription',
            quotes: [
              { ...quote, id: 'a' },
              { ...quote, id: 'a' },
            ],
          },
        },
      ),
      'quotes.1.id',
      /names two quotes/,
    ],
  ])('refuses %j at its path', (change, path, words) => {
    let issues: RightsizeError['issues'] = []
    try {
      spaceOf({ ...base, ...change } as ScenarioInput)
    } catch (error) {
      if (!(error instanceof RightsizeError)) throw error
      issues = error.issues
    }
    const found = issues.filter((issue) => issue.place.includes(path))
    expect(found.map((issue) => `${issue.message} ${issue.hint ?? ''}`).join()).toMatch(words)
  })
})
