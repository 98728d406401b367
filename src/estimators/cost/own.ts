import { giga, kilo, monthsPerYear } from '../../foundation/units.ts'
import type { Facility } from './electricity.ts'
import { powerLines } from './electricity.ts'
import { type Calendar, type CostCategory, type CostLine, costLine, type Price, type Share } from './lines.ts'
import { cycleLines } from './own-cycles.ts'

/** What stands in the room. All linear: twice of everything costs twice. */
export interface OwnedFleet {
  readonly servers: number
  readonly accelerators: number
  readonly networkPorts: number
  readonly storageBytes: number
  readonly racks: number
  /** Average draw of the IT equipment over the load's week, W, from the energy estimate. */
  readonly averageItWatts: number
  /** Power contracted or cabled for, W: the nameplate view that a colocation contract counts. */
  readonly ratedItWatts: number
}

/** Prices of owning. An absent one is out of the offer's scope; `usd: undefined` is a missing price. */
export interface OwnPrices {
  /** With its accelerators where they are not priced apart. */
  readonly server?: Price | undefined
  readonly accelerator?: Price | undefined
  readonly networkPort?: Price | undefined
  readonly storagePerGigabyte?: Price | undefined
  readonly rack?: Price | undefined
  /** Share of servers, accelerators, network and storage bought as spares. */
  readonly spares?: Share | undefined
  readonly installationPerServer?: Price | undefined
  /** Share of the system price (servers and accelerators) per year. */
  readonly maintenancePerYear?: Share | undefined
  /** Prices new, of each, that maintenance is a share of where the machines are owned already and their purchase is 0. */
  readonly maintenanceOf?: { readonly server: Price; readonly accelerator?: Price | undefined } | undefined
  readonly licences?:
    | readonly {
        readonly id: string
        readonly label: string
        readonly per: 'accelerator' | 'server'
        readonly usdPerYear: Price
      }[]
    | undefined
  readonly electricityPerKilowattHour?: Price | undefined
  readonly electricityGrowthPerYearFraction?: number | undefined
  readonly facility?: Facility | undefined
  readonly colocation?: { readonly per: 'kilowatt' | 'rack'; readonly usdPerMonth: Price } | undefined
  readonly staff?:
    | {
        readonly per: 'accelerator' | 'server'
        /** How many of them one full-time person looks after. */
        readonly unitsPerPerson: number
        readonly usdPerPersonYear: Price
      }
    | undefined
}

/** When it is bought, how long it lives, what it is worth at the end. */
export interface OwnPlan {
  readonly purchaseMonth: number
  readonly horizonMonths: number
  readonly calendar: Calendar
  /** Hardware is bought again at each end of its life inside the horizon. Absent: it lasts the horizon. */
  readonly lifeMonths?: number | undefined
  /** Yearly change of the price of the hardware that replaces it. */
  readonly refreshPriceGrowthPerYearFraction?: number | undefined
  /** Worth by age, shares of the purchase price. Absent: no residual value. */
  readonly residual?:
    | {
        readonly points: readonly { readonly ageMonths: number; readonly fraction: number }[]
        readonly sourceId: string
      }
    | undefined
  /** False: leased, so no hardware is bought, renewed or sold (`leaseLines` brings the price). */
  readonly buysHardware?: boolean | undefined
}

/**
 * The first purchase of hardware, USD: what loans, write-offs and residual value are shares of. Racks and
 * installation are not in it. Undefined: a price is missing.
 */
export function hardwarePurchaseUsd(lines: readonly CostLine[]): number | undefined {
  return sumOfCategories(lines, ['servers', 'accelerators', 'network', 'storage', 'spares'])
}

/** Every line of owning, in the order of a bill. Lines of quantity 0 are left out. */
export function ownLines(input: { fleet: OwnedFleet; prices: OwnPrices; plan: OwnPlan }): CostLine[] {
  const { fleet, prices, plan } = input
  const hardware = hardwareLines(fleet, prices, plan)
  // No price at all is not a price of 0: maintenance of leased hardware needs one to be a share of.
  const systemUsd =
    prices.maintenanceOf !== undefined
      ? newSystemUsd(fleet, prices.maintenanceOf)
      : (prices.server ?? prices.accelerator) === undefined
        ? undefined
        : sumOfCategories(hardware, ['servers', 'accelerators'])
  const bought = plan.buysHardware === false ? [] : hardware
  const lines = [
    ...bought,
    ...(bought.length === 0
      ? []
      : cycleLines({
          purchaseUsd: hardwarePurchaseUsd(hardware),
          sourceId: hardware[0]?.sourceId ?? '',
          plan,
        })),
    ...onceLines(fleet, prices, plan),
    ...runningLines(fleet, prices, plan, systemUsd),
    ...powerLines({
      averageItWatts: fleet.averageItWatts,
      usdPerKilowattHour: prices.electricityPerKilowattHour,
      growthPerYearFraction: prices.electricityGrowthPerYearFraction ?? 0,
      facility: prices.facility,
      calendar: plan.calendar,
      fromMonth: plan.purchaseMonth + 1,
      toMonth: plan.horizonMonths,
    }),
  ]
  return lines.filter((line) => line.quantity !== 0)
}

