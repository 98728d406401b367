import { z } from 'zod'
import { defineTable, idCell, numberCell, positiveCell, provenance } from './common.ts'

/**
 * `accelerator`: item_id of `accelerators.csv` · `host`: of `servers.csv` where it is there, without accelerators
 * (a whole machine where they are part of it) · `server`: a whole server with what its configuration says ·
 * `baseboard`: a board of accelerators · `cpu`, `dram`, `ssd`, `hdd`, `factor`: per the unit in `per` ·
 * `lifetime`: years only.
 */
export const embodiedKinds = [
  'accelerator',
  'baseboard',
  'baseboard-component',
  'host',
  'server',
  'cpu',
  'dram',
  'ssd',
  'hdd',
  'network',
  'rack',
  'factor',
  'lifetime',
] as const

export const embodiedScopes = [
  'cradle-to-gate',
  'manufacture',
  'manufacture-transport-end-of-life',
  'accounting-life',
  'service-life',
] as const

/**
 * One claim about making one thing, in kilograms CO2e (not grams). Sources disagree up to fourfold, so an item has
 * several rows and a reader takes lowest, middle and highest.
 */
export const embodiedRow = z.strictObject({
  item_kind: z.enum(embodiedKinds),
  item_id: idCell,
  configuration: z.string().optional(),
  kg_co2e: numberCell({ least: 0.001, most: 50_000 }).optional(),
  /** What one figure is for: one piece, or one gigabyte, square centimetre, kilogram of it. */
  per: z.enum(['unit', 'gb', 'cm2', 'mm2', 'kg']),
  scope: z.enum(embodiedScopes),
  /** Primary energy, megajoule. */
  pe_mj: positiveCell(1_000_000).optional(),
  /** Abiotic depletion, kilogram antimony equivalent. */
  adpe_kg_sbeq: positiveCell(10).optional(),
  /** Life that the source spreads the burden over. */
  lifetime_years: positiveCell(30).optional(),
  ...provenance,
})
export type EmbodiedRow = z.output<typeof embodiedRow>
export const embodiedTable = defineTable({
  file: 'embodied.csv',
  schema: embodiedRow,
  key: ['item_kind', 'item_id', 'configuration', 'scope', 'source_id', 'as_of'],
})
