import { monthsPerYear } from '../../foundation/units.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import { seriesStyles } from '../charts/palette.ts'
import { newSheet, optionName, type WorkbookContext } from './context.ts'
import { call, columnName, plus, sumOfRange, type Term } from './formula.ts'
import type { MonthsLayout, OptionFlow } from './months.ts'
import type { SheetBuilder } from './sheet-builder.ts'

export interface OptionMoney {
  readonly total: Term
  readonly netPresent: Term
}

const chartRows = 24

/** A native chart shows at most so many lines that can be told apart. */
const mostLines = 6

export function cashFlowSheet(
  context: WorkbookContext,
  layout: MonthsLayout,
  flows: readonly OptionFlow[],
  discount: readonly number[],
): { sheet: SheetBuilder; money: ReadonlyMap<PlanOption, OptionMoney> } {
  const { words } = context
  const sheet = newSheet(context, 'sheet.cash-flow', 'lead.cash-flow')
  const years = Math.ceil(context.lastMonth / monthsPerYear)
  const yearNumbers = Array.from({ length: years + 1 }, (_, year) => year)
  sheet.widths(58, 18, 18, ...yearNumbers.map(() => 15))
  const header = [
    words('column.option'),
    words('flow.total'),
    words('flow.npv'),
    ...yearNumbers.map((year) => words('flow.year', { year: String(year) })),
  ]
  // The years stand in a row of their own, so that formulas can look them up.
  sheet.text(0, words('flow.payments'), { kind: 'section' })
  sheet.row += 1
  const yearRow = sheet.row
  for (const year of yearNumbers) sheet.number(3 + year, year, { kind: 'lead', format: 'hidden' })
  sheet.height(4)
  sheet.row += 1
  sheet.header(header)
  const money = new Map<PlanOption, OptionMoney>()
  const yearly: Term[][] = []
  for (const flow of flows) {
    sheet.text(0, optionName(context, flow.option), { wrap: true })
    sheet.height(30)
    const total = sheet.formula(1, sumOfRange(flow.range, flow.values), { format: 'whole', bold: true })
    const netPresent = sheet.formula(
      2,
      call(
        `SUMPRODUCT(${flow.range},${layout.discount})`,
        flow.values.reduce((sum, value, month) => sum + value * (discount[month] ?? 0), 0),
      ),
      { format: 'whole', bold: true },
    )
    money.set(flow.option, { total, netPresent })
    yearly.push(
      yearNumbers.map((year) =>
        sheet.formula(
          3 + year,
          call(
            `SUMIFS(${flow.range},${layout.year},${columnName(3 + year)}$${yearRow + 1})`,
            flow.values.reduce((sum, value, month) => sum + (yearOf(month) === year ? value : 0), 0),
          ),
          { format: 'money' },
        ),
      ),
    )
    sheet.row += 1
  }
  sheet.row += 1
  sheet.text(0, words('flow.cumulative'), { kind: 'section' })
  sheet.row += 1
  sheet.header(['', '', '', ...header.slice(3)], 20)
  flows.forEach((flow, index) => {
    sheet.text(0, optionName(context, flow.option), { wrap: true })
    sheet.height(30)
    sheet.blank(1, {})
    sheet.blank(2, {})
    let before: Term | undefined
    for (const year of yearNumbers) {
      const paid = yearly[index]![year]!
      before = sheet.formula(3 + year, before === undefined ? paid : plus(before, paid), { format: 'money' })
    }
    sheet.row += 1
  })
  if (flows.length > 0) {
    sheet.row += 1
    sheet.breakPage()
    chart(context, sheet, layout, flows, sheet.row)
    // A printed page ends at the last cell: it must lie below the chart.
    sheet.row += chartRows + 1
    sheet.blank(0, { kind: 'lead' })
    sheet.text(0, ' ', { kind: 'lead' })
  }
  sheet.freezeAt(0, 1)
  return { sheet, money }
}

function yearOf(month: number): number {
  return month === 0 ? 0 : 1 + Math.floor((month - 1) / monthsPerYear)
}

/** A chart of the spreadsheet's own: it follows changed assumptions. */
function chart(
  context: WorkbookContext,
  sheet: SheetBuilder,
  layout: MonthsLayout,
  flows: readonly OptionFlow[],
  row: number,
): void {
  const lastShown = layout.firstRow + context.plan.finance.horizonMonths
  sheet.chart({
    type: 'line',
    title: context.words('flow.chart', { currency: context.currency }),
    anchor: { from: { row, col: 0 }, to: { row: row + chartRows, col: 8 } },
    legend: 'bottom',
    series: flows.slice(0, mostLines).map((flow, index) => ({
      name: optionName(context, flow.option),
      values: layout.sheet.range(
        { row: layout.firstRow, column: flow.cumulativeColumn },
        { row: lastShown, column: flow.cumulativeColumn },
      ),
      categories: layout.sheet.range({ row: layout.firstRow, column: 0 }, { row: lastShown, column: 0 }),
      color: seriesStyles[index]!.colour.slice(1).toUpperCase(),
      marker: { symbol: 'none' },
    })),
    altText: context.words('flow.chart', { currency: context.currency }),
  })
}
