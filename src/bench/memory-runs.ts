import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Catalog } from '../catalogs/catalog.ts'
import { readTable, throwIssues } from '../catalogs/csv.ts'
import { defineTable, fractionCell, positiveCell, qualityCell, wholeCell } from '../catalogs/schema/common.ts'
import {
  type EngineMemoryPolicy,
  kvPoolBytes,
  loggedPoolTokens,
  type ParallelLayout,
  type PreparedMemory,
  poolTokensAtContext,
  prepareMemory,
  weightBytesOfFile,
} from '../estimators/memory/index.ts'
import { gibibyte } from '../foundation/units.ts'
import {
  deviceMemory,
  knownArchitecture,
  kvBitsPerElement,
  memoryPolicy,
  weightFormatSpec,
} from '../planner/inputs.ts'

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

/** A served run with everything the estimators need, so that a refit only moves the policy. */
export interface ServedRun {
  readonly run: MemoryRun
  readonly vendor: string
  readonly usableBytes: number
  readonly prepare: (policy: EngineMemoryPolicy) => PreparedMemory
  readonly policy: EngineMemoryPolicy
}

/** Undefined for runs that name no device (files), or a device whose usable memory nobody knows. */
export function servedRun(catalog: Catalog, run: MemoryRun): ServedRun | undefined {
  if (run.accelerator === undefined) return undefined
  const accelerator = catalog.accelerator(run.accelerator)
  const memory = deviceMemory(catalog, accelerator)
  if (memory === undefined) return undefined
  const weightFormat = catalog.weightFormat(run.weights)
  const { policy } = memoryPolicy({
    catalog,
    engine: run.engine,
    weightFormatId: weightFormat.id,
    accelerator,
    usableBytes: memory.usableBytes,
    settings: {
      ...(run.gpu_memory_utilization === undefined ? {} : { memoryFraction: run.gpu_memory_utilization }),
      ...(run.max_num_seqs === undefined ? {} : { maxSequences: run.max_num_seqs }),
      ...(run.max_num_batched_tokens === undefined ? {} : { batchedTokens: run.max_num_batched_tokens }),
    },
  })
  const spec = weightFormatSpec(weightFormat)
  const layout: ParallelLayout = {
    tensor: run.tp ?? run.accelerators ?? 1,
    pipeline: run.pp ?? 1,
    attentionData: 1,
    expert: run.ep ?? 1,
  }
  // The source says "KV fp8" in the note where the column is blank; blank is the engine's default, 16 bits.
  const kvFormat = catalog.kvFormat(run.kv_cache ?? (/\bKV fp8\b/.test(run.note ?? '') ? 'fp8' : 'bf16'))
  const architecture = knownArchitecture(catalog.model(run.model))
  return {
    run,
    vendor: accelerator.vendor,
    usableBytes: memory.usableBytes,
    policy,
    prepare: (changed) =>
      prepareMemory({
        architecture,
        weightFormat:
          run.attention_bits === undefined ? spec : { ...spec, attentionBitsPerWeight: run.attention_bits },
        kvBitsPerElement: kvBitsPerElement(kvFormat),
        layout,
        policy: changed,
      }),
  }
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

export type Metric = 'kv_cache_tokens' | 'kv_cache_gib' | 'weights_gib' | 'file_gib'

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
  if (run.file_gib !== undefined) add('file_gib', fileBytes(input.catalog, run) / gibibyte)
  if (served !== undefined) {
    const prepared = served.prepare(withConstants(served, input.constants))
    add('weights_gib', prepared.weights.totalBytes / gibibyte)
    add('kv_cache_gib', kvPoolBytes(prepared, served.usableBytes) / gibibyte)
    add('kv_cache_tokens', loggedTokens(input.catalog, served, prepared))
  }
  return found
}

/** Since 0.21 vLLM logs what fits at the context it was started with, before it counted every layer as full. */
function loggedTokens(catalog: Catalog, served: ServedRun, prepared: PreparedMemory): number | undefined {
  const { run, usableBytes } = served
  const minor = /^0\.(\d+)/.exec(run.engine_version ?? '')?.[1]
  const contextTokens = run.max_model_len ?? catalog.model(run.model).max_context_tokens
  if (run.engine === 'vllm' && minor !== undefined && Number(minor) >= 21 && contextTokens !== undefined) {
    return poolTokensAtContext(prepared, { usableBytes, contextTokens })
  }
  return loggedPoolTokens(prepared, usableBytes)
}

function fileBytes(catalog: Catalog, run: MemoryRun): number {
  // llama.cpp keeps what is not an expert of an MXFP4 model in Q8_0; the name alone does not say so.
  const name = run.engine === 'llama.cpp' && run.weights === 'mxfp4' ? 'gguf-mxfp4' : run.weights
  const architecture = knownArchitecture(catalog.model(run.model))
  // GGUF files leave vision and audio encoders to a file of their own.
  const text = run.note?.startsWith('GGUF') === true || run.weights.startsWith('gguf')
  const published = architecture.publishedParameters
  const bare =
    text && architecture.encoderParameters > 0
      ? {
          ...architecture,
          encoderParameters: 0,
          publishedParameters:
            published === undefined ? undefined : published - architecture.encoderParameters,
        }
      : architecture
  return weightBytesOfFile({
    architecture: bare,
    format: weightFormatSpec(catalog.weightFormat(name)),
    withDraft: false,
  }).totalBytes
}
