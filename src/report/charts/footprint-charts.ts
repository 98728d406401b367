import { gramsPerKilogram } from '../../foundation/units.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import { amount, cell, column, numbers, row, table } from '../blocks.ts'
import type { ChartBlock } from '../report-document.ts'
import { chartLabel, type ReportContext, rankedLabel, shortLabel, wordOf } from '../sections/context.ts'
import { axis, barRatio, chartBlock, filled, line, logarithmic, moneyTicks, plotted } from './config.ts'

/** What each option emits in a year, by part. */
export function carbonChart(context: ReportContext, options: readonly PlanOption[]): ChartBlock | undefined {
  const { f, t } = context
  const shown = options.filter((option) => (option.carbon?.parts.length ?? 0) > 0)
  if (shown.length === 0) return undefined
  const parts = [...new Set(shown.flatMap((option) => option.carbon?.parts.map((part) => part.part) ?? []))]
  const perYear = (option: PlanOption, part: string) =>
    12 * (option.carbon?.parts.find((entry) => entry.part === part)?.gramsPerMonth ?? 0)
  const total = (option: PlanOption) => parts.reduce((sum, part) => sum + perYear(option, part), 0)
  return chartBlock({
    context,
    id: 'carbon-composition',
    title: t('chart.carbon'),
    alt: t('chart.carbon.alt', {
      totals: shown.map((option) => `${shortLabel(context, option)} ${f.mass(total(option))}`).join('; '),
    }),
    type: 'bar',
    horizontal: true,
    labels: shown.map((option) => chartLabel(context, option)),
    datasets: parts.map((part, index) =>
      filled(
        wordOf(context, 'carbon', part),
        index,
        shown.map((option) => plotted(perYear(option, part) / gramsPerKilogram)),
      ),
    ),
    scales: {
      x: axis(t('chart.axis.carbon'), { stacked: true }),
      y: { stacked: true, grid: { display: false } },
    },
    aspectRatio: barRatio(shown.length),
    data: table({
      id: 'carbon-composition-data',
      caption: t('chart.carbon'),
      columns: [
        column('option', t('column.option'), { weight: 3 }),
        ...parts.map((part) => numbers(part, wordOf(context, 'carbon', part), 'kg CO₂e')),
        numbers('total', t('column.total'), 'kg CO₂e'),
      ],
      rows: shown.map((option) =>
        row([
          cell(rankedLabel(context, option)),
          ...parts.map((part) => {
            const kilograms = perYear(option, part) / gramsPerKilogram
            return amount(f.significant(kilograms), kilograms)
          }),
          amount(f.significant(total(option) / gramsPerKilogram), total(option) / gramsPerKilogram),
        ]),
      ),
    }),
  })
}

interface ParetoPoint {
  readonly label: string
  readonly usd: number
  readonly kilogramsPerYear: number
  readonly front: boolean
  readonly best: boolean
}

/** Offers of the front and the listed options; those whose carbon is unknown cannot be drawn. */
function paretoPoints(context: ReportContext): { known: ParetoPoint[]; without: number } {
  const { plan, options, best } = context
  const front = new Map(plan.paretoFront.map((point) => [point.id, point]))
  const listed = options.map((option) => ({
    label: rankedLabel(context, option),
    usd: option.cost.netPresentUsd.value,
    grams: option.carbon?.totalGramsPerMonth?.value,
    front: front.has(option.id),
    best: option === best,
  }))
  const others = plan.paretoFront
    .filter((point) => !context.optionById.has(point.id))
    .map((point) => ({
      label: context.say.sentence('label', point.labelCode, point.label),
      usd: point.netPresentUsd,
      grams: point.carbonGramsPerMonth,
      front: true,
      best: false,
    }))
  const all = [...listed, ...others]
  const known = all.flatMap(({ grams, ...point }) =>
    grams === undefined ? [] : [{ ...point, kilogramsPerYear: (12 * grams) / gramsPerKilogram }],
  )
  return { known, without: all.length - known.length }
}

/** Cost against carbon: offers on the front are not beaten in both, or are better in speed or quality. */
export function paretoChart(context: ReportContext): ChartBlock | undefined {
  const { f, t, plan } = context
  const { known, without } = paretoPoints(context)
  if (known.length < 2) return undefined
  const point = ({ usd, kilogramsPerYear }: ParetoPoint) => ({
    x: plotted(f.inCurrency(usd)),
    y: plotted(kilogramsPerYear),
  })
  const groups = [
    { label: t('chart.pareto.front'), index: 0, members: known.filter((entry) => entry.front) },
    { label: t('chart.pareto.other'), index: 7, members: known.filter((entry) => !entry.front) },
  ].filter((group) => group.members.length > 0)
  const best = known.filter((entry) => entry.best)
  return chartBlock({
    context,
    id: 'pareto',
    title: t('chart.pareto'),
    alt: t('chart.pareto.alt', {
      front: f.count(known.filter((entry) => entry.front).length),
      options: f.count(known.length),
      best: context.best === undefined ? f.unknown : shortLabel(context, context.best),
    }),
    caption: [
      t('chart.pareto.caption', { n: f.count(plan.paretoFrontSize) }),
      ...(without > 0 ? [t('chart.pareto.without', { n: f.count(without) })] : []),
    ].join(' '),
    type: 'scatter',
    datasets: [
      ...groups.map(({ label, index, members }) => ({
        ...line(label, index, members.map(point)),
        showLine: false,
        pointRadius: index === 0 ? 6 : 7,
        pointStyle: index === 0 ? 'circle' : 'triangle',
      })),
      ...(best.length === 0
        ? []
        : [
            {
              ...line(t('chart.pareto.best'), 5, best.map(point)),
              showLine: false,
              pointRadius: 12,
              pointStyle: 'circle',
              backgroundColor: 'rgba(0,0,0,0)',
              borderWidth: 3,
              borderDash: [],
            },
          ]),
    ],
    scales: {
      x: axis(t('chart.axis.npv', { currency: f.currencyCode }), {
        ...logarithmic(known.map((entry) => point(entry).x)),
        ticks: moneyTicks(f.currencyCode),
      }),
      y: axis(t('chart.axis.carbon'), logarithmic(known.map((entry) => point(entry).y))),
    },
    aspectRatio: 1.9,
    data: table({
      id: 'pareto-data',
      caption: t('chart.pareto'),
      columns: [
        column('option', t('column.option'), { weight: 4 }),
        numbers('cost', t('column.npv'), f.currencyCode),
        numbers('carbon', t('column.carbon-year'), 'kg CO₂e'),
        column('front', t('column.front')),
      ],
      rows: known.map((entry) =>
        row([
          cell(entry.label),
          amount(f.money(entry.usd), f.inCurrency(entry.usd)),
          amount(f.significant(entry.kilogramsPerYear), entry.kilogramsPerYear),
          t(entry.front ? 'yes' : 'no'),
        ]),
      ),
      long: known.length > 15,
    }),
  })
}
