import { joulesPerKilowattHour, secondsPerMonth } from '../../foundation/units.ts'
import type { LoadLevel } from './load-curve.ts'
import type { NodePowerLine } from './node-power.ts'
import { type ReplicaAtPeak, type ReplicaPower, replicaPowerAtLoad } from './replica-power.ts'

/**
 * Power, energy, carbon and water of a candidate in one pass for the search: numbers in, numbers out, nothing
 * allocated. A test holds it to the sums of `deploymentEnergy` and `footprint`. Unknown inputs are NaN here and make
 * NaN, never 0.
 */
export interface SearchEnergyInput {
  replica: ReplicaAtPeak
  replicas: number
  acceleratorsPerReplica: number
  nodes: number
  acceleratorsPerNode: number
  line: NodePowerLine
  /** Fabric and storage, watts. */
  sharedWatts: number
  levels: readonly LoadLevel[]
  peakUtilisationFraction: number
  whenUnused: 'idle' | 'off'
  pueRatio: number
  locationGramsCo2ePerKwh: number
  onSiteLitresPerItKwh: number
  generationLitresPerKwh: number
  embodiedGramsPerMonth: number
}

export interface SearchEnergy {
  peakItWatts: number
  averageItWatts: number
  itJoulesPerMonth: number
  facilityJoulesPerMonth: number
  operationalGramsPerMonth: number
  totalGramsPerMonth: number
  waterLitresPerMonth: number
}

export function emptySearchEnergy(): SearchEnergy {
  return {
    peakItWatts: 0,
    averageItWatts: 0,
    itJoulesPerMonth: 0,
    facilityJoulesPerMonth: 0,
    operationalGramsPerMonth: 0,
    totalGramsPerMonth: 0,
    waterLitresPerMonth: 0,
  }
}

const power: ReplicaPower = { boardWatts: 0, busyFraction: 0 }

function itWatts(input: SearchEnergyInput, loadFraction: number): number {
  if (loadFraction <= 0 && input.whenUnused === 'off') return 0
  replicaPowerAtLoad(input.replica, loadFraction * input.peakUtilisationFraction, power)
  const used = input.replicas * input.acceleratorsPerReplica
  const spare = Math.max(input.nodes * input.acceleratorsPerNode - used, 0)
  const { idleHostWatts, busyHostWatts, perAcceleratorWatt } = input.line
  const boards = used * power.boardWatts + spare * input.replica.idleWatts
  const scale = (input.nodes * input.acceleratorsPerNode) / (used + spare)
  return (
    input.nodes * (idleHostWatts + power.busyFraction * (busyHostWatts - idleHostWatts)) +
    perAcceleratorWatt * boards * scale +
    input.sharedWatts
  )
}

/** Fills `out` and returns it. */
export function searchEnergy(input: SearchEnergyInput, out: SearchEnergy): SearchEnergy {
  let hours = 0
  let sum = 0
  for (let index = 0; index < input.levels.length; index += 1) {
    const level = input.levels[index]!
    hours += level.hoursPerWeek
    sum += level.hoursPerWeek * itWatts(input, level.loadFraction)
  }
  const average = sum / hours
  const itJoules = average * secondsPerMonth
  const facilityJoules = itJoules * input.pueRatio
  const itKwh = itJoules / joulesPerKilowattHour
  const meterKwh = facilityJoules / joulesPerKilowattHour
  out.peakItWatts = itWatts(input, 1)
  out.averageItWatts = average
  out.itJoulesPerMonth = itJoules
  out.facilityJoulesPerMonth = facilityJoules
  out.operationalGramsPerMonth = meterKwh * input.locationGramsCo2ePerKwh
  out.totalGramsPerMonth = out.operationalGramsPerMonth + input.embodiedGramsPerMonth
  out.waterLitresPerMonth = itKwh * input.onSiteLitresPerItKwh + meterKwh * input.generationLitresPerKwh
  return out
}
