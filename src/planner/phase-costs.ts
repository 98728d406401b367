import type { Price } from '../estimators/cost/lines.ts'
import type { OwnPhase } from '../estimators/cost/own-phases.ts'
import type { RentedTranche } from '../estimators/cost/rent.ts'
import type { SpotInterruptions } from '../estimators/cost/schedule.ts'
import { daysPerWeek, hoursPerDay } from '../foundation/units.ts'
import { type Fleet, type PhaseFleet, runningShare } from './search/fleet.ts'
import type { ServingTask } from './search/serving-types.ts'

/** The fleet's phases as bills count them; one where nothing is added later. */
function phasesOfFleet(fleet: Fleet) {
  return fleet.phases.length === 0 ? [{ ...fleet, startMonth: 0, endMonth: undefined }] : fleet.phases
}

/** Bytes on each machine or site, and of the log at the demand of the first month. */
export interface StoredBytes {
  readonly perCopyBytes: number
  readonly logBytes: number
}

/** What rented instances hold and send in each month: models and adapters stay, the log and the answers follow the demand. */
export function rentedVolumes(input: {
  copies: number
  storage: StoredBytes
  /** Of the first month. */
  egressBytesPerMonth: number
  growthByMonth: readonly number[]
}): { readonly storageBytes: number[]; readonly egressBytesPerMonth: number[] } {
  const { copies, storage, growthByMonth } = input
  return {
    storageBytes: growthByMonth.map((factor) => copies * storage.perCopyBytes + storage.logBytes * factor),
    egressBytesPerMonth: growthByMonth.map((factor) => input.egressBytesPerMonth * factor),
  }
}

/** What is owned from each purchase on. */
export function ownedPhases(input: {
  fleet: Fleet
  onDevice: boolean
  networkPortsPerServer: number
  /** On each server, and once for all at the demand of the first month. */
  storage: StoredBytes
  firstPeakRequestsPerSecond: number
  countsRatedPower: boolean
}): OwnPhase[] {
  const { fleet, onDevice, storage } = input
  // The log of the phase's busiest month: disks are bought for it, as machines are.
  const logBytes = (phase: Fleet | PhaseFleet) =>
    storage.logBytes *
    ('peakRequestsPerSecond' in phase ? phase.peakRequestsPerSecond / input.firstPeakRequestsPerSecond : 1)
  return phasesOfFleet(fleet).map((phase) => ({
    purchaseMonth: phase.startMonth,
    fleet: {
      servers: phase.servers,
      accelerators: phase.accelerators,
      networkPorts: onDevice ? 0 : phase.servers * input.networkPortsPerServer,
      storageBytes: onDevice ? 0 : phase.servers * storage.perCopyBytes + logBytes(phase),
      racks: phase.racks,
      averageItWatts: onDevice && Number.isNaN(phase.averageWatts) ? 0 : phase.averageWatts,
      ratedItWatts: input.countsRatedPower ? phase.nameplateWatts : 0,
    },
  }))
}

/**
 * Instances as they are rented: those that run always from the month that needs them to the end; those that follow the
 * load by phase, as the hours of all of them change with it.
 */
export function rentedTranches(input: {
  fleet: Fleet
  curve: ServingTask['curve']
  followsDemand: boolean
  id: string
  label: string
  usdPerInstanceHour: Price
  spot: SpotInterruptions | undefined
}): RentedTranche[] {
  const { fleet, curve, followsDemand, id, label, usdPerInstanceHour, spot } = input
  const common = { id, label, usdPerInstanceHour, spot }
  let before = 0
  return phasesOfFleet(fleet).flatMap((phase): RentedTranche[] => {
    const share = followsDemand ? runningShare(curve, phase) : 1
    const added = followsDemand ? phase.servers : phase.servers - before
    before = phase.servers
    if (added === 0) return []
    return [
      {
        ...common,
        instances: added,
        schedule:
          share === 1
            ? { kind: 'always-on' }
            : { kind: 'window', hoursPerDay: hoursPerDay * share, daysPerWeek },
        fromMonth: phase.startMonth + 1,
        toMonth: followsDemand ? phase.endMonth : undefined,
      },
    ]
  })
}
