import type { PlanCascadePair } from './plan-cascade-types.ts'
import type { FigureChange } from './plan-changes.ts'
import type { Figure } from './plan-figure.ts'
import { type Plan, planRoles } from './plan-types.ts'

const pairFigures: readonly (readonly [string, (pair: PlanCascadePair) => Figure | undefined])[] = [
  ['cost per month', ({ cost }) => cost.usdPerMonth],
  ['discounted', ({ cost }) => cost.netPresentUsd],
  ['carbon', (pair) => pair.carbonGramsPerMonth],
  ['last token, p95, small', ({ latency }) => latency.answeredBySmall?.endToEnd.p95],
  ['last token, p95, large', ({ latency }) => latency.answeredByLarge?.endToEnd.p95],
]

/** The best pair of each role in both plans, and what it costs beyond the best single model and the large one alone. */
export function cascadeFigureChanges(from: Plan, to: Plan): FigureChange[] {
  return planRoles.flatMap((role) => {
    const pairOf = (plan: Plan) => plan.cascade?.pairs.find((pair) => pair.roles.includes(role))
    const beyond = (plan: Plan, against: 'any' | 'large'): Figure | undefined => {
      const row = plan.cascade?.versusSingle.find((entry) => entry.role === role && entry.against === against)
      const value = row?.netPresentUsdDifference
      return value === undefined ? undefined : { value, unit: 'USD' }
    }
    const [old, now] = [pairOf(from), pairOf(to)]
    const rows: (readonly [string, Figure | undefined, Figure | undefined])[] = [
      ...pairFigures.map(([name, of]) => [name, old && of(old), now && of(now)] as const),
      ['discounted, beyond the single choice', beyond(from, 'any'), beyond(to, 'any')],
      ['discounted, beyond the large model alone', beyond(from, 'large'), beyond(to, 'large')],
    ]
    return rows.flatMap(([figure, before, after]): FigureChange[] => {
      const unit = (after ?? before)?.unit
      if (unit === undefined) return []
      return [
        {
          group: `cascade: ${role}`,
          figure,
          unit,
          ...(before === undefined ? {} : { from: before }),
          ...(after === undefined ? {} : { to: after }),
        },
      ]
    })
  })
}
