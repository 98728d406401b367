import type { Cell, ColumnDef, NamedRange, SheetImage, WriteSheet } from 'hucre'
import type { ReportColours } from '../report-document.ts'
import { absolute, isTextTerm, onSheet, reference, type Term, type TextTerm } from './formula.ts'
import { cellStyle, type Look } from './styles.ts'

/** Excel's own limit of a cell's text. */
const mostCharacters = 32_767

/** Characters that XML cannot hold. */
const notXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/** A sheet that is filled row by row. Texts go in as typed strings and are never read as formulas. */
export class SheetBuilder {
  readonly name: string
  /** The row that is written next, from 0. */
  row = 0
  private readonly colours: ReportColours
  private readonly cells = new Map<string, Partial<Cell>>()
  private readonly merges: NonNullable<WriteSheet['merges']> = []
  private readonly heights = new Map<number, { height: number }>()
  private readonly validations: NonNullable<WriteSheet['dataValidations']> = []
  private readonly rules: NonNullable<WriteSheet['conditionalRules']> = []
  private readonly images: SheetImage[] = []
  private readonly charts: NonNullable<WriteSheet['charts']> = []
  private columns: ColumnDef[] = []
  private freeze: { rows: number; columns: number } | undefined
  private titleRow: number | undefined
  private tab: string | undefined
  private printArea: string | undefined
  private readonly breaks: number[] = []

  constructor(name: string, colours: ReportColours) {
    this.name = name
    this.colours = colours
  }

  widths(...widths: readonly number[]): void {
    this.columns = widths.map((width) => ({ width }))
  }

  hideColumn(column: number): void {
    this.columns[column] = { ...this.columns[column], hidden: true }
  }

  freezeAt(rows: number, columns: number): void {
    this.freeze = { rows, columns }
    if (rows > 0) this.titleRow = rows
  }

  /** Prints the upper left part only, on large paper. */
  printTo(row: number, column: number): void {
    this.printArea = `$A$1:${absolute(row, column)}`
  }

  /** What follows starts on a new printed page. */
  breakPage(): void {
    this.breaks.push(this.row - 1)
  }

  tabColour(colour: string): void {
    this.tab = colour.slice(1).toUpperCase()
  }

  height(points: number, row = this.row): void {
    this.heights.set(row, { height: points })
  }

  text(column: number, text: string, look: Look = {}, row = this.row): void {
    const value = text.replaceAll(notXml, '').slice(0, mostCharacters)
    this.put(row, column, { value, type: 'string' }, { ...look, format: look.format ?? 'text' })
  }

  /** A link; anything but https stays plain text. */
  link(column: number, address: string, look: Look = {}): void {
    this.text(column, address, look)
    if (!/^https:\/\/[^\s"<>]+$/.test(address)) return
    const key = `${this.row},${column}`
    this.cells.set(key, { ...this.cells.get(key), hyperlink: { target: address } })
  }

  number(column: number, value: number, look: Look = {}, row = this.row): Term {
    this.put(row, column, { value, type: 'number' }, { align: 'right', ...look })
    return this.at(row, column, value)
  }

  /** A cell that people may change. */
  input(column: number, value: number, look: Look = {}, row = this.row): Term {
    return this.number(column, value, { ...look, kind: 'input' }, row)
  }

  /** An input that nobody knows yet. */
  emptyInput(column: number, look: Look = {}, row = this.row): Term {
    this.put(row, column, { value: null, type: 'empty' }, { align: 'right', ...look, kind: 'input' })
    return this.at(row, column, Number.NaN)
  }

  formula(column: number, of: Term | TextTerm, look: Look = {}, row = this.row): Term {
    const known = isTextTerm(of) || Number.isFinite(of.value)
    const align = isTextTerm(of) ? 'left' : 'right'
    this.put(
      row,
      column,
      { value: null, type: 'formula', formula: of.text, ...(known ? { formulaResult: of.value } : {}) },
      { align, ...look },
    )
    return this.at(row, column, isTextTerm(of) ? Number.NaN : of.value)
  }

  /** An empty cell with a look, so that a row's band has no holes. */
  blank(column: number, look: Look): void {
    this.put(this.row, column, { value: null, type: 'empty' }, look)
  }

  at(row: number, column: number, value: number): Term {
    return reference(onSheet(this.name, absolute(row, column)), value)
  }

  range(from: { row: number; column: number }, to: { row: number; column: number }): string {
    return onSheet(this.name, `${absolute(from.row, from.column)}:${absolute(to.row, to.column)}`)
  }

  merge(fromColumn: number, toColumn: number, row = this.row): void {
    this.merges.push({ startRow: row, startCol: fromColumn, endRow: row, endCol: toColumn })
  }

  /** A row of column titles. */
  header(titles: readonly string[], height = 32): void {
    titles.forEach((title, column) => {
      this.text(column, title, { kind: 'header', align: column === 0 ? 'left' : 'center' })
    })
    this.height(height)
    this.row += 1
  }

  validate(rule: NonNullable<WriteSheet['dataValidations']>[number]): void {
    this.validations.push(rule)
  }

  highlight(rule: Omit<NonNullable<WriteSheet['conditionalRules']>[number], 'priority'>): void {
    this.rules.push({ ...rule, priority: this.rules.length + 1 })
  }

  image(image: SheetImage): void {
    this.images.push(image)
  }

  chart(chart: NonNullable<WriteSheet['charts']>[number]): void {
    this.charts.push(chart)
  }

  /** What is printed, and the rows on top of each page, by names: the writer itself forgets quotes around `Cash flow`. */
  printNames(): NamedRange[] {
    const scope = this.name
    const names: NamedRange[] = []
    if (this.printArea !== undefined)
      names.push({ name: '_xlnm.Print_Area', range: onSheet(scope, this.printArea), scope })
    if (this.titleRow !== undefined)
      names.push({
        name: '_xlnm.Print_Titles',
        range: onSheet(scope, `$${this.titleRow}:$${this.titleRow}`),
        scope,
      })
    return names
  }

  build(): WriteSheet {
    return {
      name: this.name,
      columns: this.columns,
      cells: this.cells,
      merges: this.merges,
      rowDefs: this.heights,
      dataValidations: this.validations,
      conditionalRules: this.rules,
      images: this.images,
      charts: this.charts,
      rowBreaks: this.breaks,
      ...(this.freeze === undefined ? {} : { freezePane: this.freeze }),
      view: { showGridLines: false, ...(this.tab === undefined ? {} : { tabColor: { rgb: this.tab } }) },
      pageSetup: {
        paperSize: this.printArea === undefined ? 'a4' : 'a3',
        orientation: 'landscape',
        fitToPage: true,
        fitToWidth: 1,
        fitToHeight: 0,
      },
      headerFooter: { oddFooter: '&L&A&R&P / &N' },
    }
  }

  private put(row: number, column: number, cell: Partial<Cell>, look: Look): void {
    this.cells.set(`${row},${column}`, { ...cell, style: cellStyle(look, this.colours) })
  }
}
