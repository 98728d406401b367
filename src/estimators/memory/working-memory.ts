import type { ModelArchitecture } from '../architecture.ts'
import type { EngineMemoryPolicy } from './engine-policy.ts'
import { forwardReserve, llamaCppComputeBuffer, samplerReserve } from './formulas.ts'
import type { ParallelLayout } from './layout.ts'

/** What a device holds beside weights, adapters and the KV cache. */
export interface WorkingMemory {
  /** The larger of the forward pass and the sampler at the sizes the engine prepares for, and the encoder's share. */
  readonly activationBytes: number
  /** Which of them is the larger. */
  readonly activationFormulaId: string
  readonly runtimeBytes: number
  readonly communicationBytes: number
  readonly graphBytes: number
}

type WorkingPolicy = Pick<
  EngineMemoryPolicy,
  | 'maxSequences'
  | 'batchedTokens'
  | 'samplerBytesPerLogit'
  | 'logitBytesPerBatchedToken'
  | 'activationFactor'
  | 'activationBytesPerElement'
  | 'encoderActivationBytes'
  | 'runtimeBytes'
  | 'communicationBytes'
  | 'graphBytes'
>

export function workingMemory(input: {
  architecture: ModelArchitecture
  layout: ParallelLayout
  policy: WorkingPolicy
}): WorkingMemory {
  const { architecture, layout, policy } = input
  const encoder = architecture.encoderParameters > 0 ? policy.encoderActivationBytes : 0
  const forward = forwardBytes(input)
  const sampler = samplerBytes(input)
  const logits = logitBytes(input)
  const largest = Math.max(forward, sampler, logits)
  return {
    activationBytes: largest + encoder,
    activationFormulaId:
      largest === forward
        ? forwardReserve.id
        : largest === sampler
          ? samplerReserve.id
          : llamaCppComputeBuffer.id,
    runtimeBytes: policy.runtimeBytes,
    communicationBytes: layout.tensor > 1 ? policy.communicationBytes : 0,
    graphBytes: policy.graphBytes,
  }
}

/** The sampler's copies of the logits of every sequence, on every device whole. Encoders have none. */
export function samplerBytes(input: { architecture: ModelArchitecture; policy: WorkingPolicy }): number {
  const { architecture, policy } = input
  if (!architecture.generative || policy.maxSequences === undefined) return 0
  return samplerReserve.compute({
    a: policy.samplerBytesPerLogit,
    S: policy.maxSequences,
    V: architecture.vocabularySize,
  })
}

/** The widest layer's tensors for a full batch of tokens: hidden states and three of the feed-forward's width. */
export function forwardBytes(input: {
  architecture: ModelArchitecture
  layout: ParallelLayout
  policy: WorkingPolicy
}): number {
  const { architecture, layout, policy } = input
  return forwardReserve.compute({
    k: policy.activationFactor,
    T: policy.batchedTokens,
    b: policy.activationBytesPerElement,
    h: architecture.hiddenSize,
    f: feedForwardWidth(architecture, layout),
  })
}

/** Logits and hidden states that llama.cpp keeps for every token of a micro-batch. */
function logitBytes(input: { architecture: ModelArchitecture; policy: WorkingPolicy }): number {
  const { architecture, policy } = input
  return llamaCppComputeBuffer.compute({
    u: policy.batchedTokens,
    b: policy.logitBytesPerBatchedToken,
    V: architecture.generative ? architecture.vocabularySize : 0,
    h: architecture.hiddenSize,
  })
}

/** Feed-forward elements that one token makes on one device, in the widest kind of layer. */
export function feedForwardWidth(architecture: ModelArchitecture, layout: ParallelLayout): number {
  let widest = 0
  for (const { feedForward } of architecture.layerGroups) {
    if (feedForward.kind === 'dense') widest = Math.max(widest, feedForward.intermediateSize / layout.tensor)
    if (feedForward.kind === 'experts') {
      const routed = feedForward.expertsPerToken * feedForward.expertIntermediateSize
      const always = feedForward.sharedIntermediateSize + feedForward.parallelDenseIntermediateSize
      widest = Math.max(widest, (routed + always) / layout.tensor)
    }
  }
  return widest
}
