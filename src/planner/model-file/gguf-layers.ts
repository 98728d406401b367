import type { Attention, FeedForward } from '../../estimators/architecture.ts'
import { attentionParameters, feedForwardParameters } from '../../estimators/memory/parameters.ts'
import type { Layer } from './decoder.ts'
import type { GgufTensor } from './gguf.ts'
import type { GgufFamily } from './gguf-families.ts'
import type { GgufMetadata } from './gguf-metadata.ts'

/** Builds one layer from its tensors, so that its parameters are counted exactly. */

export interface Sized extends GgufTensor {
  readonly elements: number
  readonly bytes: number
  readonly typeName: string
}

export type Block = ReadonlyMap<string, Sized>

export const isRecurrent = (block: Block): boolean =>
  block.has('ssm_conv1d.weight') || block.has('ssm_in.weight') || block.has('shortconv.conv.weight')

export const sumElements = (tensors: Iterable<Sized>): number => {
  let sum = 0
  for (const tensor of tensors) sum += tensor.elements
  return sum
}

export interface LayerInput {
  readonly metadata: GgufMetadata
  readonly family: GgufFamily
  readonly block: Block
  readonly index: number
  readonly hiddenSize: number
  readonly windowTokens: number | undefined
  readonly isShared: boolean
}

export function layerOf(input: LayerInput): Layer {
  const { block, hiddenSize } = input
  const attention = attentionOf(input)
  const feedForward = feedForwardOf(input)
  const feed = feedForwardParameters(feedForward, hiddenSize)
  const counted = attentionParameters(attention, hiddenSize) + feed.everyToken + feed.experts
  return { attention, feedForward, otherParameters: sumElements(block.values()) - counted }
}

function attentionOf(input: LayerInput): Attention {
  const { metadata, block, index, windowTokens } = input
  const hasAttention = block.has('attn_q.weight') || block.has('attn_k.weight')
  if (isRecurrent(block)) {
    if (hasAttention)
      metadata.problem('', `layer ${index} has attention and a recurrent mixer side by side: not understood`)
    return recurrentOf(input)
  }
  if (block.has('attn_kv_a_mqa.weight')) return latentOf(input)
  if (!hasAttention && !block.has('attn_qkv.weight')) {
    const other = [...block.keys()].find((name) => /^(?:attn_(?!norm)|time_mix|ssm_)/.test(name))
    if (other !== undefined)
      metadata.problem('', `layer ${index} has a mixer that is not understood (${other})`)
    return { kind: 'none' }
  }
  const queryHeads = metadata.perLayer('attention.head_count', index)
  const kvHeads = metadata.perLayer('attention.head_count_kv', index, queryHeads)
  const isWindow = windowTokens !== undefined
  const derived = Math.floor(input.hiddenSize / Math.max(1, queryHeads))
  const keys = headLength(metadata, 'key_length', isWindow) ?? derived
  const values = headLength(metadata, 'value_length', isWindow) ?? keys
  checkWidth({
    metadata,
    index,
    tensor: block.get('attn_k.weight'),
    name: 'attn_k',
    expected: kvHeads * keys,
  })
  checkWidth({
    metadata,
    index,
    tensor: block.get('attn_v.weight'),
    name: 'attn_v',
    expected: kvHeads * values,
  })
  const keyIsValue = block.has('attn_k.weight') && !block.has('attn_v.weight')
  return {
    kind: isWindow ? 'window' : 'full',
    queryHeads,
    kvHeads,
    headDimension: keys,
    ...(values === keys ? {} : { valueHeadDimension: values }),
    ...(isWindow ? { windowTokens } : {}),
    ...(keyIsValue ? { keyIsValue: true } : {}),
    ...(input.isShared ? { sharesCache: true } : {}),
  }
}

function headLength(metadata: GgufMetadata, name: string, isWindow: boolean): number | undefined {
  const general = metadata.optional(`attention.${name}`)
  return isWindow ? (metadata.optional(`attention.${name}_swa`) ?? general) : general
}

function checkWidth(input: {
  metadata: GgufMetadata
  index: number
  tensor: Sized | undefined
  name: string
  expected: number
}): void {
  const width = input.tensor?.shape[1]
  if (width !== undefined && width !== input.expected)
    input.metadata.problem(
      '',
      `layer ${input.index}: ${input.name} is ${width} wide, heads and head length say ${input.expected}`,
    )
}

