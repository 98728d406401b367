import { describe, expect, it } from 'vitest'
import { cashFlowOf, netPresentValueUsd, sumOf } from '../../estimators/cost/cash-flow.ts'
import { standardNormalQuantile } from '../../estimators/uncertainty/distributions.ts'
import { accuracyOf } from '../assemble/accuracy.ts'
import { detailOf, type MachineDetail } from '../assemble/detail.ts'
import { partsOfRow } from '../assemble/option.ts'
import { costLines } from '../assemble/option-cost.ts'
import { plan, safePlan } from '../plan.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { emptyFleet, fleetOf } from '../search/fleet.ts'
import { replicasFor } from '../search/serving-types.ts'
import type { SearchSpace } from '../search/space.ts'
import { base, run, small, spaceOf, subscription } from '../small-search.test-data.ts'
import { costAtFactors } from './cost-at-factors.ts'
import { constant, type Factors, factorNames } from './factors.ts'
import { machinesAtLoad } from './machines-at-load.ts'
import { drawOption } from './option-draws.ts'
import { planDraws } from './plan-draws.ts'

const withApi = { ...base, places: [...base.places, { kind: 'api' }] } as ScenarioInput

/** Some offers of machines, spread over the table. */
function details(space: SearchSpace, count: number): MachineDetail[] {
  const { table } = run(space)
  const step = Math.floor(table.size / count)
  return Array.from({ length: count }, (_, index) => detailOf(space, partsOfRow(table, index * step))).filter(
    (detail) => detail.kind !== 'api',
  )
}

function factorsOf(changes: Partial<Record<keyof Factors, number>>, growth: number): Factors {
  const middle = { electricityGrowthPerYear: growth } as Partial<Record<keyof Factors, number>>
  return Object.fromEntries(
    factorNames.map((name) => [name, constant(1, changes[name] ?? middle[name] ?? 1)]),
  ) as Factors
}

/** The option with everything built anew: other replicas, other prices. */
function builtAnew(space: SearchSpace, detail: MachineDetail, changes: Record<string, number>) {
  const { finance } = space.resolved.limits
  const { server, accelerator } = detail.site.machine.price ?? {}
  const {
    speed = 1,
    demand = 1,
    serverPrice = 1,
    acceleratorPrice = 1,
    staffCost = 1,
    rentPrice = 1,
  } = changes
  const serving = {
    ...detail.serving,
    replicas: replicasFor(
      (space.task.peakRequestsPerSecond * demand) / speed,
      detail.serving.capacityRequestsPerSecond * (1 - space.task.headroomFraction),
    ),
  }
  const fleet = emptyFleet()
  fleetOf(
    {
      machine: detail.site.machine,
      serving,
      partsPerReplica: detail.partsPerReplica,
      devicesPerPart: detail.device.devicesPerPart,
      idleWatts: detail.device.idleWatts,
      limits: space.resolved.limits,
    },
    fleet,
  )
  const price = server && {
    server: { ...server, usd: server.usd * serverPrice },
    accelerator: accelerator && { ...accelerator, usd: accelerator.usd * acceleratorPrice },
  }
  const changedFinance = {
    ...finance,
    staffUsdPerYear: finance.staffUsdPerYear * staffCost,
    maintenancePerYearFraction: finance.maintenancePerYearFraction * (changes['maintenance'] ?? 1),
    electricityGrowthPerYearFraction:
      changes['electricityGrowthPerYear'] ?? finance.electricityGrowthPerYearFraction,
  }
  const limits = { ...space.resolved.limits, finance: changedFinance }
  const lines = costLines(
    { ...space, resolved: { ...space.resolved, limits } },
    {
      ...detail,
      serving,
      fleet,
      site: { ...detail.site, machine: { ...detail.site.machine, price } },
      contract: detail.contract && {
        ...detail.contract,
        terms: {
          ...detail.contract.terms,
          ...(detail.contract.terms.maintenance && {
            maintenance: {
              ...detail.contract.terms.maintenance,
              fractionPerYear:
                detail.contract.terms.maintenance.fractionPerYear * (changes['maintenance'] ?? 1),
            },
          }),
        },
        usedUnits:
          ((detail.contract.usedUnits * demand) / speed) *
          (detail.contract.quote.unit === 'server'
            ? detail.fleet.replicasPerServer / fleet.replicasPerServer
            : 1),
      },
      cloud: detail.cloud && { ...detail.cloud, usdPerHour: detail.cloud.usdPerHour * rentPrice },
    },
  ).filter((line) => !['electricity', 'storage', 'egress'].includes(line.category))
  return costOf(space, lines)
}

