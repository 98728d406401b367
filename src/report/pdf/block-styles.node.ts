import type { Tone } from '../report-document.ts'
import type { Paper, TextStyle } from './paper.node.ts'
import { type } from './theme.ts'

export function headingStyle(paper: Paper): TextStyle {
  return { font: 'semibold', size: type.heading, colour: paper.theme.primary, leading: 1.3 }
}

export function minorStyle(paper: Paper): TextStyle {
  return { font: 'semibold', size: 10, colour: paper.theme.ink, leading: 1.4 }
}

export function paragraphStyle(paper: Paper, style: 'normal' | 'lead' | 'small'): TextStyle {
  const dense = paper.density < 1
  if (style === 'lead')
    return {
      font: 'regular',
      size: dense ? 10 : type.lead,
      colour: paper.theme.ink,
      leading: dense ? 1.35 : 1.45,
    }
  if (style === 'small') return { font: 'regular', size: type.small, colour: paper.theme.muted }
  return {
    font: 'regular',
    size: dense ? 8.6 : type.body,
    colour: paper.theme.ink,
    leading: dense ? 1.35 : type.leading,
  }
}

export function drawHeading(paper: Paper, tag: 'H2' | 'H3', text: string, style: TextStyle): void {
  const lines = paper.lines(text, paper.width, style)
  paper.leaf(tag, () => {
    paper.drawLines(lines, { x: paper.left, y: paper.y, width: paper.width }, style)
  })
  paper.y += lines.length * paper.lineHeight(style)
}

export function toneOf(paper: Paper, tone: Tone): { strong: string; tint: string } {
  return paper.theme.tones[tone]
}
