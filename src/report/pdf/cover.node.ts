import type { ReportDocument } from '../report-document.ts'
import type { LogoPicture } from './logo.node.ts'
import type { Paper, TextStyle } from './paper.node.ts'
import { onWhite, page } from './theme.ts'

const bandHeight = 470

/** Title page: a band in the brand's colour with name, title and subtitle; below it what the plan is and of when. */
export function drawCover(paper: Paper, document: ReportDocument, logo: LogoPicture | undefined): void {
  const { doc, theme } = paper
  const { meta } = document
  const left = page.marginX
  const width = page.width - 2 * page.marginX
  paper.artifact(() => {
    doc.rect(0, 0, page.width, bandHeight).fill(theme.primary)
    drawOrnament(paper)
    doc.rect(0, bandHeight, page.width, 5).fill(theme.accent)
  })
  const white = '#ffffff'
  const drawn = logo !== undefined && drawLogo(paper, logo)
  const brand: TextStyle = { font: 'semibold', size: 13, colour: white, leading: 1.3 }
  paper.leaf('P', () => {
    paper.drawLines(
      [paper.cut(meta.brand.name, width, brand)],
      { x: left, y: drawn ? 128 : 62, width },
      brand,
    )
  })
  let title: TextStyle = { font: 'semibold', size: 34, colour: white, leading: 1.15 }
  while (title.size > 18 && paper.lines(meta.title, width, title).length > 3)
    title = { ...title, size: title.size - 2 }
  const titleLines = paper.lines(meta.title, width, title)
  const subtitle: TextStyle = { font: 'regular', size: 14, colour: white, leading: 1.4 }
  const subtitleLines = paper.lines(meta.subtitle, width * 0.86, subtitle).slice(0, 4)
  const height =
    titleLines.length * paper.lineHeight(title) + 12 + subtitleLines.length * paper.lineHeight(subtitle)
  let y = bandHeight - 46 - height
  paper.leaf('H1', () => {
    paper.drawLines(titleLines, { x: left, y, width }, title)
  })
  y += titleLines.length * paper.lineHeight(title) + 12
  paper.leaf('P', () => {
    paper.drawLines(subtitleLines, { x: left, y, width }, subtitle)
  })
  y = bandHeight + 44
  if (meta.description !== undefined) {
    const style: TextStyle = { font: 'regular', size: 11.5, colour: theme.ink, leading: 1.5 }
    const lines = paper.lines(meta.description, width * 0.92, style).slice(0, 8)
    paper.leaf('P', () => {
      paper.drawLines(lines, { x: left, y, width }, style)
    })
    y += lines.length * paper.lineHeight(style) + 26
  }
  const label: TextStyle = { font: 'regular', size: 9, colour: theme.muted, leading: 1.4 }
  const value: TextStyle = { font: 'semibold', size: 10.5, colour: theme.ink, leading: 1.4 }
  const facts: [string, string][] = [
    [meta.words.planOf.replace(/\s*\{\w+\}\s*/, ''), meta.planDateText],
    [meta.words.catalog, `${meta.catalogVersion}  ·  ${meta.catalogHash.slice(0, 12)}`],
  ]
  for (const [name, text] of facts) {
    paper.leaf('P', () => {
      paper.drawLines([paper.cut(name, 120, label)], { x: left, y: y + 1.5, width: 120 }, label)
      paper.drawLines([paper.cut(text, width - 130, value)], { x: left + 130, y, width: width - 130 }, value)
    })
    y += 22
  }
}

/** Bars of growing height along the band's right foot: sizes, the tool's subject. */
function drawOrnament(paper: Paper): void {
  const { doc, theme } = paper
  const bars = 9
  for (let bar = 0; bar < bars; bar += 1) {
    const height = 18 + 15 * bar
    doc
      .fillOpacity(0.1 + 0.02 * bar)
      .rect(page.width - 300 + bar * 34, 0, 22, height + 40)
      .fill(bar === bars - 1 ? theme.accent : onWhite(theme.primary, 0.15))
  }
  doc.fillOpacity(1)
}

/** On a white plate, so that logos of any colour can be read. */
function drawLogo(paper: Paper, logo: LogoPicture): boolean {
  const box = { x: page.marginX, y: 56, width: 170, height: 56 }
  try {
    const image = (
      paper.doc as unknown as { openImage(source: Buffer): { width: number; height: number } }
    ).openImage(logo.bytes)
    const scale = Math.min((box.width - 20) / image.width, (box.height - 16) / image.height)
    const [width, height] = [image.width * scale, image.height * scale]
    paper.artifact(() => {
      paper.doc.roundedRect(box.x, box.y, width + 20, box.height, 4).fill('#ffffff')
    })
    paper.leaf(
      'Figure',
      () => {
        paper.doc.image(image as never, box.x + 10, box.y + (box.height - height) / 2, { width, height })
      },
      { alt: logo.alt },
    )
    return true
  } catch {
    return false
  }
}
