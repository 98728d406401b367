/**
 * How many bits a weight or a cached element takes, scales of groups and blocks included. The caller fills these
 * from `catalogs/weight_formats.csv` and `catalogs/kv_formats.csv`; nothing has a default here.
 */
export interface WeightFormatSpec {
  /** Dense feed-forward and every matrix that no other field names. */
  readonly bodyBitsPerWeight: number
  readonly embeddingBitsPerWeight: number
  readonly lmHeadBitsPerWeight: number
  readonly expertBitsPerWeight: number
  readonly attentionBitsPerWeight: number
  readonly encoderBitsPerWeight: number
  /** Norms, biases, routers, gates: no format quantises them. */
  readonly otherBitsPerWeight: number
}

export interface KvFormatSpec {
  /** Keys, values and latents, scales included. */
  readonly bitsPerElement: number
  /** Recurrent state of state-space and linear-attention layers. */
  readonly stateBitsPerElement: number
  /** Tail of the short convolution in those layers. */
  readonly convolutionBitsPerElement: number
  /** Keys of a sparse-attention indexer, scales included. */
  readonly indexerBitsPerElement: number
}
