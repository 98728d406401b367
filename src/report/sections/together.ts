import type { Figure } from '../../planner/plan-figure.ts'
import { amount, callout, column, list, numbers, row, table } from '../blocks.ts'
import type { ReportBlock, ReportCell } from '../report-document.ts'
import { benchmarkName, machineLabel, type ReportContext } from './context.ts'

/** The pairs of a cascade beside the single models; nothing where the plan has none. */
export function cascadeBlocks(context: ReportContext): ReportBlock[] {
  const { plan, t, f } = context
  const { cascade, qualityBenchmark } = plan
  if (cascade === undefined) return []
  const known = (figure: Figure | undefined, show: (value: number) => string, scale = 1): ReportCell =>
    figure === undefined ? { text: t('unknown') } : amount(show(figure.value * scale), figure.value * scale)
  if (cascade.pairs.length === 0)
    return [
      callout(
        'caution',
        t(`cascade.none.${cascade.status}`),
        ...context.say.sentences('reason', cascade.whyNoneCodes, cascade.whyNone),
      ),
    ]
  const sideText = (side: 'small' | 'large', id: string | undefined) => {
    const option = cascade[side]?.options.find((entry) => entry.id === id)
    return option === undefined ? '–' : `${option.model.name} · ${machineLabel(context, option)}`
  }
  const beyond = (pairId: string, role: string): ReportCell => {
    const usd = cascade.versusSingle.find(
      (entry) => entry.pairId === pairId && entry.role === role && entry.against === 'large',
    )?.netPresentUsdDifference
    return usd === undefined ? { text: t('unknown') } : amount(f.money(usd), f.inCurrency(usd))
  }
  return [
    table({
      id: 'cascade',
      caption: t('cascade.caption', { share: f.percent(cascade.smallFraction) }),
      columns: [
        column('role', t('cascade.role')),
        column('small', t('cascade.small'), { weight: 4 }),
        column('large', t('cascade.large'), { weight: 4 }),
        numbers('total', t('column.total-cost')),
        numbers('beyond', t('cascade.beyond-large')),
        numbers('carbon', t('column.carbon-year')),
        ...(qualityBenchmark === undefined ? [] : [numbers('quality', benchmarkName(qualityBenchmark))]),
        numbers('ttft-small', t('cascade.ttft-small')),
        numbers('ttft-large', t('cascade.ttft-large')),
      ],
      rows: cascade.pairs.map((pair) =>
        row([
          pair.roles.map((role) => t(`role.${role}`)).join(', '),
          sideText('small', pair.smallOptionId),
          sideText('large', pair.largeOptionId),
          amount(f.money(pair.cost.totalUsd.value), f.inCurrency(pair.cost.totalUsd.value)),
          beyond(pair.id, pair.roles[0] ?? ''),
          known(pair.carbonGramsPerMonth, f.mass, 12),
          ...(qualityBenchmark === undefined
            ? []
            : [
                known(pair.quality.find((entry) => entry.benchmark === qualityBenchmark)?.score, (value) =>
                  f.number(value, 1),
                ),
              ]),
          known(pair.latency.answeredBySmall?.ttft.p95, f.seconds),
          known(pair.latency.answeredByLarge?.ttft.p95, f.seconds),
        ]),
      ),
      footnotes: [t('cascade.quality'), t('cascade.beyond')],
      wide: true,
    }),
    list(
      cascade.notes.map((note) => context.say.note(note)),
      { title: t('cascade.notes') },
    ),
  ]
}

/** What each of several use cases sees on the recommended option; nothing where there is one. */
export function workloadBlocks(context: ReportContext): ReportBlock[] {
  const { plan, best, t, f } = context
  if (best?.workloads === undefined) return []
  const beside = (figure: Figure, target: number | undefined): ReportCell =>
    amount(
      target === undefined ? f.seconds(figure.value) : `${f.seconds(figure.value)} (≤ ${f.seconds(target)})`,
      figure.value,
    )
  return [
    table({
      id: 'workload-latency',
      caption: t('workloads.caption'),
      columns: [
        column('workload', t('workloads.name'), { weight: 3 }),
        numbers('ttft', t('column.ttft-p95')),
        numbers('tpot', t('column.tpot-p95')),
        numbers('end', t('workloads.end-p95')),
      ],
      rows: best.workloads.map(({ name, ttft, tpot, endToEnd }) => {
        const asked = plan.workloads?.find((entry) => entry.name === name)
        return row([
          name,
          beside(ttft.p95, asked?.ttftSeconds),
          beside(tpot.p95, asked?.tpotSeconds),
          beside(endToEnd.p95, asked?.endToEndSeconds),
        ])
      }),
    }),
  ]
}
