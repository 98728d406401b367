import type { CostCategory } from '../../estimators/cost/lines.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import { amount, cell, column, numbers, row, table } from '../blocks.ts'
import type { ChartBlock } from '../report-document.ts'
import { chartLabel, type ReportContext, rankedLabel, shortLabel } from '../sections/context.ts'
import { unitWord } from '../sections/plan-words.ts'
import { axis, barRatio, chartBlock, filled, line, moneyTicks, plotted } from './config.ts'

/** What each option has cost by each month: where lines cross, one overtakes the other. */
export function cumulativeCostChart(context: ReportContext, options: readonly PlanOption[]): ChartBlock {
  const { f, t, plan } = context
  const series = options.map((option) => ({ option, sums: cumulativeSums(option.cost.monthlyUsd) }))
  const months = plan.finance.horizonMonths
  const yearEnds = Array.from({ length: Math.floor(months / 12) + 1 }, (_, year) => year * 12)
  if (yearEnds.at(-1) !== months) yearEnds.push(months)
  return chartBlock({
    context,
    id: 'cumulative-cost',
    title: t('chart.cumulative'),
    alt: t('chart.cumulative.alt', {
      months: f.count(months),
      ends: series
        .map(({ option, sums }) => `${shortLabel(context, option)} ${f.money(sums.at(-1) ?? 0)}`)
        .join('; '),
    }),
    caption: [
      breakEvenCaption(context),
      ...(options.some(hasResidual) ? [t('chart.cumulative.residual')] : []),
    ].join(' '),
    type: 'scatter',
    datasets: series.map(({ option, sums }, index) =>
      line(
        rankedLabel(context, option),
        index,
        sums.map((usd, month) => ({ x: month, y: plotted(f.inCurrency(usd)) })),
        { pointRadius: sums.map((_, month) => (month % 6 === 0 ? 4 : 0)) },
      ),
    ),
    scales: {
      x: axis(t('chart.axis.months'), { type: 'linear', min: 0, max: months, ticks: { stepSize: 6 } }),
      y: axis(t('chart.axis.cumulative', { currency: f.currencyCode }), {
        beginAtZero: true,
        ticks: moneyTicks(f.currencyCode),
      }),
    },
    data: table({
      id: 'cumulative-cost-data',
      caption: t('chart.cumulative'),
      columns: [
        numbers('month', t('column.month')),
        ...options.map((option) => numbers(option.id, rankedLabel(context, option), f.currencyCode)),
      ],
      rows: yearEnds.map((month) =>
        row([
          amount(f.count(month), month),
          ...series.map(({ sums }) => amount(f.moneyExact(sums[month] ?? 0), f.inCurrency(sums[month] ?? 0))),
        ]),
      ),
    }),
  })
}

function hasResidual(option: PlanOption): boolean {
  return option.cost.byCategory.some((entry) => entry.category === 'residual' && entry.usd !== 0)
}

export function cumulativeSums(values: readonly number[]): number[] {
  let sum = 0
  return values.map((value) => {
    sum += value
    return sum
  })
}

function breakEvenCaption(context: ReportContext): string {
  const { plan, t, f } = context
  const crossing = plan.breakEvens.filter((entry) => entry.outcome === 'at' && entry.months !== undefined)
  if (crossing.length === 0) return t('chart.cumulative.none')
  return crossing
    .map((entry) => {
      const [a, b] = [entry.optionId, entry.versusOptionId].map((id) => context.optionById.get(id))
      return t('chart.cumulative.crossing', {
        a: a === undefined ? entry.optionId : shortLabel(context, a),
        b: b === undefined ? entry.versusOptionId : shortLabel(context, b),
        months: f.significant(entry.months ?? 0, 2),
      })
    })
    .join(' ')
}

/** Categories that a board reads as one thing. */
const groups = [
  ['hardware', ['servers', 'accelerators', 'network', 'storage', 'racks', 'spares', 'refresh']],
  ['energy', ['electricity', 'cooling']],
  ['site', ['colocation', 'installation']],
  ['people', ['staff']],
  ['support', ['maintenance', 'licences']],
  ['usage', ['usage', 'commitment', 'compute', 'egress', 'tokens', 'requests', 'lease']],
  ['finance', ['financing', 'tax', 'other']],
  ['residual', ['residual']],
] as const satisfies readonly (readonly [string, readonly CostCategory[]])[]

