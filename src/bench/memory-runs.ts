import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { fileGib, type ServedLog, servedFigures, servedLog } from '../calibration/memory-figures.ts'
import type { MemoryMetric } from '../calibration/runs.ts'
import type { Catalog } from '../catalogs/catalog.ts'
import { readTable, throwIssues } from '../catalogs/csv.ts'
import { defineTable, fractionCell, positiveCell, qualityCell, wholeCell } from '../catalogs/schema/common.ts'
import type { EngineMemoryPolicy } from '../estimators/memory/index.ts'
import { gibibyte } from '../foundation/units.ts'

const count = wholeCell({ least: 1 }).optional()
const text = z.string().optional()

/** What engines logged about memory, as published; `source` says where. */
const memoryRunRow = z.strictObject({
  id: z.string(),
  source_id: z.string(),
  as_of: text,
  engine: z.string(),
  engine_version: text,
  model: z.string(),
  weights: z.string(),
  kv_cache: text,
  accelerator: text,
  accelerators: count,
  tp: count,
  pp: count,
  ep: count,
  max_num_seqs: count,
  max_num_batched_tokens: count,
  /** Where the source says that the file keeps attention wider than its format does. */
  attention_bits: positiveCell(32).optional(),
  weights_gib: positiveCell().optional(),
  kv_cache_tokens: positiveCell().optional(),
  kv_cache_gib: positiveCell().optional(),
  file_gib: positiveCell().optional(),
  gpu_memory_utilization: fractionCell.optional(),
  max_model_len: count,
  quality: z.enum(['A', 'B', 'C']).or(qualityCell),
  flag: text,
  note: text,
  source: z.string(),
})
export type MemoryRun = z.output<typeof memoryRunRow>
const memoryRunTable = defineTable({ file: 'memory-runs.csv', schema: memoryRunRow, key: ['id'] })

export function readMemoryRuns(): MemoryRun[] {
  const file = new URL('../../src/bench/fixtures/memory-runs.csv', import.meta.url)
  const { rows, issues } = readTable({
    table: memoryRunTable,
    text: readFileSync(file, 'utf8'),
    file: 'memory-runs.csv',
  })
  throwIssues(issues)
  return rows.map(({ row }) => row)
}

/** The constants that the refit moves; undefined keeps the catalog's. */
export interface ReserveConstants {
  readonly samplerBytesPerLogit: number
  readonly activationFactor: number
  readonly runtimeNvidiaGib: number
  readonly runtimeAmdGib: number
  readonly encoderGib: number
}

export type ServedRun = ServedLog<MemoryRun>

/** Undefined for runs that name no device (files), or a device whose usable memory nobody knows. */
export function servedRun(catalog: Catalog, run: MemoryRun): ServedRun | undefined {
  return servedLog(catalog, run)
}

/** The run's policy with other reserve constants. */
export function withConstants(
  served: ServedRun,
  constants: ReserveConstants | undefined,
): EngineMemoryPolicy {
  if (constants === undefined || served.run.engine !== 'vllm') return served.policy
  const runtime = served.vendor === 'AMD' ? constants.runtimeAmdGib : constants.runtimeNvidiaGib
  return {
    ...served.policy,
    samplerBytesPerLogit: constants.samplerBytesPerLogit,
    activationFactor: constants.activationFactor,
    runtimeBytes: runtime * gibibyte,
    encoderActivationBytes: constants.encoderGib * gibibyte,
  }
}

export type Metric = MemoryMetric

export interface Prediction {
  readonly run: MemoryRun
  readonly metric: Metric
  readonly predicted: number
  readonly measured: number
}

/** Everything a run states, predicted without its own logs (weights too). */
export function predictRun(input: {
  catalog: Catalog
  run: MemoryRun
  served: ServedRun | undefined
  constants: ReserveConstants | undefined
}): Prediction[] {
  const { run, served } = input
  const found: Prediction[] = []
  const add = (metric: Metric, predicted: number | undefined) => {
    const measured = run[metric]
    if (measured !== undefined && predicted !== undefined) found.push({ run, metric, predicted, measured })
  }
  if (run.file_gib !== undefined) add('file_gib', fileGib(input.catalog, run))
  if (served !== undefined) {
    const figures = servedFigures(input.catalog, served, withConstants(served, input.constants))
    add('weights_gib', figures.weights_gib)
    add('kv_cache_gib', figures.kv_cache_gib)
    add('kv_cache_tokens', figures.kv_cache_tokens)
  }
  return found
}
