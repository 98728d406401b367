import type { Attention, LayerGroup, ModelArchitecture } from '../architecture.ts'
import { attentionParameters, computedParameters } from '../memory/parameters.ts'
import type { Coefficients } from './terms.ts'

/** What one device does at its peaks. All rates dense, one direction. */
export interface DeviceRates {
  readonly memoryBandwidthBytesPerSecond: number
  /** Dense peak for the dense layers' weight format as the engine computes it. */
  readonly denseFlopPerSecond: number
  /** Dense peak for the experts' weight format. */
  readonly expertFlopPerSecond: number
  /** 16-bit dense peak, used by attention. */
  readonly attentionFlopPerSecond: number
  /** Within a node, one way, per device. Undefined for a device that stands alone. */
  readonly linkBytesPerSecond: number | undefined
  /** Between nodes, one way, per device. */
  readonly networkBytesPerSecond: number | undefined
  readonly devicesPerNode: number | undefined
}

export interface WeightBytes {
  readonly densePerParameter: number
  /** Projections of attention where the format keeps them apart from the other dense weights. */
  readonly attentionPerParameter?: number
  readonly expertPerParameter: number
  readonly headPerParameter: number
  readonly cachePerElement: number
}

/** How a replica is spread over devices. */
export interface Layout {
  /** Devices of one attention group (tensor parallel). */
  readonly tensorParallel: number
  readonly pipelineParallel: number
  /** Devices over which whole experts are spread inside one attention group's tensor parallelism; 1 = experts are cut. */
  readonly expertParallel: number
  /** Attention groups that share one set of experts. */
  readonly attentionDataParallel: number
  readonly replicas: number
}

export interface EngineTraits {
  /** New tokens that one prefill step takes at most. */
  readonly prefillChunkTokens: number
  /** Chunks that a layer split keeps in flight at most (llama.cpp: logical batch ÷ micro-batch). */
  readonly pipelineChunks: number
  /** Layers go to devices one after the other and only prefill chunks overlap (llama.cpp's default). */
  readonly layerSplit: boolean
}

/** Fraction of weights and layers that stay on the host, for partial offload (llama.cpp). */
export interface Offload {
  readonly hostFraction: number
  readonly hostBandwidthBytesPerSecond: number
  readonly hostFlopPerSecond: number
}

/** Everything that a step's time depends on, summed up once. Bytes and FLOPs are per device of the group. */
export interface StepModel {
  readonly coefficients: Coefficients
  readonly layers: number
  readonly expertLayers: number
  readonly recurrentLayers: number
  readonly latentLayers: number
  readonly tensorParallel: number
  readonly pipelineParallel: number
  readonly attentionDataParallel: number
  readonly replicas: number
  readonly layerSplit: boolean
  readonly prefillChunkTokens: number
  readonly pipelineChunks: number
  /** Seconds at peak to stream the dense weights with the LM head once. */
  readonly denseStreamSeconds: number
  /** Seconds at peak to stream the dense weights without the LM head. */
  readonly bodyStreamSeconds: number
  /** Seconds at peak to stream all routed experts. */
  readonly expertStreamSeconds: number
  /** Seconds at peak of matrix products per token: dense with head, dense without, routed experts. */
  readonly denseSecondsPerToken: number
  readonly bodySecondsPerToken: number
  readonly expertSecondsPerToken: number
  /** ln(1 − k/E); 0 without experts. */
  readonly logMissPerToken: number
  readonly expertSpreadDoublings: number
  /** Seconds at peak to read one token's cache in the layers that see everything. */
  readonly cacheSecondsPerToken: number
  /** The same for windowed layers, and their windows. */
  readonly windowCacheSecondsPerToken: number
  readonly windowTokens: number
  readonly stateSecondsPerSequence: number
  readonly latentSecondsPerToken: number
  /** Seconds at peak to read one token's activations once in every layer, routed copies counted. */
  readonly activationSecondsPerToken: number
  /** Seconds at peak of prefill attention per pair of a new token and a token it sees. */
  readonly attentionSecondsPerPair: number
  readonly windowAttentionSecondsPerPair: number
  /** All-reduces per step, times log2 of the group. */
  readonly reduces: number
  /** Seconds at link peak per token for all reduces of a step. */
  readonly reduceSecondsPerToken: number
  readonly dispatchLayers: number
  readonly dispatchSecondsPerToken: number
  /** Cache bytes per device: per token in full layers, per token in windowed layers, per sequence. */
  readonly cacheBytesPerToken: number
  readonly windowCacheBytesPerToken: number
  readonly stateBytesPerSequence: number
  /** Weights that one device holds, bytes. */
  readonly weightBytes: number
}

