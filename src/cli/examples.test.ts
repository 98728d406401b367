import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createCatalog } from '../catalogs/catalog.ts'
import { loadCatalogFolder } from '../catalogs/folder.node.ts'
import { roundSignificant } from '../foundation/format.ts'
import { plan } from '../planner/plan.ts'
import { planSchema } from '../planner/plan-json-schema.ts'
import type { Plan } from '../planner/plan-types.ts'
import { readGivenScenario } from '../planner/scenario/read.ts'
import { renderPlan } from './render-plan.ts'

// Goldens are written anew, after a look at the difference, by: npx vitest run src/cli/examples.test.ts -u

const folder = new URL('../../examples/', import.meta.url)
const catalog = createCatalog(loadCatalogFolder(new URL('../../catalogs', import.meta.url).pathname))
const cases = readdirSync(folder)
  .filter((name) => !name.startsWith('tco-') && !name.endsWith('.md'))
  .sort()

/** What each example is there to show: the kind of place that costs least, or that nothing fits. */
const lessons: Readonly<Record<string, string>> = {
  'api-wins': 'api',
  'cascade-helpdesk': 'on-prem',
  'cloud-wins': 'cloud',
  'coding-assistant': 'on-prem',
  'customer-care-chatbot': 'on-prem',
  'growing-demand': 'on-prem',
  'nothing-fits': 'nothing fits',
  'on-device-assistant': 'device',
  'on-prem-wins': 'on-prem',
  'pay-as-you-use': 'subscription',
  'shared-cluster': 'on-prem',
}

const plans = new Map<string, Promise<Plan>>()
const planOf = (name: string): Promise<Plan> => {
  const known = plans.get(name)
  if (known !== undefined) return known
  const file = `${name}/scenario.yaml`
  const { given } = readGivenScenario({ text: readFileSync(new URL(file, folder), 'utf8'), file })
  const fresh = plan(given, catalog, { file })
  plans.set(name, fresh)
  return fresh
}

describe.each(cases)('%s', (name) => {
  it('teaches what it says', async () => {
    const { options, roles } = await planOf(name)
    const cheapest = options.find((option) => option.id === roles.cheapest)
    expect(cheapest?.place.kind ?? 'nothing fits').toBe(lessons[name])
  })

  it('reads as the golden one', async () => {
    const text = renderPlan(withoutHash(await planOf(name)), { format: 'md', all: false })
    await expect(text).toMatchFileSnapshot(new URL(`${name}/expected.md`, folder).pathname)
  })

  it('has the figures of the golden one', async () => {
    const text = `${JSON.stringify(digest(await planOf(name)), null, 2)}\n`
    await expect(text).toMatchFileSnapshot(new URL(`${name}/expected.json`, folder).pathname)
  })

  it('validates against the published schema, to the last key', async () => {
    const { error } = planSchema.safeParse(JSON.parse(JSON.stringify(await planOf(name))))
    expect(error?.issues ?? []).toEqual([])
  })
})

it('a cascade spares against its large model alone, where most requests are easy', async () => {
  const { cascade } = await planOf('cascade-helpdesk')
  const cheapest = cascade?.versusSingle.find((row) => row.role === 'cheapest' && row.against === 'large')
  expect(cheapest?.netPresentUsdDifference).toBeLessThan(0)
})

it('a growing demand has machines bought year by year, and fewer at the start than at the end', async () => {
  const { options, roles } = await planOf('growing-demand')
  const phases = options.find((option) => option.id === roles.cheapest)?.phases ?? []
  expect(phases).toHaveLength(4)
  for (const phase of phases) expect(phase.addedServers).toBeGreaterThan(0)
  expect(phases[0]!.servers).toBeLessThan(phases.at(-1)!.servers / 2)
})

it('workloads of one cluster each keep their own targets', async () => {
  const { options, workloads } = await planOf('shared-cluster')
  expect(workloads).toHaveLength(3)
  for (const option of options)
    for (const [index, seen] of (option.workloads ?? []).entries())
      expect(seen.ttft.p95.value).toBeLessThanOrEqual(workloads![index]!.ttftSeconds)
})

/** A new row that no example needs must not change every golden. */
function withoutHash(whole: Plan): Plan {
  return {
    ...whole,
    catalog: { version: whole.catalog.version, asOf: whole.catalog.asOf, hash: '(any)', userRows: 0 },
  }
}

/** The plan with four significant digits, without what is long and follows from the rest. */
function digest(whole: Plan): unknown {
  const named = new Set([...Object.values(whole.roles), ...whole.sideBySide.map((entry) => entry.optionId)])
  return rounded({
    ...withoutHash(whole),
    scenario: undefined,
    models: { kept: whole.models.kept, leftOut: whole.models.leftOut.length },
    workload: { ...whole.workload, growthByMonth: whole.workload.growthByMonth.at(-1) },
    paretoFront: whole.paretoFront.map((point) => point.id),
    options: whole.options.map((option) => {
      const { id, rank, roles, score, cost, capacity, explanation, notes, ...rest } = option
      const { monthlyUsd: _months, lines, ...money } = cost
      const brief = { id, rank, roles, score: score.value, usdPerMonth: cost.usdPerMonth.value }
      if (!named.has(id)) return brief
      return {
        ...brief,
        ...rest,
        capacity: capacity && { ...capacity, curve: capacity.curve.length },
        cost: { ...money, lines: Object.fromEntries(lines.map((line) => [line.id, line.totalUsd])) },
        explanation: Object.fromEntries(explanation.map((entry) => [entry.figure, entry.result])),
        notes: notes.map((note) => note.code),
      }
    }),
    ...(whole.cascade === undefined ? {} : { cascade: cascadeDigest(whole.cascade) }),
    notes: whole.notes.map((note) => `${note.level} ${note.code} ${note.about}`),
  })
}

/** Pairs and comparisons; the options of both sides by their names. */
function cascadeDigest({ small, large, largeAlone, notes, ...rest }: NonNullable<Plan['cascade']>): unknown {
  const ids = (side: typeof small) => side?.options.map((option) => option.id)
  return {
    ...rest,
    small: ids(small),
    large: ids(large),
    largeAlone: ids(largeAlone),
    notes: notes.map((note) => `${note.level} ${note.code}`),
  }
}

function rounded(value: unknown): unknown {
  if (typeof value === 'number') return roundSignificant(value, 4)
  if (Array.isArray(value)) return value.map(rounded)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, rounded(entry)]))
}
