import { RightsizeError } from '../../foundation/errors.ts'
import { didYouMean } from '../../foundation/suggest.ts'
import { hoursPerDay, monthsPerYear } from '../../foundation/units.ts'
import type { TcoSurface } from './evaluate.ts'
import type { TcoOption } from './option.ts'
import { type TcoPair, usdPerMillion } from './pair.ts'
import type { QuoteContext } from './quote-context.ts'

/** A figure that a study or a seller states, and ours. */
export interface Claim {
  readonly figure: string
  readonly stated: number
  readonly ours: number
  /** (ours - stated) / stated. */
  readonly deviationFraction: number
  readonly note: string
}

/** Every figure of a comparison by its name; those that are undefined are not in it. */
export function figuresOf(input: {
  options: readonly TcoOption[]
  pairs: readonly TcoPair[]
  surface: TcoSurface | undefined
  context: QuoteContext
}): Map<string, number> {
  const figures = new Map<string, number>()
  const put = (name: string, value: number | undefined): void => {
    if (value !== undefined) figures.set(name, value)
  }
  const { horizonMonths, calendar } = input.context
  const hours = horizonMonths * calendar.hoursPerMonth
  for (const option of input.options) {
    const { id } = option
    put(`${id}.totalUsd`, option.total.usd)
    put(`${id}.npvUsd`, option.npvUsd)
    put(`${id}.upfrontUsd`, option.upfrontUsd)
    put(`${id}.usdPerYear`, option.usdPerYear)
    put(`${id}.usdPerMonth`, option.usdPerYear && option.usdPerYear / monthsPerYear)
    put(`${id}.annuityUsdPerYear`, option.annuityUsdPerYear)
    put(`${id}.usdPerHour`, option.usdPerHour)
    put(`${id}.runningUsdPerHour`, option.runningUsdPerHour)
    put(`${id}.usdPerAcceleratorHour`, option.usdPerAcceleratorHour)
    put(`${id}.usdPerMillionTokens`, usdPerMillion(option))
    put(`${id}.usdPer1000Requests`, option.atVolume?.usdPer1000Requests)
    put(`${id}.usdPerUserMonth`, option.atVolume?.usdPerUserMonth)
    put(`${id}.levelisedUsdPerMillion`, option.atVolume?.levelisedUsdPerMillion)
    put(`${id}.list.inputUsdPerMillion`, option.listUsdPerMillion?.input)
    put(`${id}.list.outputUsdPerMillion`, option.listUsdPerMillion?.output)
    if (option.total.usd !== undefined)
      for (const [year, usd] of option.yearlyUsd.entries()) put(`${id}.year${year}Usd`, usd)
    for (const line of option.lines) {
      if (line.totalUsd === undefined) continue
      put(`${id}.${line.id}.totalUsd`, line.totalUsd)
      put(`${id}.${line.id}.usdPerHour`, line.totalUsd / hours)
      put(`${id}.${line.id}.usdPerYear`, (line.totalUsd * monthsPerYear) / horizonMonths)
    }
    for (const load of option.atFullLoad) {
      put(`${id}.${load.name}.usdPerMillionTokens`, load.blendedUsdPerMillion)
      put(`${id}.${load.name}.inputUsdPerMillion`, load.inputUsdPerMillion)
      put(`${id}.${load.name}.outputUsdPerMillion`, load.outputUsdPerMillion)
      put(`${id}.${load.name}.usdPer1000Requests`, load.usdPer1000Requests)
    }
  }
  for (const pair of input.pairs) putPair(pair, put)
  for (const cell of input.surface?.cells ?? []) {
    const electricity = cell.electricityUsdPerKilowattHour
    const name = `surface.${cell.utilisationFraction}${electricity === undefined ? '' : `.${electricity}`}.${cell.horizonMonths}`
    put(`${name}.savingUsd`, cell.savingUsd)
    put(`${name}.usdPerUsedHour`, cell.usdPerUsedHour)
    put(`${name}.alternativeUsdPerUsedHour`, cell.alternativeUsdPerUsedHour)
  }
  return figures
}

function putPair(pair: TcoPair, put: (name: string, value: number | undefined) => void): void {
  const name = `${pair.option}/${pair.against}`
  const { breakEven, utilisation, rateOfReturn, volume } = pair
  put(`${name}.savingUsd`, pair.savingUsd)
  put(`${name}.savingFraction`, pair.savingFraction)
  put(`${name}.totalRatio`, pair.totalRatio)
  put(`${name}.savingNpvUsd`, pair.savingNpvUsd)
  put(`${name}.breakEvenMonths`, breakEven?.kind === 'at' ? breakEven.months : undefined)
  put(`${name}.breakEvenHours`, pair.breakEvenHours)
  put(`${name}.tokenCostRatio`, pair.tokenCostRatio)
  const share = utilisation?.kind === 'at' ? utilisation.utilisationFraction : undefined
  put(`${name}.breakEvenUtilisation`, share)
  put(`${name}.breakEvenHoursPerDay`, share === undefined ? undefined : share * hoursPerDay)
  put(`${name}.rateOfReturn`, rateOfReturn?.kind === 'rate' ? rateOfReturn.ratePerYearFraction : undefined)
  if (volume?.kind !== 'at') return
  put(`${name}.breakEvenRequestsPerMonth`, volume.volume)
  if (pair.tokensPerRequest !== undefined && pair.tokensPerRequest > 0)
    put(`${name}.breakEvenTokensPerMonth`, volume.volume * pair.tokensPerRequest)
}

/** @throws RightsizeError `quotes-invalid` where a claim names a figure that there is not. */
export function checkedClaims(input: {
  claims: readonly { figure: string; stated: number; note?: string | undefined }[]
  figures: ReadonlyMap<string, number>
  file: string
}): Claim[] {
  const issues: { place: string; message: string; hint?: string }[] = []
  const claims: Claim[] = []
  input.claims.forEach(({ figure, stated, note }, index) => {
    let ours = 0
    let complete = true
    for (const { name, sign } of termsOf(figure)) {
      const value = input.figures.get(name)
      if (value !== undefined) ours += sign * value
      else {
        complete = false
        const hint = didYouMean(name, input.figures.keys())
        issues.push({
          place: `${input.file}  claims.${index}.figure`,
          message: `there is no figure "${name}"`,
          ...(hint === undefined ? {} : { hint }),
        })
      }
    }
    if (!complete) return
    claims.push({ figure, stated, ours, deviationFraction: (ours - stated) / stated, note: note ?? '' })
  })
  if (issues.length > 0)
    throw new RightsizeError({
      code: 'quotes-invalid',
      message: `${input.file} has ${issues.length} ${issues.length === 1 ? 'problem' : 'problems'}`,
      issues,
    })
  return claims
}

/** "a + b - c" names a sum of figures; ids hold no blanks, so a sign between blanks is one. */
function termsOf(text: string): { name: string; sign: 1 | -1 }[] {
  let sign: 1 | -1 = 1
  const terms: { name: string; sign: 1 | -1 }[] = []
  for (const part of text.trim().split(/\s+/)) {
    if (part === '+') sign = 1
    else if (part === '-') sign = -1
    else {
      terms.push({ name: part, sign })
      sign = 1
    }
  }
  return terms
}
