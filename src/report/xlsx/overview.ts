import { tokensPerMillion } from '../../foundation/units.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import type { WorkbookInputs } from './assumptions.ts'
import type { OptionMoney } from './cash-flow.ts'
import { newSheet, optionName, type WorkbookContext } from './context.ts'
import type { Demand } from './demand.ts'
import type { Energy } from './energy.ts'
import { constant, minus, orWord, over, plus, times } from './formula.ts'
import type { SheetBuilder } from './sheet-builder.ts'
import type { WordKey } from './words.ts'

const limits = [
  'limits.1',
  'limits.2',
  'limits.3',
  'limits.4',
  'limits.5',
] as const satisfies readonly WordKey[]

/** The first sheet: every option's live totals beside the plan's, and what the model leaves out. */
export function overviewSheet(
  context: WorkbookContext,
  input: {
    inputs: WorkbookInputs
    demand: Demand
    money: ReadonlyMap<PlanOption, OptionMoney>
    energy: ReadonlyMap<PlanOption, Energy>
  },
): SheetBuilder {
  const { words, plan, document } = context
  const { general } = input.inputs
  const sheet = newSheet(context, 'sheet.overview', 'lead.overview')
  sheet.tabColour(document.meta.brand.colours.primary)
  sheet.widths(10, 58, 18, 16, 18, 16, 16, 18, 18)
  sheet.text(0, document.meta.title, { kind: 'title' }, 0)
  sheet.text(
    0,
    words('overview.plan-of', { date: document.meta.planDateText, version: plan.catalog.version }),
    { kind: 'lead' },
    2,
  )
  sheet.row = 4
  for (const [key, term, format] of [
    ['overview.peak', input.demand.peakRate, 'two'],
    ['overview.horizon', general.horizon, 'whole'],
  ] as const) {
    sheet.blank(0, {})
    sheet.text(1, words(key))
    sheet.formula(2, term, { format, bold: true })
    sheet.row += 1
  }
  sheet.row += 1
  if (plan.options.length === 0) {
    sheet.text(0, words('overview.infeasible'), { kind: 'section' })
    sheet.row += 2
  } else optionTable(context, sheet, input)
  sheet.text(0, words('limits.title'), { kind: 'section' })
  sheet.height(22)
  sheet.row += 1
  const subscribed = plan.options.some((option) => option.place.kind === 'subscription')
  for (const key of subscribed ? ([...limits, 'limits.6'] as const) : limits) {
    sheet.text(0, '•', { kind: 'lead', align: 'right' })
    const text = words(key)
    sheet.text(1, text, { kind: 'lead', wrap: true })
    sheet.merge(1, 7)
    sheet.height(15 * Math.ceil(text.length / 150))
    sheet.row += 1
  }
  return sheet
}

function optionTable(
  context: WorkbookContext,
  sheet: SheetBuilder,
  {
    inputs,
    demand,
    money,
    energy,
  }: {
    inputs: WorkbookInputs
    demand: Demand
    money: ReadonlyMap<PlanOption, OptionMoney>
    energy: ReadonlyMap<PlanOption, Energy>
  },
): void {
  const { words, plan, currency } = context
  sheet.header(
    [
      words('overview.rank'),
      words('column.option'),
      words('overview.total', { currency }),
      words('overview.change'),
      words('overview.npv', { currency }),
      words('overview.per-month', { currency }),
      words('overview.per-tokens', { currency }),
      words('overview.carbon'),
    ],
    48,
  )
  sheet.freezeAt(sheet.row, 2)
  const first = sheet.row
  const tokens = times(plus(demand.inputTokensPerMonth, demand.outputTokensPerMonth), demand.demandMonths)
  for (const option of plan.options) {
    const flow = money.get(option)
    sheet.number(0, option.rank, { format: 'whole', align: 'center' })
    const recommended = plan.roles.balanced === option.id
    sheet.text(
      1,
      recommended
        ? `${optionName(context, option)} (${words('overview.recommended')})`
        : optionName(context, option),
      { wrap: true, bold: recommended },
    )
    if (flow !== undefined) {
      const unknown = words('unknown')
      const planned = option.cost.totalUsd.value / plan.finance.currency.usdPerUnit
      sheet.formula(2, orWord(flow.total, unknown), { format: 'whole', bold: true, align: 'right' })
      if (Number.isFinite(planned))
        sheet.formula(3, orWord(minus(over(flow.total, constant(planned)), constant(1)), unknown), {
          format: 'change',
          align: 'right',
        })
      else sheet.text(3, unknown, { align: 'right' })
      sheet.formula(4, orWord(flow.netPresent, unknown), { format: 'whole', align: 'right' })
      sheet.formula(5, orWord(over(flow.total, inputs.general.horizon), unknown), {
        format: 'whole',
        align: 'right',
      })
      sheet.formula(6, orWord(over(times(flow.total, constant(tokensPerMillion)), tokens), unknown), {
        format: 'two',
        align: 'right',
      })
    }
    const carbon = energy.get(option)?.carbonTonnes
    if (carbon === undefined) sheet.text(7, '–', { kind: 'muted', align: 'right' })
    else sheet.formula(7, carbon, { format: 'two' })
    sheet.height(30)
    sheet.row += 1
  }
  sheet.highlight({
    type: 'expression',
    formula: `$C${first + 1}=MIN($C$${first + 1}:$C$${sheet.row})`,
    range: `C${first + 1}:C${sheet.row}`,
    style: {
      fill: { type: 'pattern', pattern: 'solid', bgColor: { rgb: 'DDF1E7' }, fgColor: { rgb: 'DDF1E7' } },
    },
  })
  sheet.text(1, words('overview.cheapest'), { kind: 'lead' })
  sheet.row += 2
}
