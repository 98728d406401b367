import type { Command } from 'commander'
import type { Cell } from '../../catalogs/filter.ts'
import type { ShownFigure } from '../../catalogs/show.ts'
import type { CatalogKind } from '../../catalogs/views.ts'
import { formatSignificant } from '../../foundation/format.ts'
import { type CliIo, exitCodes } from '../io.ts'
import type { Exit } from '../run.ts'

/** `rightsize catalog …`: look things up, show where a figure comes from, check the tables. */
export function registerCatalog(program: Command, io: CliIo, exit: Exit): void {
  const catalog = program
    .command('catalog')
    .description('look up models, accelerators, servers, prices, regions; check the tables')
  const kinds: Readonly<Record<CatalogKind, string>> = {
    models: 'language, embedding and reranker models',
    accelerators: 'GPUs, NPUs, TPUs, processors',
    servers: 'servers, workstations, laptops, phones',
    'cloud-prices': 'rented instances with accelerators',
    'api-prices': 'hosted models by the token',
    regions: 'countries, grids and cloud regions: carbon, electricity, water, PUE',
    'use-cases': 'profiles that supply defaults',
    'weight-formats': 'formats of weights and their bits',
    sources: 'where the figures were read',
  }
  for (const [kind, description] of Object.entries(kinds)) {
    catalog
      .command(kind)
      .description(description)
      .option('--search <text>', 'only rows that contain these words')
      .option(
        '--where <condition>',
        'only rows that meet a condition, such as memory_gb>=80 (repeatable)',
        collected,
        [],
      )
      .option('--columns <names>', 'columns to show, separated by commas')
      .option('--all-columns', 'every column')
      .option('--catalog <dir>', 'lay your own tables over the catalog')
      .option('--json', 'print one JSON document')
      .action(async (options: ListOptions) => list({ kind: kind as CatalogKind, options, io }))
  }
  catalog
    .command('show <id>')
    .description('every figure the catalog has on an id, with source and date')
    .option('--catalog <dir>', 'lay your own tables over the catalog')
    .option('--json', 'print one JSON document')
    .action(async (id: string, options: { catalog?: string; json?: boolean }) => show({ id, options, io }))
  catalog
    .command('check [dir]')
    .description('check every table (ours, or an overlay folder) and list all problems')
    .option('--json', 'print one JSON document')
    .action(async (dir: string | undefined, options: { json?: boolean }) => {
      const { checkCatalog } = await import('../catalog-check.ts')
      exit(
        (await checkCatalog({ dir, json: options.json === true, io })) ? exitCodes.done : exitCodes.badInput,
      )
    })
}

interface ListOptions {
  readonly search?: string
  readonly where: string[]
  readonly columns?: string
  readonly allColumns?: boolean
  readonly catalog?: string
  readonly json?: boolean
}

function collected(value: string, previous: string[]): string[] {
  return [...previous, value]
}

async function list(input: { kind: CatalogKind; options: ListOptions; io: CliIo }): Promise<void> {
  const { kind, options, io } = input
  const [
    { catalogRecords, listedColumns },
    { filterRecords },
    { textTable },
    { loadCliCatalog },
    { slmThreshold },
  ] = await Promise.all([
    import('../../catalogs/views.ts'),
    import('../../catalogs/filter.ts'),
    import('../text-table.ts'),
    import('../load-catalog.ts'),
    import('../../catalogs/defaults.ts'),
  ])
  const catalog = await loadCliCatalog({ overlay: options.catalog, io })
  const all = catalogRecords({ catalog, kind, slmBelowParameters: slmThreshold(catalog) })
  const known = [...new Set(all.flatMap((record) => Object.keys(record)))]
  const columns = options.allColumns
    ? known
    : (options.columns?.split(',').map((name) => name.trim()) ?? listedColumns[kind])
  const unknown = columns.filter((column) => !known.includes(column) && !listedColumns[kind].includes(column))
  if (unknown.length > 0) {
    const { RightsizeError } = await import('../../foundation/errors.ts')
    const { didYouMean } = await import('../../foundation/suggest.ts')
    throw new RightsizeError({
      code: 'arguments-invalid',
      message: 'unknown columns',
      issues: unknown.map((column) => ({
        place: '--columns',
        message: `"${column}" is not a column of ${kind}`,
        hint: didYouMean(column, known) ?? `columns: ${known.join(', ')}`,
      })),
    })
  }
  const records = filterRecords({ records: all, conditions: options.where, search: options.search })
  if (options.json) {
    io.stdout.write(
      `${JSON.stringify({ catalogVersion: catalog.version, kind, count: records.length, rows: records }, null, 2)}\n`,
    )
    return
  }
  if (records.length > 0) {
    io.stdout.write(
      textTable(
        columns.map((column) => ({
          title: column,
          align: records.some((record) => typeof record[column] === 'number') ? 'right' : 'left',
        })),
        records.map((record) => columns.map((column) => cellText(record[column]))),
      ),
    )
  }
  io.stderr.write(`${records.length} of ${all.length} rows, catalog ${catalog.version}\n`)
}

