import type { Catalog } from '../catalogs/catalog.ts'
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
import type { MemoryMetric } from './runs.ts'

/** A run as far as its memory goes; a missing key is unknown. */
export type LoggedRun = {
  readonly [K in 'engine' | 'engine_version' | 'model' | 'weights' | 'kv_cache' | 'accelerator' | 'note']?:
    | string
    | undefined
} & {
  readonly [K in
    | 'accelerators'
    | 'tp'
    | 'pp'
    | 'ep'
    | 'attention_dp'
    | 'max_num_seqs'
    | 'max_num_batched_tokens'
    | 'gpu_memory_utilization'
    | 'max_model_len'
    /** Where the source says that the file keeps attention wider than its format does. */
    | 'attention_bits']?: number | undefined
}

/** A served run with everything the estimators need, so that a refit only moves the policy. */
export interface ServedLog<R extends LoggedRun> {
  readonly run: R
  readonly vendor: string
  readonly usableBytes: number
  readonly prepare: (policy: EngineMemoryPolicy) => PreparedMemory
  readonly policy: EngineMemoryPolicy
}

/**
 * Undefined for runs that name no device (files), or a device whose usable memory nobody knows.
 * @throws RightsizeError for names that the catalog does not have.
 */
export function servedLog<R extends LoggedRun>(catalog: Catalog, run: R): ServedLog<R> | undefined {
  if (run.accelerator === undefined) return undefined
  const accelerator = catalog.accelerator(run.accelerator)
  const memory = deviceMemory(catalog, accelerator)
  if (memory === undefined) return undefined
  const weightFormat = catalog.weightFormat(formatName(run))
  const maxSequences = run.max_num_seqs ?? statedInNote(run.note, /\bmax_(?:num_)?seqs[ =:]+(\d+)/)
  const batchedTokens =
    run.max_num_batched_tokens ?? statedInNote(run.note, /\bmax_num_batched_tokens[ =:]+(\d+)/)
  const { policy } = memoryPolicy({
    catalog,
    engine: run.engine ?? '',
    weightFormatId: weightFormat.id,
    accelerator,
    usableBytes: memory.usableBytes,
    settings: {
      ...(run.gpu_memory_utilization === undefined ? {} : { memoryFraction: run.gpu_memory_utilization }),
      ...(maxSequences === undefined ? {} : { maxSequences }),
      ...(batchedTokens === undefined ? {} : { batchedTokens }),
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
  const architecture = knownArchitecture(catalog.model(run.model ?? ''))
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

/** The run format has no column for the engine's limits; sources state them in the note. */
function statedInNote(note: string | undefined, pattern: RegExp): number | undefined {
  const match = pattern.exec(note ?? '')
  return match === null ? undefined : Number(match[1])
}

export type MemoryFigures = { readonly [K in MemoryMetric]?: number | undefined }

/** What the engine would log of a served run at start, per device. */
export function servedFigures<R extends LoggedRun>(
  catalog: Catalog,
  served: ServedLog<R>,
  policy: EngineMemoryPolicy = served.policy,
): MemoryFigures {
  const prepared = served.prepare(policy)
  return {
    weights_gib: prepared.weights.totalBytes / gibibyte,
    kv_cache_gib: kvPoolBytes(prepared, served.usableBytes) / gibibyte,
    kv_cache_tokens: loggedTokens(catalog, served, prepared),
  }
}

/** Since 0.21 vLLM logs what fits at the context it was started with, before it counted every layer as full. */
function loggedTokens<R extends LoggedRun>(
  catalog: Catalog,
  served: ServedLog<R>,
  prepared: PreparedMemory,
): number | undefined {
  const { run, usableBytes } = served
  const minor = /^0\.(\d+)/.exec(run.engine_version ?? '')?.[1]
  const contextTokens = run.max_model_len ?? catalog.model(run.model ?? '').max_context_tokens
  if (run.engine === 'vllm' && minor !== undefined && Number(minor) >= 21 && contextTokens !== undefined) {
    return poolTokensAtContext(prepared, { usableBytes, contextTokens })
  }
  return loggedPoolTokens(prepared, usableBytes)
}

/**
 * Size of the run's weight file, GiB.
 * @throws RightsizeError for names that the catalog does not have.
 */
export function fileGib(catalog: Catalog, run: LoggedRun): number {
  const name = formatName(run)
  const architecture = knownArchitecture(catalog.model(run.model ?? ''))
  // GGUF files leave vision and audio encoders to a file of their own.
  const text = run.note?.startsWith('GGUF') === true || name.startsWith('gguf')
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
  const { totalBytes } = weightBytesOfFile({
    architecture: bare,
    format: weightFormatSpec(catalog.weightFormat(name)),
    withDraft: false,
  })
  return totalBytes / gibibyte
}

/** llama.cpp keeps what is not an expert of an MXFP4 model in Q8_0; the name alone does not say so. */
function formatName(run: LoggedRun): string {
  return run.engine === 'llama.cpp' && run.weights === 'mxfp4' ? 'gguf-mxfp4' : (run.weights ?? '')
}
