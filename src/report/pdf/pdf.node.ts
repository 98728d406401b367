import type { ChartPicture, ReportDocument, ReportSection } from '../report-document.ts'
import { sectionMarks } from '../section-marks.ts'
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
  const paper = newPaper(document)
  const logo = await logoPicture(meta.brand.logo)
  paper.newPage()
  drawCover(paper, document, logo)

  const marks = sectionMarks(document)
  const entries: ContentsEntry[] = document.sections.map((section, index) => ({
    section,
    mark: marks[index] ?? '',
    page: 0,
  }))
  const firstContentsPage = paper.pageNumber
  const reserved = contentsPages(entries)
  for (let count = 0; count < reserved; count += 1) paper.newPage()
  const contents = paper.open('TOC')

  const counters: Counters = { figures: 0, tables: 0 }
  const titles: PageTitle[] = []
  const charts = input.charts ?? new Map<string, ChartPicture>()
  document.sections.forEach((section, index) => {
    startSection(paper, section, index)
    const mark = marks[index] ?? ''
    entries[index] = { section, mark, page: paper.pageNumber }
    titles.push({ fromPage: paper.pageNumber, title: section.title })
    if (index === 0) paper.density = densityOfSummary({ document, charts }, section, mark)
    drawSection({ paper, document, charts, counters }, section, mark)
    paper.density = 1
  })

  paper.within(contents, () => drawContents(paper, document, entries, firstContentsPage))
  contents.end()
  drawRunningLines(paper, document, titles, { first: firstContentsPage })
  return await paper.bytes()
}

function newPaper({ meta }: ReportDocument): Paper {
  return new Paper(
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
}

/** The summary stays on one page where less air and smaller type can do it: tried on scratch paper. */
function densityOfSummary(
  input: Pick<BlockContext, 'document' | 'charts'>,
  section: ReportSection,
  mark: string,
): number {
  for (const density of [1, 0.8, 0.55]) {
    const scratch = newPaper(input.document)
    scratch.density = density
    scratch.newPage()
    drawSection({ ...input, paper: scratch, counters: { figures: 0, tables: 0 } }, section, mark)
    if (scratch.pageNumber === 1) return density
  }
  return 1
}

/** Of a page: below it, a section that asks for a page of its own follows on the one that is hardly used. */
const hardlyUsed = 0.5

/** A new page where it asks for one, where the page before lies on its side, and where little room is left. */
function startSection(paper: Paper, section: ReportSection, index: number): void {
  const used = 1 - paper.room / paper.fullHeight
  const follows = index > 1 && !paper.isLandscape && used < (section.breakBefore ? hardlyUsed : 0.7)
  if (follows) paper.space(30)
  else paper.newPage()
}

function drawSection(context: Omit<BlockContext, 'onHeading'>, section: ReportSection, mark: string): void {
  const { paper } = context
  paper.inside(
    'Sect',
    () => {
      const outline = paper.doc.outline.addItem(`${mark}  ${section.title}`, here(paper))
      paper.doc.addNamedDestination(section.id, 'XYZ', 0, Math.max(0, paper.y - 20), null)
      drawSectionTitle(paper, section, mark)
      const onHeading = (id: string, text: string): void => {
        outline.addItem(text, here(paper))
        paper.doc.addNamedDestination(id, 'XYZ', 0, Math.max(0, paper.y - 20), null)
      }
      for (const [index, block] of section.blocks.entries())
        drawBlock({ ...context, onHeading }, block, section.blocks[index + 1])
    },
    { title: section.title },
  )
}

/** The place of a bookmark. pdfkit counts `left` from the right edge; its types know `expanded` only. */
function here(paper: Paper): { expanded: boolean } {
  const place = { top: Math.max(0, paper.y - 20), left: paper.doc.page.width, expanded: false }
  return place
}

function drawSectionTitle(paper: Paper, section: ReportSection, mark: string): void {
  const { theme } = paper
  const style: TextStyle = { font: 'semibold', size: type.section, colour: theme.primary, leading: 1.22 }
  const numberWidth = paper.measure({ ...style, font: 'regular' })(mark) + 14
  const lines = paper.lines(section.title, paper.width - numberWidth, style)
  const top = paper.y
  paper.leaf('H1', () => {
    paper.drawLines(
      [mark],
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
