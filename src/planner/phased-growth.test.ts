import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sumOf } from '../estimators/cost/cash-flow.ts'
import { residualFractionAtAge } from '../estimators/cost/finance.ts'
import { hoursPerMonth, kilo, tera } from '../foundation/units.ts'
import { detailOf, type MachineDetail, optionId } from './assemble/detail.ts'
import { partsOfRow } from './assemble/option.ts'
import { costLines } from './assemble/option-cost.ts'
import { plan } from './plan.ts'
import { recompute } from './recompute.ts'
import { recomputeBases } from './recompute-basis.ts'
import type { ScenarioInput } from './scenario/schema.ts'
import { cloudExtras, storageCopies } from './search/offer-inputs.ts'
import { opexRow } from './search/own-cost.ts'
import { phasesOf } from './search/phases.ts'
import { createServing } from './search/serving.ts'
import { emptyServing } from './search/serving-types.ts'
import type { SearchSpace } from './search/space.ts'
import { base, run, small, spaceOf, subscription } from './small-search.test-data.ts'

const growing = {
  ...base,
  places: [...base.places, subscription],
  demand: { users: 9_000, growthPerYear: '45 %' },
  finance: { horizon: '40 months', electricityPriceGrowth: '4 %', discountRate: '7 %' },
} as const satisfies ScenarioInput

/** Servers that stand in each month, counted from the demand of that month's year alone. */
function serversByMonth(space: SearchSpace, detail: MachineDetail): number[] {
  const { growthPerYearFraction } = space.resolved.demand
  const { horizonMonths } = space.resolved.limits.finance
  const { availability, headroomFraction } = space.resolved.limits
  const first = space.workload.peakRequestsPerSecond
  const peak = (month: number) => first * (1 + growthPerYearFraction) ** ((month - 1) / 12)
  const spare = { none: 0, 'n+1': 1, 'n+2': 2, 'two-sites': 0 }[availability]
  const sites = availability === 'two-sites' ? 2 : 1
  return Array.from({ length: horizonMonths }, (_, index) => {
    const lastOfYear = Math.min(horizonMonths, 12 * (Math.floor(index / 12) + 1))
    const replicas = Math.max(
      1,
      Math.ceil(
        peak(lastOfYear) / (detail.serving.capacityRequestsPerSecond * (1 - headroomFraction)) - 1e-9,
      ),
    )
    return (Math.ceil(replicas / detail.fleet.replicasPerServer) + spare) * sites
  })
}

