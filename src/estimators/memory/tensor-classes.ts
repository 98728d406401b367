import type { Attention, LayerGroup, ModelArchitecture } from '../architecture.ts'
import { attentionParameters, computedParameters, feedForwardParameters } from './parameters.ts'

/** Parameters of one layer, apart by what cuts them and what format holds them. */
export interface LayerParameters {
  /** Split by heads over tensor-parallel devices. */
  readonly attentionSharded: number
  /** Key and value projections: split by KV heads, repeated where there are more devices than KV heads. */
  readonly attentionKv: number
  /** MLA's down-projections: every device holds them whole. */
  readonly attentionReplicated: number
  readonly dense: number
  readonly experts: number
  /** Routers, norms, biases and the rest, held whole by every device. */
  readonly other: number
}

export function layerParameters(group: LayerGroup, hiddenSize: number): LayerParameters {
  const attention = attentionParameters(group.attention, hiddenSize)
  const attentionKv = kvProjection(group.attention, hiddenSize)
  const attentionReplicated = latentDownProjection(group.attention, hiddenSize)
  const feedForward = feedForwardParameters(group.feedForward, hiddenSize)
  return {
    attentionSharded: attention - attentionKv - attentionReplicated,
    attentionKv,
    attentionReplicated,
    dense: feedForward.everyToken,
    experts: feedForward.experts,
    other: group.otherParameters,
  }
}

function kvProjection(attention: Attention, hiddenSize: number): number {
  if (attention.kind !== 'full' && attention.kind !== 'window') return 0
  const valueDimension =
    attention.keyIsValue === true ? 0 : (attention.valueHeadDimension ?? attention.headDimension)
  return hiddenSize * attention.kvHeads * (attention.headDimension + valueDimension)
}

function latentDownProjection(attention: Attention, hiddenSize: number): number {
  if (attention.kind !== 'latent') return 0
  const query = attention.queryLoraRank ?? 0
  return hiddenSize * (query + attention.kvLoraRank + attention.ropeHeadDimension)
}

/**
 * Published minus computed parameters: what the file holds beyond the architecture as described (or, negative, less).
 * A surplus that the multi-token-prediction module explains is not counted: it loads only when used.
 */
export function unexplainedParameters(architecture: ModelArchitecture): number {
  if (architecture.publishedParameters === undefined) return 0
  const difference = architecture.publishedParameters - computedParameters(architecture).total
  return difference > 0 ? Math.max(0, difference - architecture.draftParameters) : difference
}

/** Heads, layers and experts that limit how a model can be cut. */
export function divisibility(architecture: ModelArchitecture): {
  queryHeads: number
  layers: number
  experts: number
} {
  let queryHeads = 0
  let layers = 0
  let experts = 0
  for (const group of architecture.layerGroups) {
    layers += group.layers
    if (group.feedForward.kind === 'experts') experts = Math.max(experts, group.feedForward.experts)
    if ('queryHeads' in group.attention) {
      queryHeads = greatestCommonDivisor(queryHeads, group.attention.queryHeads)
    }
  }
  return { queryHeads, layers, experts }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
