import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Catalog, type CatalogData, createCatalog } from '../catalogs/catalog.ts'
import type { CliIo } from './io.ts'

/** The shipped catalog, with the user's folder laid over it where one is given. CSV and zod load only for that. */
export async function loadCliCatalog(input: { overlay: string | undefined; io: CliIo }): Promise<Catalog> {
  const base = createCatalog(shippedData())
  if (input.overlay === undefined) return base
  const [{ readCatalogTextsFromFolder }, { overlayCatalog }] = await Promise.all([
    import('../catalogs/folder.node.ts'),
    import('../catalogs/overlay.ts'),
  ])
  const folder = resolve(input.io.cwd, input.overlay)
  return createCatalog(
    overlayCatalog({ base, texts: readCatalogTextsFromFolder(folder), folder: input.overlay }),
  )
}

/** The shipped tables, each parsed when it is first asked for. */
function shippedData(): CatalogData {
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(new URL(`../tables/${name}.json`, import.meta.url), 'utf8'))
  const { tables: names, ...head } = read('index') as Omit<CatalogData, 'tables'> & { tables: string[] }
  const tables = {}
  for (const name of names) {
    Object.defineProperty(tables, name, { enumerable: true, get: () => read(name) })
  }
  return { ...head, tables }
}
