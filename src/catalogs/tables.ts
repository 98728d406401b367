import { sourcesTable } from './schema/sources.ts'

/** Every table of the catalog, by the name the code uses. */
export const catalogTables = {
  sources: sourcesTable,
} as const
