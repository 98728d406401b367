import { cashFlowOf, netPresentValueUsd, sumOf } from '../../estimators/cost/cash-flow.ts'
import { apiOfferLines } from './api-offers.ts'
import { above, constraintBits } from './constraint-bits.ts'
import { apiQuality } from './offer-inputs.ts'
import { type OfferTable, partColumns } from './offer-table.ts'
import type { SearchSpace } from './space.ts'

/** Prices hosted models: the bill is all that is known of them, so a limit on anything else refuses them. */
export function priceApis(space: SearchSpace, table: OfferTable, refused: Float64Array): void {
  const { limits } = space.resolved
  const { finance } = limits
  for (const [index, offer] of space.apis.entries()) {
    const { monthlyUsd, missingLineIds } = cashFlowOf(
      apiOfferLines({ ...space, offer }),
      finance.horizonMonths,
    )
    const known = missingLineIds.length === 0
    const totalUsd = known ? sumOf(monthlyUsd) : Number.NaN
    const check = (value: number, limit: number | undefined, bit: number) => (above(value, limit) ? bit : 0)
    const broken =
      (known ? 0 : constraintBits.price) |
      check(totalUsd / finance.horizonMonths, limits.monthlyUsd, constraintBits.monthly) |
      check(totalUsd, limits.totalUsd, constraintBits.total) |
      check(Number.NaN, limits.carbonGramsPerMonth, constraintBits.carbonPerMonth) |
      check(Number.NaN, limits.waterLitresPerMonth, constraintBits.waterPerMonth)
    if (broken !== 0) {
      const lowest = 31 - Math.clz32(broken & -broken)
      refused[lowest] = refused[lowest]! + 1
      continue
    }
    const { figures, parts } = table
    const row = table.add()
    figures.netPresentUsd[row] = netPresentValueUsd({
      monthlyUsd,
      ratePerYearFraction: finance.discountRatePerYearFraction,
    })
    figures.totalUsd[row] = totalUsd
    figures.purchasesUsd[row] = 0
    for (const unknown of ['carbonGrams', 'waterLitres', 'energyKilowattHours', 'latencySeconds'] as const)
      figures[unknown][row] = Number.NaN
    figures.quality[row] = apiQuality(space, index)
    for (const name of partColumns) parts[name][row] = -1
    parts.price[row] = index
  }
}
