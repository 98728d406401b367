import type { SentenceCode, SentenceValues } from '../foundation/notes.ts'

/** How the ranking came about: each part is 0 for the best option found and 1 for the worst. */
export interface PlanScore {
  readonly value: number
  readonly formula: string
  readonly parts: Readonly<Record<string, number>>
}

export interface PlanConstraintCheck {
  readonly constraint: string
  readonly status: 'met' | 'missed' | 'unknown'
  readonly needed: string
  readonly has: string
  /** Of `needed`, with the same unit for both. */
  readonly code?: 'at-most' | 'at-least' | 'property'
  readonly values?: SentenceValues
}

export interface PlanLever {
  readonly field: string
  readonly message: string
  /** The value of the field at which another option takes the role. */
  readonly at?: number
  /** What it is in this plan, in the same unit. */
  readonly now?: number
  readonly unit?: string
  readonly thenOptionId?: string
}

/** Total cost, and carbon of a month where it is known, at both ends of one uncertain input. */
export interface PlanTornadoBar {
  readonly input: string
  readonly label: string
  readonly unit: string
  readonly low: number
  readonly high: number
  readonly usdAtLow: number
  readonly usdAtHigh: number
  readonly gramsPerMonthAtLow?: number
  readonly gramsPerMonthAtHigh?: number
  readonly sourceId?: string
}

export interface PlanExplanation {
  /** Path of the figure in the option: `cost.totalUsd`, `latency.ttft.p95`. */
  readonly figure: string
  readonly formulaId?: string
  readonly equation: string
  readonly inputs: readonly {
    readonly symbol: string
    readonly meaning: string
    readonly value: number | string
    readonly unit: string
    readonly sourceIds: readonly string[]
  }[]
  readonly result: number
  readonly unit: string
  readonly sourceIds: readonly string[]
}

export interface PlanUnknown {
  readonly what: string
  readonly why: string
  readonly whatCode?: string
  readonly whyCode?: SentenceCode
}
