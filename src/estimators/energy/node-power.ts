/** Coefficients of everything but the accelerators; rows of `catalogs/power_model.csv`. */
export interface NodePowerCoefficients {
  readonly hostShareOfTdp: number
  readonly hostIdleShareOfTdp: number
  readonly processorLoadShare: number
  readonly processorIdleShare: number
  readonly memoryModuleLoadWatts: number
  readonly memoryModuleIdleWatts: number
  readonly networkCardLoadWatts: number
  readonly networkCardIdleWatts: number
  readonly driveLoadWatts: number
  readonly driveIdleWatts: number
  /** Fans and pumps, over what the parts draw. */
  readonly fanShare: number
  readonly supplyEfficiency: number
  readonly switchPortWatts: number
  readonly storageTerabyteWatts: number
}

/** A host whose parts are known. Otherwise the share-of-TDP rule stands for all of them. */
export interface HostParts {
  readonly processors: number
  readonly processorTdpWatts: number
  readonly memoryModules: number
  readonly networkCards: number
  readonly drives: number
}

/**
 * A machine with its accelerators. `machine`: the processor is the accelerator (laptop, desktop with one chip), whose
 * measured idle and load power include everything.
 */
export type Node =
  | {
      readonly kind: 'host'
      readonly accelerators: number
      readonly acceleratorTdpWatts: number
      readonly host: HostParts | undefined
    }
  | {
      readonly kind: 'machine'
      readonly accelerators: number
      readonly idleWatts: number
      readonly loadWatts: number
    }

/** Where the power of IT goes, watts. The parts sum to `totalWatts`. */
export interface ItPower {
  readonly acceleratorWatts: number
  readonly processorWatts: number
  readonly memoryWatts: number
  readonly networkCardWatts: number
  readonly driveWatts: number
  readonly fanWatts: number
  readonly supplyLossWatts: number
  /** The whole host where its parts are unknown: processors, memory, cards, fans and losses in one. */
  readonly hostWatts: number
  readonly switchWatts: number
  readonly storageWatts: number
  readonly totalWatts: number
}

export interface NodeLoad {
  /** Mean power of one accelerator now, watts. */
  readonly boardWatts: number
  /** Share of the time the node serves, 0 (idle) to 1; the host's draw lies between its idle and its load. */
  readonly busyFraction: number
}

const none = {
  processorWatts: 0,
  memoryWatts: 0,
  networkCardWatts: 0,
  driveWatts: 0,
  fanWatts: 0,
  supplyLossWatts: 0,
  hostWatts: 0,
  switchWatts: 0,
  storageWatts: 0,
}

/** One node at a load, at its own plug. */
export function nodePower(c: NodePowerCoefficients, node: Node, load: NodeLoad): ItPower {
  const between = (idle: number, busy: number) => idle + (busy - idle) * load.busyFraction
  if (node.kind === 'machine') {
    const watts = between(node.idleWatts, node.loadWatts)
    return { ...none, acceleratorWatts: watts, totalWatts: watts }
  }
  const acceleratorWatts = node.accelerators * load.boardWatts
  const tdp = node.accelerators * node.acceleratorTdpWatts
  const { host } = node
  if (host === undefined) {
    const hostWatts = tdp * between(c.hostIdleShareOfTdp, c.hostShareOfTdp)
    return { ...none, acceleratorWatts, hostWatts, totalWatts: acceleratorWatts + hostWatts }
  }
  const processorWatts =
    host.processors * host.processorTdpWatts * between(c.processorIdleShare, c.processorLoadShare)
  const memoryWatts = host.memoryModules * between(c.memoryModuleIdleWatts, c.memoryModuleLoadWatts)
  const networkCardWatts = host.networkCards * between(c.networkCardIdleWatts, c.networkCardLoadWatts)
  const driveWatts = host.drives * between(c.driveIdleWatts, c.driveLoadWatts)
  const parts = acceleratorWatts + processorWatts + memoryWatts + networkCardWatts + driveWatts
  const fanWatts = parts * c.fanShare
  const supplyLossWatts = (parts + fanWatts) * (1 / c.supplyEfficiency - 1)
  return {
    acceleratorWatts,
    processorWatts,
    memoryWatts,
    networkCardWatts,
    driveWatts,
    fanWatts,
    supplyLossWatts,
    hostWatts: 0,
    switchWatts: 0,
    storageWatts: 0,
    totalWatts: parts + fanWatts + supplyLossWatts,
  }
}

/** All nodes with the share of fabric and storage that belongs to them. */
export function fleetPower(
  c: NodePowerCoefficients,
  input: {
    readonly node: Node
    readonly nodes: number
    readonly load: NodeLoad
    readonly switchPorts: number
    readonly storageTerabytes: number
  },
): ItPower {
  const one = nodePower(c, input.node, input.load)
  const switchWatts = input.switchPorts * c.switchPortWatts
  const storageWatts = input.storageTerabytes * c.storageTerabyteWatts
  const of = (watts: number) => watts * input.nodes
  return {
    acceleratorWatts: of(one.acceleratorWatts),
    processorWatts: of(one.processorWatts),
    memoryWatts: of(one.memoryWatts),
    networkCardWatts: of(one.networkCardWatts),
    driveWatts: of(one.driveWatts),
    fanWatts: of(one.fanWatts),
    supplyLossWatts: of(one.supplyLossWatts),
    hostWatts: of(one.hostWatts),
    switchWatts,
    storageWatts,
    totalWatts: of(one.totalWatts) + switchWatts + storageWatts,
  }
}

/** Total power of a node is linear in board power and busy share: three numbers serve the search. Watts at the plug. */
export interface NodePowerLine {
  readonly idleHostWatts: number
  readonly busyHostWatts: number
  /** Plug watts per accelerator watt. */
  readonly perAcceleratorWatt: number
}

export function nodePowerLine(c: NodePowerCoefficients, node: Node): NodePowerLine {
  const at = (boardWatts: number, busyFraction: number) =>
    nodePower(c, node, { boardWatts, busyFraction }).totalWatts
  const idleHostWatts = at(0, 0)
  return {
    idleHostWatts,
    busyHostWatts: at(0, 1),
    perAcceleratorWatt: node.kind === 'machine' ? 0 : (at(1, 0) - idleHostWatts) / node.accelerators,
  }
}
