import type { ExpertFeedForward } from '../../estimators/architecture.ts'
import type { ConfigReader } from './config-reader.ts'
import { denseFeed, type LayerFeed } from './decoder.ts'

/** Feed-forward parts with experts. Routers and their biases are counted beside the matrices. */

export interface ExpertNumbers {
  readonly hiddenSize: number
  readonly experts: number
  readonly expertsPerToken: number
  readonly expertIntermediateSize: number
  readonly sharedIntermediateSize?: number
  readonly matrices?: number
  /** Parameters beside the matrices and the router's: its bias, a gate on the shared expert. */
  readonly beside?: number
}

export function expertFeed(input: ExpertNumbers): LayerFeed {
  const feedForward: ExpertFeedForward = {
    kind: 'experts',
    experts: input.experts,
    expertsPerToken: input.expertsPerToken,
    expertIntermediateSize: input.expertIntermediateSize,
    sharedIntermediateSize: input.sharedIntermediateSize ?? 0,
    parallelDenseIntermediateSize: 0,
    matrices: input.matrices ?? 3,
  }
  return { feedForward, otherParameters: input.hiddenSize * input.experts + (input.beside ?? 0) }
}

const expertsKey = ['num_experts', 'num_local_experts', 'n_routed_experts', 'moe_num_experts'] as const
const perTokenKey = ['num_experts_per_tok', 'num_experts_per_token', 'moe_k', 'moe_topk'] as const

export function readExperts(
  reader: ConfigReader,
  width: string | readonly string[] = 'moe_intermediate_size',
) {
  const experts = reader.whole(expertsKey)
  const expertsPerToken = reader.whole(perTokenKey)
  if (expertsPerToken > experts)
    reader.problem(
      'num_experts_per_tok',
      `${expertsPerToken} experts per token are more than the ${experts} there are`,
    )
  return { experts, expertsPerToken, expertIntermediateSize: reader.whole(width) }
}

export type Feeds = (input: { reader: ConfigReader; hiddenSize: number; layers: number }) => LayerFeed[]

/** Experts in every layer. */
export function expertsEverywhere(
  width: string,
  beside?: (reader: ConfigReader, numbers: { experts: number; width: number; hiddenSize: number }) => number,
): Feeds {
  return ({ reader, hiddenSize, layers }) => {
    const numbers = readExperts(reader, width)
    const more =
      beside?.(reader, { experts: numbers.experts, width: numbers.expertIntermediateSize, hiddenSize }) ?? 0
    const feed = expertFeed({ hiddenSize, ...numbers, beside: more })
    return Array.from({ length: layers }, () => feed)
  }
}

/** Qwen: every `decoder_sparse_step`-th layer has experts, except those in `mlp_only_layers`. */
export function qwenFeeds(input: { shared: boolean }): Feeds {
  return ({ reader, hiddenSize, layers }) => {
    const step = reader.whole('decoder_sparse_step', { fallback: 1 })
    const dense = new Set(reader.indices('mlp_only_layers') ?? [])
    const hasExperts = (index: number) => !dense.has(index) && (index + 1) % step === 0
    const shared = input.shared ? reader.whole('shared_expert_intermediate_size') : undefined
    const sparse = expertFeed({
      hiddenSize,
      ...readExperts(reader),
      ...(shared === undefined ? {} : { sharedIntermediateSize: shared, beside: hiddenSize }),
    })
    return layersOf({ reader, hiddenSize, layers, hasExperts, sparse })
  }
}

/** Some layers have experts and the others a dense MLP of `intermediate_size`, which must then be there. */
export function layersOf(input: {
  reader: ConfigReader
  hiddenSize: number
  layers: number
  hasExperts: (index: number) => boolean
  sparse: LayerFeed
  intermediateSize?: string
}): LayerFeed[] {
  const isSparse = Array.from({ length: input.layers }, (_, index) => input.hasExperts(index))
  const key = input.intermediateSize ?? 'intermediate_size'
  const dense = isSparse.includes(false)
    ? denseFeed({ hiddenSize: input.hiddenSize, intermediateSize: input.reader.whole(key), matrices: 3 })
    : input.sparse
  input.reader.ignore(key)
  return isSparse.map((sparse) => (sparse ? input.sparse : dense))
}

/** DeepSeek and its kin: dense first layers, then experts in every layer, some always active. */
export function deepseekFeeds(input: {
  /** The router learns a correction per expert. */
  routerBias: boolean | ((reader: ConfigReader) => boolean)
  shared?: (reader: ConfigReader, expertWidth: number) => number
  denseFallback?: number
}): Feeds {
  return ({ reader, hiddenSize, layers }) => {
    const first = reader.whole('first_k_dense_replace', {
      least: 0,
      ...(input.denseFallback === undefined ? {} : { fallback: input.denseFallback }),
    })
    const frequency = reader.whole('moe_layer_freq', { fallback: 1 })
    const numbers = readExperts(reader)
    const routerBias = typeof input.routerBias === 'boolean' ? input.routerBias : input.routerBias(reader)
    const sharedIntermediateSize =
      input.shared?.(reader, numbers.expertIntermediateSize) ??
      (reader.optionalWhole(['n_shared_experts', 'num_shared_experts'], { least: 0 }) ?? 0) *
        numbers.expertIntermediateSize
    const sparse = expertFeed({
      hiddenSize,
      ...numbers,
      sharedIntermediateSize,
      beside: routerBias ? numbers.experts : 0,
    })
    const types = reader.perLayer({
      key: 'mlp_layer_types',
      layers,
      expected: 'dense, sparse',
      entry: (value) => (value === 'sparse' ? true : value === 'dense' ? false : undefined),
    })
    const hasExperts = (index: number) => types?.[index] ?? (index >= first && index % frequency === 0)
    return layersOf({ reader, hiddenSize, layers, hasExperts, sparse })
  }
}
