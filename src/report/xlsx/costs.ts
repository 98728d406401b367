import { forEachPayment, type Timing } from '../../estimators/cost/lines.ts'
import { monthsPerYear } from '../../foundation/units.ts'
import type { PlanCostLine, PlanOption } from '../../planner/plan-option-types.ts'
import { lineLabel, unitWord } from '../sections/plan-words.ts'
import { newSheet, optionName, type WorkbookContext } from './context.ts'
import { type Drivers, derivedPrice, quantityTerm } from './cost-terms.ts'
import { call, constant, over, sumOfRange, type Term, times } from './formula.ts'
import { priceKey, priceOfLine } from './line-drivers.ts'
import type { SheetBuilder } from './sheet-builder.ts'

const column = {
  line: 0,
  category: 1,
  quantity: 2,
  unit: 3,
  price: 4,
  amountUsd: 5,
  amount: 6,
  from: 7,
  to: 8,
  every: 9,
  growth: 10,
  payments: 11,
  total: 12,
  plan: 13,
  source: 14,
  note: 15,
} as const

/** Where an option's lines stand, for the sheets that spread them over months. */
export interface CostBlock {
  readonly option: PlanOption
  readonly lines: readonly PlanCostLine[]
  /** Amount of each line per payment, in the plan's currency. */
  readonly amounts: readonly Term[]
  readonly ranges: {
    readonly amount: string
    readonly from: string
    readonly to: string
    readonly every: string
    readonly growth: string
  }
  readonly total: Term
}

/** The months column of the sheet that holds them, for sums over months. */
export interface MonthColumns {
  readonly month: string
  /** Whole years passed before the month. */
  readonly yearsBefore: string
}

export function costsSheet(
  context: WorkbookContext,
  drivers: Drivers,
  months: MonthColumns,
): { sheet: SheetBuilder; blocks: CostBlock[] } {
  const { words, currency } = context
  const sheet = newSheet(context, 'sheet.costs', 'lead.costs')
  sheet.widths(46, 16, 16, 18, 16, 16, 16, 9, 9, 9, 10, 12, 18, 18, 26, 40)
  sheet.header(
    [
      words('cost.line'),
      words('cost.category'),
      words('cost.quantity'),
      words('cost.unit'),
      words('cost.price'),
      words('cost.amount-usd'),
      words('cost.amount', { currency }),
      words('cost.from'),
      words('cost.to'),
      words('cost.every'),
      words('column.growth'),
      words('cost.payments'),
      words('cost.total', { currency }),
      words('cost.plan', { currency }),
      words('column.source'),
      words('column.note'),
    ],
    48,
  )
  if (currency === 'USD') sheet.hideColumn(column.amountUsd)
  sheet.freezeAt(sheet.row, 1)
  const blocks = context.options.map((option) => optionBlock(context, sheet, option, drivers, months))
  return { sheet, blocks }
}

function optionBlock(
  context: WorkbookContext,
  sheet: SheetBuilder,
  option: PlanOption,
  drivers: Drivers,
  months: MonthColumns,
): CostBlock {
  for (let index = 0; index <= column.note; index += 1) sheet.blank(index, { kind: 'group' })
  sheet.text(column.line, optionName(context, option), { kind: 'group' })
  sheet.height(20)
  sheet.row += 1
  const { lines } = option.cost
  const first = sheet.row
  const amountsUsd = new Map<PlanCostLine, Term>()
  const amounts: Term[] = []
  const totals: Term[] = []
  for (const line of lines) {
    const { amount, total } = costLine(context, sheet, { option, line, drivers, months, amountsUsd })
    amounts.push(amount)
    totals.push(total)
    sheet.row += 1
  }
  const last = sheet.row - 1
  const range = (of: number) => sheet.range({ row: first, column: of }, { row: last, column: of })
  for (let index = 0; index <= column.note; index += 1) sheet.blank(index, { kind: 'total' })
  sheet.text(column.line, context.words('cost.sum'), { kind: 'total' })
  const total = sheet.formula(
    column.total,
    lines.length === 0
      ? constant(0)
      : sumOfRange(
          range(column.total),
          totals.map((term) => term.value),
        ),
    { kind: 'total', format: 'whole' },
  )
  sheet.number(column.plan, inCurrency(context, option.cost.totalUsd.value), {
    kind: 'total',
    format: 'whole',
  })
  sheet.row += 2
  return {
    option,
    lines,
    amounts,
    ranges: {
      amount: range(column.amount),
      from: range(column.from),
      to: range(column.to),
      every: range(column.every),
      growth: range(column.growth),
    },
    total,
  }
}

