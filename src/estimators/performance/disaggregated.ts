import { type Performance, prefillAt, type ServingLoad } from './steady-state.ts'
import type { StepModel } from './step-model.ts'
import { decodeStepSeconds } from './step-time.ts'

/** Prefill and decode on replicas of their own; the cache of each prompt crosses a link between them. */
export interface DisaggregatedInput {
  readonly prefill: StepModel
  readonly decode: StepModel
  readonly prefillReplicas: number
  readonly decodeReplicas: number
  /** Of one transfer, one way. */
  readonly transferBytesPerSecond: number
  /** Concurrency counts over all replicas; `sequencesInMemory` is that of one decode group. */
  readonly load: ServingLoad
}

/** Bytes of the cache that a prompt leaves behind, over all devices that hold a part of it. */
export function handedOverBytes(model: StepModel, inputTokens: number): number {
  return (
    model.pipelineParallel *
    model.tensorParallel *
    (model.cacheBytesPerToken * inputTokens +
      model.windowCacheBytesPerToken * Math.min(inputTokens, model.windowTokens) +
      model.stateBytesPerSequence)
  )
}

const step = { decodeSequences: 0, decodeContextTokens: 0 }

/**
 * Closed loop by the bounds of a two-station network: N requests take at least t_0 + T_p + transfer + o·decode(b) each,
 * and the prefill pool passes at most one request per T_p and replica: e2e = max(that sum, N·T_p/P) (asymptotic bounds,
 * Denning and Buzen 1978). Decode steps hold no prefill. Allocates nothing.
 */
export function disaggregated(input: DisaggregatedInput, out: Performance): Performance {
  const { load, prefill, decode } = input
  const groups = input.decodeReplicas * decode.attentionDataParallel
  const wanted = Math.max(load.concurrency / groups, 1)
  const b = Math.max(Math.min(wanted, load.sequencesInMemory), 1)
  step.decodeSequences = b * load.verifiedTokensPerStep
  step.decodeContextTokens = load.inputTokens + load.outputTokens / 2
  const tpot = decodeStepSeconds(decode, step) / load.tokensPerStep
  const alone = prefillAt(prefill, load, 1)
  const ownWork =
    prefill.coefficients.requestLatency +
    (prefill.attentionDataParallel > 1 ? prefill.coefficients.groupWait : 0) +
    alone +
    handedOverBytes(decode, load.inputTokens) / input.transferBytesPerSecond +
    load.outputTokens * tpot
  const running = Math.min(b * groups, load.concurrency)
  const pool = input.prefillReplicas * prefill.attentionDataParallel
  const service = Math.max(ownWork, (running * alone) / pool)
  const endToEnd = service * Math.max(load.concurrency / running, 1)
  out.ttftSeconds = endToEnd - load.outputTokens * tpot
  out.tpotSeconds = tpot
  out.medianTpotSeconds = tpot
  out.endToEndSeconds = endToEnd
  out.requestsPerSecond = running / service
  out.outputTokensPerSecond = out.requestsPerSecond * load.outputTokens
  out.totalTokensPerSecond = out.requestsPerSecond * (load.inputTokens + load.outputTokens)
  out.runningSequences = running
  out.prefillSeconds = alone
  out.decodeStepSeconds = tpot
  return out
}
