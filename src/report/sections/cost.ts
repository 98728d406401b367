import type { PlanOption } from '../../planner/plan-option-types.ts'
import { amount, cell, column, numbers, paragraph, row, table } from '../blocks.ts'
import { costCompositionChart, cumulativeCostChart } from '../charts/money-charts.ts'
import type { ReportBlock } from '../report-document.ts'
import {
  machineLabel,
  placeOptions,
  type ReportContext,
  rankedLabel,
  shortLabel,
  sourceTitle,
} from './context.ts'
import { noOption } from './infeasible.ts'
import { lineLabel, unitWord } from './plan-words.ts'
import { surfaceBlocks } from './surface.ts'

/** The same workload by each way of getting it: year by year, added up, and where one overtakes another. */
export function costBlocks(context: ReportContext): ReportBlock[] {
  const { best, t, f, plan } = context
  if (best === undefined) return noOption(context)
  const options = placeOptions(context)
  const shown = options.includes(best) ? options : [best, ...options]
  return [
    paragraph(
      t('cost.intro', {
        months: f.count(plan.finance.horizonMonths),
        rate: f.percent(plan.finance.discountRatePerYearFraction, 1),
        currency: f.currencyCode,
      }),
    ),
    sideTable(context, shown),
    ...noneTable(context),
    yearTable(context, shown),
    cumulativeCostChart(context, shown),
    breakEvenTable(context),
    ...surfaceBlocks(context, shown),
    costCompositionChart(context, shown),
    lineTable(context, best),
  ]
}

function sideTable(context: ReportContext, options: readonly PlanOption[]): ReportBlock {
  const { f, t } = context
  return table({
    id: 'cost-side-by-side',
    caption: t('cost.side-by-side'),
    columns: [
      column('option', t('column.option'), { weight: 3 }),
      column('machines', t('column.machines'), { weight: 3 }),
      numbers('upfront', t('compare.upfront'), f.currencyCode),
      numbers('month', t('column.cost-month'), f.currencyCode),
      numbers('total', t('column.total-cost'), f.currencyCode),
      column('interval', t('column.interval'), { align: 'right', weight: 2 }),
      numbers('npv', t('column.npv'), f.currencyCode),
      numbers('tokens', t('card.token-cost'), f.currencyCode),
    ],
    rows: options.map((option) => {
      const { cost } = option
      return row(
        [
          shortLabel(context, option),
          machineLabel(context, option),
          amount(f.money(cost.upfrontUsd.value), f.inCurrency(cost.upfrontUsd.value)),
          amount(f.money(cost.usdPerMonth.value), f.inCurrency(cost.usdPerMonth.value)),
          amount(f.money(cost.totalUsd.value), f.inCurrency(cost.totalUsd.value)),
          cell(f.interval(cost.totalUsd, f.money) ?? t('unknown')),
          amount(f.money(cost.netPresentUsd.value), f.inCurrency(cost.netPresentUsd.value)),
          amount(
            f.price(cost.blendedUsdPerMillionTokens.value),
            f.inCurrency(cost.blendedUsdPerMillionTokens.value),
          ),
        ],
        option === context.best ? 'emphasis' : 'normal',
      )
    }),
    footnotes: [t('footnote.interval')],
  })
}

/** Ways of getting it that the plan could not serve, with why. */
function noneTable(context: ReportContext): ReportBlock[] {
  const { plan, t } = context
  const none = plan.sideBySide.filter((entry) => entry.optionId === undefined)
  if (none.length === 0) return []
  return [
    table({
      id: 'cost-none',
      caption: t('cost.none'),
      columns: [column('place', t('column.place')), column('why', t('column.why'), { weight: 5 })],
      rows: none.map((entry) =>
        row([
          t(`place.${entry.kind}`),
          context.say.sentence(
            'reason',
            entry.whyNoneCode === undefined ? undefined : { code: entry.whyNoneCode },
            entry.whyNone ?? t('unknown'),
          ),
        ]),
      ),
    }),
  ]
}

