import type { ModelArchitecture } from '../architecture.ts'
import type { EngineMemoryPolicy } from './engine-policy.ts'
import type { KvFormatSpec } from './formats.ts'
import { equalPagesPerToken, paddedWindowCells } from './formulas.ts'
import { type CachedLayers, cachedLayers, profileOf } from './kv-cache.ts'
import type { KvComponent, KvProfile } from './kv-profile.ts'
import type { ParallelLayout } from './layout.ts'

/** How an engine lays the cache out on one device, and why it takes more than the architecture needs. */
export interface KvAllocation {
  readonly profile: KvProfile
  /** What the engine divides its pool by when it logs a number of tokens; 0 where nothing grows with the context. */
  readonly loggedBytesPerToken: number
  /** Tokens of a page of full attention. */
  readonly pageTokens: number
  readonly reason: string
}

export type KvPolicy = Pick<
  EngineMemoryPolicy,
  'engine' | 'kvLayout' | 'pageTokens' | 'windowPoolRatio' | 'storesKeyAndValueApart' | 'batchedTokens'
>

export function kvAllocation(input: {
  architecture: ModelArchitecture
  format: KvFormatSpec
  layout: ParallelLayout
  policy: KvPolicy
}): KvAllocation {
  const { policy } = input
  const layers = cachedLayers({ ...input, storesKeyAndValueApart: policy.storesKeyAndValueApart })
  switch (policy.kvLayout) {
    case 'equal-pages':
      return equalPages(layers, policy)
    case 'ratio-pools':
      return ratioPools(layers, policy)
    case 'padded-cells':
      return paddedCells(layers, policy)
    default:
      return separatePages(layers, policy)
  }
}

/**
 * vLLM's hybrid manager. Layers of one kind form groups of equal size (that of the smallest kind), every group draws
 * pages of one size from one pool, and the log divides the pool by all groups, as if every layer kept every token.
 * A page must hold a whole recurrent state, which makes pages of hybrid models long.
 */
function equalPages(layers: readonly CachedLayers[], policy: KvPolicy): KvAllocation {
  const attention = layers.filter((layer) => layer.kind !== 'recurrent')
  const smallest = Math.min(...layers.map((layer) => layer.layers))
  const most = Math.max(...layers.map((layer) => layer.layers))
  if (attention.length === 0) return separatePages(layers, policy)
  // A few more layers of one kind make one slightly padded group, not two.
  const groupLayers = most < smallest * 1.25 ? most : smallest
  const stateBytes = Math.max(0, ...layers.map((layer) => layer.stateBytes))
  const widest = Math.max(...attention.map((layer) => layer.bytesPerToken))
  const pageTokens = roundUp(Math.max(policy.pageTokens, stateBytes / widest), policy.pageTokens)
  const pageBytes = pageTokens * widest
  const components: KvComponent[] = []
  let fixedBytes = 0
  let groups = 0
  for (const layer of layers) {
    const ownGroups = Math.ceil(layer.layers / groupLayers)
    groups += ownGroups
    const groupPageBytes = ownGroups * groupLayers * pageBytes
    if (layer.kind === 'recurrent') {
      fixedBytes += groupPageBytes
      continue
    }
    // Narrower layers put more tokens into a page of the same bytes.
    const tokens = Math.floor(pageBytes / layer.bytesPerToken / policy.pageTokens) * policy.pageTokens
    components.push({
      bytesPerToken: groupPageBytes / tokens,
      pageTokens: tokens,
      // The window need not start at a page's edge, so it can touch one page more.
      capTokens:
        layer.kind === 'window' ? roundUp(layer.windowTokens, tokens) + tokens : Number.POSITIVE_INFINITY,
    })
  }
  const uniform = layers.length === 1
  return {
    profile: { components, fixedBytes },
    loggedBytesPerToken: equalPagesPerToken.compute({ G: groups, L: groupLayers, B: widest }),
    pageTokens,
    reason: uniform
      ? `${policy.engine} pages of ${pageTokens} tokens, the same in every layer`
      : `${policy.engine} shares one pool among ${groups} groups of ${groupLayers} layers with equal pages of ${pageTokens} tokens: its log counts every layer as if it kept every token, so a long sequence takes less than the log says`,
  }
}

/** SGLang: a pool for full layers and one for window layers, whose tokens stand in a fixed ratio. */
function ratioPools(layers: readonly CachedLayers[], policy: KvPolicy): KvAllocation {
  const full = layers.filter((layer) => layer.kind === 'full')
  const windows = layers.filter((layer) => layer.kind === 'window')
  const ratio = policy.windowPoolRatio
  if (full.length === 0 || windows.length === 0 || ratio === undefined) return separatePages(layers, policy)
  const fullBytes = sumPerToken(full)
  const windowBytes = sumPerToken(windows)
  const bytesPerToken = fullBytes + ratio * windowBytes
  const states = profileOf(
    layers.filter((layer) => layer.kind === 'recurrent'),
    () => ({ pageTokens: policy.pageTokens, windowCap: (tokens) => tokens }),
  )
  return {
    profile: {
      components: [],
      fixedBytes: states.fixedBytes,
      pairedPools: {
        bytesPerToken,
        windowTokens: Math.max(...windows.map((layer) => layer.windowTokens)),
        ratio,
      },
    },
    loggedBytesPerToken: bytesPerToken,
    pageTokens: policy.pageTokens,
    reason: `${policy.engine} keeps separate pools: ${ratio} tokens of window cache for every token of full cache, used or not`,
  }
}

/** llama.cpp: every sequence has its cells, rounded up; a window also holds the micro-batch that passes through it. */
function paddedCells(layers: readonly CachedLayers[], policy: KvPolicy): KvAllocation {
  const profile = profileOf(layers, () => ({
    pageTokens: policy.pageTokens,
    windowCap: (windowTokens) =>
      paddedWindowCells.compute({ w: windowTokens, u: policy.batchedTokens, m: policy.pageTokens }),
  }))
  return {
    profile,
    loggedBytesPerToken: growingBytes(profile),
    pageTokens: policy.pageTokens,
    reason: `${policy.engine} rounds every sequence up to ${policy.pageTokens} cells; window layers hold the window and a micro-batch of ${policy.batchedTokens} tokens`,
  }
}

/** Pages per kind of layer, windows hold only what they see (TensorRT-LLM, and engines without a known policy). */
function separatePages(layers: readonly CachedLayers[], policy: KvPolicy): KvAllocation {
  const page = policy.pageTokens
  const profile = profileOf(layers, () => ({
    pageTokens: page,
    windowCap: (windowTokens) => roundUp(windowTokens, page) + (page > 1 ? page : 0),
  }))
  return {
    profile,
    loggedBytesPerToken: growingBytes(profile),
    pageTokens: page,
    reason: `${policy.engine} pages of ${page} tokens; window layers keep their window, recurrent layers their state`,
  }
}

/** Bytes per token that the cache grows by; a model with windows only counts them. */
function growingBytes(profile: KvProfile): number {
  const growing = profile.components.filter((entry) => entry.capTokens === Number.POSITIVE_INFINITY)
  const counted = growing.length > 0 ? growing : profile.components
  return counted.reduce((sum, entry) => sum + entry.bytesPerToken, 0)
}

function sumPerToken(layers: readonly CachedLayers[]): number {
  return layers.reduce((sum, layer) => sum + layer.layers * layer.bytesPerToken, 0)
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}
