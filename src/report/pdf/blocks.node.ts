import type {
  CalloutBlock,
  ChartBlock,
  ChartPicture,
  ListBlock,
  ReportBlock,
  ReportDocument,
} from '../report-document.ts'
import { drawHeading, headingStyle, minorStyle, paragraphStyle, toneOf } from './block-styles.node.ts'
import { drawCards, drawFacts, factsStart } from './cards.node.ts'
import { numbered } from './layout-words.ts'
import { opaquePng } from './opaque-png.node.ts'
import type { Paper, TextStyle } from './paper.node.ts'
import { drawTable } from './table.node.ts'
import { liesOnItsSide } from './table-layout.node.ts'
import { type } from './theme.ts'

/** Counts of what is numbered through the document. */
export interface Counters {
  figures: number
  tables: number
}

export interface BlockContext {
  readonly paper: Paper
  readonly document: ReportDocument
  readonly charts: ReadonlyMap<string, ChartPicture>
  readonly counters: Counters
  /** Notes a heading for the outline. */
  readonly onHeading: (id: string, text: string) => void
}

/** Of one line with the space below it, points. */
const headingHeight = 26

/** `next` is the block that follows: a heading does not stand at the foot of a page without it. */
export function drawBlock(context: BlockContext, block: ReportBlock, next?: ReportBlock): void {
  const { paper } = context
  if (paper.isLandscape && block.kind !== 'table' && block.kind !== 'chart') paper.newPage()
  switch (block.kind) {
    case 'heading':
      paper.space(14)
      paper.ensure(Math.max(70, headingHeight + (next?.kind === 'facts' ? factsStart(paper, next) : 0)))
      context.onHeading(block.id, block.text)
      drawHeading(paper, 'H2', block.text, headingStyle(paper))
      paper.space(3)
      return
    case 'paragraph': {
      const style = paragraphStyle(paper, block.style)
      paper.text('P', block.text, style)
      paper.space(style.size * 0.7)
      return
    }
    case 'cards':
      drawCards(paper, block)
      return
    case 'facts':
      drawFacts(paper, block)
      return
    case 'table':
      context.counters.tables += 1
      drawTable(paper, block, caption(context, 'table', block.caption))
      return
    case 'chart':
      drawChart(context, block)
      return
    case 'list':
      drawList(paper, block)
      return
    case 'callout':
      drawCallout(paper, block)
      return
    case 'page-break':
      if (!paper.atTop) paper.newPage()
  }
}

function caption(context: BlockContext, kind: 'table' | 'figure', text: string): string {
  const number = kind === 'table' ? context.counters.tables : context.counters.figures
  return `${numbered(context.document.meta.words[kind], number)}: ${text}`
}

const mostChartHeight = 300
const leastChartShare = 0.72

function drawChart(context: BlockContext, block: ChartBlock): void {
  const { paper, document } = context
  const picture = context.charts.get(block.id)
  if (paper.isLandscape && (picture !== undefined || !liesOnItsSide(paper, block.data))) paper.newPage()
  context.counters.figures += 1
  const title = caption(context, 'figure', block.title)
  if (picture === undefined) {
    context.counters.tables += 1
    const { words } = document.meta
    paper.space(6)
    drawHeading(paper, 'H3', title, { ...minorStyle(paper), size: type.caption + 0.5 })
    paper.text('P', words.noChartPicture, paragraphStyle(paper, 'small'))
    drawTable(paper, block.data, caption(context, 'table', block.data.caption))
    return
  }
  const ratio = picture.widthPixels / picture.heightPixels
  let width = Math.min(paper.width, mostChartHeight * ratio)
  const titleStyle = { ...minorStyle(paper), size: type.caption + 0.5 }
  const small = paragraphStyle(paper, 'small')
  const below = block.caption === undefined ? [] : paper.lines(block.caption, paper.width, small)
  const titleLines = paper.lines(title, paper.width, titleStyle)
  paper.space(8)
  const around = titleLines.length * paper.lineHeight(titleStyle) + below.length * paper.lineHeight(small) + 8
  // Drawn a little smaller where that keeps it on this page.
  const fits = (paper.room - around) * ratio
  if (fits < width && fits >= width * leastChartShare) width = fits
  const height = width / ratio
  const need = around + height
  paper.ensure(Math.min(need, paper.fullHeight))
  paper.leaf('Caption', () => {
    paper.drawLines(titleLines, { x: paper.left, y: paper.y, width: paper.width }, titleStyle)
  })
  paper.y += titleLines.length * paper.lineHeight(titleStyle) + 3
  paper.leaf(
    'Figure',
    () => {
      paper.doc.image(Buffer.from(opaquePng(picture.png)), paper.left + (paper.width - width) / 2, paper.y, {
        width,
        height,
      })
    },
    { alt: block.alt },
  )
  paper.y += height + 3
  if (below.length > 0)
    paper.leaf('P', () => {
      paper.drawLines(below, { x: paper.left, y: paper.y, width: paper.width }, small)
    })
  paper.y += below.length * paper.lineHeight(small) + 10
}