function yearTable(context: ReportContext, options: readonly PlanOption[]): ReportBlock {
  const { f, t } = context
  const years = Math.max(...options.map((option) => option.cost.yearlyUsd.length))
  return table({
    id: 'cost-by-year',
    caption: t('cost.by-year'),
    columns: [
      column('option', t('column.option'), { weight: 3 }),
      ...Array.from({ length: years }, (_, year) =>
        numbers(
          `year-${year}`,
          year === 0 ? t('column.start') : t('column.year', { n: f.count(year) }),
          f.currencyCode,
        ),
      ),
      numbers('total', t('column.total'), f.currencyCode),
    ],
    rows: options.map((option) =>
      row([
        rankedLabel(context, option),
        ...Array.from({ length: years }, (_, year) => {
          const usd = option.cost.yearlyUsd[year]
          return usd === undefined ? cell(f.unknown) : amount(f.moneyExact(usd), f.inCurrency(usd))
        }),
        amount(f.moneyExact(option.cost.totalUsd.value), f.inCurrency(option.cost.totalUsd.value)),
      ]),
    ),
    footnotes: [t('cost.by-year.note')],
  })
}

function breakEvenTable(context: ReportContext): ReportBlock {
  const { plan, f, t, optionById } = context
  const name = (id: string) => {
    const option = optionById.get(id)
    return option === undefined ? id : rankedLabel(context, option)
  }
  if (plan.breakEvens.length === 0) return paragraph(t('cost.break-even.none'))
  return table({
    id: 'break-even',
    caption: t('cost.break-even'),
    columns: [
      column('a', t('column.option'), { weight: 3 }),
      column('b', t('column.versus'), { weight: 3 }),
      column('when', t('column.overtakes'), { weight: 3 }),
    ],
    rows: plan.breakEvens.map((entry) =>
      row([
        name(entry.optionId),
        name(entry.versusOptionId),
        entry.outcome === 'at' && entry.months !== undefined
          ? amount(t('break-even.at', { months: f.significant(entry.months, 2) }), entry.months)
          : cell(
              entry.outcome === 'from-start'
                ? t('break-even.from-start')
                : entry.because === undefined
                  ? t('break-even.never')
                  : t('break-even.never.because', {
                      why: t.known(`break-even.${entry.because}`)
                        ? t(`break-even.${entry.because}` as 'break-even.never')
                        : entry.because,
                    }),
            ),
      ]),
    ),
  })
}

/** Every line of the recommended option's bill. */
function lineTable(context: ReportContext, option: PlanOption): ReportBlock {
  const { f, t } = context
  return table({
    id: 'cost-lines',
    caption: t('cost.lines', { option: shortLabel(context, option) }),
    columns: [
      column('category', t('column.category'), { weight: 2 }),
      column('line', t('column.line'), { weight: 3 }),
      numbers('quantity', t('column.amount')),
      column('unit', t('column.unit'), { weight: 2 }),
      numbers('price', t('column.unit-price'), f.currencyCode),
      column('timing', t('column.timing'), { weight: 2 }),
      numbers('total', t('column.total'), f.currencyCode),
      column('source', t('column.source'), { weight: 2 }),
    ],
    rows: [
      ...option.cost.lines.map((line) =>
        row([
          t(`category.${line.category}`),
          lineLabel(context, line, option),
          amount(f.significant(line.quantity, 4), line.quantity),
          unitWord(context, line.unit),
          amount(f.price(line.unitPriceUsd), f.inCurrency(line.unitPriceUsd)),
          t(`timing.${line.timing}`),
          amount(f.moneyExact(line.totalUsd), f.inCurrency(line.totalUsd)),
          sourceTitle(context, line.sourceId),
        ]),
      ),
      row(
        [
          t('column.total'),
          '',
          '',
          '',
          '',
          '',
          amount(f.moneyExact(option.cost.totalUsd.value), f.inCurrency(option.cost.totalUsd.value)),
          '',
        ],
        'total',
      ),
    ],
    footnotes: [t('cost.lines.note')],
  })
}
