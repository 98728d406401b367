import { z } from 'zod'
import { dateCell, defineTable, idCell } from './common.ts'

/** Where figures were read. `terms` holds what its licence or terms ask of us (attribution, share-alike). */
export const sourcesTable = defineTable({
  file: 'sources.csv',
  key: ['id'],
  schema: z.strictObject({
    id: idCell,
    title: z.string(),
    publisher: z.string().optional(),
    /** repository@commit path, or a web address. */
    address: z.string().optional(),
    retrieved: dateCell.optional(),
    terms: z.string().optional(),
    note: z.string().optional(),
  }),
})
