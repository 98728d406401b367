import { z } from 'zod'
import { defineTable, flagCell, idCell, listCell, positiveCell, provenance, wholeCell } from './common.ts'

/** What a layer mixes tokens with. `…-shared` layers read the cache of an earlier layer and store none. */
const attentionNames = [
  'full',
  'window',
  'full-shared',
  'window-shared',
  'latent',
  'recurrent',
  'none',
] as const

export interface LayerGroupCell {
  readonly layers: number
  readonly attention: (typeof attentionNames)[number]
  readonly feedForward: 'dense' | 'experts' | 'none'
  /** Only where the group's dense MLP is not `intermediate_size` wide. */
  readonly intermediateSize?: number
  /** Biases, norms, routers, gates and other small tensors, parameters per layer. */
  readonly otherParameters: number
}

const groupText = new RegExp(
  `^([1-9]\\d*) (${attentionNames.join('|')}) (dense|experts|none)(?::([1-9]\\d*))? (\\d+)$`,
)

/**
 * Groups of equal layers, separated by `;`, each `LAYERS ATTENTION FEED-FORWARD OTHER`: `22 window dense 5376`,
 * or `dense:12288` where a group's MLP has its own width. OTHER counts parameters per layer outside the matrices
 * that the other columns describe.
 */
export const layerGroupsCell = z.string().transform((text, context): LayerGroupCell[] => {
  const groups: LayerGroupCell[] = []
  for (const part of text.split(';')) {
    const match = groupText.exec(part.trim())
    if (match === null || (match[4] !== undefined && match[3] !== 'dense')) {
      context.addIssue({
        code: 'custom',
        message: `"${part.trim()}" is not a layer group (LAYERS ATTENTION FEED-FORWARD OTHER, e.g. 22 window dense 5376)`,
      })
      return z.NEVER
    }
    groups.push({
      layers: Number(match[1]),
      attention: match[2] as LayerGroupCell['attention'],
      feedForward: match[3] as LayerGroupCell['feedForward'],
      ...(match[4] === undefined ? {} : { intermediateSize: Number(match[4]) }),
      otherParameters: Number(match[5]),
    })
  }
  return groups
})

const size = wholeCell({ least: 1 }).optional()

/**
 * One model with its whole architecture. Sizes are elements, `_b` is 1e9 parameters.
 * `layer_groups` is empty where the architecture is not published; `architecture_unknown` then says why.
 */
export const modelRow = z.strictObject({
  id: idCell,
  hf_id: z.string(),
  /** Other names the model answers to; the same architecture, size and context. */
  aliases: listCell.optional(),
  name: z.string(),
  family: idCell,
  vendor: z.string(),
  kind: z.enum(['generative', 'embedding', 'reranker']),
  /** As published: by its files' tensors or by the vendor. */
  parameters_total_b: positiveCell(),
  /** Whether that count contains the multi-token-prediction module of `draft_parameters_b`. */
  total_includes_draft: flagCell.optional(),
  /** As the vendor states it: some count embeddings, some do not. */
  parameters_active_b: positiveCell().optional(),
  /** What the model was trained for, without rope scaling that the user must switch on. */
  max_context_tokens: wholeCell({ least: 1 }).optional(),
  /** What the vendor supports after a switch (YaRN and the like); the note names it. */
  extended_context_tokens: wholeCell({ least: 1 }).optional(),
  modalities: listCell,
  /** The weight format of the vendor's own files; empty where there are no files to look at. */
  native_weights: idCell.optional(),
  /** Length of the vector of an embedding model. */
  embedding_dimension: size,
  hidden_size: size,
  vocab_size: size,
  tied_embeddings: flagCell.optional(),
  layer_groups: layerGroupsCell.optional(),
  query_heads: size,
  kv_heads: size,
  head_dimension: size,
  /** Of a latent layer's value head; elsewhere only where it differs from `head_dimension`. */
  value_head_dimension: size,
  window_tokens: size,
  /** The query projection also makes a gate of the same width (Qwen3-Next, Qwen3.5). */
  attention_output_gate: flagCell.optional(),
  /** Of full layers where windowed layers differ from them (Gemma 4). */
  global_kv_heads: size,
  global_head_dimension: size,
  global_key_is_value: flagCell.optional(),
  q_lora_rank: size,
  kv_lora_rank: size,
  rope_head_dimension: size,
  nope_head_dimension: size,
  indexer_elements_per_token: size,
  intermediate_size: size,
  /** 3 for gated MLPs, 2 for plain ones; dense and experts alike. */
  ffn_matrices: z.enum(['2', '3']).transform(Number).optional(),
  experts: size,
  experts_per_token: size,
  expert_intermediate_size: size,
  shared_intermediate_size: size,
  parallel_dense_intermediate_size: size,
  expert_hidden_size: size,
  /**
   * Per recurrent layer, from the architecture's own sizes (h hidden, d inner, s state, g groups, n heads, k kernel):
   * Mamba-1  d = 2h, r = h/16: state d s, tail d (k-1), mixer 2hd + dk + d + d(r+2s) + rd + d + ds + d + dh
   *          (Jamba: + r + 2s for its three norms).
   * Mamba-2  c = d + 2gs: state d s, tail c (k-1), mixer h(2d + 2gs + n) + ck + c + 3n + d + dh.
   * Gated delta net  q key width, v value width, n value heads of size e: state n e e, tail (2q+v)(k-1),
   *          mixer h(2q + 2v) + 2hn + (2q+v)k + 2n + e + vh.
   * Gated short convolution: no state, tail h (k-1), mixer 3hh + hk + hh.
   * The tail is the k-1 last inputs of the convolution; an engine may keep k.
   */
  recurrent_state_elements: wholeCell({ least: 0 }).optional(),
  convolution_elements: wholeCell({ least: 0 }).optional(),
  mixer_parameters: size,
  /** Tables of which a token reads one row: per-layer embeddings, positions. */
  lookup_parameters_b: positiveCell().optional(),
  /** Final norm, pooler, adapters and the like. */
  other_parameters_b: positiveCell().optional(),
  /** Vision and audio encoders with their projectors. */
  encoder_parameters_b: positiveCell().optional(),
  draft_parameters_b: positiveCell().optional(),
  /** Why there are no `layer_groups`. */
  architecture_unknown: z.string().optional(),
  /** Why the computed count differs from the published one by more than 2 %. */
  parameter_gap_note: z.string().optional(),
  ...provenance,
})

export type ModelRow = z.output<typeof modelRow>

export const modelsTable = defineTable({ file: 'models.csv', schema: modelRow, key: ['id'] })
