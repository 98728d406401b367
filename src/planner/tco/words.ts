import type { UtilisationToBreakEven, VolumeToBreakEven } from '../../estimators/cost/break-even.ts'
import type { BreakEven, RateOfReturn } from '../../estimators/cost/cash-flow.ts'
import { formatNumber, formatPercent, formatSignificant } from '../../foundation/format.ts'
import { hoursPerDay } from '../../foundation/units.ts'

/** Break-evens in words, with an honest "never" and its reason. */
export function breakEvenText(
  breakEven: BreakEven,
  calendar: { hoursPerMonth: number; horizonMonths: number },
): string {
  switch (breakEven.kind) {
    case 'from-start':
      return 'from the first day'
    case 'at': {
      const hours = formatNumber(breakEven.months * calendar.hoursPerMonth)
      const before =
        breakEven.firstMonths === undefined
          ? ''
          : `, cheaper for a while from ${formatNumber(breakEven.firstMonths, 1)}`
      return `${formatNumber(breakEven.months, 1)} months (${hours} h)${before}`
    }
    case 'never':
      return breakEven.because === 'running-cost-not-lower'
        ? 'never: its running cost is not lower'
        : `not within ${calendar.horizonMonths} months`
  }
}

export function utilisationText(utilisation: UtilisationToBreakEven): string {
  switch (utilisation.kind) {
    case 'always':
      return 'at any use'
    case 'at':
      return `from ${formatPercent(utilisation.utilisationFraction, 1)} (${formatNumber(utilisation.utilisationFraction * hoursPerDay, 1)} h/day)`
    case 'below':
      return `below ${formatPercent(utilisation.utilisationFraction, 1)}`
    case 'never':
      return 'never: dearer at full use'
  }
}

export function rateOfReturnText(rate: RateOfReturn): string {
  if (rate.kind === 'rate') return formatPercent(rate.ratePerYearFraction, 1)
  return {
    'no-investment': 'nothing is invested first',
    'no-return': 'none: the money does not come back',
    'several-rates': 'several: the flow changes its sign more than once',
  }[rate.because]
}

export function volumeText(volume: VolumeToBreakEven): string {
  if (volume.kind === 'never') return 'never: dearer at full load'
  const lasting = Number.isFinite(volume.lastingVolume)
    ? `, always from ${formatSignificant(volume.lastingVolume)}`
    : ', but not always above'
  return `${formatSignificant(volume.volume)} requests/month${volume.lastingVolume > volume.volume ? lasting : ''}`
}
