import { monthsPerYear } from '../../foundation/units.ts'
import type { Plan } from '../../planner/plan-types.ts'
import { same } from './context.ts'

const decadeMonths = 10 * monthsPerYear

/** What a plan that does not say it shows by its machines. */
export function buysAtStart(plan: Plan): boolean {
  const { purchases } = plan.finance
  return purchases === undefined
    ? plan.options.every(({ phases = [] }) => phases.length === 0)
    : purchases === 'at-start'
}

export function lifeMonthsOf({ finance }: Plan): number {
  return finance.lifeMonths ?? lastMonthWithoutLife(finance.horizonMonths)
}

/** Hardware of a plan that names no life outlasts every horizon that can be tried. */
function lastMonthWithoutLife(horizonMonths: number): number {
  return horizonMonths + decadeMonths
}

/** The yearly rate at which a demand grows evenly; undefined where it does not. */
export function evenGrowth(growthByMonth: readonly number[]): number | undefined {
  const last = growthByMonth.length - 1
  if (last < 1) return 0
  const growth = growthByMonth[last]! ** (monthsPerYear / last)
  const even = growthByMonth.every((factor, month) => same(factor, growth ** (month / monthsPerYear)))
  if (!even) return undefined
  // A rate of 15 % comes back as 0.15, not as 0.1499999999.
  const rounded = Number((growth - 1).toPrecision(10))
  return growthByMonth.every((factor, month) => same(factor, (1 + rounded) ** (month / monthsPerYear)))
    ? rounded
    : growth - 1
}
