import type { ReportColumn, TableBlock } from '../report-document.ts'
import type { Paper, TextStyle } from './paper.node.ts'
import {
  type Layout,
  liesOnItsSide,
  markShare,
  padX,
  padYOf,
  type SetCell,
  type SetRow,
  setTable,
  styleOf,
  totalWidth,
} from './table-layout.node.ts'
import { page, type } from './theme.ts'

/** Of a table that fits on a page: what must fit for it to start on this one. */
const leastStartShare = 0.4
/** Of a page: tables that take less are not split. */
const mostWholeShare = 0.25

/** Table with caption, header on each page, whole rows, footnotes. */
export function drawTable(paper: Paper, table: TableBlock, caption: string): void {
  if (liesOnItsSide(paper, table) !== paper.isLandscape) paper.newPage({ landscape: !paper.isLandscape })
  paper.space(8)
  const footnotes = footnotesHeight(paper, table.footnotes)
  const above = captionHeight(paper, caption)
  let set = setTable(paper, table, table.long || paper.density < 1)
  if (above + set.height + footnotes > paper.room) {
    // Set tighter where that keeps it on this page.
    const tight = setTable(paper, table, true)
    if (above + tight.height + footnotes <= paper.room) set = tight
  }
  const { layout, header, rows } = set
  const first = rows.slice(0, 2).reduce((sum, row) => sum + row.height, 0)
  const whole = above + set.height + footnotes
  // A table that fits on one page does not start with a few rows at the foot of another.
  const share = whole <= paper.fullHeight * mostWholeShare ? 1 : leastStartShare
  const start = whole <= paper.fullHeight ? whole * share : 0
  paper.ensure(Math.min(paper.fullHeight, Math.max(start, above + header.height + first)))
  paper.inside('Table', () => {
    drawCaption(paper, caption)
    drawRow(paper, header, layout, table.columns)
    rows.forEach((row, index) => {
      // A group's title stays with its first row, the last row with the one before it and with the footnotes.
      const isNearEnd = index >= rows.length - 2 && rows.length > 2
      const next = row.style === 'group' || isNearEnd ? (rows[index + 1]?.height ?? 0) : 0
      const notes = isNearEnd || index === rows.length - 1 ? Math.min(footnotes, paper.fullHeight / 3) : 0
      const need = Math.min(row.height + next + notes, paper.fullHeight - header.height)
      if (need > paper.room && paper.y > page.top + header.height + 1) {
        closeTable(paper, layout)
        paper.newPage({ landscape: paper.isLandscape })
        drawRow(paper, header, layout, table.columns)
      }
      if (row.height > paper.room) drawTallRow(paper, row, header, layout, table.columns)
      else drawRow(paper, row, layout, table.columns)
    })
    closeTable(paper, layout)
  })
  drawFootnotes(paper, table.footnotes)
  paper.space(10)
}

/** A row that is higher than a page is the only one that is split: by lines, with the header repeated. */
function drawTallRow(
  paper: Paper,
  row: SetRow,
  header: SetRow,
  layout: Layout,
  columns: readonly ReportColumn[],
): void {
  const line = layout.size * type.tableLeading
  let rest = row.cells
  for (;;) {
    const fits = Math.max(1, Math.floor((paper.room - 2 * padYOf(layout)) / line))
    const cells = rest.map(({ cell, lines }) => ({ cell, lines: lines.slice(0, fits) }))
    rest = rest.map(({ cell, lines }) => ({ cell, lines: lines.slice(fits) }))
    const height = Math.max(...cells.map((cell) => cell.lines.length)) * line + 2 * padYOf(layout)
    drawRow(paper, { ...row, cells, height }, layout, columns)
    if (!rest.some((cell) => cell.lines.length > 0)) return
    paper.newPage({ landscape: paper.isLandscape })
    drawRow(paper, header, layout, columns)
  }
}

function drawRow(paper: Paper, row: SetRow, layout: Layout, columns: readonly ReportColumn[]): void {
  const { theme, doc } = paper
  const style = styleOf(paper, row, layout.size)
  const width = totalWidth(layout)
  const top = paper.y
  const isGroup = row.style === 'group'
  paper.artifact(() => {
    const fill = row.isHeader ? theme.tint : row.style === 'normal' ? undefined : theme.faint
    if (fill !== undefined) doc.rect(paper.left, top, width, row.height).fill(fill)
    if (row.isHeader) doc.rect(paper.left, top, width, 1.4).fill(theme.primary)
    if (row.style === 'total') doc.rect(paper.left, top, width, 0.9).fill(theme.primary)
    doc.rect(paper.left, top + row.height - 0.4, width, 0.4).fill(theme.rule)
  })
  paper.inside('TR', () => {
    let x = paper.left
    row.cells.forEach((set, index) => {
      const columnWidth = layout.widths[index] ?? 0
      const taken = 2 * padX + (isGroup ? 0 : (layout.marks[index] ?? 0))
      const box = { x: x + padX, y: top + padYOf(layout), width: (isGroup ? width : columnWidth) - taken }
      const scope = row.isHeader ? 'Column' : isGroup ? 'Row' : undefined
      paper.inside(
        scope === undefined ? 'TD' : 'TH',
        () => drawCell(paper, set, box, style, columns[index], row.isHeader),
        scope === undefined ? {} : { scope },
      )
      x += columnWidth
    })
  })
  paper.y = top + row.height
}

