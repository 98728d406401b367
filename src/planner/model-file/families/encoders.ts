import type { Layer } from '../decoder.ts'
import {
  denseFeed,
  type FamilyBuilder,
  groupLayers,
  headAttention,
  readBasics,
  readHeads,
} from '../decoder.ts'
import { windowsFromTypes } from '../layer-patterns.ts'

/** Encoders for embeddings and reranking: attention over the whole input, no LM head, no cache kept between steps. */

/** BERT and its kin: biases everywhere, two norms per layer, tables of positions and token types, a pooler. */
function bertFamily(input: { types: number; pooler: boolean; relative?: boolean }): FamilyBuilder {
  return (reader) => {
    const { hiddenSize, layers, vocabularySize, maxContextTokens } = readBasics(reader)
    const heads = readHeads(reader, { hiddenSize })
    const intermediateSize = reader.whole('intermediate_size')
    const positions = reader.whole('max_position_embeddings')
    const types = reader.whole('type_vocab_size', { least: 0, fallback: input.types })
    const feed = denseFeed({ hiddenSize, intermediateSize, matrices: 2, bias: true })
    const biases = 3 * heads.queryHeads * heads.headDimension + hiddenSize
    const layer: Layer = {
      attention: headAttention(heads),
      feedForward: feed.feedForward,
      otherParameters: biases + 4 * hiddenSize + feed.otherParameters,
    }
    // MPNet learns a bias per distance and head, one table for all layers.
    const buckets =
      input.relative === true ? reader.whole('relative_attention_num_buckets', { fallback: 32 }) : 0
    const pooler = input.pooler ? hiddenSize * hiddenSize + hiddenSize : 0
    return encoder({
      hiddenSize,
      vocabularySize,
      layers: Array.from({ length: layers }, () => layer),
      otherParameters:
        (positions + types) * hiddenSize + 2 * hiddenSize + pooler + buckets * heads.queryHeads,
      maxContextTokens,
    })
  }
}

/** ModernBERT: gated MLPs, no biases, every third layer global, no norm before the first attention. */
const modernbert: FamilyBuilder = (reader) => {
  const { hiddenSize, layers, vocabularySize, maxContextTokens } = readBasics(reader, {
    vocabularySize: 50_368,
  })
  const heads = readHeads(reader, { hiddenSize })
  for (const key of ['attention_bias', 'mlp_bias', 'norm_bias'])
    if (reader.flag(key, false)) reader.problem(key, 'true is not understood for this family')
  const period = reader.whole('global_attn_every_n_layers', { fallback: 3 })
  const windowTokens = reader.whole('local_attention', { fallback: 128 })
  const windows = windowsFromTypes({
    reader,
    layers,
    windowTokens,
    fallback: (index) => index % period !== 0,
  })
  const intermediateSize = reader.whole('intermediate_size')
  const built = windows.map(
    (window, index): Layer => ({
      attention: headAttention(heads, window),
      feedForward: { kind: 'dense', intermediateSize, matrices: 3 },
      otherParameters: index === 0 ? hiddenSize : 2 * hiddenSize,
    }),
  )
  return encoder({
    hiddenSize,
    vocabularySize,
    layers: built,
    otherParameters: 2 * hiddenSize,
    maxContextTokens,
  })
}

/** Nomic's BERT: rotary positions, a gated MLP, no biases. */
const nomic: FamilyBuilder = (reader) => {
  const { hiddenSize, layers, vocabularySize, maxContextTokens } = readBasics(reader)
  const heads = readHeads(reader, { hiddenSize })
  const types = reader.whole('type_vocab_size', { least: 0, fallback: 2 })
  for (const key of ['qkv_proj_bias', 'mlp_fc1_bias', 'mlp_fc2_bias'])
    if (reader.flag(key, false)) reader.problem(key, 'true is not understood for this family')
  const experts = reader.optionalWhole('num_experts', { least: 0 }) ?? 0
  if (experts > 0) reader.problem('num_experts', 'experts in an encoder are not understood')
  const activation = reader.text('activation_function')
  if (activation !== undefined && activation !== 'swiglu')
    reader.problem('activation_function', `"${activation}" is not understood`, 'expected swiglu')
  const layer: Layer = {
    attention: headAttention(heads),
    feedForward: { kind: 'dense', intermediateSize: reader.whole('n_inner'), matrices: 3 },
    otherParameters: 4 * hiddenSize,
  }
  return encoder({
    hiddenSize,
    vocabularySize,
    layers: Array.from({ length: layers }, () => layer),
    otherParameters: types * hiddenSize + 2 * hiddenSize,
    maxContextTokens,
  })
}

function encoder(input: {
  hiddenSize: number
  vocabularySize: number
  layers: readonly Layer[]
  otherParameters: number
  maxContextTokens: number | undefined
}) {
  return {
    hiddenSize: input.hiddenSize,
    vocabularySize: input.vocabularySize,
    tiedEmbeddings: true,
    generative: false,
    layerGroups: groupLayers(input.layers),
    otherParameters: input.otherParameters,
    encoderParameters: 0,
    draftParameters: 0,
    maxContextTokens: input.maxContextTokens,
    publishedParameters: undefined,
  }
}

const roberta = bertFamily({ types: 1, pooler: true })

export const encoderFamilies: Readonly<Record<string, FamilyBuilder>> = {
  bert: bertFamily({ types: 2, pooler: true }),
  roberta,
  'xlm-roberta': roberta,
  camembert: roberta,
  mpnet: bertFamily({ types: 0, pooler: true, relative: true }),
  modernbert,
  nomic_bert: nomic,
}
