import type { AcceleratorRow, Catalog, ServerRow } from '../../catalogs/catalog.ts'
import { compareText, type Sentence, sentence } from '../../foundation/notes.ts'
import { allowedAccelerators, allowedServers, slotsFor } from '../hosts.ts'
import { deviceMemory } from '../inputs.ts'
import type { PlanNotSearched } from '../plan-types.ts'
import type { ResolvedScenario } from '../scenario/resolve.ts'
import { notSearched } from './left-out.ts'
import { isQuoted } from './subscriptions.ts'

/** An accelerator the scenario allows, and the machines of the catalog that take it. */
export interface SearchDevice {
  readonly row: AcceleratorRow
  /** Of one device that software sees. */
  readonly usableBytes: number
  readonly devicesPerPart: number
  /** Devices that share fast links. */
  readonly linkDomainDevices: number
  readonly hosts: readonly SearchHost[]
}

/** A machine with this accelerator in it; parts are what is plugged in, devices what software sees. */
export interface SearchHost {
  readonly server: ServerRow
  /** Most parts of this accelerator that slots, supplies and heat allow. */
  readonly parts: number
  /** Sold only full: modules on a board, machines whose chip is soldered in. */
  readonly whole: boolean
  /** Servers of this kind that are already owned; undefined: they are bought. */
  readonly owned: number | undefined
}

/** Machines whose accelerators are plugged in one by one. */
const modular: ReadonlySet<ServerRow['category']> = new Set([
  'pcie-gpu',
  'rack-general',
  'tower',
  'workstation',
  'edge',
])

export type NotSearched = PlanNotSearched

/** Accelerators and hosts of the scenario, in the order of the catalog, and what was left out and why. */
export function searchDevices(input: { catalog: Catalog; resolved: ResolvedScenario }): {
  devices: SearchDevice[]
  notSearched: NotSearched[]
} {
  const { catalog, resolved } = input
  const wish = resolved.scenario.hardware ?? {}
  const excluded = new Set((wish.exclude ?? []).map((name) => partId(catalog, name)))
  const vendors = new Set((wish.excludeVendors ?? []).map((vendor) => vendor.toLowerCase()))
  const owned = (wish.owned ?? []).map((entry) => ({
    server: catalog.server(entry.server).id,
    accelerator: catalog.accelerator(entry.accelerator).id,
    count: entry.count,
  }))
  const servers = allowedServers({ catalog, resolved })
  const devices: SearchDevice[] = []
  const noMemory: string[] = []
  const noHost: string[] = []
  for (const row of allowedAccelerators({ catalog, resolved })) {
    if (excluded.has(row.id) || vendors.has(row.vendor.toLowerCase())) continue
    const memory = deviceMemory(catalog, row)
    if (memory === undefined) {
      noMemory.push(row.id)
      continue
    }
    const hosts = catalog
      .rows('servers')
      .filter(
        (server) =>
          (server.accelerators.includes(row.id) || server.cpu_accelerators?.includes(row.id) === true) &&
          (servers === undefined || servers.has(server.id)) &&
          !excluded.has(server.id) &&
          !vendors.has(server.vendor.toLowerCase()) &&
          coolingAllowed(server, resolved) &&
          (owned.length === 0 ||
            owned.some((entry) => entry.server === server.id && entry.accelerator === row.id) ||
            isQuoted(resolved, { serverId: server.id, acceleratorId: row.id })),
      )
      .map((server) => hostOf({ catalog, server, accelerator: row, owned }))
      .filter((host) => host.parts > 0)
      .sort((a, b) => compareText(a.server.id, b.server.id))
    if (hosts.length === 0 && row.category !== 'cloud-only') noHost.push(row.id)
    devices.push({
      row,
      usableBytes: memory.usableBytes,
      devicesPerPart: row.devices_per_part,
      linkDomainDevices: row.link_domain_accelerators * row.devices_per_part,
      hosts,
    })
  }
  return {
    devices,
    notSearched: [
      listed({
        what: sentence('accelerators', 'accelerators'),
        why: sentence('memory-unpublished', 'nobody has published the memory that an engine finds on them'),
        ids: noMemory,
      }),
      listed({
        what: sentence('accelerators-owned', 'accelerators, as owned hardware'),
        why: sentence('no-server', 'no allowed server of the catalog takes them'),
        ids: noHost,
      }),
    ].flat(),
  }
}

function listed(input: { what: Sentence; why: Sentence; ids: readonly string[] }): NotSearched[] {
  const { what, why, ids } = input
  if (ids.length === 0) return []
  const names = ids.join(', ')
  const named = sentence(what.code, `${what.message}: ${names}`, { ids: names })
  return [notSearched({ what: named, why, count: ids.length })]
}

function coolingAllowed(server: ServerRow, resolved: ResolvedScenario): boolean {
  const { cooling } = resolved.limits
  return cooling === undefined || cooling.includes(server.cooling)
}

/** An accelerator or a server by any of its names. */
function partId(catalog: Catalog, name: string): string {
  try {
    return catalog.accelerator(name).id
  } catch {
    return catalog.server(name).id
  }
}

function hostOf(input: {
  catalog: Catalog
  server: ServerRow
  accelerator: AcceleratorRow
  owned: readonly { server: string; accelerator: string; count: number }[]
}): SearchHost {
  const { server, accelerator } = input
  const slots = slotsFor(server, accelerator)
  const tooHot =
    server.max_accelerator_tdp_w !== undefined && (accelerator.tdp_w ?? 0) > server.max_accelerator_tdp_w
  const supplied = suppliedParts(server, accelerator)
  return {
    server,
    parts: tooHot ? 0 : Math.min(slots, accelerator.max_per_server ?? slots, supplied),
    whole: !modular.has(server.category),
    owned: input.owned.find((entry) => entry.server === server.id && entry.accelerator === accelerator.id)
      ?.count,
  }
}

/** Parts whose TDP, with the processors', all power supplies together can feed. */
function suppliedParts(server: ServerRow, accelerator: AcceleratorRow): number {
  const { tdp_w } = accelerator
  if (server.psu_installed_w === undefined || tdp_w === undefined) return Number.POSITIVE_INFINITY
  const processors = accelerator.category === 'cpu' ? 0 : (server.cpu_tdp_w ?? 0) * server.cpu_sockets
  // A chip with its own supply (a laptop, a phone) is sold as one: its label already fits.
  if (!modular.has(server.category)) return Number.POSITIVE_INFINITY
  return Math.max(0, Math.floor((server.psu_installed_w - processors) / tdp_w))
}
