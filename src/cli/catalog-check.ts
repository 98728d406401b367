import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CatalogData, createCatalog } from '../catalogs/catalog.ts'
import { readCatalogFolder, readCatalogTextsFromFolder } from '../catalogs/folder.node.ts'
import { overlayCatalog } from '../catalogs/overlay.ts'
import { type Issue, RightsizeError } from '../foundation/errors.ts'
import type { CliIo } from './io.ts'
import { loadCliCatalog } from './load-catalog.ts'
import { textTable } from './text-table.ts'

/** Checks our tables, or an overlay lying on them. Prints the counts, or every problem. True where all is well. */
export async function checkCatalog(input: {
  dir: string | undefined
  json: boolean
  io: CliIo
}): Promise<boolean> {
  const { io } = input
  const { data, issues } = input.dir === undefined ? ownTables() : await overlayTables(input.dir, io)
  if (input.json) {
    const counts = Object.fromEntries(
      Object.entries(data?.tables ?? {}).map(([name, table]) => [name, table.rows.length]),
    )
    io.stdout.write(
      `${JSON.stringify({ version: data?.version, ok: issues.length === 0, counts, issues }, null, 2)}\n`,
    )
    return issues.length === 0
  }
  if (issues.length > 0) {
    for (const issue of issues) {
      io.stdout.write(
        `${issue.place}: ${issue.message}${issue.hint === undefined ? '' : ` (${issue.hint})`}\n`,
      )
    }
    io.stderr.write(`${issues.length} ${issues.length === 1 ? 'problem' : 'problems'}\n`)
    return false
  }
  if (data !== undefined) io.stdout.write(countsText(data))
  io.stderr.write(`catalog ${data?.version} is clean\n`)
  return true
}

function ownTables(): { data: CatalogData; issues: readonly Issue[] } {
  return readCatalogFolder(fileURLToPath(new URL('../../catalogs', import.meta.url)))
}

async function overlayTables(
  dir: string,
  io: CliIo,
): Promise<{ data: CatalogData | undefined; issues: readonly Issue[] }> {
  const base = await loadCliCatalog({ overlay: undefined, io })
  try {
    const texts = readCatalogTextsFromFolder(resolve(io.cwd, dir))
    return { data: overlayCatalog({ base, texts, folder: dir }), issues: [] }
  } catch (error) {
    if (error instanceof RightsizeError && error.code === 'catalog-invalid')
      return { data: undefined, issues: error.issues }
    throw error
  }
}

function countsText(data: CatalogData): string {
  const catalog = createCatalog(data)
  const extra: Record<string, string> = {
    cloudPrices: `${new Set(catalog.rows('cloudPrices').map((row) => row.provider)).size} providers`,
    apiPrices: `${new Set(catalog.rows('apiPrices').map((row) => row.provider)).size} providers`,
    gridCarbon: carbonCounts(catalog),
    electricityPrices: `${countries(catalog, catalog.rows('electricityPrices'))} countries`,
    gridWater: `${countries(catalog, catalog.rows('gridWater'))} countries`,
  }
  return textTable(
    [{ title: 'table' }, { title: 'rows', align: 'right' }, { title: '' }],
    Object.entries(data.tables).map(([name, table]) => [name, String(table.rows.length), extra[name] ?? '']),
  )
}

type Places = ReturnType<typeof createCatalog>

function countries(catalog: Places, rows: readonly { readonly place_id: string }[]): number {
  const kinds = new Map(catalog.rows('places').map((row) => [row.id, row.kind]))
  return new Set(rows.filter((row) => kinds.get(row.place_id) === 'country').map((row) => row.place_id)).size
}

function carbonCounts(catalog: Places): string {
  const kinds = new Map(catalog.rows('places').map((row) => [row.id, row.kind as string]))
  const seen = new Map<string, Set<string>>()
  for (const row of [...catalog.rows('gridCarbon'), ...catalog.rows('gridCarbonShareAlike')]) {
    const kind = kinds.get(row.place_id) ?? 'place'
    seen.set(kind, (seen.get(kind) ?? new Set()).add(row.place_id))
  }
  return [...seen].map(([kind, ids]) => `${ids.size} ${kind}`).join(', ')
}
