import { devicesPerReplica, type ParallelLayout } from '../../estimators/memory/layout.ts'
import type { SentenceCode } from '../../foundation/notes.ts'
import { type ContractTerms, unitsInUse } from '../contract-lines.ts'
import type { PlanPlaceKind } from '../plan-option-types.ts'
import type { SubscriptionQuote } from '../scenario/resolve-subscriptions.ts'
import type { ApiOffer } from '../search/api-offers.ts'
import type { CloudOffer } from '../search/cloud.ts'
import { emptyFleet, type Fleet, fleetOf, runningShare, runningWatts } from '../search/fleet.ts'
import type { Machine } from '../search/machines.ts'
import { storageOfUnit } from '../search/offer-inputs.ts'
import type { SearchPlace } from '../search/places.ts'
import { replicaMaker } from '../search/search.ts'
import type { OfferParts } from '../search/search-types.ts'
import { createServing } from '../search/serving.ts'
import { emptyServing, type ReplicaUnderTest, type Serving } from '../search/serving-types.ts'
import type { SearchSpace, SiteMachine, SpaceDevice } from '../search/space.ts'
import { contractTerms } from '../search/subscriptions.ts'
import type { ModelUnit } from '../search/units.ts'

/** An offer of machines, worked out again from its parts: the same functions as the search, once. */
export interface MachineDetail {
  readonly kind: Exclude<PlanPlaceKind, 'api'>
  readonly unit: ModelUnit
  readonly device: SpaceDevice
  readonly layout: ParallelLayout
  readonly site: SiteMachine
  readonly place: SearchPlace
  readonly placeIndex: number
  readonly cloud: CloudOffer | undefined
  /** Where the machines are subscribed to. */
  readonly contract: Contract | undefined
  readonly replica: ReplicaUnderTest
  readonly serving: Serving
  readonly fleet: Fleet
  readonly partsPerReplica: number
  /** Hours run over all hours, mean over the horizon; those that interruptions of spot instances cost come on top. */
  readonly runningShare: number
  /** Bought by the end of the horizon; of rented machines the mean of the months. The log is a part of it. */
  readonly storageBytes: number
  readonly logBytes: number
}

/** A quote with the use of its units in month 1. */
export interface Contract {
  readonly quote: SubscriptionQuote
  readonly terms: ContractTerms
  readonly usedUnits: number
}

export interface ApiDetail {
  readonly kind: 'api'
  readonly offer: ApiOffer
}

export type Detail = MachineDetail | ApiDetail

/** The parts of an offer worked out in full. `parts.unit` −1 means an API. */
export function detailOf(space: SearchSpace, parts: OfferParts): Detail {
  if (parts.unit < 0) return { kind: 'api', offer: space.apis[parts.price]! }
  const unit = space.units[parts.unit]!
  const device = space.devices[parts.device]!
  const layout = space.layouts.all[parts.layout]!
  const site = space.machines[parts.machine]!
  const maker = replicaMaker(space, unit, device)
  if (maker === undefined) throw new Error(`no rates for ${device.row.id}`)
  const memory = maker.memory(parts.layout)
  const replica = maker.on(parts.layout, memory)
  const serving = emptyServing()
  createServing(space.task)(replica, serving)
  const fleet = emptyFleet()
  const partsPerReplica = Math.ceil(devicesPerReplica(layout) / device.devicesPerPart)
  if (serving.refused === 0)
    fleetOf(
      {
        machine: site.machine,
        serving,
        partsPerReplica,
        devicesPerPart: device.devicesPerPart,
        idleWatts: device.idleWatts,
        limits: space.resolved.limits,
      },
      fleet,
    )
  const cloud = site.machine.host === undefined ? site.offers[parts.price] : undefined
  const place = cloud?.place ?? space.places[Math.max(0, parts.place)]!
  const storage = storageOfUnit(space, unit)
  const copies = cloud === undefined ? fleet.servers : fleet.sites
  const logBytes = storage.logBytes * logDemand(space, cloud !== undefined)
  return {
    kind: place.kind as MachineDetail['kind'],
    unit,
    device,
    layout,
    site,
    place,
    placeIndex: parts.place,
    cloud,
    contract:
      place.quote === undefined
        ? undefined
        : contractOf(space, { quote: place.quote, machine: site.machine, serving, fleet, partsPerReplica }),
    replica,
    serving,
    fleet,
    partsPerReplica,
    runningShare:
      (cloud?.followsDemand === true ? shareOfHours(space.task.curve, fleet) : 1) *
      (cloud?.hoursPerUsefulHour ?? 1),
    storageBytes:
      place.kind === 'device' ? 0 : copies * (storage.versionsBytes + storage.adapterBytes) + logBytes,
    logBytes,
  }
}

