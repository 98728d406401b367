/**
 * A language model as the physics sees it: groups of equal layers, embeddings, and what else has weights.
 * Numbers only; `planner/inputs.ts` makes it from a catalog row, `planner/model-file/` from a file.
 */

/** Softmax attention over all tokens, or over the last `windowTokens` (sliding or chunked). */
export interface HeadAttention {
  readonly kind: 'full' | 'window'
  readonly queryHeads: number
  readonly kvHeads: number
  /** Size of a query and key head, elements. */
  readonly headDimension: number
  /** Size of a value head where it differs from the key's, elements. */
  readonly valueHeadDimension?: number
  /** Only for `window`. */
  readonly windowTokens?: number
  /** Keys serve as values too (one tensor is stored), as in some global layers of Gemma 4. */
  readonly keyIsValue?: boolean
  /** The query projection also makes a gate on the output, as wide as the queries (Qwen3-Next, Qwen3.5). */
  readonly outputGate?: boolean
  /** The layer reads another layer's cache and stores none (Gemma 3n, Gemma 4 E). */
  readonly sharesCache?: boolean
}

/** Multi-head latent attention (DeepSeek-V2): the cache holds one compressed vector per token. */
export interface LatentAttention {
  readonly kind: 'latent'
  readonly queryHeads: number
  readonly kvLoraRank: number
  readonly ropeHeadDimension: number
  readonly nopeHeadDimension: number
  readonly valueHeadDimension: number
  /** Undefined where queries are not compressed (DeepSeek-V2-Lite). */
  readonly queryLoraRank?: number
  /** Keys of the sparse-attention indexer per token, elements (DeepSeek-V3.2: 128). */
  readonly indexerElementsPerToken?: number
}

/** A recurrent layer (Mamba, gated delta net, short convolution): a state of fixed size per sequence. */
export interface RecurrentAttention {
  readonly kind: 'recurrent'
  /** Elements of the recurrent state per sequence and layer. */
  readonly stateElements: number
  /** Elements of the convolution's tail per sequence and layer. */
  readonly convolutionElements: number
  /** Parameters of the mixer (projections, convolution, gates), per layer. */
  readonly mixerParameters: number
}

/** The layer has no token mixer (a pure feed-forward layer, as in Nemotron-H). */
export interface NoAttention {
  readonly kind: 'none'
}

export type Attention = HeadAttention | LatentAttention | RecurrentAttention | NoAttention

export interface DenseFeedForward {
  readonly kind: 'dense'
  readonly intermediateSize: number
  /** 3 for gated (SwiGLU, GeGLU), 2 for plain MLPs. */
  readonly matrices: number
}

export interface ExpertFeedForward {
  readonly kind: 'experts'
  readonly experts: number
  readonly expertsPerToken: number
  readonly expertIntermediateSize: number
  /** Width of the always-active experts together, 0 where there is none. */
  readonly sharedIntermediateSize: number
  /** A dense MLP that runs beside the experts in the same layer (Gemma 4 MoE), 0 where there is none. */
  readonly parallelDenseIntermediateSize: number
  readonly matrices: number
  /** Width that the experts see where it is not the hidden size (latent MoE of Nemotron 3 Super). */
  readonly expertHiddenSize?: number
}

export interface NoFeedForward {
  readonly kind: 'none'
}

export type FeedForward = DenseFeedForward | ExpertFeedForward | NoFeedForward

export interface LayerGroup {
  readonly layers: number
  readonly attention: Attention
  readonly feedForward: FeedForward
  /** Biases, norms and whatever else a layer of this group holds, parameters per layer. */
  readonly otherParameters: number
}

export interface ModelArchitecture {
  readonly hiddenSize: number
  readonly vocabularySize: number
  /** Input embedding and LM head are one matrix. */
  readonly tiedEmbeddings: boolean
  /** False for encoders (embedding, reranker): no LM head, no KV cache kept between steps. */
  readonly generative: boolean
  readonly layerGroups: readonly LayerGroup[]
  /** Position tables, final norm, per-layer embeddings, poolers: parameters outside layers and embeddings. */
  readonly otherParameters: number
  /** Vision and audio encoders with their projectors, parameters. */
  readonly encoderParameters: number
  /** Multi-token-prediction module, parameters (loaded only when used). */
  readonly draftParameters: number
  readonly maxContextTokens: number | undefined
  /** The published total where known: what files and engines hold. Undefined: use the computed one. */
  readonly publishedParameters: number | undefined
}
