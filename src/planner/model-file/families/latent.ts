import type { LatentAttention, RecurrentAttention } from '../../../estimators/architecture.ts'
import { type ConfigReader, mostContextTokens } from '../config-reader.ts'
import {
  draftParameters,
  type FamilyBuilder,
  groupLayers,
  type Layer,
  type LayerFeed,
  readBasics,
} from '../decoder.ts'
import { deepseekFeeds, type Feeds } from '../expert-feeds.ts'
import { kimiDeltaMixer } from '../mixers.ts'

/** Multi-head latent attention (DeepSeek-V2, arXiv:2405.04434) and its kin. */

interface LatentParts {
  readonly attention: LatentAttention
  /** Norms, biases and the indexer, per layer. */
  readonly extras: number
}

function readLatent(reader: ConfigReader, hiddenSize: number): LatentParts {
  const queryHeads = reader.whole('num_attention_heads')
  const kvLoraRank = reader.whole('kv_lora_rank')
  const ropeHeadDimension = reader.whole('qk_rope_head_dim')
  const nopeHeadDimension = reader.whole('qk_nope_head_dim')
  const valueHeadDimension = reader.whole('v_head_dim')
  // Present and null in V2-Lite: queries are not compressed. Absent would be a guess either way.
  const queryLoraRank = reader.isNull('q_lora_rank') ? undefined : reader.whole('q_lora_rank')
  reader.ignore('head_dim', 'qk_head_dim', 'num_key_value_heads')
  const bias = reader.flag('attention_bias', false)
  const biases = bias ? (queryLoraRank ?? 0) + kvLoraRank + ropeHeadDimension + hiddenSize : 0
  const indexer = readIndexer(reader, { hiddenSize, queryLoraRank })
  return {
    attention: {
      kind: 'latent',
      queryHeads,
      kvLoraRank,
      ropeHeadDimension,
      nopeHeadDimension,
      valueHeadDimension,
      ...(queryLoraRank === undefined ? {} : { queryLoraRank }),
      ...(indexer === undefined ? {} : { indexerElementsPerToken: indexer.elementsPerToken }),
    },
    extras: kvLoraRank + (queryLoraRank ?? 0) + biases + (indexer?.parameters ?? 0),
  }
}

/** Lightning indexer of DeepSeek-V3.2: one key per token, its norm, queries from the compressed query, weights per head. */
function readIndexer(
  reader: ConfigReader,
  input: { hiddenSize: number; queryLoraRank: number | undefined },
): { elementsPerToken: number; parameters: number } | undefined {
  reader.ignore('index_topk')
  if (!reader.has('index_head_dim') && !reader.has('index_n_heads')) return undefined
  const dimension = reader.whole('index_head_dim')
  const heads = reader.whole('index_n_heads')
  if (input.queryLoraRank === undefined)
    reader.problem('index_n_heads', 'an indexer without compressed queries (q_lora_rank) is not understood')
  for (const key of ['index_topk_pattern', 'indexer_types'])
    if (reader.has(key)) reader.problem(key, 'layers that share an indexer are not understood')
  if ((reader.optionalWhole('index_topk_freq', { least: 0 }) ?? 1) > 1)
    reader.problem('index_topk_freq', 'layers that share an indexer are not understood')
  const queries = (input.queryLoraRank ?? 0) * heads * dimension
  return {
    elementsPerToken: dimension,
    parameters: queries + input.hiddenSize * dimension + 2 * dimension + input.hiddenSize * heads,
  }
}

