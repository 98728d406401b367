import type { EngineStep, StepLoad } from './engine-step.ts'

/** Lengths of requests: means in tokens, and how they vary (variance ÷ mean²; 0 = all equal). */
export interface RequestLengths {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly inputSquaredVariation: number
  readonly outputSquaredVariation: number
}

/** An engine under requests of given lengths, with what the approximation asks for again and again. */
export interface QueueingLoad {
  readonly engine: EngineStep
  readonly lengths: RequestLengths
  /** New tokens of a mean prompt, and its squared variation. */
  readonly promptTokens: number
  readonly promptSquaredVariation: number
  /** Tokens that a prompt token attends to, mean over tokens. */
  readonly seenTokens: number
  /** Mean context of a decoding sequence. */
  readonly contextTokens: number
  /** Steps that a sequence decodes. */
  readonly decodeSteps: number
  /** Sequences that may run at once. */
  readonly slots: number
}

export function queueingLoad(engine: EngineStep, lengths: RequestLengths): QueueingLoad {
  const { inputTokens: input, outputTokens: output } = lengths
  const cached = input * engine.cachedInputFraction
  const promptTokens = Math.max(1, input - cached)
  // A running sequence is met in proportion to its length, half done.
  const produced = (output * (1 + lengths.outputSquaredVariation)) / 2
  const contextTokens = input + produced
  const equal = lengths.inputSquaredVariation === 0 && lengths.outputSquaredVariation === 0
  return {
    engine,
    lengths,
    promptTokens,
    promptSquaredVariation: lengths.inputSquaredVariation,
    seenTokens: cached + (promptTokens * (1 + lengths.inputSquaredVariation)) / 2,
    contextTokens,
    decodeSteps: Math.max(0, output - 1) / engine.tokensPerStep,
    slots: Math.max(
      1,
      Math.min(
        engine.maxSequences,
        sequencesInMemory(engine, { lengths, equal }),
        engine.maxBatchedTokens / engine.verifiedTokensPerStep,
      ),
    ),
  }
}

/**
 * Sequences that the KV memory holds at once, met in proportion to their stay. An engine that preempts packs more of
 * them for a while and computes some twice: it counts as one that reserves, which simulated throughput is near.
 */
function sequencesInMemory(engine: EngineStep, input: { lengths: RequestLengths; equal: boolean }): number {
  const { inputTokens, outputTokens, outputSquaredVariation } = input.lengths
  const { kvCapacityTokens, kvTokensPerSequence } = engine
  if (kvCapacityTokens === Number.POSITIVE_INFINITY) return kvCapacityTokens
  const one = kvTokensPerSequence + inputTokens + outputTokens
  if (input.equal) return Math.floor(kvCapacityTokens / one + 1e-9)
  // The request that waits in front leaves on average half its need unused.
  const held = one + outputTokens * outputSquaredVariation
  return Math.max(1, (kvCapacityTokens - one / 2) / held)
}

const scratch: StepLoad = {
  prefillTokens: 0,
  prefillSeenTokens: 0,
  decodeSequences: 0,
  decodeContextTokens: 0,
}

/** Seconds of a step with `tokens` of prompts and `running` decoding sequences; 0 where it holds nothing. */
export function stepSecondsOf(
  load: QueueingLoad,
  input: { tokens: number; running: number; seenTokens?: number },
): number {
  if (input.tokens <= 0 && input.running <= 0) return 0
  scratch.prefillTokens = input.tokens
  scratch.prefillSeenTokens = input.seenTokens ?? load.seenTokens
  scratch.decodeSequences = input.running * load.engine.verifiedTokensPerStep
  scratch.decodeContextTokens = load.contextTokens
  return load.engine.stepSeconds(scratch)
}

/** Prompt tokens that fit a step beside `running` decoding sequences. */
export function promptBudget(load: QueueingLoad, running: number): number {
  return Math.max(1, load.engine.maxBatchedTokens - running * load.engine.verifiedTokensPerStep)
}

/** Decoding sequences when every step is full of prompts, in balance of starts and ends. */
export function runningWhenFull(load: QueueingLoad): number {
  if (load.decodeSteps <= 0) return 0
  return (
    load.engine.maxBatchedTokens / (load.engine.verifiedTokensPerStep + load.promptTokens / load.decodeSteps)
  )
}
