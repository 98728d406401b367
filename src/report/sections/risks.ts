import type { Figure } from '../../planner/plan-figure.ts'
import { callout, cell, column, list, paragraph, row, table } from '../blocks.ts'
import { tornadoChart } from '../charts/money-charts.ts'
import type { ReportBlock } from '../report-document.ts'
import { type ReportContext, shortLabel } from './context.ts'
import { noOption, notInPlan } from './infeasible.ts'
import { unknownWhat, unknownWhy } from './plan-words.ts'
import { tiedLabels } from './summary.ts'

/** What could make the answer wrong, and by how much. */
export function riskBlocks(context: ReportContext): ReportBlock[] {
  const { best, t, plan } = context
  if (best === undefined) return noOption(context)
  const tornado = tornadoChart(context, best)
  const warnings = [...plan.notes, ...best.notes].filter((note) => note.level === 'warning')
  const texts = [...new Set(warnings.map((note) => `${note.about}: ${context.say.note(note)}`))]
  return [
    paragraph(t('risks.intro', { option: shortLabel(context, best) })),
    ...(tornado === undefined ? [notInPlan(context, t('chart.tornado'))] : [tornado]),
    intervalTable(context),
    ...(best.tiedWith.length === 0
      ? []
      : [callout('caution', t('risks.ties'), ...tiedLabels(context, best))]),
    ...(best.unknown.length === 0
      ? []
      : [
          table({
            id: 'unknown',
            caption: t('risks.unknown'),
            columns: [
              column('what', t('column.what'), { weight: 2 }),
              column('why', t('column.why'), { weight: 4 }),
            ],
            rows: best.unknown.map((entry) => row([unknownWhat(context, entry), unknownWhy(context, entry)])),
          }),
        ]),
    ...(texts.length === 0 ? [] : [list(texts, { title: t('risks.warnings') })]),
  ]
}

/** The main figures with their 80 % intervals. */
function intervalTable(context: ReportContext): ReportBlock {
  const { best, f, t } = context
  const option = best!
  const perYear = (show: (value: number) => string) => (value: number) => show(value * 12)
  const lines: readonly (readonly [string, Figure | undefined, (value: number) => string])[] = [
    [t('column.total-cost'), option.cost.totalUsd, f.money],
    [t('column.npv'), option.cost.netPresentUsd, f.money],
    [t('card.token-cost'), option.cost.blendedUsdPerMillionTokens, f.price],
    [t('compare.capacity'), option.capacity?.requestsPerSecond, f.significant],
    [t('column.ttft-p95'), option.latency?.ttft.p95, f.seconds],
    [t('column.tpot-p95'), option.latency?.tpot.p95, f.seconds],
    [t('compare.energy'), option.energy?.kilowattHoursPerMonth, perYear(f.energy)],
    [t('column.carbon-year'), option.carbon?.totalGramsPerMonth, perYear(f.mass)],
    [t('compare.water'), option.water?.totalLitresPerMonth, perYear(f.volume)],
  ]
  return table({
    id: 'intervals',
    caption: t('risks.intervals'),
    columns: [
      column('what', t('column.quantity'), { weight: 3 }),
      column('value', t('column.value'), { align: 'right', weight: 2 }),
      column('interval', t('column.interval'), { align: 'right', weight: 3 }),
    ],
    rows: lines.map(([label, figure, show]) =>
      row([
        label,
        cell(figure === undefined ? t('unknown') : show(figure.value)),
        cell(
          figure === undefined
            ? t('unknown')
            : (f.interval(figure, show) ??
                t(figure.basis === 'bound' ? 'interval.bound' : 'interval.unknown')),
        ),
      ]),
    ),
    footnotes: [t('footnote.interval')],
  })
}