export interface StepModelInput {
  readonly architecture: ModelArchitecture
  readonly weights: WeightBytes
  readonly rates: DeviceRates
  readonly layout: Layout
  readonly traits: EngineTraits
  readonly coefficients: Coefficients
  readonly offload?: Offload
}

/** Bytes of an activation on the links: 16-bit in every engine. */
const activationBytes = 2
/** A multiply and an add. */
const flopsPerWeight = 2
/** One after attention, one after the feed-forward part (Megatron-LM). */
const reducesPerLayer = 2

/** Routed-expert parameters of one layer. */
function expertParameters(group: LayerGroup, hiddenSize: number): number {
  const ff = group.feedForward
  if (ff.kind !== 'experts') return 0
  return ff.experts * ff.matrices * (ff.expertHiddenSize ?? hiddenSize) * ff.expertIntermediateSize
}

interface CacheElements {
  perToken: number
  shards: number
}

function cacheElements(attention: Attention, tensorParallel: number): CacheElements {
  if (attention.kind === 'latent') {
    // The latent vector is replicated on every tensor-parallel rank.
    return {
      perToken: attention.kvLoraRank + attention.ropeHeadDimension + (attention.indexerElementsPerToken ?? 0),
      shards: 1,
    }
  }
  if (attention.kind === 'full' || attention.kind === 'window') {
    const value = attention.keyIsValue ? 0 : (attention.valueHeadDimension ?? attention.headDimension)
    return {
      perToken: attention.kvHeads * (attention.headDimension + value),
      shards: Math.min(tensorParallel, attention.kvHeads),
    }
  }
  return { perToken: 0, shards: 1 }
}

