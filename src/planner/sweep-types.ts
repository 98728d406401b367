import type { PlanPlaceKind } from './plan-option-types.ts'

/** What the choice of a sweep goes by: one figure, or the scenario's own score. */
export const sweepMeasures = ['cost', 'carbon', 'latency', 'score'] as const
export type SweepMeasure = (typeof sweepMeasures)[number]

export interface SweepRange {
  readonly field: string
  readonly from: number
  readonly to: number
  /** Behind each number: `USD/kWh`, `%`; empty where the field is a bare number. */
  readonly unit: string
}

/** One model at a kind of place, or the two of the scenario's cascade, wherever they run. */
export type SweepKind = PlanPlaceKind | 'pair'
/** The cascade's large model answering everything: what a pair must beat. */
export type SweepRival = SweepKind | 'large-alone'

/** The best way of one kind at one value. */
export interface SweepWay<Kind extends SweepRival = SweepKind> {
  readonly kind: Kind
  /** Of the option; of a pair the id of the pair. */
  readonly optionId: string
  readonly choice: string
  readonly label: string
  /** What the sweep goes by; absent = unknown. A pair's latency is that of its later model; it has no score. */
  readonly measure?: number
  readonly usdPerMonth: number
}

export interface SweepPoint {
  readonly value: number
  /** Best first. Empty where nothing fits. */
  readonly ways: readonly SweepWay[]
  /** Absent without a cascade, and where the large model alone does not fit. */
  readonly largeAlone?: SweepWay<'large-alone'>
}

/** Neighbouring values at which the same choice is best. */
export interface SweepRegion<Kind extends SweepRival = SweepKind> {
  readonly from: number
  readonly to: number
  /** Absent: nothing fits there. */
  readonly kind?: Kind
  readonly choice?: string
  readonly usdPerMonthFrom?: number
  readonly usdPerMonthTo?: number
}

/** Between two values one way overtakes another. */
export interface SweepCrossing {
  readonly from: number
  readonly to: number
  /** Where the two would be equal, by interpolation between the ends. */
  readonly at: number
  /** Better below and above. */
  readonly below: SweepRival
  readonly above: SweepRival
  /** One of them is the best of all there. */
  readonly leading: boolean
}

export interface Sweep {
  readonly schemaVersion: 1
  readonly kind: 'rightsize-sweep'
  readonly field: string
  readonly unit: string
  readonly by: SweepMeasure
  readonly catalog: string
  readonly points: readonly SweepPoint[]
  readonly regions: readonly SweepRegion[]
  /** The best pair against the large model alone, whatever a single model would do. Absent without a cascade. */
  readonly cascadeRegions?: readonly SweepRegion<'pair' | 'large-alone'>[]
  readonly crossings: readonly SweepCrossing[]
}

/** Significant digits of the values: a person reads "3,160 users", not 3162.2777. */
export const valueDigits = 3
