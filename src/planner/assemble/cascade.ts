import { formatNumber, formatPercent, formatSignificant } from '../../foundation/format.ts'
import { codeOf, type Note, type Sentence, sentence, sortedNotes } from '../../foundation/notes.ts'
import { type CascadeSideName, type CascadeWish, cascadeFractions } from '../cascade-shares.ts'
import type { PlanCascade, PlanCascadeComparison, PlanCascadePair } from '../plan-cascade-types.ts'
import type { Plan, PlanRole } from '../plan-types.ts'
import type { ResolvedScenario } from '../scenario/resolve.ts'
import { constraintFacts } from '../search/constraint-bits.ts'
import { type CascadePlans, type MissedTogether, pairsOf, whyNoPair } from './cascade-pairs.ts'
import { amountOf } from './relaxation.ts'

/**
 * Pairs of options of two plans. Cost, carbon and the scores of both plans add, so the pair of both minima is the
 * minimum of all pairs. Limits hold for the sum: where the pair of the minima breaks one, the best pair of the listed
 * options that keeps them all stands in, and is said not to be exact.
 */
export function assembleCascade(input: CascadePlans): PlanCascade {
  const { wish, single, resolved, largeAlone } = input
  const fractions = cascadeFractions(wish)
  const pairs = pairsOf(input)
  const whyNone = sides
    .filter((side) => input[side]?.options.length === 0)
    .map((side) => whyNoSide(side, input[side]!))
  const noSide = whyNone.length > 0
  if (!noSide && pairs.length === 0) whyNone.push(...whyUnmatched(input))
  const used = (side: CascadeSideName) => {
    const plan = input[side]
    const key = side === 'small' ? 'smallOptionId' : 'largeOptionId'
    const ids = new Set(pairs.map((pair) => pair[key]))
    return plan === undefined
      ? {}
      : {
          [side]: {
            requestFraction: fractions[side],
            search: plan.search,
            options: plan.options.filter((option) => ids.has(option.id)),
          },
        }
  }
  return {
    smallFraction: wish.smallFraction,
    escalation: wish.escalation,
    status: pairs.length > 0 ? 'feasible' : noSide ? 'infeasible' : 'not-found',
    whyNone: whyNone.map((reason) => reason.message),
    whyNoneCodes: whyNone.map(codeOf),
    ...used('small'),
    ...used('large'),
    ...(largeAlone === undefined
      ? {}
      : {
          largeAlone: {
            requestFraction: 1,
            search: largeAlone.search,
            options: largeAlone.options.filter((option) => option.roles.length > 0),
          },
        }),
    pairs,
    versusSingle: pairs.flatMap((pair) =>
      pair.roles.flatMap((role) => [
        compare({ single, against: 'any', pair, role }),
        ...(largeAlone === undefined ? [] : [compare({ single: largeAlone, against: 'large', pair, role })]),
      ]),
    ),
    notes: sortedNotes(notesOf(wish, resolved, pairs)),
  }
}

const sides = ['small', 'large'] as const

function whyNoSide(side: CascadeSideName, plan: Plan): Sentence {
  return sentence(`cascade-no-${side}`, `no ${side} model fits: ${reasons(plan)}`, {
    constraints: (plan.infeasible?.binding ?? [])
      .map((entry) => entry.constraint)
      .slice(0, 3)
      .join(', '),
  })
}

/** Which limits no pair keeps, then for each of them how far off the nearest pair is. */
function whyUnmatched(input: CascadePlans): Sentence[] {
  const { pairs, missed } = whyNoPair(input)
  const words = missed.map(({ constraint }) => constraintFacts[constraint].words)
  const main = sentence(
    'cascade-no-pair',
    `each model fits alone, but none of the ${formatNumber(pairs)} pairs of the listed options keeps the ${words.length === 1 ? 'limit' : 'limits'} on ${words.join(' and ')} for both together; options that are not listed were not paired, and one of them may`,
    { pairs, constraints: missed.map(({ constraint }) => constraint).join(', ') },
  )
  return [main, ...missed.map((entry) => missedTogether(entry, input.resolved))]
}

function missedTogether(missed: MissedTogether, resolved: ResolvedScenario): Sentence {
  const { constraint, limit, least } = missed
  const { words, unit } = constraintFacts[constraint]
  const amount = (value: number) =>
    amountOf({ resolved }, { value, unit: unit === 'count' ? '' : unit }).trim()
  const values = { constraint, limit, unit: unit === 'count' ? '' : unit }
  return least === undefined
    ? sentence('cascade-unknown-together', `${words}: unknown for every pair`, values)
    : sentence(
        'cascade-least-together',
        `${words}: at most ${amount(limit)} allowed, and the pair that needs least needs ${amount(least)}`,
        { ...values, least },
      )
}