function newSystemUsd(
  fleet: OwnedFleet,
  { server, accelerator }: NonNullable<OwnPrices['maintenanceOf']>,
): number | undefined {
  return plus(
    server.usd === undefined ? undefined : fleet.servers * server.usd,
    accelerator === undefined
      ? 0
      : accelerator.usd === undefined
        ? undefined
        : fleet.accelerators * accelerator.usd,
  )
}

function hardwareLines(fleet: OwnedFleet, prices: OwnPrices, plan: OwnPlan): CostLine[] {
  const lines: CostLine[] = []
  const add = (
    category: CostCategory,
    label: string,
    quantity: number,
    unit: string,
    price: Price | undefined,
  ): void => {
    if (price === undefined) return
    const timing = { kind: 'once', month: plan.purchaseMonth } as const
    lines.push(costLine({ id: category, label, category, quantity, unit, price, timing }))
  }
  add('servers', 'Servers', fleet.servers, 'server', prices.server)
  add('accelerators', 'Accelerators', fleet.accelerators, 'accelerator', prices.accelerator)
  add('network', 'Network ports', fleet.networkPorts, 'port', prices.networkPort)
  add('storage', 'Storage', fleet.storageBytes / giga, 'GB', prices.storagePerGigabyte)
  const { spares } = prices
  if (spares !== undefined) {
    const base =
      lines.length === 0
        ? undefined
        : sumOfCategories(lines, ['servers', 'accelerators', 'network', 'storage'])
    add('spares', 'Spares', spares.fraction ?? 1, 'of the hardware', {
      ...spares,
      usd: spares.fraction === undefined ? undefined : base,
    })
  }
  return lines
}

/** Racks and installation: paid once, not with each generation of hardware. */
function onceLines(fleet: OwnedFleet, prices: OwnPrices, plan: OwnPlan): CostLine[] {
  const timing = { kind: 'once', month: plan.purchaseMonth } as const
  const lines: CostLine[] = []
  if (prices.rack !== undefined)
    lines.push(
      costLine({
        id: 'racks',
        label: 'Racks',
        category: 'racks',
        quantity: fleet.racks,
        unit: 'rack',
        price: prices.rack,
        timing,
      }),
    )
  if (prices.installationPerServer !== undefined)
    lines.push(
      costLine({
        id: 'installation',
        label: 'Installation',
        category: 'installation',
        quantity: fleet.servers,
        unit: 'server',
        price: prices.installationPerServer,
        timing,
      }),
    )
  return lines
}

function runningLines(
  fleet: OwnedFleet,
  prices: OwnPrices,
  plan: OwnPlan,
  systemUsd: number | undefined,
): CostLine[] {
  const monthly = { kind: 'monthly', fromMonth: plan.purchaseMonth + 1, toMonth: plan.horizonMonths } as const
  const perMonth = (price: Price): Price => ({
    ...price,
    usd: price.usd === undefined ? undefined : price.usd / monthsPerYear,
  })
  const units = { accelerator: fleet.accelerators, server: fleet.servers }
  const lines: CostLine[] = []
  const add = (input: {
    id: string
    label: string
    category: CostCategory
    quantity: number
    unit: string
    price: Price
    note?: string | undefined
  }): void => {
    lines.push(costLine({ ...input, timing: monthly }))
  }
  const { maintenancePerYear, licences = [], colocation, staff } = prices
  if (maintenancePerYear !== undefined)
    add({
      id: 'maintenance',
      label: 'Maintenance and support',
      category: 'maintenance',
      quantity: (maintenancePerYear.fraction ?? 1) / monthsPerYear,
      unit: 'of the system price',
      price: {
        ...maintenancePerYear,
        usd: maintenancePerYear.fraction === undefined ? undefined : systemUsd,
      },
      note:
        prices.maintenanceOf === undefined ? undefined : 'Of the price new: the machines are owned already.',
    })
  for (const { id, label, per, usdPerYear } of licences)
    add({
      id: `licence-${id}`,
      label,
      category: 'licences',
      quantity: units[per],
      unit: `${per}-month`,
      price: perMonth(usdPerYear),
    })
  if (colocation !== undefined)
    add({
      id: 'colocation',
      label: 'Colocation',
      category: 'colocation',
      quantity: colocation.per === 'rack' ? fleet.racks : fleet.ratedItWatts / kilo,
      unit: colocation.per === 'rack' ? 'rack-month' : 'kW-month',
      price: colocation.usdPerMonth,
    })
  if (staff !== undefined)
    add({
      id: 'staff',
      label: 'Staff',
      category: 'staff',
      quantity: units[staff.per] / staff.unitsPerPerson,
      unit: 'person-month',
      price: perMonth(staff.usdPerPersonYear),
    })
  return lines
}

function sumOfCategories(
  lines: readonly CostLine[],
  categories: readonly CostCategory[],
): number | undefined {
  return lines
    .filter((line) => categories.includes(line.category) && line.quantity !== 0)
    .reduce<number | undefined>((sum, line) => plus(sum, line.amountUsd), 0)
}

function plus(sum: number | undefined, usd: number | undefined): number | undefined {
  return sum === undefined || usd === undefined ? undefined : sum + usd
}
