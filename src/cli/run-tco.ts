import { evaluateQuotes, type TcoComparison } from '../planner/tco/evaluate.ts'
import { readQuotes } from '../planner/tco/quotes.ts'
import { tcoCsv, tcoJson, tcoMarkdown } from '../planner/tco/render.ts'
import { sectionsOf } from '../planner/tco/sections.ts'
import { textTable, wrapped } from './text-table.ts'

export const tcoFormats = ['table', 'markdown', 'json', 'csv'] as const
export type TcoFormat = (typeof tcoFormats)[number]

/**
 * `rightsize tco quotes.yaml`: compares quotes that somebody typed in.
 * @throws RightsizeError `quotes-invalid`
 */
export function runTco(input: { quotesText: string; fileName: string; format: TcoFormat }): {
  output: string
  comparison: TcoComparison
} {
  const quotes = readQuotes({ text: input.quotesText, file: input.fileName })
  const comparison = evaluateQuotes(quotes, input.fileName)
  const renderers: Record<TcoFormat, (comparison: TcoComparison) => string> = {
    table: tcoTable,
    markdown: tcoMarkdown,
    json: tcoJson,
    csv: tcoCsv,
  }
  return { output: renderers[input.format](comparison), comparison }
}

function tcoTable(comparison: TcoComparison): string {
  const parts = [`${comparison.title}\n`]
  for (const { heading, columns, rows, remark } of sectionsOf(comparison)) {
    parts.push(`${heading}\n${textTable(columns, rows)}`)
    if (remark !== undefined) parts.push(`${wrapped(remark, { columns: 100, indent: '' })}\n`)
  }
  if (comparison.notes.length > 0)
    parts.push(
      `Notes\n${comparison.notes
        .map(({ level, about, message }) =>
          wrapped(`- ${level}: ${about}: ${message}`, { columns: 100, indent: '  ' }),
        )
        .join('\n')}\n`,
    )
  return parts.join('\n')
}
