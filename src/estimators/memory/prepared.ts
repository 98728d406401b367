import type { ModelArchitecture } from '../architecture.ts'
import { type AdapterSpec, adapterBytesPerDevice } from './adapters.ts'
import type { EngineMemoryPolicy } from './engine-policy.ts'
import type { KvFormatSpec, WeightFormatSpec } from './formats.ts'
import { kvPoolOfFreeAfterWeights, kvPoolOfFreeBeforeWeights, kvPoolOfTotal } from './formulas.ts'
import { type KvAllocation, kvAllocation } from './kv-allocation.ts'
import { minimumKvProfile } from './kv-cache.ts'
import { type KvProfile, kvBytesPerSequence } from './kv-profile.ts'
import type { ParallelLayout } from './layout.ts'
import { type WeightBytes, weightBytesOfFile, weightBytesPerDevice } from './weights.ts'
import { type WorkingMemory, workingMemory } from './working-memory.ts'

export interface MemoryInput {
  readonly architecture: ModelArchitecture
  readonly weightFormat: WeightFormatSpec
  /** Bits per cached key, value or latent element; states follow the engine's policy. */
  readonly kvBitsPerElement: number
  readonly layout: ParallelLayout
  readonly policy: EngineMemoryPolicy
  readonly adapters?: AdapterSpec
  /** The multi-token-prediction module is loaded. */
  readonly withDraft?: boolean
  /** Weights of a separate draft model on the device. */
  readonly draftModelBytes?: number
  /** On the heaviest device, where they are known: those of the same input with another KV format. */
  readonly weights?: WeightBytes
  /** Where it is known: that of the same input with another weight format. */
  readonly allocation?: KvAllocation
  /** Exact bytes of the weight file where it was read: scales every kind of tensor. */
  readonly fileWeightBytes?: number
}

/**
 * All that does not depend on the device's memory or the load: computed once per model, format, layout and engine, so
 * that a search asks the functions below a million times for next to nothing.
 */
export interface PreparedMemory {
  readonly policy: EngineMemoryPolicy
  readonly layout: ParallelLayout
  /** On the heaviest device. */
  readonly weights: WeightBytes
  readonly adapterBytes: number
  readonly draftModelBytes: number
  readonly working: WorkingMemory
  readonly allocation: KvAllocation
  /** Weights, adapters and working memory: what a device holds before the first token. */
  readonly staticBytes: number
}

export function prepareMemory(input: MemoryInput): PreparedMemory {
  const { architecture, layout, policy } = input
  const withDraft = input.withDraft ?? false
  const weights =
    input.weights ??
    scaledToFile(
      weightBytesPerDevice({ architecture, format: input.weightFormat, layout, padding: policy, withDraft }),
      input,
    )
  const adapterBytes =
    input.adapters === undefined
      ? 0
      : adapterBytesPerDevice({ architecture, layout, adapters: input.adapters })
  const draftModelBytes = input.draftModelBytes ?? 0
  const working = workingMemory({ architecture, layout, policy })
  return {
    policy,
    layout,
    weights,
    adapterBytes,
    draftModelBytes,
    working,
    allocation: input.allocation ?? kvAllocation({ architecture, format: kvFormat(input), layout, policy }),
    staticBytes:
      weights.totalBytes +
      adapterBytes +
      draftModelBytes +
      working.activationBytes +
      working.runtimeBytes +
      working.communicationBytes +
      working.graphBytes,
  }
}

function kvFormat({ policy, kvBitsPerElement }: MemoryInput): KvFormatSpec {
  return {
    bitsPerElement: kvBitsPerElement,
    stateBitsPerElement: policy.stateBitsPerElement,
    convolutionBitsPerElement: policy.convolutionBitsPerElement,
    indexerBitsPerElement: policy.indexerBitsPerElement,
  }
}

/** What the architecture needs at least, on the same layout. */
export function minimumProfile(input: MemoryInput): KvProfile {
  const { architecture, layout } = input
  return minimumKvProfile({ architecture, format: kvFormat(input), layout })
}

/** A file read from disk knows its size exactly; the share of each kind of tensor stays that of the formats. */
function scaledToFile(weights: WeightBytes, input: MemoryInput): WeightBytes {
  if (input.fileWeightBytes === undefined) return weights
  const computed = weightBytesOfFile({
    architecture: input.architecture,
    format: input.weightFormat,
    withDraft: input.withDraft ?? false,
  }).totalBytes
  if (computed === 0) return weights
  const scale = input.fileWeightBytes / computed
  const { overheadBytes } = weights
  return {
    embeddingBytes: weights.embeddingBytes * scale,
    lmHeadBytes: weights.lmHeadBytes * scale,
    attentionBytes: weights.attentionBytes * scale,
    denseBytes: weights.denseBytes * scale,
    expertBytes: weights.expertBytes * scale,
    otherBytes: weights.otherBytes * scale,
    encoderBytes: weights.encoderBytes * scale,
    draftBytes: weights.draftBytes * scale,
    overheadBytes,
    totalBytes: (weights.totalBytes - overheadBytes) * scale + overheadBytes,
  }
}

