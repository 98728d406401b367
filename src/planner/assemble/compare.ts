import { breakEvenOfFlows, cashFlowOf, sumOf } from '../../estimators/cost/cash-flow.ts'
import { formatPercent, formatSignificant } from '../../foundation/format.ts'
import { overlap } from '../plan-figure.ts'
import type { PlanLever, PlanOption } from '../plan-option-types.ts'
import type { PlanBreakEven, PlanRole } from '../plan-types.ts'
import type { ResolvedFinance } from '../scenario/resolve-limits.ts'
import { opexRow } from '../search/own-cost.ts'
import type { SearchSpace } from '../search/space.ts'
import type { Detail } from './detail.ts'
import { costLines, type PriceEnd } from './option-cost.ts'

/** What a role looks at; undefined where the option does not know it. */
export function roleFigure(option: PlanOption, role: PlanRole): number | undefined {
  switch (role) {
    case 'cheapest':
      return option.cost.netPresentUsd.value
    case 'greenest':
      return option.carbon?.totalGramsPerMonth?.value
    case 'fastest':
      return option.latency?.endToEnd.p95.value
    case 'balanced':
      return option.score.value
  }
}

const roleNouns: Record<PlanRole, string> = {
  cheapest: 'costs',
  greenest: 'emits',
  fastest: 'takes',
  balanced: 'scores',
}

/** The option that comes next for a role, and by how much it loses. */
export function nearlyOf(
  winner: PlanOption,
  role: PlanRole,
  other: PlanOption,
): PlanOption['nearly'][number] {
  const mine = roleFigure(winner, role)
  const theirs = roleFigure(other, role)
  const more = mine === undefined || theirs === undefined || mine === 0 ? undefined : theirs / mine - 1
  return {
    role,
    optionId: other.id,
    label: other.label,
    message: more === undefined ? 'comes next' : `${roleNouns[role]} ${formatPercent(more, 1)} more`,
    ...(more === undefined ? {} : { moreFraction: more }),
    tie: role === 'cheapest' && overlap(winner.cost.netPresentUsd, other.cost.netPresentUsd),
  }
}

export function tiesOf(option: PlanOption, others: readonly PlanOption[]): string[] {
  return others
    .filter((other) => other !== option && overlap(option.cost.netPresentUsd, other.cost.netPresentUsd))
    .map((other) => other.id)
}

/** Each pair of the side-by-side that has payments over time. */
export function breakEvens(best: readonly PlanOption[]): PlanBreakEven[] {
  const list: PlanBreakEven[] = []
  for (const option of best) {
    for (const versus of best) {
      // Only what is paid ahead can be earned back.
      if (option === versus || (option.cost.monthlyUsd[0] ?? 0) <= (versus.cost.monthlyUsd[0] ?? 0)) continue
      const found = breakEvenOfFlows({
        monthlyUsd: option.cost.monthlyUsd,
        alternativeMonthlyUsd: versus.cost.monthlyUsd,
      })
      list.push({
        optionId: option.id,
        versusOptionId: versus.id,
        outcome: found.kind,
        ...(found.kind === 'at' ? { months: found.months } : {}),
        ...(found.kind === 'never' ? { because: found.because } : {}),
      })
    }
  }
  return list
}

/** Single changes at which the cheapest way of another kind of place would cost as much. */
export function leversOf(option: PlanOption, rivals: readonly PlanOption[]): PlanLever[] {
  const levers: PlanLever[] = []
  for (const rival of rivals) {
    if (rival === option) continue
    const gap = rival.cost.totalUsd.value - option.cost.totalUsd.value
    const electricity = option.cost.lines.find((line) => line.id === 'electricity')
    const electricityUsd = option.cost.byCategory.find(({ category }) => category === 'electricity')?.usd ?? 0
    if (gap > 0 && electricity !== undefined && electricityUsd > 0) {
      const at = electricity.unitPriceUsd * (1 + gap / electricityUsd)
      levers.push({
        field: 'site.electricityPrice',
        message: `at ${formatSignificant(at)} USD/kWh (now ${formatSignificant(electricity.unitPriceUsd)}) ${rival.label} would cost as much`,
        at,
        now: electricity.unitPriceUsd,
        unit: 'USD/kWh',
        thenOptionId: rival.id,
      })
    }
    const rent = rival.cost.byCategory.find((entry) => entry.category === 'compute')?.usd
    if (gap > 0 && rent !== undefined && gap < rent) {
      const at = gap / rent
      levers.push({
        field: 'finance.cloudDiscount',
        message: `a cloud discount of ${formatPercent(at, 1)} more would make ${rival.label} as cheap`,
        at,
        unit: 'fraction',
        thenOptionId: rival.id,
      })
    }
    const hardware = rival.cost.lines
      .filter((line) => line.category === 'servers' || line.category === 'accelerators')
      .reduce((sum, line) => sum + line.totalUsd, 0)
    if (gap > 0 && gap < hardware) {
      const at = gap / hardware
      levers.push({
        field: 'finance.hardwareDiscount',
        message: `a hardware discount of about ${formatPercent(at, 1)} would bring ${rival.label} near it`,
        at,
        unit: 'fraction',
        thenOptionId: rival.id,
      })
    }
  }
  return levers
}

const tornadoInputs: readonly {
  readonly key: keyof ResolvedFinance
  readonly opexId: string
  readonly label: string
}[] = [
  { key: 'staffUsdPerYear', opexId: 'staff-cost-per-fte', label: 'Cost of an engineer' },
  {
    key: 'acceleratorsPerEngineer',
    opexId: 'staff-accelerators-per-fte',
    label: 'Accelerators one engineer runs',
  },
  { key: 'maintenancePerYearFraction', opexId: 'maintenance-per-year', label: 'Maintenance and support' },
  {
    key: 'electricityGrowthPerYearFraction',
    opexId: 'electricity-price-growth',
    label: 'Growth of the electricity price',
  },
]

/** The total at both ends of each assumption that has a sourced range, widest first. */
export function sensitivityOf(space: SearchSpace, detail: Detail): PlanOption['sensitivity'] {
  const { finance } = space.resolved.limits
  const total = (changed: Partial<ResolvedFinance>, end: PriceEnd = 'mid'): number => {
    const limits = { ...space.resolved.limits, finance: { ...finance, ...changed } }
    const lines = costLines({ ...space, resolved: { ...space.resolved, limits } }, detail, end)
    return sumOf(cashFlowOf(lines, finance.horizonMonths).monthlyUsd)
  }
  const bars = tornadoInputs.flatMap(({ key, opexId, label }) => {
    const row = opexRow(space.catalog, opexId)
    if (row.low === undefined || row.high === undefined) return []
    const { low, high } = row
    return [
      {
        input: key as string,
        label,
        unit: row.unit.replaceAll('_', ' '),
        low,
        high,
        usdAtLow: total({ [key]: low }),
        usdAtHigh: total({ [key]: high }),
        sourceId: row.source_id,
      },
    ]
  })
  const low = total({}, 'low')
  const high = total({}, 'high')
  const price = {
    input: 'price',
    label: detail.kind === 'api' || detail.cloud !== undefined ? 'List price' : 'Price of the hardware',
    unit: 'share of the middle price',
    low: 0,
    high: 1,
    usdAtLow: low,
    usdAtHigh: high,
  }
  return [...bars, price]
    .filter((bar) => bar.usdAtLow !== bar.usdAtHigh)
    .sort((a, b) => Math.abs(b.usdAtHigh - b.usdAtLow) - Math.abs(a.usdAtHigh - a.usdAtLow))
}
