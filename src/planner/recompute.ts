import { apiLines } from '../estimators/cost/api.ts'
import { cashFlowOf, netPresentValueUsd, sumOf } from '../estimators/cost/cash-flow.ts'
import { demandByMonth } from '../estimators/cost/growth.ts'
import type { CostLine } from '../estimators/cost/lines.ts'
import { spotHoursPerUsefulHour } from '../estimators/cost/schedule.ts'
import { hoursPerMonth, kilo, tokensPerMillion } from '../foundation/units.ts'
import { type Load, machineLines } from './recompute-lines.ts'
import type {
  ApiBasis,
  MachinesBasis,
  RecomputeBasis,
  RecomputeChanges,
  RentBasis,
} from './recompute-types.ts'
import { emptyFleet, type Fleet, fleetOf, runningWatts } from './search/fleet.ts'
import { phasesOf } from './search/phases.ts'
import { createServing } from './search/serving.ts'
import { emptyServing, type Serving, type ServingTask } from './search/serving-types.ts'

export type * from './recompute-types.ts'

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
