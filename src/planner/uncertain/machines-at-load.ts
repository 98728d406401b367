import type { MachineDetail } from '../assemble/detail.ts'
import { emptyFleet, type Fleet, fleetOf, type PhaseFleet, runningShare } from '../search/fleet.ts'
import { storageOfUnit } from '../search/offer-inputs.ts'
import { createServing } from '../search/serving.ts'
import { emptyServing, replicasFor } from '../search/serving-types.ts'
import type { SearchSpace } from '../search/space.ts'

/** What stands there when demand or speed come out otherwise, over what is planned. */
export interface MachineRatios {
  /** At the end of the horizon: what has been bought by then. */
  servers: number
  accelerators: number
  racks: number
  storageBytes: number
  /** On the first day. */
  firstServers: number
  firstAccelerators: number
  firstRacks: number
  /** Mean over the horizon: what is run. */
  meanServers: number
  meanAccelerators: number
  /** What circuits are contracted for. */
  ratedWatts: number
  /** Mean servers times the share of the hours that they run. */
  running: number
  averageWatts: number
}

export const asPlanned: MachineRatios = {
  servers: 1,
  accelerators: 1,
  racks: 1,
  storageBytes: 1,
  firstServers: 1,
  firstAccelerators: 1,
  firstRacks: 1,
  meanServers: 1,
  meanAccelerators: 1,
  ratedWatts: 1,
  running: 1,
  averageWatts: 1,
}

/** Shares of what a replica may serve at which its power is worked out; between them it is taken as linear. */
const loadNodes = [0.25, 0.5, 0.75, 1]

/**
 * Machines for another demand, or for replicas that serve more or less than predicted. Replicas are counted anew, in
 * whole servers and with the same headroom and spares: what it takes to keep the targets, not what the planned machines
 * would do. A faster replica works off the same requests in less time, so its power is that of a smaller load.
 */
export function machinesAtLoad(
  space: SearchSpace,
  detail: MachineDetail,
): (at: { readonly demand: number; readonly speed: number }, out: MachineRatios) => MachineRatios {
  const { task } = space
  const { site, device, partsPerReplica, place, cloud } = detail
  const { capacityRequestsPerSecond: capacity } = detail.serving
  const usable = capacity * (1 - task.headroomFraction)
  const powerAt = boardPower(space, detail, usable)
  const storage = storageOfUnit(space, detail.unit)
  const perCopyBytes = storage.versionsBytes + storage.adapterBytes
  const phases = task.phases ?? []
  const serving = { ...detail.serving, phases: detail.serving.phases.map((phase) => ({ ...phase })) }
  const fleet = emptyFleet()
  const follows = cloud?.followsDemand === true
  const shares = new Map<number, number>()
  const shareOf = (of: Fleet | PhaseFleet) => {
    let share = follows ? shares.get(of.serversNeeded) : 1
    if (share === undefined) {
      share = runningShare(task.curve, of)
      shares.set(of.serversNeeded, share)
    }
    return share
  }
  /** Means over the horizon of servers that run, and of what they draw. */
  const running = (of: Fleet): { servers: number; watts: number } => {
    if (of.phases.length === 0) {
      const share = shareOf(of)
      return { servers: of.servers * share, watts: of.averageWatts * share }
    }
    const sum = { servers: 0, watts: 0 }
    let months = 0
    for (const phase of of.phases) {
      const length = phase.endMonth - phase.startMonth
      const share = shareOf(phase) * length
      months += length
      sum.servers += phase.servers * share
      sum.watts += phase.averageWatts * share
    }
    return { servers: sum.servers / months, watts: sum.watts / months }
  }
  const planned = detail.fleet
  const plannedRunning = running(planned)
  return ({ demand, speed }, out) => {
    const at = demand / speed
    const peak = task.peakRequestsPerSecond * at
    serving.replicas = replicasFor(peak, usable)
    powerAt(peak / serving.replicas, serving)
    for (const [index, { peakRequestsPerSecond, meanPeakRequestsPerSecond }] of phases.entries()) {
      const phase = serving.phases[index]!
      phase.replicas = replicasFor(peakRequestsPerSecond * at, usable)
      powerAt((meanPeakRequestsPerSecond * at) / phase.replicas, phase)
    }
    fleetOf(
      {
        machine: site.machine,
        serving,
        partsPerReplica,
        devicesPerPart: device.devicesPerPart,
        idleWatts: device.idleWatts,
        limits: space.resolved.limits,
      },
      fleet,
    )
    const first = fleet.phases[0] ?? fleet
    const plannedFirst = planned.phases[0] ?? planned
    const now = running(fleet)
    out.servers = fleet.servers / planned.servers
    out.accelerators = fleet.accelerators / planned.accelerators
    out.racks = over(fleet.racks, planned.racks)
    out.storageBytes =
      place.kind === 'device'
        ? 1
        : over(
            (cloud === undefined ? fleet.servers : fleet.sites) * perCopyBytes + storage.logBytes * demand,
            detail.storageBytes,
          )
    out.firstServers = first.servers / plannedFirst.servers
    out.firstAccelerators = first.accelerators / plannedFirst.accelerators
    out.firstRacks = over(first.racks, plannedFirst.racks)
    out.meanServers = fleet.meanServers / planned.meanServers
    out.meanAccelerators = fleet.meanAccelerators / planned.meanAccelerators
    out.ratedWatts = ratedWatts(fleet) / ratedWatts(planned)
    out.running = now.servers / plannedRunning.servers
    out.averageWatts = now.watts / plannedRunning.watts
    return out
  }
}

