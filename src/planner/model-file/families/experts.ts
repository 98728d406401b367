import type { ConfigReader } from '../config-reader.ts'
import { decoderFamily, type FamilyBuilder } from '../decoder.ts'
import {
  deepseekFeeds,
  expertFeed,
  expertsEverywhere,
  layersOf,
  qwenFeeds,
  readExperts,
} from '../expert-feeds.ts'
import { windowBetween, windowEverywhere, windowsFromTypes, windowWhenUsed } from '../layer-patterns.ts'

/** Decoders of softmax attention with experts in some or all layers. */

const attentionBias = { key: 'attention_bias', fallback: false } as const

const draftModules = (reader: ConfigReader): number =>
  reader.optionalWhole('num_nextn_predict_layers', { least: 0 }) ?? 0

const mixtral = decoderFamily({
  tied: false,
  norms: 2,
  matrices: 3,
  windows: windowEverywhere(undefined),
  feeds: expertsEverywhere('intermediate_size'),
})

const qwen2Moe = decoderFamily({
  tied: false,
  norms: 2,
  matrices: 3,
  queryKeyValueBias: { key: 'qkv_bias', fallback: true },
  windows: windowWhenUsed,
  feeds: qwenFeeds({ shared: true }),
})

const qwen3Moe = decoderFamily({
  tied: false,
  norms: 2,
  matrices: 3,
  queryKeyNorm: 'head',
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
  windows: windowWhenUsed,
  feeds: qwenFeeds({ shared: false }),
})

const gptOss = decoderFamily({
  tied: false,
  norms: 2,
  matrices: 3,
  headDimension: 64,
  queryKeyValueBias: { key: 'attention_bias', fallback: true },
  outputBias: { key: 'attention_bias', fallback: true },
  windows: windowBetween({ period: 2, windowTokens: 128 }),
  perLayer: (_reader, { queryHeads }) => queryHeads, // attention sinks
  // Biases of the router and of the experts' three matrices.
  feeds: expertsEverywhere(
    'intermediate_size',
    (_reader, { experts, width, hiddenSize }) => experts + experts * (2 * width + hiddenSize),
  ),
})

const glm4Moe = decoderFamily({
  tied: false,
  norms: 2,
  matrices: 3,
  headDimension: 128,
  queryKeyNorm: (reader) => (reader.flag('use_qk_norm', false) ? 'head' : undefined),
  queryKeyValueBias: attentionBias,
  feeds: deepseekFeeds({ routerBias: true, denseFallback: 1 }),
  draftLayers: draftModules,
})

const dots1 = decoderFamily({
  tied: false,
  norms: 2,
  matrices: 3,
  queryKeyNorm: 'head',
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
  windows: (reader, layers) =>
    windowsFromTypes({
      reader,
      layers,
      windowTokens: reader.optionalWhole('sliding_window'),
      fallback: () => false,
    }),
  feeds: deepseekFeeds({ routerBias: true }),
})

const deepseekMoe = decoderFamily({
  tied: false,
  norms: 2,
  matrices: 3,
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
  feeds: deepseekFeeds({ routerBias: false }),
})

const bailing = (isSecond: boolean) =>
  decoderFamily({
    tied: false,
    norms: 2,
    matrices: 3,
    queryKeyNorm: (reader) => (reader.flag('use_qk_norm', isSecond) ? 'head' : undefined),
    queryKeyValueBias: { key: 'use_qkv_bias', fallback: false },
    outputBias: { key: 'use_bias', fallback: false },
    feeds: deepseekFeeds({
      routerBias: (reader) => reader.flag('moe_router_enable_expert_bias', isSecond),
      denseFallback: 0,
      shared: (reader, expertWidth) =>
        (reader.optionalWhole('num_shared_experts', { least: 0 }) ?? 0) *
        (reader.optionalWhole('moe_shared_expert_intermediate_size') ?? expertWidth),
    }),
    draftLayers: draftModules,
  })

const minimaxM2 = decoderFamily({
  tied: false,
  norms: 2,
  matrices: 3,
  queryKeyNorm: (reader) => (reader.flag('use_qk_norm', true) ? 'width' : undefined),
  // Its list of attention types says "softmax" for every layer, left over from MiniMax-01.
  windows: (reader, layers) => {
    reader.perLayer({
      key: 'attn_type_list',
      layers,
      expected: '1',
      entry: (value) => (value === 1 ? value : undefined),
    })
    return []
  },
  feeds: expertsEverywhere('intermediate_size', (reader, { experts }) =>
    reader.flag('use_routing_bias', true) ? experts : 0,
  ),
})

const phimoe = decoderFamily({
  tied: false,
  norms: 2,
  normBias: true,
  matrices: 3,
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
  headBias: { key: 'lm_head_bias', fallback: false },
  windows: windowEverywhere(undefined),
  feeds: expertsEverywhere('intermediate_size'),
})

const granitemoe = decoderFamily({
  tied: false,
  norms: 2,
  matrices: 3,
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
  feeds: expertsEverywhere('intermediate_size'),
})

const olmoe = decoderFamily({
  tied: false,
  norms: 2,
  matrices: 3,
  queryKeyNorm: 'width',
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
  feeds: expertsEverywhere('intermediate_size'),
})

