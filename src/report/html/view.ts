import type {
  ReportBlock,
  ReportCell,
  ReportDocument,
  ReportListItem,
  ReportRow,
  TableBlock,
} from '../report-document.ts'
import { sectionMarks } from '../section-marks.ts'

/**
 * The document as the HTML templates read it: every field there is set, so that strict templates find it, and each
 * block names its partial. Escaping is Handlebars' own.
 */
export interface HtmlView {
  readonly meta: Record<string, unknown>
  readonly sections: readonly Record<string, unknown>[]
  readonly policy: string
  readonly css: string
  readonly script: string
  readonly data: string
}

export interface HtmlWords {
  readonly showRows: (count: number) => string
  readonly showData: string
}

export function htmlView(input: {
  document: ReportDocument
  words: HtmlWords
  /** Partials that stand for one section alone: `section-cost`. */
  hasPartial: (name: string) => boolean
  /** Placed after the section of this id. */
  whatIf: { readonly after: string; readonly view: Record<string, unknown> } | undefined
  policy: string
  css: string
  script: string
  data: string
}): HtmlView {
  const { document, words } = input
  const { brand } = document.meta
  const marks = sectionMarks(document)
  return {
    meta: {
      ...document.meta,
      logo:
        brand.logo === undefined
          ? null
          : { address: `data:${brand.logo.mediaType};base64,${brand.logo.base64}`, alt: brand.logo.alt },
    },
    sections: document.sections.map((section, index) => ({
      ...section,
      mark: marks[index],
      lead: section.lead ?? '',
      partial: input.hasPartial(`html/section-${section.id}`) ? `html/section-${section.id}` : 'html/section',
      blocks: section.blocks.map((block) => blockView(block, words)),
      whatIf: input.whatIf?.after === section.id ? input.whatIf.view : null,
    })),
    policy: input.policy,
    css: input.css,
    script: input.script,
    data: input.data,
  }
}

function blockView(block: ReportBlock, words: HtmlWords): Record<string, unknown> {
  const partial = `html/${block.kind}`
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
    case 'callout':
    case 'page-break':
      return { ...block, partial }
    case 'cards':
      return { ...block, partial, cards: block.cards.map((card) => ({ ...card, detail: card.detail ?? '' })) }
    case 'facts':
      return { ...block, partial, title: block.title ?? '' }
    case 'table':
      return { ...tableView(block), partial, folded: block.long ? words.showRows(block.rows.length) : '' }
    case 'chart':
      return {
        ...block,
        partial,
        caption: block.caption ?? '',
        dataWord: words.showData,
        data: { ...tableView(block.data), folded: '' },
      }
    case 'list':
      return { ...block, partial, title: block.title ?? '', items: block.items.map(itemView) }
  }
}

function itemView(item: ReportListItem): Record<string, unknown> {
  return { term: item.term ?? '', text: item.text }
}

export function tableView(block: TableBlock): Record<string, unknown> {
  return {
    ...block,
    size: block.wide ? 'wide' : 'normal',
    columns: block.columns.map((column) => ({ ...column, unit: column.unit ?? '' })),
    rows: block.rows.map((row) => rowView(row, block)),
  }
}

function rowView(row: ReportRow, block: TableBlock): Record<string, unknown> {
  return {
    style: row.style,
    group: row.style === 'group',
    span: block.columns.length,
    title: row.cells[0]?.text ?? '',
    cells: row.cells.map((cell, index) => cellView(cell, index, block)),
  }
}

function cellView(cell: ReportCell, index: number, block: TableBlock): Record<string, unknown> {
  return {
    text: cell.text,
    href: safeAddress(cell.href),
    marks: cell.marks === undefined ? '' : cell.marks.join(','),
    tone: cell.tone ?? '',
    align: block.columns[index]?.align ?? 'left',
    head: index === 0,
  }
}

/** Only what may be followed safely: https and anchors of this page. */
export function safeAddress(href: string | undefined): string {
  if (href === undefined) return ''
  return /^https:\/\/[^\s]+$/.test(href) || /^#[\w-]+$/.test(href) ? href : ''
}
