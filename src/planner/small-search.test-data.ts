import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type Catalog,
  type CatalogData,
  createCatalog,
  packTable,
  type TableName,
} from '../catalogs/catalog.ts'
import { readCatalogFolder } from '../catalogs/folder.node.ts'
import { checkScenario } from './scenario/read.ts'
import type { ScenarioInput } from './scenario/schema.ts'
import { search } from './search/search.ts'
import type { SearchResult } from './search/search-types.ts'
import { type SearchSpace, searchSpace } from './search/space.ts'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'catalogs')
const everything = readCatalogFolder(folder).data
export const full = createCatalog(everything)

/** A catalog small enough to try everything: two models, three accelerators, their machines and clouds. */
export const small: Catalog = (() => {
  const accelerators = ['h100-sxm-80', 'l4', 'l40s']
  const keep: Partial<Record<TableName, (row: Record<string, unknown>) => boolean>> = {
    models: (row) => ['llama-3.1-8b-instruct', 'qwen3-30b-a3b'].includes(String(row['id'])),
    accelerators: (row) => accelerators.includes(String(row['id'])),
    cloudPrices: (row) => ['aws', 'runpod'].includes(String(row['provider'])),
  }
  const tables: Record<string, unknown> = { ...everything.tables }
  for (const [name, test] of Object.entries(keep)) {
    const rows = full.rows(name as TableName) as unknown as readonly Record<string, unknown>[]
    tables[name] = packTable(rows.filter(test))
  }
  return createCatalog({ ...everything, tables } as CatalogData)
})()

export const base = {
  schemaVersion: 1,
  name: 'test',
  useCase: 'customer-care-chatbot',
  demand: { users: 30_000 },
  model: { allowUnknownQuality: true },
  formats: { weights: ['bf16', 'fp8'], kvCache: 'fp8' },
  hardware: { maxAcceleratorsPerReplica: 4 },
  targets: { ttft: '2 s', tpot: '60 ms' },
  places: [{ kind: 'on-prem', country: 'de' }, { kind: 'colocation', country: 'us' }, { kind: 'cloud' }],
} as const satisfies ScenarioInput

/** Two quotes: one meters accelerators from a base so low that the small load of the tests crosses it, the other whole servers of which most are committed. */
export const subscription: Exclude<NonNullable<ScenarioInput['places']>, unknown[]> = {
  kind: 'subscription',
  country: 'de',
  provider: 'lessor',
  quotes: [
    {
      id: 'cards',
      accelerator: 'l40s',
      unit: 'accelerator',
      committedFraction: '0.5 %',
      committedPrice: '420 USD/month',
      extraPrice: '560 USD/month',
      cap: '2 %',
      setupPrice: '5000 USD',
      includesElectricity: false,
      includesMaintenance: false,
    },
    {
      server: 'nvidia-dgx-h100',
      unit: 'server',
      committedFraction: '60 %',
      committedPrice: '9000 USD/month',
      includesElectricity: true,
      includesMaintenance: true,
    },
  ],
}

export const spaceOf = (given: ScenarioInput, catalog = small) =>
  searchSpace({ scenario: checkScenario({ value: given }), catalog, file: 'test' })

export function run(space: SearchSpace, keepDominatedPrices = true): SearchResult {
  const steps = search(space, { keepDominatedPrices })
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
