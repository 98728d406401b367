import { residualFractionAtAge } from '../../estimators/cost/finance.ts'
import type { WorkbookContext } from './context.ts'
import { call, type Term } from './formula.ts'
import { markChanged, startBlock } from './general-inputs.ts'
import type { SheetBuilder } from './sheet-builder.ts'

/** What hardware still fetches by age. */
export interface ResidualPoints {
  readonly points: readonly { readonly ageMonths: number; readonly fraction: number }[]
  readonly first: Term
  readonly ages: { readonly low: string; readonly high: string } | undefined
  readonly shares: { readonly low: string; readonly high: string }
}

export function residualBlock(context: WorkbookContext, sheet: SheetBuilder): ResidualPoints | undefined {
  const { words } = context
  const points = residualPointsOf(context)
  if (points.length === 0) return undefined
  startBlock(context, sheet, 'residual.title')
  sheet.header([words('residual.age'), words('residual.share'), '', words('column.plan')], 20)
  const start = sheet.row
  let first: Term | undefined
  for (const { ageMonths, fraction } of points) {
    sheet.number(0, ageMonths, { format: 'whole', align: 'left' })
    const cell = sheet.input(1, fraction, { format: 'percent' })
    first ??= cell
    sheet.blank(2, {})
    sheet.number(3, fraction, { format: 'percent', kind: 'muted' })
    sheet.row += 1
  }
  const end = sheet.row - 1
  const part = (column: number, from: number, to: number) =>
    sheet.range({ row: from, column }, { row: to, column })
  markChanged(sheet, `B${start + 1}:B${end + 1}`, `B${start + 1}<>D${start + 1}`)
  sheet.row += 1
  return {
    points,
    first: first!,
    ages: points.length === 1 ? undefined : { low: part(0, start, end - 1), high: part(0, start + 1, end) },
    shares: { low: part(1, start, end - 1), high: part(1, start + 1, end) },
  }
}

/** Where the plan does not give them: what its own lines fetch at the age they reach. */
function residualPointsOf(context: WorkbookContext): { ageMonths: number; fraction: number }[] {
  const lines = context.options.flatMap((option) =>
    option.cost.lines.filter((line) => line.category === 'residual' && line.quantity < 0),
  )
  if (lines.length === 0) return []
  const { residualByAge } = context.plan.finance
  if (residualByAge !== undefined) return [...residualByAge].sort((a, b) => a.ageMonths - b.ageMonths)
  const byAge = new Map(
    lines.map((line) => [line.fromMonth - ((line.neededFromMonth ?? 1) - 1), -line.quantity]),
  )
  return [...byAge].sort(([a], [b]) => a - b).map(([ageMonths, fraction]) => ({ ageMonths, fraction }))
}

/** Linear between the points, the nearest one outside them. */
export function residualAt(residual: ResidualPoints, age: Term): Term {
  const { points, first, ages, shares } = residual
  const value = residualFractionAtAge({ ageMonths: age.value, points }) ?? 0
  if (ages === undefined) return call(first.text, value)
  const { low, high } = ages
  const passed = `(ABS(${age.text}-${low})-ABS(${age.text}-${high})+${high}-${low})/2`
  return call(`${first.text}+SUMPRODUCT((${shares.high}-${shares.low})/(${high}-${low})*${passed})`, value)
}
