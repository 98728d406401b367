/** What the shapes of tensors tell about a model without its configuration, and what they leave open. */

interface Shaped {
  readonly name: string
  readonly shape: readonly number[]
  readonly bytes: number
}

export interface Derived {
  /** `hidden_size 4096`, ... */
  readonly known: readonly string[]
  readonly missing: readonly { readonly key: string; readonly why: string }[]
}

export function deriveFromShapes(tensors: readonly Shaped[]): Derived {
  const known: string[] = []
  const find = (pattern: RegExp) => tensors.find((tensor) => pattern.test(tensor.name))
  const embedding = find(/(?:embed_tokens|wte|tok_embeddings|word_embeddings)\.weight$/)
  if (embedding?.shape.length === 2)
    known.push(`vocab_size ${embedding.shape[0]}`, `hidden_size ${embedding.shape[1]}`)
  const layers = new Set<string>()
  const experts = new Set<string>()
  for (const { name } of tensors) {
    const layer = /(?:^|\.)(?:layers|h|blocks)\.(\d+)\./.exec(name)?.[1]
    if (layer !== undefined) layers.add(layer)
    const expert = /\.experts\.(\d+)\./.exec(name)?.[1]
    if (expert !== undefined) experts.add(expert)
  }
  if (layers.size > 0) known.push(`num_hidden_layers ${layers.size}`)
  if (experts.size > 0) known.push(`num_experts ${experts.size}`)
  const expertDown = find(/experts\.\d+\.(?:down_proj|w2)\.weight$/)
  if (expertDown?.shape.length === 2) known.push(`expert width ${expertDown.shape[1]}`)
  const down = find(/\.mlp\.down_proj\.weight$/)
  if (down?.shape.length === 2) known.push(`intermediate_size ${down.shape[1]}`)
  const headNorm = find(/\.self_attn\.q_norm\.weight$/)
  if (headNorm?.shape.length === 1) known.push(`q_norm of ${headNorm.shape[0]}`)
  const query = find(/\.q_proj\.weight$/)
  const key = find(/\.k_proj\.weight$/)
  if (query?.shape.length === 2) known.push(`query heads × head_dim ${query.shape[0]}`)
  if (key?.shape.length === 2) known.push(`KV heads × head_dim ${key.shape[0]}`)
  known.push(`${tensors.reduce((sum, tensor) => sum + tensor.bytes, 0)} bytes of weights`)
  const missing = [
    {
      key: 'model_type',
      why: 'is not in the file: it says which layers see a window and what the cache holds',
    },
    { key: 'head_dim', why: 'is not in the file: shapes give only heads × head_dim' },
    {
      key: 'num_key_value_heads',
      why: 'is not in the file: it follows from shapes only together with head_dim',
    },
  ]
  return { known, missing }
}
