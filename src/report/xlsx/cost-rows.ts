import { forEachPayment, type Timing } from '../../estimators/cost/lines.ts'
import type { PlanCostLine, PlanOption } from '../../planner/plan-option-types.ts'
import type { Plan } from '../../planner/plan-types.ts'
import { lastMonthOf } from './context.ts'
import { purchaseCategories } from './line-drivers.ts'
import { lifeMonthsOf } from './plan-rules.ts'

/**
 * A row of the bill: a line of the plan with those of later years. `once` at the start of each year, `generation` at
 * the end of the hardware's life, `monthly`, by `volume`, by `usage` beyond a base, or as `planned` where the sheet knows no formula for it.
 */
export interface CostRow {
  readonly id: string
  readonly kind: 'once' | 'generation' | 'monthly' | 'volume' | 'usage' | 'planned'
  /** The first of its lines; absent where only a longer horizon brings it. */
  readonly line: PlanCostLine | undefined
  readonly category: PlanCostLine['category']
  /** All of them, by year of need. */
  readonly lines: readonly PlanCostLine[]
  /** Of the hardware, from 0. */
  readonly generation: number
}

const kindOrder: readonly CostRow['kind'][] = ['once', 'generation', 'monthly', 'volume', 'usage', 'planned']

/** The rows of an option, those that are paid alike together. */
export function costRows(plan: Plan, option: PlanOption): CostRow[] {
  const byId = new Map<string, PlanCostLine[]>()
  for (const line of option.cost.lines) {
    const id =
      line.neededFromMonth === undefined
        ? line.id
        : line.id.replace(`-from-month-${line.neededFromMonth}`, '')
    byId.set(id, [...(byId.get(id) ?? []), line])
  }
  const rows = [...byId].map(([id, lines]): CostRow => {
    const line = lines[0]!
    return {
      id,
      line,
      lines,
      category: line.category,
      kind: kindOf(plan, id, line),
      generation: generationOf(id),
    }
  })
  rows.push(...laterGenerations(plan, rows))
  return kindOrder.flatMap((kind) =>
    rows
      .filter((row) => row.kind === kind)
      .sort((a, b) => (kind === 'generation' ? a.generation - b.generation : 0)),
  )
}

function generationOf(id: string): number {
  const match = /^(?:refresh|residual)-(\d+)$/.exec(id)
  return match === null ? 0 : Number(match[1])
}

/** Hardware that a longer horizon buys again. */
function laterGenerations(plan: Plan, rows: readonly CostRow[]): CostRow[] {
  if (!rows.some((row) => row.kind === 'once' && purchaseCategories.includes(row.category))) return []
  const most = Math.ceil(lastMonthOf(plan) / lifeMonthsOf(plan))
  const sells = rows.some((row) => row.category === 'residual')
  const later: CostRow[] = []
  for (let generation = 1; generation < most; generation += 1)
    for (const category of ['refresh', ...(sells ? (['residual'] as const) : [])] as const) {
      const id = `${category}-${generation}`
      if (rows.some((row) => row.id === id)) continue
      later.push({ id, kind: 'generation', line: undefined, category, lines: [], generation })
    }
  return later
}

function kindOf(plan: Plan, id: string, line: PlanCostLine): CostRow['kind'] {
  const { category, timing } = line
  if (category === 'residual' && /^residual(-\d+)?$/.test(id)) return 'generation'
  if (category === 'refresh' && /^refresh-\d+$/.test(id)) return 'generation'
  if (category === 'tax' || category === 'financing' || timing === 'yearly') return 'planned'
  if (timing === 'once') return line.fromMonth === (line.neededFromMonth ?? 1) - 1 ? 'once' : 'planned'
  if (line.fromMonth !== (line.neededFromMonth ?? 1)) return 'planned'
  if (category === 'storage' && timing === 'monthly') return 'usage'
  if (category === 'tokens' || category === 'requests' || category === 'egress')
    return line.toMonth >= plan.finance.horizonMonths ? 'volume' : 'planned'
  return category === 'usage' ? 'usage' : 'monthly'
}

/** What the plan has of a row in a year: bought at its start, or standing in its first month. */
export function plannedQuantity(plan: Plan, row: CostRow, startMonth: number): number | undefined {
  if (startMonth >= plan.finance.horizonMonths) return undefined
  const lines =
    row.kind === 'once'
      ? row.lines.filter((line) => line.fromMonth === startMonth)
      : row.lines.filter((line) => line.fromMonth <= startMonth + 1 && line.toMonth > startMonth)
  return lines.reduce((sum, line) => sum + line.quantity, 0)
}

export function timingOf(line: PlanCostLine): Timing {
  return line.timing === 'once'
    ? { kind: 'once', month: line.fromMonth }
    : {
        kind: line.timing,
        fromMonth: line.fromMonth,
        toMonth: line.toMonth,
        growthPerYearFraction: line.growthPerYearFraction,
      }
}

/** Amounts of a planned line by month over its unit amount, to the last month that the sheets hold. */
export function paymentsByMonth(line: PlanCostLine, lastMonth: number): Map<number, number> {
  const payments = new Map<number, number>()
  forEachPayment(timingOf(line), lastMonth, (month, factor) => {
    payments.set(month, factor)
  })
  return payments
}
