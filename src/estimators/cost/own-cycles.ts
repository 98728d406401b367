import { monthsPerYear } from '../../foundation/units.ts'
import { residualFractionAtAge } from './finance.ts'
import { type CostLine, costLine } from './lines.ts'
import type { OwnPlan } from './own.ts'

/** Refresh at each end of life inside the horizon, and what the old and the last generation fetch. */
export function cycleLines(input: {
  /** Of the first generation. Undefined: a price is missing. */
  purchaseUsd: number | undefined
  sourceId: string
  plan: OwnPlan
}): CostLine[] {
  const { purchaseUsd: priceUsd, sourceId, plan } = input
  const usedMonths = plan.horizonMonths - plan.purchaseMonth
  const lifeMonths = plan.lifeMonths ?? usedMonths
  const growth = 1 + (plan.refreshPriceGrowthPerYearFraction ?? 0)
  const lines: CostLine[] = []
  for (let start = 0, cycle = 0; start < usedMonths; start += lifeMonths, cycle += 1) {
    const month = plan.purchaseMonth + start
    const usd = priceUsd === undefined ? undefined : priceUsd * growth ** (start / monthsPerYear)
    if (cycle > 0)
      lines.push(
        costLine({
          id: `refresh-${cycle}`,
          label: `Refresh of the hardware, ${cycle}`,
          category: 'refresh',
          quantity: 1,
          unit: 'generation',
          price: { usd, sourceId },
          timing: { kind: 'once', month },
        }),
      )
    const ageMonths = Math.min(lifeMonths, usedMonths - start)
    const residual = plan.residual && residualFractionAtAge({ ageMonths, points: plan.residual.points })
    if (plan.residual !== undefined && residual !== undefined)
      lines.push(
        costLine({
          id: cycle === 0 ? 'residual' : `residual-${cycle}`,
          label: 'Residual value of the hardware',
          category: 'residual',
          quantity: -residual,
          unit: 'of the purchase',
          price: { usd, sourceId: plan.residual.sourceId },
          timing: { kind: 'once', month: month + ageMonths },
        }),
      )
  }
  return lines
}
