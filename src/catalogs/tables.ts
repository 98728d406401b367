import { apiFootprintsTable } from './schema/api-footprints.ts'
import { cloudPricesTable } from './schema/cloud-prices.ts'
import { formatLossTable } from './schema/format-losses.ts'
import { kvFormatTable, weightFormatTable } from './schema/formats.ts'
import {
  electricityPricesTable,
  facilityEfficiencyTable,
  gridCarbonShareAlikeTable,
  gridCarbonTable,
  gridWaterTable,
} from './schema/grid.ts'
import {
  acceleratorMemoryTable,
  acceleratorPowerTable,
  acceleratorPriceTable,
  acceleratorTable,
  idleFractionTable,
} from './schema/hardware.ts'
import { modelsTable } from './schema/models.ts'
import { opexTable } from './schema/opex.ts'
import { placesTable } from './schema/places.ts'
import { engineSupportTable, planningDefaultsTable } from './schema/planning.ts'
import { sourcesTable } from './schema/sources.ts'
import { useCaseDefaultsTable, useCasesTable } from './schema/use-cases.ts'

/** Every table of the catalog, by the name the code uses. */
export const catalogTables = {
  acceleratorMemory: acceleratorMemoryTable,
  acceleratorPower: acceleratorPowerTable,
  acceleratorPrices: acceleratorPriceTable,
  accelerators: acceleratorTable,
  apiFootprints: apiFootprintsTable,
  cloudPrices: cloudPricesTable,
  electricityPrices: electricityPricesTable,
  engineSupport: engineSupportTable,
  facilityEfficiency: facilityEfficiencyTable,
  formatLosses: formatLossTable,
  gridCarbon: gridCarbonTable,
  gridCarbonShareAlike: gridCarbonShareAlikeTable,
  gridWater: gridWaterTable,
  idleFractions: idleFractionTable,
  kvFormats: kvFormatTable,
  models: modelsTable,
  opex: opexTable,
  places: placesTable,
  planningDefaults: planningDefaultsTable,
  sources: sourcesTable,
  useCaseDefaults: useCaseDefaultsTable,
  useCases: useCasesTable,
  weightFormats: weightFormatTable,
} as const
