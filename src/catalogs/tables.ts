import { apiFootprintsTable } from './schema/api-footprints.ts'
import { apiPriceTable } from './schema/api-prices.ts'
import { cloudPricesTable } from './schema/cloud-prices.ts'
import { datapointsTable } from './schema/datapoints.ts'
import { efficiencyTable, measuredPointTable, predictionErrorTable } from './schema/efficiency.ts'
import { embodiedTable } from './schema/embodied.ts'
import { engineMemoryTable } from './schema/engines.ts'
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
import { modelFactsTable } from './schema/model-facts.ts'
import { modelsTable } from './schema/models.ts'
import { opexTable } from './schema/opex.ts'
import { placesTable } from './schema/places.ts'
import { engineSupportTable, planningDefaultsTable } from './schema/planning.ts'
import { powerModelTable } from './schema/power.ts'
import { modelQualityTable } from './schema/quality.ts'
import { serverPowerTable, serverPriceTable, serverTable } from './schema/servers.ts'
import { sourcesTable } from './schema/sources.ts'
import { useCaseDefaultsTable, useCasesTable } from './schema/use-cases.ts'

/** Every table of the catalog, by the name the code uses. */
export const catalogTables = {
  acceleratorMemory: acceleratorMemoryTable,
  acceleratorPower: acceleratorPowerTable,
  acceleratorPrices: acceleratorPriceTable,
  accelerators: acceleratorTable,
  apiFootprints: apiFootprintsTable,
  apiPrices: apiPriceTable,
  cloudPrices: cloudPricesTable,
  datapoints: datapointsTable,
  efficiency: efficiencyTable,
  electricityPrices: electricityPricesTable,
  embodied: embodiedTable,
  engineMemory: engineMemoryTable,
  engineSupport: engineSupportTable,
  facilityEfficiency: facilityEfficiencyTable,
  formatLosses: formatLossTable,
  gridCarbon: gridCarbonTable,
  gridCarbonShareAlike: gridCarbonShareAlikeTable,
  gridWater: gridWaterTable,
  idleFractions: idleFractionTable,
  kvFormats: kvFormatTable,
  measuredPoints: measuredPointTable,
  modelFacts: modelFactsTable,
  modelQuality: modelQualityTable,
  models: modelsTable,
  opex: opexTable,
  places: placesTable,
  planningDefaults: planningDefaultsTable,
  powerModel: powerModelTable,
  predictionErrors: predictionErrorTable,
  serverPower: serverPowerTable,
  serverPrices: serverPriceTable,
  servers: serverTable,
  sources: sourcesTable,
  useCaseDefaults: useCaseDefaultsTable,
  useCases: useCasesTable,
  weightFormats: weightFormatTable,
} as const
