import { breakEvenSurface, type SurfacePoint } from '../../estimators/cost/break-even.ts'
import { type Calendar, totalOfLines } from '../../estimators/cost/lines.ts'
import { type Note, sortedNotes } from '../../foundation/notes.ts'
import { hoursPerMonth, monthsPerYear } from '../../foundation/units.ts'
import { type Claim, checkedClaims, figuresOf } from './figures.ts'
import { quoteNotes } from './notes.ts'
import { evaluateOption, type TcoOption } from './option.ts'
import { comparePair, type EvaluatedQuote, type TcoPair } from './pair.ts'
import type { QuoteContext } from './quote-context.ts'
import { linesOfQuote } from './quote-lines.ts'
import type { Quotes } from './quotes-schema.ts'
import { type TcoUncertainty, uncertaintyOf } from './uncertain.ts'

/** Everything that a comparison of quotes says; the renderers only print it. */
export interface TcoComparison {
  readonly schemaVersion: 1
  readonly title: string
  readonly note: string | undefined
  readonly horizonMonths: number
  readonly hoursPerMonth: number
  readonly discountRateFraction: number
  readonly options: readonly TcoOption[]
  readonly pairs: readonly TcoPair[]
  readonly surface: TcoSurface | undefined
  readonly uncertainty: TcoUncertainty | undefined
  /** Every figure by its name, as claims call it. */
  readonly figures: Readonly<Record<string, number>>
  readonly claims: readonly Claim[]
  readonly notes: readonly Note[]
}

export interface TcoSurface {
  readonly option: string
  readonly against: string
  readonly cells: readonly TcoSurfaceCell[]
  readonly points: readonly SurfacePoint[]
}

export interface TcoSurfaceCell {
  readonly utilisationFraction: number
  readonly electricityUsdPerKilowattHour: number | undefined
  readonly horizonMonths: number
  readonly usd: number | undefined
  readonly alternativeUsd: number | undefined
  readonly savingUsd: number | undefined
  /** Per hour in which the capacity is used. */
  readonly usdPerUsedHour: number | undefined
  readonly alternativeUsdPerUsedHour: number | undefined
}

/**
 * Compares quotes: lines, cash flows, break-evens, cost per token, claims.
 * @throws RightsizeError `quotes-invalid` where a claim or an uncertain input names a figure that does not exist.
 */
export function evaluateQuotes(quotes: Quotes, file = 'quotes'): TcoComparison {
  const context = contextOf(quotes)
  const evaluated = new Map<string, EvaluatedQuote>(
    quotes.quotes.map((quote) => [quote.id, { quote, option: evaluateOption(quote, context) }]),
  )
  const pairs = pairsOf(quotes).map(([option, against]) =>
    comparePair(evaluated.get(option)!, evaluated.get(against)!, context),
  )
  const options = [...evaluated.values()].map(({ option }) => option)
  const surface = surfaceOf(quotes, context)
  const figures = figuresOf({ options, pairs, surface, context })
  return {
    schemaVersion: 1,
    title: quotes.title,
    note: quotes.note,
    horizonMonths: context.horizonMonths,
    hoursPerMonth: context.calendar.hoursPerMonth,
    discountRateFraction: quotes.discountRate ?? 0,
    options,
    pairs,
    surface,
    uncertainty: uncertaintyOf({ quotes, context, pairs: pairsOf(quotes), file }),
    figures: Object.fromEntries(figures),
    claims: checkedClaims({ claims: quotes.claims ?? [], figures, file }),
    notes: sortedNotes(quoteNotes({ quotes, options, context })),
  }
}

export function contextOf(quotes: Quotes): QuoteContext {
  const calendar: Calendar = {
    hoursPerMonth:
      quotes.hoursPerMonth ??
      (quotes.hoursPerYear === undefined ? hoursPerMonth : quotes.hoursPerYear / monthsPerYear),
  }
  return { quotes, horizonMonths: quotes.horizon, calendar, utilisationFraction: 1 }
}

/** As asked for, or each owned quote against each that is not, or the first against all others. */
export function pairsOf(quotes: Quotes): [string, string][] {
  if (quotes.compare !== undefined) return quotes.compare.map(({ option, against }) => [option, against])
  const owned = quotes.quotes.filter(({ kind }) => kind === 'own')
  const left = owned.length > 0 ? owned : quotes.quotes.slice(0, 1)
  const right = quotes.quotes.filter((quote) => !left.includes(quote))
  return left.flatMap((option) => right.map((against): [string, string] => [option.id, against.id]))
}

function surfaceOf(quotes: Quotes, context: QuoteContext): TcoSurface | undefined {
  const { surface } = quotes
  if (surface === undefined) return undefined
  const byId = new Map(quotes.quotes.map((quote) => [quote.id, quote]))
  const { cells, points } = breakEvenSurface({
    utilisationFractions: surface.utilisations,
    electricityUsdPerKilowattHour: surface.electricityPrices?.map(({ usd }) => usd) ?? [undefined],
    horizonMonths: surface.horizons,
    costs: (point) => {
      const total = (id: string): number | undefined =>
        totalOfLines(linesOfQuote(byId.get(id)!, { ...context, ...point }), point.horizonMonths).usd
      return { usd: total(surface.option), alternativeUsd: total(surface.against) }
    },
  })
  return {
    option: surface.option,
    against: surface.against,
    points,
    cells: cells.map((cell) => {
      const used = cell.utilisationFraction * cell.horizonMonths * context.calendar.hoursPerMonth
      const perUsedHour = (usd: number | undefined): number | undefined =>
        usd === undefined || used === 0 ? undefined : usd / used
      return {
        ...cell,
        usdPerUsedHour: perUsedHour(cell.usd),
        alternativeUsdPerUsedHour: perUsedHour(cell.alternativeUsd),
      }
    }),
  }
}
