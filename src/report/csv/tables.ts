import { type CsvValue, csvText } from '../../foundation/csv-text.ts'
import { roundSignificant } from '../../foundation/format.ts'
import { sortedNotes } from '../../foundation/notes.ts'
import type { Figure } from '../../planner/plan-figure.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import type { Plan } from '../../planner/plan-types.ts'

/** The numbers behind the report as tables: base units and USD, six significant digits, the unit in each name. */
export function csvTables(plan: Plan): Map<string, string> {
  const { options } = plan
  return new Map([
    ['options.csv', optionsCsv(options)],
    ['cost_lines.csv', costLinesCsv(options)],
    ['cash_flow.csv', cashFlowCsv(options)],
    ['bill_of_materials.csv', materialsCsv(options)],
    ['latency_curve.csv', curveCsv(options)],
    ['sensitivity.csv', sensitivityCsv(options)],
    ['models.csv', modelsCsv(plan)],
    ['assumptions.csv', notesCsv(plan)],
  ])
}

const n = (value: number | undefined): CsvValue => (value === undefined ? undefined : roundSignificant(value))
const ends = (figure: Figure | undefined): CsvValue[] => [n(figure?.value), n(figure?.low), n(figure?.high)]
const named = (name: string, unit: string) => [
  `${name}_${unit}`,
  `${name}_low_${unit}`,
  `${name}_high_${unit}`,
]

function optionsCsv(options: readonly PlanOption[]): string {
  return csvText(
    [
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

function costLinesCsv(options: readonly PlanOption[]): string {
  return csvText(
    [
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

function cashFlowCsv(options: readonly PlanOption[]): string {
  return csvText(
    ['option_id', 'month', 'paid_usd', 'paid_so_far_usd'],
    options.flatMap((option) => {
      let sum = 0
      return option.cost.monthlyUsd.map((usd, month) => {
        sum += usd
        return [option.id, month, n(usd), n(sum)]
      })
    }),
  )
}

function materialsCsv(options: readonly PlanOption[]): string {
  return csvText(
    [
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

function curveCsv(options: readonly PlanOption[]): string {
  return csvText(
    [
      'option_id',
      'requests_per_second',
      'ttft_p50_s',
      'ttft_p95_s',
      'tpot_p50_s',
      'tpot_p95_s',
      'end_to_end_p95_s',
      'output_tokens_per_second',
    ],
    options.flatMap((option) =>
      (option.capacity?.curve ?? []).map((point) => [
        option.id,
        n(point.requestsPerSecond),
        n(point.ttftSecondsP50),
        n(point.ttftSecondsP95),
        n(point.tpotSecondsP50),
        n(point.tpotSecondsP95),
        n(point.endToEndSecondsP95),
        n(point.outputTokensPerSecond),
      ]),
    ),
  )
}

function sensitivityCsv(options: readonly PlanOption[]): string {
  return csvText(
    [
      'option_id',
      'input',
      'label',
      'unit',
      'low',
      'high',
      'total_at_low_usd',
      'total_at_high_usd',
      'source_id',
    ],
    options.flatMap((option) =>
      option.sensitivity.map((bar) => [
        option.id,
        bar.input,
        bar.label,
        bar.unit,
        n(bar.low),
        n(bar.high),
        n(bar.usdAtLow),
        n(bar.usdAtHigh),
        bar.sourceId,
      ]),
    ),
  )
}

function modelsCsv(plan: Plan): string {
  const { kept, leftOut } = plan.models
  return csvText(
    [
      'model_id',
      'name',
      'kept',
      'class',
      'parameters_total',
      'licence_class',
      'feasible_candidates',
      'reasons',
    ],
    [
      ...kept.map((model) => [
        model.id,
        model.name,
        true,
        model.class,
        model.parametersTotal,
        model.licenceClass,
        model.feasibleCandidates,
        model.whyNone,
      ]),
      ...leftOut.map((model) => [
        model.id,
        model.name,
        false,
        undefined,
        undefined,
        undefined,
        undefined,
        model.reasons.join('; '),
      ]),
    ],
  )
}

function notesCsv(plan: Plan): string {
  const notes = sortedNotes([...plan.notes, ...plan.options.flatMap((option) => option.notes)])
  return csvText(
    ['level', 'code', 'about', 'message', 'source_id'],
    notes.map((note) => [note.level, note.code, note.about, note.message, note.sourceId]),
  )
}
