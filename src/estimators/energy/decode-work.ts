import type { StepModel } from '../performance/step-model.ts'

/**
 * What one decode step asks of one device, as the time it would take at the device's peaks. Divided by the time the
 * step really takes these are the utilisations that power follows.
 */
export interface DecodeWork {
  /** Bytes moved ÷ peak memory bandwidth. */
  memorySeconds: number
  /** FLOPs ÷ dense peak of their format, prefill of the step's share of new requests included. */
  computeSeconds: number
}

export interface DecodeLoad {
  /** Running sequences per attention group. */
  readonly sequences: number
  /** Input tokens that no cache serves, per request. */
  readonly inputTokens: number
  readonly cachedInputTokens: number
  readonly outputTokens: number
}

export function emptyDecodeWork(): DecodeWork {
  return { memorySeconds: 0, computeSeconds: 0 }
}

/**
 * Ideal times of a steady state's average step: every sequence decodes one token at its mean context, and for each
 * output token its share of a prompt is read. Weights of experts are counted as far as the step touches them.
 * Fills `out` and returns it; allocates nothing.
 */
export function decodeWork(model: StepModel, load: DecodeLoad, out: DecodeWork): DecodeWork {
  // With a pipeline the sequences run in as many batches as there are stages; with fewer sequences, stages wait.
  const stages = model.pipelineParallel
  const b = stages > 1 ? Math.max(load.sequences / stages, 1) : load.sequences
  const busyStages = stages > 1 ? Math.min(load.sequences / stages, 1) : 1
  const context = load.cachedInputTokens + load.inputTokens + load.outputTokens / 2
  const inWindow = Math.min(context, model.windowTokens)
  const touched =
    model.logMissPerToken === 0 ? 0 : -Math.expm1(model.logMissPerToken * b * model.attentionDataParallel)
  out.memorySeconds =
    busyStages *
    (model.denseStreamSeconds +
      model.expertStreamSeconds * touched +
      b *
        (model.cacheSecondsPerToken * context +
          model.windowCacheSecondsPerToken * inWindow +
          model.stateSecondsPerSequence))
  const attention =
    model.latentLayers > 0
      ? model.latentSecondsPerToken * context
      : model.attentionSecondsPerPair * context + model.windowAttentionSecondsPerPair * inWindow
  const decode = model.denseSecondsPerToken + model.expertSecondsPerToken + attention
  out.computeSeconds = busyStages * b * (decode + prefillPerOutputToken(model, load))
  return out
}

function prefillPerOutputToken(model: StepModel, load: DecodeLoad): number {
  if (load.inputTokens <= 0) return 0
  const seen = load.cachedInputTokens + load.inputTokens / 2
  const inWindow = Math.min(seen, model.windowTokens)
  return (
    (load.inputTokens / load.outputTokens) *
    (model.bodySecondsPerToken +
      model.expertSecondsPerToken +
      model.attentionSecondsPerPair * seen +
      model.windowAttentionSecondsPerPair * inWindow)
  )
}