function drawList(paper: Paper, block: ListBlock): void {
  const style = paragraphStyle(paper, 'normal')
  const strong: TextStyle = { ...style, font: 'semibold' }
  const indent = block.ordered ? 20 : block.style === 'checklist' ? 18 : 13
  paper.space(3)
  if (block.title !== undefined) {
    paper.ensure(46)
    drawHeading(paper, 'H3', block.title, minorStyle(paper))
    paper.space(2)
  }
  paper.inside('L', () => {
    block.items.forEach((item, index) => {
      const lineHeight = paper.lineHeight(style)
      paper.ensure(lineHeight * 2)
      paper.inside('LI', () => {
        const { left } = paper
        const middle = paper.y + lineHeight / 2
        if (block.ordered)
          paper.leaf('Lbl', () => {
            paper.drawLines(
              [`${index + 1}.`],
              { x: left, y: paper.y, width: indent - 6 },
              { ...strong, colour: paper.theme.primary },
              { align: 'right' },
            )
          })
        else
          paper.artifact(() => {
            if (block.style === 'checklist')
              paper.doc
                .lineWidth(0.9)
                .rect(left + 1, middle - 4, 8, 8)
                .stroke(paper.theme.primary)
            else paper.doc.rect(left + 2, middle - 1.6, 3.2, 3.2).fill(paper.theme.accent)
          })
        paper.inside('LBody', () => {
          const runIn = runInOf(paper, item.term, paper.width - indent)
          if (item.term !== undefined && runIn === undefined)
            paper.text('P', item.term, { ...style, font: 'semibold' }, { indent })
          paper.text('P', item.text, style, { indent, ...(runIn === undefined ? {} : { runIn }) })
        })
      })
      paper.space(2.6)
    })
  })
  paper.space(6)
}

/** A short term stands on the line of its text. */
function runInOf(paper: Paper, term: string | undefined, width: number): string | undefined {
  if (term === undefined || term.includes('\n')) return undefined
  const text = /[.:!?]$/.test(term) ? term : `${term}:`
  return paper.measure({ font: 'semibold', size: type.body })(text) < width * 0.6 ? text : undefined
}

function drawCallout(paper: Paper, block: CalloutBlock): void {
  const tone = toneOf(paper, block.tone)
  const titleStyle: TextStyle = { font: 'semibold', size: 10, colour: tone.strong, leading: 1.4 }
  const style = paragraphStyle(paper, 'normal')
  const inner = paper.width - 30
  const parts = [
    { style: titleStyle, lines: paper.lines(block.title, inner, titleStyle) },
    ...block.texts.map((text) => ({ style, lines: paper.lines(text, inner, style) })),
  ]
  const gap = 3 * paper.density
  const pad = 9 * paper.density
  const height =
    parts.reduce((sum, part) => sum + part.lines.length * paper.lineHeight(part.style) + gap, 0) + 2 * pad - 1
  paper.space(6)
  if (height > paper.fullHeight) {
    // Longer than a page: plain text under its title.
    drawHeading(paper, 'H3', block.title, titleStyle)
    for (const text of block.texts) paper.text('P', text, style)
    return
  }
  paper.ensure(height)
  const top = paper.y
  paper.artifact(() => {
    paper.doc.roundedRect(paper.left, top, paper.width, height, 3).fill(tone.tint)
    paper.doc.rect(paper.left, top + 3, 3.5, height - 6).fill(tone.strong)
  })
  paper.inside('Div', () => {
    let y = top + pad
    parts.forEach((part, index) => {
      paper.leaf(index === 0 ? 'H3' : 'P', () => {
        paper.drawLines(part.lines, { x: paper.left + 16, y, width: inner }, part.style)
      })
      y += part.lines.length * paper.lineHeight(part.style) + gap
    })
  })
  paper.y = top + height + 10 * paper.density
}
