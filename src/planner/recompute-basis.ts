import type { Catalog } from '../catalogs/catalog.ts'
import { julianCalendar } from '../estimators/cost/lines.ts'
import { type Contract, type Detail, detailOf, type MachineDetail, optionId } from './assemble/detail.ts'
import { type CascadeSideName, cascadeScenario } from './cascade-shares.ts'
import type { PlanCascadeSide } from './plan-cascade-types.ts'
import type { PlanOption } from './plan-option-types.ts'
import type { Plan } from './plan-types.ts'
import type { OwnBasis, RecomputeBasis, RentBasis, SubscriptionBasis } from './recompute.ts'
import type { PairBasis } from './recompute-pair.ts'
import { checkScenario } from './scenario/read.ts'
import { apiRequest } from './search/api-offers.ts'
import { cloudExtras, storageCopies } from './search/offer-inputs.ts'
import { opexRow, ownPlan, ownPrices } from './search/own-cost.ts'
import type { OfferParts } from './search/search-types.ts'
import { type SearchSpace, searchSpace } from './search/space.ts'
import { pricesAround } from './search/subscriptions.ts'

/**
 * What each named option of a plan needs to be recomputed, by option id. The plan must have been made with this catalog;
 * an option that the catalog no longer gives in the same way is left out, never approximated.
 */
export function recomputeBases(input: {
  plan: Plan
  catalog: Catalog
  optionIds: readonly string[]
}): Map<string, RecomputeBasis> {
  const { plan, catalog } = input
  const file = 'plan'
  const scenario = checkScenario({ value: plan.scenario, file })
  const space = searchSpace({ scenario, catalog, file })
  return basesIn(
    space,
    plan.options.filter((option) => input.optionIds.includes(option.id)),
  )
}

export interface CascadeBases {
  /** By the id of the pair. */
  readonly pairs: ReadonlyMap<string, PairBasis>
  /** The large model with all requests, by the id of the option. */
  readonly largeAlone: ReadonlyMap<string, RecomputeBasis>
}

/** The same for the pairs of a plan's cascade, and for its large model alone; both empty where it has none. */
export function cascadeBases(input: { plan: Plan; catalog: Catalog }): CascadeBases {
  const { plan, catalog } = input
  const { cascade } = plan
  if (cascade === undefined) return { pairs: new Map(), largeAlone: new Map() }
  const file = 'plan'
  const scenario = checkScenario({ value: plan.scenario, file })
  const sideBases = (side: CascadeSideName, of: PlanCascadeSide | undefined) =>
    of === undefined
      ? new Map<string, RecomputeBasis>()
      : basesIn(
          searchSpace({
            scenario: cascadeScenario(scenario, side),
            catalog,
            file,
            demandFraction: of.requestFraction,
          }),
          of.options,
        )
  const small = sideBases('small', cascade.small)
  const large = sideBases('large', cascade.large)
  const pairs = new Map<string, PairBasis>()
  for (const pair of cascade.pairs) {
    const bySmall = small.get(pair.smallOptionId ?? '')
    const byLarge = large.get(pair.largeOptionId ?? '')
    const complete =
      (pair.smallOptionId === undefined) === (bySmall === undefined) &&
      (pair.largeOptionId === undefined) === (byLarge === undefined)
    if (!complete) continue
    pairs.set(pair.id, {
      pairId: pair.id,
      smallFraction: cascade.smallFraction,
      escalation: cascade.escalation,
      ...(bySmall === undefined ? {} : { small: bySmall }),
      ...(byLarge === undefined ? {} : { large: byLarge }),
      requestsPerMonth: plan.workload.requestsPerMonth.value,
    })
  }
  return { pairs, largeAlone: sideBases('large', cascade.largeAlone) }
}

function basesIn(space: SearchSpace, options: readonly PlanOption[]): Map<string, RecomputeBasis> {
  const bases = new Map<string, RecomputeBasis>()
  for (const option of options) {
    const { id } = option
    const parts = partsOfOption(space, option)
    if (parts === undefined) continue
    const detail = detailOf(space, parts)
    if (optionId(detail) === id) bases.set(id, basisOf(space, detail))
  }
  return bases
}

/** Finds an option's parts in the space by the names it carries, without a search. */
function partsOfOption(space: SearchSpace, option: PlanOption): OfferParts | undefined {
  const { deployment, model, place } = option
  const none = { unit: -1, device: -1, layout: -1, machine: -1, place: -1 }
  if (deployment === undefined) {
    const price = space.apis.findIndex((offer) => optionId({ kind: 'api', offer }) === option.id)
    return price < 0 ? undefined : { ...none, price }
  }
  const unit = space.units.findIndex(
    (entry) =>
      entry.kept.model.id === model.id &&
      entry.weightFormat.id === model.weightFormat &&
      entry.kvFormat.id === model.kvFormat &&
      entry.engine === deployment.engine,
  )
  const device = space.devices.find((entry) => entry.row.id === deployment.accelerator.id)
  if (unit < 0 || device === undefined) return undefined
  const { layout: wanted } = deployment
  const layout = space.layouts.list(space.units[unit]!, device, device.mostDevices).find((index) => {
    const entry = space.layouts.all[index]!
    return (
      entry.tensor === wanted.tensor &&
      entry.pipeline === wanted.pipeline &&
      entry.attentionData === wanted.attentionData &&
      entry.expert === wanted.expert
    )
  })
  if (layout === undefined) return undefined
  const rented = place.kind === 'cloud'
  for (const site of device.machines) {
    if (rented !== (site.machine.host === undefined)) continue
    if (site.machine.id !== deployment.server.id) continue
    const prices = rented ? site.offers.map((_, index) => index) : [0]
    const places = rented ? [-1] : site.places
    for (const price of prices)
      for (const at of places) {
        const parts = { unit, device: device.index, layout, machine: site.index, place: at, price }
        if (optionId(detailOf(space, parts)) === option.id) return parts
      }
  }
  return undefined
}

