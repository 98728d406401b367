import type { StepModel } from './step-model.ts'
import { mixedStepSeconds, prefillSeconds } from './step-time.ts'

/** What one step of an engine with chunked prefill runs. */
export interface StepLoad {
  /** New input tokens over all prompts of the step. */
  prefillTokens: number
  /** Tokens that one of them attends to, mean over them (half its length for a fresh prompt that fits the step). */
  prefillSeenTokens: number
  /** Tokens that decode: sequences times the tokens verified per sequence. */
  decodeSequences: number
  /** Mean context of the decoding sequences, tokens. */
  decodeContextTokens: number
}

/**
 * An engine as the scheduler sees it: what a step costs and what limits it. The simulation and the approximation of
 * queueing share it, so that one can check the other. Over all attention groups of one replica.
 */
export interface EngineStep {
  /** Seconds of one step. Not negative; between prefills concave or convex in the context. */
  stepSeconds(load: Readonly<StepLoad>): number
  /** Per request outside the engine's steps: HTTP, tokenising, hand-over. */
  readonly requestLatencySeconds: number
  /** Tokens that a step runs at most, decodes included. */
  readonly maxBatchedTokens: number
  /** Sequences that run at once at most. */
  readonly maxSequences: number
  /** Tokens that the KV memory holds; Infinity where it does not bind. */
  readonly kvCapacityTokens: number
  /** What a sequence takes besides its tokens (recurrent states), counted in tokens. */
  readonly kvTokensPerSequence: number
  /** Output tokens that a decode step yields per sequence: 1 without speculation. */
  readonly tokensPerStep: number
  /** Tokens that a decode step runs per sequence: 1 without speculation. */
  readonly verifiedTokensPerStep: number
  /** Share of the input that the prefix cache serves, 0 to 1. */
  readonly cachedInputFraction: number
  /**
   * `reserve` admits a request when its whole output will fit too; `preempt` admits it when its input fits, and when
   * memory runs out the newest sequence gives way and is computed again (vLLM).
   */
  readonly kvPolicy: 'reserve' | 'preempt'
}

export interface EngineLimits extends Omit<EngineStep, 'stepSeconds' | 'requestLatencySeconds'> {}

/**
 * One replica of a prepared step model behind the scheduler's interface. With attention data parallelism the groups
 * run in lockstep and share a load evenly; limits are those of all groups together.
 */
export function engineStep(model: StepModel, limits: EngineLimits): EngineStep {
  const groups = model.attentionDataParallel
  const mixed = { prefillTokens: 0, prefillContextTokens: 0, decodeSequences: 0, decodeContextTokens: 0 }
  const alone = { newTokens: 0, depthTokens: 0, packed: 1 }
  return {
    ...limits,
    requestLatencySeconds:
      model.coefficients.requestLatency + (groups > 1 ? model.coefficients.groupWait : 0),
    stepSeconds(load) {
      mixed.prefillTokens = load.prefillTokens / groups
      // The step model adds half the new tokens to the depth, as for one prompt; here prompts may share the step.
      mixed.prefillContextTokens = load.prefillSeenTokens - mixed.prefillTokens / 2
      mixed.decodeSequences = load.decodeSequences / groups
      mixed.decodeContextTokens = load.decodeContextTokens
      const seconds = mixedStepSeconds(model, mixed)
      if (load.prefillTokens <= 0 || load.decodeSequences <= 0) return seconds
      // Decodes that ride along never make a prefill faster than it is alone.
      alone.newTokens = mixed.prefillTokens
      alone.depthTokens = mixed.prefillContextTokens
      return Math.max(seconds, prefillSeconds(model, alone))
    },
  }
}
