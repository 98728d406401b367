import type { PlanOption } from '../../planner/plan-option-types.ts'
import type { Plan } from '../../planner/plan-types.ts'
import type { Demand } from './demand.ts'
import { constant, minus, type Term, times } from './formula.ts'

/** Whose option it is: of a side of the plan's cascade, or of the large model that answers everything. */
export type MemberSide = 'small' | 'large' | 'large-alone'

/** The options of the plan's cascade. They are options of other plans: each with a load, a rank and roles of its own. */
export function cascadeMembers(plan: Plan): ReadonlyMap<PlanOption, MemberSide> {
  const { cascade } = plan
  const members = new Map<PlanOption, MemberSide>()
  if (cascade === undefined) return members
  const rivals = new Set(
    cascade.versusSingle.flatMap((entry) => (entry.against === 'large' ? (entry.singleOptionId ?? []) : [])),
  )
  for (const option of cascade.small?.options ?? []) members.set(option, 'small')
  for (const option of cascade.large?.options ?? []) members.set(option, 'large')
  for (const option of cascade.largeAlone?.options ?? [])
    if (rivals.has(option.id)) members.set(option, 'large-alone')
  return members
}

/** Whether requests can be moved from one model to the other: each has some. */
export function sharesMove(plan: Plan): boolean {
  return (
    plan.cascade?.small !== undefined && plan.cascade.large !== undefined && plan.cascade.pairs.length > 0
  )
}

/** Share of the demand that an option sees; undefined = all of it. */
export function shareOfSide(
  plan: Plan,
  side: MemberSide | undefined,
  smallShare: Term | undefined,
): Term | undefined {
  if (smallShare === undefined || side === undefined || side === 'large-alone') return undefined
  if (side === 'large') return minus(constant(1), smallShare)
  return plan.cascade?.escalation === 'after-answer' ? undefined : smallShare
}

/** The demand that a share of it makes. */
export function sharedDemand(demand: Demand, share: Term | undefined): Demand {
  if (share === undefined) return demand
  return {
    ...demand,
    requestsPerMonth: times(demand.requestsPerMonth, share),
    inputTokensPerMonth: times(demand.inputTokensPerMonth, share),
    outputTokensPerMonth: times(demand.outputTokensPerMonth, share),
    averageRate: times(demand.averageRate, share),
    peakRate: times(demand.peakRate, share),
    sizingRate: times(demand.sizingRate, share),
  }
}
