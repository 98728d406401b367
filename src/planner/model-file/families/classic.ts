import type { ConfigReader } from '../config-reader.ts'
import { decoderFamily, type FamilyBuilder } from '../decoder.ts'
import { windowEverywhere } from '../layer-patterns.ts'

/** Decoders in the older style: norms with a bias, mostly plain MLPs with biases. */

const attentionBias = { key: 'attention_bias', fallback: false } as const
const mlpBias = { key: 'mlp_bias', fallback: false } as const
const gated = 3 as const
const plain = 2 as const

const phi = decoderFamily({
  tied: false,
  norms: 1,
  normBias: true,
  matrices: plain,
  queryKeyValueBias: true,
  outputBias: true,
  mlpBias: true,
  headBias: true,
  queryKeyNorm: (reader) => unsupportedWhen(reader, 'qk_layernorm'),
})

const starcoder2Bias = { key: 'use_bias', fallback: true } as const
const starcoder2 = decoderFamily({
  tied: true,
  norms: 2,
  normBias: true,
  matrices: plain,
  queryKeyValueBias: starcoder2Bias,
  outputBias: starcoder2Bias,
  mlpBias: starcoder2Bias,
  windows: windowEverywhere(undefined),
})

const stablelm = decoderFamily({
  tied: false,
  norms: (reader) => (reader.flag('use_parallel_residual', false) ? 1 : 2),
  normBias: true,
  matrices: gated,
  queryKeyValueBias: { key: 'use_qkv_bias', fallback: false },
  queryKeyNorm: (reader) => unsupportedWhen(reader, 'qk_layernorm'),
})

const gpt2 = decoderFamily({
  tied: true,
  norms: 2,
  normBias: true,
  matrices: plain,
  queryKeyValueBias: true,
  outputBias: true,
  mlpBias: true,
  intermediateSize: (reader, hiddenSize) =>
    reader.whole(['n_inner', 'intermediate_size'], { fallback: 4 * hiddenSize }),
  outside: (reader, hiddenSize) => reader.whole(['n_positions', 'max_position_embeddings']) * hiddenSize,
})

const gptNeoX = decoderFamily({
  tied: false,
  norms: 2,
  normBias: true,
  matrices: plain,
  queryKeyValueBias: { key: 'attention_bias', fallback: true },
  outputBias: { key: 'attention_bias', fallback: true },
  mlpBias: true,
})

/** OPT's table of positions starts at 2. */
const optPositionOffset = 2
const opt = decoderFamily({
  tied: true,
  norms: 2,
  normBias: true,
  matrices: plain,
  queryKeyValueBias: { key: 'enable_bias', fallback: true },
  outputBias: { key: 'enable_bias', fallback: true },
  mlpBias: { key: 'enable_bias', fallback: true },
  intermediateSize: (reader) => reader.whole('ffn_dim'),
  outside: (reader, hiddenSize) => {
    const projected = reader.optionalWhole('word_embed_proj_dim')
    if (projected !== undefined && projected !== hiddenSize)
      reader.problem(
        'word_embed_proj_dim',
        'an embedding of another width than the hidden size is not understood',
      )
    if (!reader.flag('do_layer_norm_before', true))
      reader.problem('do_layer_norm_before', 'false (norms after the layers) is not understood')
    return (reader.whole('max_position_embeddings') + optPositionOffset) * hiddenSize
  },
})

const bloom = decoderFamily({
  tied: true,
  norms: 2,
  normBias: true,
  matrices: plain,
  queryKeyValueBias: true,
  outputBias: true,
  mlpBias: true,
  intermediateSize: (reader, hiddenSize) => reader.whole('n_inner', { fallback: 4 * hiddenSize }),
  outside: (_reader, hiddenSize) => 2 * hiddenSize, // norm of the word embeddings
})

const falcon = decoderFamily({
  tied: true,
  norms: (reader) => {
    const isNew = reader.flag('new_decoder_architecture', false)
    const parallelNorms = reader.optionalWhole('num_ln_in_parallel_attn')
    if (isNew) return parallelNorms ?? 2
    return reader.flag('parallel_attn', true) ? 1 : 2
  },
  normBias: true,
  matrices: plain,
  queryKeyValueBias: { key: 'bias', fallback: false },
  outputBias: { key: 'bias', fallback: false },
  mlpBias: { key: 'bias', fallback: false },
  kvHeads: (reader, queryHeads) => {
    if (reader.flag('new_decoder_architecture', false))
      return reader.whole('num_kv_heads', { fallback: queryHeads })
    reader.ignore('num_kv_heads')
    return reader.flag('multi_query', true) ? 1 : queryHeads
  },
  intermediateSize: (reader, hiddenSize) => reader.whole('ffn_hidden_size', { fallback: 4 * hiddenSize }),
})

const nemotron = decoderFamily({
  tied: false,
  norms: 2,
  normBias: true,
  matrices: plain,
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
  mlpBias,
})

/** A norm whose shape differs from the other families': named instead of counted wrongly. */
function unsupportedWhen(reader: ConfigReader, key: string): undefined {
  if (reader.flag(key, false)) reader.problem(key, 'true is not understood for this family')
  return undefined
}

export const classicFamilies: Readonly<Record<string, FamilyBuilder>> = {
  phi,
  starcoder2,
  stablelm,
  gpt2,
  gpt_neox: gptNeoX,
  opt,
  bloom,
  falcon,
  nemotron,
}
