import { named, type WorkbookContext } from './context.ts'
import type { Term } from './formula.ts'
import { sharesMove } from './members.ts'
import { buysAtStart, evenGrowth, lifeMonthsOf } from './plan-rules.ts'
import type { SheetBuilder } from './sheet-builder.ts'
import type { Look } from './styles.ts'
import type { WordKey } from './words.ts'

export interface GeneralInputs {
  readonly users: Term | undefined
  /** Per user where users are known, else of all. */
  readonly requestsPerMonth: Term
  readonly inputTokens: Term
  readonly outputTokens: Term
  readonly hoursPerDay: Term
  readonly daysPerWeek: Term
  readonly peakToAverage: Term
  /** Absent where the plan's demand does not grow evenly. */
  readonly growth: Term | undefined
  readonly headroom: Term
  readonly horizon: Term
  /** 1: all machines on the first day; 0: those of each year at its start. */
  readonly buyAtStart: Term
  readonly lifeMonths: Term
  readonly discount: Term
  readonly usdPerUnit: Term
  /** Requests that the small model of a cascade answers; absent where they cannot be moved. */
  readonly smallShare: Term | undefined
}

/** The title over a block of inputs. */
export function startBlock(context: WorkbookContext, sheet: SheetBuilder, title: WordKey): void {
  sheet.text(0, context.words(title), { kind: 'section' })
  sheet.height(22)
  sheet.row += 1
}

/** Notes run over the columns that the block beside them does not use. */
const noteColumns = 11
const noteLine = 105
const noteHeight = 15

