import { monthsPerYear } from '../../foundation/units.ts'
import { type CostLine, forEachPayment } from './lines.ts'

/** Costs by month, USD, positive = paid. Index 0 is the day of the start, the last index the horizon. */
export interface CashFlow {
  readonly monthlyUsd: readonly number[]
  /** Lines left out because their price is missing: with any, the flow is a lower bound. */
  readonly missingLineIds: readonly string[]
}

/** Spreads lines over the months of the horizon. */
export function cashFlowOf(lines: readonly CostLine[], horizonMonths: number): CashFlow {
  const monthlyUsd = new Array<number>(horizonMonths + 1).fill(0)
  const missingLineIds: string[] = []
  for (const { id, amountUsd, timing } of lines) {
    if (amountUsd === undefined) {
      missingLineIds.push(id)
      continue
    }
    forEachPayment(timing, horizonMonths, (month, factor) => {
      monthlyUsd[month] = (monthlyUsd[month] ?? 0) + amountUsd * factor
    })
  }
  return { monthlyUsd, missingLineIds }
}

/** Year 0 is the day of the start, year 1 months 1 to 12, and so on. */
export function yearlyOfMonthly(monthlyUsd: readonly number[]): number[] {
  const years = [monthlyUsd[0] ?? 0]
  for (let month = 1; month < monthlyUsd.length; month += 1) {
    const year = 1 + Math.floor((month - 1) / monthsPerYear)
    years[year] = (years[year] ?? 0) + (monthlyUsd[month] ?? 0)
  }
  return years
}

export function cumulative(values: readonly number[]): number[] {
  let sum = 0
  return values.map((value) => {
    sum += value
    return sum
  })
}

export function sumOf(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

/** (1 + i)^(-m/12): the worth today of one USD paid in month m at yearly rate i. */
export function discountFactor(input: { month: number; ratePerYearFraction: number }): number {
  return (1 + input.ratePerYearFraction) ** (-input.month / monthsPerYear)
}

/** Net present value of a monthly flow, USD. Rate 0 gives the plain sum. */
export function netPresentValueUsd(input: {
  monthlyUsd: readonly number[]
  ratePerYearFraction: number
}): number {
  const { monthlyUsd, ratePerYearFraction } = input
  if (ratePerYearFraction === 0) return sumOf(monthlyUsd)
  const step = discountFactor({ month: 1, ratePerYearFraction })
  let factor = 1
  let value = 0
  for (const usd of monthlyUsd) {
    value += usd * factor
    factor *= step
  }
  return value
}

export type RateOfReturn =
  | { readonly kind: 'rate'; readonly ratePerYearFraction: number }
  /** `no-investment`: nothing is paid first, so there is no rate. `no-return`: the money never comes back. */
  | { readonly kind: 'none'; readonly because: 'no-investment' | 'no-return' | 'several-rates' }

/**
 * Internal rate of return of an investment against an alternative: the yearly rate at which both have the same net
 * present value. Looked for between -99 % and 100,000 % a year; where the flow changes its sign so often that
 * several rates solve it, none is given.
 */
export function internalRateOfReturn(input: {
  investmentMonthlyUsd: readonly number[]
  alternativeMonthlyUsd: readonly number[]
}): RateOfReturn {
  const gain = input.investmentMonthlyUsd.map((usd, month) => (input.alternativeMonthlyUsd[month] ?? 0) - usd)
  const first = gain.find((usd) => usd !== 0)
  if (first === undefined || first > 0) return { kind: 'none', because: 'no-investment' }
  if (!gain.some((usd) => usd > 0)) return { kind: 'none', because: 'no-return' }
  const worth = (logGrowth: number): number =>
    netPresentValueUsd({ monthlyUsd: gain, ratePerYearFraction: Math.exp(logGrowth) - 1 })
  const [lowest, highest, steps] = [Math.log(0.01), Math.log(1001), 400]
  const brackets: [number, number][] = []
  let left = lowest
  let leftWorth = worth(left)
  for (let step = 1; step <= steps; step += 1) {
    const right = lowest + ((highest - lowest) * step) / steps
    const rightWorth = worth(right)
    if (leftWorth > 0 !== rightWorth > 0) brackets.push([left, right])
    left = right
    leftWorth = rightWorth
  }
  const [only] = brackets
  if (only === undefined) return { kind: 'none', because: 'no-return' }
  if (brackets.length > 1) return { kind: 'none', because: 'several-rates' }
  let [low, high] = only
  const lowIsPositive = worth(low) > 0
  for (let halving = 0; halving < 60; halving += 1) {
    const middle = (low + high) / 2
    if (worth(middle) > 0 === lowIsPositive) low = middle
    else high = middle
  }
  return { kind: 'rate', ratePerYearFraction: Math.exp((low + high) / 2) - 1 }
}

export type BreakEven =
  /** Never dearer: cheaper or equal from the first day. */
  | { readonly kind: 'from-start' }
  | {
      readonly kind: 'at'
      /** Months from the start (a fraction inside a month), after which it stays cheaper until the horizon. */
      readonly months: number
      /** Where it was cheaper for a while before (a refresh or a growth step came between). */
      readonly firstMonths?: number
    }
  | { readonly kind: 'never'; readonly because: 'running-cost-not-lower' | 'not-within-horizon' }

/**
 * When the first flow has cost no more than the second, for good. Inside a month both are paid evenly.
 * @returns `never` with the reason: its running cost is not lower at the end, or the horizon is too short.
 */
export function breakEvenOfFlows(input: {
  monthlyUsd: readonly number[]
  alternativeMonthlyUsd: readonly number[]
}): BreakEven {
  const lead = cumulative(
    input.monthlyUsd.map((usd, month) => usd - (input.alternativeMonthlyUsd[month] ?? 0)),
  )
  const last = lead.length - 1
  if (last < 0) return { kind: 'from-start' }
  if ((lead[last] ?? 0) > 0) {
    // Hardware is sold in the last month, so the month before shows what running costs.
    const month = last > 1 ? last - 1 : last
    const falls = month > 0 && (lead[month] ?? 0) < (lead[month - 1] ?? 0)
    return { kind: 'never', because: falls ? 'not-within-horizon' : 'running-cost-not-lower' }
  }
  const crossings: number[] = []
  for (let month = 1; month <= last; month += 1) {
    const before = lead[month - 1] ?? 0
    const after = lead[month] ?? 0
    if (before > 0 && after <= 0) crossings.push(month - 1 + before / (before - after))
  }
  const months = crossings.at(-1)
  if (months === undefined) return { kind: 'from-start' }
  const [firstMonths] = crossings
  return crossings.length > 1 && firstMonths !== undefined
    ? { kind: 'at', months, firstMonths }
    : { kind: 'at', months }
}
