import { discountFactor } from '../../estimators/cost/cash-flow.ts'
import {
  type CostCategory,
  type CostLine,
  forEachPayment,
  yearIndexOfMonth,
} from '../../estimators/cost/lines.ts'
import { add, type Column, constant, type Factors, product, quotient, weightedMean } from './factors.ts'
import type { MachineRatios } from './machines-at-load.ts'

export interface CostColumns {
  readonly totalUsd: Column
  readonly netPresentUsd: Column
  readonly upfrontUsd: Column
}

/** What the lines of one category cost, over the horizon, in present value and on the first day. */
interface CategoryCost {
  readonly category: CostCategory
  readonly totalUsd: number
  readonly netPresentUsd: number
  readonly upfrontUsd: number
}

/** Electricity before growth, by the years that have passed at each payment. */
interface ElectricityYears {
  readonly totalUsd: number[]
  readonly netPresentUsd: number[]
}

/**
 * Cost of an option under other prices, machines and demand, from its own bill: each category of lines is proportional
 * to a quantity and to prices, so no line is built again. Gives the bill's own totals where every factor is 1; equal to
 * building all lines anew, which a test holds it to, but for machines that come in several phases: the shares of the
 * phases in each category stay.
 */
export function costAtFactors(input: {
  readonly lines: readonly CostLine[]
  readonly horizonMonths: number
  readonly ratePerYearFraction: number
  readonly factors: Factors
  readonly machines: MachineRatios
  /** What maintenance is a share of where it is not on the bill: machines that are owned already, at their price new. */
  readonly ownedSystemUsd?: { readonly servers: number; readonly accelerators: number } | undefined
}): CostColumns {
  const { lines, factors, machines, horizonMonths, ratePerYearFraction } = input
  const discount = Float64Array.from({ length: horizonMonths + 1 }, (_, month) =>
    discountFactor({ month, ratePerYearFraction }),
  )
  const horizon = { horizonMonths, discount }
  const rows = factors.demand.length
  const groups = new Map<CostCategory, CostLine[]>()
  for (const line of lines) {
    const group = groups.get(line.category) ?? []
    groups.set(line.category, group)
    group.push(line)
  }
  const electricity = electricityYears(
    [...(groups.get('electricity') ?? []), ...(groups.get('cooling') ?? [])],
    horizon,
  )
  groups.delete('electricity')
  groups.delete('cooling')
  const { contract } = machines
  if (contract !== undefined) {
    groups.delete('commitment')
    groups.delete('usage')
  }
  const parts = [...groups].map(([category, group]) => categoryCost(category, group, horizon))
  const bought = (category: CostCategory) => parts.find((part) => part.category === category)?.totalUsd ?? 0
  // Rented storage is paid by the month and belongs to no purchase.
  const rented = groups.has('compute')
  const hardware = {
    servers: bought('servers'),
    accelerators: bought('accelerators'),
    network: bought('network'),
    storage: rented ? 0 : bought('storage'),
  }
  const baseUsd = hardware.servers + hardware.accelerators + hardware.network + hardware.storage
  const sparesFraction = baseUsd === 0 ? 0 : bought('spares') / baseUsd
  const withSpares = factors.spares.map((spares) => (1 + sparesFraction * spares) / (1 + sparesFraction))
  const storage = product(machines.storageBytes, factors.storagePrice)
  // Prices of hardware meet what is bought until the end, what is bought on the first day, and what is run.
  const purchase = (servers: Column, accelerators: Column, racks: Column): Purchase => {
    const priced = {
      servers: product(servers, factors.serverPrice),
      accelerators: product(accelerators, factors.acceleratorPrice),
      network: product(servers, factors.networkPortPrice),
    }
    const of = (usd: { readonly servers: number; readonly accelerators: number }) =>
      [
        [usd.servers, priced.servers],
        [usd.accelerators, priced.accelerators],
      ] as const
    const system = of(hardware)
    const others = [
      [hardware.network, priced.network],
      [hardware.storage, storage],
    ] as const
    return {
      ...priced,
      racks: product(racks, factors.rackPrice),
      system: weightedMean(rows, system),
      maintained: weightedMean(rows, of(input.ownedSystemUsd ?? hardware)),
      base: weightedMean(rows, [...system, ...others]),
    }
  }
  const all = purchase(machines.servers, machines.accelerators, machines.racks)
  const later = machines.firstServers !== machines.servers
  const first = later ? purchase(machines.firstServers, machines.firstAccelerators, machines.firstRacks) : all
  const mean = later ? purchase(machines.meanServers, machines.meanAccelerators, machines.racks) : all
  const factorOf = (category: CostCategory, of: Purchase): Column => {
    switch (category) {
      case 'servers':
      case 'accelerators':
      case 'network':
      case 'racks':
        return of[category]
      case 'storage':
        return rented ? machines.storageBytes : storage
      case 'spares':
        return product(of.base, factors.spares)
      case 'refresh':
        return product(of.base, withSpares)
      case 'residual':
        return product(of.base, withSpares, factors.residualValue)
      case 'installation':
        return product(of.system, factors.installation)
      case 'maintenance':
        // Of subscribed machines it is so much for each, as they are not bought.
        return product(contract === undefined ? mean.maintained : machines.meanServers, factors.maintenance)
      case 'colocation':
        return product(machines.ratedWatts, factors.colocationPrice)
      case 'staff':
        return quotient(
          product(machines.meanAccelerators, factors.staffCost),
          factors.acceleratorsPerEngineer,
        )
      case 'compute':
        return product(machines.running, factors.rentPrice, factors.spotHours)
      case 'egress':
      case 'tokens':
      case 'requests':
        return factors.demand
      default:
        return constant(rows, 1)
    }
  }
  const out = {
    totalUsd: new Float64Array(rows),
    netPresentUsd: new Float64Array(rows),
    upfrontUsd: new Float64Array(rows),
  }
  if (electricity.totalUsd.length > 0) {
    const perWatt = product(machines.averageWatts, factors.power, factors.electricityPrice, factors.pue)
    const growth = factors.electricityGrowthPerYear
    for (let row = 0; row < rows; row += 1) {
      out.totalUsd[row] = perWatt[row]! * grown(electricity.totalUsd, 1 + growth[row]!)
      out.netPresentUsd[row] = perWatt[row]! * grown(electricity.netPresentUsd, 1 + growth[row]!)
    }
  }
  if (contract !== undefined) {
    add(out.totalUsd, 1, contract.totalUsd)
    add(out.netPresentUsd, 1, contract.netPresentUsd)
  }
  for (const part of parts) {
    const factor = factorOf(part.category, all)
    add(out.totalUsd, part.totalUsd, factor)
    add(out.netPresentUsd, part.netPresentUsd, factor)
    if (part.upfrontUsd !== 0) add(out.upfrontUsd, part.upfrontUsd, factorOf(part.category, first))
  }
  return out
}

