import { z } from 'zod'
import { defineTable, idCell, listCell, numberCell, positiveCell, provenance, wholeCell } from './common.ts'

export const serverCategories = [
  '8-gpu-hgx',
  '8-gpu-oam',
  '4-gpu-hgx',
  'pcie-gpu',
  'superchip-sled',
  'rack-scale',
  'rack-general',
  'tower',
  'workstation',
  'edge',
  'soc-desktop',
  'laptop',
  'phone',
] as const
export type ServerCategory = (typeof serverCategories)[number]

/** A machine that holds accelerators: server, workstation, desktop, laptop, phone. */
export const serverRow = z.strictObject({
  id: idCell,
  name: z.string(),
  vendor: z.string(),
  category: z.enum(serverCategories),
  form_factor: z.string(),
  rack_units: positiveCell(60).optional(),
  depth_mm: positiveCell(2_000).optional(),
  weight_kg: positiveCell(3_000).optional(),
  /** Places for double-wide cards or modules; 1 where the accelerator is part of the machine. */
  accelerator_slots: wholeCell({ least: 1, most: 128 }),
  /** Places where only single-slot cards are fitted, if that is more. */
  single_slot_accelerators: wholeCell({ least: 1, most: 128 }).optional(),
  slot_forms: listCell,
  /** Ids of `accelerators.csv` that the machine is sold or tested with. */
  accelerators: listCell,
  max_accelerator_tdp_w: positiveCell(5_000).optional(),
  cpu: z.string(),
  /** Processors of `accelerators.csv` that fit the sockets, for inference without accelerator. */
  cpu_accelerators: listCell.optional(),
  cpu_sockets: wholeCell({ least: 1, most: 128 }),
  /** One socket. */
  cpu_tdp_w: positiveCell(1_000).optional(),
  dimm_slots: wholeCell({ least: 1, most: 64 }).optional(),
  ram_max_gb: positiveCell(100_000).optional(),
  ram_typical_gb: positiveCell(100_000).optional(),
  psu: z.string().optional(),
  /** Sum of all power supplies, redundant ones too: never a draw. */
  psu_installed_w: positiveCell(300_000).optional(),
  network: z.string().optional(),
  nic_count: wholeCell({ least: 1, most: 128 }).optional(),
  nic_gbit_per_s: positiveCell(3_200).optional(),
  cooling: z.enum(['air', 'liquid', 'hybrid', 'passive']),
  inlet_low_c: numberCell({ least: -40, most: 30 }).optional(),
  inlet_high_c: numberCell({ least: 15, most: 60 }).optional(),
  airflow_cfm: positiveCell(5_000).optional(),
  intra_fabric: z.string().optional(),
  /** Columns of this row that are weaker than its `quality`. */
  estimated_columns: listCell.optional(),
  also_in: listCell.optional(),
  ...provenance,
})
export type ServerRow = z.output<typeof serverRow>
export const serverTable = defineTable({ file: 'servers.csv', schema: serverRow, key: ['id'] })

/**
 * `idle`: powered, no work · `load`: seen while it works · `max`: the most that it draws ·
 * `rated`: what its supply or label allows, which is no draw.
 */
export const serverPowerKinds = ['idle', 'load', 'max', 'rated'] as const

/** Power at the wall of the whole machine in the named configuration. */
export const serverPowerRow = z.strictObject({
  server_id: idCell,
  kind: z.enum(serverPowerKinds),
  /** The accelerators the figure is for; 0 = host alone, empty = the machine as sold. */
  included_accelerator_id: idCell.optional(),
  included_accelerators: wholeCell({ least: 0, most: 128 }).optional(),
  configuration: z.string().optional(),
  power_w: positiveCell(300_000),
  ...provenance,
})
export type ServerPowerRow = z.output<typeof serverPowerRow>
export const serverPowerTable = defineTable({
  file: 'server_power.csv',
  schema: serverPowerRow,
  key: ['server_id', 'kind', 'included_accelerator_id', 'included_accelerators', 'source_id', 'as_of'],
})

export const serverPriceRow = z.strictObject({
  server_id: idCell,
  condition: z.enum(['new', 'used']),
  /** What is in the price; empty with 0 where accelerators are not. */
  included_accelerator_id: idCell.optional(),
  included_accelerators: wholeCell({ least: 0, most: 128 }),
  configuration: z.string().optional(),
  price_usd: positiveCell(20_000_000),
  price_low_usd: positiveCell(20_000_000).optional(),
  price_high_usd: positiveCell(20_000_000).optional(),
  ...provenance,
})
export type ServerPriceRow = z.output<typeof serverPriceRow>
export const serverPriceTable = defineTable({
  file: 'server_prices.csv',
  schema: serverPriceRow,
  key: ['server_id', 'condition', 'included_accelerator_id', 'included_accelerators', 'source_id', 'as_of'],
})
