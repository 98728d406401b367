import { decoderFamily, type FamilyBuilder } from '../decoder.ts'
import { windowBetween, windowEverywhere, windowWhenUsed } from '../layer-patterns.ts'

/**
 * Decoders of softmax attention and dense MLPs. Each entry says what its transformers class does:
 * defaults of absent keys, biases, norms, and which layers see a window only.
 */

const attentionBias = { key: 'attention_bias', fallback: false } as const
const mlpBias = { key: 'mlp_bias', fallback: false } as const
const gated = 3 as const
const plain = 2 as const

const llama = decoderFamily({
  tied: false,
  norms: 2,
  matrices: gated,
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
  mlpBias,
})

const mistral = decoderFamily({ tied: false, norms: 2, matrices: gated, windows: windowEverywhere(4_096) })

const qwen2 = decoderFamily({
  tied: false,
  norms: 2,
  matrices: gated,
  queryKeyValueBias: true,
  windows: windowWhenUsed,
})

const qwen3 = decoderFamily({
  tied: false,
  norms: 2,
  matrices: gated,
  headDimension: 128,
  queryKeyNorm: 'head',
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
  windows: windowWhenUsed,
})

const gemma = decoderFamily({
  tied: true,
  norms: 2,
  matrices: gated,
  headDimension: 256,
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
})

const gemma2 = decoderFamily({
  tied: true,
  norms: 4,
  matrices: gated,
  headDimension: 256,
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
  windows: windowBetween({ period: 2, windowTokens: 4_096 }),
})

// Published Gemma 3 configurations leave the number of heads and the vocabulary to the class.
const gemma3 = decoderFamily({
  tied: true,
  norms: 4,
  matrices: gated,
  headDimension: 256,
  defaults: { queryHeads: 8, kvHeads: 4, vocabularySize: 262_208 },
  queryKeyNorm: 'head',
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
  windows: windowBetween({
    period: 6,
    windowTokens: 4_096,
    periodKeys: ['sliding_window_pattern', '_sliding_window_pattern'],
  }),
})

const phi3 = decoderFamily({ tied: false, norms: 2, matrices: gated, windows: windowEverywhere(undefined) })

const granite = llama

const olmo = decoderFamily({
  tied: false,
  norms: 0,
  finalNorms: 0,
  matrices: gated,
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
})

const olmo2 = decoderFamily({
  tied: false,
  norms: 2,
  matrices: gated,
  queryKeyNorm: 'width',
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
})

const olmo3 = decoderFamily({
  tied: false,
  norms: 2,
  matrices: gated,
  queryKeyNorm: 'width',
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
  windows: windowBetween({ period: 4, windowTokens: 4_096 }),
})

const cohere = decoderFamily({
  tied: true,
  norms: 1,
  matrices: gated,
  queryKeyNorm: (reader) => (reader.flag('use_qk_norm', false) ? 'width' : undefined),
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
})

const cohere2 = decoderFamily({
  tied: true,
  norms: 1,
  matrices: gated,
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
  windows: windowBetween({
    period: 4,
    windowTokens: 4_096,
    periodKeys: ['sliding_window_pattern', '_sliding_window_pattern'],
  }),
})

const internlm2 = decoderFamily({
  tied: false,
  norms: 2,
  matrices: gated,
  queryKeyValueBias: { key: 'bias', fallback: false },
  outputBias: { key: 'bias', fallback: false },
})

const internlm3 = decoderFamily({
  tied: false,
  norms: 2,
  matrices: gated,
  queryKeyValueBias: { key: 'qkv_bias', fallback: false },
  outputBias: { key: 'bias', fallback: false },
  mlpBias: { key: 'bias', fallback: false },
})

const exaone = decoderFamily({ tied: true, norms: 2, matrices: gated })

const minicpm = decoderFamily({
  tied: true,
  norms: 2,
  matrices: gated,
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
})

/** Qwen 2 with a multi-token-prediction layer. */
const mimo = decoderFamily({
  tied: false,
  norms: 2,
  matrices: gated,
  queryKeyValueBias: { key: 'attention_bias', fallback: true },
  windows: windowWhenUsed,
  draftLayers: (reader) => reader.optionalWhole('num_nextn_predict_layers', { least: 0 }) ?? 0,
})

const exaone4 = decoderFamily({
  tied: false,
  norms: 2,
  matrices: gated,
  queryKeyNorm: 'head',
  windows: windowBetween({ period: 4, windowTokens: 4_096, periodKeys: ['sliding_window_pattern'] }),
})

const smollm3 = decoderFamily({
  tied: true,
  norms: 2,
  matrices: gated,
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
  mlpBias,
  windows: windowWhenUsed,
})

const glm = decoderFamily({
  tied: false,
  norms: 2,
  matrices: gated,
  headDimension: 128,
  queryKeyValueBias: attentionBias,
})

const glm4 = decoderFamily({
  tied: false,
  norms: 4,
  matrices: gated,
  headDimension: 128,
  queryKeyValueBias: attentionBias,
})

const seedOss = decoderFamily({
  tied: false,
  norms: 2,
  matrices: gated,
  headDimension: 128,
  queryKeyValueBias: { key: 'attention_bias', fallback: true },
  outputBias: { key: 'attention_out_bias', fallback: false },
  mlpBias,
})

/** Apertus' activation xIELU learns two numbers per layer. */
const activationParameters = 2
const apertus = decoderFamily({
  tied: false,
  norms: 2,
  matrices: plain,
  queryKeyNorm: 'head',
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
  perLayer: () => activationParameters,
})

const hunyuanDense = decoderFamily({
  tied: false,
  norms: 2,
  matrices: gated,
  queryKeyNorm: 'head',
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
})

const ernieBias = { key: 'use_bias', fallback: false } as const
const ernie = decoderFamily({
  tied: true,
  norms: 2,
  matrices: gated,
  queryKeyValueBias: ernieBias,
  outputBias: ernieBias,
  mlpBias: ernieBias,
})

export const denseFamilies: Readonly<Record<string, FamilyBuilder>> = {
  llama,
  mistral,
  ministral: mistral,
  ministral3: decoderFamily({ tied: false, norms: 2, matrices: gated, windows: windowEverywhere(undefined) }),
  qwen2,
  qwen2_vl_text: qwen2,
  qwen2_5_vl_text: qwen2,
  qwen3,
  qwen3_vl_text: qwen3,
  gemma,
  gemma2,
  gemma3_text: gemma3,
  phi3,
  granite,
  olmo,
  olmo2,
  olmo3,
  cohere,
  cohere2,
  internlm2,
  internlm3,
  mimo,
  minicpm,
  exaone,
  exaone4,
  smollm3,
  glm,
  glm4,
  seed_oss: seedOss,
  apertus,
  hunyuan_v1_dense: hunyuanDense,
  ernie4_5: ernie,
}
