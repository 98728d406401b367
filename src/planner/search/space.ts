import type { Catalog } from '../../catalogs/catalog.ts'
import type { CoolingKind, PowerModel } from '../../estimators/energy/coefficients.ts'
import { RightsizeError } from '../../foundation/errors.ts'
import { type Sentence, sentence } from '../../foundation/notes.ts'
import { type KeptModel, type LeftOutModel, selectModels } from '../model-selection.ts'
import { type ResolvedScenario, resolveScenario } from '../scenario/resolve.ts'
import type { Scenario } from '../scenario/schema.ts'
import { type Workload, workloadOf } from '../workload.ts'
import { type ApiOffer, apiOffers } from './api-offers.ts'
import { coefficientBook, type InternedPolicy, LayoutBook, policyBook, supportBook } from './books.ts'
import { type CloudOffer, cloudOffers, gridProblem } from './cloud.ts'
import type { StepCoefficients } from './coefficients.ts'
import { type NotSearched, type SearchDevice, searchDevices } from './devices.ts'
import { type FactFilter, factFilter, factIssues, factProblem } from './facts.ts'
import { alwaysLeftOut, notSearched as leftOutPart } from './left-out.ts'
import { idleWatts, type Machine, ownedMachine, powerModels, rentedMachine } from './machines.ts'
import { ownPlaces, placeProblem, providerIssues, type SearchPlace } from './places.ts'
import type { ServingTask } from './serving-types.ts'
import { tensorDomain } from './step-inputs.ts'
import { standsAt } from './subscriptions.ts'
import { demandGrowth, taskOf } from './task.ts'
import { type ModelUnit, searchUnits } from './units.ts'

/** A machine with where it may stand: own places, or the offers of a cloud. */
export interface SiteMachine {
  readonly index: number
  readonly machine: Machine
  readonly offers: readonly CloudOffer[]
  /** Own places where it may stand, by their position in the space; none for rented machines. */
  readonly places: readonly number[]
}

export interface SpaceDevice extends SearchDevice {
  readonly index: number
  readonly idleWatts: number
  readonly tdpWatts: number
  readonly tensorDomain: number
  /** Most devices that one machine offers. */
  readonly mostDevices: number
  readonly machines: readonly SiteMachine[]
}

/** Everything that is searched, prepared once. */
export interface SearchSpace {
  readonly catalog: Catalog
  readonly resolved: ResolvedScenario
  readonly workload: Workload
  readonly task: ServingTask
  readonly growthByMonth: readonly number[]
  readonly kept: readonly KeptModel[]
  readonly leftOut: readonly LeftOutModel[]
  readonly units: readonly ModelUnit[]
  readonly droppedModels: ReadonlyMap<string, readonly Sentence[]>
  readonly benchmark: string | undefined
  readonly benchmarks: readonly string[]
  readonly devices: readonly SpaceDevice[]
  readonly machines: readonly SiteMachine[]
  readonly places: readonly SearchPlace[]
  readonly apis: readonly ApiOffer[]
  readonly models: (cooling: CoolingKind) => PowerModel
  readonly layouts: LayoutBook
  readonly policy: (unit: ModelUnit, device: SpaceDevice) => InternedPolicy
  readonly coefficients: (unit: ModelUnit, device: SpaceDevice) => StepCoefficients
  readonly support: (unit: ModelUnit, device: SpaceDevice) => 'full' | 'partial' | undefined
  readonly networkPortsPerServer: number
  readonly notSearched: readonly NotSearched[]
}

const mostDevicesPerReplica = 8
const notInRooms: ReadonlySet<string> = new Set(['laptop', 'phone'])

/**
 * Reads what the scenario allows out of the catalog.
 * @throws RightsizeError `scenario-invalid` with every problem of a kind.
 */
export function searchSpace(input: {
  scenario: Scenario
  catalog: Catalog
  file: string
  /** Part of the demand that is served here. Default: all of it. */
  demandFraction?: number
}): SearchSpace {
  const { catalog, file } = input
  const resolved = resolveScenario(input)
  const issues = [...providerIssues({ catalog, resolved, file }), ...factIssues({ catalog, resolved, file })]
  if (issues.length > 0)
    throw new RightsizeError({
      code: 'scenario-invalid',
      message: `${file} has ${issues.length} ${issues.length === 1 ? 'problem' : 'problems'}`,
      issues,
    })
  const workload = workloadOf(resolved)
  const { kept, leftOut } = selectModels({ resolved, catalog, file })
  const found = searchUnits({ catalog, resolved, kept, file })
  const { devices: allowed, notSearched } = searchDevices({ catalog, resolved })
  const clouds = cloudOffers({
    catalog,
    resolved,
    accelerators: new Map(allowed.map((device) => [device.row.id, device.row])),
  })
  const apis = apiOffers({ catalog, resolved, kept })
  const factual = factFilter(resolved)
  const rented = factual.keep(clouds.offers, sentence('cloud-prices', 'cloud prices'), (offer) => [
    'cloud',
    offer.provider,
    offer.instance,
  ])
  const { places, refused } = allowedPlaces({ catalog, resolved, file })
  const models = powerModels(catalog)
  const machines: SiteMachine[] = []
  const devices = allowed.map((device, index) =>
    spaceDevice({ catalog, resolved, device, index, offers: rented, places, machines, models, factual }),
  )
  const growthByMonth = demandGrowth(resolved)
  return {
    catalog,
    resolved,
    workload,
    task: taskOf(resolved, workload, growthByMonth),
    growthByMonth,
    kept,
    leftOut,
    units: found.units,
    droppedModels: found.dropped,
    benchmark: found.benchmark,
    benchmarks: found.benchmarks,
    devices,
    machines,
    places,
    apis: factual.keep(apis.offers, sentence('api-prices', 'API prices'), (offer) => [
      'api',
      offer.row.provider,
    ]),
    models,
    layouts: new LayoutBook(),
    policy: policyBook(catalog),
    coefficients: coefficientBook(catalog),
    support: supportBook(catalog),
    networkPortsPerServer: resolved.limits.networkPortsPerServer,
    notSearched: [
      ...notSearched,
      ...found.notSearched,
      ...clouds.notSearched,
      ...apis.notSearched,
      ...refused,
      ...factual.left(),
      ...unmetQuotes(places, machines),
      ...alwaysLeftOut,
    ],
  }
}

