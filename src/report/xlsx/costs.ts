import type { PlanOption } from '../../planner/plan-option-types.ts'
import { lineLabel, unitWord } from '../sections/plan-words.ts'
import { amountsByYear, type BillOf, type WrittenRow } from './amounts.ts'
import { newSheet, optionName, startingAt, type WorkbookContext } from './context.ts'
import { type CostRow, costRows } from './cost-rows.ts'
import { type Drivers, quantitiesByYear } from './cost-terms.ts'
import { constant, over, plus, sumOfRange, type Term, times } from './formula.ts'
import { priceKey, priceOfLine } from './line-drivers.ts'
import type { SheetBuilder } from './sheet-builder.ts'
import { type Use, useOf } from './use-rows.ts'
import { greyYears } from './years.ts'

/** Where an option's rows stand, for the sheet that spreads them over months. */
export interface CostBlock {
  readonly option: PlanOption
  readonly rows: readonly WrittenRow[]
  readonly use: (row: WrittenRow, year: number) => Use | undefined
  readonly range: (kind: CostRow['kind'], year: number) => Term | undefined
}

const quantity = { line: 0, when: 1, unit: 2, price: 3, rise: 4, years: 5 } as const
const cost = { line: 0, category: 1, years: 2 } as const

/** Quantities and amounts stand in the same rows of two sheets. */
export function costSheets(
  context: WorkbookContext,
  drivers: Drivers,
): { quantities: SheetBuilder; costs: SheetBuilder; blocks: CostBlock[] } {
  const { words, currency } = context
  const quantities = newSheet(context, 'sheet.quantities', 'lead.quantities')
  const costs = newSheet(context, 'sheet.costs', 'lead.costs')
  const years = drivers.years.map((_, index) => words('flow.year', { year: String(index + 1) }))
  quantities.widths(50, 26, 22, 18, 10, ...years.map(() => 13), 3, 30, 60)
  costs.widths(50, 20, ...years.map(() => 14), 17, 17)
  quantities.header(
    [
      words('cost.line'),
      words('cost.when'),
      words('cost.unit'),
      words('cost.price'),
      words('column.growth'),
      ...years,
      '',
      words('column.source'),
      words('column.note'),
    ],
    34,
  )
  costs.header(
    [
      words('cost.line'),
      words('cost.category'),
      ...years,
      words('cost.total', { currency }),
      words('cost.plan', { currency }),
    ],
    34,
  )
  for (const sheet of [quantities, costs]) sheet.freezeAt(sheet.row, 1)
  const blocks = context.options.map((option) => optionBlock(context, { quantities, costs }, option, drivers))
  const last = drivers.years.length - 1
  greyYears(quantities, drivers.years, quantity.years)
  greyYears(costs, drivers.years, cost.years)
  quantities.printTo(quantities.row, quantity.years + last)
  return { quantities, costs, blocks }
}

interface Sheets {
  readonly quantities: SheetBuilder
  readonly costs: SheetBuilder
}

function optionBlock(
  context: WorkbookContext,
  sheets: Sheets,
  option: PlanOption,
  drivers: Drivers,
): CostBlock {
  const { quantities, costs } = sheets
  const count = drivers.years.length
  const lastOf = { quantities: quantity.years + count + 2, costs: cost.years + count + 1 }
  for (const name of ['quantities', 'costs'] as const) {
    const sheet = sheets[name]
    for (let column = 0; column <= lastOf[name]; column += 1) sheet.blank(column, { kind: 'group' })
    sheet.text(0, optionName(context, option), { kind: 'group' })
    sheet.height(20)
    sheet.row += 1
  }
  const bill: BillOf = { context, option, drivers, written: [] }
  for (const row of costRows(context.plan, option)) {
    const quantityCells = writeQuantities(context, quantities, {
      option,
      row,
      drivers,
      written: bill.written,
    })
    const amounts = amountsByYear(bill, row, quantityCells)
    const { usdPerUnit } = drivers.inputs.general
    bill.written.push(writeAmounts(context, costs, { option, row, ...quantityCells, amounts, usdPerUnit }))
    quantities.row += 1
    costs.row += 1
  }
  const rows = bill.written
  totalRow(context, costs, { rows, option, count })
  quantities.row += 2
  costs.row += 2
  const rangeOf = (kind: CostRow['kind'], year: number): Term | undefined => {
    const mine = rows.filter((row) => row.row.kind === kind)
    if (mine.length === 0) return undefined
    const column = cost.years + year
    const range = costs.range({ row: mine[0]!.at, column }, { row: mine.at(-1)!.at, column })
    return sumOfRange(
      range,
      mine.map((row) => row.amounts[year]!.value),
    )
  }
  return {
    option,
    rows,
    use: (row, year) => useOf(context.plan, option, row.row, { drivers, year }),
    range: rangeOf,
  }
}

