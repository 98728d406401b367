import { amount, cell, column, numbers, paragraph, row, table } from '../blocks.ts'
import type { ReportBlock } from '../report-document.ts'
import { constraintWord, type ReportContext } from './context.ts'
import { checkTexts } from './plan-words.ts'

/** Who asks, how much and how fast. */
export function needBlocks(context: ReportContext): ReportBlock[] {
  const { plan, f, t } = context
  const { workload, targets, finance } = plan
  const rate = (value: number) => t('unit.requests-per-second', { value: f.significant(value) })
  const growth = workload.growthByMonth.at(-1)
  return [
    ...(plan.description === undefined ? [] : [paragraph(plan.description.trim())]),
    {
      kind: 'facts',
      title: t('need.demand'),
      facts: [
        {
          label: t('need.users'),
          value: workload.users === undefined ? t('need.users.none') : f.count(workload.users),
        },
        { label: t('need.peak'), value: rate(workload.peakRequestsPerSecond.value) },
        { label: t('need.average'), value: rate(workload.averageRequestsPerSecond.value) },
        { label: t('need.peak-ratio'), value: f.significant(workload.peakToAverageRatio) },
        {
          label: t('need.hours'),
          value: t('need.hours.value', {
            hours: f.significant(workload.workingHoursPerDay),
            days: f.significant(workload.workingDaysPerWeek),
          }),
        },
        {
          label: t('need.growth'),
          value:
            growth === undefined || growth === 1
              ? t('need.growth.none')
              : t('need.growth.value', { change: f.change(growth - 1) }),
        },
      ],
    },
    table({
      id: 'tokens',
      caption: t('need.tokens'),
      columns: [
        column('what', t('column.quantity'), { weight: 3 }),
        numbers('mean', t('column.mean')),
        numbers('p95', t('column.p95')),
        numbers('month', t('column.per-month')),
      ],
      rows: [
        row([
          t('need.requests'),
          '',
          '',
          amount(f.significant(workload.requestsPerMonth.value), workload.requestsPerMonth.value),
        ]),
        row([
          t('need.input'),
          amount(f.count(workload.inputTokensMean), workload.inputTokensMean),
          amount(f.count(workload.inputTokensP95), workload.inputTokensP95),
          amount(f.significant(workload.inputTokensPerMonth.value), workload.inputTokensPerMonth.value),
        ]),
        row([
          t('need.output'),
          amount(f.count(workload.outputTokensMean), workload.outputTokensMean),
          amount(f.count(workload.outputTokensP95), workload.outputTokensP95),
          amount(f.significant(workload.outputTokensPerMonth.value), workload.outputTokensPerMonth.value),
        ]),
      ],
      footnotes:
        workload.sharedPrefixFraction > 0
          ? [t('need.shared-prefix', { share: f.percent(workload.sharedPrefixFraction) })]
          : [],
    }),
    {
      kind: 'facts',
      title: t('need.targets'),
      facts: [
        { label: t('need.ttft'), value: `≤ ${f.seconds(targets.ttftSeconds)}` },
        { label: t('need.tpot'), value: `≤ ${f.seconds(targets.tpotSeconds)}` },
        {
          label: t('need.end-to-end'),
          value:
            targets.endToEndSeconds === undefined
              ? t('need.not-asked')
              : `≤ ${f.seconds(targets.endToEndSeconds)}`,
        },
        { label: t('need.percentile'), value: f.percent(targets.percentile) },
        { label: t('need.headroom'), value: f.percent(targets.headroomFraction) },
        { label: t('need.availability'), value: t(`availability.${targets.availability}`) },
        { label: t('need.horizon'), value: t('unit.months', { value: f.count(finance.horizonMonths) }) },
        { label: t('need.discount'), value: f.percent(finance.discountRatePerYearFraction, 1) },
      ],
    },
    ...constraintTable(context),
  ]
}

function constraintTable(context: ReportContext): ReportBlock[] {
  const { best, t } = context
  if (best === undefined || best.constraints.length === 0) return []
  return [
    table({
      id: 'constraints',
      caption: t('need.constraints'),
      columns: [
        column('constraint', t('column.constraint'), { weight: 3 }),
        column('needed', t('column.needed'), { weight: 3 }),
        column('has', t('column.has'), { weight: 3 }),
        column('status', t('column.status')),
      ],
      rows: best.constraints.map((check) => {
        const { needed, has } = checkTexts(context, check)
        return row([
          constraintWord(context, check.constraint),
          needed,
          has,
          cell(t(`status.${check.status}`), {
            tone: check.status === 'met' ? 'good' : check.status === 'missed' ? 'bad' : 'caution',
          }),
        ])
      }),
    }),
  ]
}
