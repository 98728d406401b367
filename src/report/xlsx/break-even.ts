import { breakEvenOfFlows } from '../../estimators/cost/cash-flow.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import { newSheet, optionName, type WorkbookContext } from './context.ts'
import { call, columnName, quoted } from './formula.ts'
import type { GeneralInputs } from './general-inputs.ts'
import type { MonthsLayout, OptionFlow } from './months.ts'
import type { SheetBuilder } from './sheet-builder.ts'

export function breakEvenSheet(
  context: WorkbookContext,
  layout: MonthsLayout,
  general: GeneralInputs,
  flows: readonly OptionFlow[],
): SheetBuilder {
  const { words, plan } = context
  const sheet = newSheet(context, 'sheet.break-even', 'lead.break-even')
  sheet.widths(58, 58, 28, 18, 22, 12, 16, 16)
  sheet.header(
    [
      words('break.first'),
      words('break.second'),
      words('break.outcome'),
      words('break.month'),
      words('break.at-horizon', { currency: context.currency }),
      words('break.last'),
      words('break.before'),
      words('break.after'),
    ],
    32,
  )
  sheet.freezeAt(sheet.row, 1)
  const byOption = new Map(flows.map((flow) => [flow.option, flow]))
  const optionById = new Map(plan.options.map((option) => [option.id, option]))
  for (const [first, second] of pairsOf(context, optionById)) {
    const [a, b] = [byOption.get(first), byOption.get(second)]
    if (a === undefined || b === undefined) continue
    sheet.text(0, optionName(context, first), { wrap: true })
    sheet.text(1, optionName(context, second), { wrap: true })
    pairRow(context, sheet, layout, general, a, b)
    sheet.height(30)
    sheet.row += 1
  }
  return sheet
}

/** The pairs of the plan; where it names none, the recommendation against each other option. */
function pairsOf(
  context: WorkbookContext,
  optionById: ReadonlyMap<string, PlanOption>,
): [PlanOption, PlanOption][] {
  const { plan } = context
  const given = plan.breakEvens.flatMap(({ optionId, versusOptionId }): [PlanOption, PlanOption][] => {
    const [first, second] = [optionById.get(optionId), optionById.get(versusOptionId)]
    return first === undefined || second === undefined ? [] : [[first, second]]
  })
  if (given.length > 0) return given
  const best = optionById.get(plan.roles.balanced ?? '') ?? plan.options[0]
  if (best === undefined) return []
  return plan.options.filter((option) => option !== best).map((option) => [best, option])
}

/**
 * The library's rule in cells: the lead is the first option's cumulative cost less the second's. Where it ends above 0
 * there is no break-even; else it is the last month in which the lead falls from above 0, and the share of that month.
 */
function pairRow(
  context: WorkbookContext,
  sheet: SheetBuilder,
  layout: MonthsLayout,
  general: GeneralInputs,
  a: OptionFlow,
  b: OptionFlow,
): void {
  const { words, plan } = context
  const horizon = plan.finance.horizonMonths
  const row = sheet.row + 1
  const cell = (column: number) => `$${columnName(column)}${row}`
  const months = layout.sheet
  const part = (flow: OptionFlow, from: number, to: number) =>
    months.range(
      { row: layout.firstRow + from, column: flow.cumulativeColumn },
      { row: layout.firstRow + to, column: flow.cumulativeColumn },
    )
  const whole = (flow: OptionFlow) => part(flow, 0, context.lastMonth)
  const before = `(${part(a, 0, context.lastMonth - 1)}-${part(b, 0, context.lastMonth - 1)}>0)`
  const after = `(${part(a, 1, context.lastMonth)}-${part(b, 1, context.lastMonth)}<=0)`
  const monthRange = months.range({ row: layout.firstRow + 1, column: 0 }, { row: layout.lastRow, column: 0 })
  const lead = (month: number) => a.cumulative[month]! - b.cumulative[month]!
  const leadAt = (index: string) => `INDEX(${whole(a)},${index})-INDEX(${whole(b)},${index})`
  let last = 0
  for (let month = 1; month <= horizon; month += 1) if (lead(month - 1) > 0 && lead(month) <= 0) last = month
  const outcome = breakEvenOfFlows({
    monthlyUsd: a.values.slice(0, horizon + 1),
    alternativeMonthlyUsd: b.values.slice(0, horizon + 1),
  })
  sheet.formula(4, call(`-(${leadAt(`${general.horizon.text}+1`)})`, -lead(horizon)), { format: 'whole' })
  sheet.formula(
    5,
    call(`SUMPRODUCT(MAX((${monthRange}<=${general.horizon.text})*${before}*${after}*${monthRange}))`, last),
    { format: 'whole', kind: 'muted' },
  )
  sheet.formula(6, call(`IF(${cell(5)}=0,0,${leadAt(cell(5))})`, last === 0 ? 0 : lead(last - 1)), {
    format: 'whole',
    kind: 'muted',
  })
  sheet.formula(7, call(`IF(${cell(5)}=0,0,${leadAt(`${cell(5)}+1`)})`, last === 0 ? 0 : lead(last)), {
    format: 'whole',
    kind: 'muted',
  })
  const word = { 'from-start': 'break.from-start', at: 'break.at', never: 'break.never' } as const
  sheet.formula(
    2,
    {
      text: `IF(${cell(4)}<0,${quoted(words('break.never'))},IF(${cell(5)}=0,${quoted(words('break.from-start'))},${quoted(words('break.at'))}))`,
      value: words(word[outcome.kind]),
    },
    { bold: true },
  )
  const monthText = `IF(OR(${cell(4)}<0,${cell(5)}=0),"–",${cell(5)}-1+${cell(6)}/(${cell(6)}-${cell(7)}))`
  sheet.formula(
    3,
    outcome.kind === 'at' ? call(monthText, outcome.months) : { text: monthText, value: '–' },
    {
      format: 'one',
      align: 'right',
    },
  )
}
