import type { AcceleratorRow, Catalog, Row } from '../../catalogs/catalog.ts'
import { newest } from '../../catalogs/views.ts'
import { type CoolingKind, type PowerModel, powerModel } from '../../estimators/energy/coefficients.ts'
import {
  type HostParts,
  type Node,
  type NodePowerLine,
  nodePowerLine,
} from '../../estimators/energy/node-power.ts'
import { gramsPerKilogram } from '../../foundation/units.ts'
import type { SearchHost } from './devices.ts'
import { embodiedGrams, type MachinePrice, machinePrice, type Spread } from './prices.ts'

/** A machine that replicas go into: a server to own, or an instance to rent. */
export interface Machine {
  readonly id: string
  readonly name: string
  readonly accelerator: AcceleratorRow
  /** Set for machines to own. */
  readonly host: SearchHost | undefined
  readonly parts: number
  readonly whole: boolean
  readonly ownedCount: number
  readonly rackUnits: number
  /** By the number of accelerators in it; index 0 is unused. */
  readonly power: readonly MachinePower[]
  readonly price: MachinePrice | undefined
  readonly embodiedServer: Spread | undefined
  readonly embodiedAccelerator: Spread | undefined
  /** No row of its own: the figures of its kind stand in. */
  readonly embodiedOfKind: boolean
}

export interface MachinePower {
  readonly line: NodePowerLine
  /** The most that it can draw, for circuits. */
  readonly nameplateWatts: number
}

/** Power model by way of cooling, read once. */
export function powerModels(catalog: Catalog): (cooling: CoolingKind) => PowerModel {
  const rows = catalog.rows('powerModel')
  const known = new Map<CoolingKind, PowerModel>()
  return (cooling) => {
    let model = known.get(cooling)
    if (model === undefined) {
      model = powerModel(rows, { stack: 'current', cooling })
      known.set(cooling, model)
    }
    return model
  }
}

/** Idle power of a part: its own row, else its family's share of TDP. */
export function idleWatts(catalog: Catalog, accelerator: AcceleratorRow): number {
  const own = newest(catalog.rowsBy('acceleratorPower', 'accelerator_id').get(accelerator.id))
  if (own !== undefined) return own.idle_w
  const share = catalog.rowsBy('idleFractions', 'family').get(accelerator.family)?.[0]?.idle_fraction
  return share === undefined || accelerator.tdp_w === undefined ? Number.NaN : share * accelerator.tdp_w
}

const integrated: ReadonlySet<string> = new Set(['soc-desktop', 'laptop', 'phone'])

export function ownedMachine(input: {
  catalog: Catalog
  models: (cooling: CoolingKind) => PowerModel
  accelerator: AcceleratorRow
  host: SearchHost
}): Machine {
  const { catalog, accelerator, host } = input
  const { server } = host
  const whole = integrated.has(server.category)
  const power: MachinePower[] = []
  for (let parts = 0; parts <= host.parts; parts += 1) {
    const node = nodeOf({ catalog, accelerator, host, parts: Math.max(1, parts) })
    const line = nodePowerLine(input.models(server.cooling).node, node)
    power.push({ line, nameplateWatts: nameplate({ catalog, accelerator, host, parts, line }) })
  }
  const embodied = embodiedOf({
    catalog,
    acceleratorId: accelerator.id,
    serverId: server.id,
    integrated: whole,
  })
  return {
    id: server.id,
    name: server.name,
    accelerator,
    host,
    parts: host.parts,
    whole: host.whole,
    ownedCount: host.owned ?? Number.POSITIVE_INFINITY,
    rackUnits: server.rack_units ?? 0,
    power,
    price: machinePrice({ catalog, server, accelerator, slots: host.parts }),
    ...embodied,
  }
}

export function rentedMachine(input: {
  catalog: Catalog
  models: (cooling: CoolingKind) => PowerModel
  accelerator: AcceleratorRow
  provider: string
  instance: string
  accelerators: number
}): Machine {
  const { catalog, accelerator } = input
  const node: Node = {
    kind: 'host',
    accelerators: input.accelerators,
    acceleratorTdpWatts: accelerator.tdp_w ?? Number.NaN,
    host: undefined,
  }
  const line = nodePowerLine(input.models('air').node, node)
  const one = {
    line,
    nameplateWatts: line.busyHostWatts + input.accelerators * (accelerator.tdp_w ?? Number.NaN),
  }
  return {
    id: `${input.provider}:${input.instance}`,
    name: input.instance,
    accelerator,
    host: undefined,
    parts: input.accelerators,
    whole: true,
    ownedCount: Number.POSITIVE_INFINITY,
    rackUnits: 0,
    power: new Array<MachinePower>(input.accelerators + 1).fill(one),
    price: undefined,
    ...embodiedOf({ catalog, acceleratorId: accelerator.id, serverId: undefined, integrated: false }),
  }
}

