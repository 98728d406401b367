import { apiLines } from '../estimators/cost/api.ts'
import { cashFlowOf, netPresentValueUsd, sumOf } from '../estimators/cost/cash-flow.ts'
import { demandByMonth } from '../estimators/cost/growth.ts'
import { type CostLine, julianCalendar } from '../estimators/cost/lines.ts'
import { phasedOwnLines } from '../estimators/cost/own-phases.ts'
import { rentLines } from '../estimators/cost/rent.ts'
import { spotHoursPerUsefulHour } from '../estimators/cost/schedule.ts'
import { hoursPerMonth, kilo, tokensPerMillion } from '../foundation/units.ts'
import { contractLines, unitsInUse } from './contract-lines.ts'
import { ownedPhases, rentedTranches } from './phase-costs.ts'
import type {
  ApiBasis,
  MachinesBasis,
  OwnBasis,
  RecomputeBasis,
  RentBasis,
  SubscriptionBasis,
} from './recompute-types.ts'
import { emptyFleet, type Fleet, fleetOf, runningWatts } from './search/fleet.ts'
import { phasesOf } from './search/phases.ts'
import { createServing } from './search/serving.ts'
import { emptyServing, type Serving, type ServingTask } from './search/serving-types.ts'

export type * from './recompute-types.ts'

/** What may be changed. Absent: as in the plan. */
export interface RecomputeChanges {
  /** Users or requests against the plan's: peak and volume alike. */
  readonly demandRatio?: number
  /** Volume against the plan's at the same peak: how well the machines are used. */
  readonly volumeRatio?: number
  /** Of the own sites; rented machines have it in their price. */
  readonly electricityUsdPerKilowattHour?: number
  readonly horizonMonths?: number
  readonly discountRatePerYearFraction?: number
}

export interface Recomputed {
  readonly optionId: string
  readonly replicas: number | undefined
  readonly servers: number | undefined
  readonly accelerators: number | undefined
  /** 1 − peak over capacity of the replicas that serve. */
  readonly headroomFraction: number | undefined
  readonly lines: readonly CostLine[]
  /** Undefined: a price is missing. */
  readonly totalUsd: number | undefined
  readonly netPresentUsd: number | undefined
  readonly upfrontUsd: number | undefined
  readonly usdPerMonth: number | undefined
  readonly usdPerMillionTokens: number | undefined
  readonly monthlyUsd: readonly number[]
  /** At the meter. */
  readonly kilowattHoursPerMonth: number | undefined
  /** Location based, with the share of making the hardware. */
  readonly carbonGramsPerMonth: number | undefined
}

/**
 * The option under changed assumptions: the same model, formats, machine and layout, with machines counted anew by the
 * search's own functions. It does not look for a better option, and gives no intervals: those are of the plan's figures.
 */
export function recompute(basis: RecomputeBasis, changes: RecomputeChanges = {}): Recomputed {
  const demandRatio = changes.demandRatio ?? 1
  const volumeRatio = changes.volumeRatio ?? 1
  const horizonMonths = changes.horizonMonths ?? basis.horizonMonths
  const growthByMonth = demandByMonth({
    firstMonth: 1,
    growthPerYearFraction: basis.growthPerYearFraction,
    horizonMonths,
  })
  const requestsPerMonth = basis.requestsPerMonth * demandRatio * volumeRatio
  const load = { changes, demandRatio, volumeRatio, horizonMonths, growthByMonth, requestsPerMonth }
  const counted = basis.kind === 'api' ? apiOption(basis, load) : machinesOption(basis, load)
  const { monthlyUsd, missingLineIds } = cashFlowOf(counted.lines, horizonMonths)
  const known = missingLineIds.length === 0
  const totalUsd = known ? sumOf(monthlyUsd) : undefined
  const tokens = tokensOver(basis, changes)
  const ratePerYearFraction = changes.discountRatePerYearFraction ?? basis.discountRatePerYearFraction
  return {
    ...counted,
    optionId: basis.optionId,
    monthlyUsd,
    totalUsd,
    netPresentUsd: known ? netPresentValueUsd({ monthlyUsd, ratePerYearFraction }) : undefined,
    upfrontUsd: known ? (monthlyUsd[0] ?? 0) : undefined,
    usdPerMonth: totalUsd === undefined ? undefined : totalUsd / horizonMonths,
    usdPerMillionTokens:
      totalUsd === undefined || tokens === 0 ? undefined : (totalUsd / tokens) * tokensPerMillion,
  }
}

