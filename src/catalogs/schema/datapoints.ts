import { z } from 'zod'
import { defineTable, idCell, provenance } from './common.ts'

/** Figures that a plan can give, whatever a standard calls them. */
export const datapointFigureNames = [
  'erf',
  'fossil-energy',
  'installed-it-power',
  'it-energy',
  'non-renewable-energy',
  'nuclear-energy',
  'pue',
  'ref',
  'renewable-energy',
  'renewable-energy-certificates',
  'renewable-energy-contracts',
  'renewable-energy-on-site',
  'reused-heat',
  'scope-1',
  'scope-2-location',
  'scope-2-market',
  'scope-3',
  'scope-3-capital-goods',
  'scope-3-energy-related',
  'scope-3-purchased-goods',
  'total-energy',
  'total-location',
  'total-market',
  'water-input',
  'wue',
] as const

/** What a reporting standard calls a figure and the unit it asks for. Users overlay their own identifiers. */
export const datapointRow = z.strictObject({
  framework: idCell,
  /** Year of the text: standards renumber. */
  revision: idCell,
  identifier: z.string(),
  label: z.string(),
  figure: z.enum(datapointFigureNames),
  unit: z.enum(['kW', 'kWh', 'MWh', 't CO2e', 'm3', 'ratio', 'L/kWh']),
  ...provenance,
})
export type DatapointCatalogRow = z.output<typeof datapointRow>
export const datapointsTable = defineTable({
  file: 'datapoints.csv',
  schema: datapointRow,
  key: ['framework', 'revision', 'identifier'],
})
