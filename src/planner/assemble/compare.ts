import { breakEvenOfFlows } from '../../estimators/cost/cash-flow.ts'
import { formatPercent, formatSignificant } from '../../foundation/format.ts'
import type { PlanLever, PlanOption } from '../plan-option-types.ts'
import type { PlanBreakEven, PlanRole } from '../plan-types.ts'
import type { DrawnFigure } from '../uncertain/option-draws.ts'
import { type DrawnOptions, openFraction, tiedInCost, winningFraction } from '../uncertain/paired.ts'

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

/** What of a role is drawn; the others have no draws. */
const drawnOfRole: Partial<Record<PlanRole, DrawnFigure>> = {
  cheapest: 'netPresentUsd',
  greenest: 'carbonGrams',
}

/** The option that comes next for a role, by how much it loses, and in how many draws. */
export function nearlyOf(
  winner: PlanOption,
  role: PlanRole,
  next: { readonly option: PlanOption; readonly drawn: DrawnOptions },
): PlanOption['nearly'][number] {
  const { option: other, drawn } = next
  const mine = roleFigure(winner, role)
  const theirs = roleFigure(other, role)
  const more = mine === undefined || theirs === undefined || mine === 0 ? undefined : theirs / mine - 1
  const figure = drawnOfRole[role]
  const pair = [winner, other] as const
  const wins = figure === undefined ? undefined : winningFraction(drawn, figure, pair)
  const often = wins === undefined ? '' : ` (in ${formatPercent(wins)} of the draws)`
  return {
    role,
    optionId: other.id,
    label: other.label,
    message: more === undefined ? 'comes next' : `${roleNouns[role]} ${formatPercent(more, 1)} more${often}`,
    ...(more === undefined ? {} : { moreFraction: more }),
    ...(wins === undefined ? {} : { drawsFraction: wins }),
    tie: role === 'cheapest' ? tiedInCost(drawn, pair) : wins !== undefined && openFraction(wins),
  }
}

export function tiesOf(option: PlanOption, drawn: DrawnOptions): string[] {
  return [...drawn.keys()]
    .filter((other) => other !== option && tiedInCost(drawn, [option, other]))
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
