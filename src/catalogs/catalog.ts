import type { z } from 'zod'
import { RightsizeError } from '../foundation/errors.ts'
import { didYouMean } from '../foundation/suggest.ts'
import type { catalogTables } from './tables.ts'

type Tables = typeof catalogTables
export type TableName = keyof Tables

/** A row as its schema gives it; rows of the user's overlay say so. */
export type Row<Name extends TableName> = z.output<Tables[Name]['schema']> & { readonly origin?: 'user' }

export type ModelRow = Row<'models'>
export type AcceleratorRow = Row<'accelerators'>
export type ServerRow = Row<'servers'>
export type WeightFormatRow = Row<'weightFormats'>
export type KvFormatRow = Row<'kvFormats'>
export type SourceRow = Row<'sources'>

/** A table packed by columns: small to ship, quick to parse, turned into objects only when asked for. */
export interface PackedTable {
  /** `tableHash` of its rows, where the build has computed it. */
  readonly hash?: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

export interface CatalogData {
  /** The columns that name a row of each table. */
  readonly keys: Readonly<Record<string, readonly string[]>>
  readonly version: string
  /** The date the catalog was closed; rows older than a given age are called stale against it, not the clock. */
  readonly asOf: string
  readonly tables: { readonly [Name in TableName]?: PackedTable }
}

export interface Catalog {
  readonly keys: Readonly<Record<string, readonly string[]>>
  readonly version: string
  readonly asOf: string
  /** Hash of a table where the build has computed it: nobody reads a table only to hash it. */
  readonly knownHash: (table: TableName) => string | undefined
  readonly rows: <Name extends TableName>(table: Name) => readonly Row<Name>[]
  /** Rows of a table grouped by one of its columns (built once). */
  readonly rowsBy: <Name extends TableName>(
    table: Name,
    column: keyof Row<Name> & string,
  ) => Map<unknown, Row<Name>[]>
  readonly model: (name: string) => ModelRow
  readonly accelerator: (name: string) => AcceleratorRow
  readonly server: (name: string) => ServerRow
  readonly weightFormat: (name: string) => WeightFormatRow
  readonly kvFormat: (name: string) => KvFormatRow
  readonly source: (id: string) => SourceRow | undefined
}

/** The catalog over packed data. Nothing is validated here: the build and the overlay reader have done it. */
export function createCatalog(data: CatalogData): Catalog {
  const unpacked = new Map<TableName, readonly Row<TableName>[]>()
  const groups = new Map<string, Map<unknown, Row<TableName>[]>>()
  const names = new Map<TableName, Map<string, Row<TableName>>>()

  const rows = <Name extends TableName>(table: Name): readonly Row<Name>[] => {
    const known = unpacked.get(table)
    if (known !== undefined) return known as unknown as readonly Row<Name>[]
    const packed = data.tables[table]
    const fresh: readonly object[] = packed === undefined ? [] : unpackTable(packed)
    unpacked.set(table, fresh as readonly Row<TableName>[])
    return fresh as unknown as readonly Row<Name>[]
  }

  const rowsBy = <Name extends TableName>(table: Name, column: keyof Row<Name> & string) => {
    const key = `${table}.${column}`
    let group = groups.get(key)
    if (group === undefined) {
      group = new Map()
      for (const row of rows(table)) {
        const value = (row as Record<string, unknown>)[column]
        const bucket = group.get(value)
        if (bucket === undefined) group.set(value, [row as Row<TableName>])
        else bucket.push(row as Row<TableName>)
      }
      groups.set(key, group)
    }
    return group as unknown as Map<unknown, Row<Name>[]>
  }

  const byName = <Name extends TableName>(table: Name): Map<string, Row<Name>> => {
    let index = names.get(table)
    if (index === undefined) {
      index = new Map()
      for (const row of rows(table)) {
        for (const name of rowNames(row as NamedRow))
          if (!index.has(name)) index.set(name, row as Row<TableName>)
      }
      names.set(table, index)
    }
    return index as unknown as Map<string, Row<Name>>
  }

  const find = <Name extends TableName>(
    table: Name,
    name: string,
    what: { code: 'unknown-model' | 'unknown-accelerator' | 'unknown-server' | 'unknown-id'; noun: string },
  ): Row<Name> => {
    const index = byName(table)
    const found = index.get(name.trim().toLowerCase())
    if (found !== undefined) return found
    const hint = didYouMean(name, new Set([...index.values()].map((row) => (row as unknown as NamedRow).id)))
    throw new RightsizeError({
      code: what.code,
      message: `unknown ${what.noun} "${name}"`,
      issues: [{ place: what.noun, message: `"${name}" is not in the catalog`, ...(hint ? { hint } : {}) }],
      ...(hint ? { hint } : {}),
    })
  }

  return {
    keys: data.keys,
    version: data.version,
    asOf: data.asOf,
    knownHash: (table) => data.tables[table]?.hash,
    rows,
    rowsBy,
    model: (name) => find('models', name, { code: 'unknown-model', noun: 'model' }),
    accelerator: (name) => find('accelerators', name, { code: 'unknown-accelerator', noun: 'accelerator' }),
    server: (name) => find('servers', name, { code: 'unknown-server', noun: 'server' }),
    weightFormat: (name) => find('weightFormats', name, { code: 'unknown-id', noun: 'weight format' }),
    kvFormat: (name) => find('kvFormats', name, { code: 'unknown-id', noun: 'KV cache format' }),
    source: (id) => rowsBy('sources', 'id').get(id)?.[0],
  }
}

interface NamedRow {
  readonly id: string
  readonly hf_id?: string
  readonly aliases?: readonly string[]
}

/** Every name a row answers to, lower case. */
export function rowNames(row: NamedRow): string[] {
  const names = [row.id, ...(row.hf_id === undefined ? [] : [row.hf_id]), ...(row.aliases ?? [])]
  return names.map((name) => name.toLowerCase())
}

function unpackTable(packed: PackedTable): Record<string, unknown>[] {
  const { columns } = packed
  return packed.rows.map((cells) => {
    const row: Record<string, unknown> = {}
    for (let index = 0; index < cells.length; index += 1) {
      const value = cells[index]
      if (value !== null) row[columns[index]!] = value
    }
    return row
  })
}

/** The reverse of what `createCatalog` does when asked for rows. Unknown cells become null. */
export function packTable(rows: readonly object[]): PackedTable {
  const columns: string[] = []
  for (const row of rows) {
    for (const [column, value] of Object.entries(row)) {
      if (value !== undefined && !columns.includes(column)) columns.push(column)
    }
  }
  return {
    columns,
    rows: rows.map((row) => {
      const cells = columns.map((column) => (row as Record<string, unknown>)[column] ?? null)
      while (cells.length > 0 && cells.at(-1) === null) cells.pop()
      return cells
    }),
  }
}
