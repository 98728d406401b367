import type { Catalog } from '../../catalogs/catalog.ts'
import { discountFactor } from '../../estimators/cost/cash-flow.ts'
import type { OwnPrices } from '../../estimators/cost/own.ts'
import { extraUnits } from '../../estimators/cost/subscribe.ts'
import { type ContractTerms, maintenanceUsdPerServerMonth } from '../contract-lines.ts'
import type { ResolvedScenario } from '../scenario/resolve.ts'
import type { SubscriptionQuote } from '../scenario/resolve-subscriptions.ts'
import type { SearchHost } from './devices.ts'
import type { Fleet } from './fleet.ts'
import { opexRow, ownPrices } from './own-cost.ts'
import type { SearchPlace } from './places.ts'
import type { MachinePrice } from './prices.ts'

export function quoteTakes(
  quote: SubscriptionQuote,
  machine: { readonly serverId: string; readonly acceleratorId: string },
): boolean {
  return (
    (quote.serverId === undefined || quote.serverId === machine.serverId) &&
    (quote.acceleratorId === undefined || quote.acceleratorId === machine.acceleratorId)
  )
}

/** Whether any quote of the scenario is for the machine. */
export function isQuoted(
  resolved: ResolvedScenario,
  machine: { readonly serverId: string; readonly acceleratorId: string },
): boolean {
  return resolved.subscriptions.some((quotes) => quotes.some((quote) => quoteTakes(quote, machine)))
}

/** Hardware already owned is not subscribed to; where some is owned no other is bought. */
export function standsAt(
  place: SearchPlace,
  machine: { readonly host: SearchHost; readonly acceleratorId: string },
  ownsHardware: boolean,
): boolean {
  const { host, acceleratorId } = machine
  if (place.quote === undefined) return host.owned !== undefined || !ownsHardware
  return host.owned === undefined && quoteTakes(place.quote, { serverId: host.server.id, acceleratorId })
}

type Priced = { catalog: Catalog; resolved: ResolvedScenario; place: SearchPlace }

/** Prices of what stands around subscribed machines, as on own premises: nothing for the machines themselves. */
export function pricesAround(input: Priced & { quote: SubscriptionQuote }): OwnPrices {
  const free = { usd: 0, lowUsd: 0, highUsd: 0, sourceId: '', note: '' }
  const {
    server: _server,
    accelerator: _accelerator,
    installationPerServer: _installation,
    maintenancePerYear: _maintenance,
    electricityPerKilowattHour,
    electricityGrowthPerYearFraction,
    facility,
    ...others
  } = ownPrices({
    ...input,
    kind: 'on-prem',
    placeCountry: input.place.countryCode,
    factors: input.place.factors,
    machine: { server: free, accelerator: free },
    parts: 0,
    owned: false,
  })
  return input.quote.includesElectricity
    ? others
    : { ...others, electricityPerKilowattHour, electricityGrowthPerYearFraction, facility }
}

/** The quote's own prices, with maintenance where it is not in them. */
export function contractTerms(input: {
  catalog: Catalog
  resolved: ResolvedScenario
  quote: SubscriptionQuote
  machine: MachinePrice | undefined
}): ContractTerms {
  const { quote, machine } = input
  const { unit, committedFraction, committedPrice, extraPrice, capFraction, setupPrice } = quote
  const terms = { unit, committedFraction, committedPrice, extraPrice, capFraction, setupPrice }
  if (quote.includesMaintenance) return terms
  const { maintenancePerYearFraction, hardwareDiscountFraction } = input.resolved.limits.finance
  const asked = 1 - hardwareDiscountFraction
  return {
    ...terms,
    maintenance: {
      fractionPerYear: maintenancePerYearFraction,
      sourceId: opexRow(input.catalog, 'maintenance-per-year').source_id,
      serverUsd: machine && machine.server.usd * asked,
      acceleratorUsd: (machine?.accelerator?.usd ?? 0) * asked,
    },
  }
}

/** Worth today of one USD at the end of each month from month 1 on. */
export function monthlyDiscounts(input: {
  horizonMonths: number
  ratePerYearFraction: number
}): Float64Array {
  const { horizonMonths, ratePerYearFraction } = input
  return Float64Array.from({ length: horizonMonths }, (_, index) =>
    discountFactor({ month: index + 1, ratePerYearFraction }),
  )
}

/** What a contract costs, set-up aside, as its lines do but without building them. Written in place. */
export interface ContractCost {
  totalUsd: number
  netPresentUsd: number
}

/** NaN where something is billed whose price is missing. */
export function contractCostOf(
  input: {
    readonly terms: ContractTerms
    readonly fleet: Fleet
    /** In month 1; the others follow the growth. */
    readonly usedUnits: number
    readonly growthByMonth: readonly number[]
    readonly discounts: Float64Array
  },
  out: ContractCost,
): ContractCost {
  const { terms, fleet, usedUnits, growthByMonth, discounts } = input
  const { phases } = fleet
  const accelerators = terms.unit === 'accelerator'
  let at = 0
  let committed = 0
  let committedWorth = 0
  let extra = 0
  let extraWorth = 0
  let servers = 0
  let serversWorth = 0
  for (let month = 0; month < growthByMonth.length; month += 1) {
    while (at + 1 < phases.length && phases[at + 1]!.startMonth <= month) at += 1
    const now = phases[at] ?? fleet
    const installedUnits = accelerators ? now.accelerators : now.servers
    const committedUnits = terms.committedFraction * installedUnits
    const used = usedUnits * growthByMonth[month]!
    const { capFraction } = terms
    const more = extraUnits({ usedUnits: used, terms: { committedUnits, installedUnits, capFraction } })
    const worth = discounts[month]!
    committed += committedUnits
    committedWorth += committedUnits * worth
    extra += more
    extraWorth += more * worth
    servers += now.servers
    serversWorth += now.servers * worth
  }
  const base = terms.committedPrice.usd ?? Number.NaN
  const above = terms.extraPrice.usd ?? Number.NaN
  out.totalUsd = priced(committed, base) + priced(extra, above)
  out.netPresentUsd = priced(committedWorth, base) + priced(extraWorth, above)
  if (terms.maintenance !== undefined) {
    const each = maintenanceUsdPerServerMonth(terms.maintenance, fleet.partsPerServer) ?? Number.NaN
    out.totalUsd += servers * each
    out.netPresentUsd += serversWorth * each
  }
  return out
}

/** A quantity of nothing needs no price. */
function priced(quantity: number, usd: number): number {
  return quantity === 0 ? 0 : quantity * usd
}
