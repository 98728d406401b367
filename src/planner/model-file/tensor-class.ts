import type { TensorClass } from './model-file.ts'

/** What a tensor of a Hugging Face checkpoint belongs to, by its name. Order matters: the first rule that fits wins. */
const rules: readonly (readonly [TensorClass, RegExp])[] = [
  ['draft', /(?:^|\.)(?:mtp|nextn|eh_proj|enorm|hnorm|shared_head)(?:\.|$)/],
  [
    'encoder',
    /(?:^|\.)(?:vision\w*|visual|audio\w*|multi_modal_projector|mm_projector|mm_\w+|embed_vision|embed_audio|image_newline|resampler|connector)(?:\.|$)/,
  ],
  ['experts', /\.experts?\.|\.experts\.|block_sparse_moe\.(?:input|output)_linear/],
  ['norm', /norm|(?:^|\.)ln_|layernorm/i],
  [
    'other',
    /\.(?:gate|router)(?:\.weight|\.bias|\.e_score_correction_bias|\.layer\.weight|\.proj\.weight)?$|e_score_correction_bias/,
  ],
  ['lm-head', /(?:^|\.)(?:lm_head|embed_out)\.|^output\.weight$/],
  [
    'embedding',
    /(?:^|\.)(?:embed_tokens\w*|word_embeddings|tok_embeddings|wte|wpe|embed_positions|position_embeddings|token_type_embeddings|embeddings?|embed_in)(?:\.|$)/,
  ],
  [
    'recurrent',
    /(?:^|\.)(?:linear_attn|mamba|ssm|short_conv|conv)\.|\.(?:A_log|D|dt_bias|conv1d|x_proj|dt_proj|in_proj|out_proj)(?:\.|$)/,
  ],
  [
    'mlp',
    /(?:^|\.)(?:mlp|feed_forward|ffn|shared_experts?|shared_mlp|fc1|fc2|w1|w2|w3|up_proj|down_proj|gate_proj|intermediate|dense_h_to_4h|dense_4h_to_h)(?:\.|$)/,
  ],
  [
    'attention',
    /attn|attention|(?:^|\.)(?:q_proj|k_proj|v_proj|o_proj|qkv_proj|query_key_value|query|key|value|wqkv|wo)(?:\.|$)/,
  ],
]

export function tensorClass(input: { name: string; layers: number | undefined }): TensorClass {
  const layer = /(?:^|\.)(?:layers|h|blocks?)\.(\d+)\./.exec(input.name)?.[1]
  const isEncoder = rules[1]?.[1].test(input.name) === true
  // Layers past the last one are the multi-token-prediction module (DeepSeek, GLM).
  if (!isEncoder && layer !== undefined && input.layers !== undefined && Number(layer) >= input.layers)
    return 'draft'
  const isSelfAttention = /self_attn\.(?!.*norm)/.test(input.name) && !isEncoder
  if (isSelfAttention) return 'attention'
  return rules.find(([, pattern]) => pattern.test(input.name))?.[0] ?? 'other'
}

/** The same for a tensor of a GGUF file; in a block with a recurrent mixer the fused projections belong to it. */
export function ggufTensorClass(input: {
  name: string
  isRecurrentBlock: boolean
  isDraftBlock: boolean
}): TensorClass {
  const { name } = input
  if (input.isDraftBlock || /(?:^|\.)nextn\./.test(name)) return 'draft'
  if (/^(?:v|a|mm)\./.test(name)) return 'encoder'
  if (/^(?:token_embd|per_layer_token_embd|position_embd|token_types)\./.test(name)) return 'embedding'
  if (/^output\.(?:weight|bias)$/.test(name)) return 'lm-head'
  if (/ffn_gate_inp|exp_probs/.test(name)) return 'other'
  if (/\.ffn_\w+_exps\./.test(name)) return 'experts'
  if (/\.(?:ssm_\w+|shortconv\.)/.test(name)) return 'recurrent'
  if (/norm/.test(name)) return 'norm'
  if (/\.(?:attn_|indexer\.)/.test(name)) return input.isRecurrentBlock ? 'recurrent' : 'attention'
  if (/\.ffn_/.test(name)) return 'mlp'
  return 'other'
}

/** Sums per key, keys in order of first appearance. */
export function sumBy<Key extends string>(
  entries: Iterable<{ readonly key: Key; readonly value: number }>,
): Readonly<Record<Key, number>> {
  const sums = new Map<string, number>()
  for (const { key, value } of entries) sums.set(key, (sums.get(key) ?? 0) + value)
  return Object.fromEntries(sums) as Record<Key, number>
}