/** Quantities times prices over what the plan says; `system` of machines, `base` of all hardware. */
interface Purchase {
  readonly servers: Column
  readonly accelerators: Column
  readonly network: Column
  readonly racks: Column
  readonly system: Column
  /** What maintenance is a share of. */
  readonly maintained: Column
  readonly base: Column
}

interface Horizon {
  readonly horizonMonths: number
  /** Worth today of one USD paid in each month. */
  readonly discount: Float64Array
}

/** A missing price makes the category, and all that it is part of, NaN. */
function categoryCost(category: CostCategory, lines: readonly CostLine[], horizon: Horizon): CategoryCost {
  const { discount, horizonMonths } = horizon
  const cost = { category, totalUsd: 0, netPresentUsd: 0, upfrontUsd: 0 }
  for (const { timing, amountUsd = Number.NaN } of lines)
    forEachPayment(timing, horizonMonths, (month, factor) => {
      const usd = amountUsd * factor
      cost.totalUsd += usd
      cost.netPresentUsd += usd * discount[month]!
      if (month === 0) cost.upfrontUsd += usd
    })
  return cost
}

function electricityYears(lines: readonly CostLine[], horizon: Horizon): ElectricityYears {
  const { discount, horizonMonths } = horizon
  const years = yearIndexOfMonth(horizonMonths) + 1
  const cost: ElectricityYears = {
    totalUsd: new Array<number>(lines.length === 0 ? 0 : years).fill(0),
    netPresentUsd: new Array<number>(lines.length === 0 ? 0 : years).fill(0),
  }
  for (const { timing, amountUsd = Number.NaN } of lines) {
    const level = timing.kind === 'once' ? timing : { ...timing, growthPerYearFraction: 0 }
    forEachPayment(level, horizonMonths, (month, factor) => {
      const year = yearIndexOfMonth(month)
      cost.totalUsd[year]! += amountUsd * factor
      cost.netPresentUsd[year]! += amountUsd * factor * discount[month]!
    })
  }
  return cost
}

function grown(byYear: readonly number[], growth: number): number {
  let usd = 0
  for (let year = byYear.length - 1; year >= 0; year -= 1) usd = usd * growth + byYear[year]!
  return usd
}
