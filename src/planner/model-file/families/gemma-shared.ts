import type { FeedForward } from '../../../estimators/architecture.ts'
import type { ConfigReader, Json } from '../config-reader.ts'
import { type FamilyBuilder, groupLayers, type Heads, type Layer, readBasics, readHeads } from '../decoder.ts'

/**
 * Gemma 3n and Gemma 4: the last layers read the cache of earlier ones, and small embeddings enter every layer.
 * Published files hold key and value projections of the reading layers too, so they are counted.
 */

/** Window or not per layer, by `layer_types` or every nth layer global. */
function readTypes(
  reader: ConfigReader,
  input: { layers: number; period: number; lastIsFull: boolean },
): boolean[] {
  const listed = reader.perLayer({
    key: 'layer_types',
    layers: input.layers,
    expected: 'sliding_attention, full_attention',
    entry: (value: Json) =>
      value === 'sliding_attention' ? true : value === 'full_attention' ? false : undefined,
  })
  const types = listed ?? Array.from({ length: input.layers }, (_, index) => (index + 1) % input.period !== 0)
  return input.lastIsFull ? types.map((isWindow, index) => isWindow && index < types.length - 1) : types
}

function readSharing(reader: ConfigReader, layers: number, fallback: number): number {
  const shared = reader.whole('num_kv_shared_layers', { least: 0, fallback })
  if (shared >= layers && !reader.hasProblems)
    reader.problem('num_kv_shared_layers', `${shared} of ${layers} layers leave none to read from`)
  return layers - shared
}

function readPerLayerInput(reader: ConfigReader) {
  const vocabulary = reader.whole('vocab_size_per_layer_input', { fallback: 262_144 })
  const width = reader.whole('hidden_size_per_layer_input', { least: 0, fallback: 256 })
  return { vocabulary, width }
}

/** The table of small embeddings, their projection from the hidden state, and its norm. */
function perLayerOutside(input: {
  vocabulary: number
  width: number
  layers: number
  hiddenSize: number
}): number {
  if (input.width === 0) return 0
  const all = input.layers * input.width
  return input.vocabulary * all + input.hiddenSize * all + input.width
}

const gemma3n: FamilyBuilder = (reader) => {
  const { hiddenSize, layers, vocabularySize, maxContextTokens } = readBasics(reader, {
    vocabularySize: 262_400,
  })
  const tiedEmbeddings = reader.flag('tie_word_embeddings', true)
  const heads = readHeads(reader, { hiddenSize, headDimension: 256, queryHeads: 8, kvHeads: 2 })
  const windowTokens = reader.whole('sliding_window', { fallback: 512 })
  const types = readTypes(reader, { layers, period: 5, lastIsFull: false })
  const firstShared = readSharing(reader, layers, 15)
  const input = readPerLayerInput(reader)
  const streams = reader.whole('altup_num_inputs', { fallback: 4 })
  const rank = reader.whole('laurel_rank', { fallback: 64 })
  const widths = readWidths(reader, layers)
  // AltUp: coefficients to predict and correct the streams, a router, its norm, a scale of the corrected output.
  const altup = streams * streams + streams ** 3 + hiddenSize * streams + 2 * hiddenSize
  const laurel = 2 * hiddenSize * rank + hiddenSize
  const perLayerInput = 2 * hiddenSize * input.width + hiddenSize
  const otherParameters = 4 * hiddenSize + 2 * heads.headDimension + altup + laurel + perLayerInput
  const built = widths.map(
    (intermediateSize, index): Layer => ({
      attention: sharedAttention({
        heads,
        windowTokens: types[index] === true ? windowTokens : undefined,
        isShared: index >= firstShared,
      }),
      feedForward: { kind: 'dense', intermediateSize, matrices: 3 },
      otherParameters,
    }),
  )
  const streamProjections = 2 * (streams - 1) * hiddenSize * hiddenSize
  return {
    hiddenSize,
    vocabularySize,
    tiedEmbeddings,
    generative: true,
    layerGroups: groupLayers(built),
    otherParameters: hiddenSize + streamProjections + perLayerOutside({ ...input, layers, hiddenSize }),
    encoderParameters: 0,
    draftParameters: 0,
    maxContextTokens,
    publishedParameters: undefined,
  }
}

