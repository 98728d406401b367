import { cashFlowOf, discountFactor, netPresentValueUsd, sumOf } from '../../estimators/cost/cash-flow.ts'
import {
  type CostCategory,
  type CostLine,
  forEachPayment,
  yearIndexOfMonth,
} from '../../estimators/cost/lines.ts'
import type { Factors } from './factors.ts'
import type { MachineRatios } from './machines-at-load.ts'

export interface CostAtFactors {
  totalUsd: number
  netPresentUsd: number
  upfrontUsd: number
}

/** What the lines of one category cost, over the horizon, in present value and on the first day. */
interface CategoryCost extends CostAtFactors {
  readonly category: CostCategory
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
}): (factors: Factors, machines: MachineRatios, out: CostAtFactors) => CostAtFactors {
  const { lines } = input
  const groups = new Map<CostCategory, CostLine[]>()
  for (const line of lines) {
    const group = groups.get(line.category) ?? []
    groups.set(line.category, group)
    group.push(line)
  }
  const electricity = electricityYears(
    [...(groups.get('electricity') ?? []), ...(groups.get('cooling') ?? [])],
    input,
  )
  groups.delete('electricity')
  groups.delete('cooling')
  const parts = [...groups].map(([category, group]) => categoryCost(category, group, input))
  const bought = (category: CostCategory) => parts.find((part) => part.category === category)?.totalUsd ?? 0
  // Rented storage is paid by the month and belongs to no purchase.
  const rented = groups.has('compute')
  const hardware = {
    servers: bought('servers'),
    accelerators: bought('accelerators'),
    network: bought('network'),
    storage: rented ? 0 : bought('storage'),
  }
  const systemUsd = hardware.servers + hardware.accelerators
  const baseUsd = systemUsd + hardware.network + hardware.storage
  const sparesFraction = baseUsd === 0 ? 0 : bought('spares') / baseUsd
  const all = emptyPurchase()
  const first = emptyPurchase()
  const mean = emptyPurchase()
  const price = (factors: Factors, storageBytes: number, of: Purchase): void => {
    const system =
      hardware.servers * of.servers * factors.serverPrice +
      hardware.accelerators * of.accelerators * factors.acceleratorPrice
    const base =
      system +
      hardware.network * of.servers * factors.networkPortPrice +
      hardware.storage * storageBytes * factors.storagePrice
    of.system = share(system, systemUsd)
    of.base = share(base, baseUsd)
  }
  const factorOf = (
    category: CostCategory,
    factors: Factors,
    machines: MachineRatios,
    bought: Purchase,
  ): number => {
    switch (category) {
      case 'servers':
        return bought.servers * factors.serverPrice
      case 'accelerators':
        return bought.accelerators * factors.acceleratorPrice
      case 'network':
        return bought.servers * factors.networkPortPrice
      case 'storage':
        return rented ? machines.storageBytes : machines.storageBytes * factors.storagePrice
      case 'racks':
        return bought.racks * factors.rackPrice
      case 'spares':
        return bought.base * factors.spares
      case 'refresh':
        return bought.base * withSpares(factors)
      case 'residual':
        return bought.base * withSpares(factors) * factors.residualValue
      case 'installation':
        return bought.system * factors.installation
      case 'maintenance':
        return mean.system * factors.maintenance
      case 'colocation':
        return machines.ratedWatts * factors.colocationPrice
      case 'staff':
        return (machines.meanAccelerators * factors.staffCost) / factors.acceleratorsPerEngineer
      case 'compute':
        return machines.running * factors.rentPrice
      case 'egress':
      case 'tokens':
      case 'requests':
        return factors.demand
      default:
        return 1
    }
  }
  const withSpares = (factors: Factors) => (1 + sparesFraction * factors.spares) / (1 + sparesFraction)
  return (factors, machines, out) => {
    all.servers = machines.servers
    all.accelerators = machines.accelerators
    all.racks = machines.racks
    first.servers = machines.firstServers
    first.accelerators = machines.firstAccelerators
    first.racks = machines.firstRacks
    mean.servers = machines.meanServers
    mean.accelerators = machines.meanAccelerators
    for (const of of [all, first, mean]) price(factors, machines.storageBytes, of)
    out.totalUsd = 0
    out.netPresentUsd = 0
    out.upfrontUsd = 0
    if (electricity.totalUsd.length > 0) {
      const perWatt = machines.averageWatts * factors.power * factors.electricityPrice * factors.pue
      const growth = 1 + factors.electricityGrowthPerYear
      out.totalUsd = perWatt * grown(electricity.totalUsd, growth)
      out.netPresentUsd = perWatt * grown(electricity.netPresentUsd, growth)
    }
    for (const part of parts) {
      const factor = factorOf(part.category, factors, machines, all)
      out.totalUsd += part.totalUsd * factor
      out.netPresentUsd += part.netPresentUsd * factor
      if (part.upfrontUsd !== 0)
        out.upfrontUsd += part.upfrontUsd * factorOf(part.category, factors, machines, first)
    }
    return out
  }
}

/** Quantities over what is planned, and what the machines, and all hardware, cost over what they do in the plan. */
interface Purchase {
  servers: number
  accelerators: number
  racks: number
  system: number
  base: number
}

const emptyPurchase = (): Purchase => ({ servers: 1, accelerators: 1, racks: 1, system: 1, base: 1 })

function share(value: number, of: number): number {
  return of === 0 ? 1 : value / of
}

interface Horizon {
  readonly horizonMonths: number
  readonly ratePerYearFraction: number
}

/** A missing price makes the category, and all that it is part of, NaN. */
function categoryCost(category: CostCategory, lines: readonly CostLine[], horizon: Horizon): CategoryCost {
  const { ratePerYearFraction } = horizon
  const { monthlyUsd, missingLineIds } = cashFlowOf(lines, horizon.horizonMonths)
  if (missingLineIds.length > 0)
    return { category, totalUsd: Number.NaN, netPresentUsd: Number.NaN, upfrontUsd: Number.NaN }
  return {
    category,
    totalUsd: sumOf(monthlyUsd),
    netPresentUsd: netPresentValueUsd({ monthlyUsd, ratePerYearFraction }),
    upfrontUsd: monthlyUsd[0] ?? 0,
  }
}

function electricityYears(lines: readonly CostLine[], horizon: Horizon): ElectricityYears {
  const years: ElectricityYears = { totalUsd: [], netPresentUsd: [] }
  const { horizonMonths, ratePerYearFraction } = horizon
  for (const { timing, amountUsd = Number.NaN } of lines) {
    const level = timing.kind === 'once' ? timing : { ...timing, growthPerYearFraction: 0 }
    forEachPayment(level, horizonMonths, (month, factor) => {
      const year = yearIndexOfMonth(month)
      while (years.totalUsd.length <= year) {
        years.totalUsd.push(0)
        years.netPresentUsd.push(0)
      }
      years.totalUsd[year]! += amountUsd * factor
      years.netPresentUsd[year]! += amountUsd * factor * discountFactor({ month, ratePerYearFraction })
    })
  }
  return years
}

function grown(byYear: readonly number[], growth: number): number {
  let usd = 0
  for (let year = byYear.length - 1; year >= 0; year -= 1) usd = usd * growth + byYear[year]!
  return usd
}
