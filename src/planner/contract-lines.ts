import { type CostLine, costLine, type Price } from '../estimators/cost/lines.ts'
import { neededFrom } from '../estimators/cost/own-phases.ts'
import { phasedSubscriptionLines } from '../estimators/cost/subscribe.ts'
import { monthsPerYear, secondsPerMonth } from '../foundation/units.ts'
import type { SubscriptionQuote } from './scenario/resolve-subscriptions.ts'
import type { Fleet } from './search/fleet.ts'

/** What a subscription bills; all else is as for machines of one's own. */
export type ContractTerms = Pick<
  SubscriptionQuote,
  'unit' | 'committedFraction' | 'committedPrice' | 'extraPrice' | 'capFraction' | 'setupPrice'
> & {
  /** Absent: in the price. Else a share of what the catalog says that the machines cost. */
  readonly maintenance?: {
    readonly fractionPerYear: number
    readonly sourceId: string
    readonly serverUsd: number | undefined
    readonly acceleratorUsd: number
  }
}

/** Units in use on average, for a rate of requests: the share of what one serves at the targets, summed. */
export function unitsInUse(input: {
  unit: ContractTerms['unit']
  requestsPerMonth: number
  capacityRequestsPerSecond: number
  partsPerReplica: number
  replicasPerServer: number
}): number {
  const replicas = input.requestsPerMonth / secondsPerMonth / input.capacityRequestsPerSecond
  return input.unit === 'accelerator' ? replicas * input.partsPerReplica : replicas / input.replicasPerServer
}

/** What stands from the start of each phase, in the contract's units. */
export function contractPhases(terms: ContractTerms, fleet: Fleet) {
  const phases = fleet.phases.length === 0 ? [{ ...fleet, startMonth: 0 }] : fleet.phases
  return phases.map(({ startMonth, servers, accelerators }) => {
    const installedUnits = terms.unit === 'accelerator' ? accelerators : servers
    return {
      startMonth,
      servers,
      installedUnits,
      committedUnits: terms.committedFraction * installedUnits,
    }
  })
}

/** Of one server for a month; undefined where the catalog has no price of the machine to take a share of. */
export function maintenanceUsdPerServerMonth(
  maintenance: NonNullable<ContractTerms['maintenance']>,
  partsPerServer: number,
): number | undefined {
  const { serverUsd, acceleratorUsd, fractionPerYear } = maintenance
  return serverUsd === undefined
    ? undefined
    : ((serverUsd + partsPerServer * acceleratorUsd) * fractionPerYear) / monthsPerYear
}

/** The bill of the contract. `usedUnitsByMonth[0]` is the mean use of month 1. */
export function contractLines(input: {
  terms: ContractTerms
  fleet: Fleet
  usedUnitsByMonth: readonly number[]
}): CostLine[] {
  const { terms, fleet, usedUnitsByMonth } = input
  const phases = contractPhases(terms, fleet)
  const lines = phasedSubscriptionLines({
    prices: {
      unit: terms.unit,
      usdPerCommittedUnitMonth: terms.committedPrice,
      usdPerExtraUnitMonth: terms.extraPrice,
      capFraction: terms.capFraction,
      setup: terms.setupPrice,
    },
    phases,
    usedUnitsByMonth,
  })
  const { maintenance } = terms
  if (maintenance === undefined) return lines
  const price: Price = {
    usd: maintenanceUsdPerServerMonth(maintenance, fleet.partsPerServer),
    sourceId: maintenance.sourceId,
  }
  let before = 0
  for (const { startMonth, servers } of phases) {
    const quantity = servers - before
    before = servers
    if (quantity === 0) continue
    const timing = { kind: 'monthly', fromMonth: startMonth + 1, toMonth: usedUnitsByMonth.length } as const
    const line = costLine({
      id: 'maintenance',
      label: 'Maintenance and support',
      category: 'maintenance',
      quantity,
      unit: 'server-month',
      price,
      timing,
    })
    lines.push(...neededFrom([line], startMonth + 1))
  }
  return lines
}