/** Tokens over the horizon under the changes. */
export function tokensOver(
  basis: Pick<
    RecomputeBasis,
    'requestsPerMonth' | 'growthPerYearFraction' | 'horizonMonths' | 'tokensPerRequest'
  >,
  changes: RecomputeChanges,
): number {
  const months = demandByMonth({
    firstMonth: 1,
    growthPerYearFraction: basis.growthPerYearFraction,
    horizonMonths: changes.horizonMonths ?? basis.horizonMonths,
  })
  const requestsPerMonth = basis.requestsPerMonth * (changes.demandRatio ?? 1) * (changes.volumeRatio ?? 1)
  return requestsPerMonth * sumOf(months) * basis.tokensPerRequest
}

interface Load {
  readonly changes: RecomputeChanges
  readonly demandRatio: number
  readonly volumeRatio: number
  readonly horizonMonths: number
  readonly growthByMonth: readonly number[]
  readonly requestsPerMonth: number
}

type Counted = Pick<
  Recomputed,
  | 'replicas'
  | 'servers'
  | 'accelerators'
  | 'headroomFraction'
  | 'lines'
  | 'kilowattHoursPerMonth'
  | 'carbonGramsPerMonth'
>

function apiOption(basis: ApiBasis, load: Load): Counted {
  return {
    replicas: undefined,
    servers: undefined,
    accelerators: undefined,
    headroomFraction: undefined,
    lines: apiLines({
      prices: basis.prices,
      request: basis.request,
      batchFraction: basis.batchFraction,
      requestsByMonth: load.growthByMonth.map((factor) => load.requestsPerMonth * factor),
    }),
    kilowattHoursPerMonth: undefined,
    carbonGramsPerMonth: undefined,
  }
}

function machinesOption(basis: MachinesBasis, load: Load): Counted {
  const peakRequestsPerSecond = basis.peakRequestsPerSecond * load.demandRatio
  const task: ServingTask = {
    ...basis.task,
    peakRequestsPerSecond: peakRequestsPerSecond * Math.max(1, ...load.growthByMonth),
    // More volume under the same peak is a flatter day; it cannot be flatter than flat.
    curve: {
      ...basis.task.curve,
      exponent: Math.max(0, (basis.task.curve.exponent + 1) / load.volumeRatio - 1),
    },
    phases: phasesOf({
      peakRequestsPerSecond,
      growthByMonth: load.growthByMonth,
      purchases: basis.purchases,
    }),
  }
  const serving: Serving = emptyServing()
  createServing(task)(basis.replica, serving)
  const fleet = emptyFleet()
  fleetOf({ ...basis, serving }, fleet)
  const watts = basis.price.kind === 'rent' ? rentedWatts(basis.price, task.curve, fleet) : fleet.averageWatts
  return {
    replicas: fleet.replicas,
    servers: fleet.servers,
    accelerators: fleet.accelerators,
    headroomFraction: 1 - task.peakRequestsPerSecond / (serving.replicas * serving.capacityRequestsPerSecond),
    lines: machineLines(basis, { serving, fleet, curve: task.curve }, load),
    ...footprintOf(basis, fleet, watts),
  }
}

function rentedWatts(rent: RentBasis, curve: ServingTask['curve'], fleet: Fleet): number {
  const watts = rent.followsDemand ? runningWatts(curve, fleet) : fleet.averageWatts
  return watts * (rent.spot === undefined ? 1 : (spotHoursPerUsefulHour(rent.spot) ?? Number.NaN))
}

interface Machines {
  readonly serving: Serving
  readonly fleet: Fleet
  readonly curve: ServingTask['curve']
}

function machineLines(basis: MachinesBasis, machines: Machines, load: Load): CostLine[] {
  const { price } = basis
  switch (price.kind) {
    case 'own':
      return ownedLines(basis, price, machines.fleet, load)
    case 'rent':
      return rentedLines(basis, price, machines, load)
    case 'subscription':
      return subscribedLines(basis, price, machines, load)
  }
}

