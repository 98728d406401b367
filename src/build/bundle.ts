/**
 * Turns the checked tables into what is shipped: `dist/catalog.json` (data), `dist/catalog.js` (the same as a module,
 * for browsers and Node without import attributes), and the published JSON Schemas.
 * `--manifest` writes `catalogs/manifest.json` anew instead: same version, new hashes.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createCatalog, type PackedTable, type TableName } from '../catalogs/catalog.ts'
import { fileHashes, loadCatalogFolder, readCatalogTextsFromFolder } from '../catalogs/folder.node.ts'
import { tableHash } from '../catalogs/table-hash.ts'
import { RightsizeError } from '../foundation/errors.ts'

const dist = join(dirname(fileURLToPath(import.meta.url)), '..')
const catalogs = join(dist, '..', 'catalogs')

function writeManifest(): void {
  const file = join(catalogs, 'manifest.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  manifest['files'] = fileHashes(readCatalogTextsFromFolder(catalogs))
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`)
}

async function bundle(): Promise<void> {
  const checked = loadCatalogFolder(catalogs)
  const catalog = createCatalog(checked)
  const tables: Record<string, PackedTable> = {}
  for (const [name, table] of Object.entries(checked.tables))
    tables[name] =
      table.rows.length === 0 ? table : { hash: tableHash(catalog.rows(name as TableName)), ...table }
  const data = { ...checked, tables }
  const json = JSON.stringify(data)
  writeFileSync(join(dist, 'catalog.json'), json)
  // The CLI reads one table at a time, so that a look-up does not parse the price lists.
  const { tables: _, ...head } = data
  rmSync(join(dist, 'tables'), { recursive: true, force: true })
  mkdirSync(join(dist, 'tables'), { recursive: true })
  const hashes = Object.fromEntries(Object.entries(tables).map(([name, { hash }]) => [name, hash]))
  writeFileSync(join(dist, 'tables', 'index.json'), JSON.stringify({ ...head, hashes }))
  for (const [name, { hash: _, ...table }] of Object.entries(tables)) {
    writeFileSync(join(dist, 'tables', `${name}.json`), JSON.stringify(table))
  }
  writeFileSync(
    join(dist, 'catalog.js'),
    `import { createCatalog } from './catalogs/catalog.js'\nexport const catalogData = JSON.parse(${JSON.stringify(json)})\nexport const catalog = createCatalog(catalogData)\n`,
  )
  writeFileSync(
    join(dist, 'catalog.d.ts'),
    `import type { Catalog, CatalogData } from './catalogs/catalog.js'\n/** The packed tables as shipped. */\nexport declare const catalogData: CatalogData\n/** The catalog over them. */\nexport declare const catalog: Catalog\n`,
  )
  const { scenarioJsonSchema } = await import('../planner/scenario-json-schema.ts')
  writeFileSync(join(dist, 'scenario.schema.json'), `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`)
  const { planJsonSchema } = await import('../planner/plan-json-schema.ts')
  writeFileSync(join(dist, 'plan.schema.json'), `${JSON.stringify(planJsonSchema(), null, 2)}\n`)
}

try {
  if (process.argv.includes('--manifest')) writeManifest()
  else await bundle()
} catch (error) {
  if (!(error instanceof RightsizeError)) throw error
  process.stderr.write(`${error.message}\n`)
  for (const issue of error.issues) {
    process.stderr.write(
      `  ${issue.place.replace(catalogs, 'catalogs')}: ${issue.message}${issue.hint ? ` (${issue.hint})` : ''}\n`,
    )
  }
  process.exitCode = 2
}
