import type { ApiPrices, RequestTokens } from '../estimators/cost/api.ts'
import type { Price } from '../estimators/cost/lines.ts'
import type { OwnPlan, OwnPrices } from '../estimators/cost/own.ts'
import type { SpotInterruptions } from '../estimators/cost/schedule.ts'
import type { ContractTerms } from './contract-lines.ts'
import type { PurchaseRule } from './scenario/resolve-limits.ts'
import type { FleetLimits, FleetMachine } from './search/fleet.ts'
import type { ReplicaUnderTest, ServingTask } from './search/serving-types.ts'

/**
 * What an option needs to be worked out again under other assumptions: plain data, so that a page can hold it beside
 * this module. `recomputeBasis` makes it; `recompute` without changes gives the plan's own figures.
 */
export type RecomputeBasis = MachinesBasis | ApiBasis

interface CommonBasis {
  readonly optionId: string
  /** Of the first month. */
  readonly peakRequestsPerSecond: number
  readonly requestsPerMonth: number
  readonly growthPerYearFraction: number
  readonly purchases: PurchaseRule
  readonly horizonMonths: number
  readonly discountRatePerYearFraction: number
  readonly tokensPerRequest: number
}

export interface MachinesBasis extends CommonBasis {
  readonly kind: 'machines'
  readonly task: ServingTask
  readonly replica: ReplicaUnderTest
  readonly machine: FleetMachine
  readonly partsPerReplica: number
  readonly devicesPerPart: number
  readonly idleWatts: number
  readonly limits: FleetLimits
  readonly onDevice: boolean
  readonly storage: { readonly perCopyBytes: number; readonly logBytes: number }
  readonly footprint: {
    readonly pueRatio: number | undefined
    readonly gridGramsPerKilowattHour: number | undefined
    readonly embodiedServerGrams: number | undefined
    readonly embodiedAcceleratorGrams: number
    readonly lifeMonths: number
  }
  readonly price: OwnBasis | RentBasis | SubscriptionBasis
}

export interface OwnBasis {
  readonly kind: 'own'
  /** Without installation, which is a share of what one server with its accelerators costs. */
  readonly prices: OwnPrices
  readonly installation: { readonly fraction: number; readonly sourceId: string } | undefined
  readonly plan: OwnPlan
  readonly networkPortsPerServer: number
  readonly countsRatedPower: boolean
}

/** A contract, and what stands around the machines as on own premises. */
export interface SubscriptionBasis {
  readonly kind: 'subscription'
  readonly terms: ContractTerms
  readonly around: OwnBasis
}

export interface RentBasis {
  readonly kind: 'rent'
  readonly id: string
  readonly label: string
  readonly usdPerInstanceHour: Price
  readonly followsDemand: boolean
  readonly spot: SpotInterruptions | undefined
  readonly usdPerStorageGigabyteMonth: Price
  readonly usdPerEgressGigabyte: Price | undefined
  readonly egressBytesPerMonth: number
}

export interface ApiBasis extends CommonBasis {
  readonly kind: 'api'
  readonly prices: ApiPrices
  readonly request: RequestTokens
  readonly batchFraction: number
}

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
