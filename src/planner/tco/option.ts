import { apiLines } from '../../estimators/cost/api.ts'
import { cashFlowOf, netPresentValueUsd, yearlyOfMonthly } from '../../estimators/cost/cash-flow.ts'
import { annuityUsdPerYear } from '../../estimators/cost/finance.ts'
import { type CostLine, type CostTotal, lineTotalUsd, totalOfLines } from '../../estimators/cost/lines.ts'
import {
  levelisedUsdPerUnit,
  type TokenCosts,
  type TokenSplit,
  tokenCosts,
} from '../../estimators/cost/unit-costs.ts'
import { monthsPerYear, secondsPerHour, tokensPerMillion } from '../../foundation/units.ts'
import {
  type QuoteContext,
  requestsByMonth,
  requestsPerMonthOf,
  requestsPerSecondOf,
  servingFractionOf,
  tokensPerRequest,
} from './quote-context.ts'
import { apiPricesOf, linesOfQuote } from './quote-lines.ts'
import type { ApiQuote, Quote } from './quotes-schema.ts'

/** One quote, evaluated. Every figure is undefined where a price that it needs is missing. */
export interface TcoOption {
  readonly id: string
  readonly label: string
  readonly kind: Quote['kind']
  readonly source: string
  readonly lines: readonly (CostLine & { readonly totalUsd: number | undefined })[]
  readonly total: CostTotal
  readonly npvUsd: number | undefined
  /** Month 0 to the horizon; the lines that have a price. */
  readonly monthlyUsd: readonly number[]
  readonly yearlyUsd: readonly number[]
  readonly upfrontUsd: number | undefined
  readonly usdPerYear: number | undefined
  /** Net present value as even yearly payments at the discount rate. */
  readonly annuityUsdPerYear: number | undefined
  /** All costs over all hours of the horizon. */
  readonly usdPerHour: number | undefined
  /** Without what is paid on the first day. */
  readonly runningUsdPerHour: number | undefined
  readonly accelerators: number | undefined
  readonly usdPerAcceleratorHour: number | undefined
  /** Requests per month at full load, by the first throughput. */
  readonly capacityRequestsPerMonth: number | undefined
  readonly atFullLoad: readonly LoadCosts[]
  readonly atVolume: VolumeCosts | undefined
  /** An API's own list prices of its first tier. */
  readonly listUsdPerMillion:
    | { readonly input: number | undefined; readonly output: number | undefined }
    | undefined
}

/** At the throughput stated, running `utilisation` of the time. */
export interface LoadCosts extends TokenCosts {
  readonly name: string
  readonly tokensPerSecond: number | undefined
  readonly usdPer1000Requests: number | undefined
}

/** At the volume of the workload. */
export interface VolumeCosts extends TokenCosts {
  readonly requests: number
  readonly usdPer1000Requests: number | undefined
  readonly usdPerUserMonth: number | undefined
  /** Costs and tokens both discounted. */
  readonly levelisedUsdPerMillion: number | undefined
}

export function evaluateOption(quote: Quote, context: QuoteContext): TcoOption {
  const { horizonMonths, calendar, quotes } = context
  const lines = linesOfQuote(quote, context)
  const empty = lines.length === 0
  const total = empty
    ? { usd: undefined, knownUsd: 0, missingLineIds: [] }
    : totalOfLines(lines, horizonMonths)
  const flow = cashFlowOf(lines, horizonMonths)
  const complete = total.usd !== undefined
  const known = <T>(value: T): T | undefined => (complete ? value : undefined)
  const ratePerYearFraction = quotes.discountRate ?? 0
  const npvUsd = known(netPresentValueUsd({ ...flow, ratePerYearFraction }))
  const upfrontUsd = known(flow.monthlyUsd[0] ?? 0)
  const hours = horizonMonths * calendar.hoursPerMonth
  const usdPerHour = total.usd === undefined ? undefined : total.usd / hours
  const accelerators = acceleratorsOf(quote)
  return {
    id: quote.id,
    label: quote.label,
    kind: quote.kind,
    source: quote.source,
    lines: lines.map((line) => ({ ...line, totalUsd: lineTotalUsd(line, horizonMonths) })),
    total,
    npvUsd,
    monthlyUsd: flow.monthlyUsd,
    yearlyUsd: yearlyOfMonthly(flow.monthlyUsd),
    upfrontUsd,
    usdPerYear: total.usd === undefined ? undefined : (total.usd * monthsPerYear) / horizonMonths,
    annuityUsdPerYear:
      npvUsd === undefined
        ? undefined
        : annuityUsdPerYear({
            presentUsd: npvUsd,
            ratePerYearFraction,
            years: horizonMonths / monthsPerYear,
          }),
    usdPerHour,
    runningUsdPerHour: total.usd === undefined ? undefined : (total.usd - (upfrontUsd ?? 0)) / hours,
    accelerators,
    usdPerAcceleratorHour:
      usdPerHour === undefined || accelerators === undefined ? undefined : usdPerHour / accelerators,
    capacityRequestsPerMonth: requestsPerMonthOf(quote, context),
    atFullLoad: usdPerHour === undefined ? [] : loadCosts(quote, context, usdPerHour),
    atVolume: volumeCosts(context, total.usd, flow.monthlyUsd),
    listUsdPerMillion:
      quote.kind === 'api' && quote.tiers?.[0] !== undefined
        ? { input: quote.tiers[0].input.usd, output: quote.tiers[0].output.usd }
        : undefined,
  }
}

