import { z } from 'zod'
import { defineTable, idCell, positiveCell, provenance, wholeCell } from './common.ts'

export const priceTermCell = z.enum([
  'on-demand',
  'spot',
  'capacity-block',
  'reserved-1-year',
  'reserved-3-year',
  'reserved-5-year',
])
export type PriceTerm = z.infer<typeof priceTermCell>

/**
 * What an instance with accelerators costs per hour, one row per term. History is kept: a new price is a new row, and
 * the newest `as_of` of a key is the current one. `capacity-block` is a short reservation paid up front. Prices are
 * as published in USD, without taxes, storage, egress and support.
 */
export const cloudPricesTable = defineTable({
  file: 'cloud_prices.csv',
  key: ['provider', 'region', 'instance', 'accelerator_id', 'term', 'as_of', 'source_id'],
  schema: z
    .strictObject({
      /** Id of a place of kind provider. */
      provider: idCell,
      /** As the provider spells it; `global` where one list price holds everywhere. */
      region: z.string(),
      /** Empty where the region is not known: a plan there asks for the user's carbon and electricity figures. */
      place_id: idCell.optional(),
      instance: z.string(),
      accelerator_id: idCell,
      accelerators: wholeCell({ least: 1, most: 128 }),
      vcpus: wholeCell({ least: 1, most: 2048 }).optional(),
      ram_gb: positiveCell(65536).optional(),
      term: priceTermCell,
      /** Of the whole instance, not of one accelerator. */
      price_usd_per_hour: positiveCell(5000),
      price_low_usd_per_hour: positiveCell(5000).optional(),
      price_high_usd_per_hour: positiveCell(5000).optional(),
      /** Who may rent it: anybody, or governments only. */
      audience: z.enum(['public', 'government']),
      ...provenance,
    })
    .refine(
      (row) => (row.price_low_usd_per_hour === undefined) === (row.price_high_usd_per_hour === undefined),
      {
        path: ['price_low_usd_per_hour'],
        message: 'a range needs both ends',
      },
    )
    .refine(
      (row) =>
        row.price_low_usd_per_hour === undefined ||
        row.price_high_usd_per_hour === undefined ||
        (row.price_low_usd_per_hour <= row.price_usd_per_hour &&
          row.price_usd_per_hour <= row.price_high_usd_per_hour),
      { path: ['price_usd_per_hour'], message: 'is outside its own range' },
    ),
})
