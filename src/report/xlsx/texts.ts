import type { ChartBlock, ChartPicture, ReportSection, TableBlock } from '../report-document.ts'
import { newSheet, optionName, type WorkbookContext } from './context.ts'
import type { SheetBuilder } from './sheet-builder.ts'

/** Every note of the plan and its options, warnings first as the plan has them. */
export function notesSheet(context: WorkbookContext): SheetBuilder {
  const { words, plan, t } = context
  const sheet = newSheet(context, 'sheet.notes', 'lead.notes')
  sheet.widths(14, 46, 34, 90, 28)
  sheet.header(
    [
      words('notes.level'),
      words('notes.option'),
      words('notes.about'),
      words('notes.message'),
      words('column.source'),
    ],
    20,
  )
  sheet.freezeAt(sheet.row, 0)
  const seen = new Set<string>()
  const all = [
    ...plan.notes.map((note) => ({ note, of: words('any-option') })),
    ...(plan.cascade?.notes ?? []).map((note) => ({ note, of: words('sheet.cascades') })),
    ...context.options.flatMap((option) =>
      option.notes.map((note) => ({ note, of: optionName(context, option) })),
    ),
  ]
  for (const { note, of } of all) {
    const key = [note.code, note.about, note.message].join('\u0000')
    if (seen.has(key)) continue
    seen.add(key)
    sheet.text(0, t(`level.${note.level}`), { bold: note.level === 'warning' })
    sheet.text(1, of, { kind: 'muted', wrap: true })
    sheet.text(2, note.about, { wrap: true })
    const message = context.say.note(note)
    sheet.text(3, message, { wrap: true })
    sheet.text(4, note.sourceId ?? '', { kind: 'muted' })
    sheet.height(15 * Math.max(1, Math.ceil(message.length / 85), Math.ceil(of.length / 42)))
    sheet.row += 1
  }
  return sheet
}

/** The report's table of sources. */
export function sourcesSheet(context: WorkbookContext): SheetBuilder {
  const sheet = newSheet(context, 'sheet.sources', 'lead.sources')
  const section = context.document.sections.find((entry) => entry.id === 'sources')
  const tables = section === undefined ? [] : tablesOf(section)
  const widths = widthsOf(tables)
  sheet.widths(...widths)
  for (const table of tables) writeTable(sheet, table, widths)
  return sheet
}

/** Wide enough for what a column holds as a rule. */
function widthsOf(tables: readonly TableBlock[]): number[] {
  const columns = Math.max(0, ...tables.map((table) => table.columns.length))
  return Array.from({ length: columns }, (_, column) => {
    const lengths = tables.flatMap((table) => table.rows.map((row) => row.cells[column]?.text.length ?? 0))
    lengths.sort((a, b) => a - b)
    return Math.min(60, Math.max(16, (lengths[Math.floor(lengths.length * 0.8)] ?? 0) + 4))
  })
}

function tablesOf(section: ReportSection): TableBlock[] {
  return section.blocks.filter((block): block is TableBlock => block.kind === 'table')
}

function writeTable(sheet: SheetBuilder, table: TableBlock, widths: readonly number[]): void {
  sheet.text(0, table.caption, { kind: 'section' })
  sheet.height(22)
  sheet.row += 1
  sheet.header(
    table.columns.map((column) =>
      column.unit === undefined ? column.title : `${column.title} (${column.unit})`,
    ),
  )
  for (const row of table.rows) {
    row.cells.forEach((cell, column) => {
      const look = row.style === 'group' ? ({ kind: 'group' } as const) : ({ wrap: true } as const)
      if (cell.value !== undefined) sheet.number(column, cell.value, { format: 'price' })
      else if (cell.href !== undefined) sheet.link(column, cell.text, look)
      else sheet.text(column, cell.text, look)
    })
    const longest = Math.max(
      ...row.cells.map((cell, column) => Math.ceil(cell.text.length / ((widths[column] ?? 20) - 3))),
    )
    sheet.height(15 * Math.max(1, longest))
    sheet.row += 1
  }
  sheet.row += 1
}

/** A column of width 10 is 75 pixels wide in the workbook's font. */
const pictureColumns = 10
const pictureColumnWidth = 10
const pictureWidth = 750
const rowPixels = 20
const pointsPerPixel = 0.75

/** The report's charts as pictures, each with its title and alt text. */
export function chartsSheet(
  context: WorkbookContext,
  charts: ReadonlyMap<string, ChartPicture>,
): SheetBuilder | undefined {
  const blocks = context.document.sections
    .flatMap((section) => section.blocks)
    .filter((block): block is ChartBlock => block.kind === 'chart' && charts.has(block.id))
  if (blocks.length === 0) return undefined
  const sheet = newSheet(context, 'sheet.charts', 'lead.charts')
  sheet.widths(...Array.from({ length: pictureColumns }, () => pictureColumnWidth))
  blocks.forEach((block, index) => {
    const picture = charts.get(block.id)!
    const height = (pictureWidth * picture.heightPixels) / picture.widthPixels
    const rows = Math.ceil(height / rowPixels)
    if (index > 0) sheet.breakPage()
    sheet.text(0, block.title, { kind: 'section' })
    sheet.height(22)
    sheet.row += 1
    sheet.image({
      data: picture.png,
      type: 'png',
      anchor: {
        from: { row: sheet.row, col: 0 },
        to: { row: sheet.row + rows, col: pictureColumns },
      },
      altText: block.alt,
      title: block.title,
    })
    // The rows under the picture are exactly as high as it is.
    for (let row = 0; row < rows; row += 1) sheet.height((height / rows) * pointsPerPixel, sheet.row + row)
    sheet.row += rows
    if (block.caption !== undefined) {
      sheet.text(0, block.caption, { kind: 'lead' })
      sheet.row += 1
    }
    sheet.row += 1
  })
  return sheet
}
