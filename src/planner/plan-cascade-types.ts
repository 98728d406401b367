import type { Note, SentenceCode } from '../foundation/notes.ts'
import type { Figure } from './plan-figure.ts'
import type { PlanConstraintCheck, PlanOption, PlanPercentiles } from './plan-option-types.ts'
import type { PlanRole, PlanSearch } from './plan-types.ts'

/** A small model for most requests and a large one for the rest, each on machines or an API of its own. */
export interface PlanCascade {
  /** Share of the requests that the small model answers. */
  readonly smallFraction: number
  /** `router`: each request goes to one model. `after-answer`: all go to the small one first. */
  readonly escalation: 'router' | 'after-answer'
  /**
   * `infeasible`: a side has no model at all, so no pair can exist. `not-found`: each side has options, but no pair of
   * the listed ones keeps the limits on both together; unlisted ones were not paired.
   */
  readonly status: 'feasible' | 'not-found' | 'infeasible'
  /** Why there is no pair; empty where there is one. */
  readonly whyNone: readonly string[]
  /** The same for translators, in the same order. */
  readonly whyNoneCodes?: readonly SentenceCode[]
  /** Absent where no request goes to it. */
  readonly small?: PlanCascadeSide
  readonly large?: PlanCascadeSide
  /** The large model answering everything: what the pair spares. Absent where it answers all or none anyway. */
  readonly largeAlone?: PlanCascadeSide
  /** The best pair of each role; one pair may have several. */
  readonly pairs: readonly PlanCascadePair[]
  /** Each pair against single models of the same role: any of the plan, and the large one alone. */
  readonly versusSingle: readonly PlanCascadeComparison[]
  readonly notes: readonly Note[]
}

export interface PlanCascadeSide {
  /** Share of the scenario's requests that this model sees. */
  readonly requestFraction: number
  readonly search: PlanSearch
  /** Options of its own plan that stand in a pair. Rank and roles are those of that plan. */
  readonly options: readonly PlanOption[]
}

/** Two options together. Every total is the sum of both; absent where either is unknown. */
export interface PlanCascadePair {
  readonly id: string
  readonly roles: readonly PlanRole[]
  readonly label: string
  /** Of `small.options` and `large.options`; absent where no request goes there. */
  readonly smallOptionId?: string
  readonly largeOptionId?: string
  /**
   * No other pair of all feasible options is better for its roles. False where limits on the sum refused the pair of
   * both minima: then it is the best of the listed options only.
   */
  readonly exact: boolean
  readonly cost: PlanCascadeCost
  readonly kilowattHoursPerMonth?: Figure
  readonly carbonGramsPerMonth?: Figure
  readonly waterLitresPerMonth?: Figure
  readonly accelerators?: number
  readonly servers?: number
  readonly nameplateWatts?: Figure
  readonly latency: PlanCascadeLatency
  /** Of both models together, for each benchmark that the scenario or its use case names. */
  readonly quality: readonly PlanCascadeQuality[]
  /** Limits on both together. */
  readonly constraints: readonly PlanConstraintCheck[]
}

/**
 * The scores of both models, weighted with the requests that each answers; the ends are the scores themselves. A router
 * that knows which requests are hard gives more than the value. Absent where a score is unknown.
 */
export interface PlanCascadeQuality {
  readonly benchmark: string
  readonly unit: string
  readonly score?: Figure
}

export interface PlanCascadeCost {
  readonly totalUsd: Figure
  readonly netPresentUsd: Figure
  readonly upfrontUsd: Figure
  readonly usdPerMonth: Figure
  readonly usdPer1000Requests: Figure
}

export interface PlanCascadeLatency {
  /** Requests that the small model answers. */
  readonly answeredBySmall?: PlanCascadeTimes
  /** Requests that the large one answers; after an answer of the small one, both times. */
  readonly answeredByLarge?: PlanCascadeTimes
}

/** Percentiles of two times in a row are added: at least as much as the percentile of their sum as a rule, not a bound. */
export interface PlanCascadeTimes {
  readonly ttft: PlanPercentiles
  readonly endToEnd: PlanPercentiles
}

export interface PlanCascadeComparison {
  readonly role: PlanRole
  /** `any`: the best of the plan's `options`. `large`: the best of `largeAlone`. */
  readonly against: 'any' | 'large'
  readonly pairId: string
  /** Absent where no single model fits. */
  readonly singleOptionId?: string
  /** Pair less single: below 0 the pair is cheaper, or emits less. */
  readonly netPresentUsdDifference?: number
  readonly carbonGramsPerMonthDifference?: number
  readonly message: string
}
