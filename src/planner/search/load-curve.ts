import { daysPerWeek, hoursPerDay } from '../../foundation/units.ts'

/**
 * The day's load as a duration curve: in the working hours the rate is λ_peak·u^k, u uniform between 0 and 1, with
 * k = peak ÷ average − 1, which has exactly the peak and the mean that the scenario gives. Outside them it is 0.
 */
export interface LoadCurve {
  /** k of the curve. */
  readonly exponent: number
  /** Working hours over all hours. */
  readonly workingFraction: number
}

export function loadCurve(demand: {
  readonly peakToAverage: number
  readonly workingHoursPerDay: number
  readonly workingDaysPerWeek: number
}): LoadCurve {
  return {
    exponent: demand.peakToAverage - 1,
    workingFraction: (demand.workingHoursPerDay / hoursPerDay) * (demand.workingDaysPerWeek / daysPerWeek),
  }
}

/** Share of the working time in which the load is at most `fraction` of the peak. */
export function timeBelow(curve: LoadCurve, fraction: number): number {
  if (fraction >= 1) return 1
  if (curve.exponent === 0 || fraction <= 0) return 0
  return fraction ** (1 / curve.exponent)
}

/** Mean of the load's share of the peak over the working time in which it lies between `from` and `to`, times that time. */
export function loadBetween(curve: LoadCurve, from: number, to: number): number {
  const k = curve.exponent
  const upTo = (fraction: number) => {
    const u = timeBelow(curve, fraction)
    return k === 0 ? (fraction >= 1 ? 1 : 0) : u ** (k + 1) / (k + 1)
  }
  return upTo(to) - upTo(from)
}

/**
 * Mean over the working time of a quantity that is linear between nodes of the load (shares of the peak, rising, from
 * 0 to 1). Exact for the curve.
 */
export function meanOverCurve(
  curve: LoadCurve,
  nodes: ArrayLike<number>,
  values: ArrayLike<number>,
  count: number,
): number {
  let mean = 0
  for (let index = 1; index < count; index += 1) {
    const from = nodes[index - 1] ?? 0
    const to = nodes[index] ?? 1
    if (to <= from) continue
    const time = timeBelow(curve, to) - timeBelow(curve, from)
    const load = loadBetween(curve, from, to)
    const low = values[index - 1] ?? 0
    const slope = ((values[index] ?? 0) - low) / (to - from)
    mean += low * time + slope * (load - from * time)
  }
  return mean
}
