import { hoursPerMonth } from '../../foundation/units.ts'
import { type ContractTerms, unitsInUse } from '../contract-lines.ts'
import type { SubscriptionQuote } from '../scenario/resolve-subscriptions.ts'
import type { StoragePlan } from '../storage.ts'
import type { CloudOffer } from './cloud.ts'
import { type Fleet, type PhaseFleet, runningShare, runningWatts } from './fleet.ts'
import { cloudExtras, ownCostOf, storageOfUnit } from './offer-inputs.ts'
import { annuityMonths, type LinearCost, linearTotal, ownQuantities } from './own-cost.ts'
import type { Serving } from './serving-types.ts'
import type { SearchSpace, SiteMachine } from './space.ts'
import { type ContractCost, contractCostOf, contractTerms, monthlyDiscounts } from './subscriptions.ts'
import type { ModelUnit } from './units.ts'

/**
 * What owning or renting a fleet costs and draws, from factors worked out once: a candidate costs a few multiplications
 * for each phase of its load. The last priced offer stands in the fields.
 */
export class OfferCosts {
  netPresentUsd = 0
  totalUsd = 0
  /** Paid on the days of purchase; a refresh at the end of a life is not in it. */
  purchasesUsd = 0
  averageWatts = 0
  readonly #space: SearchSpace
  /** By place, for hardware to buy and for hardware already owned; each by the months in which hardware is bought. */
  readonly #costs: (readonly LinearCost[] | undefined)[] = []
  readonly #added = new Float64Array(ownQuantities.length)
  readonly #annuity: number
  /** Worth and number of months, each by its demand over the first month's. */
  readonly #demandAnnuity: number
  readonly #demandMonths: number
  /** Highest demand of each phase over the first month's: what disks for the log are bought for. */
  readonly #demandOfPhases: readonly number[]
  /** Of each phase. */
  readonly #annuities: readonly number[]
  readonly #discounts: Float64Array
  readonly #contract: ContractCost = { totalUsd: 0, netPresentUsd: 0 }
  /** Of each quote, by machine. */
  readonly #terms = new Map<SubscriptionQuote, (ContractTerms | undefined)[]>()
  #storage: StoragePlan | undefined

