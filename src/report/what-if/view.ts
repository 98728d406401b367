import type { RecomputeBasis } from '../../planner/recompute.ts'
import { basisToJson } from '../../planner/recompute-json.ts'
import type { JsonObject } from '../report-document.ts'
import { comparedOptions, placeOptions, type ReportContext, rankedLabel } from '../sections/context.ts'
import {
  type ControlName,
  type ControlValues,
  controlNames,
  figureNames,
  figureTexts,
  recomputeAll,
  type WhatIfBase,
} from './figures.ts'

export interface WhatIf {
  readonly after: string
  /** For the template. */
  readonly view: Record<string, unknown>
  /** For the page's script. */
  readonly data: JsonObject
}

/** Options that the what-if table lists, best first. */
export function whatIfOptionIds(context: ReportContext): string[] {
  const options = [...new Set([...comparedOptions(context), ...placeOptions(context)])]
  return options.sort((a, b) => a.rank - b.rank).map((option) => option.id)
}

/** The controls and the table as the page starts with them: the plan's own values and figures. */
export function whatIfOf(
  context: ReportContext,
  basesById: ReadonlyMap<string, RecomputeBasis>,
): WhatIf | undefined {
  const { t, f, plan } = context
  const bases = whatIfOptionIds(context)
    .map((id) => basesById.get(id))
    .filter((basis) => basis !== undefined)
  if (bases.length === 0) return undefined
  const base = baseOf(context, bases)
  const { results } = recomputeAll(bases, {})
  const labels = Object.fromEntries(
    bases.map((basis) => {
      const option = context.optionById.get(basis.optionId)
      return [basis.optionId, option === undefined ? basis.optionId : rankedLabel(context, option)]
    }),
  )
  return {
    after: 'cost',
    view: {
      title: t('what-if.title'),
      lead: t('what-if.lead'),
      reset: t('what-if.reset'),
      off: t('what-if.off'),
      table: t('what-if.table'),
      controls: base.controls.map((name) => controlView(context, base, name, bases)),
      columns: [
        { title: t('column.option'), align: 'left' },
        ...figureNames.map((name) => ({ title: t(`what-if.figure.${name}`), align: 'right' })),
      ],
      rows: results.map((result) => {
        const texts = figureTexts(result, f, t('unknown'))
        return {
          id: result.optionId,
          label: labels[result.optionId],
          machines: machinesOf(context, result.optionId),
          cells: figureNames.map((name) => ({ id: name, text: texts[name] })),
        }
      }),
    },
    data: {
      locale: context.locale,
      currency: { ...plan.finance.currency },
      base: { values: { ...base.values }, controls: [...base.controls], usdPerUnit: base.usdPerUnit },
      bases: bases.map((basis) => basisToJson(basis)) as JsonObject[],
      labels: labels as Record<string, string>,
      words: {
        unknown: t('unknown'),
        status: t('what-if.status', { option: '{option}', cost: '{cost}' }),
        invalid: t('what-if.invalid'),
        was: t('what-if.was', { value: '{value}' }),
      },
    },
  }
}

function machinesOf(context: ReportContext, optionId: string): string {
  const option = context.optionById.get(optionId)
  return option?.deployment === undefined ? '' : option.deployment.accelerator.name
}

function baseOf(context: ReportContext, bases: readonly RecomputeBasis[]): WhatIfBase {
  const { plan } = context
  const { usdPerUnit } = plan.finance.currency
  const price = bases.map(electricityUsd).find((usd) => usd !== undefined)
  const values: ControlValues = {
    demand: plan.workload.users ?? 100,
    volume: 100,
    electricity: price === undefined ? 0 : rounded(price / usdPerUnit),
    horizon: plan.finance.horizonMonths,
    discount: rounded(plan.finance.discountRatePerYearFraction * 100),
  }
  return {
    values,
    controls: controlNames.filter((name) => name !== 'electricity' || price !== undefined),
    usdPerUnit,
  }
}

function electricityUsd(basis: RecomputeBasis): number | undefined {
  return basis.kind === 'machines' && basis.price.kind === 'own'
    ? basis.price.prices.electricityPerKilowattHour?.usd
    : undefined
}

function rounded(value: number): number {
  return Number(value.toPrecision(4))
}

/** Ranges wide enough to see things turn. Volume cannot be more than a flat day of the same peak. */
function controlView(
  context: ReportContext,
  base: WhatIfBase,
  name: ControlName,
  bases: readonly RecomputeBasis[],
): Record<string, unknown> {
  const { t, plan } = context
  const value = base.values[name]
  const flattest = Math.max(
    100,
    Math.floor(
      100 *
        Math.min(...bases.map((basis) => (basis.kind === 'api' ? 100 : basis.task.curve.exponent + 1)), 100),
    ),
  )
  const ranges: Readonly<Record<ControlName, readonly [number, number, number]>> = {
    demand: [Math.max(1, Math.floor(value / 10)), Math.ceil(value * 10), Math.max(1, Math.round(value / 20))],
    volume: [10, Math.min(flattest, 1000), 1],
    electricity: [0, Math.max(rounded(value * 4), 0.4), 0.005],
    horizon: [6, 120, 1],
    discount: [0, 25, 0.25],
  }
  const [min, max, step] = ranges[name]
  const label =
    name === 'demand'
      ? t(plan.workload.users === undefined ? 'what-if.demand' : 'what-if.users')
      : name === 'electricity'
        ? t('what-if.electricity', { currency: plan.finance.currency.code })
        : t(`what-if.${name}`)
  return { id: name, label, value: String(value), min: String(min), max: String(max), step: String(step) }
}
