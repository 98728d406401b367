import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Catalog, type CatalogData, createCatalog, type PackedTable } from '../catalogs/catalog.ts'
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
  const { hashes, ...head } = read('index') as Omit<CatalogData, 'tables'> & {
    hashes: Record<string, string>
  }
  const tables: Record<string, PackedTable> = {}
  for (const [name, hash] of Object.entries(hashes)) {
    let table: PackedTable | undefined
    const parsed = () => {
      table ??= read(name) as PackedTable
      return table
    }
    tables[name] = {
      hash,
      get columns() {
        return parsed().columns
      },
      get rows() {
        return parsed().rows
      },
    }
  }
  return { ...head, tables }
}