/** What each option's cost over the horizon is made of. */
export function costCompositionChart(context: ReportContext, options: readonly PlanOption[]): ChartBlock {
  const { f, t } = context
  const ofGroup = (option: PlanOption, categories: readonly CostCategory[]) =>
    option.cost.byCategory
      .filter((entry) => categories.includes(entry.category))
      .reduce((sum, entry) => sum + entry.usd, 0)
  const shown = groups
    .map(([name, categories]) => ({ name, values: options.map((option) => ofGroup(option, categories)) }))
    .filter(({ values }) => values.some((value) => value !== 0))
  return chartBlock({
    context,
    id: 'cost-composition',
    title: t('chart.composition'),
    alt: t('chart.composition.alt', {
      parts: options
        .map((option) => {
          const largest = shown
            .map(({ name, values }) => ({ name, usd: values[options.indexOf(option)] ?? 0 }))
            .sort((a, b) => b.usd - a.usd)[0]
          return largest === undefined
            ? shortLabel(context, option)
            : `${shortLabel(context, option)}: ${t(`group.${largest.name}`)} ${f.money(largest.usd)}`
        })
        .join('; '),
    }),
    type: 'bar',
    horizontal: true,
    labels: options.map((option) => chartLabel(context, option)),
    datasets: shown.map(({ name, values }, index) =>
      filled(
        t(`group.${name}`),
        index,
        values.map((usd) => plotted(f.inCurrency(usd))),
      ),
    ),
    scales: {
      x: axis(t('chart.axis.cost', { currency: f.currencyCode }), {
        stacked: true,
        ticks: moneyTicks(f.currencyCode),
      }),
      y: { stacked: true, grid: { display: false } },
    },
    aspectRatio: barRatio(options.length),
    data: table({
      id: 'cost-composition-data',
      caption: t('chart.composition'),
      columns: [
        column('option', t('column.option'), { weight: 3 }),
        ...shown.map(({ name }) => numbers(name, t(`group.${name}`), f.currencyCode)),
        numbers('total', t('column.total'), f.currencyCode),
      ],
      rows: options.map((option, index) =>
        row([
          cell(rankedLabel(context, option)),
          ...shown.map(({ values }) =>
            amount(f.moneyExact(values[index] ?? 0), f.inCurrency(values[index] ?? 0)),
          ),
          amount(f.moneyExact(option.cost.totalUsd.value), f.inCurrency(option.cost.totalUsd.value)),
        ]),
      ),
    }),
  })
}

/** How far each assumption alone moves the total cost, widest first. */
export function tornadoChart(context: ReportContext, option: PlanOption): ChartBlock | undefined {
  const { f, t } = context
  const bars = option.sensitivity
    .filter((bar) => bar.usdAtLow !== bar.usdAtHigh)
    .sort((a, b) => Math.abs(b.usdAtHigh - b.usdAtLow) - Math.abs(a.usdAtHigh - a.usdAtLow))
    .slice(0, mostBars)
  const [widest] = bars
  if (widest === undefined) return undefined
  const middle = option.cost.totalUsd.value
  const range = (value: number, unit: string) =>
    `${f.significant(value)}${unit === '' ? '' : ` ${unitWord(context, unit)}`}`
  return chartBlock({
    context,
    id: 'tornado',
    title: t('chart.tornado'),
    alt: t('chart.tornado.alt', {
      cost: f.money(middle),
      widest: barLabel(context, widest),
      low: f.money(Math.min(widest.usdAtLow, widest.usdAtHigh)),
      high: f.money(Math.max(widest.usdAtLow, widest.usdAtHigh)),
    }),
    caption: t('chart.tornado.caption', { cost: f.money(middle) }),
    type: 'bar',
    horizontal: true,
    labels: bars.map((bar) => linesOf(barLabel(context, bar))),
    datasets: [
      {
        ...filled(
          t('chart.tornado.low'),
          0,
          bars.map((bar) => span(context, middle, bar.usdAtLow)),
        ),
        grouped: false,
      },
      {
        ...filled(
          t('chart.tornado.high'),
          1,
          bars.map((bar) => span(context, middle, bar.usdAtHigh)),
        ),
        grouped: false,
      },
    ],
    scales: {
      x: axis(t('chart.axis.cost', { currency: f.currencyCode }), { ticks: moneyTicks(f.currencyCode) }),
      y: { grid: { display: false } },
    },
    aspectRatio: barRatio(bars.length),
    data: table({
      id: 'tornado-data',
      caption: t('chart.tornado'),
      columns: [
        column('input', t('column.assumption'), { weight: 3 }),
        column('range', t('column.range'), { align: 'right', weight: 2 }),
        numbers('low', t('column.cost-at-low'), f.currencyCode),
        numbers('high', t('column.cost-at-high'), f.currencyCode),
      ],
      rows: bars.map((bar) =>
        row([
          barLabel(context, bar),
          f.range(range(bar.low, bar.unit), range(bar.high, bar.unit)),
          amount(f.money(bar.usdAtLow), f.inCurrency(bar.usdAtLow)),
          amount(f.money(bar.usdAtHigh), f.inCurrency(bar.usdAtHigh)),
        ]),
      ),
    }),
  })
}

const mostBars = 10

function barLabel({ say }: ReportContext, bar: PlanOption['sensitivity'][number]): string {
  return say.word('tornado', bar.input, bar.label)
}

/** On several lines: a narrow page would cut a long name off at its beginning. */
function linesOf(label: string): readonly string[] {
  const lines: string[] = []
  for (const word of label.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < lettersPerLine)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

const lettersPerLine = 22

function span(context: ReportContext, middle: number, end: number): [number, number] {
  return [plotted(context.f.inCurrency(middle)), plotted(context.f.inCurrency(end))]
}
