import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Catalog, createCatalog } from '../catalogs/catalog.ts'
import { loadCatalogFolder } from '../catalogs/folder.node.ts'
import { plan } from './plan.ts'
import type { Plan } from './plan-types.ts'
import { recompute } from './recompute.ts'
import { type CascadeBases, cascadeBases } from './recompute-basis.ts'
import { basisFromJson, basisToJson, fromSharedJson, type Json, sharedJson } from './recompute-json.ts'
import { type PairBasis, type PairChanges, recomputePair } from './recompute-pair.ts'
import type { ScenarioInput } from './scenario/schema.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

describe.each(['router', 'after-answer'] as const)('recomputePair, %s', (escalation) => {
  let catalog: Catalog
  let given: ScenarioInput
  let made: Plan
  let bases: CascadeBases

  beforeAll(async () => {
    catalog = createCatalog(loadCatalogFolder(join(root, 'catalogs')))
    const example = readFileSync(join(root, 'examples', 'cascade-helpdesk', 'scenario.yaml'), 'utf8')
    const scenario = parse(example) as ScenarioInput
    const hardware = { accelerators: ['l40s', 'h100-nvl-94', 'rtx-pro-6000-bse'] }
    given = { ...scenario, hardware, cascade: { ...scenario.cascade!, escalation } }
    made = await plan(given, catalog)
    bases = cascadeBases({ plan: made, catalog })
  })

  const near = (value: number | undefined, planned: number | undefined) => {
    if (planned === undefined) expect(value).toBeUndefined()
    else if (planned === 0) expect(value).toBe(0)
    else expect(value! / planned).toBeCloseTo(1, 9)
  }

  /** Pairs of another plan whose members both plans have: the figures must be the same, machines counted anew. */
  const agree = (other: Plan, changes: PairChanges): number => {
    const pairs = other.cascade!.pairs.filter((pair) => bases.pairs.has(pair.id))
    for (const pair of pairs) {
      const again = recomputePair(bases.pairs.get(pair.id)!, changes)
      near(again.totalUsd, pair.cost.totalUsd.value)
      near(again.netPresentUsd, pair.cost.netPresentUsd.value)
      near(again.upfrontUsd, pair.cost.upfrontUsd.value)
      near(again.usdPerMonth, pair.cost.usdPerMonth.value)
      near(again.kilowattHoursPerMonth, pair.kilowattHoursPerMonth?.value)
      near(again.carbonGramsPerMonth, pair.carbonGramsPerMonth?.value)
      for (const side of ['small', 'large'] as const) {
        const id = side === 'small' ? pair.smallOptionId : pair.largeOptionId
        const option = other.cascade![side]!.options.find((entry) => entry.id === id)!
        expect(again[side]?.replicas).toBe(option.deployment?.replicas)
        expect(again[side]?.accelerators).toBe(option.deployment?.accelerators)
      }
    }
    return pairs.length
  }

  it('without changes gives the figures of every pair, and of the large model alone', () => {
    expect(agree(made, {})).toBe(made.cascade!.pairs.length)
    for (const option of made.cascade!.largeAlone!.options)
      near(recompute(bases.largeAlone.get(option.id)!).totalUsd, option.cost.totalUsd.value)
  })

  it('survives JSON, and JSON that keeps equal parts once', () => {
    const all = [...bases.pairs.values()]
    const plain = all.map((basis) => basisToJson(basis))
    const shared = sharedJson(plain)
    expect(JSON.stringify(shared).length).toBeLessThan(JSON.stringify(plain).length)
    const again = fromSharedJson(JSON.parse(JSON.stringify(shared))) as Json[]
    expect(again).toEqual(plain)
    for (const [index, basis] of all.entries())
      expect(recomputePair(basisFromJson<PairBasis>(again[index]!))).toEqual(recomputePair(basis))
  })

  it('equals a new plan with other users, another share or another horizon, where it has the same pair', async () => {
    const users = await plan({ ...given, demand: { ...given.demand, users: 52_000 } }, catalog)
    const share = await plan({ ...given, cascade: { ...given.cascade!, smallFraction: 0.75 } }, catalog)
    const horizon = await plan({ ...given, finance: { horizon: '4 years' } }, catalog)
    const compared = [
      agree(users, { demandRatio: 52 / 40 }),
      agree(share, { smallFraction: 0.75 }),
      agree(horizon, { horizonMonths: 48 }),
    ]
    expect(Math.min(...compared)).toBeGreaterThan(0)
  })

  it('moves requests from one model to the other: what one spares the other pays', () => {
    for (const basis of bases.pairs.values()) {
      const [less, more] = [0.05, 0.95].map((smallFraction) => recomputePair(basis, { smallFraction }))
      expect(more!.large!.totalUsd!).toBeLessThan(less!.large!.totalUsd!)
      // After an answer the small model sees every request, whatever it can answer.
      const [few, many] = [less!.small!, more!.small!]
      if (escalation === 'router') {
        expect(many.kilowattHoursPerMonth!).toBeGreaterThan(few.kilowattHoursPerMonth!)
        expect(many.replicas!).toBeGreaterThanOrEqual(few.replicas!)
      } else expect(many.totalUsd).toBe(few.totalUsd)
      expect(recomputePair(basis, { smallFraction: 1 }).large).toBeUndefined()
    }
  })
})