function latentOf({ metadata, index }: LayerInput): Attention {
  const ropeHeadDimension = metadata.whole('rope.dimension_count')
  const keys = metadata.optional('attention.key_length_mla') ?? metadata.whole('attention.key_length')
  const queryLoraRank = metadata.optional('attention.q_lora_rank')
  return {
    kind: 'latent',
    queryHeads: metadata.perLayer('attention.head_count', index),
    kvLoraRank: metadata.whole('attention.kv_lora_rank'),
    ropeHeadDimension,
    nopeHeadDimension: Math.max(0, keys - ropeHeadDimension),
    valueHeadDimension:
      metadata.optional('attention.value_length_mla') ?? metadata.whole('attention.value_length'),
    ...(queryLoraRank === undefined || queryLoraRank === 0 ? {} : { queryLoraRank }),
  }
}

function recurrentOf({ metadata, family, block, hiddenSize }: LayerInput): Attention {
  const mixer = [...block].filter(([name]) => /^(?:ssm_|shortconv\.|attn_qkv|attn_gate)/.test(name))
  const mixerParameters = sumElements(mixer.map(([, tensor]) => tensor))
  if (block.has('shortconv.conv.weight')) {
    const tail = metadata.whole('shortconv.l_cache') - 1
    return { kind: 'recurrent', stateElements: 0, convolutionElements: hiddenSize * tail, mixerParameters }
  }
  const inner = metadata.whole('ssm.inner_size')
  const state = metadata.whole('ssm.state_size')
  const tail = metadata.whole('ssm.conv_kernel') - 1
  const groups = family.isMamba1 === true ? 0 : metadata.whole('ssm.group_count')
  const channels = inner + 2 * groups * state
  return {
    kind: 'recurrent',
    stateElements: inner * state,
    convolutionElements: channels * tail,
    mixerParameters,
  }
}

function feedForwardOf({ metadata, block, index, hiddenSize }: LayerInput): FeedForward {
  const down = block.get('ffn_down.weight')
  const expertDown = block.get('ffn_down_exps.weight')
  if ([...block.keys()].some((name) => /^ffn_(?:gate|up|down)\.\d+\./.test(name))) {
    metadata.problem(
      '',
      `layer ${index} keeps every expert in its own tensor: an old layout that is not understood`,
    )
    return { kind: 'none' }
  }
  if (expertDown === undefined) {
    if (down === undefined) return { kind: 'none' }
    const matrices = matricesOf({
      metadata,
      index,
      width: down.shape[0],
      parts: ['ffn_gate', 'ffn_up'],
      block,
    })
    return { kind: 'dense', intermediateSize: down.shape[0] ?? 0, matrices }
  }
  const width = expertDown.shape[0] ?? 0
  const inner = expertDown.shape[1] ?? hiddenSize
  const parts = ['ffn_gate_exps', 'ffn_up_exps', 'ffn_gate_up_exps']
  return {
    kind: 'experts',
    experts: expertDown.shape[2] ?? 1,
    expertsPerToken: metadata.whole('expert_used_count'),
    expertIntermediateSize: width,
    sharedIntermediateSize: block.get('ffn_down_shexp.weight')?.shape[0] ?? 0,
    parallelDenseIntermediateSize: down?.shape[0] ?? 0,
    matrices: matricesOf({ metadata, index, width, parts, block }),
    ...(inner === hiddenSize ? {} : { expertHiddenSize: inner }),
  }
}

/** The matrix down and as many up as the others are wide: gate and up may be one tensor. */
function matricesOf(input: {
  metadata: GgufMetadata
  index: number
  width: number | undefined
  parts: readonly string[]
  block: Block
}): number {
  const up = input.parts.reduce((sum, part) => sum + (input.block.get(`${part}.weight`)?.shape[1] ?? 0), 0)
  const matrices = 1 + up / (input.width ?? 1)
  if (matrices === 2 || matrices === 3) return matrices
  input.metadata.problem(
    '',
    `layer ${input.index} has a feed-forward part that is not understood (${up} wide up, ${input.width} down)`,
  )
  return 3
}
