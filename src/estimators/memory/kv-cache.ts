import type { Attention, ModelArchitecture } from '../architecture.ts'
import type { KvFormatSpec } from './formats.ts'
import { kvBytesPerTokenHeads, kvBytesPerTokenLatent, recurrentStateBytes } from './formulas.ts'
import type { KvComponent, KvProfile } from './kv-profile.ts'
import { type ParallelLayout, singleDevice, worstStageLayers } from './layout.ts'

/** What one layer of a group keeps in the cache, per device. */
export interface LayerCache {
  readonly kind: 'full' | 'window' | 'recurrent' | 'none'
  readonly bytesPerToken: number
  /** Only for `window`. */
  readonly windowTokens: number
  /** Only for `recurrent`: bytes per sequence. */
  readonly stateBytes: number
}

const nothingCached: LayerCache = { kind: 'none', bytesPerToken: 0, windowTokens: 0, stateBytes: 0 }

/**
 * Cache of one layer on one device of a tensor-parallel group: whole KV heads, repeated where devices outnumber them.
 * MLA's latents serve all heads, so every device holds them whole.
 */
export function layerCache(input: {
  attention: Attention
  format: KvFormatSpec
  tensor: number
  /** The engine stores keys and values apart even where one tensor serves as both. */
  storesKeyAndValueApart: boolean
}): LayerCache {
  const { attention, format, tensor } = input
  switch (attention.kind) {
    case 'none':
      return nothingCached
    case 'recurrent': {
      const stateBytes = recurrentStateBytes.compute({
        S: attention.stateElements,
        bs: format.stateBitsPerElement,
        C: attention.convolutionElements,
        bc: format.convolutionBitsPerElement,
        N: tensor,
      })
      return { ...nothingCached, kind: 'recurrent', stateBytes }
    }
    case 'latent': {
      const bytesPerToken = kvBytesPerTokenLatent.compute({
        r: attention.kvLoraRank,
        p: attention.ropeHeadDimension,
        x: attention.indexerElementsPerToken ?? 0,
        b: format.bitsPerElement,
        bx: format.indexerBitsPerElement,
      })
      return { ...nothingCached, kind: 'full', bytesPerToken }
    }
    default: {
      if (attention.sharesCache === true) return nothingCached
      const valueDimension = attention.valueHeadDimension ?? attention.headDimension
      const oneTensor = attention.keyIsValue === true && !input.storesKeyAndValueApart
      const bytesPerToken = kvBytesPerTokenHeads.compute({
        h: Math.ceil(attention.kvHeads / tensor),
        dk: attention.headDimension,
        dv: oneTensor ? 0 : valueDimension,
        b: format.bitsPerElement,
      })
      const windowTokens = attention.windowTokens
      if (attention.kind === 'window' && windowTokens !== undefined) {
        return { kind: 'window', bytesPerToken, windowTokens, stateBytes: 0 }
      }
      return { ...nothingCached, kind: 'full', bytesPerToken }
    }
  }
}

/** A layer's cache with the number of such layers on the stage that holds most. */
export interface CachedLayers extends LayerCache {
  readonly layers: number
}

/** The layers that cache anything on the worst pipeline stage; equal caches merged into one entry. */
export function cachedLayers(input: {
  architecture: ModelArchitecture
  format: KvFormatSpec
  layout: ParallelLayout
  storesKeyAndValueApart: boolean
}): CachedLayers[] {
  if (!input.architecture.generative) return []
  const groups = input.architecture.layerGroups
  const caches = groups.map((group) =>
    layerCache({
      attention: group.attention,
      format: input.format,
      tensor: input.layout.tensor,
      storesKeyAndValueApart: input.storesKeyAndValueApart,
    }),
  )
  const counts = worstStageLayers({
    groups: groups.map((group, index) => ({ layers: group.layers, cost: stageCost(caches[index]!) })),
    pipeline: input.layout.pipeline,
  })
  const merged: CachedLayers[] = []
  for (const [index, cache] of caches.entries()) {
    const layers = counts[index]!
    if (cache.kind === 'none' || layers === 0) continue
    const known = merged.findIndex((other) => sameCache(other, cache))
    if (known < 0) merged.push({ ...cache, layers })
    else merged[known] = { ...cache, layers: layers + merged[known]!.layers }
  }
  return merged
}

function sameCache(a: LayerCache, b: LayerCache): boolean {
  return (
    a.kind === b.kind &&
    a.bytesPerToken === b.bytesPerToken &&
    a.windowTokens === b.windowTokens &&
    a.stateBytes === b.stateBytes
  )
}

/** Which kind of layer makes a stage heavy: growing caches before windows before states. */
function stageCost(cache: LayerCache): number {
  const growth = cache.kind === 'full' ? cache.bytesPerToken : 0
  const bounded = cache.kind === 'window' ? cache.bytesPerToken * cache.windowTokens : cache.stateBytes
  return growth * Number.MAX_SAFE_INTEGER + bounded
}

/** The least that the architecture needs: no pages, no padding, windows hold their window only. */
export function minimumKvProfile(input: {
  architecture: ModelArchitecture
  format: KvFormatSpec
  layout?: ParallelLayout
}): KvProfile {
  const layers = cachedLayers({
    architecture: input.architecture,
    format: input.format,
    layout: input.layout ?? singleDevice,
    storesKeyAndValueApart: false,
  })
  return profileOf(layers, () => ({ pageTokens: 1, windowCap: (windowTokens) => windowTokens }))
}

/** One component per kind of layer; `paging` says the page and how many tokens a window really takes. */
export function profileOf(
  layers: readonly CachedLayers[],
  paging: (layer: CachedLayers) => { pageTokens: number; windowCap: (windowTokens: number) => number },
): KvProfile {
  const components: KvComponent[] = []
  let fixedBytes = 0
  for (const layer of layers) {
    if (layer.kind === 'recurrent') {
      fixedBytes += layer.layers * layer.stateBytes
      continue
    }
    const { pageTokens, windowCap } = paging(layer)
    components.push({
      bytesPerToken: layer.layers * layer.bytesPerToken,
      pageTokens,
      capTokens: layer.kind === 'window' ? windowCap(layer.windowTokens) : Number.POSITIVE_INFINITY,
    })
  }
  return { components, fixedBytes }
}
