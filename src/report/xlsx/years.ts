import { monthsPerYear } from '../../foundation/units.ts'
import type { WorkbookContext } from './context.ts'
import type { Demand } from './demand.ts'
import {
  atLeast,
  atMost,
  call,
  columnName,
  constant,
  minus,
  over,
  plus,
  type Term,
  times,
} from './formula.ts'
import type { GeneralInputs } from './general-inputs.ts'
import { lifeMonthsOf } from './plan-rules.ts'
import type { SheetBuilder } from './sheet-builder.ts'
import type { WordKey } from './words.ts'

/** A year of the horizon: machines for it are bought or rented at its start. */
export interface Year {
  /** Months from the start to its first day. */
  readonly startMonth: number
  /** Months of it inside the horizon. */
  readonly months: Term
  /** Sum of its months' demand over the first month's, inside the horizon. */
  readonly volume: Term
  /** Demand of its average month over the first; 1 where demand does not grow. */
  readonly meanFactor: Term
  /** Strongest month up to the year's end over the first. */
  readonly peakFactor: Term
  readonly peakRate: Term
  /** Each generation of the hardware bought in this year: when it is bought, and when it is sold or given up. */
  readonly generations: readonly { readonly bought: Term; readonly ends: Term }[]
}

export const firstYearColumn = 2

/** Years beyond the horizon stand in grey. */
export function greyYears(sheet: SheetBuilder, years: readonly Year[], firstColumn: number): void {
  years.forEach(({ months }, index) => {
    const column = columnName(firstColumn + index)
    sheet.highlight({
      type: 'expression',
      formula: `${months.text}=0`,
      range: `${column}5:${column}${sheet.row + 1}`,
      style: { font: { color: { rgb: 'AAB4BE' } } },
    })
  })
}

export function yearRows(
  context: WorkbookContext,
  sheet: SheetBuilder,
  given: { general: GeneralInputs; demand: Demand; count: number },
): Year[] {
  const { words } = context
  const { general, demand, count } = given
  const { number, factor, values } = demand.months
  const { horizon, buyAtStart, lifeMonths } = general
  const starts = Array.from({ length: count }, (_, index) => index * monthsPerYear)
  const row = (
    label: string,
    unit: WordKey,
    format: 'whole' | 'two' | 'factor',
    of: (start: number, index: number) => Term,
  ): Term[] => {
    sheet.text(0, label)
    sheet.text(1, words(unit), { kind: 'muted' })
    const cells = starts.map((start, index) =>
      sheet.formula(firstYearColumn + index, of(start, index), { format }),
    )
    sheet.row += 1
    return cells
  }
  const first = row(words('years.first'), 'column.month', 'whole', (start) => constant(start + 1))
  const months = row(words('years.months'), 'column.months', 'whole', (_, index) =>
    atLeast(constant(0), atMost(constant(monthsPerYear), minus(plus(horizon, constant(1)), first[index]!))),
  )
  const inside = (index: number) => {
    const from = first[index]!.text
    return `(${number}>=${from})*(${number}<${from}+${monthsPerYear})*(${number}<=${horizon.text})`
  }
  const within = (index: number) => values.slice(starts[index]!, starts[index]! + months[index]!.value)
  const volume = row(words('years.volume'), 'unit.ratio', 'two', (_, index) =>
    call(
      `SUMPRODUCT(${inside(index)}*${factor})`,
      within(index).reduce((sum, value) => sum + value, 0),
    ),
  )
  const { highest } = demand
  const meanFactor = row(words('years.mean'), 'unit.ratio', 'factor', (_, index) => {
    const mean = over(volume[index]!, atLeast(constant(1), months[index]!))
    const grows = highest.value > 1 && months[index]!.value > 0
    return call(`IF((${highest.text}>1)*(${months[index]!.text}>0),${mean.text},1)`, grows ? mean.value : 1)
  })
  const peakFactor: Term[] = []
  const peaks = row(words('years.peak-factor'), 'unit.ratio', 'factor', (_, index) => {
    const before = peakFactor[index - 1] ?? constant(1)
    const own = call(`SUMPRODUCT(MAX(${inside(index)}*${factor}))`, Math.max(0, ...within(index)))
    const needed = atLeast(before, own)
    const term = call(
      `IF(${buyAtStart.text}=1,${highest.text},${needed.text})`,
      buyAtStart.value === 1 ? highest.value : needed.value,
    )
    peakFactor.push(sheet.at(sheet.row, firstYearColumn + index, term.value))
    return term
  })
  const peakRate = row(words('years.peak'), 'unit.rate', 'two', (_, index) =>
    times(demand.peakRate, peaks[index]!),
  )
  const owned = context.options.some(({ place }) => place.kind !== 'cloud' && place.kind !== 'api')
  const generations = owned ? Math.max(1, Math.ceil(context.lastMonth / lifeMonthsOf(context.plan))) : 0
  const bought: Term[][] = []
  const ends: Term[][] = []
  for (let cycle = 0; cycle < generations; cycle += 1) {
    const which = { generation: String(cycle + 1) }
    bought.push(
      cycle === 0
        ? starts.map((start) => constant(start))
        : row(words('years.bought', which), 'column.month', 'whole', (_, index) => ends[cycle - 1]![index]!),
    )
    const before = (index: number) =>
      cycle === 0 ? minus(first[index]!, constant(1)) : bought[cycle]![index]!
    ends.push(
      row(words('years.ends', which), 'column.month', 'whole', (_, index) =>
        atMost(horizon, plus(before(index), lifeMonths)),
      ),
    )
  }
  return starts.map((startMonth, index) => ({
    startMonth,
    months: months[index]!,
    volume: volume[index]!,
    meanFactor: meanFactor[index]!,
    peakFactor: peaks[index]!,
    peakRate: peakRate[index]!,
    generations: bought.map((_, cycle) => ({ bought: bought[cycle]![index]!, ends: ends[cycle]![index]! })),
  }))
}
