import { z } from 'zod'
import { defineTable, idCell, numberCell, positiveCell, provenance } from './common.ts'

/**
 * What an engine does with device memory, one fact per row, and the unit each is given in. Where there is a
 * `static_reserve`, the engine's own fraction is what that reserve leaves of the device, and `memory_fraction` is for
 * devices of unknown size.
 */
export const engineMemoryUnits = {
  kv_layout: 'choice',
  fraction_base: 'choice',
  memory_fraction: 'fraction',
  static_reserve: 'gib',
  page_tokens: 'token',
  window_pool_ratio: 'ratio',
  stores_key_and_value_apart: 'choice',
  state_bits: 'bit',
  convolution_bits: 'bit',
  indexer_bits: 'bit',
  max_sequences: 'sequence',
  batched_tokens: 'token',
  sampler_bytes_per_logit: 'byte',
  logit_bytes_per_batched_token: 'byte',
  activation_factor: 'ratio',
  activation_bytes_per_element: 'byte',
  encoder_activation: 'gib',
  runtime: 'gib',
  communication: 'gib',
  graphs: 'gib',
  weight_overhead: 'gib',
  rope_table_bytes_per_element: 'byte',
  expert_hidden_multiple: 'element',
  expert_intermediate_multiple: 'element',
} as const
export type EngineMemoryTerm = keyof typeof engineMemoryUnits

const choices: Partial<Record<EngineMemoryTerm, readonly string[]>> = {
  kv_layout: ['equal-pages', 'ratio-pools', 'window-pages', 'padded-cells', 'exact'],
  fraction_base: ['total', 'free-before-weights', 'free-after-weights'],
  stores_key_and_value_apart: ['yes', 'no'],
}

/**
 * One term of one engine. The columns from `vendor` to `least_memory_gib` say where it holds; empty means everywhere,
 * and the row with the most conditions that all hold wins. A term an engine lacks is taken from `generic`.
 */
export const engineMemoryRow = z
  .strictObject({
    engine: idCell,
    term: z.enum(Object.keys(engineMemoryUnits) as [EngineMemoryTerm, ...EngineMemoryTerm[]]),
    vendor: z.string().optional(),
    family: idCell.optional(),
    weight_format: idCell.optional(),
    least_memory_gib: positiveCell().optional(),
    value: numberCell({ least: 0 }).optional(),
    choice: z.string().optional(),
    unit: z.enum(['choice', 'fraction', 'token', 'ratio', 'bit', 'sequence', 'byte', 'gib', 'element']),
    low: numberCell({ least: 0 }).optional(),
    high: numberCell({ least: 0 }).optional(),
    ...provenance,
  })
  .refine((row) => row.unit === engineMemoryUnits[row.term], {
    path: ['unit'],
    message: 'is not the unit of this term',
  })
  .refine((row) => (row.unit === 'choice' ? row.value === undefined : row.choice === undefined), {
    path: ['choice'],
    message: 'only a term whose unit is choice has a choice, and it has no value',
  })
  .refine((row) => (row.unit === 'choice' ? isChoice(row.term, row.choice) : row.value !== undefined), {
    path: ['value'],
    message: 'is missing, or the choice is not one this term knows',
  })
  .refine((row) => row.unit !== 'fraction' || (row.value ?? 0) <= 1, {
    path: ['value'],
    message: 'is above 1',
  })
  .refine((row) => (row.low ?? 0) <= (row.value ?? 0), { path: ['low'], message: 'is above the value' })
  .refine((row) => (row.high ?? row.value ?? 0) >= (row.value ?? 0), {
    path: ['high'],
    message: 'is below the value',
  })
export type EngineMemoryRow = z.output<typeof engineMemoryRow>

function isChoice(term: EngineMemoryTerm, choice: string | undefined): boolean {
  return choice !== undefined && (choices[term]?.includes(choice) ?? false)
}

export const engineMemoryTable = defineTable({
  file: 'engine_memory.csv',
  schema: engineMemoryRow,
  key: ['engine', 'term', 'vendor', 'family', 'weight_format', 'least_memory_gib'],
})
