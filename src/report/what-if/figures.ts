import { type RecomputeBasis, type Recomputed, recompute } from '../../planner/recompute.ts'
import {
  type PairBasis,
  type PairChanges,
  type RecomputedPair,
  recomputePair,
} from '../../planner/recompute-pair.ts'
import type { LocaleFormat } from '../locale-format.ts'

/** The controls of the page, in the units a person moves them in. */
export interface ControlValues {
  /** Users, or the demand in percent of the plan's where the scenario names no users. */
  readonly demand: number
  /** Percent of the plan's volume at the same peak. */
  readonly volume: number
  /** In the report's currency per kWh. */
  readonly electricity: number
  /** Percent of the requests that the small model of a pair answers. */
  readonly share: number
  readonly horizon: number
  /** Percent a year. */
  readonly discount: number
}

export const controlNames = ['demand', 'volume', 'share', 'electricity', 'horizon', 'discount'] as const
export type ControlName = (typeof controlNames)[number]

export interface WhatIfBase {
  /** The plan's own values. A control that is not moved from its value changes nothing. */
  readonly values: ControlValues
  /** Controls that the plan has a use for: no electricity price where nothing is owned, no share without a pair. */
  readonly controls: readonly ControlName[]
  readonly usdPerUnit: number
}

/** Only what was moved is a change: each option keeps its own electricity price until the control is touched. */
export function changesOf(base: WhatIfBase, values: ControlValues): PairChanges {
  const moved = (name: ControlName) => values[name] !== base.values[name]
  return {
    ...(moved('demand') ? { demandRatio: values.demand / base.values.demand } : {}),
    ...(moved('volume') ? { volumeRatio: values.volume / base.values.volume } : {}),
    ...(moved('share') ? { smallFraction: values.share / 100 } : {}),
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

/** A row of the table: an option of the plan, a pair of its cascade, or its large model alone. */
export interface WhatIfRow {
  /** Unique in the table: the large model alone may be an option of the plan as well, under another load. */
  readonly id: string
  readonly option?: RecomputeBasis
  readonly pair?: PairBasis
}

export interface RowResult {
  readonly id: string
  readonly figures: Recomputed | RecomputedPair
}

/** The cells of a row, worded as in the rest of the report; a pair's machines are those of the small and of the large model. */
export function figureTexts(
  result: Recomputed | RecomputedPair,
  f: LocaleFormat,
  unknown: string,
): Readonly<Record<FigureName, string>> {
  const show = (value: number | undefined, text: (value: number) => string) =>
    value === undefined || Number.isNaN(value) ? unknown : text(value)
  const count = (of: (part: Recomputed) => number | undefined) =>
    ('pairId' in result ? [result.small, result.large] : [result])
      .flatMap((part) => (part === undefined ? [] : [show(of(part), f.count)]))
      .join(' + ')
  return {
    replicas: count((part) => part.replicas),
    accelerators: count((part) => part.accelerators),
    headroom: show(result.headroomFraction, f.percent),
    upfront: show(result.upfrontUsd, f.money),
    total: show(result.totalUsd, f.money),
    npv: show(result.netPresentUsd, f.money),
    tokens: show(result.usdPerMillionTokens, f.price),
    carbon: show(result.carbonGramsPerMonth, (value) => f.mass(value * 12)),
  }
}

/** Every row under the values, and which is cheapest by net present cost. A share of the small model moves pairs only. */
export function recomputeAll(
  rows: readonly WhatIfRow[],
  changes: PairChanges,
): { results: RowResult[]; cheapest: RowResult | undefined } {
  const { smallFraction: _, ...common } = changes
  const results = rows.flatMap(({ id, option, pair }): RowResult[] => {
    if (pair !== undefined) return [{ id, figures: recomputePair(pair, changes) }]
    return option === undefined ? [] : [{ id, figures: recompute(option, common) }]
  })
  let cheapest: RowResult | undefined
  for (const result of results) {
    const { netPresentUsd } = result.figures
    const least = cheapest?.figures.netPresentUsd
    if (netPresentUsd !== undefined && (least === undefined || netPresentUsd < least)) cheapest = result
  }
  return { results, cheapest }
}
