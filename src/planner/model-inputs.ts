import type { LayerGroupCell, ModelRow } from '../catalogs/schema/models.ts'
import type { Attention, FeedForward, LayerGroup, ModelArchitecture } from '../estimators/architecture.ts'
import { giga } from '../foundation/units.ts'

/**
 * The architecture a catalog row describes. Undefined where it is not published: the row's `architecture_unknown`
 * says why, and callers must pass that reason on instead of guessing.
 * @throws Error when the row names layers whose sizes it does not give (the catalog check reports such rows).
 */
export function modelArchitecture(row: ModelRow): ModelArchitecture | undefined {
  if (row.layer_groups === undefined) return undefined
  const hiddenSize = required(row, 'hidden_size')
  const draftParameters = billions(row.draft_parameters_b)
  return {
    hiddenSize,
    vocabularySize: required(row, 'vocab_size'),
    tiedEmbeddings: row.tied_embeddings ?? false,
    generative: row.kind === 'generative',
    layerGroups: row.layer_groups.map((group) => layerGroup(row, group)),
    otherParameters: billions(row.lookup_parameters_b) + billions(row.other_parameters_b),
    encoderParameters: billions(row.encoder_parameters_b),
    draftParameters,
    maxContextTokens: row.max_context_tokens,
    publishedParameters:
      billions(row.parameters_total_b) - (row.total_includes_draft === true ? draftParameters : 0),
  }
}

function layerGroup(row: ModelRow, group: LayerGroupCell): LayerGroup {
  const attention = groupAttention(row, group)
  return {
    layers: group.layers,
    attention,
    feedForward: groupFeedForward(row, group),
    otherParameters: group.otherParameters,
  }
}

function groupAttention(row: ModelRow, group: LayerGroupCell): Attention {
  switch (group.attention) {
    case 'none':
      return { kind: 'none' }
    case 'recurrent':
      return {
        kind: 'recurrent',
        stateElements: required(row, 'recurrent_state_elements'),
        convolutionElements: required(row, 'convolution_elements'),
        mixerParameters: required(row, 'mixer_parameters'),
      }
    case 'latent':
      return {
        kind: 'latent',
        queryHeads: required(row, 'query_heads'),
        kvLoraRank: required(row, 'kv_lora_rank'),
        ropeHeadDimension: required(row, 'rope_head_dimension'),
        nopeHeadDimension: required(row, 'nope_head_dimension'),
        valueHeadDimension: required(row, 'value_head_dimension'),
        ...given('queryLoraRank', row.q_lora_rank),
        ...given('indexerElementsPerToken', row.indexer_elements_per_token),
      }
    case 'full':
    case 'full-shared':
      return {
        kind: 'full',
        queryHeads: required(row, 'query_heads'),
        kvHeads: row.global_kv_heads ?? required(row, 'kv_heads'),
        headDimension: row.global_head_dimension ?? required(row, 'head_dimension'),
        ...given('valueHeadDimension', row.value_head_dimension),
        ...(row.attention_output_gate === true ? { outputGate: true } : {}),
        ...(row.global_key_is_value === true ? { keyIsValue: true } : {}),
        ...(group.attention === 'full-shared' ? { sharesCache: true } : {}),
      }
    case 'window':
    case 'window-shared':
      return {
        kind: 'window',
        queryHeads: required(row, 'query_heads'),
        kvHeads: required(row, 'kv_heads'),
        headDimension: required(row, 'head_dimension'),
        windowTokens: required(row, 'window_tokens'),
        ...given('valueHeadDimension', row.value_head_dimension),
        ...(row.attention_output_gate === true ? { outputGate: true } : {}),
        ...(group.attention === 'window-shared' ? { sharesCache: true } : {}),
      }
  }
}

function groupFeedForward(row: ModelRow, group: LayerGroupCell): FeedForward {
  switch (group.feedForward) {
    case 'none':
      return { kind: 'none' }
    case 'dense':
      return {
        kind: 'dense',
        intermediateSize: group.intermediateSize ?? required(row, 'intermediate_size'),
        matrices: required(row, 'ffn_matrices'),
      }
    case 'experts':
      return {
        kind: 'experts',
        experts: required(row, 'experts'),
        expertsPerToken: required(row, 'experts_per_token'),
        expertIntermediateSize: required(row, 'expert_intermediate_size'),
        sharedIntermediateSize: row.shared_intermediate_size ?? 0,
        parallelDenseIntermediateSize: row.parallel_dense_intermediate_size ?? 0,
        matrices: required(row, 'ffn_matrices'),
        ...given('expertHiddenSize', row.expert_hidden_size),
      }
  }
}

type NumberColumn = {
  [Column in keyof ModelRow]-?: ModelRow[Column] extends number | undefined ? Column : never
}[keyof ModelRow]

function required(row: ModelRow, column: NumberColumn): number {
  const value = row[column]
  if (value === undefined) throw new Error(`model ${row.id}: layer_groups needs ${column}`)
  return value
}

function given<Name extends string>(name: Name, value: number | undefined): { [Key in Name]?: number } {
  return value === undefined ? {} : ({ [name]: value } as { [Key in Name]?: number })
}

/** An absent count of a part is a part the model does not have. */
function billions(value: number | undefined): number {
  return value === undefined ? 0 : Math.round(value * giga)
}
