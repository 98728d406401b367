import { gramsPerTonne, kilo, litresPerCubicMetre } from '../../foundation/units.ts'
import type { Figure } from '../../planner/plan-figure.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import { amount, cell, column, numbers, paragraph, row, table } from '../blocks.ts'
import { carbonChart } from '../charts/footprint-charts.ts'
import type { ReportBlock, ReportCell } from '../report-document.ts'
import { comparedOptions, type ReportContext, rankedLabel, shortLabel } from './context.ts'
import { noOption, notInPlan } from './infeasible.ts'

/** Energy, carbon on both bases, water and making the hardware; and the figures a sustainability report asks for. */
export function footprintBlocks(context: ReportContext): ReportBlock[] {
  const { best, t } = context
  if (best === undefined) return noOption(context)
  const options = comparedOptions(context)
  const chart = carbonChart(context, options)
  return [
    paragraph(t('footprint.intro')),
    compareTable(context, options),
    ...(chart === undefined ? [notInPlan(context, t('chart.carbon'))] : [chart]),
    ...datapointTable(context, best),
  ]
}

function compareTable(context: ReportContext, options: readonly PlanOption[]): ReportBlock {
  const { t } = context
  const yearly = (figure: Figure | undefined, scale: number): ReportCell =>
    scaledCell(context, figure, 12 / scale)
  return table({
    id: 'footprint',
    caption: t('footprint.table'),
    columns: [
      column('option', t('column.option'), { weight: 3 }),
      numbers('energy', t('footprint.energy'), 'MWh'),
      numbers('location', t('footprint.location'), 't CO₂e'),
      numbers('market', t('footprint.market'), 't CO₂e'),
      numbers('embodied', t('footprint.embodied-year'), 't CO₂e'),
      numbers('water', t('footprint.water'), 'm³'),
      numbers('sci', t('footprint.sci'), 'g CO₂e'),
      numbers('joules', t('footprint.joules'), 'J'),
    ],
    rows: options.map((option) =>
      row(
        [
          rankedLabel(context, option),
          yearly(option.energy?.kilowattHoursPerMonth, kilo),
          yearly(option.carbon?.locationGramsPerMonth, gramsPerTonne),
          yearly(option.carbon?.marketGramsPerMonth, gramsPerTonne),
          yearly(option.carbon?.embodiedGramsPerMonth, gramsPerTonne),
          yearly(option.water?.totalLitresPerMonth, litresPerCubicMetre),
          scaledCell(context, option.carbon?.sciGramsPerRequest, 1),
          scaledCell(context, option.energy?.joulesPerOutputToken, 1),
        ],
        option === context.best ? 'emphasis' : 'normal',
      ),
    ),
    footnotes: [t('footprint.per-year'), t('footprint.unknown-note')],
  })
}

function scaledCell(context: ReportContext, figure: Figure | undefined, factor: number): ReportCell {
  if (figure === undefined) return cell(context.t('unknown'))
  const value = figure.value * factor
  return amount(context.f.significant(value), value)
}

/** Figures by the names that ESRS E1, E3 and the GHG Protocol give them, for one year of use. */
function datapointTable(context: ReportContext, option: PlanOption): ReportBlock[] {
  const { f, t } = context
  const { carbon, energy, water, site, place } = option
  const owned = place.kind === 'on-prem' || place.kind === 'colocation' || place.kind === 'device'
  const subscribed = place.kind === 'subscription'
  const scope2 = owned || subscribed
  const line = (standard: string, what: string, figure: Figure | undefined, factor: number, unit: string) => {
    const value = figure === undefined ? undefined : figure.value * factor
    const interval =
      figure?.low === undefined || figure.high === undefined
        ? f.unknown
        : f.range(f.significant(figure.low * factor), f.significant(figure.high * factor))
    return row([
      standard,
      what,
      amount(value === undefined ? t('unknown') : f.significant(value), value),
      unit,
      cell(interval),
    ])
  }
  return [
    table({
      id: 'datapoints',
      caption: t('footprint.datapoints', { option: shortLabel(context, option) }),
      columns: [
        column('standard', t('column.standard'), { weight: 3 }),
        column('what', t('column.quantity'), { weight: 4 }),
        numbers('value', t('column.per-year')),
        column('unit', t('column.unit')),
        column('interval', t('column.interval'), { align: 'right', weight: 2 }),
      ],
      rows: [
        line('ESRS E1, energy', t('datapoint.energy'), energy?.kilowattHoursPerMonth, 12 / kilo, 'MWh'),
        line(
          t(scope2 ? 'datapoint.scope2-location' : 'datapoint.scope3-location'),
          t('datapoint.location'),
          carbon?.locationGramsPerMonth,
          12 / gramsPerTonne,
          't CO₂e',
        ),
        line(
          t(scope2 ? 'datapoint.scope2-market' : 'datapoint.scope3-market'),
          t('datapoint.market'),
          carbon?.marketGramsPerMonth,
          12 / gramsPerTonne,
          't CO₂e',
        ),
        line(
          t(owned ? 'datapoint.scope3-2' : subscribed ? 'datapoint.scope3-8' : 'datapoint.scope3-1'),
          t('datapoint.embodied'),
          owned ? carbon?.embodiedGrams : carbon?.embodiedGramsPerMonth,
          (owned ? 1 : 12) / gramsPerTonne,
          't CO₂e',
        ),
        line(
          'ESRS E3',
          t('datapoint.water-on-site'),
          water?.onSiteLitresPerMonth,
          12 / litresPerCubicMetre,
          'm³',
        ),
        line(
          'ESRS E3',
          t('datapoint.water-off-site'),
          water?.offSiteLitresPerMonth,
          12 / litresPerCubicMetre,
          'm³',
        ),
        line('ISO/IEC 21031 (SCI)', t('datapoint.sci'), carbon?.sciGramsPerRequest, 1, 'g CO₂e'),
        row([
          'ISO/IEC 30134-2',
          t('datapoint.pue'),
          amount(site === undefined ? t('unknown') : f.number(site.pueRatio, 2), site?.pueRatio),
          '',
          f.unknown,
        ]),
        row([
          t('datapoint.grid.standard'),
          t('datapoint.grid'),
          amount(
            carbon?.gridGramsPerKilowattHour === undefined
              ? t('unknown')
              : f.significant(carbon.gridGramsPerKilowattHour),
            carbon?.gridGramsPerKilowattHour,
          ),
          'g/kWh',
          f.unknown,
        ]),
      ],
      footnotes: [t('datapoint.note'), ...(owned ? [t('datapoint.embodied-note')] : [])],
    }),
  ]
}
