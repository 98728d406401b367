import { gramsPerKilogram } from '../../foundation/units.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import { amount, cell, column, numbers, row, table } from '../blocks.ts'
import type { ChartBlock } from '../report-document.ts'
import { type ReportContext, rankedLabel, shortLabel, wordOf } from '../sections/context.ts'
import { axis, chartBlock, filled, line, moneyTicks, plotted } from './config.ts'

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
    labels: shown.map((option) => rankedLabel(context, option)),
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
    aspectRatio: 2.4,
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

/** Cost against carbon: options on the front are not beaten in both, or are better in speed or quality. */
export function paretoChart(context: ReportContext): ChartBlock | undefined {
  const { f, t, plan, options } = context
  const front = new Set(plan.paretoFront)
  const point = (option: PlanOption) => ({
    x: plotted(f.inCurrency(option.cost.totalUsd.value)),
    y: plotted((12 * (option.carbon?.totalGramsPerMonth?.value ?? 0)) / gramsPerKilogram),
  })
  const known = options.filter((option) => option.carbon?.totalGramsPerMonth !== undefined)
  if (known.length < 2) return undefined
  const without = options.length - known.length
  const groups = [
    { label: t('chart.pareto.front'), index: 0, members: known.filter((option) => front.has(option.id)) },
    { label: t('chart.pareto.other'), index: 7, members: known.filter((option) => !front.has(option.id)) },
    { label: t('chart.pareto.best'), index: 5, members: known.filter((option) => option === context.best) },
  ]
  return chartBlock({
    context,
    id: 'pareto',
    title: t('chart.pareto'),
    alt: t('chart.pareto.alt', {
      front: f.count(groups[0]?.members.length ?? 0),
      options: f.count(known.length),
      best: context.best === undefined ? f.unknown : shortLabel(context, context.best),
    }),
    caption: without > 0 ? t('chart.pareto.without', { n: f.count(without) }) : t('chart.pareto.caption'),
    type: 'scatter',
    datasets: groups
      .filter((group) => group.members.length > 0)
      .map((group) => ({
        ...line(group.label, group.index, group.members.map(point)),
        showLine: false,
        pointRadius: group.index === 5 ? 13 : 7,
        ...(group.index === 5
          ? { pointStyle: 'circle', backgroundColor: 'rgba(0,0,0,0)', borderWidth: 3, borderDash: [] }
          : {}),
      })),
    scales: {
      x: axis(t('chart.axis.cost', { currency: f.currencyCode }), {
        beginAtZero: true,
        ticks: moneyTicks(f.currencyCode),
      }),
      y: axis(t('chart.axis.carbon'), { beginAtZero: true }),
    },
    aspectRatio: 1.9,
    data: table({
      id: 'pareto-data',
      caption: t('chart.pareto'),
      columns: [
        column('option', t('column.option'), { weight: 4 }),
        numbers('cost', t('column.total-cost'), f.currencyCode),
        numbers('carbon', t('column.carbon-year'), 'kg CO₂e'),
        column('front', t('column.front')),
      ],
      rows: known.map((option) => {
        const { x, y } = point(option)
        return row([
          cell(rankedLabel(context, option)),
          amount(f.money(option.cost.totalUsd.value), x),
          amount(f.significant(y), y),
          t(front.has(option.id) ? 'yes' : 'no'),
        ])
      }),
      long: known.length > 15,
    }),
  })
}
