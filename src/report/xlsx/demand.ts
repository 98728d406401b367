import {
  daysPerWeek,
  hoursPerDay,
  monthsPerYear,
  secondsPerDay,
  secondsPerHour,
  secondsPerMonth,
  tokensPerMillion,
} from '../../foundation/units.ts'
import { named, newSheet, startingAt, type WorkbookContext } from './context.ts'
import { absolute, atLeast, call, constant, minus, over, plus, power, type Term, times } from './formula.ts'
import type { GeneralInputs } from './general-inputs.ts'
import type { SheetBuilder } from './sheet-builder.ts'
import type { WordKey } from './words.ts'

/** A load without peaks has k = 0, which no spreadsheet can divide by; powers of 1/k must not underflow either. */
const leastExponent = 0.01

export interface Demand {
  readonly sheet: SheetBuilder
  readonly requestsPerMonth: Term
  readonly inputTokensPerMonth: Term
  readonly outputTokensPerMonth: Term
  readonly averageRate: Term
  readonly peakRate: Term
  readonly sizingRate: Term
  /** Highest month over the first, at least 1. */
  readonly highest: Term
  /** Share of all hours that are worked. */
  readonly workingShare: Term
  /** k of the day's load λ·u^k; above 0. */
  readonly exponent: Term
  readonly months: {
    readonly number: string
    readonly factor: string
    readonly values: readonly number[]
    readonly cell: (month: number) => Term
  }
  /** Sum of the months' demand over the first month's. */
  readonly demandMonths: Term
}

