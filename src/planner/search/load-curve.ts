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

/**
 * Mean of the load's share of the peak over the working time in which it is at most `fraction`, times that time, which
 * is `timeBelow` of the fraction.
 */
function loadBelow(curve: LoadCurve, fraction: number, time: number): number {
  const k = curve.exponent
  return k === 0 ? (fraction >= 1 ? 1 : 0) : time ** (k + 1) / (k + 1)
}

/** Mean of the load's share of the peak over the working time in which it lies between `from` and `to`, times that time. */
export function loadBetween(curve: LoadCurve, from: number, to: number): number {
  return loadBelow(curve, to, timeBelow(curve, to)) - loadBelow(curve, from, timeBelow(curve, from))
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
  let timeBefore = timeBelow(curve, nodes[0] ?? 0)
  let loadBefore = loadBelow(curve, nodes[0] ?? 0, timeBefore)
  for (let index = 1; index < count; index += 1) {
    const from = nodes[index - 1] ?? 0
    const to = nodes[index] ?? 1
    if (to <= from) continue
    const timeNow = timeBelow(curve, to)
    const loadNow = loadBelow(curve, to, timeNow)
    const time = timeNow - timeBefore
    const low = values[index - 1] ?? 0
    const slope = ((values[index] ?? 0) - low) / (to - from)
    mean += low * time + slope * (loadNow - loadBefore - from * time)
    timeBefore = timeNow
    loadBefore = loadNow
  }
  return mean
}
