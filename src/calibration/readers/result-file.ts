import { parse } from 'csv-parse/browser/esm/sync'
import { RightsizeError } from '../../foundation/errors.ts'
import { type Run, readRuns } from '../runs.ts'
import { guidellmRuns, isGuidellmReport } from './guidellm.ts'
import { type JsonRecord, jsonRecords } from './json-values.ts'
import { isLlamaBenchRecord, llamaBenchMarkdown, llamaBenchRun } from './llama-bench.ts'
import { isServingBenchmark, servingBenchmarkRun } from './serving-benchmark.ts'
import { type ReadRecord, type StatedFacts, withoutBlanks } from './stated-facts.ts'

export type ResultKind = 'runs' | 'serving-benchmark' | 'guidellm' | 'llama-bench'

export interface ResultFile {
  readonly kind: ResultKind
  readonly runs: readonly Run[]
  readonly skipped: readonly { readonly line: number; readonly reason: string }[]
}

/**
 * Measured runs from a file of any kind we know, told apart by content: a CSV of runs, results of `vllm bench serve`
 * (or SGLang's `bench_serving`), a guidellm report, llama-bench as JSON, JSON lines, CSV or Markdown. `stated` fills
 * what the file leaves out. Lines of results count records.
 * @throws RightsizeError `runs-invalid`
 */
export function readResultFile(input: { text: string; file: string; stated: StatedFacts }): ResultFile {
  const { text, file, stated } = input
  const start = text.trimStart()[0]
  if (start === '{' || start === '[') {
    const records = jsonRecords(text)
    if (records === undefined) throw unknownFile(file, 'is not JSON')
    return fromRecords(records, input)
  }
  if (/^[^\n]*\bn_prompt\b[^\n]*\bavg_ts\b/.test(text.trimStart())) {
    return results('llama-bench', llamaBenchCsv(text, file).map(llamaBenchRun), stated)
  }
  const table = llamaBenchMarkdown(text)
  if (table !== undefined) return results('llama-bench', table, stated)
  const runs = readRuns({ text, file }).map((run) => ({ ...stated, ...run }))
  if (runs.length === 0) throw unknownFile(file, 'holds no runs')
  return { kind: 'runs', runs, skipped: [] }
}

function fromRecords(
  records: readonly JsonRecord[],
  input: { file: string; stated: StatedFacts },
): ResultFile {
  const { file, stated } = input
  const [first] = records
  if (first === undefined) throw unknownFile(file, 'holds no results')
  if (isGuidellmReport(first)) return results('guidellm', records.flatMap(guidellmRuns), stated)
  if (isServingBenchmark(first)) return results('serving-benchmark', records.map(servingBenchmarkRun), stated)
  if (isLlamaBenchRecord(first)) return results('llama-bench', records.map(llamaBenchRun), stated)
  throw unknownFile(file, 'holds results of a tool that is not known')
}

function results(kind: ResultKind, records: readonly ReadRecord[], stated: StatedFacts): ResultFile {
  const runs: Run[] = []
  const skipped: { line: number; reason: string }[] = []
  for (const [index, record] of records.entries()) {
    const line = index + 1
    if ('reason' in record) skipped.push({ line, reason: record.reason })
    // What the user says of a result file counts: its own names are paths and labels.
    else runs.push({ ...record.run, ...withoutBlanks(stated), line })
  }
  return { kind, runs, skipped }
}

function llamaBenchCsv(text: string, file: string): JsonRecord[] {
  try {
    return parse(text, { columns: true, skip_empty_lines: true, bom: true }) as JsonRecord[]
  } catch (cause) {
    throw unknownFile(file, `is not CSV: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

function unknownFile(file: string, message: string): RightsizeError {
  return new RightsizeError({
    code: 'runs-invalid',
    message: `${file} ${message}`,
    issues: [{ place: file, message }],
    hint: 'known are a CSV of runs, vllm bench serve, guidellm and llama-bench results',
  })
}
