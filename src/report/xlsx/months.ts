import { monthsPerYear } from '../../foundation/units.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import { newSheet, optionName, type WorkbookContext } from './context.ts'
import { paymentsByMonth } from './cost-rows.ts'
import type { CostBlock } from './costs.ts'
import type { Demand } from './demand.ts'
import { atLeast, call, columnName, constant, minus, over, plus, type Term, times } from './formula.ts'
import type { GeneralInputs } from './general-inputs.ts'
import { type ResidualPoints, residualAt } from './residual.ts'
import type { SheetBuilder } from './sheet-builder.ts'
import type { Year } from './years.ts'

const firstOption = 5
const headerRow = 4
const worthColumn = 2

/** Ranges of the months' sheet; its rows are months 0 to the last that a horizon may reach. */
export interface MonthsLayout {
  readonly sheet: SheetBuilder
  readonly firstRow: number
  readonly lastRow: number
  readonly year: string
  readonly discount: string
  /** What hardware fetches by age in months. */
  readonly worth: { readonly range: string; readonly values: readonly number[] } | undefined
}

export interface OptionFlow {
  readonly option: PlanOption
  /** Payments by month: range and values. */
  readonly range: string
  readonly values: readonly number[]
  readonly cumulativeColumn: number
  readonly cumulative: readonly number[]
}

/** Laid out before the costs, which sum over its months. */
export function monthsLayout(context: WorkbookContext, residual: ResidualPoints | undefined): MonthsLayout {
  const sheet = newSheet(context, 'sheet.months', 'lead.months')
  const firstRow = headerRow + 1
  const lastRow = firstRow + context.lastMonth
  const range = (column: number) => sheet.range({ row: firstRow, column }, { row: lastRow, column })
  return {
    sheet,
    firstRow,
    lastRow,
    year: range(1),
    discount: range(3),
    worth: residual && {
      range: range(worthColumn),
      values: Array.from(
        { length: context.lastMonth + 1 },
        (_, age) => residualAt(residual, constant(age)).value,
      ),
    },
  }
}

export function fillMonths(
  context: WorkbookContext,
  layout: MonthsLayout,
  given: {
    general: GeneralInputs
    demand: Demand
    years: readonly Year[]
    blocks: readonly CostBlock[]
    residual: ResidualPoints | undefined
  },
): OptionFlow[] {
  const { words } = context
  const { general, blocks, residual } = given
  const { sheet, firstRow, lastRow } = layout
  const firstCumulative = firstOption + blocks.length + 1
  sheet.widths(8, 8, 13, 12, 10, ...blocks.map(() => 20), 3, ...blocks.map(() => 20))
  sheet.row = headerRow - 1
  if (blocks.length > 0) {
    sheet.text(firstOption, words('flow.payments'), { kind: 'section' })
    sheet.text(firstCumulative, words('flow.cumulative'), { kind: 'section' })
  }
  sheet.row = headerRow
  const titles = [
    words('column.month'),
    words('column.year'),
    residual === undefined ? '' : words('flow.worth'),
    words('flow.factor'),
    words('flow.inside'),
  ]
  titles.forEach((title, column) => {
    sheet.text(column, title, { kind: 'header' })
  })
  blocks.forEach(({ option }, index) => {
    sheet.text(firstOption + index, optionName(context, option), { kind: 'header' })
    sheet.text(firstCumulative + index, optionName(context, option), { kind: 'header' })
  })
  sheet.height(112)
  if (residual === undefined) sheet.hideColumn(worthColumn)
  sheet.freezeAt(firstRow, firstOption)
  sheet.printTo(firstRow + context.plan.finance.horizonMonths, firstOption + Math.max(0, blocks.length - 1))

  const horizon = context.plan.finance.horizonMonths
  const values = blocks.map((): number[] => [])
  for (let month = 0; month <= context.lastMonth; month += 1) {
    const row = firstRow + month
    sheet.row = row
    sheet.number(0, month, { format: 'whole' })
    sheet.number(1, yearOf(month), { format: 'whole' })
    if (residual !== undefined)
      sheet.formula(worthColumn, residualAt(residual, call(local(row, 0), month)), {
        format: 'percent',
        kind: 'muted',
      })
    const inside = month <= horizon ? 1 : 0
    const insideCell = sheet.formula(4, call(`IF(${local(row, 0)}<=${general.horizon.text},1,0)`, inside), {
      format: 'whole',
    })
    sheet.formula(
      3,
      call(
        `${local(row, 4)}*(1+${general.discount.text})^(-${local(row, 0)}/${monthsPerYear})`,
        inside * (1 + general.discount.value) ** (-month / monthsPerYear),
      ),
      { format: 'factor' },
    )
    blocks.forEach((block, index) => {
      const paid = paymentOf(block, { ...given, month, at: call(local(row, 0), month) })
      const cell = sheet.formula(firstOption + index, times(call(local(row, 4), insideCell.value), paid), {
        format: 'money',
      })
      const own = values[index]!
      own.push(cell.value)
      const cumulative = own.reduce((sum, value) => sum + value, 0)
      const now = call(local(row, firstOption + index), cell.value)
      const before = call(local(row - 1, firstCumulative + index), cumulative - cell.value)
      sheet.formula(
        firstCumulative + index,
        month === 0 ? now : { ...plus(before, now), value: cumulative },
        { format: 'money' },
      )
    })
  }
  return blocks.map(({ option }, index) => {
    const own = values[index]!
    const column = firstOption + index
    let sum = 0
    return {
      option,
      range: sheet.range({ row: firstRow, column }, { row: lastRow, column }),
      values: own,
      cumulativeColumn: firstCumulative + index,
      cumulative: own.map((value) => {
        sum += value
        return sum
      }),
    }
  })
}

