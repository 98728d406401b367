import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Catalog } from '../catalogs/catalog.ts'
import { createCatalog } from '../catalogs/catalog.ts'
import { loadCatalogFolder } from '../catalogs/folder.node.ts'
import { plan } from './plan.ts'
import type { Plan } from './plan-types.ts'
import { type RecomputeBasis, recompute } from './recompute.ts'
import { recomputeBases } from './recompute-basis.ts'
import { basisFromJson, basisToJson } from './recompute-json.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const examples = [
  'customer-care-chatbot',
  'cloud-wins',
  'api-wins',
  'on-prem-wins',
  'shared-cluster',
  'pay-as-you-use',
] as const

describe('recompute', () => {
  let catalog: Catalog
  const plans = new Map<string, Plan>()
  const bases = new Map<string, Map<string, RecomputeBasis>>()

  beforeAll(async () => {
    catalog = createCatalog(loadCatalogFolder(join(root, 'catalogs')))
    for (const name of examples) {
      const given = parse(readFileSync(join(root, 'examples', name, 'scenario.yaml'), 'utf8')) as never
      const made = await plan(given, catalog)
      plans.set(name, made)
      const optionIds = made.options.map((option) => option.id)
      bases.set(name, recomputeBases({ plan: made, catalog, optionIds }))
    }
  })

  it.each(examples)(
    'without changes gives the figures of every listed option of %s, from JSON too',
    (name) => {
      for (const option of plans.get(name)!.options) {
        const basis = bases.get(name)!.get(option.id)
        expect(basis, option.id).toBeDefined()
        const again = recompute(basisFromJson(JSON.parse(JSON.stringify(basisToJson(basis!)))))
        const near = (value: number | undefined, planned: number | undefined) => {
          if (planned === undefined) expect(value).toBeUndefined()
          else expect(value! / planned).toBeCloseTo(1, 9)
        }
        near(again.totalUsd, option.cost.totalUsd.value)
        near(again.netPresentUsd, option.cost.netPresentUsd.value)
        near(again.usdPerMillionTokens, option.cost.blendedUsdPerMillionTokens.value)
        near(again.kilowattHoursPerMonth, option.energy?.kilowattHoursPerMonth?.value)
        near(again.carbonGramsPerMonth, option.carbon?.totalGramsPerMonth?.value)
        expect(again.replicas).toBe(option.deployment?.replicas)
        expect(again.servers).toBe(option.deployment?.servers)
        expect(again.accelerators).toBe(option.deployment?.accelerators)
      }
    },
  )

  it('more demand never needs fewer machines nor costs less', () => {
    for (const basis of [...bases.values()].flatMap((map) => [...map.values()])) {
      let before = recompute(basis, { demandRatio: 0.25 })
      for (const demandRatio of [0.5, 1, 2, 4, 8]) {
        const now = recompute(basis, { demandRatio })
        expect(now.servers ?? 0).toBeGreaterThanOrEqual(before.servers ?? 0)
        expect(now.totalUsd!).toBeGreaterThanOrEqual(before.totalUsd! * (1 - 1e-9))
        before = now
      }
    }
  })

  it('the electricity price moves own machines only, the horizon moves all', () => {
    for (const basis of [...bases.values()].flatMap((map) => [...map.values()])) {
      const base = recompute(basis)
      const dear = recompute(basis, { electricityUsdPerKilowattHour: 1 })
      const paysForIt = base.lines.some((line) => line.category === 'electricity')
      if (paysForIt) expect(dear.totalUsd).not.toBe(base.totalUsd)
      else expect(dear.totalUsd).toBe(base.totalUsd)
      expect(recompute(basis, { horizonMonths: basis.horizonMonths + 12 }).monthlyUsd).toHaveLength(
        basis.horizonMonths + 13,
      )
    }
  })

  it('equals a new plan of the same scenario with other users, where that plan lists the option', async () => {
    const given = parse(readFileSync(join(root, 'examples/customer-care-chatbot/scenario.yaml'), 'utf8')) as {
      demand: { users: number }
    }
    const more = { ...given, demand: { ...given.demand, users: given.demand.users * 3 } }
    const made = await plan(more as never, catalog)
    let compared = 0
    for (const option of made.options) {
      const basis = bases.get('customer-care-chatbot')!.get(option.id)
      if (basis === undefined) continue
      compared += 1
      const again = recompute(basis, { demandRatio: 3 })
      expect(again.servers).toBe(option.deployment?.servers)
      expect(again.totalUsd! / option.cost.totalUsd.value).toBeCloseTo(1, 9)
    }
    expect(compared).toBeGreaterThan(0)
  })
})
