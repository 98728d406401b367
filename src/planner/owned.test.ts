import { beforeAll, describe, expect, it } from 'vitest'
import { sumOf } from '../estimators/cost/cash-flow.ts'
import { detailOf, type MachineDetail } from './assemble/detail.ts'
import { partsOfRow } from './assemble/option.ts'
import { costLines } from './assemble/option-cost.ts'
import { plan } from './plan.ts'
import { recompute } from './recompute.ts'
import { recomputeBases } from './recompute-basis.ts'
import type { ScenarioInput } from './scenario/schema.ts'
import { opexRow } from './search/own-cost.ts'
import { base, run, small, spaceOf } from './small-search.test-data.ts'

const onPremises = { ...base, places: base.places.slice(0, 2) } as unknown as ScenarioInput
const growth = {
  demand: { users: 9_000, growthPerYear: '45 %' },
  finance: { horizon: '40 months' },
} as const satisfies Partial<ScenarioInput>

describe('hardware that is owned already', () => {
  let owned: NonNullable<NonNullable<ScenarioInput['hardware']>['owned']>
  const given = (change: Partial<ScenarioInput> = {}): ScenarioInput => ({
    ...onPremises,
    hardware: { ...onPremises.hardware, owned },
    ...change,
  })

  beforeAll(async () => {
    const { options } = await plan(onPremises, small)
    const { server, accelerator } = options[0]!.deployment!
    // One whose accelerators are priced apart, one of any kind.
    owned = [
      { server: server.id, accelerator: accelerator.id, count: 100 },
      ...['l4', 'l40s', 'h100-sxm-80']
        .filter((id) => id !== accelerator.id)
        .flatMap((id) => {
          const other = options.find((option) => option.deployment?.accelerator.id === id)?.deployment
          return other === undefined ? [] : [{ server: other.server.id, accelerator: id, count: 100 }]
        }),
    ]
  })

  it.each([
    ['a steady demand', {}],
    ['a growing demand, machines when needed', growth],
    ['a discount on hardware', { finance: { hardwareDiscount: '20 %' } }],
  ] as const)(
    'pays a share of its price new, month by month, and nothing for its purchase: %s',
    (_, change) => {
      const space = spaceOf(given(change))
      const { table } = run(space)
      const { finance } = space.resolved.limits
      const months = finance.horizonMonths
      const share = opexRow(small, 'maintenance-per-year').value
      expect(table.size).toBeGreaterThan(10)
      for (let row = 0; row < table.size; row += 1) {
        const detail = detailOf(space, partsOfRow(table, row)) as MachineDetail
        const { server, accelerator } = detail.site.machine.price!
        const each = server.usd + detail.fleet.partsPerServer * (accelerator?.usd ?? 0)
        const lines = costLines(space, detail)
        const of = (category: string) =>
          sumOf(
            lines
              .filter((line) => line.category === category)
              .map(({ timing, amountUsd }) =>
                timing.kind === 'once' ? amountUsd! : amountUsd! * (months - timing.fromMonth + 1),
              ),
          )
        expect(of('servers') + of('accelerators') + of('installation') + of('residual')).toBe(0)
        const expected =
          (share / 12) * each * (1 - finance.hardwareDiscountFraction) * detail.fleet.meanServers * months
        expect(of('maintenance') / expected).toBeCloseTo(1, 9)
        // The search has it too.
        expect(
          table.figures.totalUsd[row]! /
            sumOf(
              [...new Set(lines.map(({ category }) => category))].map((category) =>
                category === 'electricity' ? electricity(lines, months) : of(category),
              ),
            ),
        ).toBeCloseTo(1, 9)
      }
    },
  )

  it('costs what the same machines bought cost, without purchase, installation, spares of them and residual value', async () => {
    const bought = spaceOf(onPremises)
    const space = spaceOf(given())
    const { table } = run(space)
    const maintenanceOf = (of: typeof space, detail: MachineDetail) =>
      costLines(of, detail).find((line) => line.category === 'maintenance')!.amountUsd!
    const site = (of: typeof space, id: string, accelerator: string) =>
      of.machines.find(({ machine }) => machine.id === id && machine.accelerator.id === accelerator)!
    for (let row = 0; row < Math.min(20, table.size); row += 1) {
      const detail = detailOf(space, partsOfRow(table, row)) as MachineDetail
      const { id, accelerator } = detail.site.machine
      const asBought = { ...detail, site: site(bought, id, accelerator.id) }
      expect(maintenanceOf(space, detail)).toBeCloseTo(maintenanceOf(bought, asBought), 6)
    }
  })

  it.each([
    ['steady', {}],
    ['growing', growth],
  ] as const)('is billed, recomputed, drawn and told alike: %s', async (_, change) => {
    const made = await plan(given(change), small)
    const optionIds = made.options.map((option) => option.id)
    const bases = recomputeBases({ plan: made, catalog: small, optionIds })
    for (const option of made.options) {
      const { cost, sensitivity, notes } = option
      expect(sumOf(cost.lines.map((line) => line.totalUsd)) / cost.totalUsd.value).toBeCloseTo(1, 9)
      const again = recompute(bases.get(option.id)!)
      expect(again.totalUsd! / cost.totalUsd.value).toBeCloseTo(1, 9)
      expect(again.netPresentUsd! / cost.netPresentUsd.value).toBeCloseTo(1, 9)
      expect(cost.lines.find(({ category }) => category === 'maintenance')!.note).toMatch(/price new/)
      expect(notes.map(({ code }) => code)).toContain('owned-maintenance')
      // 12 % of the price new, from 10 to 15 %: the bar moves maintenance alone.
      const bar = sensitivity.find(({ input }) => input === 'maintenance')!
      const maintenance = sumOf(
        cost.lines.filter(({ category }) => category === 'maintenance').map((line) => line.totalUsd),
      )
      expect((bar.usdAtHigh - bar.usdAtLow) / maintenance).toBeCloseTo((0.15 - 0.1) / 0.12, 6)
    }
  })

  it('has none where the scenario says so', async () => {
    const made = await plan(given({ finance: { maintenance: '0 %' } }), small)
    for (const { cost, notes, sensitivity } of made.options) {
      expect(cost.lines.filter((line) => line.category === 'maintenance')).toEqual([])
      expect(notes.map(({ code }) => code)).toContain('owned-without-maintenance')
      expect(sensitivity.map(({ input }) => input)).not.toContain('serverPrice')
    }
  })
})

/** With the price’s growth at each anniversary. */
function electricity(lines: ReturnType<typeof costLines>, months: number): number {
  let usd = 0
  for (const { category, timing, amountUsd } of lines)
    if (category === 'electricity' && timing.kind === 'monthly')
      for (let month = timing.fromMonth; month <= Math.min(timing.toMonth, months); month += 1)
        usd += amountUsd! * (1 + (timing.growthPerYearFraction ?? 0)) ** Math.floor((month - 1) / 12)
  return usd
}
