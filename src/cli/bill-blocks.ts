import type { PlanOption } from '../planner/plan-option-types.ts'
import { type Block, left, right, table } from './document.ts'
import { moneyNumber, plainNumber, type ShownCurrency } from './figure-text.ts'

/** What is bought, rented or subscribed to. */
export function materialTable(option: PlanOption, currency: ShownCurrency): Block {
  return table(
    [right('quantity'), left('what'), right(`unit price, ${currency.code}`), left('source and note')],
    option.billOfMaterials.map((entry) => {
      const { unitPriceUsd, unitPriceLowUsd: low, unitPriceHighUsd: high, sourceId } = entry
      const money = (usd: number) => moneyNumber(usd, currency)
      const range =
        low === undefined || high === undefined || low === high ? '' : ` (${money(low)} to ${money(high)})`
      return [
        `${plainNumber(entry.quantity)} ${entry.unit}`,
        entry.neededFromMonth === undefined
          ? entry.name
          : `${entry.name}, for month ${entry.neededFromMonth}`,
        unitPriceUsd === undefined ? '–' : `${money(unitPriceUsd)}${range}`,
        [sourceId, entry.note].filter((part) => part !== undefined && part !== '').join(': '),
      ]
    }),
  )
}

export function costTable(option: PlanOption, currency: ShownCurrency): Block {
  return table(
    [
      left('line'),
      right('quantity'),
      left('unit'),
      right(`unit price, ${currency.code}`),
      left('paid'),
      right(`total, ${currency.code}`),
      left('source'),
    ],
    option.cost.lines.map((line) => [
      line.label,
      plainNumber(line.quantity),
      line.unit,
      moneyNumber(line.unitPriceUsd, currency),
      line.timing === 'once' ? `once, month ${line.fromMonth}` : line.timing,
      moneyNumber(line.totalUsd, currency),
      line.sourceId,
    ]),
  )
}
