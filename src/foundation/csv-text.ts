export type CsvValue = string | number | boolean | undefined

/** What a spreadsheet would run as a formula when a cell starts with it. */
const formulaStart = /^\s*[=@+\-|%]|^\t/

/** One table as CSV (RFC 4180, LF). Text that a spreadsheet could take for a formula gets an apostrophe in front. */
export function csvText(header: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return [header, ...rows].map((cells) => `${cells.map(csvCell).join(',')}\n`).join('')
}

/** Unknown is an empty cell; numbers carry what the plan has. */
export function csvCell(value: CsvValue): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  // A line break inside a cell would put what follows at the start of a line for readers that split by lines.
  const line = value.replaceAll(/[\r\n]+/g, ' ')
  const guarded = formulaStart.test(line) ? `'${line}` : line
  return /[",]/.test(guarded) || guarded !== guarded.trim() ? `"${guarded.replaceAll('"', '""')}"` : guarded
}