const ernieBias = { key: 'use_bias', fallback: false } as const
const ernieMoe = decoderFamily({
  tied: true,
  norms: 2,
  matrices: 3,
  queryKeyValueBias: ernieBias,
  outputBias: ernieBias,
  feeds: ({ reader, hiddenSize, layers }) => {
    const numbers = readExperts(reader)
    const shared = reader.whole('moe_num_shared_experts', { least: 0, fallback: 0 })
    const start = reader.whole('moe_layer_start_index', { least: 0, fallback: 1 })
    const end = reader.whole('moe_layer_end_index', { least: -1, fallback: -1 })
    const interval = reader.whole('moe_layer_interval', { fallback: 1 })
    const last = end === -1 ? layers - 1 : end
    const sparse = expertFeed({
      hiddenSize,
      ...numbers,
      sharedIntermediateSize: shared * numbers.expertIntermediateSize,
      beside: numbers.experts, // correction per expert
    })
    const hasExperts = (index: number) => (index + 1) % interval === 0 && index >= start && index <= last
    return layersOf({ reader, hiddenSize, layers, hasExperts, sparse })
  },
})

const llama4 = decoderFamily({
  tied: false,
  norms: 2,
  matrices: 3,
  headDimension: 128,
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
  windows: (reader, layers) => {
    const windowTokens = reader.isNull('attention_chunk_size')
      ? undefined
      : reader.whole('attention_chunk_size', { fallback: 8_192 })
    const interval = reader.whole('no_rope_layer_interval', { fallback: 4 })
    // An empty list means the default, as in transformers. 1 marks a layer with rotary positions, which sees a chunk.
    const given = reader.raw('no_rope_layers')
    const isEmpty = Array.isArray(given?.value) && given.value.length === 0
    const rope = isEmpty
      ? undefined
      : reader.perLayer({
          key: 'no_rope_layers',
          layers,
          expected: '0 or 1',
          entry: (value) => (value === 1 ? true : value === 0 ? false : undefined),
        })
    const fallback = (index: number) =>
      windowTokens !== undefined && (rope?.[index] ?? (index + 1) % interval !== 0)
    return windowsFromTypes({ reader, layers, windowTokens, fallback })
  },
  feeds: ({ reader, hiddenSize, layers }) => {
    const numbers = readExperts(reader, 'intermediate_size')
    const listed = reader.indices('moe_layers')
    const step = reader.whole('interleave_moe_layer_step', { fallback: 1 })
    const chosen = listed === undefined ? undefined : new Set(listed)
    const hasExperts = (index: number) => chosen?.has(index) ?? (index + 1) % step === 0
    const sparse = expertFeed({
      hiddenSize,
      ...numbers,
      sharedIntermediateSize: numbers.expertIntermediateSize,
    })
    return layersOf({
      reader,
      hiddenSize,
      layers,
      hasExperts,
      sparse,
      intermediateSize: 'intermediate_size_mlp',
    })
  },
})

const hunyuanMoe = decoderFamily({
  tied: false,
  norms: 2,
  matrices: 3,
  queryKeyNorm: 'head',
  queryKeyValueBias: attentionBias,
  outputBias: attentionBias,
  feeds: ({ reader, hiddenSize, layers }) => {
    if (reader.flag('use_cla', false))
      reader.problem('use_cla', 'attention shared across layers is not understood')
    const experts = everyLayer(reader, 'num_experts')
    const expertsPerToken = everyLayer(reader, 'moe_topk')
    const expertIntermediateSize = reader.has('moe_intermediate_size')
      ? everyLayer(reader, 'moe_intermediate_size')
      : reader.whole('intermediate_size')
    const shared = reader.flag('use_mixed_mlp_moe', true) ? everyLayer(reader, 'num_shared_expert') : 0
    reader.ignore('intermediate_size')
    const sparse = expertFeed({
      hiddenSize,
      experts,
      expertsPerToken,
      expertIntermediateSize,
      sharedIntermediateSize: shared * expertIntermediateSize,
    })
    return Array.from({ length: layers }, () => sparse)
  },
})

/** A number, or a list with the same number for every layer. */
function everyLayer(reader: ConfigReader, key: string): number {
  const found = reader.raw(key)
  if (!Array.isArray(found?.value)) return reader.whole(key)
  const values = new Set(found.value as readonly unknown[])
  const [value] = values
  if (values.size === 1 && typeof value === 'number' && Number.isInteger(value) && value > 0) return value
  reader.problem(key, 'must be the same whole number for every layer: other lists are not understood')
  return 1
}

export const expertFamilies: Readonly<Record<string, FamilyBuilder>> = {
  mixtral,
  qwen2_moe: qwen2Moe,
  qwen3_moe: qwen3Moe,
  qwen3_vl_moe_text: qwen3Moe,
  gpt_oss: gptOss,
  glm4_moe: glm4Moe,
  dots1,
  deepseek: deepseekMoe,
  bailing_moe: bailing(false),
  bailing_moe_v2: bailing(true),
  minimax_m2: minimaxM2,
  phimoe,
  granitemoe,
  olmoe,
  ernie4_5_moe: ernieMoe,
  llama4_text: llama4,
  hunyuan_v1_moe: hunyuanMoe,
  hunyuan: hunyuanMoe,
}
