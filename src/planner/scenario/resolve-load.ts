import { standardNormalQuantile } from '../../estimators/uncertainty/distributions.ts'
import { sentence } from '../../foundation/notes.ts'
import { lengthSpread } from '../search/lengths.ts'
import type { Filler } from './filler.ts'
import { type ResolvedDemand, resolveDemand } from './resolve-demand.ts'
import type { Scenario } from './schema.ts'

export type { ResolvedDemand } from './resolve-demand.ts'

export interface TokenLength {
  readonly mean: number
  readonly p95: number
}

export interface ResolvedTargets {
  readonly ttftSeconds: number
  readonly tpotSeconds: number
  readonly endToEndSeconds: number | undefined
  /** Share of the requests that must meet them at the peak. */
  readonly percentile: number
}

/** One load: how many requests, how long, and how soon they must be answered. */
export interface ResolvedLoadPart {
  readonly demand: ResolvedDemand
  readonly input: TokenLength
  readonly output: TokenLength
  readonly sharedPrefixFraction: number
  readonly targets: ResolvedTargets
}

/** What a deployment must carry. With several workloads lengths are means over the volume, targets the strictest. */
export interface ResolvedLoad extends ResolvedLoadPart {
  /** Longest requests that memory is sized for. */
  readonly contextTokens: number
  /** Lengths of the requests that are there at the peak: the mix of the hour, not of the month. */
  readonly peakLengths: Pick<ResolvedLoadPart, 'input' | 'output' | 'sharedPrefixFraction'>
  /** Empty where the scenario has a single load. */
  readonly workloads: readonly ResolvedWorkload[]
}

export interface ResolvedWorkload extends ResolvedLoadPart {
  readonly name: string
  readonly useCase: string | undefined
  readonly peakRequestsPerSecond: number
  /** Of all requests at the peak, and of all in a month. */
  readonly peakFraction: number
  readonly volumeFraction: number
}

type LoadPart = Pick<Scenario, 'demand' | 'tokens' | 'targets'>

/** The load of a scenario, or of all its workloads together. */
export function resolveLoads(input: { scenario: Scenario; filler: Filler; onDevice: boolean }): ResolvedLoad {
  const { scenario, filler, onDevice } = input
  if (scenario.workloads === undefined) {
    const load = resolvePart(scenario, filler, onDevice)
    return { ...load, contextTokens: contextOf(load), peakLengths: load, workloads: [] }
  }
  const parts = scenario.workloads.map((workload, index) => {
    const useCase = workload.useCase ?? scenario.useCase
    const load = resolvePart(
      { ...workload, targets: { ...scenario.targets, ...workload.targets } },
      filler.within({ useCase, prefix: `workloads.${index}.` }),
      onDevice,
    )
    return { ...load, name: workload.name, useCase }
  })
  if (shared(parts.map((part) => part.demand.growthPerYearFraction)) === undefined)
    filler.issue(
      'workloads',
      'grow at different rates, so their mix would change over the horizon',
      'give each the same growthPerYear, or plan the start and the end apart',
    )
  return together(parts, filler)
}

function resolvePart(part: LoadPart, filler: Filler, onDevice: boolean): ResolvedLoadPart {
  const demand = resolveDemand(part, filler, onDevice)
  const length = (
    given: { mean: number; p95?: number | undefined } | undefined,
    kind: 'input' | 'output',
  ): TokenLength => {
    const mean = filler.number(given?.mean, `tokens.${kind}.mean`, `${kind}_tokens_mean`)
    const p95 =
      given === undefined ? filler.number(undefined, `tokens.${kind}.p95`, `${kind}_tokens_p95`) : given.p95
    if (p95 === undefined) {
      filler.note(
        `tokens.${kind}.p95`,
        String(mean),
        sentence('only-mean-given', 'only a mean was given, so every request counts as that long'),
        'rightsize-judgement',
      )
    }
    return { mean, p95: Math.max(mean, p95 ?? mean) }
  }
  const input = length(part.tokens?.input, 'input')
  const output = length(part.tokens?.output, 'output')
  return {
    demand,
    input,
    output,
    sharedPrefixFraction: part.tokens?.sharedPrefixFraction ?? 0,
    targets: {
      ttftSeconds: filler.number(part.targets?.ttft, 'targets.ttft', 'ttft_target_s'),
      tpotSeconds: filler.number(part.targets?.tpot, 'targets.tpot', 'tpot_target_s'),
      endToEndSeconds: part.targets?.endToEnd,
      percentile:
        part.targets?.percentile ?? filler.quantity('targets.percentile', 'target-percentile', 'fraction'),
    },
  }
}

const contextOf = (load: Pick<ResolvedLoadPart, 'input' | 'output'>) => load.input.p95 + load.output.p95

/** Peak of a load in requests per second; from a concurrency by Little's law at the targets. */
export function peakOf(load: Pick<ResolvedLoadPart, 'demand' | 'output' | 'targets'>): number {
  const { demand, targets, output } = load
  return (
    demand.peakRequestsPerSecond ??
    (demand.givenConcurrency ?? 0) / (targets.ttftSeconds + output.mean * targets.tpotSeconds)
  )
}