function contractOf(
  space: SearchSpace,
  of: {
    quote: SubscriptionQuote
    machine: Machine
    serving: Serving
    fleet: Fleet
    partsPerReplica: number
  },
): Contract {
  const { catalog, resolved, workload } = space
  const { quote, machine, fleet, partsPerReplica } = of
  return {
    quote,
    terms: contractTerms({ catalog, resolved, quote, machine: machine.price }),
    usedUnits: unitsInUse({
      unit: quote.unit,
      requestsPerMonth: workload.requestsPerMonth,
      capacityRequestsPerSecond: of.serving.capacityRequestsPerSecond,
      partsPerReplica,
      replicasPerServer: fleet.replicasPerServer,
    }),
  }
}

/** Over the first month's: the mean of the months where storage is rented, the highest where disks are bought. */
function logDemand({ growthByMonth }: SearchSpace, rented: boolean): number {
  return rented
    ? growthByMonth.reduce((sum, factor) => sum + factor, 0) / growthByMonth.length
    : Math.max(1, ...growthByMonth)
}

/** With phases, weighted by what their machines draw, so that the mean power running is the mean power times the share. */
function shareOfHours(curve: SearchSpace['task']['curve'], fleet: Fleet): number {
  return fleet.phases.length === 0
    ? runningShare(curve, fleet)
    : runningWatts(curve, fleet) / fleet.averageWatts
}

/** Names its parts, so the same choice has the same id in every plan. */
export function optionId(detail: Detail): string {
  if (detail.kind === 'api') return `api:${detail.offer.row.provider}:${detail.offer.row.model_name}`
  const { unit, device, layout, site, place, cloud } = detail
  const own = place.quote === undefined ? place.placeId : `${place.placeId}/${place.quote.id}`
  const where =
    cloud === undefined ? `${place.kind}@${own}` : `cloud@${place.provider}/${place.region}/${cloud.term}`
  return [
    unit.kept.model.id,
    unit.weightFormat.id,
    `kv-${unit.kvFormat.id}`,
    unit.engine,
    device.row.id,
    `tp${layout.tensor}pp${layout.pipeline}dp${layout.attentionData}ep${layout.expert}`,
    site.machine.id,
    where,
  ].join('/')
}

/** The label's parts, for translators. */
export function labelCode(detail: Detail): SentenceCode {
  if (detail.kind === 'api') {
    const { offer } = detail
    return {
      code: 'label-api',
      values: { model: offer.model?.model.name ?? offer.row.model_name, provider: offer.place.name },
    }
  }
  const { unit, device, site, place, cloud, fleet, serving } = detail
  const model = {
    model: unit.kept.model.name,
    format: unit.weightFormat.id,
    accelerator: device.row.name,
  }
  if (serving.refused !== 0)
    return {
      code: 'label-replica',
      values: { ...model, parts: detail.partsPerReplica, server: site.machine.name },
    }
  const where = {
    kind: place.kind,
    servers: fleet.servers,
    place: place.name,
    placeId: place.placeId,
    ...(place.countryCode === undefined ? {} : { country: place.countryCode }),
  }
  if (cloud === undefined) {
    const values = { ...model, ...where, parts: fleet.partsPerServer, server: site.machine.name }
    return place.quote === undefined
      ? { code: 'label-own', values }
      : { code: 'label-subscription', values: { ...values, quote: place.quote.id } }
  }
  return {
    code: 'label-cloud',
    values: {
      ...model,
      ...where,
      parts: cloud.accelerators,
      server: cloud.instance,
      term: cloud.term,
    },
  }
}

export function optionLabel(detail: Detail): string {
  if (detail.kind === 'api') {
    const { offer } = detail
    return `${offer.model?.model.name ?? offer.row.model_name}, API of ${offer.place.name}`
  }
  const { unit, device, site, place, cloud, fleet } = detail
  // No fleet is counted for what a limit of one replica refuses.
  if (detail.serving.refused !== 0)
    return `${unit.kept.model.name} in ${unit.weightFormat.id} on ${detail.partsPerReplica} × ${device.row.name} in ${site.machine.name}`
  const machines =
    cloud === undefined
      ? `${fleet.servers} × ${site.machine.name} with ${fleet.partsPerServer} × ${device.row.name}`
      : `${fleet.servers} × ${cloud.instance} (${cloud.accelerators} × ${device.row.name}), ${cloud.term}`
  const quoted = place.quote === undefined ? '' : ` (${place.quote.id})`
  return `${unit.kept.model.name} in ${unit.weightFormat.id} on ${machines}, ${place.kind}${place.placeId === 'world' ? '' : ` in ${place.name}`}${quoted}`
}
