import { monthsPerYear } from '../../foundation/units.ts'
import type { ResolvedScenario, ResolvedTargets, ResolvedWorkload } from '../scenario/resolve.ts'
import type { Workload } from '../workload.ts'
import { loadCurve } from './load-curve.ts'
import { phasesOf } from './phases.ts'
import type { ServingTask, TaskClass } from './serving-types.ts'

/** Demand of each month of the horizon over the first month's. */
export function demandGrowth(resolved: ResolvedScenario): number[] {
  const growth = 1 + resolved.demand.growthPerYearFraction
  return Array.from(
    { length: resolved.limits.finance.horizonMonths },
    (_, month) => growth ** (month / monthsPerYear),
  )
}

/** What every candidate must do. */
export function taskOf(
  resolved: ResolvedScenario,
  workload: Workload,
  growthByMonth: readonly number[],
): ServingTask {
  const { targets, demand } = resolved
  const { input, output, sharedPrefixFraction } = resolved.peakLengths
  return {
    peakRequestsPerSecond: workload.peakRequestsPerSecond * Math.max(1, ...growthByMonth),
    inputTokensMean: input.mean,
    inputTokensP95: input.p95,
    outputTokensMean: output.mean,
    outputTokensP95: output.p95,
    cachedInputFraction: sharedPrefixFraction,
    contextTokens: resolved.contextTokens,
    ttftSeconds: targets.ttftSeconds,
    tpotSeconds: targets.tpotSeconds,
    endToEndSeconds: targets.endToEndSeconds,
    percentile: targets.percentile,
    headroomFraction: resolved.limits.headroomFraction,
    curve: loadCurve(demand),
    phases: phasesOf({
      peakRequestsPerSecond: workload.peakRequestsPerSecond,
      growthByMonth,
      purchases: resolved.limits.finance.purchases,
    }),
    ...(resolved.workloads.length === 0
      ? {}
      : { classes: resolved.workloads.map((each) => classOf(each, targets)) }),
  }
}

function classOf(workload: ResolvedWorkload, strictest: ResolvedTargets): TaskClass {
  const { input, output, targets } = workload
  return {
    name: workload.name,
    fraction: workload.peakFraction,
    inputTokensMean: input.mean,
    inputTokensP95: input.p95,
    outputTokensMean: output.mean,
    outputTokensP95: output.p95,
    cachedInputFraction: workload.sharedPrefixFraction,
    percentile: targets.percentile,
    ttftScale: targets.ttftSeconds / strictest.ttftSeconds,
    tpotScale: targets.tpotSeconds / strictest.tpotSeconds,
    endToEndScale:
      targets.endToEndSeconds === undefined || strictest.endToEndSeconds === undefined
        ? undefined
        : targets.endToEndSeconds / strictest.endToEndSeconds,
  }
}
