import fc from 'fast-check'
import { evaluate } from 'mathjs'
import { describe, expect, it } from 'vitest'
import { cashFlowOf, netPresentValueUsd, sumOf } from '../estimators/cost/cash-flow.ts'
import { layoutProblem } from '../estimators/memory/layout.ts'
import { divisibility } from '../estimators/memory/tensor-classes.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { detailOf, optionId } from './assemble/detail.ts'
import { partsOfRow } from './assemble/option.ts'
import { costLines } from './assemble/option-cost.ts'
import { measured } from './assemble/relaxation.ts'
import { plan, safePlan } from './plan.ts'
import type { Plan } from './plan-types.ts'
import type { SubscriptionQuote } from './scenario/resolve-subscriptions.ts'
import type { ScenarioInput } from './scenario/schema.ts'
import { choose } from './search/choose.ts'
import { constraintNames } from './search/constraint-bits.ts'
import { weightScore } from './search/score.ts'
import type { SearchResult } from './search/search-types.ts'
import type { SearchSpace } from './search/space.ts'
import { base, full, run, small, spaceOf, subscription } from './small-search.test-data.ts'

interface Offer {
  readonly netPresentUsd: number
  readonly carbonGrams: number
  readonly servers: number
}

/** Every combination, each worked out alone: layouts by trial, costs as lines and cash flows, no sharing, no skipping. */
function bruteForce(space: SearchSpace): Map<string, Offer> {
  const found = new Map<string, Offer>()
  const { finance } = space.resolved.limits
  for (const [unitIndex, unit] of space.units.entries())
    for (const device of space.devices) {
      if (space.support(unit, device) === undefined) continue
      // Fills the book, so that numbers of layouts exist; which of them are tried is decided below.
      space.layouts.list(unit, device, device.mostDevices)
      for (const site of device.machines)
        for (const [layoutIndex, layout] of space.layouts.all.entries()) {
          const { tensor, pipeline, attentionData, expert } = layout
          const devices = tensor * pipeline * attentionData
          const limits = divisibility(unit.architecture)
          if (devices > Math.min(4, site.machine.parts) || layoutProblem(layout, limits) !== undefined)
            continue
          if (limits.experts === 0 && (attentionData > 1 || expert > 1)) continue
          if (attentionData > 1 && expert !== tensor * attentionData) continue
          if (attentionData === 1 && expert !== 1 && expert !== tensor) continue
          const { host, id } = site.machine
          const forIt = (quote: SubscriptionQuote | undefined) =>
            quote === undefined ||
            ((quote.acceleratorId ?? device.row.id) === device.row.id && (quote.serverId ?? id) === id)
          const places =
            host === undefined
              ? [-1]
              : [...space.places.keys()].filter((at) => forIt(space.places[at]!.quote))
          const prices = site.machine.host === undefined ? site.offers.map((_, index) => index) : [0]
          for (const place of places)
            for (const price of prices) {
              const parts = {
                unit: unitIndex,
                device: device.index,
                layout: layoutIndex,
                machine: site.index,
                place,
                price,
              }
              const detail = detailOf(space, parts)
              if (detail.kind === 'api' || detail.serving.refused !== 0) continue
              if (detail.kind === 'colocation' && site.machine.rackUnits === 0) continue
              if (host !== undefined && detail.contract === undefined && site.machine.price === undefined)
                continue
              const { monthlyUsd, missingLineIds } = cashFlowOf(
                costLines(space, detail),
                finance.horizonMonths,
              )
              if (missingLineIds.length > 0) continue
              const limited = [
                [measured(space, detail, 'capex'), space.resolved.limits.capexUsd],
                [
                  detail.cloud === undefined ? detail.fleet.nameplateWattsPerSite : 0,
                  space.resolved.limits.wattsPerSite,
                ],
                [detail.fleet.accelerators, space.resolved.limits.accelerators],
                [measured(space, detail, 'monthly'), space.resolved.limits.monthlyUsd],
              ] as const
              if (limited.some(([value, limit]) => limit !== undefined && value > limit)) continue
              if (detail.cloud === undefined && detail.fleet.serversPerRack === 0) continue
              found.set(optionId(detail), {
                netPresentUsd: netPresentValueUsd({
                  monthlyUsd,
                  ratePerYearFraction: finance.discountRatePerYearFraction,
                }),
                carbonGrams: measured(space, detail, 'carbonPerMonth'),
                servers: detail.fleet.servers,
              })
            }
        }
    }
  return found
}