function subscribedLines(
  basis: MachinesBasis,
  price: SubscriptionBasis,
  machines: Machines,
  load: Load,
): CostLine[] {
  const { fleet, serving } = machines
  const { terms } = price
  const usedUnits = unitsInUse({
    unit: terms.unit,
    requestsPerMonth: load.requestsPerMonth,
    capacityRequestsPerSecond: serving.capacityRequestsPerSecond,
    partsPerReplica: basis.partsPerReplica,
    replicasPerServer: fleet.replicasPerServer,
  })
  return [
    ...contractLines({
      terms,
      fleet,
      usedUnitsByMonth: load.growthByMonth.map((factor) => usedUnits * factor),
    }),
    ...ownedLines(basis, price.around, fleet, load),
  ]
}

function footprintOf(
  basis: MachinesBasis,
  fleet: Fleet,
  watts: number,
): Pick<Counted, 'kilowattHoursPerMonth' | 'carbonGramsPerMonth'> {
  const { pueRatio, gridGramsPerKilowattHour, embodiedServerGrams, embodiedAcceleratorGrams, lifeMonths } =
    basis.footprint
  const kilowattHours =
    pueRatio === undefined || Number.isNaN(watts) ? undefined : (watts * hoursPerMonth * pueRatio) / kilo
  const carbon =
    kilowattHours === undefined || gridGramsPerKilowattHour === undefined || embodiedServerGrams === undefined
      ? undefined
      : kilowattHours * gridGramsPerKilowattHour +
        (fleet.meanServers * embodiedServerGrams + fleet.meanAccelerators * embodiedAcceleratorGrams) /
          lifeMonths
  return { kilowattHoursPerMonth: kilowattHours, carbonGramsPerMonth: carbon }
}

function ownedLines(basis: MachinesBasis, own: OwnBasis, fleet: Fleet, load: Load): CostLine[] {
  const { onDevice } = basis
  const { electricityUsdPerKilowattHour } = load.changes
  const { installation } = own
  const systemUsd = (own.prices.server?.usd ?? 0) + fleet.partsPerServer * (own.prices.accelerator?.usd ?? 0)
  return phasedOwnLines({
    phases: ownedPhases({
      fleet,
      onDevice,
      networkPortsPerServer: own.networkPortsPerServer,
      storage: storageOf(basis, load),
      countsRatedPower: own.countsRatedPower,
    }),
    prices: {
      ...own.prices,
      ...(installation === undefined
        ? {}
        : {
            installationPerServer: {
              usd: systemUsd * installation.fraction,
              sourceId: installation.sourceId,
            },
          }),
      ...(electricityUsdPerKilowattHour === undefined || own.prices.electricityPerKilowattHour === undefined
        ? {}
        : { electricityPerKilowattHour: { usd: electricityUsdPerKilowattHour, sourceId: 'user' } }),
    },
    plan: { ...own.plan, horizonMonths: load.horizonMonths },
  })
}

function rentedLines(
  basis: MachinesBasis,
  rent: RentBasis,
  machines: { readonly fleet: Fleet; readonly curve: ServingTask['curve'] },
  load: Load,
): CostLine[] {
  const storage = storageOf(basis, load)
  return rentLines({
    tranches: rentedTranches({ ...rent, ...machines }),
    extras: {
      storageBytes: machines.fleet.sites * storage.perCopyBytes + storage.logBytes,
      usdPerStorageGigabyteMonth: rent.usdPerStorageGigabyteMonth,
      ...(rent.usdPerEgressGigabyte === undefined
        ? {}
        : {
            egressBytesPerMonth: rent.egressBytesPerMonth * load.demandRatio * load.volumeRatio,
            usdPerEgressGigabyte: rent.usdPerEgressGigabyte,
          }),
    },
    fromMonth: 1,
    toMonth: load.horizonMonths,
    calendar: julianCalendar,
  })
}

/** Weights on every copy; the log is as long as the volume makes it. */
function storageOf(basis: MachinesBasis, load: Load): MachinesBasis['storage'] {
  const { perCopyBytes, logBytes } = basis.storage
  return { perCopyBytes, logBytes: logBytes * load.demandRatio * load.volumeRatio }
}
