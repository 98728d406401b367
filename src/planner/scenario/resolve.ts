import type { Catalog } from '../../catalogs/catalog.ts'
import type { Note } from '../../foundation/notes.ts'
import type { Dimension } from '../../foundation/quantity.ts'
import { giga, secondsPerHour } from '../../foundation/units.ts'
import { Filler } from './filler.ts'
import { type ResolvedLimits, resolveLimits } from './resolve-limits.ts'
import type { EngineName, PlaceKind, Scenario } from './schema.ts'

export interface TokenLength {
  readonly mean: number
  readonly p95: number
}

/** A scenario with every value that sizing needs, and a note for each one that the user did not give. */
export interface ResolvedScenario {
  readonly scenario: Scenario
  readonly demand: ResolvedDemand
  readonly input: TokenLength
  readonly output: TokenLength
  readonly sharedPrefixFraction: number
  readonly targets: ResolvedTargets
  /** The first of `engines`. */
  readonly engine: EngineName
  readonly engines: readonly EngineName[]
  readonly kvFormats: readonly string[]
  readonly onDevice: boolean
  readonly weightFormats: readonly string[]
  readonly slmBelowParameters: number
  readonly placeKinds: readonly PlaceKind[]
  readonly storage: ResolvedStorage
  readonly limits: ResolvedLimits
  readonly notes: readonly Note[]
}

export interface ResolvedTargets {
  readonly ttftSeconds: number
  readonly tpotSeconds: number
  readonly endToEndSeconds: number | undefined
  /** Share of the requests that must meet them at the peak. */
  readonly percentile: number
}

export interface ResolvedDemand {
  readonly basis: 'users' | 'requestRate' | 'concurrency'
  readonly workingHoursPerDay: number
  readonly workingDaysPerWeek: number
  readonly peakToAverage: number
  readonly growthPerYearFraction: number
  /** Undefined where only a concurrency was given. */
  readonly peakRequestsPerSecond: number | undefined
  readonly givenConcurrency: number | undefined
  readonly users: number | undefined
  readonly activeUserFraction: number | undefined
  readonly requestsPerUserPerDay: number | undefined
}

export interface ResolvedStorage {
  readonly versionsKept: number
  readonly adapters: number
  readonly adapterRank: number
  readonly logRetentionSeconds: number
  readonly logBytesPerToken: number
  readonly diskBytesPerSecond: number
  readonly networkBytesPerSecond: number
}

/**
 * Fills a scenario from its use case's profile and the planning defaults.
 * @throws RightsizeError `scenario-invalid` where a needed value is neither given nor in a profile, or an id is unknown.
 */
export function resolveScenario(input: {
  scenario: Scenario
  catalog: Catalog
  file?: string
}): ResolvedScenario {
  const { scenario, catalog } = input
  const filler = new Filler(catalog, scenario.useCase, input.file ?? 'scenario')
  const placeKinds = [...new Set((scenario.places ?? []).map((place) => place.kind))]
  if (placeKinds.length === 0) {
    placeKinds.push('on-prem', 'colocation', 'cloud', 'api')
    filler.note(
      'places',
      placeKinds.join(', '),
      'no place was given, so all are compared',
      'rightsize-judgement',
    )
  }
  const onDevice = placeKinds.every((kind) => kind === 'device')
  const demand = resolveDemand(scenario, filler, onDevice)
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
        'only a mean was given, so every request counts as that long',
        'rightsize-judgement',
      )
    }
    return { mean, p95: Math.max(mean, p95 ?? mean) }
  }
  const inputLength = length(scenario.tokens?.input, 'input')
  const outputLength = length(scenario.tokens?.output, 'output')
  const targets = {
    ttftSeconds: filler.number(scenario.targets?.ttft, 'targets.ttft', 'ttft_target_s'),
    tpotSeconds: filler.number(scenario.targets?.tpot, 'targets.tpot', 'tpot_target_s'),
    endToEndSeconds: scenario.targets?.endToEnd,
    percentile:
      scenario.targets?.percentile ?? filler.quantity('targets.percentile', 'target-percentile', 'fraction'),
  }
  const engines = scenario.engine ?? [
    filler.text(undefined, 'engine', onDevice ? 'engine-device' : 'engine-accelerated') as EngineName,
  ]
  const engine = engines[0] as EngineName
  const kvFormats =
    scenario.formats?.kvCache ??
    filler
      .text(undefined, 'formats.kvCache', engine === 'llama.cpp' ? 'kv-device' : 'kv-accelerated')
      .split(';')
  const formatsDefault = engine === 'llama.cpp' ? 'weights-device' : 'weights-accelerated'
  const weightFormats =
    scenario.formats?.weights ?? filler.text(undefined, 'formats.weights', formatsDefault).split(';')
  const quantity = (given: number | undefined, field: string, id: string, dimension: Dimension) =>
    given ?? filler.quantity(field, id, dimension)
  const storage: ResolvedStorage = {
    versionsKept: quantity(scenario.storage?.versionsKept, 'storage.versionsKept', 'versions-kept', 'count'),
    adapters: scenario.storage?.adapters ?? 0,
    adapterRank:
      (scenario.storage?.adapters ?? 0) === 0 && scenario.storage?.adapterRank === undefined
        ? 0
        : quantity(scenario.storage?.adapterRank, 'storage.adapterRank', 'adapter-rank', 'count'),
    logRetentionSeconds: quantity(
      scenario.storage?.logRetention,
      'storage.logRetention',
      'log-retention',
      'seconds',
    ),
    logBytesPerToken: quantity(undefined, 'storage.logBytesPerToken', 'log-bytes-per-token', 'count'),
    diskBytesPerSecond: quantity(
      scenario.storage?.diskBandwidth,
      'storage.diskBandwidth',
      'disk-bandwidth',
      'bytesPerSecond',
    ),
    networkBytesPerSecond: quantity(
      scenario.storage?.networkBandwidth,
      'storage.networkBandwidth',
      'network-bandwidth',
      'bytesPerSecond',
    ),
  }
  const slmBelowParameters =
    scenario.model?.slmBelowParameters ??
    Number(/^([\d.]+)B$/.exec(filler.text(undefined, 'model.slmBelowParameters', 'slm-below'))?.[1]) * giga
  const limits = resolveLimits({ scenario, filler, onDevice })
  filler.throwMissing()
  return {
    scenario,
    demand,
    input: inputLength,
    output: outputLength,
    sharedPrefixFraction: scenario.tokens?.sharedPrefixFraction ?? 0,
    targets,
    engine,
    engines,
    kvFormats,
    onDevice,
    weightFormats,
    slmBelowParameters,
    placeKinds,
    storage,
    limits,
    notes: filler.notes,
  }
}

