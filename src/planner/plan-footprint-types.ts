import type { Figure } from './plan-figure.ts'

export interface PlanEnergy {
  /** Of the IT equipment. */
  readonly averageWatts: Figure
  readonly peakWatts: Figure
  readonly itKilowattHoursPerMonth: Figure
  /** At the meter, building included. */
  readonly kilowattHoursPerMonth?: Figure
  readonly joulesPerOutputToken: Figure
}

/** Of one month of the workload unless said otherwise. */
export interface PlanCarbon {
  readonly locationGramsPerMonth?: Figure
  /** After certificates and contracts; absent where nobody stated them. */
  readonly marketGramsPerMonth?: Figure
  readonly gridGramsPerKilowattHour?: number
  /** Making the hardware: all of it, over its life, and the month's share. */
  readonly embodiedGrams?: Figure
  readonly embodiedGramsPerMonth?: Figure
  readonly totalGramsPerMonth?: Figure
  /** Over the horizon, location based, embodied share included. */
  readonly totalGrams?: Figure
  readonly sciGramsPerRequest?: Figure
  readonly parts: readonly { readonly part: string; readonly gramsPerMonth: number }[]
}

export interface PlanWater {
  readonly onSiteLitresPerMonth?: Figure
  readonly offSiteLitresPerMonth?: Figure
  readonly totalLitresPerMonth?: Figure
}
