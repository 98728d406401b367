import { type CsvValue, csvText } from '../../foundation/csv-text.ts'
import type { PlanCascade, PlanCascadePair } from '../../planner/plan-cascade-types.ts'
import type { PlanOption, PlanPercentiles } from '../../planner/plan-option-types.ts'
import type { Plan } from '../../planner/plan-types.ts'
import { ends, n, named } from './cells.ts'
import { costLinesCsv, materialsCsv, optionsCsv, type Prefix } from './option-tables.ts'

/**
 * Pairs of a cascade and several use cases on one cluster, in files of their own: they are other things than options,
 * and a sum over a column of `options.csv` must not count them. Nothing where the plan has neither.
 */
export function togetherTables(plan: Plan): [string, string][] {
  return [...cascadeTables(plan), ...workloadTables(plan)]
}

/** One row per pair; the options of both sides, of which each pair takes one, as the plan's own options have them. */
function cascadeTables(plan: Plan): [string, string][] {
  const { cascade } = plan
  if (cascade === undefined) return []
  const sides = sidesOf(cascade)
  const options = sides.flatMap((side) => side.options)
  const sideOf = new Map(sides.flatMap((side) => side.options.map((option) => [option, side] as const)))
  const prefix: Prefix = {
    columns: ['side', 'request_fraction'],
    of: (option) => [sideOf.get(option)?.name, n(sideOf.get(option)?.requestFraction)],
  }
  return [
    ['cascade.csv', pairsCsv(plan, cascade)],
    ['cascade_options.csv', optionsCsv(options, prefix)],
    ['cascade_cost_lines.csv', costLinesCsv(options, prefix)],
    ['cascade_bill_of_materials.csv', materialsCsv(options, prefix)],
  ]
}

interface Side {
  readonly name: 'small' | 'large' | 'large-alone'
  readonly requestFraction: number
  readonly options: readonly PlanOption[]
}

function sidesOf({ small, large, largeAlone }: PlanCascade): Side[] {
  return (
    [
      ['small', small],
      ['large', large],
      ['large-alone', largeAlone],
    ] as const
  ).flatMap(([name, side]) => (side === undefined ? [] : [{ ...side, name }]))
}

const memberColumns = (side: string) =>
  [
    'option_id',
    'request_fraction',
    'model_id',
    'weight_format',
    'place_kind',
    'accelerator_id',
    'accelerators',
    'servers',
    'replicas',
  ].map((name) => `${side}_${name}`)

function memberCells(cascade: PlanCascade, side: 'small' | 'large', id: string | undefined): CsvValue[] {
  const option = cascade[side]?.options.find((entry) => entry.id === id)
  const { deployment } = option ?? {}
  return [
    id,
    option === undefined ? undefined : n(cascade[side]?.requestFraction),
    option?.model.id,
    option?.model.weightFormat,
    option?.place.kind,
    deployment?.accelerator.id,
    deployment?.accelerators,
    deployment?.servers,
    deployment?.replicas,
  ]
}

function pairsCsv(plan: Plan, cascade: PlanCascade): string {
  const beyond = (pair: PlanCascadePair, against: 'any' | 'large') =>
    n(
      cascade.versusSingle.find(
        (entry) => entry.pairId === pair.id && entry.role === pair.roles[0] && entry.against === against,
      )?.netPresentUsdDifference,
    )
  return csvText(
    [
      'pair_id',
      'roles',
      'small_answers_fraction',
      'escalation',
      'exact',
      ...memberColumns('small'),
      ...memberColumns('large'),
      ...named('total', 'usd'),
      ...named('net_present', 'usd'),
      ...named('upfront', 'usd'),
      ...named('cost', 'usd_per_month'),
      'usd_per_1000_requests',
      'net_present_beyond_single_usd',
      'net_present_beyond_large_alone_usd',
      ...named('energy', 'kwh_per_month'),
      ...named('carbon', 'grams_co2e_per_month'),
      ...named('water', 'litres_per_month'),
      'nameplate_w',
      'ttft_p95_answered_by_small_s',
      'ttft_p95_answered_by_large_s',
      'end_to_end_p95_answered_by_small_s',
      'end_to_end_p95_answered_by_large_s',
      'quality_benchmark',
      'quality',
      'quality_low',
      'quality_high',
    ],
    cascade.pairs.map((pair) => [
      pair.id,
      pair.roles.join(';'),
      n(cascade.smallFraction),
      cascade.escalation,
      pair.exact,
      ...memberCells(cascade, 'small', pair.smallOptionId),
      ...memberCells(cascade, 'large', pair.largeOptionId),
      ...ends(pair.cost.totalUsd),
      ...ends(pair.cost.netPresentUsd),
      ...ends(pair.cost.upfrontUsd),
      ...ends(pair.cost.usdPerMonth),
      n(pair.cost.usdPer1000Requests.value),
      beyond(pair, 'any'),
      beyond(pair, 'large'),
      ...ends(pair.kilowattHoursPerMonth),
      ...ends(pair.carbonGramsPerMonth),
      ...ends(pair.waterLitresPerMonth),
      n(pair.nameplateWatts?.value),
      n(pair.latency.answeredBySmall?.ttft.p95.value),
      n(pair.latency.answeredByLarge?.ttft.p95.value),
      n(pair.latency.answeredBySmall?.endToEnd.p95.value),
      n(pair.latency.answeredByLarge?.endToEnd.p95.value),
      plan.qualityBenchmark,
      ...ends(pair.quality.find((entry) => entry.benchmark === plan.qualityBenchmark)?.score),
    ]),
  )
}

const percentileColumns = (name: string) => ['p50', 'p95', 'p99'].map((at) => `${name}_${at}_s`)
const percentileCells = ({ p50, p95, p99 }: PlanPercentiles) =>
  [p50, p95, p99].map((figure) => n(figure.value))

/** One row per option and use case: what each of them asks for and sees. The replicas are those that all share. */
function workloadTables(plan: Plan): [string, string][] {
  const { workloads } = plan
  if (workloads === undefined) return []
  const all = [
    ...plan.options.map((option) => ({ side: '', option })),
    ...(plan.cascade === undefined ? [] : sidesOf(plan.cascade)).flatMap(({ name, options }) =>
      options.map((option) => ({ side: name, option })),
    ),
  ]
  const rows = all.flatMap(({ side, option }) =>
    (option.workloads ?? []).map((seen): CsvValue[] => {
      const asked = workloads.find((entry) => entry.name === seen.name)
      return [
        side,
        option.rank,
        option.id,
        seen.name,
        n(asked?.peakFraction),
        option.deployment?.replicas,
        n(asked?.inputTokensMean),
        n(asked?.outputTokensMean),
        n(asked?.percentile),
        n(asked?.ttftSeconds),
        n(asked?.tpotSeconds),
        n(asked?.endToEndSeconds),
        ...percentileCells(seen.ttft),
        ...percentileCells(seen.tpot),
        ...percentileCells(seen.endToEnd),
      ]
    }),
  )
  const columns = [
    'side',
    'rank',
    'option_id',
    'workload',
    'peak_fraction',
    'shared_replicas',
    'input_tokens_mean',
    'output_tokens_mean',
    'target_percentile_fraction',
    'target_ttft_s',
    'target_tpot_s',
    'target_end_to_end_s',
    ...percentileColumns('ttft'),
    ...percentileColumns('tpot'),
    ...percentileColumns('end_to_end'),
  ]
  return [['workloads.csv', csvText(columns, rows)]]
}
