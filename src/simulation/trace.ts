import { parse } from 'csv-parse/browser/esm/sync'
import { type Issue, RightsizeError } from '../foundation/errors.ts'
import type { TracedRequest } from './traffic.ts'

const columns = ['arrival_seconds', 'input_tokens', 'output_tokens'] as const

/**
 * A trace of requests: CSV with `arrival_seconds,input_tokens,output_tokens` in any order, further columns ignored.
 * Arrivals count from the first one on.
 * @throws RightsizeError `runs-invalid` with every problem as `file:line  column`.
 */
export function readTrace(input: { text: string; file: string }): TracedRequest[] {
  const { file } = input
  const issues: Issue[] = []
  const requests: TracedRequest[] = []
  const records = parseLines(input, issues)
  const [head, ...rows] = records
  if (head === undefined && issues.length === 0) {
    issues.push({ place: `${file}:1`, message: 'the file is empty; a header line was expected' })
  }
  const header = head?.cells.map((name) => name.trim().toLowerCase()) ?? []
  const places = columns.map((name) => header.indexOf(name))
  if (head !== undefined) {
    for (const [index, name] of columns.entries()) {
      if (places[index]! < 0) issues.push({ place: `${file}:1  ${name}`, message: 'the column is missing' })
      else if (header.lastIndexOf(name) !== places[index])
        issues.push({ place: `${file}:1  ${name}`, message: 'the column appears twice' })
    }
  }
  if (issues.length === 0) {
    let last = Number.NEGATIVE_INFINITY
    for (const { line, cells } of rows) {
      const place = (index: number) => `${file}:${line}  ${columns[index]}`
      const arrivalSeconds = numberIn(cells[places[0]!], place(0), issues)
      const inputTokens = tokensIn(cells[places[1]!], place(1), issues)
      const outputTokens = tokensIn(cells[places[2]!], place(2), issues)
      if (arrivalSeconds < last) {
        issues.push({
          place: place(0),
          message: `goes back in time (${arrivalSeconds} after ${last})`,
          hint: 'sort the rows by arrival',
        })
      }
      if (arrivalSeconds > last) last = arrivalSeconds
      requests.push({ arrivalSeconds, inputTokens, outputTokens })
    }
    if (requests.length === 0) issues.push({ place: file, message: 'the trace has no request' })
  }
  if (issues.length > 0) {
    throw new RightsizeError({
      code: 'runs-invalid',
      message: `the trace has ${issues.length} ${issues.length === 1 ? 'problem' : 'problems'}`,
      issues,
    })
  }
  const start = requests[0]!.arrivalSeconds
  return requests.map((request) => ({ ...request, arrivalSeconds: request.arrivalSeconds - start }))
}

function parseLines(
  input: { text: string; file: string },
  issues: Issue[],
): { line: number; cells: string[] }[] {
  try {
    const records = parse(input.text, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as { record: string[]; info: { lines: number } }[]
    return records.map(({ record, info }) => ({ line: info.lines, cells: record }))
  } catch (cause) {
    const { lines } = cause as { lines?: number }
    issues.push({
      place: lines === undefined ? input.file : `${input.file}:${lines}`,
      message: `is not readable as CSV: ${cause instanceof Error ? cause.message : String(cause)}`,
    })
    return []
  }
}

function numberIn(cell: string | undefined, place: string, issues: Issue[]): number {
  const text = cell?.trim() ?? ''
  const value = Number(text)
  if (text !== '' && Number.isFinite(value) && value >= 0) return value
  issues.push({ place, message: text === '' ? 'is empty' : `is not a number of seconds (got "${text}")` })
  return Number.NaN
}

function tokensIn(cell: string | undefined, place: string, issues: Issue[]): number {
  const text = cell?.trim() ?? ''
  const value = Number(text)
  if (/^\d+(\.0+)?$/.test(text) && value >= 1 && value <= mostTokens) return value
  issues.push({
    place,
    message: text === '' ? 'is empty' : `is not a number of tokens from 1 to ${mostTokens} (got "${text}")`,
  })
  return Number.NaN
}

/** Tokens of one request that the columns of the simulation hold. */
const mostTokens = 2 ** 31 - 1
