import type { ConfigReader } from '../config-reader.ts'
import {
  attentionExtras,
  denseFeed,
  type FamilyBuilder,
  headAttention,
  type Layer,
  readBasics,
  readHeads,
} from '../decoder.ts'
import { expertFeed, layersOf } from '../expert-feeds.ts'
import { mamba2Mixer, mambaMixer } from '../mixers.ts'
import { denseLayers, finished, none } from './hybrid-parts.ts'

/** Mamba, Mamba-2, and the hybrids that put layers of attention between them. */

/** Mamba 1 alone: no feed-forward part, one norm per layer. */
function mambaFamily(tiedFallback: boolean): FamilyBuilder {
  return (reader) => {
    const basics = readBasics(reader)
    const { hiddenSize, layers } = basics
    const tied = reader.flag('tie_word_embeddings', tiedFallback)
    const expand = reader.whole('expand', { fallback: 2 })
    const attention = mambaMixer({
      hiddenSize,
      innerSize: reader.whole('intermediate_size', { fallback: expand * hiddenSize }),
      stateSize: reader.whole('state_size'),
      convolutionKernel: reader.whole('conv_kernel', { fallback: 4 }),
      timeStepRank: timeStepRank(reader, 'time_step_rank', hiddenSize),
      projectionBias: reader.flag('use_bias', false),
      convolutionBias: reader.flag('use_conv_bias', true),
      innerNorms: false,
    })
    const layer: Layer = { attention, ...none, otherParameters: hiddenSize }
    return finished({ ...basics, tied, layers: Array.from({ length: layers }, () => layer) })
  }
}

/** "auto" is the hidden size over 16. */
function timeStepRank(reader: ConfigReader, key: string, hiddenSize: number): number {
  const automatic = Math.ceil(hiddenSize / 16)
  if (reader.raw(key)?.value === 'auto') return automatic
  return reader.whole(key, { fallback: automatic })
}

const mamba2: FamilyBuilder = (reader) => {
  const basics = readBasics(reader)
  const { hiddenSize, layers } = basics
  const tied = reader.flag('tie_word_embeddings', false)
  reader.ignore('intermediate_size', 'expand')
  const attention = mamba2Mixer({
    hiddenSize,
    heads: reader.whole('num_heads'),
    headDimension: reader.whole('head_dim'),
    groups: reader.whole('n_groups'),
    stateSize: reader.whole('state_size'),
    convolutionKernel: reader.whole('conv_kernel', { fallback: 4 }),
    projectionBias: reader.flag('use_bias', false),
    convolutionBias: reader.flag('use_conv_bias', true),
  })
  const layer: Layer = { attention, ...none, otherParameters: hiddenSize }
  return finished({ ...basics, tied, layers: Array.from({ length: layers }, () => layer) })
}

const jamba: FamilyBuilder = (reader) => {
  const basics = readBasics(reader)
  const { hiddenSize, layers } = basics
  const tied = reader.flag('tie_word_embeddings', false)
  const heads = readHeads(reader, { hiddenSize })
  const attentionPeriod = reader.whole('attn_layer_period', { fallback: 8 })
  const attentionOffset = reader.whole('attn_layer_offset', { least: 0, fallback: 4 })
  const expertPeriod = reader.whole('expert_layer_period', { fallback: 2 })
  const expertOffset = reader.whole('expert_layer_offset', { least: 0, fallback: 1 })
  const mixer = mambaMixer({
    hiddenSize,
    innerSize: reader.whole('mamba_expand', { fallback: 2 }) * hiddenSize,
    stateSize: reader.whole('mamba_d_state', { fallback: 16 }),
    convolutionKernel: reader.whole('mamba_d_conv', { fallback: 4 }),
    timeStepRank: timeStepRank(reader, 'mamba_dt_rank', hiddenSize),
    projectionBias: reader.flag('mamba_proj_bias', false),
    convolutionBias: reader.flag('mamba_conv_bias', true),
    innerNorms: true,
  })
  const experts = reader.whole('num_experts', { fallback: 16 })
  const intermediateSize = reader.whole('intermediate_size')
  const sparse =
    experts > 1
      ? expertFeed({
          hiddenSize,
          experts,
          expertsPerToken: reader.whole('num_experts_per_tok', { fallback: 2 }),
          expertIntermediateSize: intermediateSize,
        })
      : denseFeed({ hiddenSize, intermediateSize, matrices: 3 })
  if (experts === 1) reader.ignore('num_experts_per_tok')
  const hasExperts = (index: number) => index % expertPeriod === expertOffset
  const feeds = layersOf({ reader, hiddenSize, layers, hasExperts, sparse })
  const built = feeds.map(
    (feed, index): Layer => ({
      attention: index % attentionPeriod === attentionOffset ? headAttention(heads) : mixer,
      feedForward: feed.feedForward,
      otherParameters: 2 * hiddenSize + feed.otherParameters,
    }),
  )
  return finished({ ...basics, tied, layers: built })
}

