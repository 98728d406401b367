import { RightsizeError } from '../foundation/errors.ts'
import { compareText } from '../foundation/notes.ts'
import { didYouMean } from '../foundation/suggest.ts'
import { type Catalog, rowNames, type TableName } from './catalog.ts'

/** One figure of the catalog with where it comes from. */
export interface ShownFigure {
  readonly table: string
  /** What tells this row from the others of the same subject: term, benchmark, year. */
  readonly row: string
  readonly figure: string
  readonly value: string | number | boolean
  readonly sourceId: string | undefined
  readonly asOf: string | undefined
  readonly quality: string | undefined
  readonly note: string | undefined
  readonly origin: 'catalog' | 'user'
}

export interface ShownEntity {
  readonly kind: string
  readonly id: string
  readonly name: string
  readonly figures: readonly ShownFigure[]
  readonly sources: readonly {
    id: string
    title: string
    address: string | undefined
    terms: string | undefined
  }[]
}

const subjects: readonly { table: TableName; kind: string; column?: string }[] = [
  { table: 'models', kind: 'model', column: 'model_id' },
  { table: 'accelerators', kind: 'accelerator', column: 'accelerator_id' },
  { table: 'servers', kind: 'server', column: 'server_id' },
  { table: 'places', kind: 'region', column: 'place_id' },
  { table: 'useCases', kind: 'use case', column: 'use_case_id' },
  { table: 'weightFormats', kind: 'weight format' },
  { table: 'kvFormats', kind: 'KV cache format' },
  { table: 'opex', kind: 'operating cost default' },
  { table: 'planningDefaults', kind: 'planning default' },
  { table: 'sources', kind: 'source' },
]

const hidden = new Set(['source_id', 'as_of', 'quality', 'note', 'origin', 'also_in', 'estimated_columns'])

/**
 * Everything the catalog says about an id (or a Hugging Face id, or an alias), figure by figure with its source.
 * @throws RightsizeError `unknown-id`
 */
export function showEntity(input: { catalog: Catalog; name: string }): ShownEntity {
  const wanted = input.name.trim().toLowerCase()
  for (const subject of subjects) {
    const row = input.catalog
      .rows(subject.table)
      .find((candidate) => rowNames(candidate as { id: string }).includes(wanted)) as
      | Record<string, unknown>
      | undefined
    if (row === undefined) continue
    const id = String(row['id'])
    const figures = rowFigures({ table: subject.table, row, label: '' })
    for (const table of subject.column === undefined
      ? []
      : (Object.keys(input.catalog.keys) as TableName[])) {
      const column = subject.column as never
      const named = table === 'embodied' ? ('item_id' as never) : column
      const related = (input.catalog.rowsBy(table, named).get(id) ?? []) as Record<string, unknown>[]
      for (const entry of related) {
        const keys = (input.catalog.keys[table] ?? []).filter(
          (key) => key !== subject.column && !hidden.has(key),
        )
        const label = keys
          .map((key) => entry[key])
          .filter((value) => value !== undefined)
          .join(', ')
        figures.push(...rowFigures({ table, row: entry, label, skip: [String(column), ...keys] }))
      }
    }
    const used = [
      ...new Set(figures.map((figure) => figure.sourceId).filter((source) => source !== undefined)),
    ]
    return {
      kind: subject.kind,
      id,
      name: String(row['name'] ?? row['title'] ?? row['field'] ?? id),
      figures,
      sources: used.sort(compareText).map((source) => {
        const known = input.catalog.source(source)
        return { id: source, title: known?.title ?? source, address: known?.address, terms: known?.terms }
      }),
    }
  }
  const all = subjects.flatMap((subject) =>
    input.catalog.rows(subject.table).map((row) => (row as { id: string }).id),
  )
  const hint = didYouMean(input.name, all)
  throw new RightsizeError({
    code: 'unknown-id',
    message: `the catalog has no "${input.name}"`,
    ...(hint === undefined ? {} : { hint }),
  })
}

function rowFigures(input: {
  table: string
  row: Readonly<Record<string, unknown>>
  label: string
  skip?: readonly string[]
}): ShownFigure[] {
  const { row } = input
  const text = (column: string) => (typeof row[column] === 'string' ? (row[column] as string) : undefined)
  const estimated = Array.isArray(row['estimated_columns']) ? (row['estimated_columns'] as string[]) : []
  const figures: ShownFigure[] = []
  let noted = false
  for (const [column, value] of Object.entries(row)) {
    if (hidden.has(column) || input.skip?.includes(column) || value === undefined) continue
    figures.push({
      table: input.table,
      row: input.label,
      figure: column,
      value: shownValue(value),
      sourceId: text('source_id'),
      asOf: text('as_of') ?? text('retrieved'),
      quality: estimated.includes(column) ? 'estimated' : text('quality'),
      note: noted ? undefined : text('note'),
      origin: row['origin'] === 'user' ? 'user' : 'catalog',
    })
    noted = true
  }
  return figures
}

function shownValue(value: unknown): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.join('; ')
  if (Array.isArray(value)) return value.map((item) => Object.values(item as object).join(' ')).join('; ')
  return JSON.stringify(value)
}
