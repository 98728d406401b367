import type { ReportBlock, ReportDocument, TableBlock } from '../report-document.ts'
import { sectionMarks } from '../section-marks.ts'
import { escapeMarkdown as e } from './escape.ts'

/** The document as the Markdown templates read it: every text is escaped already, as Handlebars knows HTML only. */
export function markdownView(input: {
  document: ReportDocument
  hasPartial: (name: string) => boolean
  /** Where a chart's picture lies beside the file; undefined: there is none. */
  picture: (chartId: string) => string | undefined
}): Record<string, unknown> {
  const { document } = input
  const marks = sectionMarks(document)
  const { meta } = document
  return {
    meta: {
      ...meta,
      title: e(meta.title),
      subtitle: e(meta.subtitle),
      planDateText: e(meta.planDateText),
      catalogVersion: e(meta.catalogVersion),
    },
    sections: document.sections.map((section, index) => ({
      id: section.id,
      mark: marks[index],
      title: e(section.title),
      lead: e(section.lead ?? ''),
      partial: input.hasPartial(`md/section-${section.id}`) ? `md/section-${section.id}` : 'md/section',
      blocks: section.blocks.map((block) => blockView(block, input.picture)),
    })),
  }
}

function blockView(
  block: ReportBlock,
  picture: (chartId: string) => string | undefined,
): Record<string, unknown> {
  const partial = `md/${block.kind}`
  switch (block.kind) {
    case 'heading':
      return { partial, text: e(block.text) }
    case 'paragraph':
      return { partial, text: e(block.text) }
    case 'cards':
      return {
        partial,
        title: e(block.title),
        cards: block.cards.map((card) => ({
          label: e(card.label),
          value: e(card.value),
          detail: e(card.detail ?? ''),
        })),
      }
    case 'facts':
      return {
        partial,
        title: e(block.title ?? ''),
        facts: block.facts.map((fact) => ({ label: e(fact.label), value: e(fact.value) })),
      }
    case 'table':
      return { partial, ...tableView(block) }
    case 'chart':
      return {
        partial,
        title: e(block.title),
        alt: e(block.alt),
        caption: e(block.caption ?? ''),
        picture: picture(block.id) ?? '',
        data: tableView(block.data),
      }
    case 'list':
      return {
        partial,
        title: e(block.title ?? ''),
        items: block.items.map((item, index) => ({
          mark: block.ordered ? `${index + 1}.` : block.style === 'checklist' ? '- [ ]' : '-',
          term: e(item.term ?? ''),
          text: e(item.text),
        })),
      }
    case 'callout':
      return { partial, title: e(block.title), texts: block.texts.map(e) }
    case 'page-break':
      return { partial }
  }
}

function tableView(block: TableBlock): Record<string, unknown> {
  return {
    caption: e(block.caption),
    columns: block.columns.map((column) => ({
      title: e(column.title),
      unit: e(column.unit ?? ''),
      rule: column.align === 'right' ? '---:' : '---',
    })),
    rows: block.rows.map((row) => ({
      cells: row.cells.map((cell) => {
        const marks = cell.marks === undefined ? '' : ` (${cell.marks.join(', ')})`
        const text = `${e(cell.text)}${marks}`
        return { text: row.style === 'normal' || text === '' ? text : `**${text}**` }
      }),
    })),
    footnotes: block.footnotes.map((text, index) => `(${index + 1}) ${e(text)}`),
  }
}
