import type { Figure } from './plan-figure.ts'

export interface PlanEnergy {
  /** Of the IT equipment. */
  readonly averageWatts: Figure
  readonly peakWatts: Figure
  readonly itKilowattHoursPerMonth: Figure
  /** At the meter, building included. */
  readonly kilowattHoursPerMonth?: Figure
  readonly joulesPerOutputToken: Figure
  readonly draw?: PlanPowerDraw
}

/**
 * What the average draw is made of, so that it can be worked out again for another load: machines that wait, hosts that
 * serve, and what each replica draws more at a rate. All at the machine's plug.
 */
export interface PlanPowerDraw {
  /** Of a waiting machine without its accelerators. */
  readonly idleWattsPerServer: number
  readonly idleWattsPerAccelerator: number
  /** What a machine without its accelerators draws more while it serves. */
  readonly servingWattsPerServer: number
  /** What the accelerators of one replica draw more than idle, from the first request alone to the most it serves. */
  readonly replica: readonly { readonly requestsPerSecond: number; readonly watts: number }[]
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
