import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Catalog, type CatalogData, createCatalog } from '../catalogs/catalog.ts'
import type { CliIo } from './io.ts'

/** The shipped catalog, with the user's folder laid over it where one is given. CSV and zod load only for that. */
export async function loadCliCatalog(input: { overlay: string | undefined; io: CliIo }): Promise<Catalog> {
  const shipped = new URL('../catalog.json', import.meta.url)
  const base = createCatalog(JSON.parse(readFileSync(shipped, 'utf8')) as CatalogData)
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
