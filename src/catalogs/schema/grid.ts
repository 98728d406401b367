import { z } from 'zod'
import {
  dateCell,
  defineTable,
  fractionCell,
  idCell,
  numberCell,
  positiveCell,
  provenance,
  wholeCell,
} from './common.ts'

/** `year` is the year a figure describes; `as_of` is the edition of the source it was read in. */
const year = wholeCell({ least: 2000, most: 2100 })

/**
 * Carbon of a kWh from the grid.
 *
 * `basis`: lifecycle counts fuel supply and building the plants, direct counts what the plants emit (scope 2).
 * `method`: average of the mix · marginal, of the plant that answers one more kWh · residual, what is left after
 * certificates are sold · market, what a provider claims after its own certificates. Zero is allowed for market only:
 * there it is the claim itself; anywhere else it would be a missing value.
 */
const gridCarbonSchema = z
  .strictObject({
    place_id: idCell,
    year,
    basis: z.enum(['lifecycle', 'direct']),
    method: z.enum(['average', 'marginal', 'residual', 'market']),
    grams_co2e_per_kwh: numberCell({ least: 0, most: 2000 }),
    /** Share of the year's energy from renewable and nuclear plants, as this source gives it. */
    carbon_free_fraction: fractionCell.optional(),
    ...provenance,
  })
  .refine((row) => row.method === 'market' || row.grams_co2e_per_kwh > 0, {
    path: ['grams_co2e_per_kwh'],
    message: 'zero is a missing value unless the method is market',
  })

const gridCarbonKey = ['place_id', 'year', 'basis', 'method', 'source_id'] as const

export const gridCarbonTable = defineTable({
  file: 'grid_carbon.csv',
  key: gridCarbonKey,
  schema: gridCarbonSchema,
})

/**
 * The same columns, in a file of its own because its sources are open under share-alike terms (ODbL, CC BY-SA): a
 * database built from these rows passes the same terms on. Without this file the catalog still covers every country.
 */
export const gridCarbonShareAlikeTable = defineTable({
  file: 'grid_carbon_share_alike.csv',
  key: gridCarbonKey,
  schema: gridCarbonSchema,
})

/** Price of a kWh at the meter. Industrial means thousands of MWh a year: a small site pays more. */
export const electricityPricesTable = defineTable({
  file: 'electricity_prices.csv',
  key: ['place_id', 'customer', 'year', 'source_id'],
  schema: z.strictObject({
    place_id: idCell,
    customer: z.enum(['industrial', 'business', 'household']),
    year,
    usd_per_kwh: positiveCell(2),
    ...provenance,
  }),
})

/** Water consumed (not withdrawn) where the electricity is made, on the energy at the meter. */
export const gridWaterTable = defineTable({
  file: 'grid_water.csv',
  key: ['place_id', 'source_id'],
  schema: z.strictObject({
    place_id: idCell,
    litres_per_kwh: positiveCell(100),
    ...provenance,
  }),
})

/**
 * What a facility adds. `pue_ratio`: energy of the facility over energy of its IT. `wue_litres_per_kwh`: water used on
 * site over energy of its IT; zero is a real value (cooling without water). `carbon_free_fraction`: what the provider
 * states for the region. A range without a best value has only low and high.
 */
export const facilityEfficiencyTable = defineTable({
  file: 'facility_efficiency.csv',
  key: ['place_id', 'facility', 'as_of', 'source_id'],
  schema: z
    .strictObject({
      place_id: idCell,
      /** Whose facilities the figures describe. */
      facility: z.enum([
        'cloud-region',
        'provider-fleet',
        'hyperscale',
        'industry-mean',
        'enterprise',
        'air-cooled',
        'liquid-cooled',
        'evaporative-cooled',
      ]),
      pue_ratio: numberCell({ least: 1, most: 3 }).optional(),
      pue_low: numberCell({ least: 1, most: 3 }).optional(),
      pue_high: numberCell({ least: 1, most: 3 }).optional(),
      wue_litres_per_kwh: numberCell({ least: 0, most: 10 }).optional(),
      wue_low: numberCell({ least: 0, most: 10 }).optional(),
      wue_high: numberCell({ least: 0, most: 10 }).optional(),
      carbon_free_fraction: fractionCell.optional(),
      /** The year, or last year, the figures cover. */
      year: dateCell.optional(),
      ...provenance,
    })
    .refine((row) => (row.pue_low === undefined) === (row.pue_high === undefined), {
      path: ['pue_low'],
      message: 'a range needs both ends',
    })
    .refine((row) => (row.wue_low === undefined) === (row.wue_high === undefined), {
      path: ['wue_low'],
      message: 'a range needs both ends',
    })
    .refine(
      (row) =>
        row.pue_ratio !== undefined ||
        row.pue_low !== undefined ||
        row.wue_litres_per_kwh !== undefined ||
        row.carbon_free_fraction !== undefined,
      { path: ['pue_ratio'], message: 'the row says nothing' },
    ),
})