function reasons(plan: Plan): string {
  const binding = plan.infeasible?.binding.map((entry) => entry.message) ?? []
  if (binding.length > 0) return binding.slice(0, 3).join('; ')
  return plan.models.kept.length === 0 ? 'no model has what the scenario asks for' : 'nothing runs them'
}

function compare(input: {
  single: Plan
  against: PlanCascadeComparison['against']
  pair: PlanCascadePair
  role: PlanRole
}): PlanCascadeComparison {
  const { single, pair, role } = input
  const common = { role, against: input.against, pairId: pair.id }
  const words = input.against === 'any' ? `${role} single model` : `${role} large model alone`
  const option = single.options.find((entry) => entry.id === single.roles[role])
  if (option === undefined) return { ...common, message: `There is no ${words}.` }
  const usd = pair.cost.netPresentUsd.value - option.cost.netPresentUsd.value
  const before = option.carbon?.totalGramsPerMonth?.value
  const after = pair.carbonGramsPerMonth?.value
  const grams = before === undefined || after === undefined ? undefined : after - before
  const cost = partText(usd, option.cost.netPresentUsd.value)
  const emission = grams === undefined || before === undefined ? undefined : partText(grams, before)
  return {
    ...common,
    singleOptionId: option.id,
    netPresentUsdDifference: usd,
    ...(grams === undefined ? {} : { carbonGramsPerMonthDifference: grams }),
    message: `The ${role} pair costs ${cost.text} ${cost.than} the ${words}${
      emission === undefined ? '' : ` and emits ${emission.text}`
    }.`,
  }
}

/** Doubling is where people stop thinking in percent. */
const mostPercentRatio = 2

function partText(difference: number, of: number): { text: string; than: 'than' | 'as' } {
  const ratio = (of + difference) / of
  return ratio >= mostPercentRatio
    ? { text: `${formatSignificant(ratio)} times as much`, than: 'as' }
    : {
        text: `${formatPercent(Math.abs(difference) / of, 1)} ${difference <= 0 ? 'less' : 'more'}`,
        than: 'than',
      }
}

function notesOf(wish: CascadeWish, resolved: ResolvedScenario, pairs: readonly PlanCascadePair[]): Note[] {
  const notes: Note[] = []
  const note = (code: string, level: Note['level'], message: string, values?: Note['values']) =>
    notes.push({ code, level, about: 'cascade', message, ...(values === undefined ? {} : { values }) })
  note(
    'cascade-fraction-given',
    'assumption',
    `that the small model answers ${formatPercent(wish.smallFraction, 1)} of the requests well enough is the scenario's word: no figure of the catalog says it`,
    { fraction: wish.smallFraction },
  )
  if (pairs.some((pair) => pair.quality.some((entry) => entry.score !== undefined)))
    note(
      'cascade-quality',
      'assumption',
      'the score of a pair weighs the scores of both models with the requests that each answers, as if these were shared out without regard to how hard they are. Routing that is right gives more, routing that is wrong gives less; the ends are the scores of both models',
    )
  else if (pairs.length > 0)
    note(
      'cascade-quality-unknown',
      'information',
      'the quality of a pair is unknown: no benchmark is named, or one of its models has no comparable score',
    )
  note(
    'cascade-same-lengths',
    'assumption',
    'requests of both models have the same lengths; requests that are hard enough to be escalated are often longer',
  )
  note(
    'cascade-machines-apart',
    'information',
    'each model has machines and spares of its own; what sharing a machine or a rack would save is not searched',
  )
  if (wish.escalation === 'router')
    note('cascade-router-free', 'assumption', 'the router takes no time, no energy and no money')
  else if (wish.smallFraction < 1) {
    note(
      'cascade-both-times',
      'assumption',
      'an escalated request waits for the whole answer of the small model; percentiles of both times are added, and the large model gets the request without the small answer',
    )
    const { percentile, ttftSeconds } = resolved.targets
    const late = pairs.filter((pair) => (pair.latency.answeredByLarge?.ttft.p95.value ?? 0) > ttftSeconds)
    if (late.length > 0)
      note(
        'cascade-escalated-late',
        'warning',
        `each model alone meets the targets for ${formatPercent(percentile)} of its requests, but escalated requests see their first token after the target of ${formatSignificant(ttftSeconds)} s in ${late.length} of ${pairs.length} pairs`,
        { percentile, ttft: ttftSeconds, late: late.length, pairs: pairs.length },
      )
  }
  if (pairs.some((pair) => !pair.exact))
    note(
      'cascade-not-exact',
      'warning',
      'a limit on the sum refuses the pair of both minima, so the best pair of the listed options stands in: an unlisted pair may be better',
    )
  return notes
}
