import type { Figure } from '../../planner/plan-figure.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import { amount, cell, column, Footnotes, list, numbers, row, table } from '../blocks.ts'
import { paretoChart } from '../charts/footprint-charts.ts'
import type { ReportBlock, ReportCell, ReportRow } from '../report-document.ts'
import {
  benchmarkName,
  classWord,
  comparedOptions,
  formatsLabel,
  machineLabel,
  placeLabel,
  type ReportContext,
  rankedLabel,
  shortLabel,
} from './context.ts'
import { noOption } from './infeasible.ts'
import { leverText, nearlyText, optionText } from './plan-words.ts'
import { cascadeBlocks } from './together.ts'

/** Options beside each other, and why the first is first. */
export function shortlistBlocks(context: ReportContext): ReportBlock[] {
  const { best, t } = context
  if (best === undefined) return [...noOption(context), ...cascadeBlocks(context)]
  const front = paretoChart(context)
  return [
    rankedTable(context),
    comparisonTable(context),
    ...cascadeBlocks(context),
    ...(front === undefined ? [] : [front]),
    list(context.say.sentences('why', best.whyCodes, best.why), {
      title: t('shortlist.why', { option: shortLabel(context, best) }),
    }),
    ...nearly(context),
    ...levers(context),
  ]
}

function rankedTable(context: ReportContext): ReportBlock {
  const { f, t, options } = context
  return table({
    id: 'shortlist',
    caption: t('shortlist.ranked'),
    columns: [
      numbers('rank', t('column.rank')),
      column('option', t('column.option'), { weight: 3 }),
      column('machines', t('column.machines'), { weight: 3 }),
      column('roles', t('column.roles'), { weight: 2 }),
      numbers('cost', t('column.total-cost'), f.currencyCode),
      numbers('carbon', t('column.carbon-year'), 'CO₂e'),
      numbers('ttft', t('column.ttft-p95')),
      numbers('score', t('column.score')),
    ],
    rows: options.map((option) => {
      const carbon = option.carbon?.totalGramsPerMonth?.value
      const ttft = option.latency?.ttft.p95.value
      return row(
        [
          amount(f.count(option.rank), option.rank),
          `${option.model.name} (${classWord(context, option.model.class)}, ${formatsLabel(context, option)})`,
          machineLabel(context, option),
          option.roles.map((role) => t(`role.${role}`)).join(', '),
          amount(f.money(option.cost.totalUsd.value), f.inCurrency(option.cost.totalUsd.value)),
          amount(carbon === undefined ? t('unknown') : f.mass(carbon * 12), carbon && carbon * 12),
          amount(ttft === undefined ? t('unknown') : f.seconds(ttft), ttft),
          amount(f.number(option.score.value, 3), option.score.value),
        ],
        option === context.best ? 'emphasis' : 'normal',
      )
    }),
    footnotes: [t('shortlist.score', { formula: context.best?.score.formula ?? '' })],
    long: options.length > 20,
  })
}

