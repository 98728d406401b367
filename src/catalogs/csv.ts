import { parse } from 'csv-parse/browser/esm/sync'
import type { z } from 'zod'
import { type Issue, RightsizeError } from '../foundation/errors.ts'
import { didYouMean } from '../foundation/suggest.ts'
import type { TableDefinition } from './schema/common.ts'

/** A row with the line it stands on, so that a later check can point at it. */
export interface ReadRow<Row> {
  readonly line: number
  readonly row: Row
}

export interface ReadTable<Row> {
  readonly rows: readonly ReadRow<Row>[]
  /** Raw cells of rows with a problem: their references are checked all the same. */
  readonly broken: readonly ReadRow<Readonly<Record<string, string>>>[]
  readonly issues: readonly Issue[]
}

/**
 * Reads one catalog table from its text. Never throws for bad content: every problem of every row comes back as an
 * issue, placed as `file:line  column`.
 */
export function readTable<Schema extends z.ZodType>(input: {
  table: TableDefinition<Schema>
  text: string
  /** As the user knows it, for messages. */
  file: string
}): ReadTable<z.output<Schema>> {
  const issues: Issue[] = []
  const records = parseRecords(input.text, input.file, issues)
  if (records === undefined) return { rows: [], broken: [], issues }
  const { header, lines } = records
  const columns = schemaColumns(input.table.schema)
  for (const [index, name] of header.entries()) {
    if (header.indexOf(name) !== index) {
      issues.push({ place: `${input.file}:1  ${name}`, message: 'the column appears twice' })
    } else if (columns.length > 0 && !columns.includes(name)) {
      const hint = didYouMean(name, columns)
      issues.push({
        place: `${input.file}:1  ${name || `column ${index + 1}`}`,
        message: 'unknown column',
        ...(hint === undefined ? {} : { hint }),
      })
    }
  }
  if (issues.length > 0) return { rows: [], broken: [], issues }
  const rows: ReadRow<z.output<Schema>>[] = []
  const broken: ReadRow<Readonly<Record<string, string>>>[] = []
  const seen = new Map<string, number>()
  for (const { line, cells } of lines) {
    const raw: Record<string, string> = {}
    for (const [index, name] of header.entries()) {
      const cell = cells[index]?.trim() ?? ''
      if (cell !== '') raw[name] = cell
    }
    if (cells.length !== header.length) {
      issues.push({
        place: `${input.file}:${line}`,
        message: `has ${cells.length} cells where the header has ${header.length}`,
      })
      continue
    }
    const parsed = input.table.schema.safeParse(raw)
    if (!parsed.success) {
      broken.push({ line, row: raw })
      for (const problem of parsed.error.issues) {
        const column = problem.path.map(String).join('.')
        const got = raw[column]
        issues.push({
          place: `${input.file}:${line}  ${column || 'row'}`,
          message:
            got === undefined
              ? cellMessage(problem, true)
              : `${cellMessage(problem, false)} (got "${shortened(got)}")`,
        })
      }
      continue
    }
    const key = input.table.key.map((column) => raw[column] ?? '').join('\u0000')
    const earlier = seen.get(key)
    if (earlier !== undefined) {
      issues.push({
        place: `${input.file}:${line}`,
        message: `repeats line ${earlier} (same ${input.table.key.join(', ')}: ${key.split('\u0000').join(', ')})`,
      })
      continue
    }
    seen.set(key, line)
    rows.push({ line, row: parsed.data })
  }
  return { rows, broken, issues }
}

/** The names of the columns a row schema knows; empty where the schema is not an object. */
export function schemaColumns(schema: z.ZodType): string[] {
  const shape = (schema as unknown as { shape?: Record<string, unknown> }).shape
  return shape === undefined ? [] : Object.keys(shape)
}

function cellMessage(problem: { code?: string | undefined; message: string }, missing: boolean): string {
  if (missing && problem.code === 'invalid_type') return 'is missing'
  return problem.message.charAt(0).toLowerCase() + problem.message.slice(1)
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

interface ParsedLine {
  readonly line: number
  readonly cells: readonly string[]
}

function parseRecords(
  text: string,
  file: string,
  issues: Issue[],
): { header: readonly string[]; lines: readonly ParsedLine[] } | undefined {
  let records: { record: string[]; info: { lines: number } }[]
  try {
    records = parse(text, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as { record: string[]; info: { lines: number } }[]
  } catch (cause) {
    const line = (cause as { lines?: number }).lines
    issues.push({
      place: line === undefined ? file : `${file}:${line}`,
      message: `is not readable as CSV: ${cause instanceof Error ? cause.message : String(cause)}`,
    })
    return undefined
  }
  const [head, ...rest] = records
  if (head === undefined) {
    issues.push({ place: `${file}:1`, message: 'the file is empty; a header line was expected' })
    return undefined
  }
  // csv-parse counts the line a record ends on; a quoted cell with line breaks starts earlier.
  const startLine = (entry: { record: string[]; info: { lines: number } }) =>
    entry.info.lines - entry.record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0)
  return {
    header: head.record.map((name) => name.trim()),
    lines: rest.map((entry) => ({ line: startLine(entry), cells: entry.record })),
  }
}

/** Throws one error that lists every issue, or does nothing. */
export function throwIssues(issues: readonly Issue[]): void {
  if (issues.length === 0) return
  throw new RightsizeError({
    code: 'catalog-invalid',
    message: `the catalog has ${issues.length} ${issues.length === 1 ? 'problem' : 'problems'}`,
    issues,
  })
}
