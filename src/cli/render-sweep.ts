import { csvText } from '../foundation/csv-text.ts'
import { formatNumber, formatSignificant } from '../foundation/format.ts'
import type { Sweep, SweepCrossing, SweepKind, SweepRegion, SweepRival } from '../planner/sweep.ts'
import { type Block, heading, left, list, paragraph, right, table } from './document.ts'
import { moneyNumber, dollars as usd } from './figure-text.ts'

const kindOrder: readonly SweepKind[] = [
  'on-prem',
  'colocation',
  'subscription',
  'cloud',
  'api',
  'device',
  'pair',
]

const rivalWord = (rival: SweepRival) => (rival === 'large-alone' ? 'large alone' : rival)

const words = {
  cost: 'costs least',
  carbon: 'emits least',
  latency: 'answers soonest',
  score: 'scores best',
} as const

/** Regions, crossings, and the figures at each value. */
export function sweepBlocks(sweep: Sweep, name: string): Block[] {
  const kinds = kindsOf(sweep)
  const withLarge = hasLarge(sweep)
  const value = (of: number) => valueText(of, sweep.unit)
  const blocks: Block[] = [
    heading(
      1,
      `${name}: ${sweep.field} from ${value(sweep.points[0]?.value ?? 0)} to ${value(sweep.points.at(-1)?.value ?? 0)}`,
    ),
    heading(2, `What ${words[sweep.by]}`),
    regionTable(sweep, sweep.regions),
    ...(sweep.cascadeRegions === undefined
      ? []
      : [
          heading(2, 'The best pair against the large model alone'),
          regionTable(sweep, sweep.cascadeRegions),
          ...(sweep.by === 'score'
            ? [
                paragraph(
                  'A pair has no score of its own: scores are relative to the best of their plan. It stands behind whatever has one.',
                ),
              ]
            : []),
        ]),
    heading(2, 'Where one way overtakes another'),
    sweep.crossings.length === 0
      ? paragraph(noCrossing(sweep, kinds))
      : list(sweep.crossings.map((crossing) => crossingText(crossing, sweep))),
    heading(2, `USD/month of the best of each way${sweep.by === 'cost' ? '' : ` by ${sweep.by}`}`),
    table(
      [
        right(sweep.field),
        ...kinds.map((kind) => right(kind)),
        ...(withLarge ? [right(rivalWord('large-alone'))] : []),
        left('best'),
      ],
      sweep.points.map((point) => [
        value(point.value),
        ...kinds.map((kind) => {
          const way = point.ways.find((entry) => entry.kind === kind)
          return way === undefined ? '–' : moneyNumber(way.usdPerMonth, usd)
        }),
        ...(withLarge
          ? [point.largeAlone === undefined ? '–' : moneyNumber(point.largeAlone.usdPerMonth, usd)]
          : []),
        point.ways[0]?.kind ?? 'nothing fits',
      ]),
    ),
  ]
  return blocks
}

function regionTable(sweep: Sweep, regions: readonly SweepRegion<SweepRival>[]): Block {
  const value = (of: number) => valueText(of, sweep.unit)
  return table(
    [right(sweep.field), right('to'), left('way'), left('choice'), right('USD/month'), right('to')],
    regions.map((region) => [
      value(region.from),
      region.to === region.from ? '' : value(region.to),
      region.kind === undefined ? 'nothing fits' : rivalWord(region.kind),
      region.choice ?? '',
      region.usdPerMonthFrom === undefined ? '' : moneyNumber(region.usdPerMonthFrom, usd),
      region.usdPerMonthTo === undefined || region.to === region.from
        ? ''
        : moneyNumber(region.usdPerMonthTo, usd),
    ]),
  )
}

const hasLarge = (sweep: Sweep) => sweep.points.some((point) => point.largeAlone !== undefined)

function kindsOf(sweep: Sweep): SweepKind[] {
  return kindOrder.filter((kind) => sweep.points.some((point) => point.ways.some((way) => way.kind === kind)))
}

function noCrossing(sweep: Sweep, kinds: readonly SweepKind[]): string {
  if (kinds.length < 2) return `There is only one way: ${kinds.join('') || 'none fits'}.`
  const best = sweep.points.find((point) => point.ways.length > 0)?.ways[0]?.kind
  return `Nowhere in this range: the order of the ways stays the same, ${best} first.`
}

function crossingText(crossing: SweepCrossing, sweep: Sweep): string {
  const { below, above, from, to, at, leading } = crossing
  const value = (of: number) => valueText(of, sweep.unit)
  return `${rivalWord(above)} overtakes ${rivalWord(below)} at about ${value(at)} (between ${value(from)} and ${value(to)})${leading ? ', and is the best of all from there' : ''}.`
}

function valueText(value: number, unit: string): string {
  const text = Number.isInteger(value) ? formatNumber(value) : formatSignificant(value)
  return unit === '' ? text : `${text} ${unit}`
}

/** One row per value: the best, and each way beside it. */
export function sweepCsv(sweep: Sweep): string {
  const kinds = kindsOf(sweep)
  const withLarge = hasLarge(sweep)
  return csvText(
    [
      'field',
      'value',
      'unit',
      'best_kind',
      'best_choice',
      'best_option_id',
      ...kinds.flatMap((kind) => {
        const name = kind.replaceAll('-', '_')
        return [`${name}_usd_per_month`, `${name}_choice`]
      }),
      ...(withLarge ? ['large_alone_usd_per_month', 'large_alone_choice'] : []),
    ],
    sweep.points.map((point) => [
      sweep.field,
      point.value,
      sweep.unit,
      point.ways[0]?.kind,
      point.ways[0]?.choice,
      point.ways[0]?.optionId,
      ...kinds.flatMap((kind) => {
        const way = point.ways.find((entry) => entry.kind === kind)
        return [way?.usdPerMonth, way?.choice]
      }),
      ...(withLarge ? [point.largeAlone?.usdPerMonth, point.largeAlone?.choice] : []),
    ]),
  )
}
