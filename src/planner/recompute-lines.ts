import { type CostLine, julianCalendar } from '../estimators/cost/lines.ts'
import { phasedOwnLines } from '../estimators/cost/own-phases.ts'
import { rentLines } from '../estimators/cost/rent.ts'
import { contractLines, unitsInUse } from './contract-lines.ts'
import { ownedPhases, rentedTranches, rentedVolumes } from './phase-costs.ts'
import type {
  MachinesBasis,
  OwnBasis,
  RecomputeChanges,
  RentBasis,
  SubscriptionBasis,
} from './recompute-types.ts'
import type { Fleet } from './search/fleet.ts'
import type { Serving, ServingTask } from './search/serving-types.ts'

/** The changes and what follows from them. */
export interface Load {
  readonly changes: RecomputeChanges
  readonly demandRatio: number
  readonly volumeRatio: number
  readonly horizonMonths: number
  readonly growthByMonth: readonly number[]
  readonly requestsPerMonth: number
}

interface Machines {
  readonly serving: Serving
  readonly fleet: Fleet
  readonly curve: ServingTask['curve']
}

/** The bill of machines, by how one comes by them. */
export function machineLines(basis: MachinesBasis, machines: Machines, load: Load): CostLine[] {
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
      firstPeakRequestsPerSecond: basis.peakRequestsPerSecond * load.demandRatio,
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
  const volumes = rentedVolumes({
    copies: machines.fleet.sites,
    storage: storageOf(basis, load),
    egressBytesPerMonth: rent.egressBytesPerMonth * load.demandRatio * load.volumeRatio,
    growthByMonth: load.growthByMonth,
  })
  return rentLines({
    tranches: rentedTranches({ ...rent, ...machines }),
    extras: {
      storageBytes: volumes.storageBytes,
      usdPerStorageGigabyteMonth: rent.usdPerStorageGigabyteMonth,
      ...(rent.usdPerEgressGigabyte === undefined
        ? {}
        : {
            egressBytesPerMonth: volumes.egressBytesPerMonth,
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
