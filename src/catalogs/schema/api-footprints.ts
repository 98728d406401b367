import { z } from 'zod'
import { defineTable, idCell, positiveCell, provenance } from './common.ts'

/**
 * Energy, carbon and water per request as providers and studies state them for services whose hardware is not known.
 * They are anchors for a wide interval, not comparable with one another: the note names each one's boundary.
 */
export const apiFootprintsTable = defineTable({
  file: 'api_footprints.csv',
  key: ['id'],
  schema: z
    .strictObject({
      id: idCell,
      /** Id of a place of kind provider. */
      provider: idCell,
      model: z.string(),
      /** What one request is. */
      functional_unit: z.string(),
      output_tokens: positiveCell().optional(),
      energy_wh: positiveCell().optional(),
      energy_low_wh: positiveCell().optional(),
      energy_high_wh: positiveCell().optional(),
      carbon_g_co2e: positiveCell().optional(),
      carbon_method: z.enum(['market', 'location', 'lifecycle']).optional(),
      water_ml: positiveCell().optional(),
      ...provenance,
    })
    .refine((row) => (row.energy_low_wh === undefined) === (row.energy_high_wh === undefined), {
      path: ['energy_low_wh'],
      message: 'a range needs both ends',
    })
    .refine((row) => (row.carbon_g_co2e === undefined) === (row.carbon_method === undefined), {
      path: ['carbon_method'],
      message: 'carbon needs its method',
    }),
})
