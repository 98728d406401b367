import { parse } from 'csv-parse/browser/esm/sync'
import { type Issue, RightsizeError } from '../foundation/errors.ts'

/** Metrics of speed that a run may state, as the runs file names them. */
export const speedMetrics = [
  'ttft_ms',
  'tpot_ms',
  'output_tokens_per_second',
  'total_tokens_per_second',
  'prefill_tokens_per_second',
  'decode_tokens_per_second',
  'requests_per_second',
] as const
export type SpeedMetric = (typeof speedMetrics)[number]

/** What a run may state beside its speed. */
export const energyMetrics = ['joules_per_output_token', 'accelerator_power_w', 'system_power_w'] as const
export type EnergyMetric = (typeof energyMetrics)[number]
export const memoryMetrics = ['weights_gib', 'kv_cache_tokens', 'kv_cache_gib', 'file_gib'] as const
export type MemoryMetric = (typeof memoryMetrics)[number]

/** Every figure of a runs file that can be predicted, in the order reports show them. */
export const runMetrics = [...speedMetrics, ...memoryMetrics, ...energyMetrics] as const
export type RunMetric = (typeof runMetrics)[number]

const numberColumns = [
  'accelerators',
  'tp',
  'pp',
  'ep',
  'attention_dp',
  'input_tokens',
  'output_tokens',
  'concurrency',
  'request_rate_per_second',
  'num_requests',
  'gpu_memory_utilization',
  'max_model_len',
  ...runMetrics,
] as const
type NumberColumn = (typeof numberColumns)[number]

const textColumns = [
  'id',
  'source_id',
  'as_of',
  'engine',
  'engine_version',
  'mode',
  'model',
  'weights',
  'kv_cache',
  'accelerator',
  'tpot_statistic',
  'flag',
  'note',
] as const
type TextColumn = (typeof textColumns)[number]

/** Columns without which a row says nothing. */
const neededColumns = ['engine', 'mode', 'model', 'weights', 'accelerator'] as const

/** One published run. Blank cells are missing keys, never zero. */
export type Run = { readonly line: number } & { readonly [K in TextColumn]?: string } & {
  readonly [K in NumberColumn]?: number
}

/**
 * Runs from CSV text in the columns of the measurements' README; other columns are ignored.
 * @throws RightsizeError `runs-invalid` with every problem at once, as `file:line  column`.
 */
export function readRuns(input: { text: string; file: string }): readonly Run[] {
  const issues: Issue[] = []
  const runs: Run[] = []
  for (const { record, line } of records(input)) {
    const run: Record<string, string | number> = { line }
    for (const column of textColumns) {
      const cell = record[column]?.trim() ?? ''
      if (cell !== '') run[column] = cell
    }
    for (const column of numberColumns) {
      const cell = record[column]?.trim() ?? ''
      if (cell === '') continue
      const value = Number(cell)
      if (Number.isFinite(value) && value >= 0) run[column] = value
      else
        issues.push({
          place: `${input.file}:${line}  ${column}`,
          message: `is not a number of at least 0 (got "${cell}")`,
        })
    }
    runs.push(run as unknown as Run)
  }
  if (issues.length > 0) {
    throw new RightsizeError({
      code: 'runs-invalid',
      message: `${input.file} has cells that are wrong`,
      issues,
    })
  }
  return runs
}

function records(input: { text: string; file: string }): { record: Record<string, string>; line: number }[] {
  const issues: Issue[] = []
  let parsed: { record: Record<string, string>; info: { lines: number } }[] = []
  const broken = (error: unknown) => {
    const { message, lines } = error as { message: string; lines?: number }
    const place = lines === undefined ? input.file : `${input.file}:${lines}`
    issues.push({ place, message: `is not CSV: ${message}` })
  }
  try {
    parsed = parse(input.text, {
      columns: true,
      skip_empty_lines: true,
      bom: true,
      info: true,
      skip_records_with_error: true,
      on_skip: (error: unknown) => {
        broken(error)
      },
    }) as never
  } catch (cause) {
    broken(cause)
  }
  const missing = neededColumns.filter((column) => parsed[0] !== undefined && !(column in parsed[0].record))
  for (const column of missing) {
    issues.push({ place: `${input.file}:1  ${column}`, message: 'column is missing' })
  }
  if (issues.length > 0) {
    throw new RightsizeError({
      code: 'runs-invalid',
      message: missing.length > 0 ? `${input.file} lacks columns` : `${input.file} is not a table of runs`,
      issues,
    })
  }
  return parsed.map(({ record, info }) => ({ record, line: info.lines }))
}
