import { callout, column, list, paragraph, row, table } from '../blocks.ts'
import type { ReportBlock, ReportRow } from '../report-document.ts'
import { benchmarkName, type ReportContext, shortLabel } from './context.ts'
import { noOption } from './infeasible.ts'

/** A pilot passes when it meets the thresholds that the plan rests on. */
export function acceptanceBlocks(context: ReportContext): ReportBlock[] {
  const { best, f, t, plan } = context
  if (best === undefined) return noOption(context)
  const { workload } = plan
  return [
    paragraph(
      t('acceptance.intro', {
        option: shortLabel(context, best),
        rate: f.significant(workload.peakRequestsPerSecond.value),
        input: f.count(workload.inputTokensMean),
        inputP95: f.count(workload.inputTokensP95),
        output: f.count(workload.outputTokensMean),
        outputP95: f.count(workload.outputTokensP95),
      }),
    ),
    table({
      id: 'acceptance',
      caption: t('acceptance.table'),
      columns: [
        column('metric', t('column.metric'), { weight: 3 }),
        column('threshold', t('column.threshold'), { align: 'right', weight: 2 }),
        column('expected', t('column.expected'), { align: 'right', weight: 2 }),
        column('how', t('column.how'), { weight: 5 }),
        column('result', t('column.result'), { weight: 2 }),
      ],
      rows: thresholds(context),
    }),
    list(
      [
        t('acceptance.step.load'),
        t('acceptance.step.steady'),
        t('acceptance.step.fail'),
        t('acceptance.step.record'),
      ],
      {
        title: t('acceptance.steps'),
        ordered: true,
      },
    ),
    callout('neutral', t('acceptance.rule'), t('acceptance.rule.text')),
  ]
}

function thresholds(context: ReportContext): ReportRow[] {
  const { best, f, t, plan } = context
  const { targets, workload } = plan
  const { latency, capacity, energy, site, quality } = best!
  const percentile = f.percent(targets.percentile)
  const expected = (figure: { value: number } | undefined, show: (value: number) => string) =>
    figure === undefined ? t('unknown') : show(figure.value)
  const peak = workload.peakRequestsPerSecond.value
  const tokens = (value: number) => t('unit.tokens-per-second', { value: f.significant(value) })
  const rate = (value: number) => t('unit.requests-per-second', { value: f.significant(value) })
  const rows = [
    row([
      t('acceptance.ttft', { percentile }),
      `≤ ${f.seconds(targets.ttftSeconds)}`,
      expected(latency?.ttft.p95, f.seconds),
      t('acceptance.how.latency'),
      '',
    ]),
    row([
      t('acceptance.tpot', { percentile }),
      `≤ ${f.seconds(targets.tpotSeconds)}`,
      expected(latency?.tpot.p95, f.seconds),
      t('acceptance.how.latency'),
      '',
    ]),
  ]
  if (targets.endToEndSeconds !== undefined)
    rows.push(
      row([
        t('acceptance.end-to-end', { percentile }),
        `≤ ${f.seconds(targets.endToEndSeconds)}`,
        expected(latency?.endToEnd.p95, f.seconds),
        t('acceptance.how.latency'),
        '',
      ]),
    )
  rows.push(...workloadThresholds(context))
  rows.push(
    row([
      t('acceptance.output'),
      `≥ ${tokens(peak * workload.outputTokensMean)}`,
      expected(capacity?.outputTokensPerSecond, tokens),
      t('acceptance.how.output'),
      '',
    ]),
  )
  if (capacity !== undefined)
    rows.push(
      row([
        t('acceptance.replica'),
        `≥ ${rate(capacity.requestsPerSecondPerReplica.low ?? capacity.requestsPerSecondPerReplica.value)}`,
        expected(capacity.requestsPerSecondPerReplica, rate),
        t('acceptance.how.replica'),
        '',
      ]),
    )
  if (energy !== undefined && site !== undefined)
    rows.push(
      row([
        t('acceptance.power'),
        `≤ ${f.watts(site.nameplateWatts.value)}`,
        expected(energy.peakWatts, f.watts),
        t('acceptance.how.power'),
        '',
      ]),
    )
  for (const entry of quality) {
    const score = entry.score
    if (score === undefined) continue
    rows.push(
      row([
        benchmarkName(entry.benchmark),
        `≥ ${f.number(score.low ?? score.value, 1)}`,
        f.number(score.value, 1),
        t('acceptance.how.quality', { setting: entry.setting ?? t('unknown') }),
        '',
      ]),
    )
  }
  return rows
}

/** The targets of each of several use cases that has its own; the others are held to those of the whole. */
function workloadThresholds(context: ReportContext): ReportRow[] {
  const { best, f, t, plan } = context
  const percentile = f.percent(plan.targets.percentile)
  return (best?.workloads ?? []).flatMap(({ name, ttft, tpot, endToEnd }) => {
    const asked = plan.workloads?.find((entry) => entry.name === name)
    const lines = [
      { metric: 'ttft', target: asked?.ttftSeconds, expected: ttft.p95 },
      { metric: 'tpot', target: asked?.tpotSeconds, expected: tpot.p95 },
      { metric: 'end-to-end', target: asked?.endToEndSeconds, expected: endToEnd.p95 },
    ] as const
    return lines.flatMap(({ metric, target, expected }) =>
      target === undefined
        ? []
        : [
            row([
              `${name}: ${t(`acceptance.${metric}`, { percentile })}`,
              `≤ ${f.seconds(target)}`,
              f.seconds(expected.value),
              t('acceptance.how.workload'),
              '',
            ]),
          ],
    )
  })
}