function inCurrency(context: WorkbookContext, usd: number): number {
  return usd / context.plan.finance.currency.usdPerUnit
}

function costLine(
  context: WorkbookContext,
  sheet: SheetBuilder,
  input: {
    option: PlanOption
    line: PlanCostLine
    drivers: Drivers
    months: MonthColumns
    amountsUsd: Map<PlanCostLine, Term>
  },
): { amount: Term; total: Term } {
  const { option, line, drivers, months, amountsUsd } = input
  const { general } = drivers.inputs
  sheet.text(column.line, lineLabel(context, line, option), { indent: 1 })
  sheet.text(column.category, context.t(`category.${line.category}`), { kind: 'muted' })
  const quantity = sheet.formula(column.quantity, quantityTerm(option, line, drivers), { format: 'price' })
  sheet.text(column.unit, unitWord(context, line.unit), { kind: 'muted', indent: 1 })
  const given = drivers.inputs.prices.get(priceKey(line))
  const priceTerm =
    priceOfLine(line) === 'given' && given ? given.usd : derivedPrice(option, line, amountsUsd, drivers)
  const price = sheet.formula(column.price, priceTerm, { format: 'price' })
  const direct = times(quantity, price)
  // An empty price cell is an unknown price, and an unknown price makes an unknown total.
  const amountUsd = sheet.formula(
    column.amountUsd,
    Number.isFinite(line.unitPriceUsd)
      ? direct
      : call(`IF(ISNUMBER(${given?.usd.text ?? price.text}),${direct.text},NA())`, Number.NaN),
    { format: 'two' },
  )
  amountsUsd.set(line, amountUsd)
  const amount = sheet.formula(column.amount, over(amountUsd, general.usdPerUnit), { format: 'two' })
  const horizonMonths = context.plan.finance.horizonMonths
  const toHorizon = line.toMonth === horizonMonths
  const once = line.timing === 'once'
  const atEnd = once && toHorizon && line.category === 'residual'
  const from = atEnd
    ? sheet.formula(column.from, general.horizon, { format: 'whole' })
    : sheet.number(column.from, line.fromMonth, { format: 'whole' })
  const to =
    toHorizon && (!once || atEnd)
      ? sheet.formula(column.to, general.horizon, { format: 'whole' })
      : sheet.number(column.to, line.toMonth, { format: 'whole' })
  const every = sheet.number(column.every, line.timing === 'yearly' ? monthsPerYear : 1, { format: 'whole' })
  const growth =
    given?.growth === undefined
      ? sheet.number(column.growth, once ? 0 : (line.growthPerYearFraction ?? 0), { format: 'percent' })
      : sheet.formula(column.growth, given.growth, { format: 'percent' })
  const condition = [
    `(${months.month}>=${from.text})`,
    `(${months.month}<=${to.text})`,
    `(${months.month}<=${general.horizon.text})`,
    `(MOD(${months.month}-${from.text},${every.text})=0)`,
  ].join('*')
  const payments = sheet.formula(
    column.payments,
    call(
      `SUMPRODUCT(${condition}*(1+${growth.text})^${months.yearsBefore})`,
      paymentsOf(line, horizonMonths),
    ),
    { format: 'two' },
  )
  const total = sheet.formula(column.total, times(amount, payments), { format: 'whole' })
  if (Number.isFinite(line.totalUsd))
    sheet.number(column.plan, inCurrency(context, line.totalUsd), { format: 'whole', kind: 'muted' })
  else sheet.text(column.plan, context.words('unknown'), { kind: 'muted', align: 'right' })
  sheet.text(column.source, line.sourceId, { kind: 'muted', indent: 1 })
  if (line.note !== '') sheet.text(column.note, context.say.quote(line.note), { kind: 'muted' })
  return { amount, total }
}

export function timingOf(line: PlanCostLine): Timing {
  return line.timing === 'once'
    ? { kind: 'once', month: line.fromMonth }
    : {
        kind: line.timing,
        fromMonth: line.fromMonth,
        toMonth: line.toMonth,
        growthPerYearFraction: line.growthPerYearFraction,
      }
}

function paymentsOf(line: PlanCostLine, horizonMonths: number): number {
  let sum = 0
  forEachPayment(timingOf(line), horizonMonths, (_month, factor) => {
    sum += factor
  })
  return sum
}
