import type {
  CalloutBlock,
  CardsBlock,
  ChartBlock,
  ChartPicture,
  FactsBlock,
  ListBlock,
  ReportBlock,
  ReportCard,
  ReportDocument,
  Tone,
} from '../report-document.ts'
import { numbered } from './layout-words.ts'
import { opaquePng } from './opaque-png.node.ts'
import type { Paper, TextStyle } from './paper.node.ts'
import { drawTable, liesOnItsSide } from './table.node.ts'
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

export function drawBlock(context: BlockContext, block: ReportBlock): void {
  const { paper } = context
  if (paper.isLandscape && block.kind !== 'table' && block.kind !== 'chart') paper.newPage()
  switch (block.kind) {
    case 'heading':
      paper.space(14)
      paper.ensure(70)
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

function headingStyle(paper: Paper): TextStyle {
  return { font: 'semibold', size: type.heading, colour: paper.theme.primary, leading: 1.3 }
}

function minorStyle(paper: Paper): TextStyle {
  return { font: 'semibold', size: 10, colour: paper.theme.ink, leading: 1.4 }
}

function paragraphStyle(paper: Paper, style: 'normal' | 'lead' | 'small'): TextStyle {
  if (style === 'lead') return { font: 'regular', size: type.lead, colour: paper.theme.ink, leading: 1.45 }
  if (style === 'small') return { font: 'regular', size: type.small, colour: paper.theme.muted }
  return { font: 'regular', size: type.body, colour: paper.theme.ink }
}

function drawHeading(paper: Paper, tag: 'H2' | 'H3', text: string, style: TextStyle): void {
  const lines = paper.lines(text, paper.width, style)
  paper.leaf(tag, () => {
    paper.drawLines(lines, { x: paper.left, y: paper.y, width: paper.width }, style)
  })
  paper.y += lines.length * paper.lineHeight(style)
}

function drawCards(paper: Paper, block: CardsBlock): void {
  const gap = 9
  // Five and six go into rows of three, seven and eight into rows of four.
  const columns = block.cards.length > 4 && block.cards.length < 7 ? 3 : Math.min(4, block.cards.length)
  const width = (paper.width - gap * (columns - 1)) / columns
  const inner = width - 20
  const styles = (card: ReportCard) => ({
    label: { font: 'regular', size: 8, colour: paper.theme.muted, leading: 1.3 } as const,
    value: {
      font: 'semibold',
      size: valueSize(paper, block, inner),
      colour: toneOf(paper, card.tone).strong,
      leading: 1.25,
    } as const,
    detail: { font: 'regular', size: 7.4, colour: paper.theme.muted, leading: 1.3 } as const,
  })
  const set = block.cards.map((card) => {
    const style = styles(card)
    const parts = [
      { style: style.label, lines: paper.lines(card.label, inner, style.label) },
      { style: style.value, lines: paper.lines(card.value, inner, style.value) },
      {
        style: style.detail,
        lines: card.detail === undefined ? [] : paper.lines(card.detail, inner, style.detail),
      },
    ]
    const height = parts.reduce((sum, part) => sum + part.lines.length * paper.lineHeight(part.style), 0)
    return { card, parts, height }
  })
  paper.space(6)
  for (let start = 0; start < set.length; start += columns) {
    const row = set.slice(start, start + columns)
    const height = Math.max(...row.map((entry) => entry.height)) + 19
    paper.ensure(height + (start === 0 ? 24 : 0))
    if (start === 0 && block.title !== '') {
      drawHeading(paper, 'H3', block.title, minorStyle(paper))
      paper.space(3)
    }
    const top = paper.y
    row.forEach(({ card, parts }, index) => {
      const x = paper.left + index * (width + gap)
      const tone = toneOf(paper, card.tone)
      paper.artifact(() => {
        paper.doc.roundedRect(x, top, width, height, 3).fill(tone.tint)
        paper.doc.rect(x, top + 3, 3, height - 6).fill(tone.strong)
      })
      paper.leaf('P', () => {
        let y = top + 9
        for (const part of parts) y += paper.drawLines(part.lines, { x: x + 12, y, width: inner }, part.style)
      })
    })
    paper.y = top + height + gap
  }
  paper.space(4)
}

/** One size for all cards of a block: the largest at which each value stays on one line, within reason. */
function valueSize(paper: Paper, block: CardsBlock, width: number): number {
  const measure = paper.measure({ font: 'semibold', size: 1 })
  const widest = Math.max(...block.cards.map((card) => measure(card.value)))
  return Math.max(10.5, Math.min(15, width / widest))
}

function toneOf(paper: Paper, tone: Tone): { strong: string; tint: string } {
  return paper.theme.tones[tone]
}

function drawFacts(paper: Paper, block: FactsBlock): void {
  const label: TextStyle = { font: 'regular', size: 9, colour: paper.theme.muted, leading: 1.35 }
  const value: TextStyle = { font: 'semibold', size: 9, colour: paper.theme.ink, leading: 1.35 }
  const measure = paper.measure(label)
  const labelWidth = Math.min(
    paper.width * 0.42,
    Math.max(paper.width * 0.22, ...block.facts.map((fact) => measure(fact.label) + 14)),
  )
  const valueWidth = paper.width - labelWidth
  paper.space(4)
  if (block.title !== undefined) {
    paper.ensure(50)
    drawHeading(paper, 'H3', block.title, minorStyle(paper))
    paper.space(2)
  }
  paper.inside('Table', () => {
    for (const fact of block.facts) {
      const labels = paper.lines(fact.label, labelWidth - 14, label)
      const values = paper.lines(fact.value, valueWidth - 6, value)
      const height = Math.max(labels.length, values.length) * paper.lineHeight(label) + 5
      paper.ensure(height)
      const y = paper.y + 2.5
      paper.inside('TR', () => {
        paper.leaf('TH', () => paper.drawLines(labels, { x: paper.left, y, width: labelWidth }, label), {
          scope: 'Row',
        })
        paper.leaf('TD', () =>
          paper.drawLines(values, { x: paper.left + labelWidth, y, width: valueWidth }, value),
        )
      })
      paper.y += height
      paper.artifact(() => paper.doc.rect(paper.left, paper.y - 0.4, paper.width, 0.4).fill(paper.theme.rule))
    }
  })
  paper.space(10)
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
  const gap = 3
  const height =
    parts.reduce((sum, part) => sum + part.lines.length * paper.lineHeight(part.style) + gap, 0) + 17
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
    let y = top + 9
    parts.forEach((part, index) => {
      paper.leaf(index === 0 ? 'H3' : 'P', () => {
        paper.drawLines(part.lines, { x: paper.left + 16, y, width: inner }, part.style)
      })
      y += part.lines.length * paper.lineHeight(part.style) + gap
    })
  })
  paper.y = top + height + 10
}
