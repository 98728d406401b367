import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { compareText } from '../../foundation/notes.ts'
import { readTable } from '../csv.ts'
import type { TableDefinition } from './common.ts'
import { embodiedTable } from './embodied.ts'
import { acceleratorTable } from './hardware.ts'
import { serverPowerTable, serverPriceTable, serverTable } from './servers.ts'

function rowsOf<Schema extends z.ZodType>(table: TableDefinition<Schema>): z.output<Schema>[] {
  const text = readFileSync(new URL(`../../../catalogs/${table.file}`, import.meta.url), 'utf8')
  const read = readTable({ table, text, file: table.file })
  expect(read.issues).toEqual([])
  const keys = read.rows.map(({ row }) =>
    table.key.map((column) => String((row as Record<string, unknown>)[column] ?? '')).join('\u0000'),
  )
  expect(keys).toEqual([...keys].sort(compareText))
  return read.rows.map((entry) => entry.row)
}

const accelerators = new Map(rowsOf(acceleratorTable).map((row) => [row.id, row]))
const servers = rowsOf(serverTable)
const serverIds = new Set(servers.map((row) => row.id))

describe('servers', () => {
  test('at least 56, a laptop and a phone among them', () => {
    expect(servers.length).toBeGreaterThanOrEqual(56)
    expect(servers.some((row) => row.category === 'laptop')).toBe(true)
    expect(servers.some((row) => row.category === 'phone')).toBe(true)
  })

  test('every accelerator and processor that a server takes is in the catalog, and within its power', () => {
    for (const server of servers) {
      expect(server.accelerators.length, server.id).toBeGreaterThan(0)
      for (const id of server.accelerators) {
        const part = accelerators.get(id)
        expect(part, `${server.id} ${id}`).toBeDefined()
        if (server.max_accelerator_tdp_w === undefined || part?.tdp_w === undefined) continue
        expect(part.tdp_w, `${server.id} ${id}`).toBeLessThanOrEqual(server.max_accelerator_tdp_w)
      }
      for (const id of server.cpu_accelerators ?? []) {
        expect(accelerators.get(id)?.category, `${server.id} ${id}`).toBe('cpu')
      }
    }
  })

  test('a machine whose memory is its accelerator’s says how much it has', () => {
    for (const server of servers) {
      const shared = server.accelerators.some((id) => accelerators.get(id)?.unified_memory === true)
      if (shared) expect(server.ram_typical_gb, server.id).toBeDefined()
      if (server.ram_max_gb === undefined || server.ram_typical_gb === undefined) continue
      expect(server.ram_typical_gb, server.id).toBeLessThanOrEqual(server.ram_max_gb)
    }
  })

  test('columns named as estimated are filled', () => {
    for (const server of servers) {
      for (const column of server.estimated_columns ?? []) {
        expect(server[column as keyof typeof server], `${server.id} ${column}`).toBeDefined()
      }
    }
  })
})

describe('server power', () => {
  const power = rowsOf(serverPowerTable)

  test('every row names a server, and idle is below load is below the most', () => {
    for (const server of servers) {
      const of = (kind: string) =>
        power.find((row) => row.server_id === server.id && row.kind === kind)?.power_w
      const idle = of('idle')
      const load = of('load')
      const most = of('max')
      if (idle !== undefined && load !== undefined) expect(idle, server.id).toBeLessThan(load)
      if (load !== undefined && most !== undefined) expect(load, server.id).toBeLessThanOrEqual(most)
      if (idle !== undefined && most !== undefined) expect(idle, server.id).toBeLessThan(most)
    }
    for (const row of power) expect(serverIds.has(row.server_id), row.server_id).toBe(true)
  })

  test('beside its accelerators a server draws 100 W to 1.5 kW and nine tenths of what they draw', () => {
    const loaded = power.filter((row) => row.kind === 'max' && row.included_accelerator_id !== undefined)
    expect(loaded.length).toBeGreaterThan(30)
    for (const row of loaded) {
      const tdp = accelerators.get(row.included_accelerator_id!)?.tdp_w
      expect(tdp, row.server_id).toBeDefined()
      const parts = row.included_accelerators! * tdp!
      const hostShare = row.power_w - parts
      expect(hostShare, row.server_id).toBeGreaterThan(100)
      expect(hostShare, row.server_id).toBeLessThan(1_500 + 0.9 * parts)
    }
  })

  test('what a power figure includes is an accelerator of that server', () => {
    for (const row of power) {
      const server = servers.find((entry) => entry.id === row.server_id)!
      if (row.included_accelerator_id === undefined) continue
      expect(server.accelerators, row.server_id).toContain(row.included_accelerator_id)
      expect(row.included_accelerators, row.server_id).toBeLessThanOrEqual(server.accelerator_slots)
    }
  })
})

