import { forEachPayment } from '../../estimators/cost/lines.ts'
import { monthsPerYear } from '../../foundation/units.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import { newSheet, optionName, type WorkbookContext } from './context.ts'
import { type CostBlock, type MonthColumns, timingOf } from './costs.ts'
import { call, columnName, plus, type Term } from './formula.ts'
import type { GeneralInputs } from './general-inputs.ts'
import type { SheetBuilder } from './sheet-builder.ts'

const firstOption = 5
const headerRow = 4

/** Ranges of the months' sheet; its rows are months 0 to the last that a horizon may reach. */
export interface MonthsLayout extends MonthColumns {
  readonly sheet: SheetBuilder
  readonly firstRow: number
  readonly lastRow: number
  readonly year: string
  readonly discount: string
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
export function monthsLayout(context: WorkbookContext): MonthsLayout {
  const sheet = newSheet(context, 'sheet.months', 'lead.months')
  const firstRow = headerRow + 1
  const lastRow = firstRow + context.lastMonth
  const range = (column: number) => sheet.range({ row: firstRow, column }, { row: lastRow, column })
  return {
    sheet,
    firstRow,
    lastRow,
    month: range(0),
    year: range(1),
    yearsBefore: range(2),
    discount: range(3),
  }
}

export function fillMonths(
  context: WorkbookContext,
  layout: MonthsLayout,
  general: GeneralInputs,
  blocks: readonly CostBlock[],
): OptionFlow[] {
  const { words } = context
  const { sheet, firstRow, lastRow } = layout
  const firstCumulative = firstOption + blocks.length + 1
  sheet.widths(8, 8, 8, 12, 10, ...blocks.map(() => 18), 3, ...blocks.map(() => 18))
  sheet.row = headerRow - 1
  if (blocks.length > 0) {
    sheet.text(firstOption, words('flow.payments'), { kind: 'section' })
    sheet.text(firstCumulative, words('flow.cumulative'), { kind: 'section' })
  }
  sheet.row = headerRow
  const titles = [words('column.month'), words('column.year'), '', words('flow.factor'), words('flow.inside')]
  titles.forEach((title, column) => {
    sheet.text(column, title, { kind: 'header' })
  })
  blocks.forEach(({ option }, index) => {
    sheet.text(firstOption + index, optionName(context, option), { kind: 'header' })
    sheet.text(firstCumulative + index, optionName(context, option), { kind: 'header' })
  })
  sheet.height(80)
  sheet.hideColumn(2)
  sheet.freezeAt(firstRow, firstOption)
  sheet.printTo(firstRow + context.plan.finance.horizonMonths, firstOption + Math.max(0, blocks.length - 1))

  const horizon = context.plan.finance.horizonMonths
  const flows = blocks.map((block) => valuesOf(context, block))
  for (let month = 0; month <= context.lastMonth; month += 1) {
    const row = firstRow + month
    sheet.row = row
    const monthCell = sheet.number(0, month, { format: 'whole' })
    const year = month === 0 ? 0 : 1 + Math.floor((month - 1) / monthsPerYear)
    sheet.number(1, year, { format: 'whole' })
    sheet.number(2, Math.max(0, year - 1), { format: 'whole' })
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
      const values = flows[index]!
      const cell = sheet.formula(
        firstOption + index,
        payment(block, monthCell, insideCell, local(row, 2), values[month]!),
        { format: 'money' },
      )
      const cumulative = values.slice(0, month + 1).reduce((sum, value) => sum + value, 0)
      const before =
        month === 0 ? undefined : sheet.at(row - 1, firstCumulative + index, cumulative - cell.value)
      sheet.formula(
        firstCumulative + index,
        before === undefined
          ? call(local(row, firstOption + index), cell.value)
          : {
              ...plus(
                call(local(row - 1, firstCumulative + index), before.value),
                call(local(row, firstOption + index), cell.value),
              ),
              value: cumulative,
            },
        { format: 'money' },
      )
    })
  }
  return blocks.map(({ option }, index) => {
    const values = flows[index]!
    const column = firstOption + index
    let sum = 0
    return {
      option,
      range: sheet.range({ row: firstRow, column }, { row: lastRow, column }),
      values,
      cumulativeColumn: firstCumulative + index,
      cumulative: values.map((value) => {
        sum += value
        return sum
      }),
    }
  })
}

function local(row: number, column: number): string {
  return `$${columnName(column)}${row + 1}`
}

/** What an option's lines pay in a month. */
function payment(block: CostBlock, month: Term, inside: Term, yearsBefore: string, value: number): Term {
  const { ranges } = block
  if (block.lines.length === 0) return call('0', 0)
  const at = shortened(month.text)
  const due = [
    `(${ranges.from}<=${at})`,
    `(${ranges.to}>=${at})`,
    `(MOD(${at}-${ranges.from},${ranges.every})=0)`,
  ].join('*')
  return call(
    `${shortened(inside.text)}*SUMPRODUCT(${ranges.amount}*${due}*(1+${ranges.growth})^${yearsBefore})`,
    value,
  )
}

/** The address without its sheet: formulas of one sheet are easier to read so. */
function shortened(address: string): string {
  return address.slice(address.lastIndexOf('!') + 1)
}

function valuesOf(context: WorkbookContext, block: CostBlock): number[] {
  const values = new Array<number>(context.lastMonth + 1).fill(0)
  block.lines.forEach((line, index) => {
    const amount = block.amounts[index]!.value
    forEachPayment(timingOf(line), context.plan.finance.horizonMonths, (month, factor) => {
      values[month] = (values[month] ?? 0) + amount * factor
    })
  })
  return values
}