/** The value that all have, or undefined. */
function shared<Value>(values: readonly Value[]): Value | undefined {
  return values.every((value) => value === values[0]) ? values[0] : undefined
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/**
 * Loads on one cluster. Peaks coincide: their rates add, which is the most that can come. Hours and days are the
 * longest of any; the ratio of peak to average keeps the month's requests.
 */
function together(
  parts: readonly (ResolvedLoadPart & { name: string; useCase: string | undefined })[],
  filler: Filler,
): ResolvedLoad {
  const first = parts[0]!
  const peaks = parts.map(peakOf)
  const peak = sum(peaks)
  const weekly = parts.map(
    ({ demand }, index) =>
      (peaks[index]! / demand.peakToAverage) * demand.workingHoursPerDay * demand.workingDaysPerWeek,
  )
  const hours = Math.max(...parts.map(({ demand }) => demand.workingHoursPerDay))
  const days = Math.max(...parts.map(({ demand }) => demand.workingDaysPerWeek))
  const sameTimes =
    shared(parts.map(({ demand }) => demand.workingHoursPerDay)) !== undefined &&
    shared(parts.map(({ demand }) => demand.workingDaysPerWeek)) !== undefined
  const ratio = sameTimes ? shared(parts.map(({ demand }) => demand.peakToAverage)) : undefined
  const peakFractions = peaks.map((value) => value / peak)
  const volumeFractions = weekly.map((value) => value / sum(weekly))
  const users = parts.map(({ demand }) => demand.users)
  if (parts.length > 1)
    filler.note(
      'workloads',
      parts.map((part) => part.name).join(', '),
      sentence(
        'peaks-fall-together',
        'all peaks fall together, so their rates add; hours and days are the longest of any; users of several workloads count once for each',
      ),
      'rightsize-judgement',
    )
  const endToEnd = parts.flatMap(({ targets }) => targets.endToEndSeconds ?? [])
  return {
    demand: {
      basis: 'requestRate',
      workingHoursPerDay: hours,
      workingDaysPerWeek: days,
      peakToAverage: ratio ?? (peak * hours * days) / sum(weekly),
      growthPerYearFraction: first.demand.growthPerYearFraction,
      // Forecasts of one organisation are wrong in the same direction: half-widths weigh by load and do not cancel.
      uncertaintyFraction: sum(
        parts.map(({ demand }, index) => peakFractions[index]! * demand.uncertaintyFraction),
      ),
      peakRequestsPerSecond: peak,
      givenConcurrency: undefined,
      users: users.some((count) => count === undefined) ? undefined : sum(users as number[]),
      activeUserFraction: undefined,
      requestsPerUserPerDay: undefined,
    },
    ...lengthsOf(parts, volumeFractions),
    targets: {
      ttftSeconds: Math.min(...parts.map(({ targets }) => targets.ttftSeconds)),
      tpotSeconds: Math.min(...parts.map(({ targets }) => targets.tpotSeconds)),
      endToEndSeconds: endToEnd.length === 0 ? undefined : Math.min(...endToEnd),
      percentile: Math.max(...parts.map(({ targets }) => targets.percentile)),
    },
    contextTokens: Math.max(...parts.map(contextOf)),
    peakLengths: lengthsOf(parts, peakFractions),
    workloads: parts.map((part, index) => ({
      ...part,
      peakRequestsPerSecond: peaks[index]!,
      peakFraction: peakFractions[index]!,
      volumeFraction: volumeFractions[index]!,
    })),
  }
}

function lengthsOf(
  parts: readonly ResolvedLoadPart[],
  fractions: readonly number[],
): ResolvedLoad['peakLengths'] {
  const input = mixedLength(
    parts.map((part) => part.input),
    fractions,
  )
  const cached = sum(parts.map((part, i) => fractions[i]! * part.input.mean * part.sharedPrefixFraction))
  return {
    input,
    output: mixedLength(
      parts.map((part) => part.output),
      fractions,
    ),
    sharedPrefixFraction:
      shared(parts.map((part) => part.sharedPrefixFraction)) ?? (input.mean === 0 ? 0 : cached / input.mean),
  }
}

/** Lengths of a mixture: the lognormal distribution with the mixture's mean and variance. */
function mixedLength(lengths: readonly TokenLength[], fractions: readonly number[]): TokenLength {
  const mean = shared(lengths.map((length) => length.mean))
  const p95 = shared(lengths.map((length) => length.p95))
  if (mean !== undefined && p95 !== undefined) return { mean, p95 }
  const mixed = sum(lengths.map((length, index) => fractions[index]! * length.mean))
  if (mixed === 0) return { mean: 0, p95: 0 }
  const square = sum(
    lengths.map((length, index) =>
      length.mean === 0
        ? 0
        : fractions[index]! * length.mean ** 2 * Math.exp(lengthSpread(length.mean, length.p95) ** 2),
    ),
  )
  const z = standardNormalQuantile(0.95)
  // Beyond z the 95th percentile of a lognormal falls again: no pair of mean and percentile says more.
  const spread = Math.min(z, Math.sqrt(Math.max(0, Math.log(square / mixed ** 2))))
  return { mean: mixed, p95: mixed * Math.exp(z * spread - spread ** 2 / 2) }
}

/** The load where only a part of the requests comes: rates shrink, users and lengths stay. */
export function scaledLoad(load: ResolvedLoad, fraction: number): ResolvedLoad {
  if (fraction === 1) return load
  const { demand } = load
  const times = (value: number | undefined) => (value === undefined ? undefined : value * fraction)
  return {
    ...load,
    demand: {
      ...demand,
      peakRequestsPerSecond: times(demand.peakRequestsPerSecond),
      givenConcurrency: times(demand.givenConcurrency),
      activeUserFraction: undefined,
      requestsPerUserPerDay: undefined,
    },
    workloads: load.workloads.map((workload) => ({
      ...workload,
      peakRequestsPerSecond: workload.peakRequestsPerSecond * fraction,
    })),
  }
}