/** One column per option: small and large models, own and rented, in the same lines. */
function comparisonTable(context: ReportContext): ReportBlock {
  const { f, t } = context
  const options = comparedOptions(context)
  const notes = new Footnotes()
  const line = (label: string, read: (option: PlanOption) => ReportCell | string): ReportRow =>
    row([label, ...options.map(read)])
  const figure = (value: Figure | undefined, show: (value: number) => string): ReportCell => {
    if (value === undefined) return cell(t('unknown'))
    const interval = f.interval(value, show)
    const marks =
      value.basis === 'bound'
        ? [notes.mark(t('footnote.bound'))]
        : interval === undefined
          ? [notes.mark(t('footnote.no-interval'))]
          : []
    return cell(interval === undefined ? show(value.value) : `${show(value.value)} (${interval})`, {
      value: value.value,
      ...(marks.length === 0 ? {} : { marks }),
    })
  }
  const group = (title: string): ReportRow => row([title, ...options.map(() => '')], 'group')
  const benchmarks = [...new Set(options.flatMap((option) => option.quality.map((entry) => entry.benchmark)))]
  return table({
    id: 'side-by-side',
    caption: t('shortlist.side-by-side'),
    columns: [
      column('what', t('column.quantity'), { weight: 3 }),
      ...options.map((option) =>
        column(option.id, rankedLabel(context, option), { align: 'right', weight: 3 }),
      ),
    ],
    rows: [
      group(t('compare.what')),
      line(t('compare.class'), (option) => classWord(context, option.model.class)),
      line(t('compare.formats'), (option) => formatsLabel(context, option)),
      line(t('compare.weights'), (option) =>
        t(option.model.openWeights ? 'compare.weights.open' : 'compare.weights.closed'),
      ),
      line(t('compare.machines'), (option) => machineLabel(context, option)),
      line(t('compare.place'), (option) => placeLabel(context, option)),
      group(t('compare.cost')),
      line(t('column.total-cost'), (option) => figure(option.cost.totalUsd, f.money)),
      line(t('compare.upfront'), (option) => figure(option.cost.upfrontUsd, f.money)),
      line(t('card.token-cost'), (option) => figure(option.cost.blendedUsdPerMillionTokens, f.price)),
      group(t('compare.speed')),
      line(t('column.ttft-p95'), (option) => figure(option.latency?.ttft.p95, f.seconds)),
      line(t('column.tpot-p95'), (option) => figure(option.latency?.tpot.p95, f.seconds)),
      line(t('compare.capacity'), (option) => figure(option.capacity?.requestsPerSecond, f.significant)),
      group(t('compare.footprint')),
      line(t('compare.energy'), (option) => figure(perYear(option.energy?.kilowattHoursPerMonth), f.energy)),
      line(t('column.carbon-year'), (option) => figure(perYear(option.carbon?.totalGramsPerMonth), f.mass)),
      line(t('compare.water'), (option) => figure(perYear(option.water?.totalLitresPerMonth), f.volume)),
      ...(benchmarks.length === 0 ? [] : [group(t('compare.quality'))]),
      ...benchmarks.map((benchmark) =>
        line(benchmarkName(benchmark), (option) =>
          figure(option.quality.find((entry) => entry.benchmark === benchmark)?.score, (value) =>
            f.number(value, 1),
          ),
        ),
      ),
    ],
    footnotes: [t('footnote.interval'), ...notes.texts].slice(notes.texts.length > 0 ? 1 : 0),
    wide: true,
  })
}

function perYear(figure: Figure | undefined): Figure | undefined {
  if (figure === undefined) return undefined
  const { low, high } = figure
  return {
    ...figure,
    value: figure.value * 12,
    ...(low === undefined ? {} : { low: low * 12 }),
    ...(high === undefined ? {} : { high: high * 12 }),
  }
}

function optionName(context: ReportContext, entry: PlanOption['nearly'][number]): string {
  const option = context.optionById.get(entry.optionId)
  return option === undefined ? entry.label : optionText(context, option)
}

function nearly(context: ReportContext): ReportBlock[] {
  const { best, t } = context
  if (best === undefined || best.nearly.length === 0) return []
  return [
    list(
      best.nearly.map((entry) => ({
        term: `${t(`role.${entry.role}`)}${entry.tie ? ` (${t('tie')})` : ''}`,
        text: `${optionName(context, entry)}: ${nearlyText(context, entry)}`,
      })),
      { title: t('shortlist.nearly') },
    ),
  ]
}

function levers(context: ReportContext): ReportBlock[] {
  const { best, t } = context
  if (best === undefined || best.wouldChange.length === 0) return []
  return [
    list(
      best.wouldChange.map((lever) => ({
        term: t.known(`lever.${lever.field}`)
          ? t(`lever.${lever.field}` as 'lever.site.electricityPrice')
          : lever.field,
        text: leverText(context, lever, context.optionById),
      })),
      { title: t('shortlist.levers') },
    ),
  ]
}
