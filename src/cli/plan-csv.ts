import { type CsvValue, csvText } from '../foundation/csv-text.ts'
import type { PlanCascadePair } from '../planner/plan-cascade-types.ts'
import type { Figure } from '../planner/plan-figure.ts'
import type { PlanOption } from '../planner/plan-option-types.ts'
import type { Plan } from '../planner/plan-types.ts'

const figures: readonly (readonly [string, (option: PlanOption) => Figure | undefined])[] = [
  ['usd_per_month', ({ cost }) => cost.usdPerMonth],
  ['total_usd', ({ cost }) => cost.totalUsd],
  ['net_present_usd', ({ cost }) => cost.netPresentUsd],
  ['upfront_usd', ({ cost }) => cost.upfrontUsd],
  ['usd_per_million_tokens', ({ cost }) => cost.blendedUsdPerMillionTokens],
  ['ttft_p95_s', ({ latency }) => latency?.ttft.p95],
  ['tpot_p95_s', ({ latency }) => latency?.tpot.p95],
  ['end_to_end_p95_s', ({ latency }) => latency?.endToEnd.p95],
  ['capacity_requests_per_s', ({ capacity }) => capacity?.requestsPerSecond],
  ['average_w', ({ energy }) => energy?.averageWatts],
  ['energy_kwh_per_month', ({ energy }) => energy?.kilowattHoursPerMonth],
  ['carbon_g_per_month', ({ carbon }) => carbon?.totalGramsPerMonth],
  ['water_l_per_month', ({ water }) => water?.totalLitresPerMonth],
]

/**
 * What a row is. `option`: one of the plan's. `workload`: what one of several use cases sees on the option of the same
 * rank. `pair`: two options together, sums. `small`, `large`: the options that stand in pairs, with their own share of
 * the requests. `large-alone`: the large model with all of them.
 */
type RowKind = 'option' | 'workload' | 'pair' | 'small' | 'large' | 'large-alone'

/** The columns of an option; what a row of another kind has of them stands in the same place. */
const optionColumns = [
  'rank',
  'id',
  'roles',
  'model',
  'weights',
  'kv',
  'engine',
  'accelerator',
  'accelerators',
  'server',
  'servers',
  'replicas',
  'place_kind',
  'place',
  'provider',
  'region',
  'price_basis',
  ...figures.flatMap(([name]) => [name, `${name}_low`, `${name}_high`]),
  'quality_benchmark',
  'quality',
  'score',
] as const

/** Base units, the ends of each interval beside the value. Only rows of the kind `option` where nothing is shared or paired. */
export function planCsv(plan: Plan): string {
  const { cascade } = plan
  const sides = [
    ['small', cascade?.small],
    ['large', cascade?.large],
    ['large-alone', cascade?.largeAlone],
  ] as const
  const rows = [
    ...plan.options.flatMap((option) => [
      row(optionCells(plan, option), { kind: 'option' }),
      ...workloadRows(plan, option),
    ]),
    ...(cascade?.pairs ?? []).map((pair) => row(pairCells(plan, pair), { kind: 'pair', pair: pair.id })),
    ...sides.flatMap(([kind, side]) =>
      (side?.options ?? []).map((option) =>
        row(optionCells(plan, option), {
          kind,
          fraction: side?.requestFraction,
          pair: pairsWith(plan, kind, option.id),
        }),
      ),
    ),
  ]
  return csvText([...optionColumns, 'row', 'pair', 'workload', 'request_fraction'], rows)
}

function row(
  cells: CsvValue[],
  of: {
    kind: RowKind
    pair?: string | undefined
    workload?: string
    fraction?: number | undefined
  },
): CsvValue[] {
  return [...cells, of.kind, of.pair, of.workload, of.fraction]
}

/** The pairs that an option stands in. */
function pairsWith(plan: Plan, side: RowKind, optionId: string): string | undefined {
  const pairs = (plan.cascade?.pairs ?? []).filter(
    (pair) =>
      (side === 'small' && pair.smallOptionId === optionId) ||
      (side === 'large' && pair.largeOptionId === optionId),
  )
  return pairs.length === 0 ? undefined : pairs.map((pair) => pair.id).join(';')
}

function optionCells(plan: Plan, option: PlanOption): CsvValue[] {
  const { deployment, model, place } = option
  const quality = option.quality.find((entry) => entry.benchmark === plan.qualityBenchmark)
  return [
    option.rank,
    option.id,
    option.roles.join(';'),
    model.id,
    model.weightFormat,
    model.kvFormat,
    deployment?.engine,
    deployment?.accelerator.id,
    deployment?.accelerators,
    deployment?.server.id,
    deployment?.servers,
    deployment?.replicas,
    place.kind,
    place.placeId,
    place.provider,
    place.region,
    place.priceBasis,
    ...figures.flatMap(([, of]) => figureCells(of(option))),
    plan.qualityBenchmark,
    quality?.score?.value,
    option.score.value,
  ]
}

const figureCells = (figure: Figure | undefined): CsvValue[] => [figure?.value, figure?.low, figure?.high]

/** By the name of the column; a column without one stays empty. */
function cellsBy(
  known: Readonly<Record<string, CsvValue>>,
  of: Readonly<Record<string, Figure | undefined>>,
) {
  const values: Record<string, CsvValue> = { ...known }
  for (const [name, figure] of Object.entries(of)) {
    const [value, low, high] = figureCells(figure)
    values[name] = value
    values[`${name}_low`] = low
    values[`${name}_high`] = high
  }
  return optionColumns.map((name) => values[name])
}

function pairCells(plan: Plan, pair: PlanCascadePair): CsvValue[] {
  const { cost } = pair
  const score = pair.quality.find((entry) => entry.benchmark === plan.qualityBenchmark)?.score
  return cellsBy(
    {
      id: pair.id,
      roles: pair.roles.join(';'),
      accelerators: pair.accelerators,
      servers: pair.servers,
      quality_benchmark: plan.qualityBenchmark,
      quality: score?.value,
    },
    {
      usd_per_month: cost.usdPerMonth,
      total_usd: cost.totalUsd,
      net_present_usd: cost.netPresentUsd,
      upfront_usd: cost.upfrontUsd,
      energy_kwh_per_month: pair.kilowattHoursPerMonth,
      carbon_g_per_month: pair.carbonGramsPerMonth,
      water_l_per_month: pair.waterLitresPerMonth,
    },
  )
}

function workloadRows(plan: Plan, option: PlanOption): CsvValue[][] {
  return (option.workloads ?? []).map(({ name, ttft, tpot, endToEnd }) =>
    row(
      cellsBy(
        { rank: option.rank, id: option.id, model: option.model.id, replicas: option.deployment?.replicas },
        { ttft_p95_s: ttft.p95, tpot_p95_s: tpot.p95, end_to_end_p95_s: endToEnd.p95 },
      ),
      {
        kind: 'workload',
        workload: name,
        fraction: plan.workloads?.find((entry) => entry.name === name)?.peakFraction,
      },
    ),
  )
}