function acceleratorsOf(quote: Quote): number | undefined {
  if (quote.kind === 'own') return quote.acceleratorsPerServer && quote.servers * quote.acceleratorsPerServer
  if (quote.kind !== 'rent' || quote.acceleratorsPerInstance === undefined) return undefined
  const instances = quote.fleet.reduce((sum, tranche) => sum + tranche.instances, 0)
  return instances * quote.acceleratorsPerInstance
}

export function splitOf(context: QuoteContext): TokenSplit {
  const split = context.quotes.workload?.split
  switch (split?.kind) {
    case 'price-ratio':
      return { kind: 'price-ratio', outputToInputRatio: split.outputToInput }
    case 'compute-time':
      return { kind: 'compute-time', prefillSeconds: split.prefill, decodeSeconds: split.decode }
    default:
      return { kind: 'blended' }
  }
}

/** A quote that grows has no one throughput: its costs are those at the volume. */
function loadCosts(quote: Quote, context: QuoteContext, usdPerHour: number): LoadCosts[] {
  if ((quote.scale ?? 'fixed') !== 'fixed') return []
  const request = tokensPerRequest(context.quotes)
  const utilisation = (context.quotes.workload?.utilisation ?? 1) * servingFractionOf(quote, context)
  return (quote.throughput ?? []).map((measured) => {
    const requestsPerSecond = requestsPerSecondOf(measured, context.quotes)
    const busySecondsPerHour = secondsPerHour * utilisation
    const requestsPerHour = requestsPerSecond && requestsPerSecond * busySecondsPerHour
    const tokensPerSecond =
      measured.tokensPerSecond ?? (request && (measured.requestsPerSecond ?? 0) * request.all)
    const costs =
      request === undefined || requestsPerHour === undefined
        ? {
            // Without a request's make-up the tokens are those that the rate counts, and nothing is split.
            ...tokenCosts({
              usd: usdPerHour,
              inputTokens: 0,
              outputTokens: (tokensPerSecond ?? 0) * busySecondsPerHour,
              split: { kind: 'blended' },
            }),
            outputUsdPerMillion: undefined,
          }
        : tokenCosts({
            usd: usdPerHour,
            inputTokens: requestsPerHour * request.input,
            outputTokens: requestsPerHour * request.output,
            split: splitOf(context),
          })
    return {
      ...costs,
      name: measured.name ?? 'full-load',
      tokensPerSecond,
      usdPer1000Requests:
        requestsPerHour === undefined || requestsPerHour === 0
          ? undefined
          : (usdPerHour / requestsPerHour) * 1000,
    }
  })
}

function volumeCosts(
  context: QuoteContext,
  totalUsd: number | undefined,
  monthlyUsd: readonly number[],
): VolumeCosts | undefined {
  const byMonth = requestsByMonth(context)
  if (byMonth === undefined || totalUsd === undefined) return undefined
  const requests = byMonth.reduce((sum, month) => sum + month, 0)
  const request = tokensPerRequest(context.quotes) ?? { input: 0, output: 0, all: 0 }
  const users = context.quotes.workload?.users
  const levelised = levelisedUsdPerUnit({
    monthlyUsd,
    monthlyUnits: [0, ...byMonth.map((month) => month * request.all)],
    ratePerYearFraction: context.quotes.discountRate ?? 0,
  })
  return {
    ...tokenCosts({
      usd: totalUsd,
      inputTokens: requests * request.input,
      outputTokens: requests * request.output,
      split: splitOf(context),
    }),
    requests,
    usdPer1000Requests: requests > 0 ? (totalUsd / requests) * 1000 : undefined,
    usdPerUserMonth: users === undefined ? undefined : totalUsd / users / context.horizonMonths,
    levelisedUsdPerMillion: levelised === undefined ? undefined : levelised * tokensPerMillion,
  }
}

/** What an API asks for one average request, USD; undefined where no request is described or a price is missing. */
export function apiUsdPerRequest(quote: ApiQuote, context: QuoteContext): number | undefined {
  const tokens = context.quotes.workload?.tokens
  if (tokens === undefined && quote.requestPrice === undefined) return undefined
  const lines = apiLines({
    prices: apiPricesOf(quote),
    request: {
      inputTokens: tokens?.input ?? 0,
      cachedInputTokens: tokens?.cachedInput ?? 0,
      outputTokens: tokens?.output ?? 0,
      reasoningTokens: tokens?.reasoning ?? 0,
    },
    batchFraction: context.quotes.workload?.batch ?? 0,
    requestsByMonth: [1],
  })
  return lines.length === 0 ? undefined : totalOfLines(lines, 1).usd
}
