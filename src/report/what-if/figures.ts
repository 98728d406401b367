import type { RecomputeBasis } from '../../planner/recompute.ts'
import { type RecomputeChanges, type Recomputed, recompute } from '../../planner/recompute.ts'
import type { LocaleFormat } from '../locale-format.ts'

/** The controls of the page, in the units a person moves them in. */
export interface ControlValues {
  /** Users, or the demand in percent of the plan's where the scenario names no users. */
  readonly demand: number
  /** Percent of the plan's volume at the same peak. */
  readonly volume: number
  /** In the report's currency per kWh. */
  readonly electricity: number
  readonly horizon: number
  /** Percent a year. */
  readonly discount: number
}

export const controlNames = ['demand', 'volume', 'electricity', 'horizon', 'discount'] as const
export type ControlName = (typeof controlNames)[number]

export interface WhatIfBase {
  /** The plan's own values. A control that is not moved from its value changes nothing. */
  readonly values: ControlValues
  /** Controls that the plan has a use for: no electricity price where nothing is owned. */
  readonly controls: readonly ControlName[]
  readonly usdPerUnit: number
}

/** Only what was moved is a change: each option keeps its own electricity price until the control is touched. */
export function changesOf(base: WhatIfBase, values: ControlValues): RecomputeChanges {
  const moved = (name: ControlName) => values[name] !== base.values[name]
  return {
    ...(moved('demand') ? { demandRatio: values.demand / base.values.demand } : {}),
    ...(moved('volume') ? { volumeRatio: values.volume / base.values.volume } : {}),
    ...(moved('electricity') ? { electricityUsdPerKilowattHour: values.electricity * base.usdPerUnit } : {}),
    ...(moved('horizon') ? { horizonMonths: Math.round(values.horizon) } : {}),
    ...(moved('discount') ? { discountRatePerYearFraction: values.discount / 100 } : {}),
  }
}

export const figureNames = [
  'replicas',
  'accelerators',
  'headroom',
  'upfront',
  'total',
  'npv',
  'tokens',
  'carbon',
] as const
export type FigureName = (typeof figureNames)[number]

/** The cells of an option's row, worded as in the rest of the report. */
export function figureTexts(
  result: Recomputed,
  f: LocaleFormat,
  unknown: string,
): Readonly<Record<FigureName, string>> {
  const show = (value: number | undefined, text: (value: number) => string) =>
    value === undefined || Number.isNaN(value) ? unknown : text(value)
  return {
    replicas: show(result.replicas, f.count),
    accelerators: show(result.accelerators, f.count),
    headroom: show(result.headroomFraction, f.percent),
    upfront: show(result.upfrontUsd, f.money),
    total: show(result.totalUsd, f.money),
    npv: show(result.netPresentUsd, f.money),
    tokens: show(result.usdPerMillionTokens, f.price),
    carbon: show(result.carbonGramsPerMonth, (value) => f.mass(value * 12)),
  }
}

/** Every option under the values, and which is cheapest by net present cost. */
export function recomputeAll(
  bases: readonly RecomputeBasis[],
  changes: RecomputeChanges,
): { results: Recomputed[]; cheapest: Recomputed | undefined } {
  const results = bases.map((basis) => recompute(basis, changes))
  let cheapest: Recomputed | undefined
  for (const result of results)
    if (
      result.netPresentUsd !== undefined &&
      (cheapest?.netPresentUsd === undefined || result.netPresentUsd < cheapest.netPresentUsd)
    )
      cheapest = result
  return { results, cheapest }
}