/** One width for all layers, or one each. */
function readWidths(reader: ConfigReader, layers: number): number[] {
  if (!Array.isArray(reader.raw('intermediate_size')?.value)) {
    const width = reader.whole('intermediate_size')
    return Array.from({ length: layers }, () => width)
  }
  const listed = reader.perLayer({
    key: 'intermediate_size',
    layers,
    expected: 'whole numbers',
    entry: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 1e8 ? value : undefined,
  })
  return listed ?? []
}

function sharedAttention(input: {
  heads: Heads
  windowTokens: number | undefined
  isShared: boolean
  keyIsValue?: boolean
}): Layer['attention'] {
  const { heads, windowTokens } = input
  return {
    kind: windowTokens === undefined ? 'full' : 'window',
    ...heads,
    ...(windowTokens === undefined ? {} : { windowTokens }),
    ...(input.keyIsValue === true ? { keyIsValue: true } : {}),
    ...(input.isShared ? { sharesCache: true } : {}),
  }
}

const gemma4: FamilyBuilder = (reader) => {
  const { hiddenSize, layers, vocabularySize, maxContextTokens } = readBasics(reader, {
    vocabularySize: 262_144,
  })
  const tiedEmbeddings = reader.flag('tie_word_embeddings', true)
  const local = readHeads(reader, { hiddenSize, headDimension: 256 })
  const keyIsValue = reader.flag('attention_k_eq_v', false)
  const globalKvHeads = reader.optionalWhole('num_global_key_value_heads')
  const global: Heads = {
    queryHeads: local.queryHeads,
    kvHeads: keyIsValue ? (globalKvHeads ?? local.kvHeads) : local.kvHeads,
    headDimension: reader.whole('global_head_dim', { fallback: 512 }),
  }
  if (reader.has('per_layer_config'))
    reader.problem('per_layer_config', 'sizes given per layer are not understood')
  if (reader.flag('attention_bias', false))
    reader.problem('attention_bias', 'true is not understood for this family')
  const windowTokens = reader.whole('sliding_window', { fallback: 512 })
  const types = readTypes(reader, { layers, period: 6, lastIsFull: true })
  const firstShared = readSharing(reader, layers, 0)
  const input = readPerLayerInput(reader)
  const intermediateSize = reader.whole('intermediate_size')
  const doubles = reader.flag('use_double_wide_mlp', false)
  const experts = reader.flag('enable_moe_block', false) ? readGemmaExperts(reader) : undefined
  const perLayerInput = input.width === 0 ? 0 : 2 * hiddenSize * input.width + hiddenSize
  // The router has a scale per hidden element and per expert; its block brings three more norms.
  const router =
    experts === undefined ? 0 : hiddenSize * experts.experts + hiddenSize + experts.experts + 3 * hiddenSize
  const layerScalar = 1
  const built = types.map((isWindow, index): Layer => {
    const isShared = index >= firstShared
    const heads = isWindow ? local : global
    const width = doubles && isShared ? 2 * intermediateSize : intermediateSize
    const feedForward: FeedForward =
      experts === undefined
        ? { kind: 'dense', intermediateSize: width, matrices: 3 }
        : {
            kind: 'experts',
            ...experts,
            sharedIntermediateSize: 0,
            parallelDenseIntermediateSize: width,
            matrices: 3,
          }
    return {
      attention: sharedAttention({
        heads,
        windowTokens: isWindow ? windowTokens : undefined,
        isShared,
        keyIsValue: keyIsValue && !isWindow,
      }),
      feedForward,
      otherParameters: 4 * hiddenSize + 2 * heads.headDimension + layerScalar + perLayerInput + router,
    }
  })
  return {
    hiddenSize,
    vocabularySize,
    tiedEmbeddings,
    generative: true,
    layerGroups: groupLayers(built),
    otherParameters: hiddenSize + perLayerOutside({ ...input, layers, hiddenSize }),
    encoderParameters: 0,
    draftParameters: 0,
    maxContextTokens,
    publishedParameters: undefined,
  }
}

function readGemmaExperts(reader: ConfigReader) {
  return {
    experts: reader.whole('num_experts'),
    expertsPerToken: reader.whole('top_k_experts'),
    expertIntermediateSize: reader.whole('moe_intermediate_size'),
  }
}

export const gemmaSharedFamilies: Readonly<Record<string, FamilyBuilder>> = {
  gemma3n_text: gemma3n,
  gemma4_text: gemma4,
}