/** Sums a model, layout and device up. O(layer groups); call once per candidate, not per load. */
export function prepareStepModel(input: StepModelInput): StepModel {
  const { architecture, weights, rates, layout, traits } = input
  const { tensorParallel: g, pipelineParallel: pp, attentionDataParallel: D } = layout
  const h = architecture.hiddenSize
  let layers = 0
  let expertLayers = 0
  let recurrentLayers = 0
  let latentLayers = 0
  let routed = 0
  let attentionWeights = 0
  let routedActive = 0
  let logMiss = 0
  let cacheBytes = 0
  let windowCacheBytes = 0
  let windowWeight = 0
  let stateBytes = 0
  let latentFlops = 0
  let pairFlops = 0
  let windowPairFlops = 0
  let dispatchLayers = 0
  let activations = 0
  for (const group of architecture.layerGroups) {
    const n = group.layers
    layers += n
    activations += n * h
    const ff = group.feedForward
    if (ff.kind === 'experts') {
      expertLayers += n
      activations += n * ff.expertsPerToken * h
      const parameters = n * expertParameters(group, h)
      routed += parameters
      routedActive += (parameters * ff.expertsPerToken) / ff.experts
      logMiss = Math.log1p(-Math.min(ff.expertsPerToken / ff.experts, 1 - Number.EPSILON))
      if (D > 1) dispatchLayers += n * ff.expertsPerToken
    }
    const a = group.attention
    attentionWeights += n * attentionParameters(a, h)
    const { perToken, shards } = cacheElements(a, g)
    const bytes = (n * perToken * weights.cachePerElement) / shards
    if (a.kind === 'recurrent') {
      recurrentLayers += n
      stateBytes += (n * (a.stateElements + a.convolutionElements) * activationBytes) / g
    } else if (a.kind === 'latent') {
      latentLayers += n
      cacheBytes += bytes
      latentFlops += n * a.queryHeads * flopsPerWeight * (2 * a.kvLoraRank + a.ropeHeadDimension)
      pairFlops +=
        n * a.queryHeads * flopsPerWeight * (a.nopeHeadDimension + a.ropeHeadDimension + a.valueHeadDimension)
    } else if (a.kind === 'full' || a.kind === 'window') {
      const flops =
        n * a.queryHeads * flopsPerWeight * (a.headDimension + (a.valueHeadDimension ?? a.headDimension))
      if (a.kind === 'window' && a.windowTokens !== undefined) {
        windowCacheBytes += bytes
        windowWeight += bytes * a.windowTokens
        windowPairFlops += flops
      } else {
        cacheBytes += bytes
        pairFlops += flops
      }
    }
  }
  const head = architecture.generative ? architecture.vocabularySize * h : 0
  const embedding = architecture.vocabularySize * h
  const total = architecture.publishedParameters ?? computedParameters(architecture).total
  const outside =
    routed +
    (architecture.tiedEmbeddings ? embedding : embedding + head) +
    architecture.encoderParameters +
    architecture.otherParameters
  const body = Math.max(total - outside, 0)
  const host = input.offload?.hostFraction ?? 0
  const streamRate = rates.memoryBandwidthBytesPerSecond
  const projections = Math.min(attentionWeights, body)
  const bodyBytes =
    (body - projections) * weights.densePerParameter +
    projections * (weights.attentionPerParameter ?? weights.densePerParameter)
  const headBytes = head * weights.headPerParameter
  const expertBytes = routed * weights.expertPerParameter
  // Layers on the host run one after the other with the device's: their times add.
  const slow =
    host === 0 || input.offload === undefined
      ? 1
      : 1 - host + (host * streamRate) / input.offload.hostBandwidthBytesPerSecond
  const slowCompute =
    host === 0 || input.offload === undefined
      ? 1
      : 1 - host + (host * rates.denseFlopPerSecond) / input.offload.hostFlopPerSecond
  const link = linkSecondsPerByte(rates, g)
  return {
    coefficients: input.coefficients,
    layers,
    expertLayers,
    recurrentLayers,
    latentLayers,
    tensorParallel: g,
    pipelineParallel: pp,
    attentionDataParallel: D,
    replicas: layout.replicas,
    layerSplit: traits.layerSplit,
    prefillChunkTokens: traits.prefillChunkTokens,
    pipelineChunks: traits.pipelineChunks,
    denseStreamSeconds: ((bodyBytes + headBytes) / g / streamRate) * slow,
    bodyStreamSeconds: (bodyBytes / g / streamRate) * slow,
    expertStreamSeconds: (expertBytes / (g * D) / streamRate) * slow,
    denseSecondsPerToken: ((flopsPerWeight * (body + head)) / g / rates.denseFlopPerSecond) * slowCompute,
    bodySecondsPerToken: ((flopsPerWeight * body) / g / rates.denseFlopPerSecond) * slowCompute,
    expertSecondsPerToken: ((flopsPerWeight * routedActive) / g / rates.expertFlopPerSecond) * slowCompute,
    logMissPerToken: logMiss,
    expertSpreadDoublings: Math.log2(Math.max(layout.expertParallel, D, 1)),
    cacheSecondsPerToken: (cacheBytes / streamRate) * slow,
    windowCacheSecondsPerToken: (windowCacheBytes / streamRate) * slow,
    windowTokens: windowCacheBytes > 0 ? windowWeight / windowCacheBytes : 0,
    stateSecondsPerSequence: (stateBytes / streamRate) * slow,
    activationSecondsPerToken: (activations * activationBytes) / streamRate,
    latentSecondsPerToken: latentFlops / g / rates.attentionFlopPerSecond,
    attentionSecondsPerPair: pairFlops / g / rates.attentionFlopPerSecond,
    windowAttentionSecondsPerPair: windowPairFlops / g / rates.attentionFlopPerSecond,
    reduces: g > 1 ? reducesPerLayer * layers * Math.log2(g) : 0,
    reduceSecondsPerToken: reducesPerLayer * layers * h * activationBytes * link,
    dispatchLayers: D > 1 ? expertLayers : 0,
    dispatchSecondsPerToken:
      D > 1 && rates.linkBytesPerSecond !== undefined
        ? (dispatchLayers * h * activationBytes) / rates.linkBytesPerSecond
        : 0,
    cacheBytesPerToken: cacheBytes / pp,
    windowCacheBytesPerToken: windowCacheBytes / pp,
    stateBytesPerSequence: stateBytes / pp,
    weightBytes:
      (bodyBytes + headBytes + (architecture.tiedEmbeddings ? 0 : embedding * weights.headPerParameter)) /
        (g * pp) +
      expertBytes / (g * D * pp),
  }
}

/** Seconds at link peak to all-reduce one byte held by each of g devices: ring inside a node, then between nodes. */
function linkSecondsPerByte(rates: DeviceRates, group: number): number {
  if (group <= 1) return 0
  const perNode = Math.min(group, rates.devicesPerNode ?? group)
  const nodes = Math.ceil(group / perNode)
  let seconds = 0
  if (perNode > 1 && rates.linkBytesPerSecond !== undefined) {
    seconds += (2 * (perNode - 1)) / perNode / rates.linkBytesPerSecond
  }
  if (nodes > 1 && rates.networkBytesPerSecond !== undefined) {
    seconds += (2 * (nodes - 1)) / nodes / perNode / rates.networkBytesPerSecond
  }
  return seconds
}
