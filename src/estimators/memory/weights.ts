import { bitsPerByte } from '../../foundation/units.ts'
import type { LayerGroup, ModelArchitecture } from '../architecture.ts'
import type { WeightFormatSpec } from './formats.ts'
import { ropeTable } from './formulas.ts'
import { type ParallelLayout, worstStageLayers } from './layout.ts'
import { layerParameters, unexplainedParameters } from './tensor-classes.ts'

/** What the engine adds to the bare matrices; see {@link EngineMemoryPolicy}. */
export interface WeightPadding {
  readonly expertHiddenMultiple: number
  readonly expertIntermediateMultiple: number
  readonly ropeTableBytesPerElement: number
  readonly weightOverheadBytes: number
}

export const noPadding: WeightPadding = {
  expertHiddenMultiple: 1,
  expertIntermediateMultiple: 1,
  ropeTableBytesPerElement: 0,
  weightOverheadBytes: 0,
}

/** Bytes by kind of tensor; `totalBytes` is their sum. */
export interface WeightBytes {
  readonly embeddingBytes: number
  readonly lmHeadBytes: number
  readonly attentionBytes: number
  readonly denseBytes: number
  readonly expertBytes: number
  /** Routers, norms, biases, and parameters the architecture does not explain. */
  readonly otherBytes: number
  readonly encoderBytes: number
  readonly draftBytes: number
  /** Rotary table and kernels' workspaces. */
  readonly overheadBytes: number
  readonly totalBytes: number
}

export interface WeightInput {
  readonly architecture: ModelArchitecture
  readonly format: WeightFormatSpec
  readonly layout: ParallelLayout
  readonly padding: WeightPadding
  /** The multi-token-prediction module is loaded. */
  readonly withDraft: boolean
}

interface LayerBytes {
  readonly attention: number
  readonly dense: number
  readonly experts: number
  readonly other: number
}

/** Bytes of one layer on one device. */
function layerBytesPerDevice(group: LayerGroup, input: WeightInput): LayerBytes {
  const { architecture, format, layout } = input
  const layer = layerParameters(group, architecture.hiddenSize)
  const kvShare =
    'kvHeads' in group.attention ? kvHeadShare(group.attention.kvHeads, layout.tensor) : 1 / layout.tensor
  const attention =
    layer.attentionSharded / layout.tensor + layer.attentionKv * kvShare + layer.attentionReplicated
  return {
    attention: (attention * format.attentionBitsPerWeight) / bitsPerByte,
    dense: ((layer.dense / layout.tensor) * format.bodyBitsPerWeight) / bitsPerByte,
    experts: (expertParametersPerDevice(group, input) * format.expertBitsPerWeight) / bitsPerByte,
    other: (layer.other * format.otherBitsPerWeight) / bitsPerByte,
  }
}

/** Share of the key and value heads that one device holds: whole heads, at least one. */
export function kvHeadShare(kvHeads: number, tensor: number): number {
  return kvHeads === 0 ? 0 : Math.ceil(kvHeads / tensor) / kvHeads
}

/** Expert parameters of a layer on the device that holds most, padded as the engine pads them. */
function expertParametersPerDevice(group: LayerGroup, input: WeightInput): number {
  const feedForward = group.feedForward
  if (feedForward.kind !== 'experts') return 0
  const { layout, padding } = input
  const hidden = feedForward.expertHiddenSize ?? input.architecture.hiddenSize
  const cuts = (layout.tensor * layout.attentionData) / layout.expert
  const width = feedForward.expertIntermediateSize / cuts
  const experts = Math.ceil(feedForward.experts / layout.expert)
  return (
    experts *
    feedForward.matrices *
    roundUp(hidden, padding.expertHiddenMultiple) *
    roundUp(width, padding.expertIntermediateMultiple)
  )
}

function roundUp(value: number, multiple: number): number {
  return multiple <= 1 ? value : Math.ceil(value / multiple) * multiple
}

/**
 * Weights on the heaviest device of a replica. Embeddings lie on the first pipeline stage and the LM head on the last,
 * both cut by vocabulary under tensor parallelism; tied embeddings lie on both ends. Encoders are held whole by every
 * device of the first stage.
 */
export function weightBytesPerDevice(input: WeightInput): WeightBytes {
  const { architecture, layout } = input
  const groups = architecture.layerGroups.map((group) => layerBytesPerDevice(group, input))
  const stages = worstStageLayers({
    groups: groups.map((bytes, index) => ({
      layers: architecture.layerGroups[index]!.layers,
      cost: bytes.attention + bytes.dense + bytes.experts + bytes.other,
    })),
    pipeline: layout.pipeline,
  })
  const layers = sumLayers(groups, stages)
  const ends = endBytes(input)
  // With several stages either end can be the heavy one; between them no stage is heavier than both.
  const several = layout.pipeline > 1
  const first = several ? { ...ends, lmHeadBytes: 0, draftBytes: 0 } : ends
  const last = {
    ...ends,
    embeddingBytes: architecture.tiedEmbeddings ? ends.embeddingBytes : 0,
    encoderBytes: 0,
  }
  const heavier = several && endSum(last) > endSum(first) ? last : first
  return withTotal({
    ...heavier,
    attentionBytes: layers.attention,
    denseBytes: layers.dense,
    expertBytes: layers.experts,
    otherBytes: layers.other + ends.otherBytes * stageShare(architecture, layout.pipeline),
  })
}