function writeQuantities(
  context: WorkbookContext,
  sheet: SheetBuilder,
  given: { option: PlanOption; row: CostRow; drivers: Drivers; written: readonly WrittenRow[] },
): { quantities: Term[]; price: Term | undefined; rise: Term | undefined; priceKnown: boolean } {
  const { words } = context
  const { option, row, drivers, written } = given
  const { line } = row
  sheet.text(quantity.line, rowLabel(context, row, option), { indent: 1 })
  sheet.text(quantity.when, words(`when.${row.kind}`), { kind: 'muted' })
  sheet.text(
    quantity.unit,
    line === undefined ? unitWord(context, unitOf(row)) : unitWord(context, line.unit),
    {
      kind: 'muted',
    },
  )
  const input = line && priceOfLine(line) === 'given' ? drivers.inputs.prices.get(priceKey(line)) : undefined
  const priceTerm = input?.usd ?? (line && installationPrice(option, row, { drivers, written }))
  const priceKnown = line === undefined || Number.isFinite(line.unitPriceUsd)
  if (priceTerm === undefined) sheet.blank(quantity.price, {})
  else sheet.formula(quantity.price, priceTerm, { format: 'price' })
  const price = priceTerm && sheet.at(sheet.row, quantity.price, priceTerm.value)
  const rise = input?.growth && sheet.formula(quantity.rise, input.growth, { format: 'percent' })
  if (rise === undefined) sheet.blank(quantity.rise, {})
  const share = row.kind === 'generation' || priceTerm === undefined
  const terms = quantitiesByYear(context.plan, option, row, drivers)
  const whole = terms.every(({ value }) => Number.isInteger(value))
  const quantities = terms.map((term, index) =>
    sheet.formula(quantity.years + index, term, { format: share ? 'share' : whole ? 'money' : 'quantity' }),
  )
  if (line !== undefined) {
    const after = quantity.years + terms.length + 1
    sheet.text(after, line.sourceId, { kind: 'muted' })
    sheet.blank(after + 1, {})
    if (line.note !== '') sheet.text(after + 1, context.say.quote(line.note), { kind: 'muted' })
  }
  return { quantities, price, rise, priceKnown }
}

/** Hardware of a later generation has no line in the plan. */
function unitOf(row: CostRow): string {
  return row.category === 'refresh' ? 'generation' : 'of the purchase'
}

function rowLabel(context: WorkbookContext, row: CostRow, option: PlanOption): string {
  const { line, generation, category } = row
  if (row.kind !== 'generation' && line !== undefined) return lineLabel(context, line, option)
  const label = context.t(`category.${category}`)
  return generation === 0
    ? label
    : context.words('cost.generation', {
        label,
        generation: String(generation + 1),
      })
}

/** A share of what one machine with its accelerators costs. */
function installationPrice(
  option: PlanOption,
  row: CostRow,
  { drivers, written }: { drivers: Drivers; written: readonly WrittenRow[] },
): Term | undefined {
  const { line } = row
  if (line === undefined || priceOfLine(line) !== 'system-per-machine') return undefined
  const priceOf = (category: string) => written.find((entry) => entry.row.category === category)?.price
  const [server, accelerator] = [priceOf('servers'), priceOf('accelerators')]
  const perMachine = drivers.sizing.get(option)?.acceleratorsPerMachine
  const parts = [
    ...(server === undefined ? [] : [server]),
    ...(accelerator === undefined || perMachine === undefined ? [] : [times(perMachine, accelerator)]),
  ]
  return startingAt(line.unitPriceUsd, parts.length === 0 ? undefined : plus(...parts))
}

function writeAmounts(
  context: WorkbookContext,
  sheet: SheetBuilder,
  given: {
    option: PlanOption
    row: CostRow
    amounts: readonly Term[]
    price: Term | undefined
    quantities: readonly Term[]
    usdPerUnit: Term
  },
): WrittenRow {
  const { option, row, amounts, price } = given
  sheet.text(cost.line, rowLabel(context, row, option), { indent: 1 })
  sheet.text(cost.category, context.t(`category.${row.category}`), { kind: 'muted' })
  const cells = amounts.map((term, index) => sheet.formula(cost.years + index, term, { format: 'money' }))
  const total = sheet.formula(cost.years + cells.length, sumOfRow(sheet, cells), { format: 'money' })
  const planned = row.lines.reduce((sum, line) => sum + line.totalUsd, 0)
  const plan = cost.years + cells.length + 1
  if (Number.isFinite(planned))
    sheet.number(plan, planned / context.plan.finance.currency.usdPerUnit, { format: 'money', kind: 'muted' })
  else sheet.text(plan, context.words('unknown'), { kind: 'muted', align: 'right' })
  const unitAmount =
    price === undefined ? constant(0) : over(times(given.quantities[0]!, price), given.usdPerUnit)
  return { row, price, unitAmount, unitMonths: given.quantities, amounts: cells, total, at: sheet.row }
}

function sumOfRow(sheet: SheetBuilder, cells: readonly Term[]): Term {
  const range = sheet.range(
    { row: sheet.row, column: cost.years },
    { row: sheet.row, column: cost.years + cells.length - 1 },
  )
  return sumOfRange(
    range,
    cells.map((cell) => cell.value),
  )
}

function totalRow(
  context: WorkbookContext,
  sheet: SheetBuilder,
  { rows, option, count }: { rows: readonly WrittenRow[]; option: PlanOption; count: number },
): void {
  const look = { kind: 'total', format: 'money' } as const
  sheet.text(cost.line, context.words('cost.sum'), { kind: 'total' })
  sheet.blank(cost.category, { kind: 'total' })
  for (let index = 0; index <= count; index += 1) {
    const column = cost.years + index
    const values = rows.map((row) => (index === count ? row.total.value : row.amounts[index]!.value))
    const sum =
      rows.length === 0
        ? constant(0)
        : sumOfRange(sheet.range({ row: rows[0]!.at, column }, { row: rows.at(-1)!.at, column }), values)
    sheet.formula(column, sum, look)
  }
  const planned = over(
    constant(option.cost.totalUsd.value),
    constant(context.plan.finance.currency.usdPerUnit),
  )
  if (Number.isFinite(planned.value)) sheet.number(cost.years + count + 1, planned.value, look)
  else sheet.text(cost.years + count + 1, context.words('unknown'), { kind: 'total', align: 'right' })
}
