import type { Catalog, ModelRow, Row } from './catalog.ts'
import type { Cell, FlatRecord } from './filter.ts'

/** The listings of `rightsize catalog`: one flat record per entity, joined from the tables that speak of it. */
export const catalogKinds = [
  'models',
  'accelerators',
  'servers',
  'cloud-prices',
  'api-prices',
  'regions',
  'use-cases',
  'weight-formats',
  'sources',
] as const
export type CatalogKind = (typeof catalogKinds)[number]

/** The columns a terminal shows; the records hold all of them. */
export const listedColumns: Readonly<Record<CatalogKind, readonly string[]>> = {
  models: [
    'id',
    'class',
    'parameters_total_b',
    'parameters_active_b',
    'max_context_tokens',
    'modalities',
    'licence_class',
    'vendor',
    'released',
  ],
  accelerators: [
    'id',
    'category',
    'family',
    'memory_gb',
    'usable_memory_gib',
    'memory_bandwidth_gb_per_s',
    'bf16_tflop_per_s',
    'fp8_tflop_per_s',
    'link_gb_per_s_one_way',
    'tdp_w',
    'price_usd',
  ],
  servers: [
    'id',
    'category',
    'accelerator_slots',
    'accelerators',
    'rack_units',
    'max_power_w',
    'cooling',
    'price_usd',
  ],
  'cloud-prices': [
    'provider',
    'region',
    'instance',
    'accelerator_id',
    'accelerators',
    'term',
    'price_usd_per_hour',
    'as_of',
  ],
  'api-prices': [
    'provider',
    'model_name',
    'model_id',
    'input_usd_per_million_tokens',
    'cached_input_usd_per_million_tokens',
    'output_usd_per_million_tokens',
    'batch_discount_fraction',
    'as_of',
  ],
  regions: [
    'id',
    'kind',
    'name',
    'carbon_g_per_kwh',
    'carbon_marginal_g_per_kwh',
    'electricity_usd_per_kwh',
    'water_litres_per_kwh',
    'pue_ratio',
    'wue_litres_per_kwh',
  ],
  'use-cases': [
    'id',
    'name',
    'class_hint',
    'input_tokens_mean',
    'output_tokens_mean',
    'requests_per_user_per_day',
    'peak_to_average',
    'ttft_target_s',
    'tpot_target_s',
  ],
  'weight-formats': [
    'id',
    'name',
    'family',
    'body_bits_per_weight',
    'compute_precision',
    'below_four_bits',
    'engines',
  ],
  sources: ['id', 'title', 'publisher', 'retrieved'],
}

/** SLM below the threshold of total parameters, LLM from there on; encoders are neither. */
export function modelClass(row: ModelRow, slmBelowParameters: number): 'slm' | 'llm' | 'encoder' {
  if (row.kind !== 'generative') return 'encoder'
  return row.parameters_total_b * 1e9 < slmBelowParameters ? 'slm' : 'llm'
}

/** Facts of a model by name, from the long table. */
export function modelFacts(catalog: Catalog, modelId: string): Record<string, Row<'modelFacts'>> {
  const facts: Record<string, Row<'modelFacts'>> = {}
  for (const row of catalog.rowsBy('modelFacts', 'model_id').get(modelId) ?? []) facts[row.fact] = row
  return facts
}

export function catalogRecords(input: {
  catalog: Catalog
  kind: CatalogKind
  slmBelowParameters: number
}): FlatRecord[] {
  const { catalog } = input
  switch (input.kind) {
    case 'models':
      return catalog.rows('models').map((row) => ({
        ...flat(row),
        class: modelClass(row, input.slmBelowParameters),
        ...Object.fromEntries(
          Object.values(modelFacts(catalog, row.id)).map((fact) => [fact.fact, fact.value as Cell]),
        ),
      }))
    case 'accelerators':
      return catalog.rows('accelerators').map((row) => ({
        ...flat(row),
        usable_memory_gib: catalog.rowsBy('acceleratorMemory', 'accelerator_id').get(row.id)?.[0]
          ?.usable_memory_gib,
        idle_w: newest(catalog.rowsBy('acceleratorPower', 'accelerator_id').get(row.id))?.idle_w,
        price_usd: newest(catalog.rowsBy('acceleratorPrices', 'accelerator_id').get(row.id))?.price_usd,
      }))
    case 'servers':
      return catalog.rows('servers').map((row) => ({
        ...flat(row),
        ...flat(newest(catalog.rowsBy('serverPower', 'server_id').get(row.id)), ['server_id']),
        ...flat(newest(catalog.rowsBy('serverPrices', 'server_id').get(row.id)), ['server_id']),
      }))
    case 'cloud-prices':
      return catalog.rows('cloudPrices').map((row) => flat(row))
    case 'api-prices':
      return catalog.rows('apiPrices').map((row) => flat(row))
    case 'regions':
      return catalog.rows('places').map((row) => regionRecord(catalog, row))
    case 'use-cases':
      return catalog.rows('useCases').map((row) => ({
        ...flat(row),
        ...Object.fromEntries(
          (catalog.rowsBy('useCaseDefaults', 'use_case_id').get(row.id) ?? []).map((field) => [
            field.field,
            field.value,
          ]),
        ),
      }))
    case 'weight-formats':
      return catalog.rows('weightFormats').map((row) => flat(row))
    case 'sources':
      return catalog.rows('sources').map((row) => flat(row))
  }
}

function regionRecord(catalog: Catalog, row: Row<'places'>): FlatRecord {
  const carbon = [
    ...(catalog.rowsBy('gridCarbon', 'place_id').get(row.id) ?? []),
    ...(catalog.rowsBy('gridCarbonShareAlike', 'place_id').get(row.id) ?? []),
  ]
  const facility = newest(catalog.rowsBy('facilityEfficiency', 'place_id').get(row.id))
  const prices = catalog.rowsBy('electricityPrices', 'place_id').get(row.id) ?? []
  const price = newest(prices.filter((entry) => entry.customer === 'business')) ?? newest(prices)
  return {
    ...flat(row),
    carbon_g_per_kwh: newest(carbon.filter((entry) => entry.method === 'average'))?.grams_co2e_per_kwh,
    carbon_marginal_g_per_kwh: newest(carbon.filter((entry) => entry.method === 'marginal'))
      ?.grams_co2e_per_kwh,
    electricity_usd_per_kwh: price?.usd_per_kwh,
    electricity_customer: price?.customer,
    water_litres_per_kwh: newest(catalog.rowsBy('gridWater', 'place_id').get(row.id))?.litres_per_kwh,
    pue_ratio: facility?.pue_ratio,
    wue_litres_per_kwh: facility?.wue_litres_per_kwh,
  }
}

/** The row that speaks of the latest time: by year where rows have one, then by the date they were read. */
export function newest<R extends { readonly as_of: string; readonly year?: number | string | undefined }>(
  rows: readonly R[] | undefined,
): R | undefined {
  let best: R | undefined
  for (const row of rows ?? []) {
    if (best === undefined || age(row) > age(best)) best = row
  }
  return best
}

function age(row: { readonly as_of: string; readonly year?: number | string | undefined }): string {
  return `${row.year ?? 0}`.padStart(4, '0') + row.as_of
}

/** Only cells a table can show; nested values are left to `catalog show`. */
function flat(row: object | undefined, without: readonly string[] = []): Record<string, Cell> {
  const record: Record<string, Cell> = {}
  for (const [column, value] of Object.entries(row ?? {})) {
    if (without.includes(column)) continue
    const simple =
      typeof value !== 'object' || (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    if (simple) record[column] = value as Cell
  }
  return record
}
