import type { Catalog, Row } from '../../catalogs/catalog.ts'
import { cashFlowOf, netPresentValueUsd, sumOf } from '../../estimators/cost/cash-flow.ts'
import { julianCalendar, type Price } from '../../estimators/cost/lines.ts'
import { type OwnedFleet, type OwnPlan, type OwnPrices, ownLines } from '../../estimators/cost/own.ts'
import { giga, monthsPerYear, tera } from '../../foundation/units.ts'
import type { ResolvedScenario } from '../scenario/resolve.ts'
import type { PlaceFactors } from './place-factors.ts'
import type { MachinePrice, PurchasePrice } from './prices.ts'

/** A default of the cost model. A row that is missing is a hole in the catalog, our bug. */
export function opexRow(catalog: Catalog, id: string): Row<'opex'> {
  const row = catalog.rowsBy('opex', 'id').get(id)?.[0]
  if (row === undefined) throw new Error(`opex.csv has no ${id}`)
  return row
}

const priceOf = (row: Row<'opex'>, scale = 1): Price => ({ usd: row.value * scale, sourceId: row.source_id })

const residualId = /^residual-value-(\d+)-months$/

/** Prices of owning machines of one kind, each with `parts` accelerators, at one place. */
export function ownPrices(input: {
  catalog: Catalog
  resolved: ResolvedScenario
  kind: 'on-prem' | 'colocation' | 'device'
  placeCountry: string | undefined
  factors: PlaceFactors
  machine: MachinePrice
  parts: number
  owned: boolean
}): OwnPrices {
  const { catalog, resolved, machine, factors } = input
  const { finance } = resolved.limits
  const asNew = (price: PurchasePrice): Price => ({
    usd: price.usd * (1 - finance.hardwareDiscountFraction),
    sourceId: price.sourceId,
    ...(price.note === '' ? {} : { note: price.note }),
  })
  const asked = (price: PurchasePrice): Price => (input.owned ? { ...asNew(price), usd: 0 } : asNew(price))
  const server = asked(machine.server)
  const accelerator = machine.accelerator && asked(machine.accelerator)
  const hardware = {
    server,
    ...(accelerator === undefined ? {} : { accelerator }),
  }
  if (input.kind === 'device') return hardware
  const maintenance = opexRow(catalog, 'maintenance-per-year')
  const staff = opexRow(catalog, 'staff-cost-per-fte')
  const installation = opexRow(catalog, 'installation-share')
  const systemUsd = (server.usd ?? 0) + input.parts * (accelerator?.usd ?? 0)
  const electricity = factors.electricityUsdPerKilowattHour
  const colocation = colocationPrice(catalog, input.placeCountry)
  return {
    ...hardware,
    networkPort: priceOf(opexRow(catalog, 'network-per-port-100-gbps')),
    storagePerGigabyte: priceOf(opexRow(catalog, 'storage-nvme-per-tb'), giga / tera),
    ...(input.kind === 'on-prem' ? { rack: priceOf(opexRow(catalog, 'rack-and-cabling')) } : {}),
    spares: {
      fraction: opexRow(catalog, 'spares-share').value,
      sourceId: opexRow(catalog, 'spares-share').source_id,
    },
    installationPerServer: { usd: systemUsd * installation.value, sourceId: installation.source_id },
    maintenancePerYear: {
      fraction: finance.maintenancePerYearFraction,
      sourceId: maintenance.source_id,
    },
    ...(input.owned
      ? {
          maintenanceOf: {
            server: asNew(machine.server),
            accelerator: machine.accelerator && asNew(machine.accelerator),
          },
        }
      : {}),
    electricityPerKilowattHour: {
      usd: electricity?.value,
      sourceId: electricity?.sourceId ?? 'user',
    },
    electricityGrowthPerYearFraction: finance.electricityGrowthPerYearFraction,
    ...(factors.pueRatio === undefined
      ? {}
      : {
          facility: {
            kind: 'pue',
            pueRatio: factors.pueRatio.value,
            sourceId: factors.pueRatio.sourceId,
          } as const,
        }),
    ...(input.kind === 'colocation'
      ? { colocation: { per: 'kilowatt', usdPerMonth: colocation } as const }
      : {}),
    staff: {
      per: 'accelerator',
      unitsPerPerson: finance.acceleratorsPerEngineer,
      usdPerPersonYear: { usd: finance.staffUsdPerYear, sourceId: staff.source_id },
    },
  }
}

function colocationPrice(catalog: Catalog, country: string | undefined): Price {
  return priceOf(opexRow(catalog, country === 'US' ? 'colocation-per-kw-us' : 'colocation-per-kw-cage'))
}

/** What bought hardware still fetches by age: shares of its price. */
export function residualPoints(catalog: Catalog): { ageMonths: number; fraction: number }[] {
  return catalog.rows('opex').flatMap((row) => {
    const match = residualId.exec(row.id)
    return match === null ? [] : [{ ageMonths: Number(match[1]), fraction: row.value }]
  })
}

