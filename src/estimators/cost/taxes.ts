import { monthsPerYear } from '../../foundation/units.ts'
import { straightLineDepreciation } from './finance.ts'
import { type CostCategory, type CostLine, costLine } from './lines.ts'

/** What a purchase tax falls on where the caller taxes purchases of goods only. */
export const purchaseCategories: readonly CostCategory[] = [
  'servers',
  'accelerators',
  'network',
  'storage',
  'racks',
  'spares',
  'refresh',
]

/** One tax line for each taxed line, with its timing. For those who cannot deduct VAT, or pay sales tax. */
export function purchaseTaxLines(input: {
  lines: readonly CostLine[]
  rateFraction: number
  categories: readonly CostCategory[]
  sourceId: string
}): CostLine[] {
  return input.lines
    .filter((line) => input.categories.includes(line.category))
    .map((line) =>
      costLine({
        id: `tax-${line.id}`,
        label: `Tax on ${line.label.charAt(0).toLowerCase()}${line.label.slice(1)}`,
        category: 'tax',
        quantity: input.rateFraction,
        unit: 'of the amount',
        price: { usd: line.amountUsd, sourceId: input.sourceId },
        timing: line.timing,
      }),
    )
}

/**
 * What depreciation saves in income tax: a negative line at the end of each year of the life.
 * Holds for a company with profits to set it against.
 */
export function depreciationTaxShieldLines(input: {
  purchaseUsd: number | undefined
  residualUsd: number
  lifeMonths: number
  purchaseMonth: number
  incomeTaxFraction: number
  sourceId: string
}): CostLine[] {
  const years = straightLineDepreciation({
    priceUsd: input.purchaseUsd ?? 0,
    residualUsd: input.residualUsd,
    lifeMonths: input.lifeMonths,
  })
  return years.map(({ year, expenseUsd }) =>
    costLine({
      id: `tax-shield-year-${year}`,
      label: `Tax saved by depreciation, year ${year}`,
      category: 'tax',
      quantity: -input.incomeTaxFraction,
      unit: 'of the expense',
      price: { usd: input.purchaseUsd === undefined ? undefined : expenseUsd, sourceId: input.sourceId },
      timing: {
        kind: 'once',
        month: Math.min(input.purchaseMonth + year * monthsPerYear, input.purchaseMonth + input.lifeMonths),
      },
    }),
  )
}