/** Quotes for which no machine is left. */
function unmetQuotes(places: readonly SearchPlace[], machines: readonly SiteMachine[]): NotSearched[] {
  const used = new Set(machines.flatMap((site) => site.places))
  const why = sentence(
    'quote-without-machine',
    'no allowed server of the catalog takes what it is for, or it is owned already',
  )
  return places.flatMap(({ quote }, at) =>
    quote === undefined || used.has(at)
      ? []
      : [
          leftOutPart({
            what: sentence('subscription-quote', `the quote ${quote.id}`, { quote: quote.id }),
            why,
            count: 1,
          }),
        ],
  )
}

const serversWithAccelerators = sentence('servers-with-accelerators', 'servers with accelerators')

function placeSentence({ kind, name, placeId }: SearchPlace): Sentence {
  return sentence('place', `${kind} in ${name}`, { kind, place: name, placeId })
}

function allowedPlaces(input: { catalog: Catalog; resolved: ResolvedScenario; file: string }): {
  places: SearchPlace[]
  refused: NotSearched[]
} {
  const refused: NotSearched[] = []
  const places = ownPlaces(input).filter((place) => {
    const why =
      placeProblem(input.resolved, place) ??
      gridProblem(input.resolved, place) ??
      factProblem(input.resolved, [place.kind, ...(place.provider === undefined ? [] : [place.provider])])
    if (why !== undefined) refused.push(leftOutPart({ what: placeSentence(place), why, count: 1 }))
    return why === undefined
  })
  return { places, refused }
}

function spaceDevice(input: {
  catalog: Catalog
  resolved: ResolvedScenario
  device: SearchDevice
  index: number
  offers: readonly CloudOffer[]
  places: readonly SearchPlace[]
  machines: SiteMachine[]
  models: (cooling: CoolingKind) => PowerModel
  factual: FactFilter
}): SpaceDevice {
  const { catalog, device, machines } = input
  const mine: SiteMachine[] = []
  const add = (machine: Machine, offers: readonly CloudOffer[], places: readonly number[]) => {
    const entry = { index: machines.length, machine, offers, places }
    machines.push(entry)
    mine.push(entry)
  }
  const onlyRooms = input.places.every((place) => place.kind !== 'device')
  const ownsHardware = (input.resolved.scenario.hardware?.owned ?? []).length > 0
  for (const host of device.hosts) {
    const stands = { host, acceleratorId: device.row.id }
    const places = [...input.places.keys()].filter((at) => standsAt(input.places[at]!, stands, ownsHardware))
    if (places.length === 0 || (onlyRooms && notInRooms.has(host.server.category))) continue
    const names = [host.server.id, device.row.id]
    if (!input.factual.keeps(serversWithAccelerators, names, host.owned !== undefined)) continue
    add(ownedMachine({ catalog, models: input.models, accelerator: device.row, host }), [], places)
  }
  const byInstance = new Map<string, CloudOffer[]>()
  for (const offer of input.offers) {
    if (offer.acceleratorId !== device.row.id) continue
    const key = `${offer.provider} ${offer.instance} ${offer.accelerators}`
    const bucket = byInstance.get(key)
    if (bucket === undefined) byInstance.set(key, [offer])
    else bucket.push(offer)
  }
  for (const offers of byInstance.values()) {
    const [first] = offers
    if (first === undefined) continue
    const { provider, instance, accelerators } = first
    add(
      rentedMachine({
        catalog,
        models: input.models,
        accelerator: device.row,
        provider,
        instance,
        accelerators,
      }),
      offers,
      [],
    )
  }
  const limit = input.resolved.scenario.hardware?.maxAcceleratorsPerReplica ?? mostDevicesPerReplica
  const mostParts = Math.max(0, ...mine.map((entry) => entry.machine.parts))
  return {
    ...device,
    index: input.index,
    idleWatts: idleWatts(catalog, device.row) / device.devicesPerPart,
    tdpWatts: (device.row.tdp_w ?? Number.NaN) / device.devicesPerPart,
    tensorDomain: Math.min(tensorDomain(device.row), limit * device.devicesPerPart),
    mostDevices: Math.min(limit, mostParts) * device.devicesPerPart,
    machines: mine,
  }
}
