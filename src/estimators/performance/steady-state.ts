import type { StepModel } from './step-model.ts'
import { decodeStepSeconds, prefillSeconds } from './step-time.ts'

/** What a replica (all its attention groups) delivers under one load. Seconds and tokens per second. */
export interface Performance {
  ttftSeconds: number
  tpotSeconds: number
  /** TPOT as a median inter-token time shows it. */
  medianTpotSeconds: number
  endToEndSeconds: number
  outputTokensPerSecond: number
  totalTokensPerSecond: number
  requestsPerSecond: number
  /** Sequences that run at once, over all groups. */
  runningSequences: number
  prefillSeconds: number
  decodeStepSeconds: number
}

export function emptyPerformance(): Performance {
  return {
    ttftSeconds: 0,
    tpotSeconds: 0,
    medianTpotSeconds: 0,
    endToEndSeconds: 0,
    outputTokensPerSecond: 0,
    totalTokensPerSecond: 0,
    requestsPerSecond: 0,
    runningSequences: 0,
    prefillSeconds: 0,
    decodeStepSeconds: 0,
  }
}

export interface ServingLoad {
  /** Requests in flight, over all attention groups and replicas. */
  readonly concurrency: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** Part of the input that the prefix cache serves, 0 to 1. */
  readonly cachedInputFraction: number
  /** Tokens that one decode step yields per sequence (1 without speculation). */
  readonly tokensPerStep: number
  /** Tokens that one decode step runs through the model per sequence (1 without speculation). */
  readonly verifiedTokensPerStep: number
  /** Sequences that the KV memory of one attention group holds; Infinity where it does not bind. */
  readonly sequencesInMemory: number
  /** Share of all requests that start together at the beginning (0.1 for the usual ten times the concurrency). */
  readonly burstFraction: number
}

const two = { decodeSequences: 0, decodeContextTokens: 0 }
const pre = { newTokens: 0, depthTokens: 0, packed: 1 }

function decodeAt(model: StepModel, sequences: number, context: number): number {
  two.decodeSequences = sequences
  two.decodeContextTokens = context
  return decodeStepSeconds(model, two)
}

/** Seconds per prompt. Engines compute at least a prompt's last token, cached or not: the first answer comes from it. */
export function prefillAt(model: StepModel, load: ServingLoad, packed: number): number {
  const fresh = load.inputTokens * (1 - load.cachedInputFraction)
  pre.newTokens = Math.max(fresh, Math.min(load.inputTokens, 1))
  pre.depthTokens = load.inputTokens - pre.newTokens
  pre.packed = packed
  return prefillSeconds(model, pre)
}

/**
 * Closed loop: `concurrency` requests in flight, each replaced when it ends (continuous batching).
 * TPOT = decode(b) + c·T_p·(b − 1)/o;  TTFT = t_0 + T_p + q·r·T_p·(b − 1)/2 + q_s·T_p·u·(b − 1)/b/2/(1 − u) + h·TPOT,
 * with u the share of time in prefill; beyond what memory holds, requests queue. Throughput by Little's law.
 * T_p, `alone`, is the same at every load: who asks for many loads works it out once.
 */
export function steadyState(
  model: StepModel,
  load: ServingLoad,
  out: Performance,
  alone = prefillAt(model, load, 1),
): Performance {
  const c = model.coefficients
  const groups = model.attentionDataParallel * model.replicas
  const wanted = Math.max(load.concurrency / groups, 1)
  const b = Math.max(Math.min(wanted, load.sequencesInMemory), 1)
  const context = load.inputTokens + load.outputTokens / 2
  const decode = decodeAt(model, b * load.verifiedTokensPerStep, context) / load.tokensPerStep
  const others = interferenceSeconds(model, load, b)
  const tpot = decode + c.interference * others
  const busy = (b * alone) / (alone + load.outputTokens * decode + b * alone)
  const drain = (b - 1) * alone
  const wait = (c.burstQueue * load.burstFraction * drain) / 2 + (c.steadyQueue * alone * busy * (b - 1)) / b
  const service =
    c.requestLatency + (model.attentionDataParallel > 1 ? c.groupWait : 0) + alone + wait + c.stepWait * tpot
  const endToEnd = service + load.outputTokens * tpot
  const queue = wanted > b ? (wanted / b - 1) * endToEnd : 0
  out.ttftSeconds = service + queue
  out.tpotSeconds = tpot
  out.medianTpotSeconds = decode + c.interference * c.medianInterference * others
  out.endToEndSeconds = endToEnd + queue
  out.requestsPerSecond = (b * groups) / endToEnd
  out.outputTokensPerSecond = out.requestsPerSecond * load.outputTokens
  out.totalTokensPerSecond = out.requestsPerSecond * (load.inputTokens + load.outputTokens)
  out.runningSequences = b * groups
  out.prefillSeconds = alone
  out.decodeStepSeconds = decode
  return out
}