function drawCell(
  paper: Paper,
  { cell, lines }: SetCell,
  box: { x: number; y: number; width: number },
  style: TextStyle,
  column: ReportColumn | undefined,
  head: boolean,
): void {
  if (lines.length === 0) return
  const align = column?.align ?? 'left'
  const tone = cell.tone === undefined || cell.tone === 'neutral' ? undefined : paper.theme.tones[cell.tone]
  const toned = tone === undefined ? style : { ...style, colour: tone.strong, font: 'semibold' as const }
  const link = linkOf(cell.href)
  const shown = link === undefined ? toned : { ...toned, colour: paper.theme.primary }
  paper.leaf(link?.link === undefined ? 'P' : 'Link', () => {
    const height = paper.drawLines(lines, box, shown, { align, ...link })
    if (head && column?.unit !== undefined)
      paper.drawLines(
        [paper.cut(column.unit, box.width, { font: 'regular', size: style.size * 0.88 })],
        { ...box, y: box.y + height - style.size * 0.08 },
        { ...style, font: 'regular', size: style.size * 0.88, colour: paper.theme.muted },
        { align },
      )
    if (cell.marks !== undefined && cell.marks.length > 0) {
      const last = lines.at(-1) ?? ''
      const end = paper.measure(shown)(last)
      paper.drawLines(
        [cell.marks.join(',')],
        {
          x:
            align === 'right'
              ? box.x + box.width + 0.6
              : Math.min(box.x + end + 0.8, box.x + box.width + 0.6),
          y: box.y + height - paper.lineHeight(shown) - style.size * 0.06,
          width: 20,
        },
        { ...style, size: style.size * markShare, font: 'semibold', colour: paper.theme.muted, leading: 1.3 },
      )
    }
  })
}

/** Only addresses with https and places in the document are followed. */
function linkOf(href: string | undefined): { link?: string; goTo?: string } | undefined {
  if (href === undefined) return undefined
  if (href.startsWith('#')) return { goTo: href.slice(1) }
  return href.startsWith('https://') ? { link: href } : undefined
}

function captionStyle(paper: Paper): TextStyle {
  return { font: 'semibold', size: type.caption, colour: paper.theme.ink, leading: 1.35 }
}

function captionHeight(paper: Paper, caption: string): number {
  const style = captionStyle(paper)
  return paper.lines(caption, paper.width, style).length * paper.lineHeight(style) + 4
}

function drawCaption(paper: Paper, caption: string): void {
  const style = captionStyle(paper)
  paper.leaf('Caption', () => {
    paper.drawLines(
      paper.lines(caption, paper.width, style),
      { x: paper.left, y: paper.y, width: paper.width },
      style,
    )
  })
  paper.y += captionHeight(paper, caption)
}

function closeTable(paper: Paper, layout: Layout): void {
  const width = totalWidth(layout)
  paper.artifact(() => paper.doc.rect(paper.left, paper.y - 0.4, width, 0.8).fill(paper.theme.primary))
}

function footnoteStyle(paper: Paper): TextStyle {
  return { font: 'regular', size: 7.2, colour: paper.theme.muted, leading: 1.32 }
}

function footnotesHeight(paper: Paper, footnotes: readonly string[]): number {
  const style = footnoteStyle(paper)
  const lines = footnotes.flatMap((footnote) => paper.lines(footnote, paper.width - 12, style))
  return lines.length === 0 ? 0 : lines.length * paper.lineHeight(style) + 3
}

function drawFootnotes(paper: Paper, footnotes: readonly string[]): void {
  if (footnotes.length === 0) return
  const style = footnoteStyle(paper)
  paper.space(3)
  footnotes.forEach((footnote, index) => {
    const lines = paper.lines(footnote, paper.width - 12, style)
    const height = lines.length * paper.lineHeight(style)
    paper.ensure(Math.min(height, paper.fullHeight))
    paper.leaf('Note', () => {
      const mark: TextStyle = { ...style, font: 'semibold', size: 6, leading: 1.4 }
      paper.drawLines([`${index + 1}`], { x: paper.left, y: paper.y - 0.8, width: 10 }, mark)
      paper.drawLines(lines, { x: paper.left + 10, y: paper.y, width: paper.width - 12 }, style)
    })
    paper.y += height
  })
}