function nodeOf(input: {
  catalog: Catalog
  accelerator: AcceleratorRow
  host: SearchHost
  parts: number
}): Node {
  const { accelerator, host } = input
  const { server } = host
  const rows = input.catalog.rowsBy('serverPower', 'server_id').get(server.id) ?? []
  const watts = (kind: Row<'serverPower'>['kind']) => newest(rows.filter((row) => row.kind === kind))?.power_w
  if (integrated.has(server.category) || accelerator.category === 'cpu') {
    const loadWatts = watts('load') ?? watts('max') ?? watts('rated') ?? Number.NaN
    return { kind: 'machine', accelerators: input.parts, idleWatts: watts('idle') ?? Number.NaN, loadWatts }
  }
  const parts: HostParts | undefined =
    server.cpu_tdp_w === undefined
      ? undefined
      : {
          processors: server.cpu_sockets,
          processorTdpWatts: server.cpu_tdp_w,
          memoryModules: server.dimm_slots ?? 0,
          networkCards: server.nic_count ?? 0,
          drives: 0,
        }
  return {
    kind: 'host',
    accelerators: input.parts,
    acceleratorTdpWatts: accelerator.tdp_w ?? Number.NaN,
    host: parts,
  }
}

/** The published maximum with these accelerators, else every part at its limit at once. */
function nameplate(input: {
  catalog: Catalog
  accelerator: AcceleratorRow
  host: SearchHost
  parts: number
  line: NodePowerLine
}): number {
  const { accelerator, host, parts, line } = input
  const rows = (input.catalog.rowsBy('serverPower', 'server_id').get(host.server.id) ?? []).filter(
    (row) =>
      row.included_accelerator_id === undefined ||
      (row.included_accelerator_id === accelerator.id && row.included_accelerators === parts),
  )
  const published =
    newest(rows.filter((row) => row.kind === 'max' && row.included_accelerators !== 0)) ??
    newest(rows.filter((row) => row.kind === 'rated' && integrated.has(host.server.category)))
  if (published !== undefined) return published.power_w
  return line.busyHostWatts + line.perAcceleratorWatt * parts * (accelerator.tdp_w ?? Number.NaN)
}

/** Making a machine and each accelerator in it, g CO2e. Where a row is missing, the spread over its kind. */
function embodiedOf(input: {
  catalog: Catalog
  acceleratorId: string
  serverId: string | undefined
  integrated: boolean
}): Pick<Machine, 'embodiedServer' | 'embodiedAccelerator' | 'embodiedOfKind'> {
  const { catalog, serverId } = input
  const own = (kind: 'accelerator' | 'host' | 'server', id: string) =>
    embodiedGrams(catalog, kind, id, gramsPerKilogram)
  const server = serverId === undefined ? undefined : (own('host', serverId) ?? own('server', serverId))
  if (input.integrated)
    return { embodiedServer: server, embodiedAccelerator: undefined, embodiedOfKind: false }
  const accelerator = own('accelerator', input.acceleratorId)
  return {
    embodiedServer: server ?? spreadOfKind(catalog, 'host'),
    embodiedAccelerator: accelerator ?? spreadOfKind(catalog, 'accelerator'),
    embodiedOfKind: server === undefined || accelerator === undefined,
  }
}

const kindSpreads = new WeakMap<Catalog, Map<string, Spread | undefined>>()

/** Lowest, median and highest of all rows of a kind: wide, and said to be so. */
function spreadOfKind(catalog: Catalog, kind: 'accelerator' | 'host'): Spread | undefined {
  let known = kindSpreads.get(catalog)
  if (known === undefined) {
    known = new Map()
    kindSpreads.set(catalog, known)
  }
  if (!known.has(kind)) {
    const rows = (catalog.rowsBy('embodied', 'item_kind').get(kind) ?? []).filter(
      (row) => row.per === 'unit' && row.kg_co2e !== undefined,
    )
    const values = rows.map((row) => (row.kg_co2e ?? 0) * gramsPerKilogram).sort((a, b) => a - b)
    known.set(
      kind,
      values.length === 0
        ? undefined
        : {
            low: values[0]!,
            mid: values[Math.floor((values.length - 1) / 2)]!,
            high: values[values.length - 1]!,
            sourceIds: [...new Set(rows.map((row) => row.source_id))].slice(0, 3),
          },
    )
  }
  return known.get(kind)
}
