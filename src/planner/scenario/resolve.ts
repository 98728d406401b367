import type { Catalog } from '../../catalogs/catalog.ts'
import type { AdapterTarget } from '../../estimators/memory/adapters.ts'
import { type Note, sentence } from '../../foundation/notes.ts'
import type { Dimension } from '../../foundation/quantity.ts'
import { giga } from '../../foundation/units.ts'
import { Filler } from './filler.ts'
import { type ResolvedLimits, resolveLimits } from './resolve-limits.ts'
import { type ResolvedLoad, resolveLoads, scaledLoad } from './resolve-load.ts'
import { resolveSubscriptions, type SubscriptionQuote } from './resolve-subscriptions.ts'
import type { EngineName, PlaceKind, Scenario } from './schema.ts'

/** A scenario with every value that sizing needs, and a note for each one that the user did not give. */
export interface ResolvedScenario extends ResolvedLoad {
  readonly scenario: Scenario
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
  /** By position of the place in the scenario. */
  readonly subscriptions: readonly (readonly SubscriptionQuote[])[]
  readonly notes: readonly Note[]
}

export interface ResolvedStorage {
  readonly versionsKept: number
  readonly adapters: number
  readonly adaptersInMemory: number
  readonly adapterTargets: readonly AdapterTarget[]
  readonly adapterRank: number
  readonly logRetentionSeconds: number
  readonly logBytesPerToken: number
  readonly diskBytesPerSecond: number
  readonly networkBytesPerSecond: number
}

export type * from './resolve-load.ts'

/** What adapters change where the scenario does not say it. */
const attentionTargets: readonly AdapterTarget[] = ['query', 'key', 'value', 'output']

/**
 * Fills a scenario from its use case's profile and the planning defaults.
 * @throws RightsizeError `scenario-invalid` where a needed value is neither given nor in a profile, or an id is unknown.
 */
export function resolveScenario(input: {
  scenario: Scenario
  catalog: Catalog
  file?: string
  /** Part of the demand that is to be served; the rest goes elsewhere. Default: all of it. */
  demandFraction?: number
}): ResolvedScenario {
  const { scenario, catalog } = input
  const filler = new Filler(catalog, scenario.useCase, input.file ?? 'scenario')
  const placeKinds = [...new Set((scenario.places ?? []).map((place) => place.kind))]
  if (placeKinds.length === 0) {
    placeKinds.push('on-prem', 'colocation', 'cloud', 'api')
    filler.note(
      'places',
      placeKinds.join(', '),
      sentence('no-place-given', 'no place was given, so all are compared'),
      'rightsize-judgement',
    )
  }
  const onDevice = placeKinds.every((kind) => kind === 'device')
  const load = scaledLoad(resolveLoads({ scenario, filler, onDevice }), input.demandFraction ?? 1)
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
  const adapters = scenario.model?.adapters
  const adapterCount = adapters?.count ?? scenario.storage?.adapters ?? 0
  const givenRank = adapters?.rank ?? scenario.storage?.adapterRank
  const storage: ResolvedStorage = {
    versionsKept: quantity(scenario.storage?.versionsKept, 'storage.versionsKept', 'versions-kept', 'count'),
    adapters: adapterCount,
    adaptersInMemory: adapters?.inMemory ?? adapterCount,
    adapterTargets: adapters?.targets ?? attentionTargets,
    adapterRank:
      adapterCount === 0 && givenRank === undefined
        ? 0
        : quantity(
            givenRank,
            adapters === undefined ? 'storage.adapterRank' : 'model.adapters.rank',
            'adapter-rank',
            'count',
          ),
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
  const { currency } = limits.finance
  const subscriptions = resolveSubscriptions({ scenario, catalog, filler, currency })
  filler.throwMissing()
  return {
    scenario,
    ...load,
    engine,
    engines,
    kvFormats,
    onDevice,
    weightFormats,
    slmBelowParameters,
    placeKinds,
    storage,
    limits,
    subscriptions,
    notes: filler.notes,
  }
}
