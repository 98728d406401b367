import type { PlanCascadePair } from '../../planner/plan-cascade-types.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import type { OptionMoney } from './cash-flow.ts'
import { newSheet, optionName, type WorkbookContext } from './context.ts'
import type { Demand } from './demand.ts'
import type { Energy } from './energy.ts'
import { constant, minus, orWord, over, plus, type Term, times } from './formula.ts'
import type { GeneralInputs } from './general-inputs.ts'
import type { SheetBuilder } from './sheet-builder.ts'
import type { Look } from './styles.ts'

const per1000 = 1000

/** The pairs of the plan's cascade: sums of what both models cost on the sheets before. Undefined where there is none. */
export function cascadesSheet(
  context: WorkbookContext,
  input: {
    general: GeneralInputs
    demand: Demand
    money: ReadonlyMap<PlanOption, OptionMoney>
    energy: ReadonlyMap<PlanOption, Energy>
  },
): SheetBuilder | undefined {
  const { words, currency, plan } = context
  const { cascade } = plan
  if (cascade === undefined || cascade.pairs.length === 0) return undefined
  const sheet = newSheet(context, 'sheet.cascades', 'lead.cascades')
  sheet.widths(24, 50, 50, 18, 16, 18, 16, 18, 18, 18)
  const { smallShare } = input.general
  sheet.text(0, words('cascades.share'))
  if (smallShare === undefined) sheet.number(1, cascade.smallFraction, { format: 'percent', align: 'left' })
  else sheet.formula(1, smallShare, { format: 'percent', align: 'left', bold: true })
  sheet.row += 1
  sheet.text(0, words('cascades.escalation'))
  sheet.text(1, words(`cascades.${cascade.escalation}`))
  sheet.row += 2
  const totals = [
    words('overview.total', { currency }),
    words('overview.change'),
    words('overview.npv', { currency }),
    words('overview.per-month', { currency }),
    words('cascades.per-requests', { currency }),
    words('overview.carbon'),
  ]
  sheet.header(
    [
      words('cascades.role'),
      words('cascades.small'),
      words('cascades.large'),
      ...totals,
      words('cascades.beyond', { currency }),
    ],
    48,
  )
  for (const pair of cascade.pairs) {
    sheet.text(0, rolesText(context, pair.roles), { wrap: true, bold: true })
    const small = cascade.small?.options.find((option) => option.id === pair.smallOptionId)
    const large = cascade.large?.options.find((option) => option.id === pair.largeOptionId)
    for (const [column, option] of [small, large].entries())
      sheet.text(column + 1, option === undefined ? '–' : optionName(context, option), { wrap: true })
    const members = [small, large].filter((option) => option !== undefined)
    const sum = totalsRow(context, sheet, { ...input, members, plannedUsd: pair.cost.totalUsd.value })
    const rival = rivalOf(context, pair)
    const beyond = sum === undefined || rival === undefined ? undefined : input.money.get(rival)?.netPresent
    put(sheet, 9, sum && beyond && minus(sum, beyond), words('unknown'), 'whole')
    sheet.height(45)
    sheet.row += 1
  }
  const alone = [...context.members].flatMap(([option, side]) => (side === 'large-alone' ? [option] : []))
  if (alone.length > 0) {
    sheet.row += 1
    sheet.text(0, words('cascades.alone'), { kind: 'section' })
    sheet.height(22)
    sheet.row += 1
    sheet.header([words('cascades.role'), '', words('cascades.large'), ...totals], 48)
    for (const option of alone) {
      sheet.text(0, rolesText(context, option.roles), { wrap: true, bold: true })
      sheet.blank(1, {})
      sheet.text(2, optionName(context, option), { wrap: true })
      totalsRow(context, sheet, { ...input, members: [option], plannedUsd: option.cost.totalUsd.value })
      sheet.height(45)
      sheet.row += 1
    }
  }
  sheet.row += 1
  for (const key of ['cascades.note.beyond', 'cascades.note.share'] as const) {
    sheet.text(0, words(key), { kind: 'lead' })
    sheet.row += 1
  }
  return sheet
}

/** Columns 3 to 8. Gives the net present cost. */
function totalsRow(
  context: WorkbookContext,
  sheet: SheetBuilder,
  input: {
    general: GeneralInputs
    demand: Demand
    money: ReadonlyMap<PlanOption, OptionMoney>
    energy: ReadonlyMap<PlanOption, Energy>
    members: readonly PlanOption[]
    plannedUsd: number
  },
): Term | undefined {
  const { general, demand, members } = input
  const unknown = context.words('unknown')
  const sum = (terms: readonly (Term | undefined)[]): Term | undefined =>
    terms.some((term) => term === undefined) ? undefined : plus(...(terms as readonly Term[]))
  const total = sum(members.map((option) => input.money.get(option)?.total))
  const netPresent = sum(members.map((option) => input.money.get(option)?.netPresent))
  const carbon = sum(members.map((option) => input.energy.get(option)?.carbonTonnes))
  const planned = constant(input.plannedUsd / context.plan.finance.currency.usdPerUnit)
  const cell = put(sheet, 3, total, unknown, 'whole', true)
  put(sheet, 4, cell && minus(over(cell, planned), constant(1)), unknown, 'change')
  const present = put(sheet, 5, netPresent, unknown, 'whole')
  put(sheet, 6, cell && over(cell, general.horizon), unknown, 'whole')
  const requests = times(demand.requestsPerMonth, demand.demandMonths)
  put(sheet, 7, cell && over(times(cell, constant(per1000)), requests), unknown, 'two')
  put(sheet, 8, carbon, unknown, 'two')
  return present
}

/** The cell, for formulas that go on with it. */
function put(
  sheet: SheetBuilder,
  column: number,
  of: Term | undefined,
  unknown: string,
  format: NonNullable<Look['format']>,
  bold = false,
): Term | undefined {
  if (of !== undefined) return sheet.formula(column, orWord(of, unknown), { format, bold, align: 'right' })
  sheet.text(column, unknown, { kind: 'muted', align: 'right' })
  return undefined
}

/** The large model alone that is compared with a pair of the same role. */
function rivalOf(context: WorkbookContext, pair: PlanCascadePair): PlanOption | undefined {
  const { cascade } = context.plan
  const id = cascade?.versusSingle.find(
    (entry) => entry.against === 'large' && entry.pairId === pair.id && entry.role === pair.roles[0],
  )?.singleOptionId
  return cascade?.largeAlone?.options.find((option) => option.id === id)
}

const rolesText = ({ t }: WorkbookContext, roles: PlanOption['roles']) =>
  roles.map((role) => t(`role.${role}`)).join(', ')
