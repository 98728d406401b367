import { type CsvValue, csvText } from '../../foundation/csv-text.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import { ends, n, named } from './cells.ts'

/** Columns before those of a table, for options of several plans in one file. */
export interface Prefix {
  readonly columns: readonly string[]
  readonly of: (option: PlanOption) => readonly CsvValue[]
}

const none: Prefix = { columns: [], of: () => [] }

export function optionsCsv(options: readonly PlanOption[], prefix = none): string {
  return csvText(
    [
      ...prefix.columns,
      'rank',
      'option_id',
      'label',
      'roles',
      'place_kind',
      'place_id',
      'provider',
      'model_id',
      'model_class',
      'weight_format',
      'accelerator_id',
      'accelerators',
      'servers',
      'replicas',
      ...named('total', 'usd'),
      ...named('net_present', 'usd'),
      ...named('upfront', 'usd'),
      'blended_usd_per_million_tokens',
      ...named('capacity', 'requests_per_second'),
      ...named('ttft_p95', 's'),
      ...named('tpot_p95', 's'),
      ...named('energy', 'kwh_per_month'),
      ...named('carbon', 'grams_co2e_per_month'),
      ...named('water', 'litres_per_month'),
      'score',
    ],
    options.map((option) => [
      ...prefix.of(option),
      option.rank,
      option.id,
      option.label,
      option.roles.join(';'),
      option.place.kind,
      option.place.placeId,
      option.place.provider,
      option.model.id,
      option.model.class,
      option.model.weightFormat,
      option.deployment?.accelerator.id,
      option.deployment?.accelerators,
      option.deployment?.servers,
      option.deployment?.replicas,
      ...ends(option.cost.totalUsd),
      ...ends(option.cost.netPresentUsd),
      ...ends(option.cost.upfrontUsd),
      n(option.cost.blendedUsdPerMillionTokens.value),
      ...ends(option.capacity?.requestsPerSecond),
      ...ends(option.latency?.ttft.p95),
      ...ends(option.latency?.tpot.p95),
      ...ends(option.energy?.kilowattHoursPerMonth),
      ...ends(option.carbon?.totalGramsPerMonth),
      ...ends(option.water?.totalLitresPerMonth),
      n(option.score.value),
    ]),
  )
}

export function costLinesCsv(options: readonly PlanOption[], prefix = none): string {
  return csvText(
    [
      ...prefix.columns,
      'option_id',
      'line_id',
      'category',
      'label',
      'quantity',
      'unit',
      'unit_price_usd',
      'timing',
      'from_month',
      'to_month',
      'growth_per_year_fraction',
      'total_usd',
      'source_id',
      'note',
    ],
    options.flatMap((option) =>
      option.cost.lines.map((line) => [
        ...prefix.of(option),
        option.id,
        line.id,
        line.category,
        line.label,
        n(line.quantity),
        line.unit,
        n(line.unitPriceUsd),
        line.timing,
        line.fromMonth,
        line.toMonth,
        n(line.growthPerYearFraction),
        n(line.totalUsd),
        line.sourceId,
        line.note,
      ]),
    ),
  )
}

export function materialsCsv(options: readonly PlanOption[], prefix = none): string {
  return csvText(
    [
      ...prefix.columns,
      'option_id',
      'kind',
      'item_id',
      'name',
      'quantity',
      'unit',
      'unit_price_usd',
      'unit_price_low_usd',
      'unit_price_high_usd',
      'source_id',
      'needed_from_month',
      'note',
    ],
    options.flatMap((option) =>
      option.billOfMaterials.map((line) => [
        ...prefix.of(option),
        option.id,
        line.kind,
        line.id,
        line.name,
        n(line.quantity),
        line.unit,
        n(line.unitPriceUsd),
        n(line.unitPriceLowUsd),
        n(line.unitPriceHighUsd),
        line.sourceId,
        n(line.neededFromMonth),
        line.note,
      ]),
    ),
  )
}
