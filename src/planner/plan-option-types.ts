import type { CostCategory } from '../estimators/cost/lines.ts'
import type { Note, SentenceCode } from '../foundation/notes.ts'
import type { PlanDeployment } from './plan-deployment-types.ts'
import type { Figure } from './plan-figure.ts'
import type { PlanCarbon, PlanEnergy, PlanWater } from './plan-footprint-types.ts'
import type { PlanPhase } from './plan-phase-types.ts'
import type {
  PlanConstraintCheck,
  PlanExplanation,
  PlanLever,
  PlanScore,
  PlanTornadoBar,
  PlanUnknown,
} from './plan-reason-types.ts'
import type { PlanRole } from './plan-types.ts'

export type * from './plan-deployment-types.ts'
export type * from './plan-footprint-types.ts'
export type * from './plan-phase-types.ts'
export type * from './plan-reason-types.ts'

export type PlanPlaceKind = 'on-prem' | 'colocation' | 'subscription' | 'cloud' | 'api' | 'device'

/** One way to serve the workload: what runs, on what, where, at which price. */
export interface PlanOption {
  /** Names its parts, so the same choice has the same id in every plan. */
  readonly id: string
  /** 1 = best by the scenario's score. */
  readonly rank: number
  readonly roles: readonly PlanRole[]
  readonly label: string
  readonly place: PlanPlace
  readonly model: PlanOptionModel
  /** Absent for an API, where only the provider knows. */
  readonly deployment?: PlanDeployment
  /** Where demand grows: the machines of each year. `deployment` is what stands at the end. */
  readonly phases?: readonly PlanPhase[]
  readonly billOfMaterials: readonly PlanMaterial[]
  readonly site?: PlanSite
  /** How near its speed is to anything measured. Absent for an API. */
  readonly evidence?: PlanEvidence
  readonly capacity?: PlanCapacity
  readonly latency?: PlanLatency
  /** Where several use cases share it: what each of them sees at the peak. Absent for an API. */
  readonly workloads?: readonly PlanWorkloadLatency[]
  readonly memory?: PlanMemory
  readonly energy?: PlanEnergy
  readonly carbon?: PlanCarbon
  readonly water?: PlanWater
  readonly cost: PlanCost
  /** Scores as published less the loss of the formats, for each benchmark the scenario or its use case names. */
  readonly quality: readonly PlanQuality[]
  readonly score: PlanScore
  /** One line per constraint of the scenario: met, by how much, or not known. */
  readonly constraints: readonly PlanConstraintCheck[]
  readonly why: readonly string[]
  /** The same for translators, in the same order. */
  readonly whyCodes?: readonly SentenceCode[]
  /** Options that come next for a role it has, and by how much they lose. */
  readonly nearly: readonly {
    readonly role: PlanRole
    readonly optionId: string
    readonly label: string
    readonly message: string
    /** By how much of the winner's figure it loses. */
    readonly moreFraction?: number
    /** Share of the paired draws in which it loses; absent where that is not drawn or its speed was never measured. */
    readonly drawsFraction?: number
    readonly tie: boolean
  }[]
  readonly wouldChange: readonly PlanLever[]
  /** Share of the paired draws in which it costs less than the first option, in present value. */
  readonly cheaperThanFirstFraction?: number
  /** Options that neither costs less nor more than in nine of ten paired draws: calling one cheaper is not supported. */
  readonly tiedWith: readonly string[]
  readonly sensitivity: readonly PlanTornadoBar[]
  /** How each figure came about. */
  readonly explanation: readonly PlanExplanation[]
  /** What the catalog does not know about it. Never counted as zero. */
  readonly unknown: readonly PlanUnknown[]
  readonly notes: readonly Note[]
}

export interface PlanPlace {
  readonly kind: PlanPlaceKind
  readonly placeId?: string
  readonly name?: string
  readonly countryCode?: string
  readonly provider?: string
  readonly region?: string
  /** `purchase`, `on-demand`, `reserved-1-year`, `spot`, `tokens`, … */
  readonly priceBasis: string
  /** Of a subscription: the quote of the scenario. */
  readonly quote?: string
  /** Rented machines run only as long as the load needs them; absent: always. */
  readonly followsDemand?: boolean
}

export interface PlanOptionModel {
  readonly id: string
  readonly name: string
  readonly class: 'slm' | 'llm' | 'unknown'
  readonly openWeights: boolean
  readonly weightFormat?: string
  readonly kvFormat?: string
  /** Relative loss of scores by both formats together. */
  readonly lossFraction?: { readonly low: number; readonly mid: number; readonly high: number }
  readonly lossAssumed?: boolean
}

export interface PlanEvidence {
  readonly novelty: 'measured' | 'new-architecture' | 'new-accelerator' | 'new-family' | 'unmeasured'
  readonly message: string
  /** The nearest configuration with published runs. */
  readonly nearest?: {
    readonly engine: string
    readonly acceleratorId: string
    readonly precision: string
    readonly modelId: string
    readonly leastBatch: number
    readonly mostBatch: number
    readonly runs: number
  }
  readonly differs: readonly string[]
}

