import type { ReportDocument } from '../report-document.ts'
import { pageOf } from './layout-words.ts'
import type { Paper, TextStyle } from './paper.node.ts'
import { page } from './theme.ts'

export interface PageTitle {
  readonly fromPage: number
  readonly title: string
}

/** Head and foot of each page after the cover: what it is, which section, which plan, which page. */
export function drawRunningLines(
  paper: Paper,
  document: ReportDocument,
  titles: readonly PageTitle[],
  input: { first: number },
): void {
  const { doc, theme } = paper
  const { meta } = document
  const style: TextStyle = { font: 'regular', size: 7.6, colour: theme.muted, leading: 1.3 }
  const { count } = doc.bufferedPageRange()
  for (let index = input.first; index < count; index += 1) {
    doc.switchToPage(index)
    const { width: pageWidth, height: pageHeight } = doc.page
    const left = page.marginX
    const width = pageWidth - 2 * page.marginX
    const number = index + 1
    const section = titles.findLast((title) => title.fromPage <= number)?.title ?? meta.words.contents
    const footY = pageHeight - 42
    paper.artifact(
      () => {
        paper.drawLines(
          [paper.cut(meta.title, width * 0.6, style)],
          { x: left, y: 40, width },
          { ...style, font: 'semibold' },
        )
        paper.drawLines([paper.cut(section, width * 0.38, style)], { x: left, y: 40, width }, style, {
          align: 'right',
        })
        doc.rect(left, 55, width, 0.5).fill(theme.rule)
        doc.rect(left, footY - 6, width, 0.5).fill(theme.rule)
        const foot = [meta.brand.name, meta.planDateText, `${meta.words.catalog} ${meta.catalogVersion}`]
        paper.drawLines(
          [paper.cut(foot.join('  ·  '), width * 0.75, style)],
          { x: left, y: footY, width },
          style,
        )
        paper.drawLines(
          [pageOf(meta.words.pageOf, { page: number, pages: count })],
          { x: left, y: footY, width },
          style,
          { align: 'right' },
        )
      },
      { type: 'Pagination' },
    )
  }
}