export function demandSheet(context: WorkbookContext, inputs: GeneralInputs): Demand {
  const { plan, words } = context
  const { workload } = plan
  const sheet = newSheet(context, 'sheet.demand', 'lead.demand')
  sheet.widths(58, 18, 18, 22, 22)
  sheet.header(
    [words('column.figure'), words('column.value'), words('column.unit'), words('column.plan')],
    20,
  )
  const summaryRow = sheet.row
  const listRow = summaryRow + 13
  const months = context.lastMonth
  const horizon = plan.finance.horizonMonths

  // The list below is laid out first: the figures above refer to it.
  sheet.row = listRow - 2
  sheet.text(0, words('demand.by-month'), { kind: 'section' })
  sheet.height(22)
  sheet.row += 1
  sheet.header([
    words('column.month'),
    words('column.demand'),
    words('column.requests'),
    words('column.input-tokens'),
    words('column.output-tokens'),
  ])
  const factors: Term[] = []
  for (let month = 1; month <= months; month += 1) {
    sheet.number(0, month, { format: 'whole', align: 'left' })
    factors.push(
      inputs.growth === undefined
        ? sheet.number(1, workload.growthByMonth[month - 1] ?? workload.growthByMonth.at(-1) ?? 1, {
            format: 'factor',
          })
        : sheet.formula(
            1,
            power(plus(constant(1), inputs.growth), over(constant(month - 1), constant(monthsPerYear))),
            { format: 'factor' },
          ),
    )
    sheet.row += 1
  }
  const last = sheet.row - 1
  const monthRange = `${absolute(listRow, 0)}:${absolute(last, 0)}`
  const factorRange = `${absolute(listRow, 1)}:${absolute(last, 1)}`
  const inside = `(${monthRange}<=${inputs.horizon.text})`
  const known = factors.slice(0, horizon).map((factor) => factor.value)

  sheet.row = summaryRow
  const add = (
    key: WordKey,
    formula: Term,
    unit: WordKey,
    planned: number | undefined,
    format: 'whole' | 'two' | 'percent',
    name?: string,
  ): Term => {
    sheet.text(0, words(key))
    const cell = sheet.formula(1, formula, { format })
    sheet.text(2, words(unit), { kind: 'muted', indent: 1 })
    if (planned === undefined) sheet.blank(3, { kind: 'muted' })
    else sheet.number(3, planned, { format, kind: 'muted' })
    sheet.row += 1
    return name === undefined ? cell : named(context, name, cell)
  }
  const requestsPerMonth = add(
    'demand.requests',
    inputs.users === undefined ? inputs.requestsPerMonth : times(inputs.users, inputs.requestsPerMonth),
    'unit.requests',
    workload.requestsPerMonth.value,
    'whole',
    'requests_per_month',
  )
  const inputTokensPerMonth = add(
    'demand.input',
    startingAt(workload.inputTokensPerMonth.value, times(requestsPerMonth, inputs.inputTokens)),
    'unit.tokens',
    workload.inputTokensPerMonth.value,
    'whole',
    'input_tokens_per_month',
  )
  const outputTokensPerMonth = add(
    'demand.output',
    startingAt(workload.outputTokensPerMonth.value, times(requestsPerMonth, inputs.outputTokens)),
    'unit.tokens',
    workload.outputTokensPerMonth.value,
    'whole',
    'output_tokens_per_month',
  )
  const weeksPerMonth = constant(secondsPerMonth / secondsPerDay / daysPerWeek)
  const workingSeconds = times(
    inputs.hoursPerDay,
    constant(secondsPerHour),
    inputs.daysPerWeek,
    weeksPerMonth,
  )
  const averageRate = add(
    'demand.average',
    startingAt(workload.averageRequestsPerSecond.value, over(requestsPerMonth, workingSeconds)),
    'unit.rate',
    workload.averageRequestsPerSecond.value,
    'two',
    'average_requests_per_second',
  )
  const peakRate = add(
    'demand.peak',
    startingAt(workload.peakRequestsPerSecond.value, times(averageRate, inputs.peakToAverage)),
    'unit.rate',
    workload.peakRequestsPerSecond.value,
    'two',
    'peak_requests_per_second',
  )
  const highest = add(
    'demand.highest',
    atLeast(constant(1), call(`SUMPRODUCT(MAX(${inside}*${factorRange}))`, Math.max(...known))),
    'unit.ratio',
    Math.max(1, ...workload.growthByMonth),
    'two',
    'highest_demand_factor',
  )
  const sizingRate = add(
    'demand.sizing',
    times(peakRate, highest),
    'unit.rate',
    undefined,
    'two',
    'sizing_requests_per_second',
  )
  const demandMonths = add(
    'demand.months',
    call(
      `SUMPRODUCT(${inside}*${factorRange})`,
      known.reduce((sum, value) => sum + value, 0),
    ),
    'unit.ratio',
    workload.growthByMonth.reduce((sum, value) => sum + value, 0),
    'two',
    'demand_months',
  )
  const workingShare = add(
    'demand.working-share',
    over(times(inputs.hoursPerDay, inputs.daysPerWeek), constant(hoursPerDay * daysPerWeek)),
    'unit.share',
    undefined,
    'percent',
    'working_share',
  )
  const exponent = add(
    'demand.exponent',
    atLeast(constant(leastExponent), minus(inputs.peakToAverage, constant(1))),
    'unit.ratio',
    undefined,
    'two',
    'load_exponent',
  )
  factors.forEach((factor, index) => {
    const row = listRow + index
    sheet.formula(2, times(requestsPerMonth, factor), { format: 'whole' }, row)
    sheet.formula(
      3,
      over(times(inputTokensPerMonth, factor), constant(tokensPerMillion)),
      { format: 'one' },
      row,
    )
    sheet.formula(
      4,
      over(times(outputTokensPerMonth, factor), constant(tokensPerMillion)),
      { format: 'one' },
      row,
    )
  })
  return {
    sheet,
    requestsPerMonth,
    inputTokensPerMonth,
    outputTokensPerMonth,
    averageRate,
    peakRate,
    sizingRate,
    highest,
    workingShare,
    exponent,
    demandMonths,
    months: {
      number: sheet.range({ row: listRow, column: 0 }, { row: last, column: 0 }),
      factor: sheet.range({ row: listRow, column: 1 }, { row: last, column: 1 }),
      values: factors.map((factor) => factor.value),
      cell: (month) => factors[month - 1]!,
    },
  }
}
