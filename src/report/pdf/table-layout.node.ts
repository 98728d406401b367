import type { ReportCell, ReportColumn, ReportRow, TableBlock } from '../report-document.ts'
import { type ColumnNeed, columnWidths, leastWidth } from './column-widths.ts'
import { longestPart } from './line-breaks.ts'
import type { Paper, TextStyle } from './paper.node.ts'
import { page, type } from './theme.ts'

export const padX = 5
const padY = 3.2
/** Characters of the longest text that counts as a number with its unit. */
const longestNumber = 18
/** Size of a footnote mark beside its text. */
export const markShare = 0.66
/** Height of the unit under a column's title, in lines. */
const unitShare = 0.92
/** A long table is set smaller and tighter: it is looked up, not read. */
const longSize = 7
const tightSize = 7.8
const tightPadY = 1.8
/** A word may claim at most this share of the width before it is cut. */
const mostLeastShare = 0.34

export interface Layout {
  readonly size: number
  readonly tight: boolean
  readonly widths: readonly number[]
  /** Room for the footnote marks of each column, so that numbers stay in line. */
  readonly marks: readonly number[]
}

export interface SetCell {
  readonly cell: ReportCell
  readonly lines: readonly string[]
}

/** A row with its lines broken. */
export interface SetRow {
  readonly style: ReportRow['style']
  readonly isHeader: boolean
  readonly cells: readonly SetCell[]
  readonly height: number
}

/** Turned only where the columns do not fit upright at a size that people can read. */
export function liesOnItsSide(paper: Paper, table: TableBlock): boolean {
  const upright = page.width - 2 * page.marginX
  return leastWidth(needsOf(paper, table, type.table - 1.5, upright)) > upright
}

export interface SetTable {
  readonly layout: Layout
  readonly header: SetRow
  readonly rows: readonly SetRow[]
  readonly height: number
}

/** Widths, type size and broken lines of a whole table. `tight`: smaller, with less air. */
export function setTable(paper: Paper, table: TableBlock, tight: boolean): SetTable {
  const layout = layoutOf(paper, table, tight)
  const header = setRow(paper, headerRow(table.columns), layout, table.columns, true)
  const rows = table.rows.map((row) => setRow(paper, row, layout, table.columns, false))
  return { layout, header, rows, height: rows.reduce((sum, row) => sum + row.height, header.height) }
}

function layoutOf(paper: Paper, table: TableBlock, tight: boolean): Layout {
  let size: number = table.long ? longSize : tight ? tightSize : type.table
  for (; size > type.tableLeast; size -= 0.5)
    if (leastWidth(needsOf(paper, table, size, paper.width)) <= paper.width) break
  return {
    size,
    tight,
    widths: columnWidths({ needs: needsOf(paper, table, size, paper.width), width: paper.width }),
    marks: marksOf(paper, table, size),
  }
}

function marksOf(paper: Paper, table: TableBlock, size: number): number[] {
  const measure = paper.measure({ font: 'semibold', size: size * markShare })
  return table.columns.map((_, index) =>
    Math.max(0, ...table.rows.map((row) => measure((row.cells[index]?.marks ?? []).join(',')))),
  )
}

function needsOf(paper: Paper, table: TableBlock, size: number, width: number): ColumnNeed[] {
  const regular = paper.measure({ font: 'regular', size })
  const bold = paper.measure({ font: 'semibold', size })
  const marks = marksOf(paper, table, size)
  return table.columns.map((column, index) => {
    const pad = 2 * padX + (marks[index] ?? 0)
    let least = longestPart({ text: column.title, measure: bold })
    let most = Math.max(bold(column.title) * 0.6, column.unit === undefined ? 0 : regular(column.unit))
    let sum = 0
    let count = 0
    for (const row of table.rows) {
      if (row.style === 'group') continue
      const text = row.cells[index]?.text ?? ''
      const measure = row.style === 'normal' ? regular : bold
      const whole = Math.max(...text.split('\n').map(measure))
      // Numbers keep to one line.
      const isNumber = column.align === 'right' && text.length <= longestNumber
      least = Math.max(least, isNumber ? whole : longestPart({ text, measure }))
      most = Math.max(most, whole)
      sum += whole
      count += 1
    }
    least = Math.min(least, width * mostLeastShare)
    const usual = Math.max(least, (most + 2 * (sum / Math.max(count, 1))) / 3)
    return { least: least + pad, usual: usual + pad, most: Math.max(most, least) + pad }
  })
}

function headerRow(columns: readonly ReportColumn[]): ReportRow {
  return { style: 'normal', cells: columns.map((column) => ({ text: column.title })) }
}

export function styleOf(paper: Paper, row: Pick<SetRow, 'style' | 'isHeader'>, size: number): TextStyle {
  return {
    font: row.isHeader || row.style !== 'normal' ? 'semibold' : 'regular',
    size,
    colour: row.isHeader || row.style === 'group' ? paper.theme.primary : paper.theme.ink,
    leading: type.tableLeading,
  }
}

function setRow(
  paper: Paper,
  row: ReportRow,
  layout: Layout,
  columns: readonly ReportColumn[],
  isHeader: boolean,
): SetRow {
  const style = styleOf(paper, { style: row.style, isHeader }, layout.size)
  const total = totalWidth(layout)
  const cells = row.cells.map((cell, index): SetCell => {
    if (row.style === 'group' && index > 0) return { cell, lines: [] }
    const width = row.style === 'group' ? total : (layout.widths[index] ?? 0)
    const marks = row.style === 'group' ? 0 : (layout.marks[index] ?? 0)
    return { cell, lines: paper.lines(cell.text, width - 2 * padX - marks + 0.01, style) }
  })
  const lines = cells.map(
    (cell, index) => cell.lines.length + (isHeader && columns[index]?.unit !== undefined ? unitShare : 0),
  )
  const height = Math.max(1, ...lines) * paper.lineHeight(style) + 2 * padYOf(layout)
  return { style: row.style, isHeader, cells, height }
}

export function padYOf(layout: Layout): number {
  return layout.tight ? tightPadY : padY
}

export function totalWidth(layout: Layout): number {
  return layout.widths.reduce((sum, width) => sum + width, 0)
}
