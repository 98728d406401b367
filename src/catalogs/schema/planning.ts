import { z } from 'zod'
import { defineTable, idCell, provenance } from './common.ts'

/**
 * What the planner takes where neither the scenario nor its use case says anything. The value is text; the planner
 * reads it as a scenario would. Each one used becomes a note.
 */
export const planningDefaultsTable = defineTable({
  file: 'planning_defaults.csv',
  key: ['id'],
  schema: z.strictObject({
    id: idCell,
    /** The scenario's field it stands for. */
    field: z.string(),
    value: z.string(),
    ...provenance,
  }),
})

/** Which engine runs on which family of accelerators. A pair without a row is unknown and not planned. */
export const engineSupportTable = defineTable({
  file: 'engine_support.csv',
  key: ['engine', 'family'],
  schema: z.strictObject({
    engine: idCell,
    family: idCell,
    support: z.enum(['full', 'partial', 'none']),
    ...provenance,
  }),
})