function offersOf(space: SearchSpace, result: SearchResult): Map<string, Offer> {
  const found = new Map<string, Offer>()
  for (let row = 0; row < result.table.size; row += 1) {
    const detail = detailOf(space, partsOfRow(result.table, row))
    found.set(optionId(detail), {
      netPresentUsd: result.table.figures.netPresentUsd[row]!,
      carbonGrams: result.table.figures.carbonGrams[row]!,
      servers: detail.kind === 'api' ? 0 : detail.fleet.servers,
    })
  }
  return found
}

describe('search', () => {
  it.each([
    ['no limits', {}],
    [
      'limits on money, power and number',
      {
        constraints: { capex: '900000 USD', powerPerSite: '12 kW', accelerators: 16 },
      },
    ],
    ['a second site', { availability: 'two-sites' }],
    ['quotes of machines paid by use', { places: [{ kind: 'on-prem', country: 'de' }, subscription] }],
    [
      'quotes, a growing demand, limits on purchases and the month',
      {
        places: [subscription, { kind: 'cloud' }],
        demand: { users: 9_000, growthPerYear: '45 %' },
        finance: { horizon: '40 months' },
        constraints: { capex: '60000 USD', monthly: '90000 USD/month' },
      },
    ],
    [
      'quotes, a demand that falls',
      { places: [subscription], demand: { users: 30_000, growthPerYear: '-30 %' } },
    ],
    [
      'a growing demand, machines when needed, a limit on purchases',
      {
        demand: { users: 9_000, growthPerYear: '45 %' },
        finance: { horizon: '40 months', electricityPriceGrowth: '4 %' },
        constraints: { capex: '700000 USD' },
      },
    ],
    [
      'a growing demand, machines at the start, two sites, clouds that follow the load',
      {
        demand: { users: 9_000, growthPerYear: '45 %' },
        finance: { purchases: 'at-start' },
        availability: 'two-sites',
        places: [
          { kind: 'on-prem', country: 'de' },
          { kind: 'cloud', scaling: 'follow-demand' },
        ],
      },
    ],
    ['a falling demand', { demand: { users: 9_000, growthPerYear: '-20 %' } }],
    [
      'spot instances that are often taken back, a growing demand',
      {
        demand: { users: 9_000, growthPerYear: '45 %' },
        finance: { spot: { interruptions: '2 /day', lostPerInterruption: '90 min' } },
        places: [{ kind: 'cloud', terms: ['on-demand', 'spot'], scaling: 'follow-demand' }],
      },
    ],
  ] as const)('finds what trying everything finds: %s', (_, change) => {
    const space = spaceOf({ ...base, ...change } as ScenarioInput)
    const expected = bruteForce(space)
    const actual = offersOf(space, run(space))
    expect(expected.size).toBeGreaterThan(50)
    expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort())
    for (const [id, offer] of expected) {
      const other = actual.get(id)!
      expect(other.netPresentUsd / offer.netPresentUsd).toBeCloseTo(1, 9)
      if (Number.isNaN(offer.carbonGrams)) expect(other.carbonGrams).toBeNaN()
      else expect(other.carbonGrams / offer.carbonGrams).toBeCloseTo(1, 9)
    }
  })

  it('leaves out beaten prices without losing a winner or a point of the front', () => {
    const space = spaceOf(base)
    const score = weightScore({ cost: 2, carbon: 1, latency: 1, quality: 1, water: 0, energy: 0 })
    const choiceOf = (keep: boolean) => {
      const { table } = run(space, keep)
      const choice = choose({ space, table, score })
      const point = (row: number) => [
        table.figures.netPresentUsd[row]!,
        table.figures.carbonGrams[row]!,
        table.figures.latencySeconds[row]!,
      ]
      return {
        size: table.size,
        roles: [...choice.roles].map(([role, row]) => [role, ...point(row)]),
        front: new Set(choice.front.map((row) => point(row).join())),
      }
    }
    const all = choiceOf(true)
    const pruned = choiceOf(false)
    expect(pruned.size).toBeLessThan(all.size)
    expect(pruned.roles).toEqual(all.roles)
    expect(pruned.front).toEqual(all.front)
  })

  const cheapest = (given: ScenarioInput) => {
    const { table } = run(spaceOf(given), false)
    let best = Number.POSITIVE_INFINITY
    for (let row = 0; row < table.size; row += 1) best = Math.min(best, table.figures.netPresentUsd[row]!)
    return best
  }

  it('never costs less under a tighter limit', () => {
    const limits = fc.record(
      {
        capex: fc.integer({ min: 20, max: 900 }).map((thousands) => thousands * 1000),
        powerPerSite: fc.integer({ min: 1, max: 30 }),
        accelerators: fc.integer({ min: 1, max: 40 }),
        ttft: fc.integer({ min: 100, max: 2000 }),
      },
      { requiredKeys: [] },
    )
    const withLimits = (limit: {
      capex?: number
      powerPerSite?: number
      accelerators?: number
      ttft?: number
    }) => ({
      ...base,
      targets: { ...base.targets, ttft: `${limit.ttft ?? 2000} ms` },
      constraints: {
        ...(limit.capex === undefined ? {} : { capex: `${limit.capex} USD` }),
        ...(limit.powerPerSite === undefined ? {} : { powerPerSite: `${limit.powerPerSite} kW` }),
        ...(limit.accelerators === undefined ? {} : { accelerators: limit.accelerators }),
      },
    })
    fc.assert(
      fc.property(limits, fc.double({ min: 0.3, max: 1, noNaN: true }), (limit, share) => {
        const tighter = Object.fromEntries(
          Object.entries(limit).map(([name, value]) => [name, Math.max(1, Math.floor((value ?? 1) * share))]),
        )
        const loose = cheapest(withLimits(limit))
        expect(cheapest(withLimits(tighter))).toBeGreaterThanOrEqual(loose * (1 - 1e-9))
      }),
      { numRuns: 12 },
    )
  })

  it('never needs fewer machines, nor less money, for more users', () => {
    let before: { servers: Map<string, number>; cheapest: number } | undefined
    for (const users of [500, 3_000, 10_000, 40_000, 200_000]) {
      const given = { ...base, demand: { users } }
      const space = spaceOf(given)
      const offers = offersOf(space, run(space))
      const servers = new Map([...offers].map(([id, offer]) => [id, offer.servers]))
      const now = { servers, cheapest: cheapest(given) }
      for (const [id, count] of before?.servers ?? [])
        expect(servers.get(id) ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(count)
      expect(now.cheapest).toBeGreaterThanOrEqual(before?.cheapest ?? 0)
      before = now
    }
  })
})