function basisOf(space: SearchSpace, detail: Detail): RecomputeBasis {
  const { resolved, workload, task } = space
  const { finance } = resolved.limits
  const common = {
    optionId: optionId(detail),
    peakRequestsPerSecond: workload.peakRequestsPerSecond,
    requestsPerMonth: workload.requestsPerMonth,
    growthPerYearFraction: resolved.demand.growthPerYearFraction,
    purchases: finance.purchases,
    horizonMonths: finance.horizonMonths,
    discountRatePerYearFraction: finance.discountRatePerYearFraction,
    tokensPerRequest: resolved.input.mean + resolved.output.mean,
  }
  if (detail.kind === 'api')
    return {
      ...common,
      kind: 'api',
      prices: detail.offer.prices,
      request: apiRequest(resolved),
      batchFraction: finance.apiBatchFraction,
    }
  const { machine } = detail.site
  const { factors } = detail.place
  const { parts, whole, rackUnits, power } = machine
  return {
    ...common,
    kind: 'machines',
    task,
    replica: detail.replica,
    machine: { parts, whole, rackUnits, power },
    partsPerReplica: detail.partsPerReplica,
    devicesPerPart: detail.device.devicesPerPart,
    idleWatts: detail.device.idleWatts,
    limits: {
      availability: resolved.limits.availability,
      wattsPerRack: resolved.limits.wattsPerRack,
      site: { rackUnitsPerRack: resolved.limits.site.rackUnitsPerRack },
    },
    onDevice: detail.place.kind === 'device',
    storage: storageCopies(space, detail.unit),
    footprint: {
      pueRatio: factors.pueRatio?.value,
      gridGramsPerKilowattHour: factors.gridGramsPerKilowattHour?.value,
      embodiedServerGrams: machine.embodiedServer?.mid,
      embodiedAcceleratorGrams: machine.embodiedAccelerator?.mid ?? 0,
      lifeMonths: finance.lifeMonths,
    },
    price:
      detail.cloud !== undefined
        ? rentBasis(space, detail)
        : detail.contract !== undefined
          ? subscriptionBasis(space, detail, detail.contract)
          : ownBasis(space, detail),
  }
}

function subscriptionBasis(space: SearchSpace, detail: MachineDetail, contract: Contract): SubscriptionBasis {
  const { catalog, resolved } = space
  const { quote, terms } = contract
  return {
    kind: 'subscription',
    terms,
    around: {
      kind: 'own',
      prices: pricesAround({ catalog, resolved, place: detail.place, quote }),
      installation: undefined,
      plan: ownPlan({ catalog, resolved, owned: false }),
      networkPortsPerServer: space.networkPortsPerServer,
      countsRatedPower: false,
    },
  }
}

function ownBasis(space: SearchSpace, detail: MachineDetail): OwnBasis {
  const { catalog, resolved } = space
  const { place, site } = detail
  const owned = site.machine.host?.owned !== undefined
  const kind = place.kind as 'on-prem' | 'colocation' | 'device'
  const { installationPerServer, ...prices } =
    site.machine.price === undefined
      ? {}
      : ownPrices({
          catalog,
          resolved,
          kind,
          placeCountry: place.countryCode,
          factors: place.factors,
          machine: site.machine.price,
          parts: detail.fleet.partsPerServer,
          owned,
        })
  const share = opexRow(catalog, 'installation-share')
  return {
    kind: 'own',
    prices,
    installation:
      installationPerServer === undefined ? undefined : { fraction: share.value, sourceId: share.source_id },
    plan: { ...ownPlan({ catalog, resolved, owned }), calendar: julianCalendar },
    networkPortsPerServer: space.networkPortsPerServer,
    countsRatedPower: kind === 'colocation',
  }
}

function rentBasis(space: SearchSpace, detail: MachineDetail): RentBasis {
  const offer = detail.cloud!
  const extras = cloudExtras(space, offer.provider)
  const { cloudDiscountFraction } = space.resolved.limits.finance
  return {
    kind: 'rent',
    id: offer.term,
    label: `${offer.instance}, ${offer.term}`,
    usdPerInstanceHour: {
      usd: offer.usdPerHour * (1 - cloudDiscountFraction),
      sourceId: offer.sourceId,
    },
    followsDemand: offer.followsDemand,
    spot: offer.spot,
    usdPerStorageGigabyteMonth: {
      usd: extras.storageUsdPerGigabyteMonth,
      sourceId: extras.storageSourceId,
    },
    usdPerEgressGigabyte:
      extras.egressSourceId === undefined
        ? undefined
        : { usd: extras.egressUsdPerGigabyte, sourceId: extras.egressSourceId },
    egressBytesPerMonth: extras.egressBytesPerMonth,
  }
}
