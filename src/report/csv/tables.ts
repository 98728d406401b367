import { csvText } from '../../foundation/csv-text.ts'
import { sortedNotes } from '../../foundation/notes.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import type { Plan } from '../../planner/plan-types.ts'
import { n } from './cells.ts'
import { costLinesCsv, materialsCsv, optionsCsv } from './option-tables.ts'
import { togetherTables } from './together.ts'

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
    ...togetherTables(plan),
  ])
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
  const notes = sortedNotes([
    ...plan.notes,
    ...(plan.cascade?.notes ?? []),
    ...plan.options.flatMap((option) => option.notes),
  ])
  return csvText(
    ['level', 'code', 'about', 'message', 'source_id'],
    notes.map((note) => [note.level, note.code, note.about, note.message, note.sourceId]),
  )
}
