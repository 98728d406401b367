import type { Note, SentenceCode } from '../foundation/notes.ts'
import type { PlanCascade } from './plan-cascade-types.ts'
import type { Figure } from './plan-figure.ts'
import type { PlanOption, PlanPlaceKind } from './plan-option-types.ts'
import type { ScenarioInput } from './scenario/schema.ts'

/**
 * The answer to a scenario: one JSON document that holds the question, the data's version, what was searched, the
 * options that are worth a person's time, and how each figure came about. The same scenario and catalog give the same
 * bytes: nothing in it comes from a clock, a process or chance.
 */
export interface Plan {
  readonly schemaVersion: 1
  readonly kind: 'rightsize-plan'
  readonly name: string
  readonly description?: string
  /** As the user gave it: planning it again with the same catalog gives this plan again. */
  readonly scenario: ScenarioInput
  readonly catalog: PlanCatalog
  readonly status: 'feasible' | 'infeasible'
  readonly workload: PlanWorkload
  readonly targets: PlanTargets
  /** The use cases that share the deployment, where the scenario names several; `workload` is their sum. */
  readonly workloads?: readonly PlanSharedWorkload[]
  readonly finance: PlanFinance
  /** What `quality` means in scores and on the front; absent where neither scenario nor use case names a benchmark. */
  readonly qualityBenchmark?: string
  readonly models: PlanModels
  readonly search: PlanSearch
  /**
   * The shortlist: every option that has a role, stands on the Pareto front, in the side-by-side, or is ranked
   * near the top. Best first by the scenario's score. Empty where nothing fits.
   */
  readonly options: readonly PlanOption[]
  /** The option to start from, by role; `balanced` is the recommendation. Empty where nothing fits. */
  readonly roles: { readonly [Role in PlanRole]?: string }
  /** Offers that no other beats in cost, carbon, latency and quality together, cheapest first. */
  readonly paretoFront: readonly PlanParetoPoint[]
  /** How many offers stand on the front; the list holds the first of each model, accelerator and kind of place. */
  readonly paretoFrontSize: number
  readonly sideBySide: readonly PlanSideBySide[]
  /** When one place overtakes another, for each pair of `sideBySide` that has cash flows. */
  readonly breakEvens: readonly PlanBreakEven[]
  /** Where nothing fits: why, what came closest, and what would make it fit. */
  readonly infeasible?: PlanInfeasible
  /** A small and a large model side by side, where the scenario asks for it. `options` are single models. */
  readonly cascade?: PlanCascade
  /** Warnings first. Each assumption that the user did not make is here. */
  readonly notes: readonly Note[]
}

export const planRoles = ['cheapest', 'greenest', 'fastest', 'balanced'] as const
export type PlanRole = (typeof planRoles)[number]

export interface PlanCatalog {
  readonly version: string
  /** The date the catalog was closed: the plan's date. */
  readonly asOf: string
  /** Of every row of every table, in order: any change of any row changes it. */
  readonly hash: string
  /** The same for each table that has rows: two plans tell which tables changed between them. */
  readonly tables?: Readonly<Record<string, string>>
  /** Rows that came from the user's own overlay. */
  readonly userRows: number
}

export interface PlanWorkload {
  readonly peakRequestsPerSecond: Figure
  /** Over the working hours. */
  readonly averageRequestsPerSecond: Figure
  readonly requestsPerMonth: Figure
  readonly inputTokensPerMonth: Figure
  readonly outputTokensPerMonth: Figure
  readonly inputTokensMean: number
  readonly inputTokensP95: number
  readonly outputTokensMean: number
  readonly outputTokensP95: number
  readonly sharedPrefixFraction: number
  readonly users?: number
  readonly workingHoursPerDay: number
  readonly workingDaysPerWeek: number
  readonly peakToAverageRatio: number
  /** Demand of each month of the horizon relative to the first, where it grows. Index 0 is month 1. */
  readonly growthByMonth: readonly number[]
}

/** One of several use cases. Targets are its own; those of the plan are the strictest of all. */
export interface PlanSharedWorkload {
  readonly name: string
  readonly useCase?: string
  readonly peakRequestsPerSecond: Figure
  readonly requestsPerMonth: Figure
  /** Its share of all requests at the peak. */
  readonly peakFraction: number
  readonly inputTokensMean: number
  readonly inputTokensP95: number
  readonly outputTokensMean: number
  readonly outputTokensP95: number
  readonly sharedPrefixFraction: number
  readonly users?: number
  readonly ttftSeconds: number
  readonly tpotSeconds: number
  readonly endToEndSeconds?: number
  readonly percentile: number
}

export interface PlanTargets {
  readonly ttftSeconds: number
  readonly tpotSeconds: number
  readonly endToEndSeconds?: number
  /** The share of requests that must meet them, e.g. 0.95. */
  readonly percentile: number
  readonly headroomFraction: number
  readonly availability: 'none' | 'n+1' | 'n+2' | 'two-sites'
}