function yearOf(month: number): number {
  return month === 0 ? 0 : 1 + Math.floor((month - 1) / monthsPerYear)
}

function local(row: number, column: number): string {
  return `$${columnName(column)}${row + 1}`
}

/**
 * What an option pays in a month: at the start of a year what is bought for it, each month a share of the year's running
 * cost, by volume what the month's requests cost, and hardware that is renewed or sold in it.
 */
function paymentOf(
  block: CostBlock,
  given: {
    month: number
    at: Term
    years: readonly Year[]
    demand: Demand
  },
): Term {
  const { month, at, years, demand } = given
  const parts: Term[] = []
  const starting = month % monthsPerYear === 0 ? month / monthsPerYear : undefined
  const bought =
    starting === undefined || starting >= years.length ? undefined : block.range('once', starting)
  if (bought !== undefined) parts.push(bought)
  const index = yearOf(month) - 1
  const year = years[index]
  if (year !== undefined) {
    const some = atLeast(constant(1), year.months)
    const running = block.range('monthly', index)
    if (running !== undefined) parts.push(over(running, some))
    const factor = demand.months.cell(month)
    const volume = block.range('volume', index)
    if (volume !== undefined)
      parts.push(over(times(volume, factor), atLeast(constant(leastVolume), year.volume)))
  }
  for (const row of block.rows) {
    const use = row.row.kind === 'usage' && year !== undefined ? block.use(row, index) : undefined
    if (use !== undefined) {
      const more = atLeast(constant(0), minus(times(use.used, demand.months.cell(month)), use.base))
      const amount = row.amounts[index]!
      parts.push(over(times(amount, more), atLeast(constant(leastVolume), row.unitMonths[index]!)))
    }
    if (row.row.kind === 'planned' && row.row.line !== undefined && row.price !== undefined) {
      const factor = paymentsByMonth(row.row.line, Number.POSITIVE_INFINITY).get(month)
      if (factor !== undefined) parts.push(times(row.unitAmount, constant(factor)))
    }
    if (row.row.kind !== 'generation') continue
    const value = row.amounts.reduce((sum, amount, of) => {
      const generation = years[of]!.generations[row.row.generation]
      const due = row.row.category === 'refresh' ? generation?.bought : generation?.ends
      return due?.value === month ? sum + amount.value : sum
    }, 0)
    const first = years[0]!.generations[row.row.generation]
    const due = row.row.category === 'refresh' ? first?.bought : first?.ends
    const last = years.at(-1)!.generations[row.row.generation]
    const lastDue = row.row.category === 'refresh' ? last?.bought : last?.ends
    if (due === undefined || lastDue === undefined) continue
    parts.push(
      call(
        `SUMPRODUCT((${rangeText(due, lastDue)}=${at.text})*${rangeText(row.amounts[0]!, row.amounts.at(-1)!)})`,
        value,
      ),
    )
  }
  return parts.length === 0 ? constant(0) : parts.length === 1 ? parts[0]! : plus(...parts)
}

/** From the address of one cell to that of another on the same sheet. */
function rangeText(from: Term, to: Term): string {
  return `${from.text}:${to.text.slice(to.text.lastIndexOf('!') + 1)}`
}

/** A year beyond the horizon has no volume to be shared out. */
const leastVolume = 1e-9
