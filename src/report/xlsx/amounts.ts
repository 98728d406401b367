import type { CostCategory } from '../../estimators/cost/lines.ts'
import { monthsPerYear } from '../../foundation/units.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import type { WorkbookContext } from './context.ts'
import { type CostRow, paymentsByMonth } from './cost-rows.ts'
import { type Drivers, isShare } from './cost-terms.ts'
import { call, constant, over, plus, power, type Term, times } from './formula.ts'
import { hardwareCategories, purchaseCategories, systemCategories } from './line-drivers.ts'

/** A row as it stands in the sheets. */
export interface WrittenRow {
  readonly row: CostRow
  readonly price: Term | undefined
  /** The row's quantities, by year. */
  readonly unitMonths: readonly Term[]
  /** Of one payment, where the plan's own payments stand. */
  readonly unitAmount: Term
  /** In the plan's currency, by year. */
  readonly amounts: readonly Term[]
  readonly total: Term
  readonly at: number
}

/** A bill that is being written: rows above are known. */
export interface BillOf {
  readonly context: WorkbookContext
  readonly option: PlanOption
  readonly drivers: Drivers
  readonly written: WrittenRow[]
}

/** What a row costs in each year, in the plan's currency. */
export function amountsByYear(
  bill: BillOf,
  row: CostRow,
  given: {
    quantities: readonly Term[]
    price: Term | undefined
    rise: Term | undefined
    priceKnown: boolean
  },
): Term[] {
  const { drivers } = bill
  const { usdPerUnit } = drivers.inputs.general
  return drivers.years.map((year, index) => {
    const quantity = given.quantities[index]!
    if (row.kind === 'generation') return times(quantity, sumOf(bill, purchaseCategories, [index]))
    if (isShare(row)) {
      const spares = row.category === 'spares'
      const upTo = Array.from({ length: index + 1 }, (_, at) => at)
      const base = spares
        ? sumOf(bill, hardwareCategories, [index])
        : (ownedAlready(bill, row, index) ?? sumOf(bill, systemCategories, upTo))
      const share = unlessUnpriced(given.priceKnown, base, quantity)
      return spares ? share : times(share, year.months)
    }
    const { price } = given
    if (price === undefined) return constant(0)
    const risen =
      given.rise === undefined || index === 0
        ? price
        : times(price, power(plus(constant(1), given.rise), constant(index)))
    const amount = over(times(quantity, risen), usdPerUnit)
    const payments =
      row.kind === 'monthly'
        ? year.months
        : row.kind === 'planned'
          ? constant(plannedPayments(bill, row, year.startMonth))
          : undefined
    const paid = payments === undefined ? amount : times(amount, payments)
    if (given.priceKnown) return paid
    // An empty price cell is an unknown price, and an unknown price makes an unknown total.
    const unknown = quantity.value === 0 ? 0 : Number.NaN
    return call(`IF(${quantity.text}=0,0,IF(ISNUMBER(${price.text}),${paid.text},NA()))`, unknown)
  })
}

/** Machines that are owned already cost nothing to buy: their price is not on the bill, only what is a share of it. */
function ownedAlready(bill: BillOf, row: CostRow, year: number): Term | undefined {
  const { option, drivers, written } = bill
  const bought = written.some(
    (entry) =>
      systemCategories.includes(entry.row.category) && entry.amounts.some(({ value }) => value !== 0),
  )
  const { line } = row
  const machines = drivers.fleets.get(option)?.[year]?.machines
  if (bought || line === undefined || machines === undefined) return undefined
  const firstMachines = option.phases?.[0]?.servers ?? option.deployment?.servers ?? 1
  return over(times(constant(line.unitPriceUsd / firstMachines), machines), drivers.inputs.general.usdPerUnit)
}

/** A share of what has no price stays unknown until it gets one. */
function unlessUnpriced(known: boolean, base: Term, quantity: Term): Term {
  const term = times(quantity, base)
  return known ? term : { ...term, value: Number.isFinite(base.value) ? term.value : Number.NaN }
}

function sumOf(bill: BillOf, categories: readonly CostCategory[], years: readonly number[]): Term {
  const cells = bill.written
    .filter(({ row }) => row.kind === 'once' && categories.includes(row.category))
    .flatMap(({ amounts }) => years.map((year) => amounts[year]!))
  return cells.length === 0 ? constant(0) : plus(...cells)
}

function plannedPayments(bill: BillOf, row: CostRow, startMonth: number): number {
  const { line } = row
  if (line === undefined) return 0
  let sum = 0
  for (const [month, factor] of paymentsByMonth(line, bill.context.plan.finance.horizonMonths))
    if (Math.max(0, month - 1) >= startMonth && Math.max(0, month - 1) < startMonth + monthsPerYear)
      sum += factor
  return sum
}
