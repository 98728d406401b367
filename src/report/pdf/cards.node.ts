import type { CardsBlock, FactsBlock, ReportCard } from '../report-document.ts'
import { drawHeading, minorStyle, toneOf } from './block-styles.node.ts'
import type { Paper, TextStyle } from './paper.node.ts'

export function drawCards(paper: Paper, block: CardsBlock): void {
  const gap = 9 * paper.density
  const pad = 9 * paper.density
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
    const height = Math.max(...row.map((entry) => entry.height)) + 2 * pad + 1
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
        let y = top + pad
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

/** Of a page: facts that take less are not split. */
const mostWholeShare = 0.6

const spaceAboveFacts = 4

function setFacts(paper: Paper, block: FactsBlock) {
  const label: TextStyle = { font: 'regular', size: 9, colour: paper.theme.muted, leading: 1.35 }
  const value: TextStyle = { font: 'semibold', size: 9, colour: paper.theme.ink, leading: 1.35 }
  const measure = paper.measure(label)
  const labelWidth = Math.min(
    paper.width * 0.42,
    Math.max(paper.width * 0.22, ...block.facts.map((fact) => measure(fact.label) + 14)),
  )
  const valueWidth = paper.width - labelWidth
  const rows = block.facts.map((fact) => {
    const labels = paper.lines(fact.label, labelWidth - 14, label)
    const values = paper.lines(fact.value, valueWidth - 6, value)
    const height = Math.max(labels.length, values.length) * paper.lineHeight(label) + 5
    return { labels, values, height }
  })
  const whole = rows.reduce((sum, row) => sum + row.height, block.title === undefined ? 0 : 20)
  // Short lists of facts stay whole; long ones start with their title and two rows.
  const start = whole < paper.fullHeight * mostWholeShare ? whole : 60
  return { label, value, labelWidth, rows, start }
}

/** What must fit on a page for a list of facts to start on it, points. */
export function factsStart(paper: Paper, block: FactsBlock): number {
  return spaceAboveFacts + setFacts(paper, block).start
}

export function drawFacts(paper: Paper, block: FactsBlock): void {
  const { label, value, labelWidth, rows, start } = setFacts(paper, block)
  const valueWidth = paper.width - labelWidth
  paper.space(spaceAboveFacts)
  paper.ensure(start)
  if (block.title !== undefined) {
    drawHeading(paper, 'H3', block.title, minorStyle(paper))
    paper.space(2)
  }
  paper.inside('Table', () => {
    for (const { labels, values, height } of rows) {
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
