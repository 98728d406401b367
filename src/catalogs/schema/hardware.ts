import { z } from 'zod'
import {
  dateCell,
  defineTable,
  flagCell,
  fractionCell,
  idCell,
  listCell,
  numberCell,
  positiveCell,
  provenance,
  wholeCell,
} from './common.ts'

/** Groups parts that share kernels and power behaviour; fitted factors are looked up by it. */
export const acceleratorFamilies = [
  'ada',
  'ampere',
  'apple',
  'blackwell',
  'blackwell-ultra',
  'cdna2',
  'cdna3',
  'cdna4',
  'cloud-ai',
  'cpu-arm',
  'cpu-x86',
  'gaudi',
  'hopper',
  'mobile',
  'neuron',
  'rdna3',
  'rdna4',
  'tpu',
  'turing',
  'volta',
  'xe-hpc',
  'xe2',
] as const
export type AcceleratorFamily = (typeof acceleratorFamilies)[number]

/** `integrated`: shares the memory of a laptop or desktop. `cloud-only`: cannot be bought. */
export const acceleratorCategories = [
  'datacentre',
  'workstation',
  'consumer',
  'integrated',
  'edge',
  'phone',
  'cpu',
  'cloud-only',
] as const

/** No dense rate of one part is beyond this many TFLOP/s today: a larger figure is a slip of unit or a sum. */
const highestRate = 50_000
const rateCell = positiveCell(highestRate).optional()

/**
 * What a maker's datasheet says of one part. Rates are dense peaks; an empty rate means that the part has none for
 * that format, or that nobody published it.
 */
export const acceleratorRow = z.strictObject({
  id: idCell,
  name: z.string(),
  /** Other spellings, without regard to case; each names this part and no other. */
  aliases: listCell.optional(),
  vendor: z.string(),
  family: z.enum(acceleratorFamilies),
  architecture: z.string(),
  category: z.enum(acceleratorCategories),
  form_factor: z.string(),
  /** Devices that software sees in this part. All figures of the row are the whole part's. */
  devices_per_part: wholeCell({ least: 1, most: 16 }),
  /** The vendor's label, decimal or binary as the vendor pleases: for reading, not for arithmetic. */
  memory_gb: positiveCell(8192),
  memory_type: z.string(),
  unified_memory: flagCell,
  memory_bandwidth_gb_per_s: numberCell({ least: 10, most: 100_000 }),
  fp32_tflop_per_s: rateCell,
  /** With 32-bit accumulation, as inference engines use it. */
  fp16_tflop_per_s: rateCell,
  /** With 16-bit accumulation: twice as fast on GeForce cards, used by llama.cpp. */
  fp16_fast_accumulate_tflop_per_s: rateCell,
  bf16_tflop_per_s: rateCell,
  fp8_tflop_per_s: rateCell,
  fp4_tflop_per_s: rateCell,
  int8_top_per_s: rateCell,
  int4_top_per_s: rateCell,
  /** Best way between two parts of one server; empty where a machine holds one part only. */
  link: z.string().optional(),
  /** What one part can send while it receives as much: half of the figure that vendors print. */
  link_gb_per_s_one_way: positiveCell(10_000).optional(),
  /** How many parts the link joins; 1 = none but PCIe. */
  link_domain_accelerators: wholeCell({ least: 1, most: 100_000 }),
  pcie_generation: wholeCell({ least: 2, most: 7 }).optional(),
  pcie_lanes: wholeCell({ least: 1, most: 32 }).optional(),
  /** Of the part; of the whole chip package where processor and GPU are one. */
  tdp_w: positiveCell(5_000).optional(),
  /** Hardware partitions (MIG, compute partitions); 0 = none. */
  mig_max_slices: wholeCell({ least: 0, most: 16 }),
  max_per_server: wholeCell({ least: 1, most: 128 }).optional(),
  launched: dateCell,
  /** Columns of this row that are weaker than its `quality`: derived, quoted differently, or from memory. */
  estimated_columns: listCell.optional(),
  /** Further sources that give the same figures. */
  also_in: listCell.optional(),
  ...provenance,
})
export type AcceleratorRow = z.output<typeof acceleratorRow>
export const acceleratorTable = defineTable({ file: 'accelerators.csv', schema: acceleratorRow, key: ['id'] })

/**
 * `device`: what CUDA, HIP or the like reports · `working-set`: the most that the operating system lets a GPU hold of
 * shared memory · `app-limit`: the most that one app can hold on a phone · `shared`: shared memory less the system's
 * own part · `system-memory`: a processor's largest memory; a server's installed memory is the real limit.
 */
export const memoryBases = ['device', 'working-set', 'app-limit', 'shared', 'system-memory'] as const

export const acceleratorMemoryRow = z.strictObject({
  accelerator_id: idCell,
  usable_memory_gib: positiveCell(8192),
  basis: z.enum(memoryBases),
  ...provenance,
})
export type AcceleratorMemoryRow = z.output<typeof acceleratorMemoryRow>
export const acceleratorMemoryTable = defineTable({
  file: 'accelerator_memory.csv',
  schema: acceleratorMemoryRow,
  key: ['accelerator_id'],
})

export const acceleratorPowerRow = z.strictObject({
  accelerator_id: idCell,
  /** Powered, no model loaded, no work. */
  idle_w: positiveCell(1_000),
  ...provenance,
})
export type AcceleratorPowerRow = z.output<typeof acceleratorPowerRow>
export const acceleratorPowerTable = defineTable({
  file: 'accelerator_power.csv',
  schema: acceleratorPowerRow,
  key: ['accelerator_id', 'source_id', 'as_of'],
})

/** Idle power over TDP where a part's own idle power is unknown. */
export const idleFractionRow = z.strictObject({
  family: z.enum(acceleratorFamilies),
  idle_fraction: fractionCell,
  idle_fraction_low: fractionCell,
  idle_fraction_high: fractionCell,
  ...provenance,
})
export type IdleFractionRow = z.output<typeof idleFractionRow>
export const idleFractionTable = defineTable({
  file: 'idle_fractions.csv',
  schema: idleFractionRow,
  key: ['family'],
})

/** `msrp`: the maker's launch price · `street`: what the market asks · `whole-machine`: of a computer with the part in it. */
export const priceConditions = ['msrp', 'street', 'whole-machine'] as const

export const acceleratorPriceRow = z.strictObject({
  accelerator_id: idCell,
  condition: z.enum(priceConditions),
  price_usd: positiveCell(1_000_000),
  price_low_usd: positiveCell(1_000_000).optional(),
  price_high_usd: positiveCell(1_000_000).optional(),
  ...provenance,
})
export type AcceleratorPriceRow = z.output<typeof acceleratorPriceRow>
export const acceleratorPriceTable = defineTable({
  file: 'accelerator_prices.csv',
  schema: acceleratorPriceRow,
  key: ['accelerator_id', 'condition', 'source_id', 'as_of'],
})
