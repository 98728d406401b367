import { monthsPerYear } from '../../foundation/units.ts'
import { type CostLine, costLine, type Price } from './lines.ts'

/** r(1+r)^n / ((1+r)^n - 1): the yearly share of a sum that pays it back with interest. 1/n at rate 0. */
export function capitalRecoveryFactor(input: { ratePerPeriodFraction: number; periods: number }): number {
  const { ratePerPeriodFraction: rate, periods } = input
  if (rate === 0) return 1 / periods
  const growth = (1 + rate) ** periods
  return (rate * growth) / (growth - 1)
}

/** The even yearly payment that is worth as much as `presentUsd` today, USD per year. */
export function annuityUsdPerYear(input: {
  presentUsd: number
  ratePerYearFraction: number
  years: number
}): number {
  return (
    input.presentUsd *
    capitalRecoveryFactor({ ratePerPeriodFraction: input.ratePerYearFraction, periods: input.years })
  )
}

export interface DepreciationYear {
  readonly year: number
  readonly expenseUsd: number
  /** At the end of the year. */
  readonly bookValueUsd: number
}

/** Straight line from the price to the residual value; the last year may be a part of one. An account, not a payment. */
export function straightLineDepreciation(input: {
  priceUsd: number
  residualUsd: number
  lifeMonths: number
}): DepreciationYear[] {
  const { priceUsd, residualUsd, lifeMonths } = input
  const perMonthUsd = (priceUsd - residualUsd) / lifeMonths
  const years: DepreciationYear[] = []
  for (let start = 0; start < lifeMonths; start += monthsPerYear) {
    const months = Math.min(monthsPerYear, lifeMonths - start)
    years.push({
      year: years.length + 1,
      expenseUsd: perMonthUsd * months,
      bookValueUsd: priceUsd - perMonthUsd * (start + months),
    })
  }
  return years
}

/**
 * Share of the purchase price that hardware still fetches at an age, from observed points, linear between them.
 * Outside the points the nearest one holds. Undefined without points.
 */
export function residualFractionAtAge(input: {
  ageMonths: number
  points: readonly { readonly ageMonths: number; readonly fraction: number }[]
}): number | undefined {
  const points = [...input.points].sort((a, b) => a.ageMonths - b.ageMonths)
  let below = points[0]
  if (below === undefined) return undefined
  for (const point of points) {
    if (point.ageMonths >= input.ageMonths) {
      const span = point.ageMonths - below.ageMonths
      const share = span === 0 ? 1 : Math.max(0, (input.ageMonths - below.ageMonths) / span)
      return below.fraction + (point.fraction - below.fraction) * share
    }
    below = point
  }
  return below.fraction
}

export interface LoanTerms {
  readonly downPaymentFraction: number
  /** Nominal yearly rate; a twelfth is due each month. */
  readonly ratePerYearFraction: number
  readonly termMonths: number
  readonly sourceId: string
}

/**
 * A loan for a purchase that stands among the lines at its full price: the sum drawn comes back as a negative line,
 * the even monthly payments follow. Missing price: both lines are missing.
 */
export function loanLines(input: {
  purchaseUsd: number | undefined
  terms: LoanTerms
  purchaseMonth: number
}): CostLine[] {
  const { purchaseUsd, terms, purchaseMonth } = input
  const principalUsd = purchaseUsd === undefined ? undefined : purchaseUsd * (1 - terms.downPaymentFraction)
  const factor = capitalRecoveryFactor({
    ratePerPeriodFraction: terms.ratePerYearFraction / monthsPerYear,
    periods: terms.termMonths,
  })
  const price = (usd: number | undefined): Price => ({ usd, sourceId: terms.sourceId })
  return [
    costLine({
      id: 'loan-drawn',
      label: 'Loan drawn',
      category: 'financing',
      quantity: -1,
      unit: 'loan',
      price: price(principalUsd),
      timing: { kind: 'once', month: purchaseMonth },
      note: 'The lender pays this part of the purchase.',
    }),
    costLine({
      id: 'loan-payments',
      label: 'Loan payments',
      category: 'financing',
      quantity: 1,
      unit: 'payment',
      price: price(principalUsd === undefined ? undefined : principalUsd * factor),
      timing: { kind: 'monthly', fromMonth: purchaseMonth + 1, toMonth: purchaseMonth + terms.termMonths },
      note: 'Interest and principal in even monthly payments.',
    }),
  ]
}

/** Hardware leased instead of bought. */
export function leaseLines(input: {
  servers: number
  usdPerServerMonth: Price
  fromMonth: number
  termMonths: number
}): CostLine[] {
  return [
    costLine({
      id: 'lease',
      label: 'Lease of servers',
      category: 'lease',
      quantity: input.servers,
      unit: 'server-month',
      price: input.usdPerServerMonth,
      timing: {
        kind: 'monthly',
        fromMonth: input.fromMonth,
        toMonth: input.fromMonth + input.termMonths - 1,
      },
    }),
  ]
}

/** An amount in USD by the caller's own rate: no rate is built in. */
export function usdOf(input: { amount: number; usdPerUnit: number }): number {
  return input.amount * input.usdPerUnit
}
