import type { BoardPowerCoefficients } from '../../estimators/energy/board-power.ts'
import { kvBytesPerSequence } from '../../estimators/memory/kv-profile.ts'
import { kvPoolBytes, type PreparedMemory } from '../../estimators/memory/prepared.ts'
import type { StepModel } from '../../estimators/performance/step-model.ts'
import type { LoadCurve } from './load-curve.ts'
import type { Phase } from './phases.ts'

/** The load and what it asks for, the same for every candidate. Base units. */
export interface ServingTask {
  /** At the end of the horizon where demand grows. */
  readonly peakRequestsPerSecond: number
  readonly inputTokensMean: number
  readonly inputTokensP95: number
  readonly outputTokensMean: number
  readonly outputTokensP95: number
  readonly cachedInputFraction: number
  /** Memory is sized for sequences of this length. */
  readonly contextTokens: number
  readonly ttftSeconds: number
  readonly tpotSeconds: number
  readonly endToEndSeconds: number | undefined
  readonly percentile: number
  readonly headroomFraction: number
  readonly curve: LoadCurve
  /** The years of a growing demand. Empty: one set of machines from the first day on. */
  readonly phases: readonly Phase[]
  /** Where several use cases share the replicas: each has its own lengths and targets. The lengths above are the mix. */
  readonly classes?: readonly TaskClass[]
}

/** One of the use cases that share a replica. */
export interface TaskClass {
  readonly name: string
  /** Of the requests at the peak. */
  readonly fraction: number
  readonly inputTokensMean: number
  readonly inputTokensP95: number
  readonly outputTokensMean: number
  readonly outputTokensP95: number
  readonly cachedInputFraction: number
  readonly percentile: number
  /** Its own targets over the strictest, which are the task's: 1 or more. Undefined = it has none. */
  readonly ttftScale: number
  readonly tpotScale: number
  readonly endToEndScale: number | undefined
}

/** One replica on its devices. */
export interface ReplicaUnderTest {
  readonly memory: PreparedMemory
  readonly step: StepModel
  readonly usableBytes: number
  readonly devices: number
  readonly tdpWatts: number
  readonly idleWatts: number
  readonly board: BoardPowerCoefficients
  readonly lowPrecisionExperts: boolean
}

/** Why a replica cannot serve, as bits, so that all reasons are kept. */
export const refusal = {
  memory: 1,
  ttft: 2,
  tpot: 4,
  endToEnd: 8,
} as const

/** What a replica does for the task. Written in place: the search allocates none. */
export interface Serving {
  /** Bits of `refusal`; 0 = it serves. */
  refused: number
  mostSequences: number
  /** Of one replica, at the targets. */
  capacityRequestsPerSecond: number
  /** For the peak with its headroom, spares not counted. */
  replicas: number
  /** In flight on one replica at the peak. */
  concurrency: number
  /** At the peak, at the task's percentile. With classes: of the one nearest its target, over its scale. */
  ttftSeconds: number
  tpotSeconds: number
  endToEndSeconds: number
  /** The same of all requests together: what options are compared by. */
  answerSeconds: number
  /** Of one device at the peak, and its mean over the week, idle hours included. */
  peakBoardWatts: number
  averageBoardWatts: number
  /** Mean share of the time that a serving replica works. */
  averageBusyFraction: number
  /** One per phase of the task; all other figures are of the last. */
  phases: PhaseServing[]
}

/** What the replicas of a phase do. Written in place. */
export interface PhaseServing {
  startMonth: number
  endMonth: number
  peakRequestsPerSecond: number
  /** For the phase's peak with its headroom. */
  replicas: number
  /** At the peak of its average month, as in `Serving`. */
  peakBoardWatts: number
  averageBoardWatts: number
  averageBusyFraction: number
}

/** Bytes by which a device falls short of the weights and one long sequence per group; 0 or less where they fit. */
export function missingBytes(
  memory: PreparedMemory,
  input: { readonly usableBytes: number; readonly contextTokens: number },
): number {
  const needed = kvBytesPerSequence(memory.allocation.profile, input.contextTokens)
  return needed - kvPoolBytes(memory, input.usableBytes)
}

export function emptyServing(): Serving {
  return {
    refused: 0,
    mostSequences: 0,
    capacityRequestsPerSecond: 0,
    replicas: 0,
    concurrency: 0,
    ttftSeconds: 0,
    tpotSeconds: 0,
    endToEndSeconds: 0,
    answerSeconds: 0,
    peakBoardWatts: 0,
    averageBoardWatts: 0,
    averageBusyFraction: 0,
    phases: [],
  }
}

export function emptyPhaseServing(): PhaseServing {
  return {
    startMonth: 0,
    endMonth: 0,
    peakRequestsPerSecond: 0,
    replicas: 0,
    peakBoardWatts: 0,
    averageBoardWatts: 0,
    averageBusyFraction: 0,
  }
}

/** Replicas for a peak: `usable` is what one serves with its headroom. Room for float noise: 3.0000000001 is 3. */
export function replicasFor(peakRequestsPerSecond: number, usable: number): number {
  return Math.max(1, Math.ceil(peakRequestsPerSecond / usable - 1e-9))
}
