import { type CsvValue, csvText } from '../foundation/csv-text.ts'
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

/** One row per listed option, base units, the ends of each interval beside the value. */
export function planCsv(plan: Plan): string {
  const columns = [
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
  ]
  const rows = plan.options.map((option): CsvValue[] => {
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
      ...figures.flatMap(([, of]) => {
        const figure = of(option)
        return [figure?.value, figure?.low, figure?.high]
      }),
      plan.qualityBenchmark,
      quality?.score?.value,
      option.score.value,
    ]
  })
  return csvText(columns, rows)
}
