import { z } from 'zod'
import { defineTable, idCell, numberCell, provenance } from './common.ts'

/** Every unit a cost default may carry. The cost model maps these, and nothing else, to lines. */
export const opexUnitCell = z.enum([
  'count',
  'factor_per_year',
  'fraction',
  'fraction_of_accelerator_price',
  'fraction_of_purchase',
  'fraction_of_purchase_per_year',
  'fraction_per_month',
  'fraction_per_year',
  'fte_per_server',
  'accelerators_per_fte',
  'minutes',
  'days',
  'years',
  'usd_per_accelerator',
  'usd_per_accelerator_hour',
  'usd_per_accelerator_year',
  'usd_per_fte_year',
  'usd_per_gb',
  'usd_per_gb_month',
  'usd_per_kw_month',
  'usd_per_kwh',
  'usd_per_kwh_it',
  'usd_per_month',
  'usd_per_port',
  'usd_per_rack',
  'usd_per_rack_month',
  'usd_per_server',
  'usd_per_server_year',
  'usd_per_tb',
  'usd_per_w_it',
  'usd_per_year',
])
export type OpexUnit = z.infer<typeof opexUnitCell>

/**
 * Defaults of the cost model, each in one unit. `low` and `high` bound what sources or buyers report. Percentages are
 * fractions. Hardware prices live with the servers and accelerators, rents in the cloud prices.
 */
export const opexTable = defineTable({
  file: 'opex.csv',
  key: ['id'],
  schema: z
    .strictObject({
      id: idCell,
      category: z.enum([
        'api',
        'colocation',
        'construction',
        'cooling',
        'depreciation',
        'electricity',
        'failure',
        'finance',
        'growth',
        'hosting',
        'installation',
        'licence',
        'life',
        'maintenance',
        'network',
        'rack',
        'rent',
        'residual',
        'spares',
        'staff',
        'storage',
        'subscribe',
      ]),
      /** What it is, in our words. */
      parameter: z.string(),
      value: numberCell(),
      unit: opexUnitCell,
      low: numberCell().optional(),
      high: numberCell().optional(),
      /** Where it holds, if not everywhere. */
      place_id: idCell.optional(),
      ...provenance,
    })
    .refine((row) => (row.low === undefined) === (row.high === undefined), {
      path: ['low'],
      message: 'a range needs both ends',
    })
    .refine(
      (row) =>
        row.low === undefined || row.high === undefined || (row.low <= row.value && row.value <= row.high),
      { path: ['value'], message: 'is outside its own range' },
    ),
})
