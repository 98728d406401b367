import type { ChartPicture, ReportDocument, ReportSection } from '../report-document.ts'
import { type BlockContext, type Counters, drawBlock } from './blocks.node.ts'
import { type ContentsEntry, contentsPages, drawContents } from './contents.node.ts'
import { drawCover } from './cover.node.ts'
import { logoPicture } from './logo.node.ts'
import { Paper, type TextStyle } from './paper.node.ts'
import { drawRunningLines, type PageTitle } from './running-lines.node.ts'
import { themeOf, type } from './theme.ts'

/**
 * The document as a PDF: cover, contents with page numbers, sections, bookmarks, tags for screen readers. Charts are the
 * given pictures; one that is missing is printed as its table. The same input gives the same bytes.
 */
export async function renderPdf(
  document: ReportDocument,
  input: { charts?: ReadonlyMap<string, ChartPicture> } = {},
): Promise<Uint8Array> {
  const { meta } = document
  const paper = new Paper(
    {
      title: meta.title,
      author: meta.brand.name,
      subject: meta.subtitle,
      keywords: [meta.scenarioName, meta.catalogVersion].join(', '),
      locale: meta.locale,
      date: meta.planDate,
    },
    themeOf(meta.brand.colours),
  )
  const logo = await logoPicture(meta.brand.logo)
  paper.newPage()
  drawCover(paper, document, logo)

  const entries: ContentsEntry[] = document.sections.map((section) => ({ section, page: 0 }))
  const firstContentsPage = paper.pageNumber
  const reserved = contentsPages(entries)
  for (let count = 0; count < reserved; count += 1) paper.newPage()
  const contents = paper.open('TOC')

  const counters: Counters = { figures: 0, tables: 0 }
  const titles: PageTitle[] = []
  const charts = input.charts ?? new Map<string, ChartPicture>()
  document.sections.forEach((section, index) => {
    startSection(paper, section, index)
    entries[index] = { section, page: paper.pageNumber }
    titles.push({ fromPage: paper.pageNumber, title: section.title })
    drawSection({ paper, document, charts, counters }, section)
  })

  paper.within(contents, () => drawContents(paper, document, entries, firstContentsPage))
  contents.end()
  drawRunningLines(paper, document, titles, { first: firstContentsPage })
  return await paper.bytes()
}

/** A new page where it asks for one, where the page before lies on its side, and where little room is left. */
function startSection(paper: Paper, section: ReportSection, index: number): void {
  if (index === 0 || section.breakBefore || paper.isLandscape) paper.newPage()
  else if (paper.room < 220) paper.newPage()
  else paper.space(26)
}

function drawSection(context: Omit<BlockContext, 'onHeading'>, section: ReportSection): void {
  const { paper } = context
  paper.inside(
    'Sect',
    () => {
      const outline = paper.doc.outline.addItem(sectionTitle(section), here(paper))
      paper.doc.addNamedDestination(section.id, 'XYZ', 0, Math.max(0, paper.y - 20), null)
      drawSectionTitle(paper, section)
      const onHeading = (id: string, text: string): void => {
        outline.addItem(text, here(paper))
        paper.doc.addNamedDestination(id, 'XYZ', 0, Math.max(0, paper.y - 20), null)
      }
      for (const block of section.blocks) drawBlock({ ...context, onHeading }, block)
    },
    { title: section.title },
  )
}

/** The place of a bookmark. pdfkit counts `left` from the right edge; its types know `expanded` only. */
function here(paper: Paper): { expanded: boolean } {
  const place = { top: Math.max(0, paper.y - 20), left: paper.doc.page.width, expanded: false }
  return place
}

export function sectionTitle(section: ReportSection): string {
  return section.part === 'body' ? `${section.number}  ${section.title}` : section.title
}

function drawSectionTitle(paper: Paper, section: ReportSection): void {
  const { theme } = paper
  const style: TextStyle = { font: 'semibold', size: type.section, colour: theme.primary, leading: 1.22 }
  const numberWidth = section.part === 'body' ? 34 : 0
  const lines = paper.lines(section.title, paper.width - numberWidth, style)
  const top = paper.y
  paper.leaf('H1', () => {
    if (numberWidth > 0)
      paper.drawLines(
        [String(section.number)],
        { x: paper.left, y: top, width: numberWidth },
        {
          ...style,
          colour: theme.muted,
          font: 'regular',
        },
      )
    paper.drawLines(lines, { x: paper.left + numberWidth, y: top, width: paper.width - numberWidth }, style)
  })
  paper.y += lines.length * paper.lineHeight(style) + 6
  paper.artifact(() => {
    paper.doc.rect(paper.left, paper.y, paper.width, 0.6).fill(theme.rule)
    paper.doc.rect(paper.left, paper.y - 0.7, 48, 2).fill(theme.accent)
  })
  paper.y += 11
  if (section.lead !== undefined) {
    paper.text('P', section.lead, { font: 'regular', size: type.lead, colour: theme.muted, leading: 1.4 })
    paper.y += 7
  }
}
