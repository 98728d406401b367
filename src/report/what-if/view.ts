import type { PlanOption } from '../../planner/plan-option-types.ts'
import type { PlanRole } from '../../planner/plan-types.ts'
import type { RecomputeBasis } from '../../planner/recompute.ts'
import type { CascadeBases } from '../../planner/recompute-basis.ts'
import type { JsonObject } from '../report-document.ts'
import {
  comparedOptions,
  placeOptions,
  placeWord,
  type ReportContext,
  rankedLabel,
} from '../sections/context.ts'
import {
  type ControlName,
  type ControlValues,
  controlNames,
  figureNames,
  figureTexts,
  recomputeAll,
  type WhatIfBase,
  type WhatIfRow,
} from './figures.ts'
import { rowsToJson } from './rows.ts'

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
  bases: { options: ReadonlyMap<string, RecomputeBasis>; cascade: CascadeBases },
): WhatIf | undefined {
  const { t, f, plan } = context
  const rows = [...optionRows(context, bases.options), ...cascadeRows(context, bases.cascade)]
  if (rows.length === 0) return undefined
  const single = rows.flatMap(({ option, pair }) =>
    [option, pair?.small, pair?.large].filter((basis) => basis !== undefined),
  )
  const base = baseOf(context, single)
  const { results } = recomputeAll(rows, {})
  return {
    after: 'cost',
    view: {
      title: t('what-if.title'),
      lead: t('what-if.lead'),
      reset: t('what-if.reset'),
      off: t('what-if.off'),
      table: t('what-if.table'),
      controls: base.controls.map((name) => controlView(context, base, name, single)),
      columns: [
        { title: t('column.option'), align: 'left' },
        ...figureNames.map((name) => ({ title: t(`what-if.figure.${name}`), align: 'right' })),
      ],
      rows: results.map(({ id, figures }, index) => {
        const texts = figureTexts(figures, f, t('unknown'))
        return {
          id,
          label: rows[index]?.label,
          machines: rows[index]?.machines,
          cells: figureNames.map((name) => ({ id: name, text: texts[name] })),
        }
      }),
    },
    data: {
      locale: context.locale,
      currency: { ...plan.finance.currency },
      base: { values: { ...base.values }, controls: [...base.controls], usdPerUnit: base.usdPerUnit },
      rows: rowsToJson(rows) as unknown as JsonObject,
      labels: Object.fromEntries(rows.map(({ id, label }) => [id, label])),
      words: {
        unknown: t('unknown'),
        status: t('what-if.status', { option: '{option}', cost: '{cost}' }),
        invalid: t('what-if.invalid'),
        was: t('what-if.was', { value: '{value}' }),
      },
    },
  }
}

interface LabelledRow extends WhatIfRow {
  readonly label: string
  /** Under the label. */
  readonly machines: string
}

function optionRows(context: ReportContext, bases: ReadonlyMap<string, RecomputeBasis>): LabelledRow[] {
  return whatIfOptionIds(context).flatMap((id): LabelledRow[] => {
    const [basis, option] = [bases.get(id), context.optionById.get(id)]
    if (basis === undefined || option === undefined) return []
    const machines = option.deployment?.accelerator.name ?? ''
    return [{ id, option: basis, label: rankedLabel(context, option), machines }]
  })
}

/** Every pair, and the large model alone that each is compared with. */
function cascadeRows(context: ReportContext, bases: CascadeBases): LabelledRow[] {
  const { cascade } = context.plan
  if (cascade === undefined) return []
  const { t } = context
  const member = (side: 'small' | 'large', id: string | undefined) =>
    cascade[side]?.options.find((option) => option.id === id)
  const pairs = cascade.pairs.flatMap((pair): LabelledRow[] => {
    const basis = bases.pairs.get(pair.id)
    if (basis === undefined) return []
    const members = [member('small', pair.smallOptionId), member('large', pair.largeOptionId)].filter(
      (option) => option !== undefined,
    )
    const models = members.map((option) => option.model.name).join(' + ')
    return [
      {
        id: `pair: ${pair.id}`,
        pair: basis,
        label: t('what-if.pair', { roles: roleWords(context, pair.roles), models }),
        machines: members.map((option) => machineText(context, option)).join(' + '),
      },
    ]
  })
  const rivals = new Set(
    cascade.versusSingle.flatMap((entry) => (entry.against === 'large' ? (entry.singleOptionId ?? []) : [])),
  )
  const alone = (cascade.largeAlone?.options ?? []).flatMap((option): LabelledRow[] => {
    const basis = bases.largeAlone.get(option.id)
    if (basis === undefined || !rivals.has(option.id)) return []
    return [
      {
        id: `large-alone: ${option.id}`,
        option: basis,
        label: t('what-if.large-alone', {
          roles: roleWords(context, option.roles),
          model: option.model.name,
        }),
        machines: machineText(context, option),
      },
    ]
  })
  return [...pairs, ...alone]
}

/** Machines without their number, which the row has in a cell of its own. */
const machineText = (context: ReportContext, option: PlanOption) =>
  [option.deployment?.accelerator.name, placeWord(context, option)]
    .filter((part) => part !== undefined)
    .join(', ')

const roleWords = ({ t }: ReportContext, roles: readonly PlanRole[]) =>
  roles.map((role) => t(`role.${role}`)).join(', ')

function baseOf(context: ReportContext, bases: readonly RecomputeBasis[]): WhatIfBase {
  const { plan } = context
  const { usdPerUnit } = plan.finance.currency
  const price = bases.map(electricityUsd).find((usd) => usd !== undefined)
  // A model that answers nothing in the plan has no option that could answer more.
  const movable = plan.cascade?.small !== undefined && plan.cascade.large !== undefined
  const values: ControlValues = {
    demand: plan.workload.users ?? 100,
    volume: 100,
    share: rounded((plan.cascade?.smallFraction ?? 1) * 100),
    electricity: price === undefined ? 0 : rounded(price / usdPerUnit),
    horizon: plan.finance.horizonMonths,
    discount: rounded(plan.finance.discountRatePerYearFraction * 100),
  }
  return {
    values,
    controls: controlNames.filter(
      (name) => (name !== 'electricity' || price !== undefined) && (name !== 'share' || movable),
    ),
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
    share: [0, 100, 1],
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
