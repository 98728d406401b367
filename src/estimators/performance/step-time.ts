import type { StepModel } from './step-model.ts'

/**
 * Time of one engine step. Symbols as in `terms.ts`; the form is our own study's (a plain sum of physical times, each
 * times a fitted non-negative factor), so a step never gets slower with more bandwidth, compute or link speed.
 */

/** Where a step's time goes, seconds. */
export interface StepBreakdown {
  weightsSeconds: number
  cacheSeconds: number
  computeSeconds: number
  communicationSeconds: number
  latencySeconds: number
}

export function emptyBreakdown(): StepBreakdown {
  return { weightsSeconds: 0, cacheSeconds: 0, computeSeconds: 0, communicationSeconds: 0, latencySeconds: 0 }
}

export function breakdownSeconds(b: StepBreakdown): number {
  return b.weightsSeconds + b.cacheSeconds + b.computeSeconds + b.communicationSeconds + b.latencySeconds
}

export interface MixedStep {
  /** New input tokens in this step over all requests of the attention group. */
  readonly prefillTokens: number
  /** Tokens already cached before them, mean over those tokens (0 for a fresh prompt that fits the step). */
  readonly prefillContextTokens: number
  /** Sequences that decode one token in this step. */
  readonly decodeSequences: number
  /** Their mean context, tokens. */
  readonly decodeContextTokens: number
}

/** Share of the routed experts that T tokens touch: 1 − (1 − k/E)^(T^γ). */
function coverage(model: StepModel, tokens: number): number {
  if (model.logMissPerToken === 0) return 0
  return 1 - Math.exp(model.logMissPerToken * tokens ** model.coefficients.routingExponent)
}

function imbalance(model: StepModel): number {
  return 1 + model.coefficients.expertImbalance * model.expertSpreadDoublings
}

/** One decode step of `decodeSequences` sequences per attention group. Adds to `into`. */
export function addDecodeStep(
  model: StepModel,
  load: { readonly decodeSequences: number; readonly decodeContextTokens: number },
  into: StepBreakdown,
): void {
  const c = model.coefficients
  const b = load.decodeSequences
  const stageBatch = model.pipelineParallel > 1 ? Math.max(b / model.pipelineParallel, 1) : b
  const tokens = stageBatch * model.attentionDataParallel
  const context = load.decodeContextTokens
  const inWindow = Math.min(context, model.windowTokens)
  const spread = imbalance(model)
  into.weightsSeconds +=
    c.weightStream * model.denseStreamSeconds +
    c.expertStream * spread * model.expertStreamSeconds * coverage(model, tokens)
  into.computeSeconds +=
    stageBatch *
    (c.decodeCompute * model.denseSecondsPerToken +
      c.expertCompute * spread * model.expertSecondsPerToken +
      c.latentCompute * model.latentSecondsPerToken * context)
  into.cacheSeconds +=
    c.cacheRead *
    stageBatch *
    (model.cacheSecondsPerToken * context +
      model.windowCacheSecondsPerToken * inWindow +
      model.stateSecondsPerSequence)
  into.communicationSeconds +=
    c.reduceLatency * model.reduces +
    c.reduceBytes * stageBatch * model.reduceSecondsPerToken +
    c.dispatchLatency * model.dispatchLayers +
    c.dispatchBytes * stageBatch * model.dispatchSecondsPerToken
  into.latencySeconds +=
    c.stepLatency +
    c.layerLatency * model.layers +
    c.expertLayerLatency * model.expertLayers +
    c.recurrentLayerLatency * model.recurrentLayers +
    c.latentLayerLatency * model.latentLayers +
    c.sequenceLatency * stageBatch
}

/**
 * Prefill of `newTokens` per prompt after `depthTokens` cached ones; `packed` prompts share the engine's chunks
 * (1 = alone). Seconds per prompt. Weights and compute overlap (root of squares). Adds to `into`.
 */
