import { hoursPerMonth, monthsPerYear } from '../../foundation/units.ts'

/**
 * A cost is a list of lines: quantity times unit price, each with a unit, a source and a time of payment.
 * Every total is a sum of lines. A missing price is a state of the line and of each total that contains it, never 0.
 */
export type CostCategory =
  | 'servers'
  | 'accelerators'
  | 'network'
  | 'storage'
  | 'racks'
  | 'spares'
  | 'installation'
  | 'maintenance'
  | 'licences'
  | 'electricity'
  | 'cooling'
  | 'colocation'
  | 'staff'
  | 'refresh'
  | 'residual'
  | 'financing'
  | 'lease'
  | 'commitment'
  | 'usage'
  | 'compute'
  | 'egress'
  | 'tokens'
  | 'requests'
  | 'tax'
  | 'other'

/** A price with where it comes from. `usd: undefined` = asked for but not known. Absent = not part of the offer. */
export interface Price {
  readonly usd: number | undefined
  readonly sourceId: string
  readonly note?: string | undefined
}

/** A share of another amount, 0 to 1. */
export interface Share {
  readonly fraction: number | undefined
  readonly sourceId: string
  readonly note?: string | undefined
}

/**
 * When a line is paid. Month 0 is the day of the start, month 1 the first month of use (paid at its end).
 * `growthPerYearFraction` raises the unit price at each anniversary of the plan's start.
 */
export type Timing =
  | { readonly kind: 'once'; readonly month: number }
  | {
      readonly kind: 'monthly' | 'yearly'
      readonly fromMonth: number
      /** Last month in which it may be paid. */
      readonly toMonth: number
      readonly growthPerYearFraction?: number | undefined
      /** Monthly only: each month's quantity over the line's own, from `fromMonth` on. Absent: all months alike. */
      readonly quantityFactors?: readonly number[] | undefined
    }

export interface CostLine {
  readonly id: string
  readonly label: string
  readonly category: CostCategory
  /** Per payment. Undefined where the amount is a share of an unknown price. */
  readonly quantity: number
  readonly unit: string
  /** Undefined: the price is missing. */
  readonly unitPriceUsd: number | undefined
  /** Per payment, before growth: quantity times unit price. */
  readonly amountUsd: number | undefined
  readonly sourceId: string
  readonly note: string
  readonly timing: Timing
  /** First month of use of what a growing demand needs later. Absent: from the start. */
  readonly neededFromMonth?: number
}

export function costLine(input: {
  id: string
  label: string
  category: CostCategory
  quantity: number
  unit: string
  price: Price
  timing: Timing
  note?: string | undefined
}): CostLine {
  const { usd } = input.price
  return {
    id: input.id,
    label: input.label,
    category: input.category,
    quantity: input.quantity,
    unit: input.unit,
    unitPriceUsd: usd,
    amountUsd: usd === undefined ? undefined : input.quantity * usd,
    sourceId: input.price.sourceId,
    note: [input.note, input.price.note].filter(Boolean).join(' '),
    timing: input.timing,
  }
}

/** Whole years that have passed before this month: 0 for months 0 to 12. */
export function yearIndexOfMonth(month: number): number {
  return month <= 0 ? 0 : Math.floor((month - 1) / monthsPerYear)
}

/** Calls `pay` for every payment of a line up to the horizon, with its factor on the line's amount. */
export function forEachPayment(
  timing: Timing,
  horizonMonths: number,
  pay: (month: number, factor: number) => void,
): void {
  if (timing.kind === 'once') {
    if (timing.month <= horizonMonths) pay(timing.month, 1)
    return
  }
  const step = timing.kind === 'monthly' ? 1 : monthsPerYear
  const last = Math.min(timing.toMonth, horizonMonths)
  const growth = 1 + (timing.growthPerYearFraction ?? 0)
  const { fromMonth, quantityFactors } = timing
  for (let month = fromMonth; month <= last; month += step) {
    const quantityFactor = quantityFactors === undefined ? 1 : (quantityFactors[month - fromMonth] ?? 0)
    pay(month, growth ** yearIndexOfMonth(month) * quantityFactor)
  }
}

/** Quantity and timing of a volume that changes by month, from month 1 on: the line's quantity is their mean. */
export function volumeByMonth(volumes: readonly number[]): { quantity: number; timing: Timing } {
  const timing = { kind: 'monthly', fromMonth: 1, toMonth: volumes.length } as const
  const [first = 0] = volumes
  if (volumes.every((volume) => volume === first)) return { quantity: first, timing }
  let sum = 0
  for (const volume of volumes) sum += volume
  const quantity = sum / volumes.length
  return { quantity, timing: { ...timing, quantityFactors: volumes.map((volume) => volume / quantity) } }
}

/** What a line costs until the horizon, USD, undiscounted. Undefined: its price is missing. */
export function lineTotalUsd(line: CostLine, horizonMonths: number): number | undefined {
  const { amountUsd } = line
  if (amountUsd === undefined) return undefined
  let weight = 0
  forEachPayment(line.timing, horizonMonths, (_month, factor) => {
    weight += factor
  })
  return amountUsd * weight
}

export interface CostTotal {
  /** Undefined as soon as one line has no price. */
  readonly usd: number | undefined
  /** The sum of the lines that have a price: a lower bound where some are missing. */
  readonly knownUsd: number
  readonly missingLineIds: readonly string[]
}

/** Sum of the lines until the horizon, USD, undiscounted. */
export function totalOfLines(lines: readonly CostLine[], horizonMonths: number): CostTotal {
  let knownUsd = 0
  const missingLineIds: string[] = []
  for (const line of lines) {
    const usd = lineTotalUsd(line, horizonMonths)
    if (usd === undefined) missingLineIds.push(line.id)
    else knownUsd += usd
  }
  return { usd: missingLineIds.length === 0 ? knownUsd : undefined, knownUsd, missingLineIds }
}

/** Totals by category in the order of first appearance; undefined where a price is missing. */
export function totalsByCategory(
  lines: readonly CostLine[],
  horizonMonths: number,
): Map<CostCategory, number | undefined> {
  const totals = new Map<CostCategory, number | undefined>()
  for (const line of lines) {
    const usd = lineTotalUsd(line, horizonMonths)
    const before = totals.has(line.category) ? totals.get(line.category) : 0
    totals.set(line.category, usd === undefined || before === undefined ? undefined : before + usd)
  }
  return totals
}

/** How long a study's month is. Some count 720 h, some 730 h; ours is a twelfth of the Julian year. */
export interface Calendar {
  readonly hoursPerMonth: number
}

export const julianCalendar: Calendar = { hoursPerMonth }
