import { z } from 'zod'
import { defineTable, idCell, listCell, provenance } from './common.ts'

/**
 * Where a machine can stand. A figure that a place lacks is looked up at its `grid_id` (the power grid it draws from),
 * then at its `parent_id`, up to `world`; whoever does so says so in a note. A provider is a place too, so that its
 * fleet-wide figures and its services without a named region have something to hang on.
 */
export const placesTable = defineTable({
  file: 'places.csv',
  key: ['id'],
  schema: z
    .strictObject({
      id: idCell,
      kind: z.enum(['world', 'country', 'us-state', 'us-grid', 'cloud-region', 'provider']),
      name: z.string(),
      /** ISO 3166-1, two capital letters; empty for the world and for providers. */
      country_code: z
        .string()
        .regex(/^[A-Z]{2}$/, 'is not a country code of two capital letters')
        .optional(),
      /** The cloud whose region this is: the id of a place of kind provider. */
      provider: idCell.optional(),
      /** The region as its provider spells it. */
      region: z.string().optional(),
      parent_id: idCell.optional(),
      /** The US sub-grid that feeds the place, where one is known or clearly dominates. */
      grid_id: idCell.optional(),
      aliases: listCell.optional(),
      ...provenance,
    })
    .refine(
      (row) => row.kind !== 'cloud-region' || (row.provider !== undefined && row.region !== undefined),
      {
        path: ['provider'],
        message: 'a cloud region needs its provider and its region',
      },
    ),
})