/** Mamba-2 mixer from the `mamba_*` keys of Granite 4 and Bamba. */
function graniteMixer(reader: ConfigReader, hiddenSize: number) {
  const heads = reader.whole('mamba_n_heads')
  const expand = reader.whole('mamba_expand', { fallback: 2 })
  const automatic = reader.raw('mamba_d_head')?.value === 'auto'
  const inner = Math.floor((expand * hiddenSize) / heads)
  return mamba2Mixer({
    hiddenSize,
    heads,
    headDimension: automatic ? inner : reader.whole('mamba_d_head', { fallback: inner }),
    groups: reader.whole('mamba_n_groups', { fallback: 1 }),
    stateSize: reader.whole('mamba_d_state', { fallback: 256 }),
    convolutionKernel: reader.whole('mamba_d_conv', { fallback: 4 }),
    projectionBias: reader.flag('mamba_proj_bias', false),
    convolutionBias: reader.flag('mamba_conv_bias', true),
  })
}

const graniteHybrid: FamilyBuilder = (reader) => {
  const basics = readBasics(reader)
  const { hiddenSize, layers } = basics
  const tied = reader.flag('tie_word_embeddings', false)
  const heads = readHeads(reader, { hiddenSize })
  const bias = reader.flag('attention_bias', false)
  const types = reader.perLayer({
    key: ['layer_types', 'layers_block_type'],
    layers,
    expected: 'mamba, attention',
    entry: (value) =>
      value === 'attention' || value === 'full_attention'
        ? true
        : value === 'mamba' || value === 'linear_attention'
          ? false
          : undefined,
  })
  const hasMamba = types?.includes(false) ?? true
  const mixer = hasMamba ? graniteMixer(reader, hiddenSize) : undefined
  // Granite 4 without Mamba layers keeps the keys of the class.
  if (!hasMamba) reader.ignoreAll(/^mamba_/)
  const shared = reader.whole('shared_intermediate_size', { fallback: 1_024 })
  const experts = reader.whole('num_local_experts', { least: 0, fallback: 8 })
  const feed =
    experts === 0
      ? denseFeed({ hiddenSize, intermediateSize: shared, matrices: 3 })
      : expertFeed({
          hiddenSize,
          experts,
          expertsPerToken: reader.whole('num_experts_per_tok', { fallback: 2 }),
          expertIntermediateSize: reader.whole('intermediate_size'),
          sharedIntermediateSize: shared,
        })
  if (experts === 0) reader.ignore('intermediate_size', 'num_experts_per_tok')
  const extras = attentionExtras({ heads, hiddenSize, queryKeyValueBias: bias, outputBias: bias })
  const built = Array.from({ length: layers }, (_, index): Layer => {
    const isFull = types?.[index] ?? false
    return {
      attention: isFull || mixer === undefined ? headAttention(heads) : mixer,
      feedForward: feed.feedForward,
      otherParameters: 2 * hiddenSize + (isFull ? extras : 0) + feed.otherParameters,
    }
  })
  return finished({ ...basics, tied, layers: built })
}

const bamba: FamilyBuilder = (reader) => {
  const basics = readBasics(reader)
  const { hiddenSize, layers } = basics
  const tied = reader.flag('tie_word_embeddings', false)
  const heads = readHeads(reader, { hiddenSize })
  const full = new Set(reader.indices('attn_layer_indices') ?? [])
  const mixer = graniteMixer(reader, hiddenSize)
  const feeds = denseLayers(reader, { hiddenSize, layers })
  const built = feeds.map(
    (feed, index): Layer => ({
      attention: full.has(index) ? headAttention(heads) : mixer,
      feedForward: feed.feedForward,
      otherParameters: 2 * hiddenSize + feed.otherParameters,
    }),
  )
  return finished({ ...basics, tied, layers: built })
}

export const stateSpaceFamilies: Readonly<Record<string, FamilyBuilder>> = {
  mamba: mambaFamily(true),
  falcon_mamba: mambaFamily(true),
  mamba2,
  jamba,
  granitemoehybrid: graniteHybrid,
  bamba,
}
