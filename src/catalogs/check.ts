import type { Issue } from '../foundation/errors.ts'
import { compareText } from '../foundation/notes.ts'
import { didYouMean } from '../foundation/suggest.ts'
import { rowNames, type TableName } from './catalog.ts'
import { type ReadRow, readTable } from './csv.ts'
import type { TableDefinition } from './schema/common.ts'
import { catalogTables } from './tables.ts'

/** Rows of all tables with the lines they stand on, as read from text. */
export type ReadCatalog = {
  [Name in TableName]?: {
    file: string
    rows: readonly ReadRow<AnyRow>[]
    broken: readonly ReadRow<AnyRow>[]
  }
}

export type AnyRow = Readonly<Record<string, unknown>>

/** Columns that name a row of another table, whatever table they stand in. */
const referenceColumns: Readonly<Record<string, string>> = {
  source_id: 'sources',
  model_id: 'models',
  accelerator_id: 'accelerators',
  server_id: 'servers',
  place_id: 'places',
  parent_id: 'places',
  use_case_id: 'useCases',
}

/** Columns whose list of names refers to another table. */
const listReferenceColumns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  servers: { accelerators: 'accelerators' },
}

/** Source ids that need no row of their own: what users write into their overlay. */
const userSource = 'user'

/**
 * Reads every table from its text and finds every problem: of the rows themselves, then between the tables.
 * `texts` maps a file name (`models.csv`) to its content.
 */
export function readCatalogTexts(input: {
  texts: ReadonlyMap<string, string>
  /** Put before the file name in messages: the folder as the user typed it. */
  folder?: string
  /** An overlay may leave tables out. */
  partial?: boolean
}): { tables: ReadCatalog; issues: Issue[] } {
  const issues: Issue[] = []
  const tables: ReadCatalog = {}
  const place = (file: string) => (input.folder === undefined ? file : `${input.folder}/${file}`)
  const files = new Map(Object.entries(catalogTables).map(([name, table]) => [table.file, name as TableName]))
  for (const file of [...input.texts.keys()].sort(compareText)) {
    if (!file.endsWith('.csv')) continue
    if (!files.has(file)) {
      const hint = didYouMean(file, files.keys())
      issues.push({ place: place(file), message: 'is not a table of the catalog', ...(hint ? { hint } : {}) })
    }
  }
  for (const [file, name] of files) {
    const text = input.texts.get(file)
    if (text === undefined) {
      if (!input.partial) issues.push({ place: place(file), message: 'the table is missing' })
      continue
    }
    const read = readTable({ table: catalogTables[name] as TableDefinition, text, file: place(file) })
    issues.push(...read.issues)
    tables[name] = { file: place(file), rows: read.rows as readonly ReadRow<AnyRow>[], broken: read.broken }
  }
  return { tables, issues }
}

/** What must hold between the rows of all tables; `base` is the catalog an overlay lies on. */
export function crossCheck(input: {
  tables: ReadCatalog
  base?: { rows: (table: TableName) => readonly AnyRow[] }
  /** Our own tables are kept sorted, so that diffs stay readable; a user's need not be. */
  sorted?: boolean
  /** No row may be newer. */
  asOf?: string
}): Issue[] {
  const issues: Issue[] = []
  const idsOf = new Map<string, Set<string>>()
  const ids = (table: string): Set<string> => {
    let known = idsOf.get(table)
    if (known === undefined) {
      known = new Set<string>()
      for (const row of input.base?.rows(table as TableName) ?? []) known.add(String(row['id']))
      const read = input.tables[table as TableName]
      for (const { row } of [...(read?.rows ?? []), ...(read?.broken ?? [])]) known.add(String(row['id']))
      if (table === 'sources' && input.base !== undefined) known.add(userSource)
      idsOf.set(table, known)
    }
    return known
  }
  const refer = (place: string, table: string, id: string) => {
    if (!(table in catalogTables) || ids(table).has(id)) return
    const hint = didYouMean(id, ids(table))
    issues.push({ place, message: `"${id}" is not in ${fileOf(table)}`, ...(hint ? { hint } : {}) })
  }
  for (const [name, table] of Object.entries(input.tables)) {
    for (const { line, row } of [...table.rows, ...table.broken]) {
      for (const [column, target] of Object.entries(referenceColumns)) {
        const value = row[column]
        if (typeof value === 'string') refer(`${table.file}:${line}  ${column}`, target, value)
      }
    }
    let previous: readonly unknown[] | undefined
    for (const { line, row } of table.rows) {
      for (const [column, target] of Object.entries(listReferenceColumns[name] ?? {})) {
        const values = row[column]
        if (Array.isArray(values))
          for (const value of values) refer(`${table.file}:${line}  ${column}`, target, String(value))
      }
      const asOf = row['as_of']
      if (input.asOf !== undefined && typeof asOf === 'string' && asOf > input.asOf) {
        issues.push({
          place: `${table.file}:${line}  as_of`,
          message: `${asOf} is after the catalog's date ${input.asOf}`,
        })
      }
      if (input.sorted) {
        const key = catalogTables[name as TableName].key.map((column) => row[column])
        if (previous !== undefined && compareKeys(previous, key) > 0) {
          issues.push({
            place: `${table.file}:${line}`,
            message: 'is out of order (rows are sorted by their key)',
          })
        }
        previous = key
      }
    }
  }
  for (const name of ['models', 'accelerators', 'servers', 'weightFormats', 'kvFormats'] as const) {
    issues.push(
      ...ambiguousNames({
        table: input.tables[name as TableName],
        base: input.base?.rows(name as TableName),
      }),
    )
  }
  return issues
}

function ambiguousNames(input: {
  table: { file: string; rows: readonly ReadRow<AnyRow>[] } | undefined
  base: readonly AnyRow[] | undefined
}): Issue[] {
  const issues: Issue[] = []
  const owner = new Map<string, string>()
  const replaced = new Set(input.table?.rows.map(({ row }) => row['id']))
  for (const row of input.base ?? []) {
    if (replaced.has(row['id'])) continue
    for (const name of rowNames(row as { id: string })) owner.set(name, String(row['id']))
  }
  for (const { line, row } of input.table?.rows ?? []) {
    for (const name of new Set(rowNames(row as { id: string }))) {
      const other = owner.get(name)
      if (other !== undefined && other !== row['id']) {
        issues.push({
          place: `${input.table?.file}:${line}`,
          message: `the name "${name}" already means ${other}`,
        })
      } else owner.set(name, String(row['id']))
    }
  }
  return issues
}

function fileOf(table: string): string {
  return (catalogTables as Record<string, { file: string }>)[table]?.file ?? table
}

/** Column by column: numbers by size, everything else by code point, unknown first. */
function compareKeys(a: readonly unknown[], b: readonly unknown[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index]
    const order =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : compareText(String(left ?? ''), String(right ?? ''))
    if (order !== 0) return order
  }
  return 0
}