function costOf(space: SearchSpace, lines: ReturnType<typeof costLines>) {
  const { horizonMonths, discountRatePerYearFraction: ratePerYearFraction } = space.resolved.limits.finance
  const { monthlyUsd } = cashFlowOf(lines, horizonMonths)
  return { total: sumOf(monthlyUsd), net: netPresentValueUsd({ monthlyUsd, ratePerYearFraction }) }
}

describe.each([
  ['machines bought or rented', base as ScenarioInput],
  ['machines paid by use', { ...base, places: [subscription] } as ScenarioInput],
])('cost from the option’s own bill: %s', (_, given) => {
  const space = spaceOf(given)
  const { horizonMonths, discountRatePerYearFraction, electricityGrowthPerYearFraction } =
    space.resolved.limits.finance
  const at = (
    detail: MachineDetail,
    lines: ReturnType<typeof costLines>,
    changes: Record<string, number>,
  ) => {
    const factors = factorsOf(changes, electricityGrowthPerYearFraction)
    return costAtFactors({
      lines,
      horizonMonths,
      ratePerYearFraction: discountRatePerYearFraction,
      factors,
      machines: machinesAtLoad(space, detail, factors),
    })
  }

  it('is the bill’s total where nothing comes out otherwise', () => {
    for (const detail of details(space, 12)) {
      const lines = costLines(space, detail)
      const found = at(detail, lines, {})
      const expected = costOf(space, lines)
      expect(found.totalUsd[0]! / expected.total).toBeCloseTo(1, 9)
      expect(found.netPresentUsd[0]! / expected.net).toBeCloseTo(1, 9)
    }
  })

  it.each([
    ['prices', { serverPrice: 1.7, acceleratorPrice: 0.6, rentPrice: 1.3 }],
    ['running cost', { staffCost: 0.5, maintenance: 1.25, serverPrice: 0.8 }],
    ['demand', { demand: 2.3 }],
    ['speed', { speed: 0.4, serverPrice: 1.2 }],
  ])('is that of all lines built anew: %s', (_, changes) => {
    for (const detail of details(space, 12)) {
      // Electricity needs power at another load, storage and egress the demand: they are held elsewhere.
      const lines = costLines(space, detail).filter(
        (line) => !['electricity', 'storage', 'egress'].includes(line.category),
      )
      const found = at(detail, lines, changes)
      const expected = builtAnew(space, detail, changes)
      // Storage is a part of what spares, refresh and residual are shares of.
      expect(Math.abs(found.totalUsd[0]! / expected.total - 1)).toBeLessThan(2e-3)
      expect(Math.abs(found.netPresentUsd[0]! / expected.net - 1)).toBeLessThan(2e-3)
    }
  })

  it('draws less power for less demand, more machines for less speed', () => {
    for (const detail of details(space, 12)) {
      const factors = {
        demand: Float64Array.from([0.25, 0.5, 1, 2, 4]),
        speed: constant(5, 1),
      }
      const { averageWatts, servers } = machinesAtLoad(space, detail, factors)
      expect(averageWatts[2]).toBeCloseTo(1, 9)
      expect([...averageWatts]).toEqual([...averageWatts].sort((a, b) => a - b))
      const slow = machinesAtLoad(space, detail, { demand: factors.speed, speed: factors.demand })
      expect([...slow.servers].reverse()).toEqual([...slow.servers].sort((a, b) => a - b))
      expect(servers[4]).toBeGreaterThanOrEqual(1)
    }
  })
})

