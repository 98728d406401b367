import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createCatalog } from '../../catalogs/catalog.ts'
import { readCatalogFolder } from '../../catalogs/folder.node.ts'
import { plan } from '../plan.ts'
import { checkScenario } from '../scenario/read.ts'
import { search } from '../search/search.ts'
import type { SearchResult } from '../search/search-types.ts'
import { type SearchSpace, searchSpace } from '../search/space.ts'
import { detailOf, optionId } from './detail.ts'
import { jointRelaxation } from './joint-relaxation.ts'
import { partsOfRow } from './option.ts'
import { measured, relaxationsOf } from './relaxation.ts'

const root = join(fileURLToPath(import.meta.url), '..', '..', '..', '..')
const catalog = createCatalog(readCatalogFolder(join(root, 'catalogs')).data)
const given = {
  schemaVersion: 1 as const,
  name: 'A large model in a cupboard',
  useCase: 'rag-search',
  demand: { users: 300 },
  model: { ids: ['llama-3.3-70b-instruct'], allowUnknownQuality: true },
  formats: { weights: ['fp8'] },
  hardware: { accelerators: ['h100-sxm-80', 'l40s', 'mi300x'] },
  places: { kind: 'on-prem' as const, country: 'de' },
  constraints: { capex: '30000 EUR', powerPerSite: '800 W' },
  finance: { currency: { code: 'EUR', usdPerUnit: 1.25 } },
}

async function searched(space: SearchSpace): Promise<SearchResult> {
  const steps = search(space, { keepDominatedPrices: false })
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

test('the joint relaxation is the least of all offers, and in the order of the search’s figures it finds the same', async () => {
  const file = 'test'
  const space = searchSpace({ scenario: checkScenario({ value: given, file }), catalog, file })
  const [found] = await jointRelaxation({ space, run: searched })
  const all = relaxationsOf(space)
  const free = all.reduce((of, relaxation) => relaxation.without(of), space)
  const { table } = await searched(free)
  const overshoots = Array.from({ length: table.size }, (_, row) => {
    const detail = detailOf(free, partsOfRow(table, row))
    const sum = all
      .map(({ constraint, limit }) => Math.max(0, measured(free, detail, constraint) / (limit ?? 1) - 1))
      .reduce((a, b) => a + b, 0)
    return { id: optionId(detail), sum }
  })
  const least = Math.min(...overshoots.map(({ sum }) => sum))
  const own = overshoots.find(({ id }) => id === found?.candidate)
  expect(overshoots.length).toBeGreaterThan(100)
  expect(own?.sum).toBeCloseTo(least, 9)
}, 60_000)

test('messages name money in the scenario’s currency, figures stay in USD', async () => {
  const { infeasible } = await plan(given, catalog)
  const capex = infeasible?.relaxations
    .flatMap((entry) => [entry, ...(entry.alsoNeeded ?? [])])
    .find(({ constraint }) => constraint === 'capex')
  expect(capex?.from).toBe(30_000 * 1.25)
  const texts = [
    ...(infeasible?.relaxations ?? []).map(({ message }) => message),
    ...(infeasible?.closest ?? []).flatMap(({ misses }) => misses.map(({ message }) => message)),
  ].join('\n')
  expect(texts).toContain('30,000 EUR')
  expect(texts).not.toContain('USD')
}, 60_000)
