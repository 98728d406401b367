import { formatPercent, formatSignificant } from '../../foundation/format.ts'
import { codeOf, type Note, type Sentence, sentence, sortedNotes } from '../../foundation/notes.ts'
import type { PlanCascade, PlanCascadeComparison, PlanCascadePair } from '../plan-cascade-types.ts'
import type { PlanOption } from '../plan-option-types.ts'
import { type Plan, type PlanRole, planRoles } from '../plan-types.ts'
import type { ResolvedScenario } from '../scenario/resolve.ts'
import type { Scenario } from '../scenario/schema.ts'
import { jointChecks } from './cascade-limits.ts'
import { costTogether, latencyTogether, sumFigures, sumOrUnknown } from './cascade-totals.ts'

export type CascadeWish = NonNullable<Scenario['cascade']>
export type CascadeSideName = 'small' | 'large'

/** Shares of the requests that each model sees. A model that would answer none is left out. */
export function cascadeFractions(wish: CascadeWish): Record<CascadeSideName, number> {
  const { smallFraction, escalation } = wish
  if (smallFraction === 0) return { small: 0, large: 1 }
  return { small: escalation === 'after-answer' ? 1 : smallFraction, large: 1 - smallFraction }
}

/** The scenario of one model of the cascade: its wishes over those of `model`. */
export function cascadeScenario(scenario: Scenario, side: CascadeSideName): Scenario {
  const { cascade, ...rest } = scenario
  return {
    ...rest,
    model: { ...scenario.model, class: side === 'small' ? 'slm' : 'llm', ...cascade?.[side] },
  }
}

interface Pair {
  readonly small: PlanOption | undefined
  readonly large: PlanOption | undefined
}

/**
 * Pairs of options of two plans. Cost, carbon and the scores of both plans add, so the pair of both minima is the
 * minimum of all pairs. Limits hold for the sum: where the pair of the minima breaks one, the best pair of the listed
 * options that keeps them all stands in, and is said not to be exact.
 */
export function assembleCascade(input: {
  wish: CascadeWish
  resolved: ResolvedScenario
  /** The plan of single models, and of each side that gets requests. */
  single: Plan
  small: Plan | undefined
  large: Plan | undefined
  /** The large model with all requests, where the large side gets a part of them. */
  largeAlone: Plan | undefined
}): PlanCascade {
  const { wish, single, resolved, largeAlone } = input
  const fractions = cascadeFractions(wish)
  const pairs = pairsOf(input)
  const whyNone = sides
    .filter((side) => input[side]?.options.length === 0)
    .map((side) => noSide(side, input[side]!))
  if (whyNone.length === 0 && pairs.length === 0)
    whyNone.push(
      sentence('no-pair', 'no pair of the listed options keeps the limits that hold for both together'),
    )
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
    status: pairs.length === 0 ? 'infeasible' : 'feasible',
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

function noSide(side: CascadeSideName, plan: Plan): Sentence {
  const no = (code: string, why: string, values: Record<string, string> = {}) =>
    sentence(code, `no ${side} model fits: ${why}`, { side, ...values })
  const binding = plan.infeasible?.binding.slice(0, 3) ?? []
  if (binding.length > 0)
    return no('no-side-keeps', binding.map((entry) => entry.message).join('; '), {
      constraints: binding.map((entry) => entry.constraint).join(', '),
    })
  return plan.models.kept.length === 0
    ? no('no-side-model', 'no model has what the scenario asks for')
    : no('no-side-machine', 'nothing runs them')
}

/** What a role goes by; every one of them adds. Undefined = unknown. */
const measureOf: Readonly<Record<PlanRole, (option: PlanOption) => number | undefined>> = {
  cheapest: (option) => option.cost.netPresentUsd.value,
  greenest: (option) => option.carbon?.totalGramsPerMonth?.value,
  fastest: (option) => option.latency?.endToEnd.p95.value,
  balanced: (option) => option.score.value,
}

function pairsOf(input: Parameters<typeof assembleCascade>[0]): PlanCascadePair[] {
  const found = new Map<string, { pair: Pair; roles: PlanRole[]; exact: boolean }>()
  for (const role of planRoles) {
    const best = bestPair(input, role)
    if (best === undefined) continue
    const id = idOf(best.pair)
    const known = found.get(id)
    found.set(id, {
      pair: best.pair,
      roles: [...(known?.roles ?? []), role],
      exact: best.exact && (known?.exact ?? true),
    })
  }
  return [...found].map(([id, { pair, roles, exact }]) => {
    const { small, large } = pair
    const options = optionsOf(pair)
    const { workload } = input.single
    const months = workload.growthByMonth.reduce((sum, factor) => sum + factor, 0)
    const figure = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value })
    return {
      id,
      roles,
      label: options.map((option) => option.label).join(' + '),
      ...(small === undefined ? {} : { smallOptionId: small.id }),
      ...(large === undefined ? {} : { largeOptionId: large.id }),
      exact,
      cost: costTogether(options, workload.requestsPerMonth.value * months),
      ...figure(
        'kilowattHoursPerMonth',
        sumFigures(options.map((option) => option.energy?.kilowattHoursPerMonth)),
      ),
      ...figure(
        'carbonGramsPerMonth',
        sumFigures(options.map((option) => option.carbon?.totalGramsPerMonth)),
      ),
      ...figure(
        'waterLitresPerMonth',
        sumFigures(options.map((option) => option.water?.totalLitresPerMonth)),
      ),
      ...figure('accelerators', sumOrUnknown(options.map((option) => option.deployment?.accelerators))),
      ...figure('servers', sumOrUnknown(options.map((option) => option.deployment?.servers))),
      ...figure('nameplateWatts', sumFigures(options.map((option) => option.site?.nameplateWatts))),
      latency: latencyTogether({ ...pair, afterAnswer: input.wish.escalation === 'after-answer' }),
      constraints: jointChecks(optionsOf(pair), input.resolved),
    }
  })
}