function cellText(cell: Cell): string {
  if (cell === undefined) return '–'
  if (typeof cell === 'number') return Number.isInteger(cell) ? String(cell) : formatSignificant(cell, 4)
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  if (typeof cell === 'string') return cell
  return cell.length > 4 ? `${cell.slice(0, 3).join(';')};… (${cell.length})` : cell.join(';')
}

async function show(input: {
  id: string
  options: { catalog?: string; json?: boolean }
  io: CliIo
}): Promise<void> {
  const { id, options, io } = input
  const [{ showEntity }, { loadCliCatalog }, { textTable, textPairs }] = await Promise.all([
    import('../../catalogs/show.ts'),
    import('../load-catalog.ts'),
    import('../text-table.ts'),
  ])
  const catalog = await loadCliCatalog({ overlay: options.catalog, io })
  const entity = showEntity({ catalog, name: id })
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ catalogVersion: catalog.version, ...entity }, null, 2)}\n`)
    return
  }
  io.stdout.write(`${entity.name} (${entity.kind} ${entity.id})\n`)
  for (const table of new Set(entity.figures.map((figure) => figure.table))) {
    const figures = entity.figures.filter((figure) => figure.table === table)
    io.stdout.write(`\n${table}\n${figuresText(figures, { textTable, textPairs })}`)
  }
  const notes = entity.figures.filter((figure) => figure.note !== undefined)
  if (notes.length > 0) {
    io.stdout.write('\nNotes\n')
    for (const figure of notes)
      io.stdout.write(`  ${[figure.table, figure.row].filter(Boolean).join(', ')}: ${figure.note}\n`)
  }
  io.stdout.write('\nSources\n')
  for (const source of entity.sources) {
    io.stdout.write(
      `  ${source.id}: ${source.title}${source.address ? ` <${source.address}>` : ''}${source.terms ? ` (${source.terms})` : ''}\n`,
    )
  }
}

interface Renderers {
  readonly textTable: typeof import('../text-table.ts').textTable
  readonly textPairs: typeof import('../text-table.ts').textPairs
}

/** One row: its figures down the page. Several rows of a table: one line each. The source closes every row. */
function figuresText(figures: readonly ShownFigure[], { textTable, textPairs }: Renderers): string {
  const rows = new Map<string, ShownFigure[]>()
  for (const figure of figures) rows.set(figure.row, [...(rows.get(figure.row) ?? []), figure])
  const origin = (figure: ShownFigure) =>
    [figure.origin === 'user' ? 'user' : '', figure.quality ?? '', figure.asOf ?? '', figure.sourceId ?? '']
      .filter(Boolean)
      .join(', ')
  const [only] = rows.values()
  if (rows.size === 1 && only !== undefined) {
    const common = origin(only[0]!)
    const pairs = only.map((figure): [string, string] => [
      figure.figure,
      `${figure.value}${origin(figure) === common ? '' : `  (${origin(figure)})`}`,
    ])
    const label = only[0]?.row === '' ? [] : [['', only[0]!.row] as [string, string]]
    return textPairs([...label, ...pairs, ['source', common]], '  ')
  }
  const columns = [...new Set(figures.map((figure) => figure.figure))]
  return textTable(
    [{ title: 'row' }, ...columns.map((title) => ({ title })), { title: 'quality, as of, source' }],
    [...rows].map(([label, entries]) => [
      label,
      ...columns.map((column) => String(entries.find((entry) => entry.figure === column)?.value ?? '–')),
      origin(entries[0]!),
    ]),
  )
}
