import type { PlanCascadeCost, PlanCascadeLatency, PlanCascadeTimes } from '../plan-cascade-types.ts'
import type { Figure } from '../plan-figure.ts'
import type { PlanOption, PlanPercentiles } from '../plan-option-types.ts'

/** Sum of figures, ends with ends: both may be wrong together, and no draws of the two are paired. Undefined where one is unknown. */
export function sumFigures(figures: readonly (Figure | undefined)[]): Figure | undefined {
  const [first, ...others] = figures
  if (first === undefined) return undefined
  let sum = first
  for (const other of others) {
    if (other === undefined) return undefined
    const ends =
      sum.low === undefined || sum.high === undefined || other.low === undefined || other.high === undefined
        ? {}
        : { low: sum.low + other.low, high: sum.high + other.high }
    const bound = sum.basis === 'bound' || other.basis === 'bound'
    sum = { value: sum.value + other.value, ...ends, unit: sum.unit, ...(bound ? { basis: 'bound' } : {}) }
  }
  return sum
}

export function sumOrUnknown(values: readonly (number | undefined)[]): number | undefined {
  return values.some((value) => value === undefined)
    ? undefined
    : (values as readonly number[]).reduce((sum, value) => sum + value, 0)
}

/** Cost of options that serve the same requests together: `requests` over the horizon are those of the scenario. */
export function costTogether(options: readonly PlanOption[], requests: number): PlanCascadeCost {
  const sum = (name: 'totalUsd' | 'netPresentUsd' | 'upfrontUsd' | 'usdPerMonth') =>
    sumFigures(options.map((option) => option.cost[name]))!
  const totalUsd = sum('totalUsd')
  const per1000 = (usd: number) => (usd / requests) * 1000
  return {
    totalUsd,
    netPresentUsd: sum('netPresentUsd'),
    upfrontUsd: sum('upfrontUsd'),
    usdPerMonth: sum('usdPerMonth'),
    usdPer1000Requests: {
      value: per1000(totalUsd.value),
      ...(totalUsd.low === undefined || totalUsd.high === undefined
        ? {}
        : { low: per1000(totalUsd.low), high: per1000(totalUsd.high) }),
      unit: 'USD/1000 requests',
    },
  }
}

/** Times of the requests that each model answers. An API's are unknown. */
export function latencyTogether(input: {
  small: PlanOption | undefined
  large: PlanOption | undefined
  afterAnswer: boolean
}): PlanCascadeLatency {
  const { small, large } = input
  const bySmall = small?.latency
  const byLarge = large?.latency
  const answeredBySmall: PlanCascadeTimes | undefined = bySmall && {
    ttft: bySmall.ttft,
    endToEnd: bySmall.endToEnd,
  }
  const waits = input.afterAnswer && small !== undefined
  const alone: PlanCascadeTimes | undefined = byLarge && { ttft: byLarge.ttft, endToEnd: byLarge.endToEnd }
  const answeredByLarge =
    alone === undefined || !waits
      ? alone
      : answeredBySmall && {
          ttft: inARow(answeredBySmall.endToEnd, alone.ttft),
          endToEnd: inARow(answeredBySmall.endToEnd, alone.endToEnd),
        }
  return {
    ...(answeredBySmall === undefined ? {} : { answeredBySmall }),
    ...(answeredByLarge === undefined ? {} : { answeredByLarge }),
  }
}

function inARow(first: PlanPercentiles, second: PlanPercentiles): PlanPercentiles {
  return {
    p50: sumFigures([first.p50, second.p50])!,
    p95: sumFigures([first.p95, second.p95])!,
    p99: sumFigures([first.p99, second.p99])!,
  }
}