const optionsOf = ({ small, large }: Pair) => [small, large].filter((option) => option !== undefined)
const idOf = (pair: Pair) =>
  optionsOf(pair)
    .map((option) => option.id)
    .join(' + ')

function bestPair(
  input: Parameters<typeof assembleCascade>[0],
  role: PlanRole,
): { pair: Pair; exact: boolean } | undefined {
  const choices = (plan: Plan | undefined) => (plan === undefined ? [undefined] : plan.options)
  const roleOf = (plan: Plan | undefined) => plan?.options.find((option) => option.id === plan.roles[role])
  const minima: Pair = { small: roleOf(input.small), large: roleOf(input.large) }
  const complete =
    (input.small === undefined) === (minima.small === undefined) &&
    (input.large === undefined) === (minima.large === undefined)
  if (complete && keepsLimits(minima, input.resolved)) return { pair: minima, exact: true }
  let best: { pair: Pair; measure: number } | undefined
  for (const small of choices(input.small))
    for (const large of choices(input.large)) {
      const pair = { small, large }
      const measure = sumOrUnknown(optionsOf(pair).map(measureOf[role]))
      if (measure === undefined || (best !== undefined && measure >= best.measure)) continue
      if (keepsLimits(pair, input.resolved)) best = { pair, measure }
    }
  return best && { pair: best.pair, exact: false }
}

const keepsLimits = (pair: Pair, resolved: ResolvedScenario) =>
  jointChecks(optionsOf(pair), resolved).every((check) => check.status === 'met')

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
  const part = (difference: number, of: number, words: readonly [string, string]) =>
    `${formatPercent(Math.abs(difference) / of, 1)} ${difference <= 0 ? words[0] : words[1]}`
  return {
    ...common,
    singleOptionId: option.id,
    netPresentUsdDifference: usd,
    ...(grams === undefined ? {} : { carbonGramsPerMonthDifference: grams }),
    message: `The ${role} pair costs ${part(usd, option.cost.netPresentUsd.value, ['less', 'more'])} than the ${words}${
      grams === undefined ? '' : ` and emits ${part(grams, before ?? 1, ['less', 'more'])}`
    }.`,
  }
}

function notesOf(wish: CascadeWish, resolved: ResolvedScenario, pairs: readonly PlanCascadePair[]): Note[] {
  const notes: Note[] = []
  const note = (code: string, level: Note['level'], message: string, values?: Note['values']) =>
    notes.push({ code, level, about: 'cascade', message, ...(values === undefined ? {} : { values }) })
  note(
    'cascade-fraction-given',
    'assumption',
    `that the small model answers ${formatPercent(wish.smallFraction, 1)} of the requests well enough is the scenario's word: no figure of the catalog says it, and the quality of a cascade is not computed`,
    { fraction: wish.smallFraction },
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
