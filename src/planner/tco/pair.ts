import {
  type UtilisationToBreakEven,
  utilisationToBreakEven,
  type VolumeToBreakEven,
  volumeToBreakEven,
} from '../../estimators/cost/break-even.ts'
import {
  type BreakEven,
  breakEvenOfFlows,
  internalRateOfReturn,
  type RateOfReturn,
} from '../../estimators/cost/cash-flow.ts'
import { totalOfLines } from '../../estimators/cost/lines.ts'
import { apiUsdPerRequest, type TcoOption } from './option.ts'
import { type QuoteContext, tokensPerRequest } from './quote-context.ts'
import { linesOfQuote } from './quote-lines.ts'
import type { Quote } from './quotes-schema.ts'

/** One option held against another. Undefined where a price is missing on either side. */
export interface TcoPair {
  readonly option: string
  readonly against: string
  /** Positive: the option is cheaper over the horizon. */
  readonly savingUsd: number | undefined
  readonly savingFraction: number | undefined
  /** Cost of the other over cost of the option. */
  readonly totalRatio: number | undefined
  readonly savingNpvUsd: number | undefined
  readonly breakEven: BreakEven | undefined
  readonly breakEvenHours: number | undefined
  /** Share of the stated use at which both cost the same over the horizon. */
  readonly utilisation: UtilisationToBreakEven | undefined
  readonly rateOfReturn: RateOfReturn | undefined
  /** Requests per month from which the option is cheaper than an API. */
  readonly volume: VolumeToBreakEven | undefined
  readonly tokensPerRequest: number | undefined
  /** The other's cost per million tokens over the option's. */
  readonly tokenCostRatio: number | undefined
}

export interface EvaluatedQuote {
  readonly quote: Quote
  readonly option: TcoOption
}

export function comparePair(first: EvaluatedQuote, second: EvaluatedQuote, context: QuoteContext): TcoPair {
  const [option, against] = [first.option, second.option]
  const complete = option.total.usd !== undefined && against.total.usd !== undefined
  const flows = { monthlyUsd: option.monthlyUsd, alternativeMonthlyUsd: against.monthlyUsd }
  const breakEven = complete ? breakEvenOfFlows(flows) : undefined
  const saving = difference(against.total.usd, option.total.usd)
  return {
    option: option.id,
    against: against.id,
    savingUsd: saving,
    savingFraction: ratio(saving, against.total.usd),
    totalRatio: ratio(against.total.usd, option.total.usd),
    savingNpvUsd: difference(against.npvUsd, option.npvUsd),
    breakEven,
    breakEvenHours: breakEven?.kind === 'at' ? breakEven.months * context.calendar.hoursPerMonth : undefined,
    utilisation: complete ? utilisationOf(first.quote, second.quote, context) : undefined,
    rateOfReturn: complete
      ? internalRateOfReturn({
          investmentMonthlyUsd: option.monthlyUsd,
          alternativeMonthlyUsd: against.monthlyUsd,
        })
      : undefined,
    volume: volumeOf(first, second.quote, context),
    tokensPerRequest: tokensPerRequest(context.quotes)?.all,
    tokenCostRatio: ratio(usdPerMillion(against), usdPerMillion(option)),
  }
}

/** Of the volume where there is one, else at the first throughput, else an API's list price of output. */
export function usdPerMillion(option: TcoOption): number | undefined {
  return (
    option.atVolume?.blendedUsdPerMillion ??
    option.atFullLoad[0]?.blendedUsdPerMillion ??
    option.listUsdPerMillion?.output
  )
}

/** Total at a share of the stated use, USD. */
export function totalAtUse(
  quote: Quote,
  context: QuoteContext,
  utilisationFraction: number,
): number | undefined {
  return totalOfLines(linesOfQuote(quote, { ...context, utilisationFraction }), context.horizonMonths).usd
}

/** Only where cost is a straight line in use: growing fleets and metered bases have steps. */
function utilisationOf(
  quote: Quote,
  other: Quote,
  context: QuoteContext,
): UtilisationToBreakEven | undefined {
  const stepped = [quote, other].some(
    ({ kind, scale }) => kind === 'subscribe' || (scale ?? 'fixed') !== 'fixed',
  )
  if (stepped) return undefined
  const [idle, full] = [totalAtUse(quote, context, 0), totalAtUse(quote, context, 1)]
  const [otherIdle, otherFull] = [totalAtUse(other, context, 0), totalAtUse(other, context, 1)]
  if (idle === undefined || full === undefined || otherIdle === undefined || otherFull === undefined)
    return undefined
  if (idle === full && otherIdle === otherFull) return undefined
  return utilisationToBreakEven({
    fixedUsd: idle,
    usdAtFullUse: full - idle,
    alternativeFixedUsd: otherIdle,
    alternativeUsdAtFullUse: otherFull - otherIdle,
  })
}

function volumeOf(first: EvaluatedQuote, other: Quote, context: QuoteContext): VolumeToBreakEven | undefined {
  const { quote, option } = first
  if (other.kind !== 'api' || (quote.scale ?? 'fixed') !== 'fixed' || quote.kind === 'api') return undefined
  const apiUsd = apiUsdPerRequest(other, context)
  const capacity = option.capacityRequestsPerMonth
  if (apiUsd === undefined || capacity === undefined || option.total.usd === undefined) return undefined
  return volumeToBreakEven({
    usdPerUnitMonth: option.total.usd / context.horizonMonths,
    capacityPerUnitMonth: capacity,
    usdPerVolume: 0,
    alternativeUsdPerVolume: apiUsd,
  })
}

function difference(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a - b
}

export function ratio(over: number | undefined, under: number | undefined): number | undefined {
  return over === undefined || under === undefined || under === 0 ? undefined : over / under
}
