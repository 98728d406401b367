/**
 * Candidates evaluated per second and core, enumeration included, and how time and memory grow with the search.
 * `npm run --silent build && node dist/bench/plan-search.js [scenario.yaml …]`
 */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createCatalog } from '../catalogs/catalog.ts'
import { readCatalogFolder } from '../catalogs/folder.node.ts'
import { checkScenario, readScenario } from '../planner/scenario/read.ts'
import type { Scenario } from '../planner/scenario/schema.ts'
import { search } from '../planner/search/search.ts'
import { searchSpace } from '../planner/search/space.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const catalog = createCatalog(readCatalogFolder(join(root, 'catalogs')).data)

const open = (models: readonly string[] | undefined): Scenario =>
  checkScenario({
    value: {
      schemaVersion: 1,
      name: 'everything',
      useCase: 'customer-care-chatbot',
      demand: { users: 20_000 },
      model: { allowUnknownQuality: true, ...(models === undefined ? {} : { ids: models }) },
      places: [{ kind: 'on-prem', country: 'de' }, { kind: 'colocation', country: 'de' }, { kind: 'cloud' }],
    },
  })

function measure(name: string, scenario: Scenario): void {
  const prepared = performance.now()
  const space = searchSpace({ scenario, catalog, file: name })
  const start = performance.now()
  const cpu = process.cpuUsage()
  const run = search(space, { keepDominatedPrices: false })
  let step = run.next()
  while (!step.done) step = run.next()
  // CPU time, so that other work on the machine does not count.
  const used = process.cpuUsage(cpu)
  const seconds = (used.user + used.system) / 1e6
  const { candidates, feasibleCandidates, pricedOffers, table } = step.value
  const rate = Math.round(candidates / seconds)
  const memory = Math.round(process.memoryUsage().rss / 1e6)
  process.stdout.write(
    `${name}: ${candidates} candidates (${feasibleCandidates} feasible), ${pricedOffers} prices, ${table.size} offers kept, ` +
      `prepared in ${Math.round(start - prepared)} ms, ${seconds.toFixed(3)} s of CPU, ${rate} candidates/s, RSS ${memory} MB\n`,
  )
}

const files = process.argv.slice(2)
for (const file of files) measure(file, readScenario({ text: readFileSync(file, 'utf8'), file }))
if (files.length === 0) {
  const ids = catalog
    .rows('models')
    .filter((row) => row.kind === 'generative' && row.layer_groups !== undefined)
    .map((row) => row.id)
  for (const share of [0.125, 0.25, 0.5, 1]) {
    const every = Math.round(1 / share)
    measure(`models 1/${every}`, open(ids.filter((_, index) => index % every === 0)))
  }
}