function latentFamily(input: {
  feeds: Feeds
  /** Layers with another mixer than latent attention. */
  mixers?: (
    reader: ConfigReader,
    basics: { hiddenSize: number; layers: number },
  ) => (RecurrentAttention | undefined)[]
  tied?: boolean
}): FamilyBuilder {
  return (reader) => {
    const { hiddenSize, layers, vocabularySize, maxContextTokens } = readBasics(reader)
    const tiedEmbeddings = reader.flag('tie_word_embeddings', input.tied ?? false)
    const latent = readLatent(reader, hiddenSize)
    const feeds = input.feeds({ reader, hiddenSize, layers })
    const mixers = input.mixers?.(reader, { hiddenSize, layers }) ?? []
    const built = feeds.map((feed, index): Layer => {
      const mixer = mixers[index]
      return {
        attention: mixer ?? latent.attention,
        feedForward: feed.feedForward,
        otherParameters: 2 * hiddenSize + (mixer === undefined ? latent.extras : 0) + feed.otherParameters,
      }
    })
    const modules = reader.optionalWhole('num_nextn_predict_layers', { least: 0 }) ?? 0
    return {
      hiddenSize,
      vocabularySize,
      tiedEmbeddings,
      generative: true,
      layerGroups: groupLayers(built),
      otherParameters: hiddenSize,
      encoderParameters: 0,
      draftParameters: draftParameters({ last: built.at(-1), hiddenSize, modules }),
      maxContextTokens:
        maxContextTokens ?? reader.optionalWhole('model_max_length', { most: mostContextTokens }),
      publishedParameters: undefined,
    }
  }
}

/** The correction per expert comes with the routing method `noaux_tc`. */
const correctsRouting = (fallback: boolean) => (reader: ConfigReader) => {
  const method = reader.text('topk_method')
  return method === undefined ? fallback : method === 'noaux_tc'
}

const deepseekV2 = latentFamily({
  feeds: deepseekFeeds({ routerBias: correctsRouting(false), denseFallback: 0 }),
})
const deepseekV3 = latentFamily({ feeds: deepseekFeeds({ routerBias: correctsRouting(true) }) })
const glmMoe = latentFamily({ feeds: deepseekFeeds({ routerBias: true, denseFallback: 1 }) })
const glmMoeSparse = latentFamily({ feeds: deepseekFeeds({ routerBias: true, denseFallback: 3 }) })

const minicpm3 = latentFamily({
  tied: true,
  feeds: ({ reader, layers }) => {
    const feed: LayerFeed = {
      feedForward: { kind: 'dense', intermediateSize: reader.whole('intermediate_size'), matrices: 3 },
      otherParameters: 0,
    }
    return Array.from({ length: layers }, () => feed)
  },
})

const kimiLinear = latentFamily({
  feeds: deepseekFeeds({ routerBias: true, denseFallback: 0 }),
  mixers: (reader, { hiddenSize, layers }) => {
    const linear = reader.child('linear_attn_config')
    if (linear === undefined) {
      if (!reader.has('linear_attn_config')) reader.problem('linear_attn_config', 'is missing')
      return []
    }
    const mixer = kimiDeltaMixer({
      hiddenSize,
      heads: linear.whole('num_heads'),
      headDimension: linear.whole('head_dim'),
      convolutionKernel: linear.whole('short_conv_kernel_size'),
    })
    // Both lists count layers from 1, and together must name each layer once.
    const delta = new Set(linear.indices('kda_layers') ?? [])
    const full = new Set(linear.indices('full_attn_layers') ?? [])
    const numbers = Array.from({ length: layers }, (_, index) => index + 1)
    const unclear = numbers.filter((number) => delta.has(number) === full.has(number))
    if (unclear.length > 0)
      linear.problem('kda_layers', `with full_attn_layers does not say what layer ${unclear[0]} is`)
    return numbers.map((number) => (delta.has(number) ? mixer : undefined))
  },
})

export const latentFamilies: Readonly<Record<string, FamilyBuilder>> = {
  deepseek_v2: deepseekV2,
  deepseek_v3: deepseekV3,
  deepseek_v32: deepseekV3,
  kimi_k2: deepseekV3,
  glm4_moe_lite: glmMoe,
  glm_moe_dsa: glmMoeSparse,
  minicpm3,
  kimi_linear: kimiLinear,
}
