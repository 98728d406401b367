import type { ResolvedLimits } from '../scenario/resolve-limits.ts'
import { timeBelow } from './load-curve.ts'
import type { Machine } from './machines.ts'
import type { Serving, ServingTask } from './serving-types.ts'

/** Whole machines that carry a number of replicas, spares and a second site included. Written in place. */
export interface Fleet {
  replicasPerServer: number
  /** Accelerators bought or rented in each server. */
  partsPerServer: number
  serversNeeded: number
  spareServers: number
  sites: number
  servers: number
  replicas: number
  accelerators: number
  racks: number
  rackUnitsPerSite: number
  nameplateWattsPerSite: number
  nameplateWatts: number
  averageWatts: number
  peakWatts: number
  /** Machines one rack holds; 0 = not even one. */
  serversPerRack: number
  /** Mean over the months of the horizon, as are the average watts; all other counts are those at its end. */
  meanServers: number
  meanAccelerators: number
  /** One per phase of the load: machines that stand in it. Empty where all stand from the first day on. */
  phases: PhaseFleet[]
}

/** Written in place, like the fleet. */
export interface PhaseFleet {
  startMonth: number
  endMonth: number
  peakRequestsPerSecond: number
  /** For the phase's peak; spares not counted. */
  replicasNeeded: number
  serversNeeded: number
  sites: number
  servers: number
  replicas: number
  accelerators: number
  racks: number
  nameplateWatts: number
  averageWatts: number
}

export function emptyFleet(): Fleet {
  return {
    replicasPerServer: 0,
    partsPerServer: 0,
    serversNeeded: 0,
    spareServers: 0,
    sites: 1,
    servers: 0,
    replicas: 0,
    accelerators: 0,
    racks: 0,
    rackUnitsPerSite: 0,
    nameplateWattsPerSite: 0,
    nameplateWatts: 0,
    averageWatts: 0,
    peakWatts: 0,
    serversPerRack: 0,
    meanServers: 0,
    meanAccelerators: 0,
    phases: [],
  }
}

function emptyPhaseFleet(): PhaseFleet {
  return {
    startMonth: 0,
    endMonth: 0,
    peakRequestsPerSecond: 0,
    replicasNeeded: 0,
    serversNeeded: 0,
    sites: 1,
    servers: 0,
    replicas: 0,
    accelerators: 0,
    racks: 0,
    nameplateWatts: 0,
    averageWatts: 0,
  }
}

/** The little of a machine and of the limits that counting needs: a page that recomputes holds no more. */
export type FleetMachine = Pick<Machine, 'parts' | 'whole' | 'rackUnits' | 'power'>
export type FleetLimits = Pick<ResolvedLimits, 'availability' | 'wattsPerRack'> & {
  readonly site: Pick<ResolvedLimits['site'], 'rackUnitsPerRack'>
}

const spares = { none: 0, 'n+1': 1, 'n+2': 2, 'two-sites': 0 } as const

interface FleetInput {
  readonly machine: FleetMachine
  readonly serving: Serving
  readonly partsPerReplica: number
  readonly devicesPerPart: number
  readonly idleWatts: number
  readonly limits: FleetLimits
}

/**
 * Fills `out` for so many replicas of `partsPerReplica` accelerators in one kind of machine; false where a replica does
 * not fit the machine. A spare is a whole machine as full as the others, so that any one may fail. Spare replicas have
 * the weights loaded and draw idle power; the work stays with those that the peak needs.
 */
export function fleetOf(input: FleetInput, out: Fleet): boolean {
  const { machine, serving, partsPerReplica, devicesPerPart, limits } = input
  const most = Math.floor(machine.parts / partsPerReplica)
  if (most === 0) return false
  const needed = Math.ceil(serving.replicas / most)
  const perServer = Math.ceil(serving.replicas / needed)
  const sites = limits.availability === 'two-sites' ? 2 : 1
  const spare = spares[limits.availability]
  const perSite = needed + spare
  const parts = machine.whole ? machine.parts : perServer * partsPerReplica
  const servers = perSite * sites
  const power = machine.power[parts]!
  out.replicasPerServer = perServer
  out.partsPerServer = parts
  out.serversNeeded = needed
  out.spareServers = servers - needed
  out.sites = sites
  out.servers = servers
  out.replicas = serving.replicas + (servers - needed) * perServer
  out.accelerators = servers * parts
  out.nameplateWattsPerSite = perSite * power.nameplateWatts
  out.nameplateWatts = servers * power.nameplateWatts
  rackMachines(machine, perSite, power.nameplateWatts, limits, out)
  const working = serving.replicas * partsPerReplica * devicesPerPart
  const idle = out.accelerators * devicesPerPart - working
  const boards = (watts: number) => working * watts + idle * input.idleWatts
  const { line } = power
  const range = line.busyHostWatts - line.idleHostWatts
  out.averageWatts =
    servers * line.idleHostWatts +
    needed * range * serving.averageBusyFraction +
    line.perAcceleratorWatt * boards(serving.averageBoardWatts)
  out.peakWatts =
    servers * line.idleHostWatts +
    needed * range * Math.min(1, serving.concurrency) +
    line.perAcceleratorWatt * boards(serving.peakBoardWatts)
  out.meanServers = servers
  out.meanAccelerators = out.accelerators
  if (serving.phases.length > 0) fillPhases(input, out)
  else if (out.phases.length > 0) out.phases.length = 0
  return true
}

