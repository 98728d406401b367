import type {
  Attention,
  FeedForward,
  HeadAttention,
  LayerGroup,
  ModelArchitecture,
} from '../../estimators/architecture.ts'
import { attentionParameters, feedForwardParameters } from '../../estimators/memory/parameters.ts'
import { type ConfigReader, mostContextTokens } from './config-reader.ts'

/** One layer as its family builds it; equal layers become a group. */
export interface Layer {
  readonly attention: Attention
  readonly feedForward: FeedForward
  readonly otherParameters: number
}

/** A feed-forward part with the parameters beside its matrices (biases, router). */
export interface LayerFeed {
  readonly feedForward: FeedForward
  readonly otherParameters: number
}

/** Equal layers together, in order of first appearance. */
export function groupLayers(layers: readonly Layer[]): LayerGroup[] {
  const groups = new Map<string, { layer: Layer; count: number }>()
  for (const layer of layers) {
    const key = JSON.stringify(layer)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { layer, count: 1 })
    else group.count += 1
  }
  return [...groups.values()].map(({ layer, count }) => ({ layers: count, ...layer }))
}

/** Builds the architecture of one family from its configuration. */
export type FamilyBuilder = (reader: ConfigReader) => ModelArchitecture

/** A bias that the family always or never has, or that a key decides, with the configuration class's default. */
type Bias = boolean | { readonly key: string; readonly fallback: boolean }

/** What sets one family of softmax-attention decoders apart. Sizes and defaults as in its transformers classes. */
export interface DecoderTraits {
  /** Default of `tie_word_embeddings`. */
  readonly tied: boolean
  /** Default of `head_dim`; without it the hidden size over the heads. */
  readonly headDimension?: number
  /** Values that configurations of this family leave to the class. */
  readonly defaults?: {
    readonly queryHeads?: number
    readonly kvHeads?: number
    readonly vocabularySize?: number
  }
  /** Norms of the hidden size per layer, and whether they carry a bias. */
  readonly norms: number | ((reader: ConfigReader) => number)
  readonly normBias?: boolean
  /** Norm after the last layer: 1, or 0 in OLMo. */
  readonly finalNorms?: number
  /** A norm on queries and keys: one per head size, or over all heads. */
  readonly queryKeyNorm?: 'head' | 'width' | ((reader: ConfigReader) => 'head' | 'width' | undefined)
  readonly queryKeyValueBias?: Bias
  readonly outputBias?: Bias
  readonly mlpBias?: Bias
  readonly headBias?: Bias
  /** 3 for gated MLPs. */
  readonly matrices: 2 | 3
  /** Tokens of the window per layer; undefined in a layer that sees everything. */
  readonly windows?: (reader: ConfigReader, layers: number) => (number | undefined)[]
  /** Where not every layer is a dense MLP of `intermediate_size`. */
  readonly feeds?: (input: { reader: ConfigReader; hiddenSize: number; layers: number }) => LayerFeed[]
  readonly kvHeads?: (reader: ConfigReader, queryHeads: number) => number
  readonly intermediateSize?: (reader: ConfigReader, hiddenSize: number) => number
  /** Position tables and other parameters outside the layers. */
  readonly outside?: (reader: ConfigReader, hiddenSize: number) => number
  /** More parameters per layer (sinks, gates). */
  readonly perLayer?: (
    reader: ConfigReader,
    heads: { hiddenSize: number; queryHeads: number; width: number },
  ) => number
  /** Multi-token prediction, given one ordinary layer's parameters. */
  readonly draftLayers?: (reader: ConfigReader) => number
}

const layersKey = ['num_hidden_layers', 'num_layers', 'n_layer', 'n_layers'] as const
const hiddenKey = ['hidden_size', 'n_embd', 'd_model'] as const
const headsKey = ['num_attention_heads', 'n_head', 'n_heads'] as const

export interface Basics {
  readonly hiddenSize: number
  readonly layers: number
  readonly vocabularySize: number
  readonly maxContextTokens: number | undefined
}

export function readBasics(reader: ConfigReader, defaults: { vocabularySize?: number } = {}): Basics {
  const vocabulary = defaults.vocabularySize
  return {
    hiddenSize: reader.whole(hiddenKey),
    layers: reader.layers(layersKey),
    vocabularySize: reader.whole('vocab_size', vocabulary === undefined ? {} : { fallback: vocabulary }),
    maxContextTokens: reader.optionalWhole(
      ['max_position_embeddings', 'n_positions', 'max_sequence_length', 'max_seq_len', 'seq_length'],
      { most: mostContextTokens },
    ),
  }
}

export interface Heads {
  readonly queryHeads: number
  readonly kvHeads: number
  readonly headDimension: number
}

export function readHeads(
  reader: ConfigReader,
  input: {
    hiddenSize: number
    headDimension?: number
    queryHeads?: number
    kvHeads?: number
  },
): Heads {
  const queryHeads = reader.whole(
    headsKey,
    input.queryHeads === undefined ? {} : { fallback: input.queryHeads },
  )
  const kvHeads = reader.whole('num_key_value_heads', { fallback: input.kvHeads ?? queryHeads })
  if (queryHeads % kvHeads !== 0)
    reader.problem('num_key_value_heads', `${kvHeads} does not divide the ${queryHeads} attention heads`)
  const given = reader.optionalWhole('head_dim')
  if (given !== undefined) return { queryHeads, kvHeads, headDimension: given }
  if (input.headDimension !== undefined)
    return { queryHeads, kvHeads, headDimension: reader.whole('head_dim', { fallback: input.headDimension }) }
  if (input.hiddenSize % queryHeads !== 0 && !reader.hasProblems)
    reader.problem(
      'head_dim',
      `is missing, and ${queryHeads} heads do not divide the hidden size ${input.hiddenSize}`,
    )
  return { queryHeads, kvHeads, headDimension: Math.max(1, Math.floor(input.hiddenSize / queryHeads)) }
}

