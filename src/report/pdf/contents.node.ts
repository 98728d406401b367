import type { ReportDocument, ReportSection } from '../report-document.ts'
import type { Paper, TextStyle } from './paper.node.ts'
import { page } from './theme.ts'

export interface ContentsEntry {
  readonly section: ReportSection
  /** 1, 2, 3 … or A, B, C … */
  readonly mark: string
  readonly page: number
}

const rowHeight = 22
const titleHeight = 58
const annexGap = 14

/** How many pages the contents take: known before the pages that they list. */
export function contentsPages(entries: readonly ContentsEntry[]): number {
  const height = page.height - page.top - page.bottom
  return Math.max(1, Math.ceil((titleHeight + entries.length * rowHeight + annexGap) / height))
}

export function drawContents(
  paper: Paper,
  document: ReportDocument,
  entries: readonly ContentsEntry[],
  firstPage: number,
): void {
  const { doc, theme } = paper
  const left = page.marginX
  const width = page.width - 2 * page.marginX
  let at = firstPage
  doc.switchToPage(at)
  let y: number = page.top
  const titleStyle: TextStyle = { font: 'semibold', size: 20, colour: theme.primary, leading: 1.22 }
  paper.leaf('Caption', () => {
    paper.drawLines([document.meta.words.contents], { x: left, y, width }, titleStyle)
  })
  y += titleHeight
  entries.forEach(({ section, mark, page: target }, index) => {
    if (section.part === 'annex' && entries[index - 1]?.section.part === 'body') y += annexGap
    if (y + rowHeight > page.height - page.bottom) {
      at += 1
      doc.switchToPage(at)
      y = page.top
    }
    const body = section.part === 'body'
    const style: TextStyle = {
      font: body ? 'semibold' : 'regular',
      size: 10.5,
      colour: theme.ink,
      leading: 1.4,
    }
    const number: TextStyle = { ...style, font: 'regular', colour: theme.muted }
    const indent = 26
    const pageText = String(target)
    const title = paper.cut(section.title, width - indent - 50, style)
    const titleEnd = left + indent + paper.measure(style)(title) + 6
    const pageStart = left + width - paper.measure(number)(pageText) - 6
    paper.artifact(() => {
      doc.lineWidth(0.6).dash(0.6, { space: 3 })
      doc
        .moveTo(titleEnd, y + 10.5)
        .lineTo(Math.max(titleEnd, pageStart), y + 10.5)
        .stroke(theme.rule)
      doc.undash()
    })
    paper.inside('TOCI', () => {
      paper.leaf('Lbl', () => paper.drawLines([mark], { x: left, y, width: indent }, number))
      paper.leaf('Reference', () => {
        paper.drawLines([title], { x: left + indent, y, width }, style)
        paper.drawLines(
          [pageText],
          { x: left, y, width },
          { ...number, colour: theme.primary },
          { align: 'right' },
        )
        doc.goTo(left, y - 2, width, rowHeight - 4, section.id)
      })
    })
    y += rowHeight
  })
}