describe('server prices', () => {
  test('what a price includes fits the server, and the price lies in its range', () => {
    const prices = rowsOf(serverPriceTable)
    expect(prices.length).toBeGreaterThan(40)
    for (const row of prices) {
      const server = servers.find((entry) => entry.id === row.server_id)
      expect(server, row.server_id).toBeDefined()
      expect(row.included_accelerators, row.server_id).toBeLessThanOrEqual(server!.accelerator_slots)
      expect(row.included_accelerator_id !== undefined, row.server_id).toBe(row.included_accelerators > 0)
      if (row.included_accelerator_id !== undefined)
        expect(server!.accelerators, row.server_id).toContain(row.included_accelerator_id)
      expect(row.price_low_usd ?? row.price_usd, row.server_id).toBeLessThanOrEqual(row.price_usd)
      expect(row.price_high_usd ?? row.price_usd, row.server_id).toBeGreaterThanOrEqual(row.price_usd)
    }
  })
})

describe('embodied carbon', () => {
  const embodied = rowsOf(embodiedTable)
  const kilograms = (kind: string, id: string) =>
    embodied
      .filter((row) => row.item_kind === kind && row.item_id === id && row.kg_co2e !== undefined)
      .map((row) => row.kg_co2e!)

  test('accelerators of the table are accelerators of the catalog', () => {
    for (const row of embodied) {
      if (row.item_kind === 'accelerator') expect(accelerators.has(row.item_id), row.item_id).toBe(true)
    }
  })

  test('every row claims something', () => {
    for (const row of embodied) {
      const claim = row.kg_co2e ?? row.pe_mj ?? row.adpe_kg_sbeq ?? row.lifetime_years
      expect(claim, `${row.item_kind} ${row.item_id}`).toBeDefined()
    }
  })

  test('kilograms, not grams: an accelerator weighs 30 to 1000 kg CO2e, a server 300 to 10,000', () => {
    for (const row of embodied) {
      if (row.kg_co2e === undefined) continue
      const [least, most] =
        row.item_kind === 'accelerator'
          ? [30, 1_000]
          : row.item_kind === 'server'
            ? [300, 10_000]
            : [0, 10_000]
      expect(row.kg_co2e, row.item_id).toBeGreaterThanOrEqual(least)
      expect(row.kg_co2e, row.item_id).toBeLessThanOrEqual(most)
    }
  })

  test('H100 SXM keeps the range of its sources: an eighth of 1312 kg against 575.2 kg bottom-up', () => {
    const claims = kilograms('accelerator', 'h100-sxm-80')
    expect(Math.min(...claims)).toBe(1312 / 8)
    expect(Math.max(...claims)).toBe(575.2)
  })

  test('the parts of the H100 board sum to 1191.8 kg, below the board with assembly and transport', () => {
    const parts = embodied.filter((row) => row.item_kind === 'baseboard-component')
    const sum = parts.reduce((total, row) => total + row.kg_co2e!, 0)
    expect(sum).toBeCloseTo(546 + 332 + 230 + 52 + 10.6 + 9 + 4.8 + 7.4, 6)
    expect(sum).toBeLessThan(kilograms('baseboard', 'hgx-h100-8')[0]!)
  })
})
