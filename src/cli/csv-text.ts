/** Rows as CSV. Undefined is an empty cell: unknown, never zero. */
export function csvText(columns: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return `${[columns, ...rows].map((row) => row.map(csvCell).join(',')).join('\n')}\n`
}

export type CsvValue = string | number | boolean | undefined

/** Quoted where needed; text that a spreadsheet would run as a formula gets an apostrophe. */
function csvCell(value: CsvValue): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : ''
  const text = String(value)
  const safe = /^\s*[=@+\-|%]|^[\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