export function addPrefill(
  model: StepModel,
  load: { readonly newTokens: number; readonly depthTokens: number; readonly packed: number },
  into: StepBreakdown,
): void {
  const c = model.coefficients
  const n = load.newTokens
  if (n <= 0) return
  const chunk = model.prefillChunkTokens
  const together = n * load.packed
  const chunks =
    load.packed <= 1 ? Math.ceil(n / chunk) : Math.max(Math.ceil(together / chunk), 1) / load.packed
  const perChunk = Math.min(together, chunk)
  const spread = imbalance(model)
  const stream =
    chunks *
    (c.weightStream * model.denseStreamSeconds +
      c.expertStream *
        spread *
        model.attentionDataParallel *
        model.expertStreamSeconds *
        prefillCoverage(model, perChunk))
  const compute =
    n *
    (c.prefillCompute * model.bodySecondsPerToken +
      c.prefillExpertCompute * spread * tileWaste(model, perChunk) * model.expertSecondsPerToken +
      c.prefillActivationTraffic * model.activationSecondsPerToken)
  const both = Math.sqrt(stream * stream + compute * compute)
  // A layer split overlaps the chunks of one prompt as a pipeline of `pipelineParallel` stages.
  const waves = Math.min(chunks, model.pipelineChunks)
  const piped =
    model.layerSplit && model.pipelineParallel > 1
      ? (waves + model.pipelineParallel - 1) / (waves * model.pipelineParallel)
      : 1
  const share = both > 0 ? (both * piped) / (stream + compute) : 0
  into.weightsSeconds += stream * share
  const seen = load.depthTokens + n / 2
  const inWindow = Math.min(seen, model.windowTokens)
  into.computeSeconds +=
    compute * share +
    c.prefillAttention *
      n *
      (model.attentionSecondsPerPair * seen + model.windowAttentionSecondsPerPair * inWindow)
  into.communicationSeconds +=
    c.reduceLatency * chunks * model.reduces + c.reduceBytes * n * model.reduceSecondsPerToken
  into.latencySeconds +=
    chunks *
    (c.stepLatency +
      c.prefillLayerLatency * model.layers +
      c.prefillExpertLayerLatency * model.expertLayers +
      c.prefillLatentLayerLatency * model.latentLayers +
      c.recurrentLayerLatency * model.recurrentLayers)
}

/** Rows that a tile of a matrix product holds beyond those an expert fills, on average: half of the usual 64. */
const idleTileRows = 32

/**
 * Work of grouped expert products ÷ their useful work: each expert touched rounds its tokens up to whole tiles, which
 * costs most where a chunk leaves few tokens per expert.
 */
function tileWaste(model: StepModel, tokens: number): number {
  if (model.logMissPerToken === 0) return 1
  const chosenShare = -Math.expm1(model.logMissPerToken)
  return 1 + (idleTileRows * prefillCoverage(model, tokens)) / (chosenShare * tokens)
}

function prefillCoverage(model: StepModel, tokens: number): number {
  if (model.logMissPerToken === 0) return 0
  return 1 - Math.exp(model.logMissPerToken * tokens)
}

// One scratch breakdown keeps the search loop free of allocation.
const scratch = emptyBreakdown()

function clear(b: StepBreakdown): void {
  b.weightsSeconds = 0
  b.cacheSeconds = 0
  b.computeSeconds = 0
  b.communicationSeconds = 0
  b.latencySeconds = 0
}

export function decodeStepSeconds(
  model: StepModel,
  load: { readonly decodeSequences: number; readonly decodeContextTokens: number },
): number {
  clear(scratch)
  addDecodeStep(model, load, scratch)
  return breakdownSeconds(scratch)
}

export function prefillSeconds(
  model: StepModel,
  load: { readonly newTokens: number; readonly depthTokens: number; readonly packed: number },
): number {
  clear(scratch)
  addPrefill(model, load, scratch)
  return breakdownSeconds(scratch)
}

const mixedDecode = { decodeSequences: 0, decodeContextTokens: 0 }
const mixedPrefill = { newTokens: 0, depthTokens: 0, packed: 1 }

/**
 * One iteration of continuous batching with chunked prefill, seconds. Prefill that rides along with decodes shares
 * their weight reads and launches: only its fitted share (`interference`) lengthens the step.
 */
export function mixedStepSeconds(model: StepModel, step: MixedStep): number {
  let seconds = 0
  if (step.decodeSequences > 0) {
    mixedDecode.decodeSequences = step.decodeSequences
    mixedDecode.decodeContextTokens = step.decodeContextTokens
    seconds += decodeStepSeconds(model, mixedDecode)
  }
  if (step.prefillTokens > 0) {
    mixedPrefill.newTokens = step.prefillTokens
    mixedPrefill.depthTokens = step.prefillContextTokens
    const alone = prefillSeconds(model, mixedPrefill)
    seconds += step.decodeSequences > 0 ? model.coefficients.interference * alone : alone
  }
  return seconds
}
