import type {
  CalloutBlock,
  HeadingBlock,
  ListBlock,
  ListStyle,
  ParagraphBlock,
  ReportCell,
  ReportColumn,
  ReportListItem,
  ReportRow,
  TableBlock,
  Tone,
} from './report-document.ts'

/** Short ways to write the blocks of a document. */
export function paragraph(text: string, style: ParagraphBlock['style'] = 'normal'): ParagraphBlock {
  return { kind: 'paragraph', text, style }
}

export function heading(id: string, text: string): HeadingBlock {
  return { kind: 'heading', id, text }
}

export function callout(tone: Tone, title: string, ...texts: string[]): CalloutBlock {
  return { kind: 'callout', tone, title, texts }
}

export function list(
  items: readonly (ReportListItem | string)[],
  input: { title?: string; ordered?: boolean; style?: ListStyle } = {},
): ListBlock {
  return {
    kind: 'list',
    ...(input.title === undefined ? {} : { title: input.title }),
    ordered: input.ordered ?? false,
    style: input.style ?? 'plain',
    items: items.map((item) => (typeof item === 'string' ? { text: item } : item)),
  }
}

export function column(
  id: string,
  title: string,
  input: { align?: 'left' | 'right'; unit?: string; weight?: number } = {},
): ReportColumn {
  const align = input.align ?? 'left'
  return {
    id,
    title,
    align,
    ...(input.unit === undefined ? {} : { unit: input.unit }),
    weight: input.weight ?? (align === 'right' ? 1 : 2),
  }
}

/** A column of numbers. */
export function numbers(id: string, title: string, unit?: string): ReportColumn {
  return column(id, title, { align: 'right', ...(unit === undefined ? {} : { unit }) })
}

export function cell(text: string, more: Omit<ReportCell, 'text'> = {}): ReportCell {
  return { text, ...more }
}

/** A number with its text; the value is left out where it is not a number. */
export function amount(
  text: string,
  value: number | undefined,
  more: Omit<ReportCell, 'text'> = {},
): ReportCell {
  return value === undefined || !Number.isFinite(value) ? { text, ...more } : { text, value, ...more }
}

export function row(
  cells: readonly (ReportCell | string)[],
  style: ReportRow['style'] = 'normal',
): ReportRow {
  return { style, cells: cells.map((entry) => (typeof entry === 'string' ? { text: entry } : entry)) }
}

export function table(input: {
  id: string
  caption: string
  columns: readonly ReportColumn[]
  rows: readonly ReportRow[]
  footnotes?: readonly string[]
  wide?: boolean
  long?: boolean
}): TableBlock {
  return {
    kind: 'table',
    id: input.id,
    caption: input.caption,
    columns: input.columns,
    rows: input.rows,
    footnotes: input.footnotes ?? [],
    wide: input.wide ?? input.columns.length > 6,
    long: input.long ?? false,
  }
}

/** Footnotes in the order in which they are first used: the same text has the same mark. */
export class Footnotes {
  readonly texts: string[] = []

  mark(text: string): number {
    const known = this.texts.indexOf(text)
    if (known >= 0) return known + 1
    this.texts.push(text)
    return this.texts.length
  }
}
