import { type RunMetric, runMetrics } from '../calibration/runs.ts'
import { type Grouping, groupings, type MetricScore, type Validation } from '../calibration/validate.ts'
import { formatNumber, formatPercent, formatSignificant } from '../foundation/format.ts'
import { compareText } from '../foundation/notes.ts'
import { type TextColumn, textTable, wrapped } from './text-table.ts'

const right = (title: string): TextColumn => ({ title, align: 'right' })
const scoreColumns: readonly TextColumn[] = [
  right('n'),
  right('median error'),
  right('p90'),
  right('within 25 %'),
  right('predicted/measured'),
  right('in 80 % interval'),
]

const honesty =
  'These figures are honest only for runs that the fit has not seen: the shipped factors were fitted on published runs, and runs among them are scored in-sample here. Errors on models, accelerators and sources left out of the fit are in the README.'

const layouts =
  'Rows that give accelerators but no tp: all devices are one tensor-parallel group (layers split under llama.cpp, mlx and transformers), in MLPerf modes the smallest group that leaves room for the cache, unless the note states the layout (TP2 EP1 DP1).'

export function renderValidation(validation: Validation): string {
  const { rows, scored, skipped, metrics } = validation
  const parts = [
    `${formatNumber(scored)} of ${formatNumber(rows)} rows scored, ${formatNumber(skipped.length)} skipped\n`,
    textTable([{ title: 'metric' }, ...scoreColumns], scoreRows(metrics)),
  ]
  for (const by of groupings) {
    parts.push(
      `By ${by}\n${textTable([{ title: by }, { title: 'metric' }, ...scoreColumns], groupRows(validation, by))}`,
    )
  }
  if (validation.worst.length > 0) parts.push(`Farthest off\n${worstTable(validation)}`)
  if (skipped.length > 0) parts.push(`Skipped\n${skippedTable(skipped)}`)
  parts.push(`${wrapped(layouts, { columns: 110, indent: '' })}\n`)
  parts.push(`${wrapped(honesty, { columns: 110, indent: '' })}\n`)
  return parts.join('\n')
}

function scoreRows(metrics: Validation['metrics']): string[][] {
  return present(metrics).map(([metric, score]) => [metric, ...scoreCells(score)])
}

function groupRows(validation: Validation, by: Grouping): string[][] {
  return validation.groups
    .filter((group) => group.by === by)
    .flatMap(({ key, metrics }) =>
      present(metrics).map(([metric, score]) => [key, metric, ...scoreCells(score)]),
    )
}

function present(metrics: Validation['metrics']): [RunMetric, MetricScore][] {
  return runMetrics.flatMap((metric): [RunMetric, MetricScore][] => {
    const score = metrics[metric]
    return score === undefined ? [] : [[metric, score]]
  })
}

function scoreCells(score: MetricScore): string[] {
  const { interval80CoverageFraction: inside } = score
  return [
    formatNumber(score.n),
    formatPercent(score.medianAbsolutePercentageError, 1),
    formatPercent(score.p90AbsolutePercentageError, 1),
    formatPercent(score.within25PercentFraction),
    formatNumber(score.medianBiasRatio, 2),
    inside === null ? '–' : formatPercent(inside),
  ]
}

function worstTable({ worst }: Validation): string {
  return textTable(
    [
      right('line'),
      { title: 'model' },
      { title: 'accelerator' },
      { title: 'engine' },
      { title: 'weights' },
      { title: 'mode' },
      { title: 'metric' },
      right('measured'),
      right('predicted'),
    ],
    worst.map((figure) => [
      String(figure.line),
      figure.model,
      figure.accelerator,
      figure.engine,
      figure.precision,
      figure.mode,
      figure.metric,
      formatSignificant(figure.measured),
      formatSignificant(figure.predicted),
    ]),
  )
}

const linesShown = 8

/** One line per reason, with the first lines of the file it holds for. */
function skippedTable(skipped: Validation['skipped']): string {
  const byReason = new Map<string, number[]>()
  for (const { line, reason } of skipped) byReason.set(reason, [...(byReason.get(reason) ?? []), line])
  return textTable(
    [right('rows'), { title: 'reason' }, { title: 'lines' }],
    [...byReason]
      .sort(([a, x], [b, y]) => y.length - x.length || compareText(a, b))
      .map(([reason, lines]) => [
        formatNumber(lines.length),
        reason,
        lines.slice(0, linesShown).join(', ') + (lines.length > linesShown ? ', …' : ''),
      ]),
  )
}
