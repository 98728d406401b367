import type { Catalog, Row } from '../../catalogs/catalog.ts'
import { type Issue, RightsizeError } from '../../foundation/errors.ts'
import type { Note } from '../../foundation/notes.ts'
import { type Dimension, parseQuantity } from '../../foundation/quantity.ts'
import { didYouMean } from '../../foundation/suggest.ts'
import { secondsPerHour } from '../../foundation/units.ts'
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
  readonly targets: { readonly ttftSeconds: number; readonly tpotSeconds: number }
  readonly engine: EngineName
  readonly onDevice: boolean
  readonly weightFormats: readonly string[]
  readonly slmBelowParameters: number
  readonly placeKinds: readonly PlaceKind[]
  readonly storage: ResolvedStorage
  readonly notes: readonly Note[]
}

export interface ResolvedDemand {
  readonly basis: 'users' | 'requestRate' | 'concurrency'
  readonly workingHoursPerDay: number
  readonly workingDaysPerWeek: number
  readonly peakToAverage: number
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
    placeKinds.push('on-prem')
    filler.note('places', 'on-prem', 'no place was given', 'rightsize-judgement')
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
  }
  const engine =
    scenario.engine ??
    (filler.text(undefined, 'engine', onDevice ? 'engine-device' : 'engine-accelerated') as EngineName)
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
    Number(/^([\d.]+)B$/.exec(filler.text(undefined, 'model.slmBelowParameters', 'slm-below'))?.[1]) * 1e9
  filler.throwMissing()
  return {
    scenario,
    demand,
    input: inputLength,
    output: outputLength,
    sharedPrefixFraction: scenario.tokens?.sharedPrefixFraction ?? 0,
    targets,
    engine,
    onDevice,
    weightFormats,
    slmBelowParameters,
    placeKinds,
    storage,
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
  const common = { basis, workingHoursPerDay, workingDaysPerWeek, peakToAverage } as const
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

/** Takes values from the profile and the defaults, and remembers what it took and what it could not find. */
class Filler {
  readonly notes: Note[] = []
  readonly #issues: Issue[] = []
  readonly #file: string
  readonly #useCase: string | undefined
  readonly #profile: ReadonlyMap<string, Row<'useCaseDefaults'>>
  readonly #defaults: ReadonlyMap<string, { value: string; source_id: string; note?: string | undefined }>

  constructor(catalog: Catalog, useCase: string | undefined, file: string) {
    this.#file = file
    this.#useCase = useCase
    this.#defaults = new Map(catalog.rows('planningDefaults').map((row) => [row.id, row]))
    const known = catalog.rows('useCases').map((row) => row.id)
    if (useCase !== undefined && !known.includes(useCase)) {
      const hint = didYouMean(useCase, known) ?? `use cases: ${known.join(', ')}`
      this.#issues.push({ place: `${file}  useCase`, message: `unknown use case "${useCase}"`, hint })
    }
    this.#profile = new Map(
      catalog
        .rows('useCaseDefaults')
        .filter((row) => row.use_case_id === useCase)
        .map((row) => [row.field as string, row]),
    )
  }

  /** A number of the scenario, or of the use case's profile. */
  number(given: number | undefined, field: string, profileField: string): number {
    if (given !== undefined) return given
    const row = this.#profile.get(profileField)
    const value = row?.value ?? Number.NaN
    if (row === undefined || !Number.isFinite(value)) {
      const hint =
        this.#useCase === undefined
          ? 'give it, or name a useCase whose profile has it'
          : `the use case ${this.#useCase} does not say it`
      this.missing(field, hint)
      return 1
    }
    this.notes.push({
      code: 'default-from-use-case',
      level: 'assumption',
      about: field,
      message: `${field} = ${row.value}, from the use case ${this.#useCase}${row.quality === 'assumed' ? ' (assumed)' : ''}${row.note ? `: ${row.note}` : ''}`,
      sourceId: row.source_id,
    })
    return value
  }

  /** A planning default by its id. */
  text(given: string | undefined, field: string, id: string): string {
    if (given !== undefined) return given
    const row = this.#defaults.get(id)
    if (row === undefined) throw new Error(`planning default ${id} is missing in the catalog`)
    this.note(field, row.value.replaceAll(';', ', '), row.note ?? 'default', row.source_id)
    return row.value
  }

  quantity(field: string, id: string, dimension: Dimension): number {
    const parsed = parseQuantity(this.text(undefined, field, id), dimension)
    if (!parsed.ok) throw new Error(`planning default ${id}: ${parsed.message}`)
    return parsed.value
  }

  note(field: string, value: string, reason: string, sourceId: string): void {
    this.notes.push({
      code: 'default-of-planner',
      level: 'assumption',
      about: field,
      message: `${field} = ${value} (assumed): ${reason}`,
      sourceId,
    })
  }

  missing(field: string, hint: string): void {
    this.#issues.push({ place: `${this.#file}  ${field}`, message: 'is missing', hint })
  }

  throwMissing(): void {
    if (this.#issues.length === 0) return
    throw new RightsizeError({
      code: 'scenario-invalid',
      message: `${this.#file} has ${this.#issues.length} ${this.#issues.length === 1 ? 'problem' : 'problems'}`,
      issues: this.#issues,
    })
  }
}
