import { secondsPerMonth } from '../../foundation/units.ts'
import type { LoadLevel } from './load-curve.ts'
import { hoursPerWeek } from './load-curve.ts'
import { fleetPower, type ItPower, type Node, type NodePowerCoefficients } from './node-power.ts'
import { type ReplicaAtPeak, type ReplicaPower, replicaPowerAtLoad } from './replica-power.ts'

export interface DeploymentEnergyInput {
  readonly coefficients: NodePowerCoefficients
  readonly replica: ReplicaAtPeak
  readonly replicas: number
  readonly acceleratorsPerReplica: number
  readonly node: Node
  readonly nodes: number
  readonly switchPorts: number
  readonly storageTerabytes: number
  /** The week; see `weekLevels`. */
  readonly levels: readonly LoadLevel[]
  /** The demand's peak over what the replicas deliver at theirs, 0 to 1: spare capacity runs below its peak. */
  readonly peakUtilisationFraction: number
  /** What machines do in hours without load. */
  readonly whenUnused: 'idle' | 'off'
  /** Output tokens a month, over all replicas. */
  readonly outputTokensPerMonth: number
  readonly pueRatio: number | undefined
}

export interface PowerAtLevel extends LoadLevel {
  readonly it: ItPower
}

export interface DeploymentEnergy {
  /** At the demand's peak, of the IT alone, by part. */
  readonly peakIt: ItPower
  /** Mean over the week, by part. */
  readonly averageIt: ItPower
  readonly levels: readonly PowerAtLevel[]
  /** At the meter of the building; undefined where PUE is unknown. */
  readonly peakFacilityWatts: number | undefined
  readonly averageFacilityWatts: number | undefined
  readonly itJoulesPerMonth: number
  /** What PUE adds: cooling, distribution, light. */
  readonly overheadJoulesPerMonth: number | undefined
  readonly facilityJoulesPerMonth: number | undefined
  /** At the peak, boards only: comparable with published measurements. */
  readonly boardJoulesPerOutputTokenAtPeak: number
  /** IT energy of the month over its output tokens, idle hours included; undefined without tokens. */
  readonly itJoulesPerOutputToken: number | undefined
  readonly facilityJoulesPerOutputToken: number | undefined
}

const off: ItPower = {
  acceleratorWatts: 0,
  processorWatts: 0,
  memoryWatts: 0,
  networkCardWatts: 0,
  driveWatts: 0,
  fanWatts: 0,
  supplyLossWatts: 0,
  hostWatts: 0,
  switchWatts: 0,
  storageWatts: 0,
  totalWatts: 0,
}
const parts = Object.keys(off) as (keyof ItPower)[]

/** Energy of a deployment over its week of load; every total is the sum of its parts. */
export function deploymentEnergy(input: DeploymentEnergyInput): DeploymentEnergy {
  const levels = input.levels.map((level) => ({ ...level, it: itPowerAt(input, level.loadFraction) }))
  const peakIt = itPowerAt(input, 1)
  const averageIt = weightedMean(levels)
  const itJoulesPerMonth = averageIt.totalWatts * secondsPerMonth
  const pue = input.pueRatio
  const overheadJoulesPerMonth = pue === undefined ? undefined : itJoulesPerMonth * (pue - 1)
  const facilityJoulesPerMonth =
    overheadJoulesPerMonth === undefined ? undefined : itJoulesPerMonth + overheadJoulesPerMonth
  const tokens = input.outputTokensPerMonth
  return {
    peakIt,
    averageIt,
    levels,
    peakFacilityWatts: pue === undefined ? undefined : peakIt.totalWatts * pue,
    averageFacilityWatts: pue === undefined ? undefined : averageIt.totalWatts * pue,
    itJoulesPerMonth,
    overheadJoulesPerMonth,
    facilityJoulesPerMonth,
    boardJoulesPerOutputTokenAtPeak: boardJoulesPerOutputToken(input.replica, input.acceleratorsPerReplica),
    itJoulesPerOutputToken: tokens > 0 ? itJoulesPerMonth / tokens : undefined,
    facilityJoulesPerOutputToken:
      tokens > 0 && facilityJoulesPerMonth !== undefined ? facilityJoulesPerMonth / tokens : undefined,
  }
}

/** Board energy of one output token with the replica at its peak, joules: N · P · t / B. */
export function boardJoulesPerOutputToken(replica: ReplicaAtPeak, acceleratorsPerReplica: number): number {
  const { boardWatts } = replicaPowerAtLoad(replica, 1, { boardWatts: 0, busyFraction: 0 })
  const sequences = replica.sequences * replica.model.attentionDataParallel
  return (acceleratorsPerReplica * boardWatts * replica.stepSeconds) / sequences
}

/** IT power of all nodes at a share of the demand's peak. Accelerators that no replica uses idle. */
function itPowerAt(input: DeploymentEnergyInput, loadFraction: number): ItPower {
  if (loadFraction <= 0 && input.whenUnused === 'off') return off
  const power: ReplicaPower = { boardWatts: 0, busyFraction: 0 }
  replicaPowerAtLoad(input.replica, loadFraction * input.peakUtilisationFraction, power)
  const used = input.replicas * input.acceleratorsPerReplica
  const installed = input.nodes * input.node.accelerators
  const spare = Math.max(installed - used, 0)
  const { idleWatts } = input.replica
  return fleetPower(input.coefficients, {
    node: input.node,
    nodes: input.nodes,
    load: {
      boardWatts: (used * power.boardWatts + spare * idleWatts) / (used + spare),
      busyFraction: power.busyFraction,
    },
    switchPorts: input.switchPorts,
    storageTerabytes: input.storageTerabytes,
  })
}

function weightedMean(levels: readonly PowerAtLevel[]): ItPower {
  const mean = { ...off } as { -readonly [K in keyof ItPower]: number }
  const hours = levels.reduce((sum, level) => sum + level.hoursPerWeek, 0)
  // A week without hours has no mean; callers pass whole weeks.
  for (const { hoursPerWeek: share, it } of levels)
    for (const part of parts) mean[part] += (it[part] * share) / (hours > 0 ? hours : hoursPerWeek)
  return mean
}