export function headAttention(heads: Heads, windowTokens?: number): HeadAttention {
  return windowTokens === undefined ? { kind: 'full', ...heads } : { kind: 'window', ...heads, windowTokens }
}

export function isBiased(reader: ConfigReader, bias: Bias | undefined): boolean {
  if (bias === undefined || typeof bias === 'boolean') return bias === true
  return reader.flag(bias.key, bias.fallback)
}

/** Norms and biases of one softmax-attention layer. */
export function attentionExtras(input: {
  heads: Heads
  hiddenSize: number
  queryKeyNorm?: 'head' | 'width' | undefined
  queryKeyValueBias: boolean
  outputBias: boolean
}): number {
  const { queryHeads, kvHeads, headDimension } = input.heads
  const norm =
    input.queryKeyNorm === 'head'
      ? 2 * headDimension
      : input.queryKeyNorm === 'width'
        ? (queryHeads + kvHeads) * headDimension
        : 0
  const biases = input.queryKeyValueBias ? (queryHeads + 2 * kvHeads) * headDimension : 0
  return norm + biases + (input.outputBias ? input.hiddenSize : 0)
}

export function denseFeed(input: {
  hiddenSize: number
  intermediateSize: number
  matrices: 2 | 3
  bias?: boolean
}): LayerFeed {
  const { hiddenSize, intermediateSize, matrices } = input
  return {
    feedForward: { kind: 'dense', intermediateSize, matrices },
    otherParameters: input.bias === true ? (matrices - 1) * intermediateSize + hiddenSize : 0,
  }
}

/** A family of decoders whose layers are softmax attention and a feed-forward part. */
export function decoderFamily(traits: DecoderTraits): FamilyBuilder {
  return (reader) => {
    const defaults = traits.defaults ?? {}
    const { hiddenSize, layers, vocabularySize, maxContextTokens } = readBasics(reader, defaults)
    const tiedEmbeddings = reader.flag('tie_word_embeddings', traits.tied)
    const read = readHeads(reader, {
      hiddenSize,
      ...(traits.headDimension === undefined ? {} : { headDimension: traits.headDimension }),
      ...(defaults.queryHeads === undefined ? {} : { queryHeads: defaults.queryHeads }),
      ...(defaults.kvHeads === undefined ? {} : { kvHeads: defaults.kvHeads }),
    })
    const heads =
      traits.kvHeads === undefined ? read : { ...read, kvHeads: traits.kvHeads(reader, read.queryHeads) }
    const windows = traits.windows?.(reader, layers) ?? []
    const norms = typeof traits.norms === 'number' ? traits.norms : traits.norms(reader)
    const normSize = traits.normBias === true ? 2 * hiddenSize : hiddenSize
    const norm = traits.queryKeyNorm
    const perLayer =
      norms * normSize +
      attentionExtras({
        heads,
        hiddenSize,
        queryKeyNorm: typeof norm === 'function' ? norm(reader) : norm,
        queryKeyValueBias: isBiased(reader, traits.queryKeyValueBias),
        outputBias: isBiased(reader, traits.outputBias),
      }) +
      (traits.perLayer?.(reader, {
        hiddenSize,
        queryHeads: heads.queryHeads,
        width: heads.queryHeads * heads.headDimension,
      }) ?? 0)
    const feeds = traits.feeds?.({ reader, hiddenSize, layers })
    const dense =
      feeds === undefined
        ? denseFeed({
            hiddenSize,
            intermediateSize:
              traits.intermediateSize?.(reader, hiddenSize) ?? reader.whole('intermediate_size'),
            matrices: traits.matrices,
            bias: isBiased(reader, traits.mlpBias),
          })
        : undefined
    const built = Array.from({ length: layers }, (_, index): Layer => {
      const feed = feeds?.[index] ?? dense ?? noFeed
      return {
        attention: headAttention(heads, windows[index]),
        feedForward: feed.feedForward,
        otherParameters: perLayer + feed.otherParameters,
      }
    })
    const head = isBiased(reader, traits.headBias) ? vocabularySize : 0
    return {
      hiddenSize,
      vocabularySize,
      tiedEmbeddings,
      generative: true,
      layerGroups: groupLayers(built),
      otherParameters:
        (traits.finalNorms ?? 1) * normSize + head + (traits.outside?.(reader, hiddenSize) ?? 0),
      encoderParameters: 0,
      draftParameters: draftParameters({
        last: built.at(-1),
        hiddenSize,
        modules: traits.draftLayers?.(reader) ?? 0,
      }),
      maxContextTokens,
      publishedParameters: undefined,
    }
  }
}

const noFeed: LayerFeed = { feedForward: { kind: 'none' }, otherParameters: 0 }

/**
 * A multi-token-prediction module is one more layer like the last, a projection of embedding and hidden state
 * together, and three norms; it shares the model's embedding and LM head (arXiv:2412.19437, section 2.2).
 */
export function draftParameters(input: {
  last: Layer | undefined
  hiddenSize: number
  modules: number
}): number {
  if (input.last === undefined || input.modules === 0) return 0
  const { hiddenSize } = input
  return (
    input.modules * (layerParameters(input.last, hiddenSize) + 2 * hiddenSize * hiddenSize + 3 * hiddenSize)
  )
}

function layerParameters(layer: Layer, hiddenSize: number): number {
  const feed = feedForwardParameters(layer.feedForward, hiddenSize)
  return (
    attentionParameters(layer.attention, hiddenSize) + feed.everyToken + feed.experts + layer.otherParameters
  )
}