/** Every payment of an offer, month by month, from prices and the number of servers alone: no lines, no factors. */
function paymentsByHand(space: SearchSpace, detail: MachineDetail): number[] {
  const { finance } = space.resolved.limits
  const { horizonMonths } = finance
  const servers = serversByMonth(space, detail)
  const paid = new Array<number>(horizonMonths + 1).fill(0)
  const pay = (month: number, usd: number) => {
    paid[month] = paid[month]! + usd
  }
  const { perCopyBytes, logBytes } = storageCopies(space, detail.unit)
  const demand = (month: number) => (1 + space.resolved.demand.growthPerYearFraction) ** ((month - 1) / 12)
  const ofYear = (month: number) => demand(Math.min(horizonMonths, 12 * Math.ceil(month / 12)))
  if (detail.cloud !== undefined) {
    const extras = cloudExtras(space, detail.cloud.provider)
    for (let month = 1; month <= horizonMonths; month += 1)
      pay(
        month,
        servers[month - 1]! * detail.cloud.usdPerHour * hoursPerMonth +
          (detail.fleet.sites * perCopyBytes + logBytes * demand(month)) * extras.storageUsdPerByteMonth +
          extras.egressUsdPerMonth * demand(month),
      )
    return paid
  }
  const opex = (id: string) => opexRow(space.catalog, id).value
  const { price } = detail.site.machine
  const quote = detail.contract?.quote
  const list = (price?.server.usd ?? 0) + detail.fleet.partsPerServer * (price?.accelerator?.usd ?? 0)
  const system = quote === undefined ? list : 0
  const beside =
    space.networkPortsPerServer * opex('network-per-port-100-gbps') +
    (perCopyBytes / tera) * opex('storage-nvme-per-tb')
  const logUsd = (logBytes / tera) * opex('storage-nvme-per-tb')
  const points = [...space.catalog.rows('opex')].flatMap(({ id, value }) => {
    const age = /^residual-value-(\d+)-months$/.exec(id)?.[1]
    return age === undefined ? [] : [{ ageMonths: Number(age), fraction: value }]
  })
  const racksFor = (count: number) =>
    detail.kind === 'colocation' || detail.site.machine.rackUnits === 0
      ? 0
      : Math.ceil(count / detail.fleet.sites / detail.fleet.serversPerRack) * detail.fleet.sites
  const wattsEach = detail.fleet.nameplateWatts / detail.fleet.servers
  let before = 0
  for (let month = 1; month <= horizonMonths; month += 1) {
    const now = servers[month - 1]!
    const added = now - before
    if (month % 12 === 1) {
      const log = logUsd * (ofYear(month) - (month === 1 ? 0 : ofYear(month - 12)))
      const hardware = (added * (system + beside) + log) * (1 + opex('spares-share'))
      pay(month - 1, hardware + added * system * opex('installation-share'))
      pay(month - 1, (racksFor(now) - racksFor(before)) * opex('rack-and-cabling'))
      const fraction = residualFractionAtAge({ ageMonths: horizonMonths - (month - 1), points })!
      expect(horizonMonths).toBeLessThanOrEqual(finance.lifeMonths)
      pay(horizonMonths, -hardware * fraction)
    }
    before = now
    const accelerators = now * detail.fleet.partsPerServer
    if (quote?.includesMaintenance !== true)
      pay(month, (now * list * finance.maintenancePerYearFraction) / 12)
    pay(month, (accelerators / finance.acceleratorsPerEngineer) * (finance.staffUsdPerYear / 12))
    const { electricityUsdPerKilowattHour: electricity, pueRatio } = detail.place.factors
    const watts = detail.fleet.phases[Math.floor((month - 1) / 12)]!.averageWatts
    if (quote?.includesElectricity !== true)
      pay(
        month,
        ((watts * hoursPerMonth) / kilo) *
          pueRatio!.value *
          electricity!.value *
          (1 + finance.electricityGrowthPerYearFraction) ** Math.floor((month - 1) / 12),
      )
    if (quote !== undefined) pay(month, contractByHand(space, detail, { month, servers: now }))
    if (detail.kind === 'colocation')
      pay(
        month,
        ((now * wattsEach) / kilo) *
          opex(detail.place.countryCode === 'US' ? 'colocation-per-kw-us' : 'colocation-per-kw-cage'),
      )
  }
  if (quote?.setupPrice !== undefined) pay(0, quote.setupPrice.usd!)
  return paid
}

/** What the lessor bills for a month: f of all at the base price, and what is used above it at the other. */
function contractByHand(
  space: SearchSpace,
  detail: MachineDetail,
  of: { readonly month: number; readonly servers: number },
): number {
  const { quote } = detail.contract!
  const { fleet, serving, partsPerReplica } = detail
  const { workload, resolved } = space
  const cards = quote.unit === 'accelerator'
  const installed = of.servers * (cards ? fleet.partsPerServer : 1)
  // Hours of the average month times 3600: the mean rate over what one unit serves.
  const rate =
    (workload.requestsPerMonth * (1 + resolved.demand.growthPerYearFraction) ** ((of.month - 1) / 12)) /
    (hoursPerMonth * 3600)
  const perUnit = cards
    ? serving.capacityRequestsPerSecond / partsPerReplica
    : serving.capacityRequestsPerSecond * fleet.replicasPerServer
  const share = Math.min(rate / perUnit / installed, quote.capFraction ?? 1)
  const above = Math.max(0, share - quote.committedFraction)
  return (
    installed *
    (quote.committedFraction * quote.committedPrice.usd! + (above === 0 ? 0 : above * quote.extraPrice.usd!))
  )
}

const machinesOf = (space: SearchSpace, rows: number, table: ReturnType<typeof run>['table']) =>
  Array.from({ length: rows }, (_, row) => ({
    row,
    detail: detailOf(space, partsOfRow(table, row)),
  })).flatMap(({ row, detail }) => (detail.kind === 'api' ? [] : [{ row, detail }]))