describe('plan', () => {
  const given: ScenarioInput = {
    ...base,
    places: [...base.places, { kind: 'api' }],
    score: { cost: 1, carbon: 0.5, latency: 0.5 },
  }

  it('replays to the same bytes from its own document', async () => {
    const first = JSON.stringify(await plan(given, small))
    const again = JSON.stringify(await plan((JSON.parse(first) as Plan).scenario, small))
    expect(again === first).toBe(true)
    // A figure that is not a number would be written as null.
    expect(/.{60}[:[,]null/.exec(first)?.[0]).toBeUndefined()
  })

  it('explains each figure with an equation that gives it', async () => {
    const { options } = await plan(given, small)
    for (const option of options) {
      expect(option.explanation.length).toBeGreaterThan(3)
      for (const { equation, inputs, result, figure } of option.explanation) {
        const scope = Object.fromEntries(inputs.map((input) => [input.symbol, input.value]))
        const value = Number(evaluate(equation, scope))
        expect(Math.abs(value - result), `${option.id} ${figure}`).toBeLessThanOrEqual(
          1e-9 * Math.max(1, Math.abs(result)),
        )
      }
      const lines = sumOf(option.cost.lines.map((line) => line.totalUsd))
      expect(lines / option.cost.totalUsd.value).toBeCloseTo(1, 9)
      expect(sumOf(option.cost.monthlyUsd) / option.cost.totalUsd.value).toBeCloseTo(1, 9)
    }
  })

  it('gives each role to a listed option, and compares the places', async () => {
    const found = await plan(given, small)
    const ids = new Set(found.options.map((option) => option.id))
    expect(Object.keys(found.roles).sort()).toEqual(['balanced', 'cheapest', 'fastest', 'greenest'])
    for (const id of Object.values(found.roles)) expect(ids.has(id)).toBe(true)
    for (const side of found.sideBySide) expect(side.optionId ?? side.whyNone).toBeTruthy()
    expect(found.options.map((option) => option.rank)).toEqual(found.options.map((_, index) => index + 1))
    const scores = found.options.map((option) => option.score.value)
    expect(scores).toEqual([...scores].sort((a, b) => a - b))
  })

  it('ranks by a formula of the user as by the weights that mean the same', async () => {
    const weights = await plan({ ...given, score: { cost: 0.5, quality: 0.5 } }, small)
    const formula = await plan({ ...given, score: '0.5*cost + 0.5*(1-quality)' }, small)
    expect(formula.options[0]?.cost.netPresentUsd).toEqual(weights.options[0]?.cost.netPresentUsd)
  })

  it.each([
    'cost + price',
    'x = 3',
    'cost.constructor',
    'import("fs")',
    'cost > 1',
    '[cost]',
    '"a"',
    'cost +',
    'f(x) = x',
    'e * cost',
    '1 kg * cost',
  ])('refuses the formula %s', async (score) => {
    const result = await safePlan({ ...given, score }, small)
    expect(result.ok ? 'taken' : result.error.code).toBe('formula-invalid')
  })

  it('says why nothing fits, what comes closest and what would make it fit', async () => {
    const found = await plan(
      { ...base, places: [{ kind: 'on-prem', country: 'de' }], constraints: { capex: '2000 USD' } },
      small,
    )
    expect(found.status).toBe('infeasible')
    expect(found.options).toEqual([])
    expect(found.infeasible?.closest.length).toBeGreaterThan(0)
    const relaxation = found.infeasible?.relaxations.find((entry) => entry.constraint === 'capex')
    const enough = Number(relaxation?.to)
    const withIt = (usd: number) =>
      plan(
        { ...base, places: [{ kind: 'on-prem', country: 'de' }], constraints: { capex: `${usd} USD` } },
        small,
      )
    expect((await withIt(Math.ceil(enough))).status).toBe('feasible')
    expect((await withIt(Math.floor(enough * 0.999))).status).toBe('infeasible')
  })

  it('stops when told to, and reports progress', async () => {
    const stop = new AbortController()
    stop.abort()
    await expect(plan(given, small, { signal: stop.signal })).rejects.toThrow(RightsizeError)
    const shares: number[] = []
    await plan(
      { ...given, model: { allowUnknownQuality: true, ids: ['llama-3.1-8b-instruct', 'qwen3-8b'] } },
      full,
      {
        onProgress: (share) => shares.push(share),
      },
    )
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true)
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
  })

  it('knows every constraint by a name', () => {
    expect(new Set(constraintNames).size).toBe(constraintNames.length)
  })
})
