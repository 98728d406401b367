import type { PreparedMemory } from '../../estimators/memory/prepared.ts'
import { hoursPerMonth, kilo } from '../../foundation/units.ts'
import { above, constraintBits } from './constraint-bits.ts'
import type { Fleet } from './fleet.ts'
import { OfferCosts } from './offer-costs.ts'
import { embodiedPerMonth, keptCloudOffers } from './offer-inputs.ts'
import { OfferTable } from './offer-table.ts'
import type { SearchPlace } from './places.ts'
import type { SearchOptions } from './search.ts'
import { NearMisses } from './search-types.ts'
import { missingBytes, type Serving } from './serving-types.ts'
import type { SearchSpace, SiteMachine, SpaceDevice } from './space.ts'
import type { ModelUnit } from './units.ts'

interface Candidate {
  readonly unit: number
  readonly device: SpaceDevice
  readonly layout: number
  readonly site: SiteMachine
  readonly serving: Serving
}

interface Counted extends Candidate {
  readonly partsPerReplica: number
  readonly fleet: Fleet
}

/**
 * Prices candidates at every place and keeps those that break nothing. Its arrays are its own; the figures of an offer
 * go straight into the table.
 */
export class Offers {
  readonly table = new OfferTable()
  readonly refused = new Float64Array(32)
  readonly refusedAlone = new Float64Array(32)
  readonly misses = new NearMisses(5)
  priced = 0
  readonly #space: SearchSpace
  readonly #costs: OfferCosts
  readonly #kept: readonly (readonly number[])[]
  #unit: ModelUnit | undefined
  #overshoot = 0

  constructor(space: SearchSpace, options: SearchOptions) {
    this.#space = space
    this.#costs = new OfferCosts(space)
    this.#kept = space.machines.map((site) => keptCloudOffers(site.offers, options.keepDominatedPrices))
  }

  startUnit(unit: ModelUnit): void {
    this.#unit = unit
    this.#costs.startUnit(unit)
  }

  /** Notes a candidate that cannot serve. */
  refuse(candidate: Candidate & { readonly memory: PreparedMemory }): void {
    const { serving, memory, device, site } = candidate
    const { task } = this.#space
    this.#overshoot = 0
    if ((serving.refused & constraintBits.memory) !== 0)
      this.#overshoot +=
        Math.max(
          0,
          missingBytes(memory, { usableBytes: device.usableBytes, contextTokens: task.contextTokens }),
        ) / device.usableBytes
    if ((serving.refused & constraintBits.ttft) !== 0)
      this.#overshoot += serving.ttftSeconds / task.ttftSeconds - 1
    if ((serving.refused & constraintBits.tpot) !== 0)
      this.#overshoot += serving.tpotSeconds / task.tpotSeconds - 1
    if ((serving.refused & constraintBits.endToEnd) !== 0)
      this.#overshoot += serving.endToEndSeconds / (task.endToEndSeconds ?? 1) - 1
    this.#refuse(candidate, serving.refused, site.places[0] ?? -1, 0)
  }

  #refuse(candidate: Candidate, broken: number, place: number, price: number): void {
    const lowest = 31 - Math.clz32(broken & -broken)
    this.refused[lowest] = this.refused[lowest]! + 1
    if ((broken & (broken - 1)) === 0) this.refusedAlone[lowest] = this.refusedAlone[lowest]! + 1
    if (!this.misses.accepts(broken, this.#overshoot)) return
    this.misses.offer({
      parts: {
        unit: candidate.unit,
        device: candidate.device.index,
        layout: candidate.layout,
        machine: candidate.site.index,
        place,
        price,
      },
      broken,
      overshoot: this.#overshoot,
    })
  }

  /** Prices a candidate everywhere; returns all bits that its offers broke. */
  price(candidate: Counted): number {
    const { site, fleet } = candidate
    const { limits } = this.#space.resolved
    this.#overshoot = 0
    let broken = this.#check(fleet.accelerators, limits.accelerators, constraintBits.accelerators)
    if (site.machine.host !== undefined) {
      if (fleet.servers > site.machine.ownedCount) {
        broken |= constraintBits.owned
        this.#overshoot += fleet.servers / site.machine.ownedCount - 1
      }
      broken |= this.#check(fleet.nameplateWattsPerSite, limits.wattsPerSite, constraintBits.powerPerSite)
      broken |= this.#check(fleet.rackUnitsPerSite, limits.rackUnitsPerSite, constraintBits.rackUnitsPerSite)
      if (fleet.serversPerRack === 0) {
        broken |= constraintBits.powerPerRack
        this.#overshoot += 1
      }
    }
    const base = this.#overshoot
    let all = 0
    if (site.machine.host === undefined) {
      const kept = this.#kept[site.index]!
      this.priced += site.offers.length
      for (const price of kept) {
        this.#overshoot = base
        all |= this.#priceCloud(candidate, broken, price)
      }
      return all
    }
    for (const place of site.places) {
      this.#overshoot = base
      this.priced += 1
      all |= this.#priceOwn(candidate, broken, place)
    }
    return all
  }

  #check(value: number, limit: number | undefined, bit: number): number {
    if (!above(value, limit)) return 0
    this.#overshoot += Number.isNaN(value) ? 1 : value / (limit ?? 1) - 1
    return bit
  }