describe('machines bought when a growing demand needs them', () => {
  it.each([
    ['one site', {}],
    ['two sites', { availability: 'two-sites' }],
    ['a limit on racks', { constraints: { powerPerRack: '14 kW' } }],
  ] as const)('the search prices every offer as a month-by-month account by hand does: %s', (_, change) => {
    const space = spaceOf({ ...growing, ...change } as ScenarioInput)
    const { table } = run(space)
    const seen = { own: 0, rented: 0, subscribed: 0, aboveBase: 0, later: 0 }
    for (const { row, detail } of machinesOf(space, table.size, table)) {
      const paid = paymentsByHand(space, detail)
      const { discountRatePerYearFraction: rate } = space.resolved.limits.finance
      const worth = sumOf(paid.map((usd, month) => usd / (1 + rate) ** (month / 12)))
      expect(table.figures.netPresentUsd[row]! / worth).toBeCloseTo(1, 9)
      expect(table.figures.totalUsd[row]! / sumOf(paid)).toBeCloseTo(1, 9)
      const servers = serversByMonth(space, detail)
      expect(detail.fleet.meanServers).toBeCloseTo(sumOf(servers) / servers.length, 9)
      expect(detail.fleet.servers).toBe(servers.at(-1))
      seen[detail.contract !== undefined ? 'subscribed' : detail.cloud === undefined ? 'own' : 'rented'] += 1
      if (servers[0] !== servers.at(-1)) seen.later += 1
      if (costLines(space, detail).some((line) => line.id === 'usage')) seen.aboveBase += 1
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20)
  })

  it('counts all purchases of the horizon against a limit on capital, and the last machines against power', () => {
    const space = spaceOf(growing)
    const { table } = run(space)
    for (const { row, detail } of machinesOf(space, table.size, table)) {
      if (detail.cloud !== undefined) continue
      const bought = costLines(space, detail).filter(
        ({ timing, category }) => timing.kind === 'once' && category !== 'residual',
      )
      expect(table.figures.purchasesUsd[row]! / sumOf(bought.map((line) => line.amountUsd!))).toBeCloseTo(
        1,
        9,
      )
    }
  })

  it('draws the mean of its phases, each what a steady plan of the same replicas and load draws', () => {
    const space = spaceOf(growing)
    const { table } = run(space)
    let compared = 0
    for (const { detail } of machinesOf(space, table.size, table).slice(0, 60)) {
      for (const [index, phase] of space.task.phases.entries()) {
        const planned = detail.serving.phases[index]!
        // A steady plan of that load has as many replicas only where headroom leaves the count alone.
        const steady = createServing({
          ...space.task,
          peakRequestsPerSecond: phase.meanPeakRequestsPerSecond,
          phases: [],
        })(detail.replica, emptyServing())
        if (steady.replicas !== planned.replicas) continue
        compared += 1
        expect(planned.averageBoardWatts).toBe(steady.averageBoardWatts)
        expect(planned.averageBusyFraction).toBe(steady.averageBusyFraction)
      }
      const { phases, averageWatts } = detail.fleet
      const sum = sumOf(phases.map((phase) => phase.averageWatts * (phase.endMonth - phase.startMonth)))
      expect(averageWatts / (sum / 40)).toBeCloseTo(1, 9)
    }
    expect(compared).toBeGreaterThan(20)
  })

  it('ends with the machines of buying all at the start, and never stands with more before', () => {
    const offersOf = (given: ScenarioInput) => {
      const space = spaceOf(given)
      const { table } = run(space)
      return new Map(
        machinesOf(space, table.size, table).map(({ detail }) => [optionId(detail), detail.fleet]),
      )
    }
    const atStart = offersOf({ ...growing, finance: { ...growing.finance, purchases: 'at-start' } })
    const whenNeeded = offersOf(growing)
    expect([...whenNeeded.keys()]).toEqual([...atStart.keys()])
    for (const [id, fleet] of whenNeeded) {
      const all = atStart.get(id)!
      expect(fleet.servers).toBe(all.servers)
      expect(all.phases.every((phase) => phase.servers === all.servers)).toBe(true)
      expect(fleet.meanServers).toBeLessThanOrEqual(all.meanServers)
      const counts = fleet.phases.map((phase) => phase.servers)
      expect(counts).toEqual([...counts].sort((a, b) => a - b))
    }
  })

  it('more growth and more users never end with fewer machines', () => {
    let before: Map<string, number> | undefined
    for (const [users, growthPerYear] of [
      [2_000, '0 %'],
      [2_000, '20 %'],
      [6_000, '20 %'],
      [6_000, '80 %'],
      [30_000, '80 %'],
    ] as const) {
      const space = spaceOf({ ...growing, demand: { users, growthPerYear } })
      const { table } = run(space)
      const now = new Map(
        machinesOf(space, table.size, table).map(({ detail }) => [optionId(detail), detail.fleet.servers]),
      )
      for (const [key, servers] of before ?? [])
        expect(now.get(key) ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(servers)
      before = now
    }
  })

  it('a demand that does not grow has no phases, whatever the rule', () => {
    for (const growthPerYear of ['0 %', '-10 %'])
      for (const purchases of ['when-needed', 'at-start'] as const)
        expect(
          spaceOf({ ...base, demand: { users: 900, growthPerYear }, finance: { purchases } }).task.phases,
        ).toEqual([])
  })
})

describe('phasesOf', () => {
  it('covers the months once, each phase the highest peak until its end', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 130 }),
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        fc.double({ min: 0.1, max: 50, noNaN: true }),
        (months, growth, first) => {
          const growthByMonth = Array.from({ length: months }, (_, month) => (1 + growth) ** (month / 12))
          const phases = phasesOf({ peakRequestsPerSecond: first, growthByMonth, purchases: 'when-needed' })
          if (months === 1) {
            expect(phases).toEqual([])
            return
          }
          expect(phases[0]?.startMonth).toBe(0)
          expect(phases.at(-1)?.endMonth).toBe(months)
          for (const [index, phase] of phases.entries()) {
            if (index > 0) expect(phase.startMonth).toBe(phases[index - 1]!.endMonth)
            expect(phase.peakRequestsPerSecond).toBe(first * growthByMonth[phase.endMonth - 1]!)
            expect(phase.meanPeakRequestsPerSecond).toBeLessThanOrEqual(phase.peakRequestsPerSecond)
          }
        },
      ),
    )
  })
})

