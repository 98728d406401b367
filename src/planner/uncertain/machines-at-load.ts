import type { MachineDetail } from '../assemble/detail.ts'
import { unitsInUse } from '../contract-lines.ts'
import { emptyFleet, type Fleet, fleetOf, type PhaseFleet, runningShare } from '../search/fleet.ts'
import { storageOfUnit } from '../search/offer-inputs.ts'
import { createServing } from '../search/serving.ts'
import { emptyServing, replicasFor } from '../search/serving-types.ts'
import type { SearchSpace } from '../search/space.ts'
import { contractCostOf, monthlyDiscounts } from '../search/subscriptions.ts'
import { type Column, constant, type Factors } from './factors.ts'

/** What stands there when demand or speed come out otherwise, over what is planned. */
export interface MachineRatios {
  /** At the end of the horizon: what has been bought by then. */
  readonly servers: Column
  readonly accelerators: Column
  readonly racks: Column
  readonly storageBytes: Column
  /** On the first day; the same columns where nothing is bought later. */
  readonly firstServers: Column
  readonly firstAccelerators: Column
  readonly firstRacks: Column
  /** Mean over the horizon: what is run. */
  readonly meanServers: Column
  readonly meanAccelerators: Column
  /** What circuits are contracted for. */
  readonly ratedWatts: Column
  /** Mean servers times the share of the hours that they run. */
  readonly running: Column
  readonly averageWatts: Column
  /** What a subscription bills in all, USD: use above its base is in no proportion to anything planned. */
  readonly contract?: ContractColumns
}

export interface ContractColumns {
  readonly totalUsd: Column
  readonly netPresentUsd: Column
}

/** No machines, or none that change. */
export function asPlanned(rows: number): MachineRatios {
  const ones = constant(rows, 1)
  return {
    servers: ones,
    accelerators: ones,
    racks: ones,
    storageBytes: ones,
    firstServers: ones,
    firstAccelerators: ones,
    firstRacks: ones,
    meanServers: ones,
    meanAccelerators: ones,
    ratedWatts: ones,
    running: ones,
    averageWatts: ones,
  }
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
  factors: Pick<Factors, 'demand' | 'speed'>,
): MachineRatios {
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
  const plannedFirst = planned.phases[0] ?? planned
  const rows = factors.demand.length
  const column = () => new Float64Array(rows)
  const same = phases.length === 0
  const servers = column()
  const accelerators = column()
  const racks = column()
  const out = {
    servers,
    accelerators,
    racks,
    storageBytes: column(),
    firstServers: same ? servers : column(),
    firstAccelerators: same ? accelerators : column(),
    firstRacks: same ? racks : column(),
    meanServers: same ? servers : column(),
    meanAccelerators: same ? accelerators : column(),
    ratedWatts: column(),
    running: column(),
    averageWatts: column(),
    ...(detail.contract === undefined ? {} : { contract: { totalUsd: column(), netPresentUsd: column() } }),
  }
  const billed = contractAtLoad(space, detail)
  const counted = {
    machine: site.machine,
    serving,
    partsPerReplica,
    devicesPerPart: device.devicesPerPart,
    idleWatts: device.idleWatts,
    limits: space.resolved.limits,
  }
  const onDevice = place.kind === 'device'
  for (let row = 0; row < rows; row += 1) {
    const demand = factors.demand[row]!
    const load = demand / factors.speed[row]!
    const peak = task.peakRequestsPerSecond * load
    serving.replicas = replicasFor(peak, usable)
    powerAt(peak / serving.replicas, serving)
    for (let index = 0; index < phases.length; index += 1) {
      const { peakRequestsPerSecond, meanPeakRequestsPerSecond } = phases[index]!
      const phase = serving.phases[index]!
      phase.replicas = replicasFor(peakRequestsPerSecond * load, usable)
      powerAt((meanPeakRequestsPerSecond * load) / phase.replicas, phase)
    }
    fleetOf(counted, fleet)
    if (out.contract !== undefined) {
      const { totalUsd, netPresentUsd } = billed(fleet, load)
      out.contract.totalUsd[row] = totalUsd
      out.contract.netPresentUsd[row] = netPresentUsd
    }
    const now = running(fleet)
    out.servers[row] = fleet.servers / planned.servers
    out.accelerators[row] = fleet.accelerators / planned.accelerators
    out.racks[row] = over(fleet.racks, planned.racks)
    const copies = cloud === undefined ? fleet.servers : fleet.sites
    out.storageBytes[row] = onDevice
      ? 1
      : over(copies * perCopyBytes + detail.logBytes * demand, detail.storageBytes)
    out.ratedWatts[row] = ratedWatts(fleet) / ratedWatts(planned)
    out.running[row] = now.servers / plannedRunning.servers
    out.averageWatts[row] = now.watts / plannedRunning.watts
    if (same) continue
    const first = fleet.phases[0] ?? fleet
    out.firstServers[row] = first.servers / plannedFirst.servers
    out.firstAccelerators[row] = first.accelerators / plannedFirst.accelerators
    out.firstRacks[row] = over(first.racks, plannedFirst.racks)
    out.meanServers[row] = fleet.meanServers / planned.meanServers
    out.meanAccelerators[row] = fleet.meanAccelerators / planned.meanAccelerators
  }
  return out
}

/** What the contract of a subscription costs for other machines under another load. */
function contractAtLoad(space: SearchSpace, detail: MachineDetail) {
  const { contract, serving, partsPerReplica } = detail
  const { horizonMonths, discountRatePerYearFraction: ratePerYearFraction } = space.resolved.limits.finance
  const discounts = monthlyDiscounts({ horizonMonths, ratePerYearFraction })
  const out = { totalUsd: 0, netPresentUsd: 0 }
  return (fleet: Fleet, load: number) => {
    if (contract === undefined) return out
    // Maintenance beside it is a category of its own.
    const { maintenance: _, ...terms } = contract.terms
    const usedUnits = unitsInUse({
      unit: terms.unit,
      requestsPerMonth: space.workload.requestsPerMonth * load,
      capacityRequestsPerSecond: serving.capacityRequestsPerSecond,
      partsPerReplica,
      replicasPerServer: fleet.replicasPerServer,
    })
    return contractCostOf({ terms, fleet, usedUnits, growthByMonth: space.growthByMonth, discounts }, out)
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
  const rates = loadNodes.map((share) => usable * share).filter((rate) => !beside(rate))
  // Each load as a phase of its own: what a replica can serve is then looked for once.
  const phases = rates.map((rate) => ({
    startMonth: 0,
    endMonth: 0,
    peakRequestsPerSecond: rate,
    meanPeakRequestsPerSecond: rate,
  }))
  const out = createServing({ ...task, phases })(replica, emptyServing())
  for (const [index, { averageBoardWatts, averageBusyFraction }] of out.phases.entries())
    nodes.push({ rate: rates[index]!, averageBoardWatts, averageBusyFraction })
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