  #priceOwn(candidate: Counted, broken: number, place: number): number {
    const { fleet, site } = candidate
    const where = this.#space.places[place]!
    const { price } = site.machine
    if (where.quote !== undefined) {
      this.#costs.subscribed(candidate, place, where.quote)
      return this.#keep(candidate, broken, { place, price: 0, where })
    }
    if (price === undefined || (where.kind === 'colocation' && site.machine.rackUnits === 0)) {
      const bits = broken | constraintBits.price
      this.#overshoot += 1
      this.#refuse(candidate, bits, place, 0)
      return bits
    }
    this.#costs.own(site, place, fleet)
    return this.#keep(candidate, broken, { place, price: 0, where })
  }

  #priceCloud(candidate: Counted, broken: number, price: number): number {
    const offer = candidate.site.offers[price]!
    this.#costs.cloud(offer, candidate.fleet)
    return this.#keep(candidate, broken, { place: -1, price, where: offer.place })
  }

  #keep(
    candidate: Counted,
    before: number,
    offer: { place: number; price: number; where: SearchPlace },
  ): number {
    const { limits } = this.#space.resolved
    const { fleet, site, serving } = candidate
    const { factors } = offer.where
    const { netPresentUsd, totalUsd, purchasesUsd, averageWatts } = this.#costs
    const itKilowattHours = (averageWatts * hoursPerMonth) / kilo
    const pue = factors.pueRatio?.value ?? Number.NaN
    const energy = itKilowattHours * pue
    const carbon =
      energy * (factors.gridGramsPerKilowattHour?.value ?? Number.NaN) +
      embodiedPerMonth(site.machine, fleet, limits.finance.lifeMonths)
    const water =
      itKilowattHours *
      ((factors.wueLitresPerKilowattHour?.value ?? Number.NaN) +
        pue * (factors.gridLitresPerKilowattHour?.value ?? Number.NaN))
    let broken = before
    if (Number.isNaN(netPresentUsd)) {
      broken |= constraintBits.price
      this.#overshoot += 1
    } else {
      broken |= this.#check(purchasesUsd, limits.capexUsd, constraintBits.capex)
      broken |= this.#check(
        totalUsd / limits.finance.horizonMonths,
        limits.monthlyUsd,
        constraintBits.monthly,
      )
      broken |= this.#check(totalUsd, limits.totalUsd, constraintBits.total)
    }
    broken |= this.#check(carbon, limits.carbonGramsPerMonth, constraintBits.carbonPerMonth)
    broken |= this.#check(water, limits.waterLitresPerMonth, constraintBits.waterPerMonth)
    if (broken !== 0) {
      this.#refuse(candidate, broken, offer.place, offer.price)
      return broken
    }
    const { figures, parts } = this.table
    const row = this.table.add()
    figures.netPresentUsd[row] = netPresentUsd
    figures.totalUsd[row] = totalUsd
    figures.purchasesUsd[row] = purchasesUsd
    figures.carbonGrams[row] = carbon
    figures.waterLitres[row] = water
    figures.energyKilowattHours[row] = energy
    figures.latencySeconds[row] = serving.answerSeconds
    figures.quality[row] = this.#unit!.quality
    parts.unit[row] = candidate.unit
    parts.device[row] = candidate.device.index
    parts.layout[row] = candidate.layout
    parts.machine[row] = site.index
    parts.place[row] = offer.place
    parts.price[row] = offer.price
    return 0
  }
}
