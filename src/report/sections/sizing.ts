import type { PlanPercentiles } from '../../planner/plan-option-types.ts'
import { amount, callout, cell, column, numbers, paragraph, row, table } from '../blocks.ts'
import { latencyChart, memoryChart } from '../charts/sizing-charts.ts'
import type { ReportBlock } from '../report-document.ts'
import { formatsLabel, type ReportContext, shortLabel } from './context.ts'
import { noOption, notInPlan } from './infeasible.ts'
import { workloadBlocks } from './together.ts'

/** How the recommended option fills its memory, what it carries and how fast it answers. */
export function sizingBlocks(context: ReportContext): ReportBlock[] {
  const { best, t } = context
  if (best === undefined) return noOption(context)
  const intro = paragraph(t('sizing.intro', { option: shortLabel(context, best) }))
  if (best.deployment === undefined)
    return [intro, notInPlan(context, t('missing.provider-side')), ...latencyTable(context)]
  const memory = memoryChart(context, best)
  const latency = latencyChart(context, best)
  return [
    intro,
    layoutFacts(context),
    ...(memory === undefined ? [notInPlan(context, t('chart.memory'))] : [memory]),
    capacityFacts(context),
    ...latencyTable(context),
    ...workloadBlocks(context),
    ...(latency === undefined ? [notInPlan(context, t('chart.latency'))] : [latency]),
    ...(best.evidence === undefined
      ? []
      : [
          callout(
            best.evidence.novelty === 'measured' ? 'good' : 'caution',
            t(`evidence.${best.evidence.novelty}`),
            context.say.word('novelty', best.evidence.novelty, best.evidence.message),
          ),
        ]),
  ]
}

function layoutFacts(context: ReportContext): ReportBlock {
  const { best, f, t } = context
  const deployment = best!.deployment!
  const { layout } = deployment
  const degrees = [
    [t('layout.tensor'), layout.tensor],
    [t('layout.pipeline'), layout.pipeline],
    [t('layout.expert'), layout.expert],
    [t('layout.attention-data'), layout.attentionData],
  ] as const
  const split = degrees
    .filter(([, degree]) => degree > 1)
    .map(([name, degree]) => `${name} ${f.count(degree)}`)
  return {
    kind: 'facts',
    title: t('sizing.layout'),
    facts: [
      { label: t('sizing.formats'), value: formatsLabel(context, best!) },
      {
        label: t('sizing.engine'),
        value: `${deployment.engine} (${t(`support.${deployment.engineSupport}`)})`,
      },
      {
        label: t('sizing.replica'),
        value: `${f.count(deployment.acceleratorsPerReplica)} × ${deployment.accelerator.name}`,
      },
      { label: t('sizing.split'), value: split.length === 0 ? t('sizing.split.none') : split.join(', ') },
      {
        label: t('sizing.replicas'),
        value: t('sizing.replicas.value', {
          all: f.count(deployment.replicas),
          needed: f.count(deployment.replicasNeeded),
          spare: f.count(deployment.spareReplicas),
        }),
      },
      {
        label: t('sizing.servers'),
        value: `${f.count(deployment.servers)} × ${deployment.server.name}`,
      },
      {
        label: t('sizing.longest'),
        value:
          best!.memory === undefined
            ? t('unknown')
            : t('unit.tokens', { value: f.count(best!.memory.longestContextTokens) }),
      },
      {
        label: t('sizing.idle'),
        value: f.count(deployment.acceleratorsIdle),
      },
    ],
  }
}

function capacityFacts(context: ReportContext): ReportBlock {
  const { best, f, t } = context
  const capacity = best?.capacity
  if (capacity === undefined) return notInPlan(context, t('sizing.capacity'))
  const rate = (value: number) => t('unit.requests-per-second', { value: f.significant(value) })
  const withInterval = (figure: typeof capacity.requestsPerSecond, show: (value: number) => string) => {
    const interval = f.interval(figure, f.significant)
    return interval === undefined ? show(figure.value) : `${show(figure.value)} (${interval})`
  }
  return {
    kind: 'facts',
    title: t('sizing.capacity'),
    facts: [
      { label: t('capacity.replica'), value: withInterval(capacity.requestsPerSecondPerReplica, rate) },
      { label: t('capacity.all'), value: withInterval(capacity.requestsPerSecond, rate) },
      {
        label: t('capacity.output'),
        value: withInterval(capacity.outputTokensPerSecond, (value) =>
          t('unit.tokens-per-second', { value: f.significant(value) }),
        ),
      },
      { label: t('capacity.headroom'), value: f.percent(capacity.headroomFraction) },
      {
        label: t('capacity.utilisation'),
        value: t('capacity.utilisation.value', {
          average: f.percent(capacity.utilisationAverageFraction),
          peak: f.percent(capacity.utilisationAtPeakFraction),
        }),
      },
      {
        label: t('capacity.sequences'),
        value: t('capacity.sequences.value', {
          running: f.count(capacity.runningSequencesPerReplica),
          most: f.count(capacity.mostSequencesPerReplica),
        }),
      },
      { label: t('capacity.next'), value: rate(capacity.peakRequestsPerSecondBeforeNextReplica) },
    ],
  }
}

function latencyTable(context: ReportContext): ReportBlock[] {
  const { best, f, t, plan } = context
  const latency = best?.latency
  if (latency === undefined) return [notInPlan(context, t('chart.latency'))]
  const { targets } = plan
  const line = (label: string, percentiles: PlanPercentiles, target: number | undefined) =>
    row([
      label,
      ...(['p50', 'p95', 'p99'] as const).map((name) => {
        const figure = percentiles[name]
        const interval = f.interval(figure, f.seconds)
        const text = f.seconds(figure.value)
        return amount(interval === undefined ? text : `${text} (${interval})`, figure.value)
      }),
      target === undefined ? cell(t('need.not-asked')) : amount(`≤ ${f.seconds(target)}`, target),
    ])
  return [
    table({
      id: 'latency',
      caption: t('sizing.latency'),
      columns: [
        column('what', t('column.quantity'), { weight: 3 }),
        numbers('p50', 'p50'),
        numbers('p95', 'p95'),
        numbers('p99', 'p99'),
        numbers('target', t('column.target', { percentile: f.percent(targets.percentile) })),
      ],
      rows: [
        line(t('sizing.ttft'), latency.ttft, targets.ttftSeconds),
        line(t('sizing.tpot'), latency.tpot, targets.tpotSeconds),
        line(t('sizing.end-to-end'), latency.endToEnd, targets.endToEndSeconds),
      ],
      footnotes: [
        t('footnote.interval'),
        t('sizing.bound', {
          prefill: t(`bound.${latency.prefillBound}`),
          decode: t(`bound.${latency.decodeBound}`),
        }),
      ],
    }),
  ]
}
