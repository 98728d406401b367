import type { StepModel } from '../performance/step-model.ts'
import { type BoardPowerCoefficients, type BoardPowerInput, boardPowerWatts } from './board-power.ts'
import { type DecodeLoad, type DecodeWork, decodeWork } from './decode-work.ts'

/**
 * A replica at its peak as the performance estimate sees it. Power follows these step times, so that speed, power and
 * energy of a plan agree: J per output token = N · P / rate.
 */
export interface ReplicaAtPeak {
  readonly model: StepModel
  readonly board: BoardPowerCoefficients
  readonly tdpWatts: number
  readonly idleWatts: number
  readonly lowPrecisionExperts: boolean
  /** Running sequences of one attention group at the peak. */
  readonly sequences: number
  /** Sequences ÷ output tokens per second of that group: a step with its share of prefill, seconds. */
  readonly stepSeconds: number
  /** The same with one sequence alone, seconds. */
  readonly stepSecondsAlone: number
  /** Per request; `inputTokens` without what a cache serves. */
  readonly inputTokens: number
  readonly cachedInputTokens: number
  readonly outputTokens: number
}

// Scratch objects keep the search loop free of allocation.
const work: DecodeWork = { memorySeconds: 0, computeSeconds: 0 }
const load: { -readonly [K in keyof DecodeLoad]: DecodeLoad[K] } = {
  sequences: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
}
const state: { -readonly [K in keyof BoardPowerInput]: BoardPowerInput[K] } = {
  tdpWatts: 0,
  idleWatts: 0,
  computeUtilisation: 0,
  bandwidthUtilisation: 0,
  lowPrecisionExperts: false,
}

/** Mean power of one accelerator with so many sequences in steps of that length, watts. */
export function boardWattsWhileServing(
  replica: ReplicaAtPeak,
  step: { readonly sequences: number; readonly stepSeconds: number },
): number {
  load.sequences = step.sequences
  load.inputTokens = replica.inputTokens
  load.cachedInputTokens = replica.cachedInputTokens
  load.outputTokens = replica.outputTokens
  decodeWork(replica.model, load, work)
  state.tdpWatts = replica.tdpWatts
  state.idleWatts = replica.idleWatts
  state.computeUtilisation = Math.min(work.computeSeconds / step.stepSeconds, 1)
  state.bandwidthUtilisation = Math.min(work.memorySeconds / step.stepSeconds, 1)
  state.lowPrecisionExperts = replica.lowPrecisionExperts
  return boardPowerWatts(replica.board, state)
}

// What the last call of `solveLoad` found; read at once, never kept.
const solved = { sequences: 0, stepSeconds: 0, busyFraction: 0 }

/**
 * Running sequences at a share of the peak's rate. A step lasts t(b) = α + β·b through the two known points, and the
 * rate is b/t(b), so b = λ·α/(1 − λ·β). Below one sequence the replica works only part of the time.
 */
function solveLoad(replica: ReplicaAtPeak, loadFraction: number): typeof solved {
  const { sequences, stepSeconds, stepSecondsAlone } = replica
  const slope = sequences > 1 ? Math.max(stepSeconds - stepSecondsAlone, 0) / (sequences - 1) : 0
  const fixed = stepSeconds - slope * sequences
  const rate = (loadFraction * sequences) / stepSeconds
  // Where a step grows in proportion to its sequences the peak's own division is 0/0.
  const running = loadFraction >= 1 ? sequences : Math.min((rate * fixed) / (1 - rate * slope), sequences)
  if (running >= 1) {
    solved.sequences = running
    solved.stepSeconds = fixed + slope * running
    solved.busyFraction = 1
    return solved
  }
  solved.sequences = 1
  solved.stepSeconds = fixed + slope
  solved.busyFraction = rate * solved.stepSeconds
  return solved
}

export interface ReplicaPower {
  /** Mean power of one accelerator, watts. */
  boardWatts: number
  /** Share of the time in which a request is in work. */
  busyFraction: number
}

/**
 * Power of one accelerator when the replica gets a share of its peak load (0 to 1). Between idle and the cap, rising
 * with the load. Fills `out` and returns it; allocates nothing.
 */
export function replicaPowerAtLoad(
  replica: ReplicaAtPeak,
  loadFraction: number,
  out: ReplicaPower,
): ReplicaPower {
  if (loadFraction <= 0) {
    out.boardWatts = replica.idleWatts
    out.busyFraction = 0
    return out
  }
  const { busyFraction } = solveLoad(replica, loadFraction)
  const serving = boardWattsWhileServing(replica, solved)
  out.boardWatts = replica.idleWatts + busyFraction * (serving - replica.idleWatts)
  out.busyFraction = busyFraction
  return out
}
