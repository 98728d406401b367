import { hoursPerMonth } from '../../foundation/units.ts'
import type { PlanMaterial } from '../../planner/plan-option-types.ts'
import { amount, cell, column, Footnotes, numbers, row, table } from '../blocks.ts'
import type { ReportBlock } from '../report-document.ts'
import { type ReportContext, sourceTitle, wordOf } from './context.ts'
import { noOption, notInPlan } from './infeasible.ts'
import { materialName, materialNote, unitWord } from './plan-words.ts'

/** What to order, and what the room must give. */
export function materialBlocks(context: ReportContext): ReportBlock[] {
  const { best, f, t } = context
  if (best === undefined) return noOption(context)
  const notes = new Footnotes()
  const unpriced = best.billOfMaterials.some((line) => line.unitPriceUsd === undefined && !subscribed(line))
  const rows = best.billOfMaterials.map((line) => {
    const price = line.unitPriceUsd
    const low = line.unitPriceLowUsd
    const high = line.unitPriceHighUsd
    const range =
      low === undefined || high === undefined || low === high
        ? undefined
        : f.range(f.price(low), f.price(high))
    const rented = line.kind === 'instance'
    // The price of an instance is by the hour: its total is a month's.
    const total = price === undefined ? undefined : price * line.quantity * (rented ? hoursPerMonth : 1)
    const note = materialNote(context, line)
    const missing = t(subscribed(line) ? 'materials.by-use' : 'unknown')
    const marks = [
      ...(note === undefined ? [] : [notes.mark(note)]),
      ...(price === undefined && !subscribed(line) ? [notes.mark(t('materials.no-price'))] : []),
    ]
    return row([
      t(`material.${line.kind}`),
      cell(
        line.neededFromMonth === undefined
          ? materialName(context, line)
          : `${materialName(context, line)} (${t('growth.phases.from')} ${f.count(line.neededFromMonth)})`,
        marks.length === 0 ? {} : { marks },
      ),
      amount(f.significant(line.quantity, 4), line.quantity),
      unitWord(context, line.unit),
      amount(
        price === undefined
          ? missing
          : rented
            ? t('unit.per-hour', { value: f.price(price) })
            : f.price(price),
        price === undefined ? undefined : f.inCurrency(price),
      ),
      cell(range ?? f.unknown),
      amount(
        total === undefined
          ? missing
          : rented
            ? t('unit.per-month', { value: f.moneyExact(total) })
            : f.moneyExact(total),
        total === undefined ? undefined : f.inCurrency(total),
      ),
      cell(sourceTitle(context, line.sourceId)),
    ])
  })
  return [
    table({
      id: 'bill-of-materials',
      caption: t('materials.table'),
      columns: [
        column('kind', t('column.kind'), { weight: 2 }),
        column('name', t('column.item'), { weight: 3 }),
        numbers('quantity', t('column.amount')),
        column('unit', t('column.unit')),
        numbers('unit-price', t('column.unit-price'), f.currencyCode),
        column('range', t('column.price-range'), { align: 'right', weight: 2 }),
        numbers('total', t('column.total'), f.currencyCode),
        column('source', t('column.source'), { weight: 2 }),
      ],
      rows,
      footnotes: [
        ...notes.texts,
        ...(best.billOfMaterials.some((line) => line.kind === 'instance') ? [t('materials.rented')] : []),
        ...(unpriced ? [t('materials.unpriced')] : []),
      ],
    }),
    siteFacts(context),
  ]
}

/** Not bought, so no price of it is missing. */
function subscribed(line: PlanMaterial): boolean {
  return line.noteCode?.code === 'paid-by-use' || line.noteCode?.code === 'in-subscription'
}

function siteFacts(context: ReportContext): ReportBlock {
  const { best, f, t } = context
  const site = best?.site
  const title = best?.place.kind === 'cloud' ? t('materials.site.rented') : t('materials.site')
  if (site === undefined) return notInPlan(context, title)
  const nameplate = f.interval(site.nameplateWatts, f.watts)
  return {
    kind: 'facts',
    title,
    facts: [
      {
        label: t('site.rack-units'),
        value:
          site.racks === 0
            ? t('site.no-rack')
            : site.rackUnits === undefined
              ? t('unknown')
              : f.count(site.rackUnits),
      },
      { label: t('site.racks'), value: f.count(site.racks) },
      {
        label: t('site.power'),
        value: `${f.watts(site.nameplateWatts.value)}${nameplate === undefined ? '' : ` (${nameplate})`}`,
      },
      {
        label: t('site.heat'),
        value: `${f.significant(site.heatBtuPerHour)} BTU/h`,
      },
      {
        label: t('site.cooling'),
        value: site.cooling === undefined ? t('unknown') : wordOf(context, 'cooling', site.cooling),
      },
      { label: t('site.ports'), value: f.count(site.networkPorts) },
      { label: t('site.storage'), value: f.disk(site.storageBytes.value) },
      { label: t('site.pue'), value: f.number(site.pueRatio, 2) },
    ],
  }
}
