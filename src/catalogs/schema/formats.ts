import { z } from 'zod'
import { defineTable, flagCell, idCell, listCell, positiveCell, provenance, wholeCell } from './common.ts'

/** No weight or cache element is wider than a 32-bit float. */
const bitsCell = positiveCell(32)

/** The precision whose dense peak rate bounds a matrix multiplication. */
export const computePrecisionCell = z.enum(['fp32', 'bf16', 'fp8', 'fp4', 'int8'])
export type ComputePrecision = z.infer<typeof computePrecisionCell>

/**
 * How a model's weights are stored. Bits include scales and zero points. A blank expert or attention column means
 * the body's bits; where input embedding and LM head are one matrix, it takes the LM head's bits. What no column
 * names (norms, biases, routers, gates) stays at 16 bits.
 */
export const weightFormatSchema = z
  .strictObject({
    id: idCell,
    aliases: listCell.optional(),
    name: z.string(),
    family: z.enum(['float', 'integer', 'block-float', 'gguf', 'mlx']),
    /** Linear layers, with their scales. */
    body_bits_per_weight: bitsCell,
    /** Weights that share one scale; blank: a whole channel or tensor, or several sizes. */
    group_size_weights: wholeCell({ least: 1 }).optional(),
    expert_bits_per_weight: bitsCell.optional(),
    attention_bits_per_weight: bitsCell.optional(),
    embedding_bits_per_weight: bitsCell,
    lm_head_bits_per_weight: bitsCell,
    /** Vision or audio encoder and its projector. */
    encoder_bits_per_weight: bitsCell.optional(),
    /** Range of the body over files of this format. */
    low_body_bits_per_weight: bitsCell.optional(),
    high_body_bits_per_weight: bitsCell.optional(),
    /** Where the device has units for it. */
    compute_precision: computePrecisionCell,
    /** Where it has not: the weights are widened first. Blank: needs no special units. */
    fallback_compute_precision: computePrecisionCell.optional(),
    /** Nominal width under four bits (a "3-bit" file of 4.1 bits counts): offered only on request. */
    below_four_bits: flagCell,
    engines: listCell,
    ...provenance,
  })
  .refine((row) => (row.low_body_bits_per_weight ?? 0) <= row.body_bits_per_weight, {
    path: ['low_body_bits_per_weight'],
    message: 'is above body_bits_per_weight',
  })
  .refine((row) => (row.high_body_bits_per_weight ?? 32) >= row.body_bits_per_weight, {
    path: ['high_body_bits_per_weight'],
    message: 'is below body_bits_per_weight',
  })
export type WeightFormatRow = z.output<typeof weightFormatSchema>
export const weightFormatTable = defineTable({
  file: 'weight_formats.csv',
  schema: weightFormatSchema,
  key: ['id'],
})

/** How the KV cache stores an element, scales included. */
export const kvFormatSchema = z
  .strictObject({
    id: idCell,
    aliases: listCell.optional(),
    name: z.string(),
    bits_per_element: bitsCell,
    group_size_elements: wholeCell({ least: 1 }).optional(),
    low_bits_per_element: bitsCell.optional(),
    high_bits_per_element: bitsCell.optional(),
    compute_precision: computePrecisionCell,
    below_four_bits: flagCell,
    engines: listCell,
    ...provenance,
  })
  .refine((row) => (row.low_bits_per_element ?? 0) <= row.bits_per_element, {
    path: ['low_bits_per_element'],
    message: 'is above bits_per_element',
  })
  .refine((row) => (row.high_bits_per_element ?? 32) >= row.bits_per_element, {
    path: ['high_bits_per_element'],
    message: 'is below bits_per_element',
  })
export type KvFormatRow = z.output<typeof kvFormatSchema>
export const kvFormatTable = defineTable({ file: 'kv_formats.csv', schema: kvFormatSchema, key: ['id'] })