/**
 * Prefill work of the others per decode step: a = (b − 1)/o prompts arrive per step, a step that has any holds
 * a/(1 − e^−a) of them (Poisson), and these share its launches and its weight reads.
 */
function interferenceSeconds(model: StepModel, load: ServingLoad, sequences: number): number {
  const arrivals = ((sequences - 1) * load.tokensPerStep) / Math.max(load.outputTokens, 1)
  if (arrivals <= 0) return 0
  return (arrivals * prefillAt(model, load, arrivals / -Math.expm1(-arrivals))) / load.tokensPerStep
}

/** `concurrency` sequences start together, run to the end, and the batch ends when all end. */
export function staticBatch(model: StepModel, load: ServingLoad, out: Performance): Performance {
  const c = model.coefficients
  const groups = model.attentionDataParallel * model.replicas
  const wanted = Math.max(load.concurrency / groups, 1)
  const b = Math.max(Math.min(wanted, load.sequencesInMemory), 1)
  const context = load.inputTokens + load.outputTokens / 2
  const each = prefillAt(model, load, wanted)
  const decode = decodeAt(model, b * load.verifiedTokensPerStep, context) / load.tokensPerStep
  const total = wanted * each + c.requestLatency + load.outputTokens * (wanted / b) * decode
  out.ttftSeconds = c.requestLatency + wanted * each
  out.tpotSeconds = decode
  out.medianTpotSeconds = decode
  out.endToEndSeconds = total
  out.requestsPerSecond = (wanted * groups) / total
  out.outputTokensPerSecond = out.requestsPerSecond * load.outputTokens
  out.totalTokensPerSecond = out.requestsPerSecond * (load.inputTokens + load.outputTokens)
  out.runningSequences = b * groups
  out.prefillSeconds = each
  out.decodeStepSeconds = decode
  return out
}

/** Offline, all requests queued: as many sequences as memory holds (times `saturatedBatch`), prefill in packed chunks. */
export function saturated(
  model: StepModel,
  load: ServingLoad,
  maxSequences: number,
  out: Performance,
): Performance {
  const c = model.coefficients
  const groups = model.attentionDataParallel * model.replicas
  const b = Math.max(Math.min(c.saturatedBatch * load.sequencesInMemory, maxSequences), 1)
  const context = load.inputTokens + load.outputTokens / 2
  const each = prefillAt(model, load, b)
  const decode = decodeAt(model, b * load.verifiedTokensPerStep, context) / load.tokensPerStep
  const perToken = decode + (b * each) / Math.max(load.outputTokens, 1)
  out.tpotSeconds = perToken
  out.medianTpotSeconds = decode
  out.ttftSeconds = Number.NaN
  out.endToEndSeconds = load.outputTokens * perToken
  out.requestsPerSecond = (b * groups) / out.endToEndSeconds
  out.outputTokensPerSecond = (b * groups) / perToken
  out.totalTokensPerSecond = out.requestsPerSecond * (load.inputTokens + load.outputTokens)
  out.runningSequences = b * groups
  out.prefillSeconds = each
  out.decodeStepSeconds = decode
  return out
}

/** `requests` arrive at once: the first wave waits half its drain time, later waves queue. */
export function burst(
  model: StepModel,
  load: ServingLoad,
  maxSequences: number,
  out: Performance,
): Performance {
  const c = model.coefficients
  const groups = model.attentionDataParallel * model.replicas
  const wanted = Math.max(load.concurrency / groups, 1)
  const b = Math.max(Math.min(wanted, load.sequencesInMemory, maxSequences), 1)
  const context = load.inputTokens + load.outputTokens / 2
  const each = prefillAt(model, load, b)
  const decode = decodeAt(model, b * load.verifiedTokensPerStep, context) / load.tokensPerStep
  const others = (each * (b - 1)) / Math.max(load.outputTokens, 1)
  const tpot = decode + c.interference * others
  const service = c.requestLatency + each + (c.burstQueue * each * (b - 1)) / 2 + c.stepWait * tpot
  const endToEnd = service + load.outputTokens * tpot
  const waves = wanted / b
  const drain = waves * (b * each + load.outputTokens * decode) + c.requestLatency
  out.ttftSeconds = service + ((waves - 1) / 2) * endToEnd
  out.tpotSeconds = tpot
  out.medianTpotSeconds = tpot
  out.endToEndSeconds = endToEnd + ((waves - 1) / 2) * endToEnd
  out.requestsPerSecond = (wanted * groups) / drain
  out.outputTokensPerSecond = out.requestsPerSecond * load.outputTokens
  out.totalTokensPerSecond = out.requestsPerSecond * (load.inputTokens + load.outputTokens)
  out.runningSequences = b * groups
  out.prefillSeconds = each
  out.decodeStepSeconds = decode
  return out
}