  constructor(space: SearchSpace) {
    this.#space = space
    const { horizonMonths, discountRatePerYearFraction: ratePerYearFraction } = space.resolved.limits.finance
    this.#annuity = annuityMonths({ endMonth: horizonMonths, ratePerYearFraction })
    this.#discounts = monthlyDiscounts({ horizonMonths, ratePerYearFraction })
    const { growthByMonth } = space
    this.#demandAnnuity = annuityMonths({ endMonth: horizonMonths, ratePerYearFraction, growthByMonth })
    this.#demandMonths = growthByMonth.reduce((sum, factor) => sum + factor, 0)
    this.#demandOfPhases = space.task.phases.map(
      ({ peakRequestsPerSecond }) => peakRequestsPerSecond / space.workload.peakRequestsPerSecond,
    )
    this.#annuities = space.task.phases.map(({ startMonth, endMonth }) =>
      annuityMonths({ startMonth, endMonth, ratePerYearFraction }),
    )
  }

  startUnit(unit: ModelUnit): void {
    this.#storage = storageOfUnit(this.#space, unit)
  }

  /** The machine must have a price, but for one that is subscribed to. */
  own(site: SiteMachine, place: number, fleet: Fleet): void {
    const costs = this.#ownCosts(site, place)
    const { phases } = fleet
    this.netPresentUsd = 0
    this.totalUsd = 0
    this.purchasesUsd = 0
    this.averageWatts = fleet.averageWatts
    let before: PhaseFleet | undefined
    for (let index = 0; index < costs.length; index += 1) {
      const now = phases[index] ?? fleet
      const cost = costs[index]!
      this.#addedBy(site, place, now, before, index)
      this.netPresentUsd += linearTotal(cost.netPresentUsd, this.#added)
      this.totalUsd += linearTotal(cost.totalUsd, this.#added)
      this.purchasesUsd += linearTotal(cost.upfrontUsd, this.#added)
      before = phases[index]
    }
  }

  /** The contract, and what stands around the machines as on own premises. */
  subscribed(
    candidate: {
      readonly site: SiteMachine
      readonly serving: Serving
      readonly partsPerReplica: number
      readonly fleet: Fleet
    },
    place: number,
    quote: SubscriptionQuote,
  ): void {
    const { site, serving, fleet, partsPerReplica } = candidate
    const space = this.#space
    this.own(site, place, fleet)
    const terms = this.#termsOf(site, quote)
    const { totalUsd, netPresentUsd } = contractCostOf(
      {
        terms,
        fleet,
        usedUnits: unitsInUse({
          unit: terms.unit,
          requestsPerMonth: space.workload.requestsPerMonth,
          capacityRequestsPerSecond: serving.capacityRequestsPerSecond,
          partsPerReplica,
          replicasPerServer: fleet.replicasPerServer,
        }),
        growthByMonth: space.growthByMonth,
        discounts: this.#discounts,
      },
      this.#contract,
    )
    const setupUsd = terms.setupPrice === undefined ? 0 : (terms.setupPrice.usd ?? Number.NaN)
    this.netPresentUsd += netPresentUsd + setupUsd
    this.totalUsd += totalUsd + setupUsd
    this.purchasesUsd += setupUsd
  }

  #termsOf(site: SiteMachine, quote: SubscriptionQuote): ContractTerms {
    let byMachine = this.#terms.get(quote)
    if (byMachine === undefined) {
      byMachine = []
      this.#terms.set(quote, byMachine)
    }
    const { catalog, resolved } = this.#space
    byMachine[site.index] ??= contractTerms({ catalog, resolved, quote, machine: site.machine.price })
    return byMachine[site.index]!
  }

  /** What a phase has more than the one before. */
  #addedBy(
    site: SiteMachine,
    place: number,
    now: Fleet | PhaseFleet,
    before: PhaseFleet | undefined,
    phase: number,
  ): void {
    const logDemand =
      (this.#demandOfPhases[phase] ?? 1) - (phase === 0 ? 0 : this.#demandOfPhases[phase - 1]!)
    const added = this.#added
    const { kind, quote } = this.#space.places[place]!
    const price = quote === undefined ? site.machine.price : undefined
    const device = kind === 'device'
    const servers = now.servers - (before?.servers ?? 0)
    const accelerators = now.accelerators - (before?.accelerators ?? 0)
    const watts = now.averageWatts - (before?.averageWatts ?? 0)
    added[0] = servers * (price?.server.usd ?? 0)
    added[1] = accelerators * (price?.accelerator?.usd ?? 0)
    added[2] = accelerators
    added[3] = device ? 0 : servers * this.#space.networkPortsPerServer
    added[4] = device ? 0 : servers * this.#copyBytes() + logDemand * this.#storage!.logBytes
    added[5] = now.racks - (before?.racks ?? 0)
    const unpaid = device || quote?.includesElectricity === true
    added[6] = unpaid && Number.isNaN(watts) ? 0 : watts
    added[7] = kind === 'colocation' ? now.nameplateWatts - (before?.nameplateWatts ?? 0) : 0
  }

  cloud(offer: CloudOffer, fleet: Fleet): void {
    const { finance } = this.#space.resolved.limits
    const { curve } = this.#space.task
    const { phases } = fleet
    const extras = cloudExtras(this.#space, offer.provider)
    const copies = fleet.sites * this.#copyBytes() * extras.storageUsdPerByteMonth
    const byDemand = this.#storage!.logBytes * extras.storageUsdPerByteMonth + extras.egressUsdPerMonth
    const besidesNet = copies * this.#annuity + byDemand * this.#demandAnnuity
    const besides = copies * finance.horizonMonths + byDemand * this.#demandMonths
    const { hoursPerUsefulHour } = offer
    const usdPerHour = offer.usdPerHour * (1 - finance.cloudDiscountFraction) * hoursPerUsefulHour
    this.purchasesUsd = 0
    if (phases.length === 0) {
      const share = offer.followsDemand ? runningShare(curve, fleet) : 1
      const monthly = fleet.servers * usdPerHour * hoursPerMonth * share
      this.netPresentUsd = monthly * this.#annuity + besidesNet
      this.totalUsd = monthly * finance.horizonMonths + besides
      this.averageWatts = fleet.averageWatts * share * hoursPerUsefulHour
      return
    }
    this.netPresentUsd = besidesNet
    this.totalUsd = besides
    for (let index = 0; index < phases.length; index += 1) {
      const phase = phases[index]!
      const share = offer.followsDemand ? runningShare(curve, phase) : 1
      const monthly = phase.servers * usdPerHour * hoursPerMonth * share
      this.netPresentUsd += monthly * this.#annuities[index]!
      this.totalUsd += monthly * (phase.endMonth - phase.startMonth)
    }
    this.averageWatts =
      (offer.followsDemand ? runningWatts(curve, fleet) : fleet.averageWatts) * hoursPerUsefulHour
  }

  /** Weights and adapters of one machine. */
  #copyBytes(): number {
    return this.#storage!.versionsBytes + this.#storage!.adapterBytes
  }

  #ownCosts(site: SiteMachine, place: number): readonly LinearCost[] {
    const owned = site.machine.host?.owned !== undefined
    const index = 2 * place + (owned ? 1 : 0)
    let costs = this.#costs[index]
    if (costs === undefined) {
      const space = this.#space
      const months = space.task.phases.length === 0 ? [0] : space.task.phases.map((phase) => phase.startMonth)
      costs = months.map((purchaseMonth) => ownCostOf({ space, place, owned, purchaseMonth }))
      this.#costs[index] = costs
    }
    return costs
  }
}
