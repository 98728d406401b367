import type { Attention } from '../../../estimators/architecture.ts'
import type { ConfigReader } from '../config-reader.ts'
import {
  attentionExtras,
  denseFeed,
  draftParameters,
  type FamilyBuilder,
  headAttention,
  type Layer,
  type LayerFeed,
  readBasics,
  readHeads,
} from '../decoder.ts'
import { expertFeed, layersOf, qwenFeeds, readExperts } from '../expert-feeds.ts'
import { gatedDeltaMixer, lightningMixer, shortConvolutionMixer } from '../mixers.ts'
import { denseLayers, finished } from './hybrid-parts.ts'

/** Decoders in which most layers are linear attention or a short convolution. */

/** Qwen3-Next and Qwen3.5: gated delta nets between layers of gated softmax attention. */
function qwenHybrid(input: {
  headDimension: number
  feeds: 'dense' | 'experts' | 'qwen3-next'
}): FamilyBuilder {
  return (reader) => {
    const basics = readBasics(reader)
    const { hiddenSize, layers } = basics
    const tied = reader.flag('tie_word_embeddings', false)
    const heads = readHeads(reader, { hiddenSize, headDimension: input.headDimension })
    const bias = reader.flag('attention_bias', false)
    const mixer = gatedDeltaMixer({
      hiddenSize,
      keyHeads: reader.whole('linear_num_key_heads'),
      valueHeads: reader.whole('linear_num_value_heads'),
      keyHeadDimension: reader.whole('linear_key_head_dim'),
      valueHeadDimension: reader.whole('linear_value_head_dim'),
      convolutionKernel: reader.whole('linear_conv_kernel_dim'),
    })
    const interval = reader.whole('full_attention_interval', { fallback: 4 })
    const types = reader.perLayer({
      key: ['layer_types', 'layers_block_type'],
      layers,
      expected: 'linear_attention, full_attention',
      entry: (value) =>
        value === 'full_attention' || value === 'attention'
          ? true
          : value === 'linear_attention'
            ? false
            : undefined,
    })
    const fullExtras = attentionExtras({
      heads,
      hiddenSize,
      queryKeyNorm: 'head',
      queryKeyValueBias: bias,
      outputBias: bias,
    })
    // The query projection is twice as wide: its second half gates the output.
    const gated = { ...headAttention(heads), outputGate: true }
    const feeds =
      input.feeds === 'dense'
        ? denseLayers(reader, { hiddenSize, layers })
        : input.feeds === 'qwen3-next'
          ? qwenFeeds({ shared: true })({ reader, hiddenSize, layers })
          : sharedExpertLayers(reader, { hiddenSize, layers })
    const layer = (feed: LayerFeed, isFull: boolean): Layer => ({
      attention: isFull ? gated : mixer,
      feedForward: feed.feedForward,
      otherParameters: 2 * hiddenSize + (isFull ? fullExtras : 0) + feed.otherParameters,
    })
    const built = feeds.map((feed, index) => layer(feed, types?.[index] ?? (index + 1) % interval === 0))
    const modules = reader.optionalWhole('mtp_num_hidden_layers', { least: 0 }) ?? 0
    const lastFeed = feeds.at(-1)
    const last = lastFeed === undefined ? undefined : layer(lastFeed, true)
    return finished({ ...basics, tied, layers: built, draft: draftParameters({ last, hiddenSize, modules }) })
  }
}

function sharedExpertLayers(
  reader: ConfigReader,
  input: { hiddenSize: number; layers: number },
): LayerFeed[] {
  const feed = expertFeed({
    hiddenSize: input.hiddenSize,
    ...readExperts(reader),
    sharedIntermediateSize: reader.whole('shared_expert_intermediate_size'),
    beside: input.hiddenSize, // gate of the shared expert
  })
  reader.ignore('intermediate_size')
  return Array.from({ length: input.layers }, () => feed)
}

/** LFM2: short convolutions between layers of attention, dense or (after the first layers) with experts. */
function lfm2(hasExperts: boolean): FamilyBuilder {
  return (reader) => {
    const basics = readBasics(reader)
    const { hiddenSize, layers } = basics
    const tied = reader.flag(['tie_embedding', 'tie_word_embeddings'], true)
    const heads = readHeads(reader, { hiddenSize })
    const mixer = shortConvolutionMixer({
      hiddenSize,
      convolutionKernel: reader.whole('conv_L_cache', { fallback: 3 }),
      bias: reader.flag('conv_bias', false),
    })
    const types = reader.perLayer({
      key: 'layer_types',
      layers,
      expected: 'conv, full_attention',
      entry: (value) => (value === 'full_attention' ? true : value === 'conv' ? false : undefined),
    })
    const indices = reader.indices('full_attn_idxs')
    if (types === undefined && indices === undefined && !reader.has('layer_types'))
      reader.problem('layer_types', 'is missing (or full_attn_idxs): it says which layers have attention')
    const full = new Set(indices ?? [])
    const feeds = hasExperts
      ? lfm2Experts(reader, { hiddenSize, layers })
      : lfm2Dense(reader, { hiddenSize, layers })
    const extras = attentionExtras({
      heads,
      hiddenSize,
      queryKeyNorm: 'head',
      queryKeyValueBias: false,
      outputBias: false,
    })
    const built = feeds.map((feed, index): Layer => {
      const isFull = types?.[index] ?? full.has(index)
      return {
        attention: isFull ? headAttention(heads) : mixer,
        feedForward: feed.feedForward,
        otherParameters: 2 * hiddenSize + (isFull ? extras : 0) + feed.otherParameters,
      }
    })
    return finished({ ...basics, tied, layers: built })
  }
}

