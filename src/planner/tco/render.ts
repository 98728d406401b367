import { roundSignificant } from '../../foundation/format.ts'
import type { TcoComparison } from './evaluate.ts'
import { sectionsOf } from './sections.ts'

/** Markdown with one table per section and the notes at the end. */
export function tcoMarkdown(comparison: TcoComparison): string {
  const parts = [`# ${comparison.title}`]
  if (comparison.note !== undefined) parts.push(comparison.note.trim())
  for (const { heading, columns, rows, remark } of sectionsOf(comparison)) {
    const row = (cells: readonly string[]): string => `| ${cells.map(markdownCell).join(' | ')} |`
    parts.push(
      `## ${heading}`,
      [
        row(columns.map(({ title }) => title)),
        row(columns.map(({ align }) => (align === 'right' ? '--:' : '---'))),
        ...rows.map(row),
      ].join('\n'),
    )
    if (remark !== undefined) parts.push(remark)
  }
  if (comparison.notes.length > 0)
    parts.push(
      '## Notes',
      comparison.notes.map(({ level, about, message }) => `- ${level}: ${about}: ${message}`).join('\n'),
    )
  return `${parts.join('\n\n')}\n`
}

/** A pipe would end a cell, a line break the row. */
function markdownCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')
}

/** The whole comparison; what is undefined is null, so that a missing price stays visible. */
export function tcoJson(comparison: TcoComparison): string {
  const plain = (_key: string, value: unknown): unknown => {
    if (value === undefined) return null
    return typeof value === 'number' ? finite(value) : value
  }
  return `${JSON.stringify(comparison, plain, 2)}\n`
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? roundSignificant(value, 10) : null
}

const csvColumns = [
  'option_id',
  'line_id',
  'label',
  'category',
  'quantity',
  'unit',
  'unit_price_usd',
  'amount_usd',
  'timing',
  'from_month',
  'total_usd',
  'source',
  'note',
] as const

/** One row per cost line; an empty cell is a missing price. */
export function tcoCsv(comparison: TcoComparison): string {
  const number = (value: number | undefined): string =>
    value === undefined ? '' : String(roundSignificant(value, 10))
  const rows = comparison.options.flatMap((option) =>
    option.lines.map((line) =>
      [
        option.id,
        line.id,
        line.label,
        line.category,
        number(line.quantity),
        line.unit,
        number(line.unitPriceUsd),
        number(line.amountUsd),
        line.timing.kind,
        String(line.timing.kind === 'once' ? line.timing.month : line.timing.fromMonth),
        number(line.totalUsd),
        line.sourceId,
        line.note,
      ].map(csvCell),
    ),
  )
  return `${[csvColumns.join(','), ...rows.map((row) => row.join(','))].join('\n')}\n`
}

/** Quoted where needed; text that a spreadsheet would run as a formula gets an apostrophe. */
function csvCell(text: string): string {
  const safe = /^[=@\t\r]|^[+-](?![\d.])/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
