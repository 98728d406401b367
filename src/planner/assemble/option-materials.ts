import { giga, tera } from '../../foundation/units.ts'
import { ownedPhases } from '../phase-costs.ts'
import type { PlanMaterial } from '../plan-option-types.ts'
import type { PlanPhase } from '../plan-phase-types.ts'
import { storageCopies } from '../search/offer-inputs.ts'
import { opexRow } from '../search/own-cost.ts'
import type { PurchasePrice } from '../search/prices.ts'
import type { SearchSpace } from '../search/space.ts'
import type { Contract, Detail, MachineDetail } from './detail.ts'

/** The years of a growing demand; undefined where it does not grow. */
export function optionPhases(detail: MachineDetail): PlanPhase[] | undefined {
  const { phases } = detail.fleet
  if (phases.length === 0) return undefined
  return phases.map((phase, index) => {
    const before = phases[index - 1]
    return {
      fromMonth: phase.startMonth + 1,
      toMonth: phase.endMonth,
      peakRequestsPerSecond: phase.peakRequestsPerSecond,
      replicasNeeded: phase.replicasNeeded,
      requestsPerSecond: phase.replicasNeeded * detail.serving.capacityRequestsPerSecond,
      replicas: phase.replicas,
      servers: phase.servers,
      accelerators: phase.accelerators,
      racks: phase.racks,
      addedServers: phase.servers - (before?.servers ?? 0),
      addedAccelerators: phase.accelerators - (before?.accelerators ?? 0),
      ...(Number.isNaN(phase.averageWatts) ? {} : { averageWatts: phase.averageWatts }),
    }
  })
}

/** What is bought or rented, first what stands from the first day, then what a growing demand adds later. */
export function optionMaterials(space: SearchSpace, detail: Detail): PlanMaterial[] {
  if (detail.kind === 'api') return []
  return additionsOf(space, detail).flatMap((added) =>
    added.neededFromMonth === 1
      ? materialsOf(space, detail, added)
      : materialsOf(space, detail, added)
          .filter(({ quantity }) => quantity > 0)
          .map((material) => ({ ...material, neededFromMonth: added.neededFromMonth })),
  )
}

interface Addition {
  readonly neededFromMonth: number
  readonly servers: number
  readonly accelerators: number
  readonly racks: number
  readonly storageBytes: number
}

function additionsOf(space: SearchSpace, detail: MachineDetail): Addition[] {
  const { fleet, storageBytes } = detail
  if (fleet.phases.length === 0) return [{ ...fleet, neededFromMonth: 1, storageBytes }]
  const stored = ownedPhases({
    fleet,
    onDevice: detail.place.kind === 'device',
    networkPortsPerServer: space.networkPortsPerServer,
    storage: storageCopies(space, detail.unit),
    firstPeakRequestsPerSecond: space.workload.peakRequestsPerSecond,
    countsRatedPower: false,
  }).map((phase) => phase.fleet.storageBytes)
  return fleet.phases.map((phase, index): Addition => {
    const before = fleet.phases[index - 1]
    return {
      neededFromMonth: phase.startMonth + 1,
      servers: phase.servers - (before?.servers ?? 0),
      accelerators: phase.accelerators - (before?.accelerators ?? 0),
      racks: phase.racks - (before?.racks ?? 0),
      storageBytes: stored[index]! - (stored[index - 1] ?? 0),
    }
  })
}

function materialsOf(space: SearchSpace, detail: MachineDetail, added: Addition): PlanMaterial[] {
  const { site, cloud, contract, place, device } = detail
  if (cloud !== undefined)
    return [
      {
        id: `${cloud.provider}:${cloud.instance}`,
        kind: 'instance',
        name: `${cloud.instance} with ${cloud.accelerators} × ${device.row.name}`,
        quantity: added.servers,
        unit: 'instance',
        unitPriceUsd: cloud.usdPerHour,
        unitPriceLowUsd: cloud.lowUsdPerHour,
        unitPriceHighUsd: cloud.highUsdPerHour,
        sourceId: cloud.sourceId,
        note: `Per hour, ${cloud.term}, ${cloud.asOf}.`,
        noteCode: {
          code: 'rent-per-hour',
          values: {
            instance: cloud.instance,
            accelerators: cloud.accelerators,
            accelerator: device.row.name,
            term: cloud.term,
            date: cloud.asOf,
          },
        },
      },
    ]
  const { price, host } = site.machine
  const own = host?.owned !== undefined
  const owned = own && {
    note: 'Owned already and not on the bill; its price new is what maintenance is a share of.',
    noteCode: { code: 'owned' },
  }
  const materials: PlanMaterial[] = [
    {
      id: site.machine.id,
      kind: 'server',
      name: site.machine.name,
      quantity: added.servers,
      unit: 'server',
      ...(contract === undefined
        ? { ...unitPrice(price?.server), ...owned }
        : subscribed(contract, 'server')),
    },
    {
      id: device.row.id,
      kind: 'accelerator',
      name: device.row.name,
      quantity: added.accelerators,
      unit: 'accelerator',
      ...(contract !== undefined
        ? subscribed(contract, 'accelerator')
        : price?.accelerator === undefined
          ? { note: 'In the price of the server.', noteCode: { code: 'in-server-price' } }
          : { ...unitPrice(price.accelerator), ...owned }),
    },
  ]
  if (place.kind === 'device') return materials
  const opex = (id: string, scale = 1) => {
    const row = opexRow(space.catalog, id)
    return { unitPriceUsd: row.value * scale, sourceId: row.source_id }
  }
  materials.push(
    {
      id: 'network-port-100-gbps',
      kind: 'network-port',
      name: 'Switch port with optics and cable, 100 Gbit/s',
      quantity: added.servers * space.networkPortsPerServer,
      unit: 'port',
      ...opex('network-per-port-100-gbps'),
    },
    {
      id: 'storage-nvme',
      kind: 'storage',
      name: 'NVMe storage',
      quantity: added.storageBytes / giga,
      unit: 'GB',
      ...opex('storage-nvme-per-tb', giga / tera),
    },
  )
  if (added.racks > 0 && (place.kind === 'on-prem' || contract !== undefined))
    materials.push({
      id: 'rack',
      kind: 'rack',
      name: 'Rack with cabling',
      quantity: added.racks,
      unit: 'rack',
      ...opex('rack-and-cabling'),
    })
  return materials
}

/** Nothing is bought: what is metered says what it costs, what comes with it that it does. */
function subscribed(contract: Contract, unit: 'server' | 'accelerator') {
  const { id } = contract.quote
  return contract.terms.unit === unit
    ? {
        note: `Not bought: paid by use, as the quote ${id} says.`,
        noteCode: { code: 'paid-by-use', values: { quote: id } },
      }
    : { note: 'Not bought: comes with the subscription.', noteCode: { code: 'in-subscription' } }
}

function unitPrice(price: PurchasePrice | undefined) {
  if (price === undefined) return {}
  return {
    unitPriceUsd: price.usd,
    unitPriceLowUsd: price.lowUsd,
    unitPriceHighUsd: price.highUsd,
    sourceId: price.sourceId,
    ...(price.note === '' ? {} : { note: price.note }),
  }
}