export function generalBlock(context: WorkbookContext, sheet: SheetBuilder): GeneralInputs {
  const { plan, words } = context
  const { workload, finance } = plan
  startBlock(context, sheet, 'general.title')
  sheet.header(
    (
      [
        'column.assumption',
        'column.value',
        'column.unit',
        'column.plan',
        'column.name',
        'column.note',
      ] as const
    ).map((key) => words(key)),
    20,
  )
  const first = sheet.row
  const add = (input: {
    label: string
    value: number
    unit: string
    name: string
    format: Look['format']
    about?: string
    most?: number
    least?: number
    whole?: boolean
  }): Term => {
    const { row } = sheet
    sheet.text(0, input.label)
    const look: Look = { format: input.format ?? 'whole' }
    const cell = sheet.input(1, input.value, look)
    sheet.text(2, input.unit, { kind: 'muted', indent: 1 })
    sheet.number(3, input.value, { ...look, kind: 'muted' })
    sheet.text(4, input.name, { kind: 'muted', indent: 1 })
    const note = plan.notes.find((entry) => entry.about === input.about)
    if (note !== undefined) {
      const message = context.say.note(note)
      sheet.text(5, message, { kind: 'muted', indent: 1, wrap: true })
      sheet.merge(5, noteColumns)
      if (message.length > noteLine) sheet.height(noteHeight * Math.ceil(message.length / noteLine))
    }
    sheet.validate({
      type: input.whole === true ? 'whole' : 'decimal',
      ...(input.most === undefined
        ? { operator: 'greaterThanOrEqual', formula1: String(input.least ?? 0) }
        : { operator: 'between', formula1: String(input.least ?? 0), formula2: String(input.most) }),
      showErrorMessage: true,
      errorTitle: input.label.slice(0, 32),
      errorMessage: `${input.unit}: ${input.least ?? 0} … ${input.most ?? '∞'}`,
      range: `B${row + 1}`,
    })
    sheet.row += 1
    return named(context, input.name, cell)
  }
  const { users } = workload
  const requests = workload.requestsPerMonth.value
  const share = { unit: words('unit.share'), format: 'percent', most: 1 } as const
  const growthPerYear = evenGrowth(workload.growthByMonth)
  const usersCell =
    users === undefined
      ? undefined
      : add({
          label: words('input.users'),
          value: users,
          unit: words('unit.users'),
          name: 'users',
          format: 'whole',
          about: 'demand.users',
        })
  const inputs: GeneralInputs = {
    users: usersCell,
    requestsPerMonth:
      users === undefined
        ? add({
            label: words('input.requests'),
            value: requests,
            unit: words('unit.requests'),
            name: 'requests_given_per_month',
            format: 'whole',
          })
        : add({
            label: words('input.requests-per-user'),
            value: requests / users,
            unit: words('unit.requests'),
            name: 'requests_per_user_month',
            format: 'one',
            about: 'demand.requestsPerUserPerDay',
          }),
    inputTokens: add({
      label: words('input.input-tokens'),
      value: workload.inputTokensMean,
      unit: words('unit.tokens'),
      name: 'input_tokens_per_request',
      format: 'whole',
      about: 'tokens.input',
    }),
    outputTokens: add({
      label: words('input.output-tokens'),
      value: workload.outputTokensMean,
      unit: words('unit.tokens'),
      name: 'output_tokens_per_request',
      format: 'whole',
      about: 'tokens.output',
    }),
    hoursPerDay: add({
      label: words('input.hours'),
      value: workload.workingHoursPerDay,
      unit: words('unit.hours'),
      name: 'working_hours_per_day',
      format: 'one',
      about: 'demand.workingHoursPerDay',
      least: 0.1,
      most: 24,
    }),
    daysPerWeek: add({
      label: words('input.days'),
      value: workload.workingDaysPerWeek,
      unit: words('unit.days'),
      name: 'working_days_per_week',
      format: 'one',
      about: 'demand.workingDaysPerWeek',
      least: 0.1,
      most: 7,
    }),
    peakToAverage: add({
      label: words('input.peak'),
      value: workload.peakToAverageRatio,
      unit: words('unit.ratio'),
      name: 'peak_to_average',
      format: 'two',
      about: 'demand.peakToAverage',
      least: 1,
    }),
    growth:
      growthPerYear === undefined
        ? undefined
        : add({
            ...share,
            label: words('input.growth'),
            value: growthPerYear,
            name: 'demand_growth_per_year',
            about: 'demand.growthPerYear',
            least: -0.99,
            most: 10,
          }),
    headroom: add({
      ...share,
      label: words('input.headroom'),
      value: plan.targets.headroomFraction,
      name: 'headroom_share',
      about: 'targets.headroom',
      most: 0.95,
    }),
    horizon: add({
      label: words('input.horizon'),
      value: finance.horizonMonths,
      unit: words('unit.months', { months: String(context.lastMonth) }),
      name: 'horizon_months',
      format: 'whole',
      about: 'finance.horizonMonths',
      least: 1,
      most: context.lastMonth,
      whole: true,
    }),
    buyAtStart: add({
      label: words('input.at-start'),
      value: buysAtStart(plan) ? 1 : 0,
      unit: words('unit.yes-no'),
      name: 'buy_at_start',
      format: 'whole',
      most: 1,
      whole: true,
    }),
    lifeMonths: add({
      label: words('input.life'),
      value: lifeMonthsOf(plan),
      unit: words('unit.life'),
      name: 'hardware_life_months',
      format: 'whole',
      about: 'finance.lifeMonths',
      least: lifeMonthsOf(plan),
      whole: true,
    }),
    discount: add({
      ...share,
      label: words('input.discount'),
      value: finance.discountRatePerYearFraction,
      name: 'discount_rate_per_year',
      about: 'finance.discountRatePerYear',
    }),
    usdPerUnit: add({
      label: words('input.currency', { currency: finance.currency.code }),
      value: finance.currency.usdPerUnit,
      unit: 'USD',
      name: 'usd_per_currency_unit',
      format: 'factor',
      about: 'finance.currency',
      least: 0.000_001,
    }),
    smallShare: sharesMove(plan)
      ? add({
          ...share,
          label: words('input.small-share'),
          value: plan.cascade!.smallFraction,
          name: 'small_model_share',
          // With none or all of the requests one of the models would not be bought at all.
          least: 0.01,
          most: 0.99,
        })
      : undefined,
  }
  markChanged(sheet, `B${first + 1}:B${sheet.row}`, `B${first + 1}<>D${first + 1}`)
  return inputs
}

/** Inputs that were changed show it. */
export function markChanged(sheet: SheetBuilder, range: string, formula: string): void {
  sheet.highlight({
    type: 'expression',
    formula,
    range,
    style: { font: { bold: true, color: { rgb: 'B42318' } } },
  })
}
