import PDFDocument from 'pdfkit'
import { reportFontFiles } from '../charts/fonts.node.ts'
import { breakLines, type Measure, printable } from './line-breaks.ts'
import { type FontName, page, type Theme, type } from './theme.ts'

type StructureElement = PDFKit.PDFStructureElement
/** Its types lack the scope of a header cell. */
type StructureOptions = PDFKit.Mixins.StructureElementOptions & { scope?: 'Row' | 'Column' }

export interface TextStyle {
  readonly font: FontName
  readonly size: number
  readonly colour: string
  readonly leading?: number
}

export interface PaperMeta {
  readonly title: string
  readonly author: string
  readonly subject: string
  readonly keywords: string
  readonly locale: string
  /** ISO date: the document's dates and its id come from it, never from the clock. */
  readonly date: string
}

/**
 * A document that is written from top to bottom: pages, a cursor, text that is measured before it is drawn, and the tags
 * that tell a screen reader what each thing is.
 */
export class Paper {
  readonly doc: PDFKit.PDFDocument
  readonly theme: Theme
  y: number = page.top
  /** Below 1: less air and smaller type, for what must stay on one page. */
  density = 1
  private readonly chunks: Buffer[] = []
  private readonly finished: Promise<void>
  private readonly widths = new Map<FontName, Map<string, number>>()
  private readonly parents: StructureElement[] = []
  private landscape = false

  constructor(meta: PaperMeta, theme: Theme) {
    this.theme = theme
    const date = new Date(`${meta.date}T00:00:00Z`)
    this.doc = new PDFDocument({
      size: [page.width, page.height],
      margin: 0,
      autoFirstPage: false,
      bufferPages: true,
      pdfVersion: '1.7',
      tagged: true,
      lang: meta.locale,
      displayTitle: true,
      info: {
        Title: meta.title,
        Author: meta.author,
        Subject: meta.subject,
        Keywords: meta.keywords,
        Creator: 'rightsize',
        Producer: 'rightsize',
        CreationDate: date,
        ModDate: date,
      },
    })
    const files = reportFontFiles()
    this.doc.registerFont('regular', files.regular)
    this.doc.registerFont('semibold', files.semiBold)
    this.doc.registerFont('italic', files.italic)
    this.doc.on('data', (chunk: Buffer) => this.chunks.push(chunk))
    this.finished = new Promise((resolve, reject) => {
      this.doc.on('end', resolve)
      this.doc.on('error', reject)
    })
    const root = this.doc.struct('Document')
    this.doc.addStructure(root)
    this.parents.push(root)
  }

  async bytes(): Promise<Uint8Array> {
    this.parents[0]?.end()
    this.doc.end()
    await this.finished
    return new Uint8Array(Buffer.concat(this.chunks))
  }

  // Pages.

  newPage(input: { landscape?: boolean } = {}): void {
    this.landscape = input.landscape ?? false
    const size: [number, number] = this.landscape ? [page.height, page.width] : [page.width, page.height]
    this.doc.addPage({ size, margin: 0 })
    this.y = page.top
  }

  get isLandscape(): boolean {
    return this.landscape
  }

  get left(): number {
    return page.marginX
  }

  get width(): number {
    return (this.landscape ? page.height : page.width) - 2 * page.marginX
  }

  get bottom(): number {
    return (this.landscape ? page.width : page.height) - page.bottom
  }

  get room(): number {
    return this.bottom - this.y
  }

  get fullHeight(): number {
    return this.bottom - page.top
  }

  get atTop(): boolean {
    return this.y <= page.top + 0.01
  }

  get pageNumber(): number {
    const range = this.doc.bufferedPageRange()
    return range.start + range.count
  }

  /** Turns the page where less than `height` is left on it. */
  ensure(height: number): void {
    if (height > this.room && !this.atTop) this.newPage({ landscape: this.landscape })
  }

  space(points: number): void {
    if (!this.atTop) this.y += points * this.density
  }

  // Tags.

  /** What `draw` writes becomes the children of a new element. */
  inside(tag: string, draw: () => void, options: StructureOptions = {}): void {
    const element = this.open(tag, options)
    this.parents.push(element)
    draw()
    this.parents.pop()
    element.end()
  }

  /** An element for later: its place in the reading order is here. The caller ends it. */
  open(tag: string, options: StructureOptions = {}): StructureElement {
    const element = this.doc.struct(tag, options as PDFKit.Mixins.StructureElementOptions)
    this.parents.at(-1)?.add(element)
    return element
  }