export function ownPlan(input: {
  catalog: Catalog
  resolved: ResolvedScenario
  owned: boolean
  purchaseMonth?: number
}): OwnPlan {
  const { finance } = input.resolved.limits
  const points = residualPoints(input.catalog)
  return {
    purchaseMonth: input.purchaseMonth ?? 0,
    horizonMonths: finance.horizonMonths,
    calendar: julianCalendar,
    lifeMonths: finance.lifeMonths,
    ...(input.owned || points.length === 0
      ? {}
      : { residual: { points, sourceId: opexRow(input.catalog, 'residual-value-36-months').source_id } }),
  }
}

/** What one more of each thing costs: net present, over the horizon, and on the day it is bought. NaN = no price. */
export interface LinearCost {
  readonly netPresentUsd: Float64Array
  readonly totalUsd: Float64Array
  readonly upfrontUsd: Float64Array
}

/** Order of the quantities in `LinearCost`. Hardware counts by its list price, so that one table serves all machines. */
export const ownQuantities = [
  'serverListUsd',
  'acceleratorListUsd',
  'accelerators',
  'networkPorts',
  'storageBytes',
  'racks',
  'averageItWatts',
  'ratedItWatts',
] as const

const emptyFleet: OwnedFleet = {
  servers: 0,
  accelerators: 0,
  networkPorts: 0,
  storageBytes: 0,
  racks: 0,
  averageItWatts: 0,
  ratedItWatts: 0,
}

/**
 * Owning is linear in what is owned and in what it costs, so the lines of one of each are priced once for a place and a
 * candidate costs eight multiplications.
 */
export function linearOwnCost(input: {
  prices: (machine: MachinePrice, parts: number) => OwnPrices
  plan: OwnPlan
  ratePerYearFraction: number
}): LinearCost {
  const usd = (server: number, accelerator: number): MachinePrice => ({
    server: { usd: server, lowUsd: server, highUsd: server, sourceId: '', note: '' },
    accelerator: { usd: accelerator, lowUsd: accelerator, highUsd: accelerator, sourceId: '', note: '' },
  })
  const measure = (fleet: Partial<OwnedFleet>, machine: MachinePrice, parts: number): number[] => {
    const lines = ownLines({
      prices: input.prices(machine, parts),
      plan: input.plan,
      fleet: { ...emptyFleet, ...fleet },
    })
    const { monthlyUsd, missingLineIds } = cashFlowOf(lines, input.plan.horizonMonths)
    if (missingLineIds.length > 0) return [Number.NaN, Number.NaN, Number.NaN]
    const { ratePerYearFraction } = input
    return [
      netPresentValueUsd({ monthlyUsd, ratePerYearFraction }),
      sumOf(monthlyUsd),
      monthlyUsd[input.plan.purchaseMonth] ?? 0,
    ]
  }
  const minus = (a: readonly number[], b: readonly number[]) => a.map((value, index) => value - b[index]!)
  const free = usd(0, 0)
  // One server with one accelerator carries the installation of both.
  const pair = { servers: 1, accelerators: 1 }
  const bare = measure(pair, free, 1)
  const columns = [
    minus(measure(pair, usd(1, 0), 1), bare),
    minus(measure(pair, usd(0, 1), 1), bare),
    measure({ accelerators: 1 }, free, 0),
    measure({ networkPorts: 1 }, free, 0),
    measure({ storageBytes: 1 }, free, 0),
    measure({ racks: 1 }, free, 0),
    measure({ averageItWatts: 1 }, free, 0),
    measure({ ratedItWatts: 1 }, free, 0),
  ]
  const row = (index: number) => Float64Array.from(columns.map((column) => column[index]!))
  return { netPresentUsd: row(0), totalUsd: row(1), upfrontUsd: row(2) }
}

/** A quantity of nothing needs no price. */
export function linearTotal(perUnit: Float64Array, fleet: Float64Array): number {
  let usd = 0
  for (let index = 0; index < fleet.length; index += 1) {
    const quantity = fleet[index]!
    if (quantity !== 0) usd += quantity * perUnit[index]!
  }
  return usd
}

/** Worth today of one USD, or of each month's factor, paid at the end of each month after the start month, to the last. */
export function annuityMonths(input: {
  startMonth?: number
  endMonth: number
  ratePerYearFraction: number
  growthByMonth?: readonly number[]
}): number {
  let sum = 0
  const { startMonth = 0 } = input
  const step = (1 + input.ratePerYearFraction) ** (-1 / monthsPerYear)
  let factor = 1
  for (let month = 1; month <= input.endMonth; month += 1) {
    factor *= step
    if (month > startMonth) sum += factor * (input.growthByMonth?.[month - 1] ?? 1)
  }
  return sum
}