/** All devices of one replica together. */
export function weightBytesOfReplica(input: WeightInput): WeightBytes {
  const { architecture, layout } = input
  const perStage = layout.tensor * layout.attentionData
  const groups = architecture.layerGroups.map((group) => layerBytesPerDevice(group, input))
  const layers = sumLayers(
    groups,
    architecture.layerGroups.map((group) => group.layers),
  )
  const ends = endBytes(input)
  const tiedCopies = architecture.tiedEmbeddings && layout.pipeline > 1 ? 2 : 1
  return withTotal({
    embeddingBytes: ends.embeddingBytes * perStage * tiedCopies,
    lmHeadBytes: ends.lmHeadBytes * perStage,
    attentionBytes: layers.attention * perStage,
    denseBytes: layers.dense * perStage,
    expertBytes: layers.experts * perStage,
    otherBytes: (layers.other + ends.otherBytes) * perStage,
    encoderBytes: ends.encoderBytes * perStage,
    draftBytes: ends.draftBytes * perStage,
    overheadBytes: ends.overheadBytes * perStage * layout.pipeline,
  })
}

/** The bare matrices in one copy, as a file holds them. */
export function weightBytesOfFile(input: {
  architecture: ModelArchitecture
  format: WeightFormatSpec
  withDraft: boolean
}): WeightBytes {
  const layout = { tensor: 1, pipeline: 1, attentionData: 1, expert: 1 }
  return weightBytesPerDevice({ ...input, layout, padding: noPadding })
}

type WithoutTotal = Omit<WeightBytes, 'totalBytes'>
type Ends = Pick<
  WeightBytes,
  'embeddingBytes' | 'lmHeadBytes' | 'otherBytes' | 'encoderBytes' | 'draftBytes' | 'overheadBytes'
>

/** What stands outside the layers, per device of its stage. `otherBytes` spreads over the stages. */
function endBytes(input: WeightInput): Ends {
  const { architecture, format, layout, padding } = input
  const matrix = architecture.vocabularySize * architecture.hiddenSize
  // One matrix that serves as input and output is stored as the LM head is.
  const embeddingBits = architecture.tiedEmbeddings
    ? format.lmHeadBitsPerWeight
    : format.embeddingBitsPerWeight
  const hasHead = architecture.generative && !architecture.tiedEmbeddings
  return {
    embeddingBytes: (matrix * embeddingBits) / bitsPerByte / layout.tensor,
    lmHeadBytes: hasHead ? (matrix * format.lmHeadBitsPerWeight) / bitsPerByte / layout.tensor : 0,
    otherBytes:
      (architecture.otherParameters * format.embeddingBitsPerWeight +
        unexplainedParameters(architecture) * format.bodyBitsPerWeight) /
      bitsPerByte /
      layout.tensor,
    encoderBytes: (architecture.encoderParameters * format.encoderBitsPerWeight) / bitsPerByte,
    draftBytes: input.withDraft
      ? (architecture.draftParameters * format.bodyBitsPerWeight) / bitsPerByte / layout.tensor
      : 0,
    overheadBytes:
      padding.weightOverheadBytes + ropeTableBytes(architecture, padding.ropeTableBytesPerElement),
  }
}

/** Sine and cosine for every position: engines keep it whole on every device. */
export function ropeTableBytes(architecture: ModelArchitecture, bytesPerElement: number): number {
  if (bytesPerElement === 0 || architecture.maxContextTokens === undefined) return 0
  let dimension = 0
  for (const { attention } of architecture.layerGroups) {
    if (attention.kind === 'latent') dimension = Math.max(dimension, attention.ropeHeadDimension)
    else if ('headDimension' in attention) dimension = Math.max(dimension, attention.headDimension)
  }
  return ropeTable.compute({ c: architecture.maxContextTokens, d: dimension, b: bytesPerElement })
}

/** Share of the layers on the fullest pipeline stage. */
function stageShare(architecture: ModelArchitecture, pipeline: number): number {
  const layers = architecture.layerGroups.reduce((sum, group) => sum + group.layers, 0)
  return layers === 0 ? 1 : Math.ceil(layers / pipeline) / layers
}

function sumLayers(groups: readonly LayerBytes[], counts: readonly number[]): LayerBytes {
  const sum = { attention: 0, dense: 0, experts: 0, other: 0 }
  for (const [index, bytes] of groups.entries()) {
    const layers = counts[index]!
    sum.attention += bytes.attention * layers
    sum.dense += bytes.dense * layers
    sum.experts += bytes.experts * layers
    sum.other += bytes.other * layers
  }
  return sum
}

function endSum(ends: Ends): number {
  return ends.embeddingBytes + ends.lmHeadBytes + ends.encoderBytes + ends.draftBytes
}

function withTotal(bytes: WithoutTotal): WeightBytes {
  return {
    embeddingBytes: bytes.embeddingBytes,
    lmHeadBytes: bytes.lmHeadBytes,
    attentionBytes: bytes.attentionBytes,
    denseBytes: bytes.denseBytes,
    expertBytes: bytes.expertBytes,
    otherBytes: bytes.otherBytes,
    encoderBytes: bytes.encoderBytes,
    draftBytes: bytes.draftBytes,
    overheadBytes: bytes.overheadBytes,
    totalBytes:
      bytes.embeddingBytes +
      bytes.lmHeadBytes +
      bytes.attentionBytes +
      bytes.denseBytes +
      bytes.expertBytes +
      bytes.otherBytes +
      bytes.encoderBytes +
      bytes.draftBytes +
      bytes.overheadBytes,
  }
}