/** KV pool of a device in bytes; negative where weights and working memory alone are too much. */
export function kvPoolBytes(prepared: PreparedMemory, usableBytes: number): number {
  const { policy, weights, working } = prepared
  const f = policy.memoryFraction
  const U = usableBytes
  const W = weights.totalBytes
  const A = prepared.adapterBytes + prepared.draftModelBytes
  const X = working.runtimeBytes + working.communicationBytes
  switch (policy.fractionBase) {
    case 'total':
      return kvPoolOfTotal.compute({ U, f, W, A, R: working.activationBytes + X })
    case 'free-before-weights':
      return kvPoolOfFreeBeforeWeights.compute({ U, X, f, W, A })
    case 'free-after-weights':
      return kvPoolOfFreeAfterWeights.compute({
        U,
        W,
        A,
        R: working.activationBytes + X + working.graphBytes,
        f,
      })
  }
}

/** Sequences on the device that carries most of `concurrency`. */
export function sequencesPerDevice(prepared: PreparedMemory, concurrency: number): number {
  return Math.ceil(concurrency / prepared.layout.attentionData)
}

/** KV cache in bytes that a load needs on the heaviest device, as the engine allocates it. */
export function kvBytesPerDevice(
  prepared: PreparedMemory,
  load: { contextTokens: number; concurrency: number },
): number {
  const perSequence = kvBytesPerSequence(prepared.allocation.profile, load.contextTokens)
  return sequencesPerDevice(prepared, load.concurrency) * perSequence
}

/** Everything a load needs on the heaviest device, in bytes; memory an engine keeps back on top is not in it. */
export function memoryPerDeviceBytes(
  prepared: PreparedMemory,
  load: { contextTokens: number; concurrency: number },
): number {
  return prepared.staticBytes + kvBytesPerDevice(prepared, load)
}

/** Most sequences of `contextTokens` that run at once on the replica; Infinity where nothing is cached. */
export function mostSequences(
  prepared: PreparedMemory,
  input: { usableBytes: number; contextTokens: number },
): number {
  const pool = kvPoolBytes(prepared, input.usableBytes)
  if (pool < 0) return 0
  const perSequence = kvBytesPerSequence(prepared.allocation.profile, input.contextTokens)
  if (perSequence === 0) return Number.POSITIVE_INFINITY
  return Math.floor(pool / perSequence) * prepared.layout.attentionData
}

/** Longest context in tokens at which `concurrency` sequences fit, at most `limitTokens`; 0 where none does. */
export function longestContext(
  prepared: PreparedMemory,
  input: { usableBytes: number; concurrency: number; limitTokens: number },
): number {
  const pool = kvPoolBytes(prepared, input.usableBytes)
  const fits = (contextTokens: number) =>
    kvBytesPerDevice(prepared, { contextTokens, concurrency: input.concurrency }) <= pool
  if (pool < 0 || !fits(1)) return 0
  if (fits(input.limitTokens)) return input.limitTokens
  let low = 1
  let high = input.limitTokens
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle
  }
  return low
}

/**
 * Tokens the pool holds as sequences of `contextTokens`, counting parts of a sequence: what windows and states make
 * possible beyond the logged figure, and what vLLM logs since 0.21 (at the context it was started with).
 */
export function poolTokensAtContext(
  prepared: PreparedMemory,
  input: { usableBytes: number; contextTokens: number },
): number | undefined {
  const perSequence = kvBytesPerSequence(prepared.allocation.profile, input.contextTokens)
  if (perSequence === 0) return undefined
  return (Math.max(0, kvPoolBytes(prepared, input.usableBytes)) / perSequence) * input.contextTokens
}

/** Tokens the engine logs for its KV pool; undefined where nothing is cached per token. */
export function loggedPoolTokens(prepared: PreparedMemory, usableBytes: number): number | undefined {
  const { loggedBytesPerToken, pageTokens } = prepared.allocation
  if (loggedBytesPerToken === 0) return undefined
  const pool = Math.max(0, kvPoolBytes(prepared, usableBytes))
  return Math.floor(pool / loggedBytesPerToken / pageTokens) * pageTokens
}
