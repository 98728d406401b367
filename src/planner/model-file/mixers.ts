import type { RecurrentAttention } from '../../estimators/architecture.ts'

/**
 * Token mixers with a state of fixed size: their parameters, and what they keep per sequence and layer.
 * Shapes as in the transformers models of the same names.
 */

/** Mamba (arXiv:2312.00752): projections in and out, a short convolution, and input-dependent B, C and step. */
export function mambaMixer(input: {
  hiddenSize: number
  innerSize: number
  stateSize: number
  convolutionKernel: number
  timeStepRank: number
  projectionBias: boolean
  convolutionBias: boolean
  /** Jamba normalises the step, B and C. */
  innerNorms: boolean
}): RecurrentAttention {
  const { hiddenSize, innerSize, stateSize, convolutionKernel, timeStepRank } = input
  const projections = hiddenSize * 2 * innerSize + innerSize * hiddenSize
  const convolution = innerSize * convolutionKernel + (input.convolutionBias ? innerSize : 0)
  const selection = innerSize * (timeStepRank + 2 * stateSize) + timeStepRank * innerSize + innerSize
  const decay = innerSize * stateSize + innerSize
  const biases = input.projectionBias ? 2 * innerSize + hiddenSize : 0
  const norms = input.innerNorms ? timeStepRank + 2 * stateSize : 0
  return {
    kind: 'recurrent',
    stateElements: innerSize * stateSize,
    convolutionElements: innerSize * (convolutionKernel - 1),
    mixerParameters: projections + convolution + selection + decay + biases + norms,
  }
}

/** Mamba-2 (arXiv:2405.21060): heads with a scalar decay each, B and C shared within groups, a gated norm at the end. */
export function mamba2Mixer(input: {
  hiddenSize: number
  heads: number
  headDimension: number
  groups: number
  stateSize: number
  convolutionKernel: number
  projectionBias: boolean
  convolutionBias: boolean
}): RecurrentAttention {
  const { hiddenSize, heads, groups, stateSize, convolutionKernel } = input
  const inner = heads * input.headDimension
  const channels = inner + 2 * groups * stateSize
  const into = hiddenSize * (inner + channels + heads)
  const convolution = channels * convolutionKernel + (input.convolutionBias ? channels : 0)
  const biases = input.projectionBias ? inner + channels + heads + hiddenSize : 0
  const perHead = 3 * heads // decay, skip and step bias
  return {
    kind: 'recurrent',
    stateElements: inner * stateSize,
    convolutionElements: channels * (convolutionKernel - 1),
    mixerParameters: into + convolution + perHead + inner + inner * hiddenSize + biases,
  }
}

/** Gated delta net of Qwen3-Next and Qwen3.5 (arXiv:2412.06464). */
export function gatedDeltaMixer(input: {
  hiddenSize: number
  keyHeads: number
  valueHeads: number
  keyHeadDimension: number
  valueHeadDimension: number
  convolutionKernel: number
}): RecurrentAttention {
  const { hiddenSize, valueHeads, convolutionKernel } = input
  const keys = input.keyHeads * input.keyHeadDimension
  const values = valueHeads * input.valueHeadDimension
  const channels = 2 * keys + values
  const into = hiddenSize * (channels + values + 2 * valueHeads) // query, key, value, gate; beta and alpha per head
  return {
    kind: 'recurrent',
    stateElements: valueHeads * input.keyHeadDimension * input.valueHeadDimension,
    convolutionElements: channels * (convolutionKernel - 1),
    mixerParameters:
      into + channels * convolutionKernel + 2 * valueHeads + input.valueHeadDimension + values * hiddenSize,
  }
}

/** Kimi delta attention (arXiv:2510.26692): a decay per channel through a low-rank gate. */
export function kimiDeltaMixer(input: {
  hiddenSize: number
  heads: number
  headDimension: number
  convolutionKernel: number
}): RecurrentAttention {
  const { hiddenSize, heads, headDimension, convolutionKernel } = input
  const width = heads * headDimension
  const gates = 2 * (hiddenSize * headDimension + headDimension * width) // decay and output gate
  return {
    kind: 'recurrent',
    stateElements: heads * headDimension * headDimension,
    convolutionElements: 3 * width * (convolutionKernel - 1),
    mixerParameters:
      4 * hiddenSize * width +
      3 * width * convolutionKernel +
      gates +
      hiddenSize * heads +
      heads +
      width +
      headDimension,
  }
}

/** Lightning attention of MiniMax-01 (arXiv:2501.08313): linear attention with a fixed decay and an output gate. */
export function lightningMixer(input: {
  hiddenSize: number
  heads: number
  headDimension: number
}): RecurrentAttention {
  const width = input.heads * input.headDimension
  return {
    kind: 'recurrent',
    stateElements: width * input.headDimension,
    convolutionElements: 0,
    mixerParameters: 5 * input.hiddenSize * width + width,
  }
}

/** Gated short convolution of LFM2: no state but the convolution's tail. */
export function shortConvolutionMixer(input: {
  hiddenSize: number
  convolutionKernel: number
  bias: boolean
}): RecurrentAttention {
  const { hiddenSize, convolutionKernel } = input
  return {
    kind: 'recurrent',
    stateElements: 0,
    convolutionElements: hiddenSize * (convolutionKernel - 1),
    mixerParameters:
      4 * hiddenSize * hiddenSize + hiddenSize * convolutionKernel + (input.bias ? 5 * hiddenSize : 0),
  }
}
