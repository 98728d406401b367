import type { ConfigReader } from '../config-reader.ts'

/**
 * Vision towers with their projectors, in parameters. Towers that are not listed here are named in a warning, not
 * guessed; a safetensors file holds their exact bytes.
 */

type VisionCounter = (input: { vision: ConfigReader; outer: ConfigReader; textHiddenSize: number }) => number

interface Tower {
  readonly hiddenSize: number
  readonly layers: number
  readonly intermediateSize: number
}

/** Layer of a ViT with biases everywhere: four square projections, a plain MLP, two norms. */
function biasedLayer({ hiddenSize, intermediateSize }: Tower): number {
  const attention = 4 * (hiddenSize * hiddenSize + hiddenSize)
  const mlp = 2 * hiddenSize * intermediateSize + intermediateSize + hiddenSize
  return attention + mlp + 4 * hiddenSize
}

/** Layer without biases: four square projections, a gated MLP, two norms. */
function gatedLayer({ hiddenSize, intermediateSize }: Tower): number {
  return 4 * hiddenSize * hiddenSize + 3 * hiddenSize * intermediateSize + 2 * hiddenSize
}

const colours = 3

function readTower(vision: ConfigReader): Tower {
  return {
    hiddenSize: vision.whole('hidden_size'),
    layers: vision.layers(['num_hidden_layers', 'depth']),
    intermediateSize: vision.whole('intermediate_size'),
  }
}

/** SigLIP with Gemma 3's projector: a norm and one matrix. */
const siglip: VisionCounter = ({ vision, textHiddenSize }) => {
  const tower = readTower(vision)
  const patch = vision.whole('patch_size')
  const perSide = Math.floor(vision.whole('image_size') / patch)
  const embedding =
    colours * patch * patch * tower.hiddenSize + tower.hiddenSize + perSide * perSide * tower.hiddenSize
  const projector = tower.hiddenSize + tower.hiddenSize * textHiddenSize
  return embedding + tower.layers * biasedLayer(tower) + 2 * tower.hiddenSize + projector
}

/** Two-layer MLP over merged patches, after a norm. */
function merger(input: { width: number; outSize: number; norm: number }): number {
  const { width, outSize } = input
  return input.norm + width * width + width + width * outSize + outSize
}

const qwen2Vision: VisionCounter = ({ vision, textHiddenSize }) => {
  const hiddenSize = vision.whole('embed_dim')
  const layers = vision.layers('depth')
  const ratio = vision.whole('mlp_ratio', { fallback: 4 })
  const patch = vision.whole(['patch_size', 'spatial_patch_size'])
  const frames = vision.whole('temporal_patch_size', { fallback: 2 })
  const merge = vision.whole('spatial_merge_size', { fallback: 2 })
  const tower: Tower = { hiddenSize, layers, intermediateSize: ratio * hiddenSize }
  const embedding = colours * frames * patch * patch * hiddenSize
  return (
    embedding +
    layers * biasedLayer(tower) +
    merger({ width: hiddenSize * merge * merge, outSize: textHiddenSize, norm: 2 * hiddenSize })
  )
}

const qwen25Vision: VisionCounter = ({ vision }) => {
  const tower = readTower(vision)
  const { hiddenSize, layers, intermediateSize } = tower
  const patch = vision.whole(['patch_size', 'spatial_patch_size'])
  const frames = vision.whole('temporal_patch_size', { fallback: 2 })
  const merge = vision.whole('spatial_merge_size', { fallback: 2 })
  const outSize = vision.whole('out_hidden_size')
  const biases = 4 * hiddenSize + 2 * intermediateSize + hiddenSize
  return (
    colours * frames * patch * patch * hiddenSize +
    layers * (gatedLayer(tower) + biases) +
    merger({ width: hiddenSize * merge * merge, outSize, norm: hiddenSize })
  )
}

/** Qwen3-VL and Qwen3.5: learned positions, and mergers for the levels in `deepstack_visual_indexes`. */
const qwen3Vision: VisionCounter = ({ vision }) => {
  const tower = readTower(vision)
  const { hiddenSize, layers } = tower
  const patch = vision.whole('patch_size')
  const frames = vision.whole('temporal_patch_size', { fallback: 2 })
  const merge = vision.whole('spatial_merge_size', { fallback: 2 })
  const outSize = vision.whole('out_hidden_size')
  const positions = vision.whole('num_position_embeddings')
  const levels = vision.indices('deepstack_visual_indexes')?.length ?? 0
  const width = hiddenSize * merge * merge
  const embedding = colours * frames * patch * patch * hiddenSize + hiddenSize + positions * hiddenSize
  return (
    embedding +
    layers * biasedLayer(tower) +
    merger({ width, outSize, norm: 2 * hiddenSize }) +
    levels * merger({ width, outSize, norm: 2 * width })
  )
}