describe('draws of a plan', () => {
  it('of an API follow demand alone: a lognormal between ÷ 1.5 and × 1.5, the same per token', async () => {
    const { options } = await plan(
      { ...withApi, places: { kind: 'api' }, demand: { users: 30_000, uncertainty: '50 %' } },
      small,
    )
    expect(options.length).toBeGreaterThan(0)
    for (const { cost, sensitivity } of options) {
      const { value, low, high } = cost.totalUsd
      // Within one of 512 strata of the percentile.
      const step = Math.abs(standardNormalQuantile(0.1 + 1 / 512) / standardNormalQuantile(0.1) - 1)
      expect(Math.abs(Math.log(high! / value) / Math.log(1.5) - 1)).toBeLessThan(step)
      expect(Math.abs(Math.log(value / low!) / Math.log(1.5) - 1)).toBeLessThan(step)
      const perToken = cost.blendedUsdPerMillionTokens
      expect((perToken.high ?? perToken.value) / (perToken.low ?? perToken.value)).toBeCloseTo(1, 9)
      expect(sensitivity.map((bar) => bar.input)).toEqual(['demand'])
      expect(sensitivity[0]!.usdAtHigh / value).toBeCloseTo(1.5, 9)
    }
  })

  it('have the same bytes for the same seed, others for another; central values never move', async () => {
    const first = await plan(withApi, small)
    const again = await plan(withApi, small)
    const other = await plan({ ...withApi, uncertainty: { seed: 2 } }, small)
    expect(JSON.stringify(again)).toBe(JSON.stringify(first))
    const of = (found: typeof first, end: 'value' | 'low') =>
      found.options.map((option) => option.cost.totalUsd[end])
    expect(of(other, 'low')).not.toEqual(of(first, 'low'))
    expect(of(other, 'value')).toEqual(of(first, 'value'))
    for (const option of first.options)
      expect(sumOf(option.cost.lines.map((line) => line.totalUsd)) / option.cost.totalUsd.value).toBeCloseTo(
        1,
        9,
      )
  })

  it('widen with the demand’s uncertainty, and leave what the user states alone', async () => {
    const widths = async (uncertainty: string) => {
      const { options } = await plan({ ...withApi, demand: { users: 300_000, uncertainty } }, small)
      const width = ({ low = Number.NaN, high = Number.NaN }: { low?: number; high?: number }) => high - low
      return {
        usd: sumOf(options.map(({ cost }) => width(cost.totalUsd))),
        perToken: sumOf(
          options.map(({ cost }) => width(cost.blendedUsdPerMillionTokens)).filter((w) => w > 0),
        ),
        watts: sumOf(options.flatMap(({ energy }) => (energy ? [width(energy.averageWatts)] : []))),
      }
    }
    // Of all options together: where one machine carries either demand, one option's bill hardly moves.
    const [narrow, wide] = [await widths('5 %'), await widths('100 %')]
    expect(wide.usd).toBeGreaterThan(narrow.usd)
    expect(wide.perToken).toBeGreaterThan(narrow.perToken)
    expect(wide.watts).toBeGreaterThan(narrow.watts)
    const stated = await plan(
      {
        ...withApi,
        finance: { staffCost: '100000 USD/year', maintenance: '10 %' },
        site: { electricityPrice: '0.2 USD/kWh' },
      },
      small,
    )
    const inputs = stated.options.flatMap((option) => option.sensitivity.map((bar) => bar.input))
    expect(inputs).toContain('electricityGrowthPerYear')
    for (const input of ['staffCost', 'maintenance', 'electricityPrice']) expect(inputs).not.toContain(input)
    expect(stated.notes.some((note) => note.code === 'electricity-price-uncertainty')).toBe(false)
  })

  it('ties are mutual, and two options on one machine are told apart by what differs', async () => {
    const { options } = await plan(withApi, small)
    for (const option of options)
      for (const id of option.tiedWith)
        expect(options.find((other) => other.id === id)?.tiedWith).toContain(option.id)
    const space = spaceOf(base as ScenarioInput)
    const [detail] = details(space, 4)
    const lines = costLines(space, detail!)
    const draws = planDraws(space)
    const accuracy = accuracyOf(space, detail!)
    const drawn = drawOption({ space, detail: detail!, accuracy, lines, draws })
    const dearer = drawOption({
      space,
      detail: detail!,
      accuracy,
      draws,
      lines: lines.map((line) => ({ ...line, amountUsd: (line.amountUsd ?? 0) * 1.01 })),
    })
    const [cheap, dear] = [drawn.figure('netPresentUsd'), dearer.figure('netPresentUsd')]
    // One percent more in every draw, though the intervals overlap almost wholly.
    cheap.forEach((value, index) => {
      expect(dear[index]! / value).toBeCloseTo(1.01, 9)
    })
  })

  it.each([
    [{ demand: { users: 10, uncertainty: '-10 %' } }, /is below 0/],
    [{ uncertainty: { seed: 1.5 } }, /int/],
    [{ uncertainty: { samples: 10 } }, /50/],
    [{ uncertainty: { draws: 100 } }, /draws/],
  ])('refuse %j', async (change, words) => {
    const result = await safePlan({ ...withApi, ...change } as ScenarioInput, small)
    expect(result.ok).toBe(false)
    if (!result.ok) expect(JSON.stringify([result.error.message, result.error.issues])).toMatch(words)
  })
})
