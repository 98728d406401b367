import { roleFigure } from './assemble/compare.ts'
import type { PlanCascade, PlanCascadeLatency, PlanCascadePair } from './plan-cascade-types.ts'
import type { PlanOption } from './plan-option-types.ts'
import type { Plan } from './plan-types.ts'
import type { SweepMeasure, SweepPoint, SweepRival, SweepWay } from './sweep-types.ts'

/** The role of a plan that a measure asks for. */
const roleOf = { cost: 'cheapest', carbon: 'greenest', latency: 'fastest', score: 'balanced' } as const

/** The best option of each kind of place and the best pair, best first, with the large model alone beside them. */
export function pointOf(value: number, plan: Plan, by: SweepMeasure): SweepPoint {
  const ways: SweepWay[] = plan.sideBySide.flatMap(({ kind, optionId }) => {
    const option = plan.options.find((entry) => entry.id === optionId)
    return option === undefined ? [] : [wayOf(kind, option, by)]
  })
  const { cascade } = plan
  const pair = cascade?.pairs.find((entry) => entry.roles.includes(roleOf[by]))
  if (cascade !== undefined && pair !== undefined) ways.push(wayOfPair(cascade, pair, by))
  const alone = cascade?.largeAlone?.options.find((option) => option.roles.includes(roleOf[by]))
  const rank = (way: SweepWay) => way.measure ?? Number.POSITIVE_INFINITY
  return {
    value,
    ways: ways.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b))),
    ...(alone === undefined ? {} : { largeAlone: wayOf('large-alone', alone, by) }),
  }
}

function wayOf<Kind extends SweepRival>(kind: Kind, option: PlanOption, by: SweepMeasure): SweepWay<Kind> {
  const measure = roleFigure(option, roleOf[by])
  return {
    kind,
    optionId: option.id,
    choice: choiceText(option),
    label: option.label,
    ...(measure === undefined ? {} : { measure }),
    usdPerMonth: option.cost.usdPerMonth.value,
  }
}

function wayOfPair(cascade: PlanCascade, pair: PlanCascadePair, by: SweepMeasure): SweepWay {
  const measure = measureOfPair(pair, by)
  const members = [
    cascade.small?.options.find((option) => option.id === pair.smallOptionId),
    cascade.large?.options.find((option) => option.id === pair.largeOptionId),
  ].filter((option) => option !== undefined)
  return {
    kind: 'pair',
    optionId: pair.id,
    choice: choiceText(...members),
    label: pair.label,
    ...(measure === undefined ? {} : { measure }),
    usdPerMonth: pair.cost.usdPerMonth.value,
  }
}

/** Scores are relative to the best of their own plan, so those of two plans cannot be set against a third's. */
function measureOfPair(pair: PlanCascadePair, by: SweepMeasure): number | undefined {
  switch (by) {
    case 'cost':
      return pair.cost.netPresentUsd.value
    case 'carbon':
      return pair.carbonGramsPerMonth?.value
    case 'latency':
      return laterOf(pair.latency)
    case 'score':
      return undefined
  }
}

/** The 95th percentile of the later model: that of all requests is no higher. Undefined where one is unknown. */
function laterOf({ answeredBySmall, answeredByLarge }: PlanCascadeLatency): number | undefined {
  const known = [answeredBySmall, answeredByLarge].flatMap((times) => times?.endToEnd.p95.value ?? [])
  return known.length === 0 ? undefined : Math.max(...known)
}

/** The choice without its counts, which grow with the load. */
function choiceText(...options: readonly PlanOption[]): string {
  const places = options.map(placeText)
  // Two models at one place name it once.
  const together = new Set(places).size === 1
  const texts = options.map((option, index) =>
    together ? machinesText(option) : `${machinesText(option)}, ${places[index]}`,
  )
  return together ? `${texts.join(' + ')}, ${places[0]}` : texts.join(' + ')
}

function machinesText({ model, deployment }: PlanOption): string {
  return deployment === undefined
    ? model.id
    : `${model.id} ${model.weightFormat} on ${deployment.accelerator.id}`
}

function placeText({ place }: PlanOption): string {
  return place.kind === 'api' || place.kind === 'cloud'
    ? `${place.kind} ${place.provider ?? ''}`.trim()
    : place.kind
}
