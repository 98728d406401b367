import { formatNumber, formatPercent } from '../foundation/format.ts'
import type { PlanCascade, PlanCascadePair } from '../planner/plan-cascade-types.ts'
import type { Plan } from '../planner/plan-types.ts'
import { type Block, heading, left, list, paragraph, right, table } from './document.ts'
import { figureText } from './figure-text.ts'

/** The small and the large model side by side: what the pairs cost and emit together, against one model for all. */
export function cascadeBlocks(plan: Plan, marks: (about: string) => string = () => ''): Block[] {
  const { cascade } = plan
  if (cascade === undefined) return []
  const blocks: Block[] = [
    heading(2, 'Small and large model side by side'),
    paragraph(
      `The small model answers ${formatPercent(cascade.smallFraction, 1)} of the requests, ${routeText(cascade)}.${marks('cascade')}`,
    ),
  ]
  if (cascade.pairs.length === 0)
    return [
      ...blocks,
      paragraph(cascade.status === 'infeasible' ? 'No pair can do it:' : 'No pair was found:'),
      list([...cascade.whyNone]),
    ]
  blocks.push(
    pairTable(plan, cascade),
    list(cascade.pairs.map((pair) => `${pair.roles.join(', ')}: ${pairText(cascade, pair)}`)),
    ...limitBlocks(cascade),
    heading(3, 'Against one model for all requests'),
    list(cascade.versusSingle.map((comparison) => comparison.message)),
  )
  return blocks
}

function routeText(cascade: PlanCascade): string {
  if (cascade.smallFraction === 1) return 'so the large one is not needed'
  if (cascade.smallFraction === 0) return 'so the large one has all of them'
  return cascade.escalation === 'router'
    ? 'a router sends the others to the large one'
    : 'the large one answers the others after it'
}

function pairTable(plan: Plan, cascade: PlanCascade): Block {
  const { currency } = plan.finance
  const brief = { interval: false, boundMark: '?' } as const
  const benchmark = plan.qualityBenchmark
  const both = cascade.pairs.every(
    (pair) => pair.smallOptionId !== undefined && pair.largeOptionId !== undefined,
  )
  const small = both ? 'small' : ''
  const times = (title: string) => (both ? [right(`${title}, small`), right('large')] : [right(title)])
  return table(
    [
      left('pair'),
      right('per month'),
      right('on the first day'),
      right('CO2e/month'),
      ...(benchmark === undefined ? [] : [right(benchmark)]),
      ...times('first token p95'),
      ...times('last token p95'),
    ],
    cascade.pairs.map((pair) => {
      const { answeredBySmall, answeredByLarge } = pair.latency
      const seen = small === '' ? [answeredBySmall ?? answeredByLarge] : [answeredBySmall, answeredByLarge]
      const score = pair.quality.find((entry) => entry.benchmark === benchmark)?.score
      return [
        `${pair.roles.join(', ')}${pair.exact ? '' : ' *'}`,
        figureText(pair.cost.usdPerMonth, { currency, interval: false }),
        figureText(pair.cost.upfrontUsd, { currency, interval: false }),
        figureText(pair.carbonGramsPerMonth, brief).replace(' CO2e/month', ''),
        ...(benchmark === undefined ? [] : [scoreText(score)]),
        ...seen.map((entry) => figureText(entry?.ttft.p95, brief)),
        ...seen.map((entry) => figureText(entry?.endToEnd.p95, brief)),
      ]
    }),
  )
}

function scoreText(score: PlanCascadePair['quality'][number]['score']): string {
  if (score === undefined) return 'unknown'
  const ends =
    score.low === undefined || score.high === undefined
      ? ''
      : ` (${formatNumber(score.low, 1)} to ${formatNumber(score.high, 1)})`
  return `${formatNumber(score.value, 1)}${ends}`
}

function limitBlocks(cascade: PlanCascade): Block[] {
  const blocks: Block[] = []
  if (cascade.pairs.some((pair) => !pair.exact))
    blocks.push(
      paragraph('* The best of the listed options only: a limit on both together refuses the best of each.'),
    )
  const [first] = cascade.pairs
  if (first === undefined || first.constraints.length === 0) return blocks
  return [
    ...blocks,
    heading(3, 'Limits on both together'),
    table(
      [left('limit'), left('needed'), ...cascade.pairs.map((pair) => right(pair.roles.join(', ')))],
      first.constraints.map(({ constraint, needed }, index) => [
        constraint,
        needed.trim(),
        ...cascade.pairs.map((pair) => {
          const check = pair.constraints[index]
          if (check === undefined || check.status === 'unknown') return 'unknown'
          return `${check.has.trim()}${check.status === 'met' ? '' : ', missed'}`
        }),
      ]),
    ),
  ]
}

export function pairText(cascade: PlanCascade, pair: PlanCascadePair): string {
  const label = (side: 'small' | 'large', id: string | undefined) =>
    cascade[side]?.options.find((option) => option.id === id)?.label
  return [label('small', pair.smallOptionId), label('large', pair.largeOptionId)]
    .filter((side) => side !== undefined)
    .join('; with ')
}