/** Machines are of one kind, so rated power goes with their number. */
function ratedWatts(of: Fleet): number {
  return (of.nameplateWatts / of.servers) * of.meanServers
}

/** Of nothing there is never more. */
function over(value: number, base: number): number {
  return base === 0 ? 1 : value / base
}

interface PowerAtLoad {
  averageBoardWatts: number
  averageBusyFraction: number
}

/** Mean power of a board over the week by the peak rate of its replica; the planned load is one of the nodes. */
function boardPower(
  space: SearchSpace,
  detail: MachineDetail,
  usable: number,
): (rate: number, out: PowerAtLoad) => void {
  const { task } = space
  const { serving, replica, device } = detail
  const idle = { rate: 0, averageBoardWatts: device.idleWatts, averageBusyFraction: 0 }
  // Loads that are planned are nodes themselves, so that nothing moves where nothing comes out otherwise.
  const planned = [
    { ...serving, rate: task.peakRequestsPerSecond / serving.replicas },
    ...serving.phases.map((phase, index) => ({
      ...phase,
      rate: (task.phases?.[index]?.meanPeakRequestsPerSecond ?? Number.NaN) / phase.replicas,
    })),
  ].map(({ rate, averageBoardWatts, averageBusyFraction }) => ({
    rate,
    averageBoardWatts,
    averageBusyFraction,
  }))
  const nodes = [idle]
  const beside = (rate: number) => nodes.some((node) => Math.abs(rate / node.rate - 1) < 1e-3)
  for (const node of planned) if (!nodes.some((other) => other.rate === node.rate)) nodes.push(node)
  for (const share of loadNodes) {
    const rate = usable * share
    if (beside(rate)) continue
    const { averageBoardWatts, averageBusyFraction } = createServing({
      ...task,
      peakRequestsPerSecond: rate,
      phases: [],
    })(replica, emptyServing())
    nodes.push({ rate, averageBoardWatts, averageBusyFraction })
  }
  nodes.sort((a, b) => a.rate - b.rate)
  return (rate, out) => {
    let index = 1
    while (index < nodes.length - 1 && nodes[index]!.rate < rate) index += 1
    const [below, above] = [nodes[index - 1]!, nodes[index]!]
    const share = (rate - below.rate) / (above.rate - below.rate)
    const between = (a: number, b: number) => a + (b - a) * share
    out.averageBoardWatts = between(below.averageBoardWatts, above.averageBoardWatts)
    out.averageBusyFraction = between(below.averageBusyFraction, above.averageBusyFraction)
  }
}