/**
 * Machines of each phase: the same kind, each as full as those at the end, so that a later purchase adds whole machines
 * and changes none. The means follow.
 */
function fillPhases(input: FleetInput, out: Fleet): void {
  const { machine, serving, partsPerReplica, devicesPerPart, limits } = input
  const { line, nameplateWatts } = machine.power[out.partsPerServer]!
  const { phases } = serving
  out.phases.length = phases.length
  let months = 0
  let servers = 0
  let accelerators = 0
  let watts = 0
  for (let index = 0; index < phases.length; index += 1) {
    const phase = phases[index]!
    let into = out.phases[index]
    if (into === undefined) {
      into = emptyPhaseFleet()
      out.phases[index] = into
    }
    const needed = Math.ceil(phase.replicas / out.replicasPerServer)
    const perSite = needed + spares[limits.availability]
    into.startMonth = phase.startMonth
    into.endMonth = phase.endMonth
    into.peakRequestsPerSecond = phase.peakRequestsPerSecond
    into.replicasNeeded = phase.replicas
    into.serversNeeded = needed
    into.sites = out.sites
    into.servers = perSite * out.sites
    into.replicas = phase.replicas + (into.servers - needed) * out.replicasPerServer
    into.accelerators = into.servers * out.partsPerServer
    into.racks =
      machine.rackUnits === 0 || out.serversPerRack === 0
        ? 0
        : Math.ceil(perSite / out.serversPerRack) * out.sites
    into.nameplateWatts = into.servers * nameplateWatts
    const working = phase.replicas * partsPerReplica * devicesPerPart
    const idle = into.accelerators * devicesPerPart - working
    into.averageWatts =
      into.servers * line.idleHostWatts +
      needed * (line.busyHostWatts - line.idleHostWatts) * phase.averageBusyFraction +
      line.perAcceleratorWatt * (working * phase.averageBoardWatts + idle * input.idleWatts)
    const length = phase.endMonth - phase.startMonth
    months += length
    servers += length * into.servers
    accelerators += length * into.accelerators
    watts += length * into.averageWatts
  }
  out.meanServers = servers / months
  out.meanAccelerators = accelerators / months
  out.averageWatts = watts / months
}

/** Machines without rack units stand on desks. */
function rackMachines(
  machine: FleetMachine,
  perSite: number,
  nameplateWatts: number,
  limits: FleetLimits,
  out: Fleet,
): void {
  const { rackUnits } = machine
  out.rackUnitsPerSite = perSite * rackUnits
  if (rackUnits === 0) {
    out.racks = 0
    out.serversPerRack = 1
    return
  }
  const byHeight = Math.floor(limits.site.rackUnitsPerRack / rackUnits)
  const byPower =
    limits.wattsPerRack === undefined
      ? Number.POSITIVE_INFINITY
      : Math.floor(limits.wattsPerRack / nameplateWatts)
  out.serversPerRack = Math.min(byHeight, byPower)
  out.racks = out.serversPerRack === 0 ? 0 : Math.ceil(perSite / out.serversPerRack) * out.sites
}

/**
 * Share of the hours that instances run when they follow the load: as many as the hour needs, at least one, and the
 * spares always. Exact for the load curve.
 */
export function runningShare(
  curve: ServingTask['curve'],
  fleet: { readonly serversNeeded: number; readonly servers: number; readonly sites: number },
): number {
  const { serversNeeded: needed, servers, sites } = fleet
  let working = 0
  for (let below = 0; below < needed; below += 1) working += 1 - timeBelow(curve, below / needed)
  const mean = curve.workingFraction * working + (1 - curve.workingFraction)
  const always = servers - needed * sites
  return (mean * sites + always) / servers
}

/** Mean draw over the horizon of instances that run only as long as the load needs them, W. */
export function runningWatts(curve: ServingTask['curve'], fleet: Fleet): number {
  const { phases } = fleet
  if (phases.length === 0) return fleet.averageWatts * runningShare(curve, fleet)
  let months = 0
  let watts = 0
  for (let index = 0; index < phases.length; index += 1) {
    const phase = phases[index]!
    const length = phase.endMonth - phase.startMonth
    months += length
    watts += length * phase.averageWatts * runningShare(curve, phase)
  }
  return watts / months
}
