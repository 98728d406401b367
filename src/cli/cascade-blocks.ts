import { formatPercent } from '../foundation/format.ts'
import type { PlanCascade, PlanCascadePair } from '../planner/plan-cascade-types.ts'
import type { PlanOption } from '../planner/plan-option-types.ts'
import type { Plan } from '../planner/plan-types.ts'
import { type Block, heading, left, list, paragraph, right, table } from './document.ts'
import { figureText } from './figure-text.ts'

/** The small and the large model side by side: what the pairs cost and emit together, against one model for all. */
export function cascadeBlocks(plan: Plan): Block[] {
  const { cascade } = plan
  if (cascade === undefined) return []
  const routed =
    cascade.escalation === 'router'
      ? 'a router sends the others to the large one'
      : 'the large one answers the others after it'
  const blocks: Block[] = [
    heading(2, 'Small and large model side by side'),
    paragraph(`The small model answers ${formatPercent(cascade.smallFraction)} of the requests, ${routed}.`),
  ]
  if (cascade.pairs.length === 0) return [...blocks, list([...cascade.whyNone])]
  const { currency } = plan.finance
  blocks.push(
    table(
      [
        left('pair'),
        right('per month'),
        right('CO2e a month'),
        right('last token p95, small'),
        right('large'),
      ],
      cascade.pairs.map((pair) => [
        pair.roles.join(', '),
        figureText(pair.cost.usdPerMonth, { currency, interval: false }),
        figureText(pair.carbonGramsPerMonth, { interval: false }),
        figureText(pair.latency.answeredBySmall?.endToEnd.p95, { interval: false }),
        figureText(pair.latency.answeredByLarge?.endToEnd.p95, { interval: false }),
      ]),
    ),
    list(cascade.pairs.map((pair) => `${pair.roles.join(', ')}: ${pairText(cascade, pair)}`)),
    list(cascade.versusSingle.map((comparison) => comparison.message)),
  )
  return blocks
}

function pairText(cascade: PlanCascade, pair: PlanCascadePair): string {
  const label = (options: readonly PlanOption[] | undefined, id: string | undefined) =>
    options?.find((option) => option.id === id)?.label
  const sides = [
    label(cascade.small?.options, pair.smallOptionId),
    label(cascade.large?.options, pair.largeOptionId),
  ]
  return sides.filter((side) => side !== undefined).join('; with ')
}
