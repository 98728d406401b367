/**
 * The report as every renderer sees it: sections of blocks whose text is worded, rounded and translated already.
 * `view-model.ts` makes it from a plan; HTML, PDF, XLSX and Markdown only lay it out and escape it for their format.
 * All text is plain text: no markup, no entities. The same plan, locale and brand give the same document.
 */
export interface ReportDocument {
  readonly meta: ReportMeta
  /** In reading order. The first is the one-page summary. */
  readonly sections: readonly ReportSection[]
}

export const reportLocales = ['en', 'de'] as const
export type ReportLocale = (typeof reportLocales)[number]

export interface ReportMeta {
  readonly title: string
  readonly subtitle: string
  readonly scenarioName: string
  readonly description?: string
  /** ISO date of the plan (its catalog's), never the clock's. For file metadata too. */
  readonly planDate: string
  /** The same as people write it in the locale. */
  readonly planDateText: string
  readonly catalogVersion: string
  readonly catalogHash: string
  readonly locale: ReportLocale
  /** Three-letter code; the money texts of the document are in it. */
  readonly currencyCode: string
  readonly brand: ReportBrand
  /** Words that belong to the layout (contents, page, figure, table, …). */
  readonly words: ReportWords
}

export interface ReportBrand {
  readonly name: string
  readonly logo?: ReportLogo
  readonly colours: ReportColours
}

export interface ReportLogo {
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/svg+xml'
  readonly base64: string
  readonly alt: string
}

/** `#rrggbb`. Text on `primary` is white, `primary` on white is text: both must reach a contrast of 4.5. */
export interface ReportColours {
  readonly primary: string
  readonly accent: string
}

/** Layout words, translated. `{n}` stands for a number that the renderer fills in. */
export interface ReportWords {
  readonly contents: string
  readonly page: string
  readonly pageOf: string
  readonly figure: string
  readonly table: string
  readonly dataOfChart: string
  readonly notes: string
  readonly catalog: string
  readonly planOf: string
  readonly noChartPicture: string
  readonly skipToContent: string
  readonly backToTop: string
}

export interface ReportSection {
  /** Kebab-case, stable in every language: anchors, sheet names and file names come from it. */
  readonly id: string
  /** From 1. Printed before the title. */
  readonly number: number
  readonly title: string
  /** Appendices and annexes are lettered by the title itself and come last. */
  readonly part: 'body' | 'annex'
  /** One sentence that says what the reader learns here. */
  readonly lead?: string
  readonly blocks: readonly ReportBlock[]
  /** Starts on a new page in print and PDF. */
  readonly breakBefore: boolean
}

export type ReportBlock =
  | HeadingBlock
  | ParagraphBlock
  | CardsBlock
  | FactsBlock
  | TableBlock
  | ChartBlock
  | ListBlock
  | CalloutBlock
  | PageBreakBlock

/** Below the section's title. */
export interface HeadingBlock {
  readonly kind: 'heading'
  readonly id: string
  readonly text: string
}

export interface ParagraphBlock {
  readonly kind: 'paragraph'
  readonly text: string
  /** `lead`: larger, opens a page. `small`: an aside. */
  readonly style: 'normal' | 'lead' | 'small'
}

/** Key figures, read at a glance: two to eight. */
export interface CardsBlock {
  readonly kind: 'cards'
  readonly title: string
  readonly cards: readonly ReportCard[]
}

export interface ReportCard {
  readonly id: string
  readonly label: string
  /** With its unit. */
  readonly value: string
  /** The interval or what the figure rests on. */
  readonly detail?: string
  readonly tone: Tone
}

export type Tone = 'neutral' | 'good' | 'caution' | 'bad'

/** Label and value pairs. */
export interface FactsBlock {
  readonly kind: 'facts'
  readonly title?: string
  readonly facts: readonly { readonly label: string; readonly value: string }[]
}

export interface TableBlock {
  readonly kind: 'table'
  readonly id: string
  readonly caption: string
  readonly columns: readonly ReportColumn[]
  readonly rows: readonly ReportRow[]
  /** In the order of their marks: cell.marks hold indices of this list, counted from 1. */
  readonly footnotes: readonly string[]
  /** Many or wide columns: renderers may turn the page, shrink the type or scroll. */
  readonly wide: boolean
  /** More than a page of reference rows: HTML folds it, print keeps it. */
  readonly long: boolean
}

export interface ReportColumn {
  readonly id: string
  readonly title: string
  readonly align: 'left' | 'right'
  /** The unit of all cells of the column, where they share one. */
  readonly unit?: string
  /** Relative share of the table's width: 1 for numbers, 2 to 5 for text. */
  readonly weight: number
}

export interface ReportRow {
  /** `total`: a sum of those above. `group`: a title over the rows that follow (only the first cell has text). */
  readonly style: 'normal' | 'total' | 'group' | 'emphasis'
  readonly cells: readonly ReportCell[]
}

export interface ReportCell {
  readonly text: string
  /** Unrounded, in the column's unit or the currency, for workbooks; absent where the cell is text. */
  readonly value?: number
  readonly marks?: readonly number[]
  /** An address with https, or an anchor `#section-id`. */
  readonly href?: string
  readonly tone?: Tone
}

export interface ChartBlock {
  readonly kind: 'chart'
  readonly id: string
  readonly title: string
  /** A Chart.js 4 configuration that survives JSON; `hydrateChart` adds the patterns and number formats. */
  readonly config: ChartConfig
  /** What the picture shows, for those who do not see it. */
  readonly alt: string
  readonly caption?: string
  /** The chart's numbers. */
  readonly data: TableBlock
  readonly aspectRatio: number
}

/** JSON. Kept loose on purpose: Chart.js's own types hold functions, which a JSON configuration cannot. */
export interface ChartConfig {
  readonly type: 'bar' | 'line' | 'scatter'
  readonly data: {
    /** A list inside is one label in several lines. */
    readonly labels?: readonly (string | readonly string[])[]
    readonly datasets: readonly ChartDataset[]
  }
  readonly options: JsonObject
}

export type ChartDataset = JsonObject & { readonly label: string }
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [key: string]: JsonValue
}

export interface ListBlock {
  readonly kind: 'list'
  readonly title?: string
  readonly ordered: boolean
  readonly style: ListStyle
  readonly items: readonly ReportListItem[]
}

/** `checklist`: boxes to tick. */
export type ListStyle = 'plain' | 'checklist'

export interface ReportListItem {
  /** Set in bold before the text. */
  readonly term?: string
  readonly text: string
}

export interface CalloutBlock {
  readonly kind: 'callout'
  readonly tone: Tone
  readonly title: string
  readonly texts: readonly string[]
}

/** A hint: a renderer without pages leaves it out. */
export interface PageBreakBlock {
  readonly kind: 'page-break'
}

/** PNG pictures by chart id, as `chartPictures` in `charts/png.node.ts` makes them; empty where no canvas is there. */
export type ChartPictures = ReadonlyMap<string, ChartPicture>

export interface ChartPicture {
  readonly png: Uint8Array
  readonly widthPixels: number
  readonly heightPixels: number
}
