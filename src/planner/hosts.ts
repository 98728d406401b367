import type { AcceleratorRow, Catalog, ServerRow } from '../catalogs/catalog.ts'
import type { ResolvedScenario } from './scenario/resolve.ts'

/** How many of this accelerator the machine holds. A processor fills the sockets. */
export function slotsFor(server: ServerRow, accelerator: AcceleratorRow): number {
  if (server.cpu_accelerators?.includes(accelerator.id) && !server.accelerators.includes(accelerator.id))
    return server.cpu_sockets
  const single = /1-slot/.test(accelerator.form_factor) ? server.single_slot_accelerators : undefined
  return single ?? server.accelerator_slots
}

/** Accelerators the scenario allows, by id order. */
export function allowedAccelerators(input: {
  catalog: Catalog
  resolved: ResolvedScenario
}): AcceleratorRow[] {
  const wish = input.resolved.scenario.hardware ?? {}
  const ids =
    wish.accelerators === undefined
      ? undefined
      : new Set(wish.accelerators.map((name) => input.catalog.accelerator(name).id))
  const vendors = wish.vendors?.map((vendor) => vendor.toLowerCase())
  const deviceKinds = ['integrated', 'phone', 'edge', 'consumer']
  return input.catalog.rows('accelerators').filter(
    (row) =>
      (ids === undefined || ids.has(row.id)) &&
      (wish.categories === undefined || wish.categories.includes(row.category)) &&
      (vendors === undefined || vendors.includes(row.vendor.toLowerCase())) &&
      // What cannot be bought can only be rented.
      (row.category !== 'cloud-only' || input.resolved.placeKinds.includes('cloud')) &&
      (!input.resolved.onDevice || deviceKinds.includes(row.category)),
  )
}

/** Machines the scenario names, or undefined for all. */
export function allowedServers(input: {
  catalog: Catalog
  resolved: ResolvedScenario
}): ReadonlySet<string> | undefined {
  const names = input.resolved.scenario.hardware?.servers
  return names === undefined ? undefined : new Set(names.map((name) => input.catalog.server(name).id))
}
