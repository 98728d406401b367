/**
 * What an engine does with a device's memory, as plain numbers. The caller resolves it from
 * `catalogs/engine_memory.csv` for one engine, device maker, memory size and weight format.
 */

/**
 * How the KV cache is laid out. `equal-pages`: vLLM's hybrid manager, one pool of pages of one size shared by groups of
 * as many layers each. `ratio-pools`: SGLang, a pool for full layers and one for windows in a fixed ratio of tokens.
 * `window-pages`: TensorRT-LLM, pages per layer kind, windows hold only their window. `padded-cells`: llama.cpp, a
 * cache per sequence, window layers padded by the micro-batch. `exact`: what the architecture needs, in pages.
 */
export type KvLayout = 'equal-pages' | 'ratio-pools' | 'window-pages' | 'padded-cells' | 'exact'

/**
 * Of what the engine takes its fraction. `total`: of the device, weights and working memory included (vLLM).
 * `free-before-weights`: of what is free at start, weights included, working memory not (SGLang). `free-after-weights`:
 * of what is left when weights and working memory are in place (TensorRT-LLM).
 */
export type FractionBase = 'total' | 'free-before-weights' | 'free-after-weights'

export interface EngineMemoryPolicy {
  readonly engine: string
  readonly kvLayout: KvLayout
  readonly fractionBase: FractionBase
  readonly memoryFraction: number
  /** Tokens of a KV page; for `padded-cells` the multiple to which cells are rounded up. */
  readonly pageTokens: number
  /** Window pool's tokens per token of the full pool; only for `ratio-pools`. */
  readonly windowPoolRatio?: number
  /** The engine stores keys and values apart even where the model uses one tensor for both. */
  readonly storesKeyAndValueApart: boolean
  readonly stateBitsPerElement: number
  readonly convolutionBitsPerElement: number
  /** Keys of a sparse-attention indexer, which have a format of their own. */
  readonly indexerBitsPerElement: number

  /** Sequences the engine is set to run at once (max_num_seqs); undefined where it reserves nothing for them. */
  readonly maxSequences?: number
  /** Tokens of the largest forward pass it prepares for (max_num_batched_tokens, micro-batch). */
  readonly batchedTokens: number
  /** Sampler's working memory per sequence and vocabulary entry. */
  readonly samplerBytesPerLogit: number
  /** Logits the engine holds for every token of a batch, bytes per entry (llama.cpp: 4), else 0. */
  readonly logitBytesPerBatchedToken: number
  /** Factor on the forward pass's tensors (hidden + 3 × feed-forward per token, 2 bytes each). */
  readonly activationFactor: number
  readonly activationBytesPerElement: number
  /** Working memory of vision and audio encoders, 0 for text models. */
  readonly encoderActivationBytes: number

  /** Outside PyTorch or the engine's own pools: context, libraries. */
  readonly runtimeBytes: number
  /** Collective-communication buffers where tensor parallelism is above 1. */
  readonly communicationBytes: number
  /** Captured graphs; on top of the fraction where `fractionBase` is not `free-after-weights`. */
  readonly graphBytes: number
  /** Held with the weights by every device: kernels' workspaces and tables. */
  readonly weightOverheadBytes: number
  /** Bytes per element of the rotary table that every device keeps, 0 where none is kept. */
  readonly ropeTableBytesPerElement: number
  /** Experts are padded up to these multiples of rows and columns (1 = no padding). */
  readonly expertHiddenMultiple: number
  readonly expertIntermediateMultiple: number
}
