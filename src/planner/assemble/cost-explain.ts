import type { PlanExplanation, PlanOption } from '../plan-option-types.ts'
import type { SearchSpace } from '../search/space.ts'
import { explanation, input } from './explanation.ts'

/** Each line of the bill, and their sum. */
export function costExplanations(
  space: SearchSpace,
  option: Omit<PlanOption, 'explanation'>,
): PlanExplanation[] {
  const { horizonMonths } = space.resolved.limits.finance
  const lines = option.cost.lines.map((line) => {
    const once = line.quantity * line.unitPriceUsd
    return explanation(
      `cost.lines.${line.id}`,
      'q * u * n',
      [
        input('q', `quantity (${line.unit})`, line.quantity, line.unit),
        input('u', 'unit price', line.unitPriceUsd, 'USD', [line.sourceId]),
        // Payments with the growth of the price in them, so that the product is the total.
        input(
          'n',
          'payments within the horizon, price growth included',
          once === 0 ? 0 : line.totalUsd / once,
          '',
        ),
      ],
      line.totalUsd,
      'USD',
    )
  })
  const symbols = option.cost.lines.map((line, index) =>
    input(`l${index + 1}`, line.label, line.totalUsd, 'USD', [line.sourceId]),
  )
  return [
    ...lines,
    explanation(
      'cost.totalUsd',
      symbols.map((entry) => entry.symbol).join(' + ') || '0',
      symbols,
      option.cost.totalUsd.value,
      'USD',
    ),
    explanation(
      'cost.usdPerMonth',
      'T / m',
      [
        input('T', 'total over the horizon', option.cost.totalUsd.value, 'USD'),
        input('m', 'months of the horizon', horizonMonths, 'month'),
      ],
      option.cost.usdPerMonth.value,
      'USD/month',
    ),
  ]
}