/** Pixtral with Mistral 3's projector: a norm, a merge of patches, two matrices. */
const pixtral: VisionCounter = ({ vision, outer, textHiddenSize }) => {
  const tower = readTower(vision)
  const { hiddenSize } = tower
  const patch = vision.whole('patch_size')
  const merge = outer.whole('spatial_merge_size', { fallback: 2 })
  const bias = outer.flag('multimodal_projector_bias', false) ? 2 * textHiddenSize : 0
  const projector =
    hiddenSize +
    hiddenSize * merge * merge * hiddenSize +
    hiddenSize * textHiddenSize +
    textHiddenSize * textHiddenSize +
    bias
  return colours * patch * patch * hiddenSize + hiddenSize + tower.layers * gatedLayer(tower) + projector
}

const llama4Vision: VisionCounter = ({ vision, textHiddenSize }) => {
  const tower = readTower(vision)
  const { hiddenSize } = tower
  const patch = vision.whole('patch_size')
  const perSide = Math.floor(vision.whole('image_size') / patch)
  const inSize = vision.whole('projector_input_dim')
  const outSize = vision.whole('projector_output_dim')
  const embedding = colours * patch * patch * hiddenSize + (perSide * perSide + 2) * hiddenSize
  const adapter = tower.intermediateSize * inSize + inSize * outSize
  const projector = vision.whole('vision_output_dim') * textHiddenSize
  return embedding + tower.layers * biasedLayer(tower) + 4 * hiddenSize + adapter + projector
}

/** Gemma 4: gated layers with four norms and norms on queries and keys, a table of positions per axis. */
const gemma4Vision: VisionCounter = ({ vision, textHiddenSize }) => {
  const tower = readTower(vision)
  const { hiddenSize } = tower
  const heads = vision.whole('num_attention_heads')
  if (vision.whole('num_key_value_heads', { fallback: heads }) !== heads)
    vision.problem('num_key_value_heads', 'must be the number of attention heads here')
  const headDimension = vision.whole('head_dim')
  if (headDimension * heads !== hiddenSize && !vision.hasProblems)
    vision.problem('head_dim', 'heads that do not add up to the hidden size are not understood here')
  const patch = vision.whole('patch_size')
  const positions = vision.whole('position_embedding_size', { fallback: 10_240 })
  const standardise = vision.flag('standardize', false) ? 2 * hiddenSize : 0
  const layer = gatedLayer(tower) + 2 * hiddenSize + 2 * headDimension
  const embedding = colours * patch * patch * hiddenSize + 2 * positions * hiddenSize
  return embedding + tower.layers * layer + standardise + hiddenSize * textHiddenSize
}

const counters: Readonly<Record<string, VisionCounter>> = {
  siglip_vision_model: siglip,
  qwen2_vl: qwen2Vision,
  qwen2_5_vl: qwen25Vision,
  qwen3_vl: qwen3Vision,
  qwen3_vl_moe: qwen3Vision,
  qwen3_5: qwen3Vision,
  qwen3_5_vision: qwen3Vision,
  qwen3_5_moe: qwen3Vision,
  qwen3_5_moe_vision: qwen3Vision,
  pixtral,
  llama4_vision_model: llama4Vision,
  gemma4_vision: gemma4Vision,
}

/** Towers whose type stands only in the outer configuration. */
const towerOfFamily: Readonly<Record<string, string>> = {
  gemma3: 'siglip_vision_model',
  qwen2_vl: 'qwen2_vl',
  qwen2_5_vl: 'qwen2_5_vl',
  qwen3_vl: 'qwen3_vl',
  qwen3_vl_moe: 'qwen3_vl',
  qwen3_5: 'qwen3_5',
  qwen3_5_moe: 'qwen3_5_moe',
  mistral3: 'pixtral',
  llama4: 'llama4_vision_model',
}

const encoderKeys = ['vision_config', 'audio_config', 'audio_encoder_config'] as const

/** Parameters of the encoders that stand beside the language model; a warning for each that is not understood. */
export function encoderParameters(input: {
  outer: ConfigReader
  family: string
  textHiddenSize: number
}): number {
  let sum = 0
  for (const key of encoderKeys) {
    if (!input.outer.has(key)) continue
    const vision = input.outer.child(key)
    if (vision === undefined) continue
    const named = vision.text('model_type')
    const tower = key === 'vision_config' ? (towerOfFamily[input.family] ?? named) : named
    const count = tower === undefined ? undefined : counters[tower]
    if (count !== undefined)
      sum += count({ vision, outer: input.outer, textHiddenSize: input.textHiddenSize })
    else
      input.outer.note({
        code: 'encoder-not-counted',
        level: 'warning',
        about: input.outer.place(key),
        message: `The ${key === 'vision_config' ? 'vision' : 'audio'} encoder "${named ?? input.family}" is not understood: its weights are missing from the parameter count`,
      })
  }
  return sum
}
