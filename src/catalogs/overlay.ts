import type { Catalog, CatalogData, PackedTable, TableName } from './catalog.ts'
import { packTable } from './catalog.ts'
import { type AnyRow, crossCheck, readCatalogTexts } from './check.ts'
import { throwIssues } from './csv.ts'
import { catalogTables } from './tables.ts'

/**
 * The catalog with the user's rows laid over it. A row with the key of one of ours replaces it, others are added;
 * each says `origin: user`. `texts` maps file names (`models.csv`) to their content.
 * @throws RightsizeError `catalog-invalid` listing every problem of every file.
 */
export function overlayCatalog(input: {
  base: Catalog
  texts: ReadonlyMap<string, string>
  folder?: string
}): CatalogData {
  const { tables, issues } = readCatalogTexts({
    texts: input.texts,
    partial: true,
    ...(input.folder === undefined ? {} : { folder: input.folder }),
  })
  const rowsOf = (table: TableName) => input.base.rows(table) as unknown as readonly AnyRow[]
  throwIssues([...issues, ...crossCheck({ tables, base: { rows: rowsOf } })])
  const packed: { [Name in TableName]?: PackedTable } = {}
  for (const name of Object.keys(catalogTables) as TableName[]) {
    const key = catalogTables[name].key
    const keyOf = (row: AnyRow) => key.map((column) => String(row[column] ?? '')).join('\u0000')
    const merged = new Map(rowsOf(name).map((row) => [keyOf(row), row]))
    for (const { row } of tables[name]?.rows ?? []) merged.set(keyOf(row), { ...row, origin: 'user' })
    const hash = (tables[name]?.rows ?? []).length === 0 ? input.base.knownHash(name) : undefined
    packed[name] = { ...(hash === undefined ? {} : { hash }), ...packTable([...merged.values()]) }
  }
  return {
    keys: input.base.keys,
    version: `${input.base.version}+user`,
    asOf: input.base.asOf,
    tables: packed,
  }
}
