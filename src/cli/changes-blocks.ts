import { formatNumber, formatSignificant } from '../foundation/format.ts'
import type { FigureChange, PlanChanges } from '../planner/plan-changes.ts'
import { type Block, heading, left, list, paragraph, right, table } from './document.ts'
import { figureText, plainNumber, type ShownCurrency } from './figure-text.ts'

export interface ChangesWords {
  readonly before: string
  readonly after: string
  readonly currency: ShownCurrency
  /** Figures that stay the same are listed too. */
  readonly all?: boolean
}

/** The differences of two plans, line by line: old, new, change. */
export function changesBlocks(changes: PlanChanges, words: ChangesWords): Block[] {
  return [...causeBlocks(changes, words), ...choiceBlocks(changes, words), ...figureBlocks(changes, words)]
}

function causeBlocks(changes: PlanChanges, words: ChangesWords): Block[] {
  const blocks: Block[] = [heading(2, 'What it is due to')]
  if (changes.inputs.length > 0)
    blocks.push(
      table(
        [left('scenario'), left(words.before), left(words.after)],
        changes.inputs.map(({ field, from, to }) => [field, given(from), given(to)]),
      ),
    )
  const { catalog, values } = changes
  if (!catalog.same)
    blocks.push(
      paragraph(
        `Catalog: ${catalog.from} before, ${catalog.to} after${catalog.tables.length > 0 ? `. Tables with changed rows: ${catalog.tables.join(', ')}` : ''}.`,
      ),
    )
  if (values.length > 0)
    blocks.push(
      table(
        [
          left('value behind a figure'),
          right(words.before),
          right(words.after),
          left('unit'),
          left('source'),
        ],
        values.map(({ meaning, from, to, unit, sourceIds }) => [
          meaning,
          number(from),
          number(to),
          unit,
          sourceIds.join(', '),
        ]),
      ),
    )
  if (blocks.length === 1) blocks.push(paragraph('Neither the scenario nor the catalog differs.'))
  return blocks
}

function choiceBlocks(changes: PlanChanges, words: ChangesWords): Block[] {
  const { choices, models, status } = changes
  const blocks: Block[] = [heading(2, 'The choice')]
  if (status.from !== status.to) blocks.push(paragraph(`It was ${status.from} and is ${status.to}.`))
  const items = choices.map(({ role, changed, from, to }) => {
    if (!changed) return `${role}: still ${to?.label}`
    // The same machines and counts can hide another layout or cache format: the ids tell.
    const name = (option: typeof from) => (from?.label === to?.label ? option?.id : option?.label) ?? 'none'
    return `${role}: ${name(from)} (${words.before}) → ${name(to)} (${words.after})`
  })
  if (models.entered.length > 0) items.push(`models that qualify now: ${models.entered.join(', ')}`)
  if (models.left.length > 0) items.push(`models that no longer qualify: ${models.left.join(', ')}`)
  if (items.length > 0) blocks.push(list(items))
  return blocks
}

function figureBlocks(changes: PlanChanges, words: ChangesWords): Block[] {
  const shown = changes.figures.filter((change) => words.all === true || !unchanged(change))
  if (shown.length === 0) return [heading(2, 'Figures'), paragraph('No figure differs.')]
  const same = changes.figures.length - shown.length
  const text = (figure: FigureChange['from']) =>
    figure === undefined ? '–' : figureText(figure, { currency: words.currency })
  return [
    heading(2, 'Figures'),
    table(
      [left('of'), left('figure'), right(words.before), right(words.after), right('change')],
      shown.map((change, index) => [
        shown[index - 1]?.group === change.group ? '' : change.group,
        change.figure,
        text(change.from),
        text(change.to),
        changeText(change),
      ]),
    ),
    ...(same > 0 ? [paragraph(`${formatNumber(same)} figures stay the same.`)] : []),
  ]
}

function unchanged({ from, to }: FigureChange): boolean {
  return from?.value === to?.value && from?.low === to?.low && from?.high === to?.high
}

function changeText({ from, to }: FigureChange): string {
  if (from === undefined || to === undefined) return ''
  if (from.value === to.value) return from.low === to.low && from.high === to.high ? '' : 'interval'
  const sign = to.value > from.value ? '+' : '-'
  if (from.value === 0) return `${sign}${formatSignificant(Math.abs(to.value))}`
  const ratio = to.value / from.value
  if (ratio >= 3) return `× ${plainNumber(ratio)}`
  const percents = Math.abs(ratio - 1) * 100
  return percents < 0.1 ? 'under 0.1 %' : `${sign}${formatNumber(percents, 1)} %`
}

function number(value: number | string): string {
  return typeof value === 'number' ? formatSignificant(value, 4) : value
}

function given(value: unknown): string {
  if (value === undefined) return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