describe('a plan of a growing demand', () => {
  const given: ScenarioInput = { ...growing, places: [...growing.places, { kind: 'api' }] }

  it.each([
    ['45 %', 1.45 ** (1 / 12)],
    ['-20 %', 0.8 ** (1 / 12)],
  ] as const)(
    'pays for traffic and the log of each month: growth of %s is a factor of %f a month',
    async (growthPerYear, factor) => {
      const made = await plan(
        { ...given, demand: { users: 9_000, growthPerYear }, places: { kind: 'cloud', provider: 'aws' } },
        small,
      )
      const { growthByMonth, outputTokensPerMonth } = made.workload
      const mean = sumOf(Array.from({ length: 40 }, (_, month) => factor ** month)) / 40
      expect(sumOf(growthByMonth) / 40).toBeCloseTo(mean, 9)
      for (const { cost } of made.options) {
        const line = cost.lines.find(({ id }) => id === 'egress')!
        const bytesPerToken = Number(
          small.rowsBy('planningDefaults', 'id').get('log-bytes-per-token')![0]!.value,
        )
        expect(line.quantity / ((outputTokensPerMonth.value * bytesPerToken * mean) / 1e9)).toBeCloseTo(1, 9)
        expect(line.totalUsd / (line.quantity * line.unitPriceUsd * 40)).toBeCloseTo(1, 9)
        expect(line.note).toMatch(/follows the demand/)
      }
      expect(made.options.length).toBeGreaterThan(0)
    },
  )

  it('recomputes to its own figures, and to those of a new plan with other users', async () => {
    const made = await plan(given, small)
    const optionIds = made.options.map((option) => option.id)
    const bases = recomputeBases({ plan: made, catalog: small, optionIds })
    const more = await plan({ ...given, demand: { ...growing.demand, users: 27_000 } }, small)
    let compared = 0
    for (const [options, demandRatio] of [
      [made.options, 1],
      [more.options, 3],
    ] as const)
      for (const option of options) {
        const known = bases.get(option.id)
        if (known === undefined) continue
        compared += 1
        const again = recompute(known, { demandRatio })
        expect(again.servers).toBe(option.deployment?.servers)
        expect(again.totalUsd! / option.cost.totalUsd.value).toBeCloseTo(1, 9)
        expect(again.netPresentUsd! / option.cost.netPresentUsd.value).toBeCloseTo(1, 9)
        if (option.carbon?.totalGramsPerMonth !== undefined)
          expect(again.carbonGramsPerMonth! / option.carbon.totalGramsPerMonth.value).toBeCloseTo(1, 9)
      }
    expect(compared).toBeGreaterThan(made.options.length)
  })
})
