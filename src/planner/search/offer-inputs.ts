import { adapterBytesPerDevice, singleDevice } from '../../estimators/memory/index.ts'
import { giga } from '../../foundation/units.ts'
import { qualityScore } from '../quality.ts'
import { type StoragePlan, storagePlan } from '../storage.ts'
import type { CloudOffer } from './cloud.ts'
import type { Fleet } from './fleet.ts'
import type { Machine } from './machines.ts'
import { type LinearCost, linearOwnCost, opexRow, ownPlan, ownPrices } from './own-cost.ts'
import type { SearchSpace } from './space.ts'
import { pricesAround } from './subscriptions.ts'
import type { ModelUnit } from './units.ts'

export function storageOfUnit(space: SearchSpace, unit: ModelUnit): StoragePlan {
  return storagePlan({
    weightBytes: unit.fileBytes,
    bytesPerAdapter:
      unit.adapters === undefined
        ? 0
        : adapterBytesPerDevice({
            architecture: unit.architecture,
            layout: singleDevice,
            adapters: { ...unit.adapters, count: 1 },
          }),
    storage: space.resolved.storage,
    workload: space.workload,
  })
}

/** What each machine holds, and the log that is kept once. */
export function storageCopies(
  space: SearchSpace,
  unit: ModelUnit,
): { readonly perCopyBytes: number; readonly logBytes: number } {
  const { versionsBytes, adapterBytes, logBytes } = storageOfUnit(space, unit)
  return { perCopyBytes: versionsBytes + adapterBytes, logBytes }
}

export interface CloudExtras {
  readonly storageUsdPerByteMonth: number
  readonly storageUsdPerGigabyteMonth: number
  readonly storageSourceId: string
  readonly egressUsdPerMonth: number
  readonly egressUsdPerGigabyte: number
  readonly egressBytesPerMonth: number
  readonly egressSourceId: string | undefined
}

const known = new WeakMap<SearchSpace, Map<string, CloudExtras>>()

/** Storage at the price of object storage, and answers sent out where the provider's price of it is known. */
export function cloudExtras(space: SearchSpace, provider: string): CloudExtras {
  let byProvider = known.get(space)
  if (byProvider === undefined) {
    byProvider = new Map()
    known.set(space, byProvider)
  }
  let extras = byProvider.get(provider)
  if (extras === undefined) {
    const storage = opexRow(space.catalog, 'storage-object-per-gb-month')
    const egress = space.catalog.rowsBy('opex', 'id').get(`egress-${provider}`)?.[0]
    const egressBytesPerMonth = space.workload.outputTokensPerMonth * space.resolved.storage.logBytesPerToken
    extras = {
      storageUsdPerByteMonth: storage.value / giga,
      storageUsdPerGigabyteMonth: storage.value,
      storageSourceId: storage.source_id,
      egressUsdPerMonth: egress === undefined ? 0 : (egress.value * egressBytesPerMonth) / giga,
      egressUsdPerGigabyte: egress?.value ?? 0,
      egressBytesPerMonth: egress === undefined ? 0 : egressBytesPerMonth,
      egressSourceId: egress?.source_id,
    }
    byProvider.set(provider, extras)
  }
  return extras
}

/**
 * Prices of one machine that no other price of it beats or equals in cost per hour, carbon and water per kWh. An offer
 * of the same machine differs in nothing else, so what is left out can be neither cheapest nor greenest nor on a front.
 */
export function keptCloudOffers(offers: readonly CloudOffer[], all: boolean): readonly number[] {
  const kept: number[] = []
  for (const [index, offer] of offers.entries()) {
    const beaten = offers.some(
      (other, position) => position !== index && beats(other, offer, position < index),
    )
    if (all || !beaten) kept.push(index)
  }
  return kept
}

function beats(a: CloudOffer, b: CloudOffer, first: boolean): boolean {
  if (a.followsDemand !== b.followsDemand || extrasDiffer(a, b)) return false
  const pairs = [
    [a.usdPerHour * a.hoursPerUsefulHour, b.usdPerHour * b.hoursPerUsefulHour],
    [carbonPerKilowattHour(a), carbonPerKilowattHour(b)],
    [waterPerKilowattHour(a), waterPerKilowattHour(b)],
    [energyPerKilowattHour(a), energyPerKilowattHour(b)],
  ] as const
  if (pairs.some(([mine, other]) => mine > other)) return false
  return first || pairs.some(([mine, other]) => mine < other)
}

/** Storage and egress belong to the provider. */
function extrasDiffer(a: CloudOffer, b: CloudOffer): boolean {
  return a.provider !== b.provider
}

const orWorst = (value: number | undefined) =>
  value === undefined || Number.isNaN(value) ? Number.POSITIVE_INFINITY : value

/** At the meter for a kWh of work: hours that interruptions cost count too. */
function energyPerKilowattHour(offer: CloudOffer): number {
  return orWorst(offer.place.factors.pueRatio?.value) * offer.hoursPerUsefulHour
}

function carbonPerKilowattHour(offer: CloudOffer): number {
  return energyPerKilowattHour(offer) * orWorst(offer.place.factors.gridGramsPerKilowattHour?.value)
}

function waterPerKilowattHour(offer: CloudOffer): number {
  const { wueLitresPerKilowattHour, gridLitresPerKilowattHour } = offer.place.factors
  return (
    orWorst(wueLitresPerKilowattHour?.value) * offer.hoursPerUsefulHour +
    energyPerKilowattHour(offer) * orWorst(gridLitresPerKilowattHour?.value)
  )
}

/** The hosted model's score as published; NaN where unknown. */
export function apiQuality(space: SearchSpace, index: number): number {
  const model = space.apis[index]?.model
  if (model === undefined || space.benchmark === undefined) return Number.NaN
  const loss = { low: 0, mid: 0, high: 0, assumed: false, known: true }
  return (
    qualityScore({ catalog: space.catalog, model: model.model, benchmark: space.benchmark, loss }).score ??
    Number.NaN
  )
}

/** The month's share of making the machines that stand on average and what is in them, g CO2e. */
export function embodiedPerMonth(machine: Machine, fleet: Fleet, lifeMonths: number): number {
  const server = machine.embodiedServer?.mid ?? Number.NaN
  const accelerator = machine.embodiedAccelerator?.mid ?? 0
  return (fleet.meanServers * server + fleet.meanAccelerators * accelerator) / lifeMonths
}

/** Costs of owning at a place from a month on, for hardware to buy or that is already owned. */
export function ownCostOf(input: {
  space: SearchSpace
  place: number
  owned: boolean
  purchaseMonth: number
}): LinearCost {
  const { space, owned, purchaseMonth } = input
  const { catalog, resolved } = space
  const where = space.places[input.place]!
  const { quote } = where
  return linearOwnCost({
    prices: (machine, parts) =>
      quote === undefined
        ? ownPrices({
            catalog,
            resolved,
            kind: where.kind as 'on-prem' | 'colocation' | 'device',
            placeCountry: where.countryCode,
            factors: where.factors,
            machine,
            parts,
            owned,
          })
        : pricesAround({ catalog, resolved, place: where, quote }),
    plan: ownPlan({ catalog: space.catalog, resolved: space.resolved, owned, purchaseMonth }),
    ratePerYearFraction: space.resolved.limits.finance.discountRatePerYearFraction,
  })
}