/** One line of what is bought or rented. */
export interface PlanMaterial {
  readonly id: string
  readonly kind: 'server' | 'accelerator' | 'network-port' | 'storage' | 'rack' | 'instance' | 'tokens'
  readonly name: string
  readonly quantity: number
  readonly unit: string
  readonly unitPriceUsd?: number
  readonly unitPriceLowUsd?: number
  readonly unitPriceHighUsd?: number
  readonly sourceId?: string
  /** First month of use where a growing demand needs it later; absent: from the first day. */
  readonly neededFromMonth?: number
  readonly note?: string
  /** Absent where the note is the catalog's own sentence. */
  readonly noteCode?: SentenceCode
}

/** What the room must give. */
export interface PlanSite {
  readonly rackUnits?: number
  readonly racks: number
  /** By height and power; absent where machines stand on desks. */
  readonly serversPerRack?: number
  /** What circuits are sized for: the most that all machines can draw. */
  readonly nameplateWatts: Figure
  /** What one accelerator more or less in a machine changes in it; 0 where its maximum is published as one figure. */
  readonly nameplateWattsPerAccelerator?: number
  readonly heatBtuPerHour: number
  readonly cooling?: string
  readonly networkPorts: number
  readonly storageBytes: Figure
  readonly pueRatio: number
}

export interface PlanCapacity {
  /** One replica at the targets. */
  readonly requestsPerSecondPerReplica: Figure
  readonly requestsPerSecond: Figure
  readonly outputTokensPerSecond: Figure
  /** 1 − peak over capacity of the replicas that serve (spares not counted). */
  readonly headroomFraction: number
  readonly utilisationAtPeakFraction: number
  readonly utilisationAverageFraction: number
  readonly runningSequencesPerReplica: number
  readonly mostSequencesPerReplica: number
  /** How the peak rate could grow before one more replica is needed. */
  readonly peakRequestsPerSecondBeforeNextReplica: number
  /** Rate against latency on the way to saturation, of all serving replicas together. */
  readonly curve: readonly PlanCurvePoint[]
}

export interface PlanCurvePoint {
  readonly requestsPerSecond: number
  readonly ttftSecondsP50: number
  readonly ttftSecondsP95: number
  readonly tpotSecondsP50: number
  readonly tpotSecondsP95: number
  readonly endToEndSecondsP95: number
  readonly outputTokensPerSecond: number
}

/** At the peak rate. */
export interface PlanLatency {
  readonly ttft: PlanPercentiles
  readonly tpot: PlanPercentiles
  readonly endToEnd: PlanPercentiles
  /** What the time is spent on. */
  readonly prefillBound: 'compute' | 'weights' | 'cache' | 'communication' | 'latency'
  readonly decodeBound: 'compute' | 'weights' | 'cache' | 'communication' | 'latency'
  readonly prefillParts: Readonly<Record<string, number>>
  readonly decodeParts: Readonly<Record<string, number>>
}

export interface PlanWorkloadLatency {
  /** Of the plan's `workloads`. */
  readonly name: string
  readonly ttft: PlanPercentiles
  readonly tpot: PlanPercentiles
  readonly endToEnd: PlanPercentiles
}

export interface PlanPercentiles {
  readonly p50: Figure
  readonly p95: Figure
  readonly p99: Figure
}

/** On the heaviest device of a replica. */
export interface PlanMemory {
  readonly usableBytes: number
  readonly parts: readonly { readonly part: string; readonly bytes: number; readonly formulaId?: string }[]
  readonly freeBytes: number
  readonly longestContextTokens: number
}

export interface PlanCost {
  /** Sum of the lines until the horizon, undiscounted. */
  readonly totalUsd: Figure
  readonly netPresentUsd: Figure
  /** On the first day. */
  readonly upfrontUsd: Figure
  /** All purchases over the horizon, undiscounted, where some come later. A limit on capital counts them. */
  readonly purchasesUsd?: Figure
  readonly usdPerMonth: Figure
  readonly usdPerYear: Figure
  readonly blendedUsdPerMillionTokens: Figure
  readonly inputUsdPerMillionTokens?: Figure
  readonly outputUsdPerMillionTokens?: Figure
  readonly usdPer1000Requests: Figure
  readonly usdPerUserMonth?: Figure
  readonly lines: readonly PlanCostLine[]
  /** Index 0 is the day of the start. */
  readonly monthlyUsd: readonly number[]
  readonly yearlyUsd: readonly number[]
  readonly byCategory: readonly { readonly category: CostCategory; readonly usd: number }[]
}

export interface PlanCostLine {
  readonly id: string
  readonly label: string
  readonly category: CostCategory
  readonly quantity: number
  readonly unit: string
  readonly unitPriceUsd: number
  readonly totalUsd: number
  readonly timing: 'once' | 'monthly' | 'yearly'
  readonly fromMonth: number
  readonly toMonth: number
  readonly growthPerYearFraction?: number
  /** First month of use of what a growing demand needs later; absent: from the start. */
  readonly neededFromMonth?: number
  readonly sourceId: string
  readonly note: string
}

export interface PlanQuality {
  readonly benchmark: string
  readonly unit: string
  /** Absent: nobody published a comparable score, or the format's loss is unknown. */
  readonly score?: Figure
  readonly published?: number
  readonly setting?: string
  readonly evaluator?: string
  readonly sourceId?: string
}