export interface PlanFinance {
  readonly horizonMonths: number
  readonly discountRatePerYearFraction: number
  /** When machines of a growing demand are bought: year by year, or all on the first day. */
  readonly purchases?: 'when-needed' | 'at-start'
  /** After it hardware is bought again. */
  readonly lifeMonths?: number
  /** What bought hardware still fetches by age, as a share of its price; linear in between. */
  readonly residualByAge?: readonly { readonly ageMonths: number; readonly fraction: number }[]
  /** Money in the plan is USD. For display: the user's currency and its rate. */
  readonly currency: { readonly code: string; readonly usdPerUnit: number }
}

export interface PlanModels {
  readonly kept: readonly PlanKeptModel[]
  readonly leftOut: readonly {
    readonly id: string
    readonly name: string
    readonly reasons: readonly string[]
    /** The same reasons for translators, in the same order. */
    readonly reasonCodes?: readonly SentenceCode[]
  }[]
}

export interface PlanKeptModel {
  readonly id: string
  readonly name: string
  readonly vendor: string
  readonly class: 'slm' | 'llm'
  readonly parametersTotal: number
  readonly parametersActive: number
  readonly licence?: string
  readonly licenceClass?: string
  readonly maxContextTokens?: number
  readonly released?: string
  readonly endOfSupport?: string
  readonly languages?: readonly string[]
  readonly scores: readonly PlanPublishedScore[]
  /** Options that use it, or why there is none: `no allowed machine holds it`, `too slow at the targets`, … */
  readonly feasibleCandidates: number
  readonly whyNone?: string
  readonly whyNoneCodes?: readonly SentenceCode[]
}

export interface PlanPublishedScore {
  readonly benchmark: string
  readonly unit: string
  readonly score?: number
  readonly setting?: string
  readonly evaluator?: string
  readonly sourceId?: string
}

/** What was looked at. A candidate is one (model, formats, accelerator, server, layout, engine, replicas). */
export interface PlanSearch {
  readonly candidates: number
  /** Candidates times places and prices. */
  readonly pricedOffers: number
  readonly feasibleCandidates: number
  readonly feasibleOffers: number
  readonly models: number
  readonly weightFormats: number
  readonly kvFormats: number
  readonly accelerators: number
  readonly servers: number
  readonly engines: number
  readonly places: number
  /** Candidates by the first constraint that each broke. */
  readonly refused: readonly { readonly constraint: string; readonly candidates: number }[]
  /** What the scenario or the catalog kept out of the search, and why. Nothing is left out silently. */
  readonly notSearched: readonly PlanNotSearched[]
}

export interface PlanNotSearched {
  readonly what: string
  readonly why: string
  readonly count: number
  readonly whatCode?: SentenceCode
  readonly whyCode?: SentenceCode
}

export interface PlanParetoPoint {
  readonly id: string
  readonly label: string
  readonly placeKind: PlanPlaceKind
  readonly netPresentUsd: number
  /** Absent = unknown. */
  readonly carbonGramsPerMonth?: number
  readonly endToEndSeconds?: number
  readonly quality?: number
  /** It is among `options`. */
  readonly listed: boolean
  readonly labelCode?: SentenceCode
}

/** The same workload by each way of getting it, the best of each. */
export interface PlanSideBySide {
  readonly kind: PlanPlaceKind
  /** Of `options`; absent where the kind has no feasible option. */
  readonly optionId?: string
  readonly whyNone?: string
  readonly whyNoneCode?: string
}

export interface PlanBreakEven {
  readonly optionId: string
  readonly versusOptionId: string
  /** Months from the start after which `optionId` stays cheaper; absent: it never is within the horizon. */
  readonly months?: number
  readonly outcome: 'from-start' | 'at' | 'never'
  readonly because?: string
}

export interface PlanInfeasible {
  /** The constraints that refuse candidates, those that alone refuse the most first. */
  readonly binding: readonly {
    readonly constraint: string
    readonly message: string
    readonly refusedCandidates: number
    /** Candidates that only this one refuses. */
    readonly refusedAlone: number
  }[]
  /** What comes closest, fewest and smallest misses first. */
  readonly closest: readonly PlanMiss[]
  /** The smallest single change each that makes something fit, easiest first. */
  readonly relaxations: readonly {
    readonly constraint: string
    readonly field: string
    readonly from?: number | string
    readonly to?: number | string
    /** Other limits that must give way as well, where no single one is enough. */
    readonly alsoNeeded?: readonly {
      readonly constraint: string
      readonly field: string
      readonly from: number
      readonly to: number
    }[]
    readonly message: string
    /** The option that then fits. */
    readonly candidate: string
    readonly labelCode?: SentenceCode
  }[]
}

export interface PlanMiss {
  readonly candidate: string
  readonly label: string
  readonly labelCode?: SentenceCode
  readonly misses: readonly {
    readonly constraint: string
    /** Absent = unknown. */
    readonly needed?: number
    readonly has?: number
    readonly unit: string
    readonly message: string
  }[]
}