  within(element: StructureElement, draw: () => void): void {
    this.parents.push(element)
    draw()
    this.parents.pop()
  }

  /** Real content: `draw` stays on one page. */
  leaf(tag: string, draw: () => void, options: StructureOptions = {}): void {
    const element = this.open(tag, options)
    element.add(draw)
    element.end()
  }

  /** Decoration, which a screen reader passes over. */
  artifact(draw: () => void, options: PDFKit.Mixins.MarkingOptions = { type: 'Layout' }): void {
    this.doc.markContent('Artifact', options)
    draw()
    this.doc.endMarkedContent()
  }

  // Text.

  measure(style: Pick<TextStyle, 'font' | 'size'>): Measure {
    const known = this.widths.get(style.font) ?? new Map<string, number>()
    this.widths.set(style.font, known)
    return (text) => {
      let width = known.get(text)
      if (width === undefined) {
        width = this.doc.font(style.font).fontSize(1000).widthOfString(text) / 1000
        known.set(text, width)
      }
      return width * style.size
    }
  }

  lines(text: string, width: number, style: TextStyle, indent = 0): string[] {
    return breakLines({ text, width, measure: this.measure(style), indent })
  }

  lineHeight(style: TextStyle): number {
    return style.size * (style.leading ?? type.leading)
  }

  /** Draws lines from `y` down and returns their height. Text must not be wider than `width`. */
  drawLines(
    lines: readonly string[],
    box: { x: number; y: number; width: number },
    style: TextStyle,
    more: { align?: 'left' | 'right' | 'center'; link?: string; goTo?: string } = {},
  ): number {
    const height = this.lineHeight(style)
    const measure = this.measure(style)
    // The face's own line is 1.3 of its size: centre it in ours.
    const offset = (height - style.size * 1.3) / 2
    lines.forEach((line, index) => {
      if (line === '') return
      const spare = box.width - measure(line)
      const shift = more.align === 'right' ? spare : more.align === 'center' ? spare / 2 : 0
      this.doc
        .font(style.font)
        .fontSize(style.size)
        .fillColor(style.colour)
        .text(line, box.x + shift, box.y + index * height + offset, {
          lineBreak: false,
          ...(more.link === undefined ? {} : { link: more.link }),
          ...(more.goTo === undefined ? {} : { goTo: more.goTo }),
        })
    })
    return lines.length * height
  }

  /** Flowing text that may go over pages. `runIn` is set in bold before it, on its first line. */
  text(tag: string, text: string, style: TextStyle, more: { indent?: number; runIn?: string } = {}): void {
    const indent = more.indent ?? 0
    const strong: TextStyle = { ...style, font: 'semibold' }
    let runIn = more.runIn
    const shift = runIn === undefined ? 0 : this.measure(strong)(runIn) + style.size * 0.5
    let rest = this.lines(text, this.width - indent, style, shift)
    const height = this.lineHeight(style)
    const element = this.open(tag)
    while (rest.length > 0) {
      // No single line alone at the foot or the head of a page.
      this.ensure(height * Math.min(rest.length, 2))
      let fits = Math.max(1, Math.min(rest.length, Math.floor((this.room + 0.01) / height)))
      if (rest.length - fits === 1 && fits > 2) fits -= 1
      const now = rest.slice(0, fits)
      rest = rest.slice(fits)
      element.add(() => {
        const box = { x: this.left + indent, y: this.y, width: this.width - indent }
        if (runIn === undefined) {
          this.drawLines(now, box, style)
          return
        }
        this.drawLines([`${runIn} `], box, strong)
        this.drawLines(now.slice(0, 1), { ...box, x: box.x + shift }, style)
        this.drawLines(now.slice(1), { ...box, y: box.y + height }, style)
        runIn = undefined
      })
      this.y += now.length * height
      if (rest.length > 0) this.newPage({ landscape: this.landscape })
    }
    element.end()
  }

  /** One line cut off with an ellipsis where it is too long. */
  cut(text: string, width: number, style: Pick<TextStyle, 'font' | 'size'>): string {
    const measure = this.measure(style)
    const line = printable(text).replaceAll('\n', ' ')
    if (measure(line) <= width) return line
    const characters = [...line]
    while (characters.length > 0 && measure(`${characters.join('').trimEnd()}…`) > width) characters.pop()
    return `${characters.join('').trimEnd()}…`
  }
}