function resolveDemand(scenario: Scenario, filler: Filler, onDevice: boolean): ResolvedDemand {
  const given = scenario.demand ?? {}
  const basis =
    given.concurrency !== undefined
      ? 'concurrency'
      : given.requestRate !== undefined
        ? 'requestRate'
        : 'users'
  const workingHoursPerDay = filler.number(
    given.workingHoursPerDay,
    'demand.workingHoursPerDay',
    'working_hours_per_day',
  )
  const workingDaysPerWeek = filler.number(
    given.workingDaysPerWeek,
    'demand.workingDaysPerWeek',
    'working_days_per_week',
  )
  const peakToAverage = filler.number(given.peakToAverage, 'demand.peakToAverage', 'peak_to_average')
  const growthPerYearFraction = given.growthPerYear ?? 0
  const common = {
    basis,
    workingHoursPerDay,
    workingDaysPerWeek,
    peakToAverage,
    growthPerYearFraction,
  } as const
  if (basis !== 'users') {
    return {
      ...common,
      peakRequestsPerSecond: given.requestRate,
      givenConcurrency: given.concurrency,
      users: undefined,
      activeUserFraction: undefined,
      requestsPerUserPerDay: undefined,
    }
  }
  const users = given.users ?? (onDevice ? 1 : undefined)
  if (users === undefined)
    filler.missing('demand.users', 'give demand.users, demand.requestRate or demand.concurrency')
  if (given.users === undefined && onDevice)
    filler.note('demand.users', '1', 'a device serves its owner', 'rightsize-judgement')
  const activeUserFraction = filler.number(
    given.activeUserFraction,
    'demand.activeUserFraction',
    'active_user_fraction',
  )
  const requestsPerUserPerDay = filler.number(
    given.requestsPerUserPerDay,
    'demand.requestsPerUserPerDay',
    'requests_per_user_per_day',
  )
  return {
    ...common,
    users,
    activeUserFraction,
    requestsPerUserPerDay,
    givenConcurrency: undefined,
    peakRequestsPerSecond: peakRequestsPerSecond({
      users: users ?? 0,
      activeUserFraction,
      requestsPerUserPerDay,
      workingHoursPerDay,
      peakToAverage,
    }),
  }
}

/** λ_peak = users · active fraction · requests per day / (hours · 3600) · peak factor, requests per second. */
export function peakRequestsPerSecond(demand: {
  users: number
  activeUserFraction: number
  requestsPerUserPerDay: number
  workingHoursPerDay: number
  peakToAverage: number
}): number {
  const requestsPerDay = demand.users * demand.activeUserFraction * demand.requestsPerUserPerDay
  return (requestsPerDay / (demand.workingHoursPerDay * secondsPerHour)) * demand.peakToAverage
}
