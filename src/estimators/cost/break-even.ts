/** Break-evens in closed form. The one in time from real cash flows is `breakEvenOfFlows`. */

export type HoursToBreakEven =
  | { readonly kind: 'from-start' }
  | { readonly kind: 'at'; readonly hours: number }
  /** Its hour costs as much or more than the alternative's: the purchase never comes back. */
  | { readonly kind: 'never'; readonly because: 'running-cost-not-lower' }

/** h = C / (a - o): hours of use after which a purchase has paid for itself (Lenovo LP2368). */
export function hoursToBreakEven(input: {
  upfrontUsd: number
  usdPerHour: number
  alternativeUsdPerHour: number
}): HoursToBreakEven {
  const savingUsdPerHour = input.alternativeUsdPerHour - input.usdPerHour
  if (savingUsdPerHour <= 0)
    return input.upfrontUsd <= 0 && savingUsdPerHour === 0
      ? { kind: 'from-start' }
      : { kind: 'never', because: 'running-cost-not-lower' }
  return input.upfrontUsd <= 0
    ? { kind: 'from-start' }
    : { kind: 'at', hours: input.upfrontUsd / savingUsdPerHour }
}

export type UtilisationToBreakEven =
  | { readonly kind: 'at'; readonly utilisationFraction: number }
  | { readonly kind: 'always' }
  /** Cheaper only while it is used less than this. */
  | { readonly kind: 'below'; readonly utilisationFraction: number }
  | { readonly kind: 'never'; readonly because: 'dearer-at-full-use' }

/**
 * Share of the hours in use from which a fixed cost is cheaper than paying for the hours used:
 * (fixed) = (variable + u·full-use alternative). The fixed side is held at its full cost, idle or not.
 */
export function utilisationToBreakEven(input: {
  fixedUsd: number
  /** What each fully used horizon adds to the fixed side, USD (electricity above idle). */
  usdAtFullUse: number
  alternativeFixedUsd: number
  alternativeUsdAtFullUse: number
}): UtilisationToBreakEven {
  const gapUsd = input.fixedUsd - input.alternativeFixedUsd
  const slopeUsd = input.alternativeUsdAtFullUse - input.usdAtFullUse
  if (gapUsd <= 0 && gapUsd <= slopeUsd) return { kind: 'always' }
  const utilisationFraction = gapUsd / slopeUsd
  if (gapUsd < 0) return { kind: 'below', utilisationFraction }
  return slopeUsd > 0 && utilisationFraction <= 1
    ? { kind: 'at', utilisationFraction }
    : { kind: 'never', because: 'dearer-at-full-use' }
}

export type VolumeToBreakEven =
  | {
      readonly kind: 'at'
      /** From this volume the first unit is cheaper. */
      readonly volume: number
      /** From this volume it stays cheaper, also just after one more unit had to be bought. */
      readonly lastingVolume: number
    }
  | { readonly kind: 'never'; readonly because: 'dearer-at-full-use' }

/**
 * Volume per month at which owned units, each with a fixed cost and a capacity, cost less than buying by volume.
 * Capacity comes in steps: k units cost k·F and serve k·C, so just above k·C the comparison may turn again.
 */
export function volumeToBreakEven(input: {
  usdPerUnitMonth: number
  capacityPerUnitMonth: number
  usdPerVolume: number
  alternativeUsdPerVolume: number
}): VolumeToBreakEven {
  const saving = input.alternativeUsdPerVolume - input.usdPerVolume
  const { usdPerUnitMonth: fixed, capacityPerUnitMonth: capacity } = input
  const savedByFullUnit = saving * capacity
  if (savedByFullUnit < fixed) return { kind: 'never', because: 'dearer-at-full-use' }
  const volume = fixed / saving
  if (savedByFullUnit === fixed) return { kind: 'at', volume, lastingVolume: Number.POSITIVE_INFINITY }
  // Unit k must already pay at the volume where it is bought: k·F <= s·(k-1)·C.
  const units = Math.max(1, Math.ceil(savedByFullUnit / (savedByFullUnit - fixed)))
  const lastingVolume = Math.max(volume, volumeOfLastLoss({ units, fixed, saving, capacity }))
  return { kind: 'at', volume, lastingVolume }
}

/** The last unit that does not pay at once breaks even inside its own step, at k·F / s. */
function volumeOfLastLoss(input: { units: number; fixed: number; saving: number; capacity: number }): number {
  const last = input.units - 1
  return last < 1 ? 0 : (last * input.fixed) / input.saving
}

const roundingSlack = 1e-9

export interface SurfaceCell {
  readonly utilisationFraction: number
  readonly electricityUsdPerKilowattHour: number | undefined
  readonly horizonMonths: number
  readonly usd: number | undefined
  readonly alternativeUsd: number | undefined
  /** Positive: cheaper than the alternative. Undefined: a price is missing. */
  readonly savingUsd: number | undefined
}

export interface SurfacePoint {
  readonly utilisationFraction: number
  readonly electricityUsdPerKilowattHour: number | undefined
  /** The shortest of the horizons asked for at which it is cheaper; undefined: at none of them. */
  readonly shortestHorizonMonths: number | undefined
}

/** Both costs on every combination of the three axes, and for each (utilisation, price) where it turns. */
export function breakEvenSurface(input: {
  utilisationFractions: readonly number[]
  /** `[undefined]` leaves each side at its own price. */
  electricityUsdPerKilowattHour: readonly (number | undefined)[]
  horizonMonths: readonly number[]
  costs: (point: {
    utilisationFraction: number
    electricityUsdPerKilowattHour: number | undefined
    horizonMonths: number
  }) => { usd: number | undefined; alternativeUsd: number | undefined }
}): { cells: SurfaceCell[]; points: SurfacePoint[] } {
  const cells: SurfaceCell[] = []
  const points: SurfacePoint[] = []
  const horizons = [...input.horizonMonths].sort((a, b) => a - b)
  for (const utilisationFraction of input.utilisationFractions)
    for (const electricityUsdPerKilowattHour of input.electricityUsdPerKilowattHour) {
      let shortestHorizonMonths: number | undefined
      for (const horizonMonths of horizons) {
        const point = { utilisationFraction, electricityUsdPerKilowattHour, horizonMonths }
        const { usd, alternativeUsd } = input.costs(point)
        const savingUsd = usd === undefined || alternativeUsd === undefined ? undefined : alternativeUsd - usd
        // Equal costs count as not dearer, and float noise must not decide.
        if (savingUsd !== undefined && savingUsd >= -roundingSlack * (usd ?? 0))
          shortestHorizonMonths ??= horizonMonths
        cells.push({ ...point, usd, alternativeUsd, savingUsd })
      }
      points.push({ utilisationFraction, electricityUsdPerKilowattHour, shortestHorizonMonths })
    }
  return { cells, points }
}
