import { type EngineStep, engineStep } from '../estimators/performance/engine-step.ts'
import { acceptedTokens } from './speculation.ts'
import type { SpeedAnswer, SpeedQuery } from './speed.ts'

/** One replica of a speed query as a scheduler sees it, for the simulation and the approximation of queueing. */
export function replicaEngine(input: {
  answer: SpeedAnswer
  query: SpeedQuery
  kvPolicy: EngineStep['kvPolicy']
}): EngineStep {
  const { answer, query, kvPolicy } = input
  const groups = query.layout.attentionData
  const { speculation } = query
  return engineStep(answer.model, {
    maxBatchedTokens: answer.maxBatchedTokens * groups,
    maxSequences: (answer.maxSequences ?? Number.POSITIVE_INFINITY) * groups,
    // The memory plan counts sequences of the mean length, half decoded: windows and states are in that length's tokens.
    kvCapacityTokens: answer.sequencesInMemory * (query.inputTokens + query.outputTokens / 2),
    kvTokensPerSequence: 0,
    tokensPerStep: speculation === undefined ? 1 : acceptedTokens(speculation),
    verifiedTokensPerStep: speculation === undefined ? 1 : speculation.proposedTokens + 1,
    cachedInputFraction: query.cachedInputFraction,
    kvPolicy,
  })
}