function lfm2Experts(reader: ConfigReader, input: { hiddenSize: number; layers: number }): LayerFeed[] {
  const numbers = readExperts(reader)
  const first = reader.whole('num_dense_layers', { least: 0, fallback: 2 })
  const beside = reader.flag('use_expert_bias', true) ? numbers.experts : 0
  const sparse = expertFeed({ hiddenSize: input.hiddenSize, ...numbers, beside })
  return layersOf({ reader, ...input, hasExperts: (index) => index >= first, sparse })
}

/** The width is adjusted: two thirds, times a factor, rounded up to a multiple. */
function lfm2Dense(reader: ConfigReader, input: { hiddenSize: number; layers: number }): LayerFeed[] {
  const width = reader.whole(['block_ff_dim', 'intermediate_size'])
  reader.ignore('intermediate_size', 'block_dim')
  let intermediateSize = width
  if (reader.flag('block_auto_adjust_ff_dim', true)) {
    const factor = reader.raw('block_ffn_dim_multiplier')?.value ?? 1
    if (typeof factor !== 'number' || !(factor > 0 && factor < 100))
      reader.problem('block_ffn_dim_multiplier', 'must be a number above 0')
    const multiple = reader.whole('block_multiple_of', { fallback: 256 })
    const adjusted = Math.floor(Math.floor((2 * width) / 3) * (typeof factor === 'number' ? factor : 1))
    intermediateSize = Math.ceil(adjusted / multiple) * multiple
  }
  const feed = denseFeed({ hiddenSize: input.hiddenSize, intermediateSize, matrices: 3 })
  return Array.from({ length: input.layers }, () => feed)
}

/** MiniMax-Text-01: lightning attention between layers of softmax attention, experts everywhere. */
const minimax: FamilyBuilder = (reader) => {
  const basics = readBasics(reader)
  const { hiddenSize, layers } = basics
  const tied = reader.flag('tie_word_embeddings', false)
  const heads = readHeads(reader, { hiddenSize })
  const mixer: Attention = lightningMixer({
    hiddenSize,
    heads: heads.queryHeads,
    headDimension: heads.headDimension,
  })
  const types = reader.perLayer({
    key: ['layer_types', 'attn_type_list'],
    layers,
    expected: 'full_attention, linear_attention, or 1 and 0',
    entry: (value) =>
      value === 'full_attention' || value === 1
        ? true
        : value === 'linear_attention' || value === 0
          ? false
          : undefined,
  })
  if (types === undefined && !reader.has(['layer_types', 'attn_type_list']))
    reader.problem(
      'layer_types',
      'is missing (or attn_type_list): it says which layers have softmax attention',
    )
  const shared = reader.raw('shared_intermediate_size')
  const hasShared = Array.isArray(shared?.value)
    ? shared.value.some((width) => width !== 0)
    : (shared?.value ?? 0) !== 0
  if (hasShared)
    reader.problem('shared_intermediate_size', 'a shared expert is not understood for this family')
  const feed = expertFeed({ hiddenSize, ...readExperts(reader, 'intermediate_size') })
  const built = Array.from(
    { length: layers },
    (_, index): Layer => ({
      attention: types?.[index] === true ? headAttention(heads) : mixer,
      feedForward: feed.feedForward,
      otherParameters: 2 * hiddenSize + feed.otherParameters,
    }),
  )
  return finished({ ...basics, tied, layers: built })
}

const qwen35 = qwenHybrid({ headDimension: 256, feeds: 'dense' })
const qwen35Moe = qwenHybrid({ headDimension: 256, feeds: 'experts' })

export const hybridFamilies: Readonly<Record<string, FamilyBuilder>> = {
  qwen3_next: qwenHybrid({ headDimension: 256, feeds: 'qwen3-next' }),
  qwen3_5_text: qwen35,
  qwen3_5_moe_text: qwen35Moe,
  lfm2: lfm2(false),
  lfm2_moe: lfm2(true),
  minimax,
  minimax_text_01: minimax,
}
