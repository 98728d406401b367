import type { EngineStep } from './engine-step.ts'
import { capacityRequestsPerSecond } from './queueing.ts'
import { queueingLoad, type RequestLengths, stepSecondsOf } from './queueing-load.ts'

/** What each part of a deployment with separate pools passes at most, requests per second. */
export interface DisaggregatedCapacity {
  readonly prefillPerSecond: number
  readonly transferPerSecond: number
  readonly decodePerSecond: number
  /** The least of the three. */
  readonly requestsPerSecond: number
}

/**
 * Largest rate that no part of separate pools falls behind: prompts alone in the prefill pool, decode steps with every
 * slot taken in the decode pool, and one cache at a time in each port of the link.
 */
export function disaggregatedCapacity(input: {
  prefill: { readonly engine: EngineStep; readonly replicas: number }
  decode: { readonly engine: EngineStep; readonly replicas: number }
  lengths: RequestLengths
  /** Of a mean request's cache in one port. */
  transferSeconds: number
}): DisaggregatedCapacity {
  const { prefill, decode, lengths } = input
  const firstToken = { ...lengths, outputTokens: 1, outputSquaredVariation: 0 }
  const prefillPerSecond = prefill.replicas * capacityRequestsPerSecond(prefill.engine, firstToken)
  const load = queueingLoad(decode.engine, lengths)
  const fits =
    load.engine.kvTokensPerSequence + lengths.inputTokens + lengths.outputTokens <=
    load.engine.kvCapacityTokens
  const stay = load.decodeSteps * stepSecondsOf(load, { tokens: 0, running: load.slots })
  const decodePerSecond = fits ? (decode.replicas * load.slots) / stay : 0
  const transferPerSecond = Math.min(prefill.replicas, decode.replicas) / input.transferSeconds
  return {
    prefillPerSecond,
    transferPerSecond,
    decodePerSecond,
    requestsPerSecond: Math.min(prefillPerSecond, transferPerSecond, decodePerSecond),
  }
}
