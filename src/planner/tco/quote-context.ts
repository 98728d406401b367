import { demandByMonth, plannedPurchases } from '../../estimators/cost/growth.ts'
import type { Calendar, Price } from '../../estimators/cost/lines.ts'
import { type Schedule, servingFraction, startUpSeconds } from '../../estimators/cost/schedule.ts'
import { secondsPerHour } from '../../foundation/units.ts'
import type { QuotedPrice } from './fields.ts'
import type { OwnQuote, Quote, Quotes, RentQuote } from './quotes-schema.ts'

/** What all quotes of a comparison share. */
export interface QuoteContext {
  readonly quotes: Quotes
  readonly horizonMonths: number
  readonly calendar: Calendar
  /** Share of the hours in which the capacity is used, where a surface asks for less than all. */
  readonly utilisationFraction: number
  /** In place of a quote's own electricity price, for a surface. */
  readonly electricityUsdPerKilowattHour?: number | undefined
}

export interface Block {
  readonly month: number
  readonly units: number
}

/** How often the quote is taken, and when: once, or as demand grows. */
export function blocksOf(quote: OwnQuote | RentQuote, context: QuoteContext): Block[] {
  const policy = quote.scale ?? 'fixed'
  if (policy === 'fixed') return [{ month: 0, units: 1 }]
  const { workload } = context.quotes
  const capacityPerUnit = requestsPerMonthOf(quote, context)
  return plannedPurchases({
    demandByMonth: requestsByMonth(context) ?? [],
    capacityPerUnit: (capacityPerUnit ?? Number.NaN) * (workload?.utilisation ?? 1),
    policy,
  })
}

/** Requests per month that a quote serves at full load, by its first throughput. */
export function requestsPerMonthOf(quote: Quote, context: QuoteContext): number | undefined {
  const [first] = quote.throughput ?? []
  if (first === undefined) return undefined
  const perSecond = requestsPerSecondOf(first, context.quotes)
  return perSecond === undefined
    ? undefined
    : perSecond * secondsPerHour * context.calendar.hoursPerMonth * servingFractionOf(quote, context)
}

/** A rate of tokens is one of requests once it is said how many of the counted tokens a request has. */
export function requestsPerSecondOf(
  measured: NonNullable<Quote['throughput']>[number],
  quotes: Quotes,
): number | undefined {
  const request = tokensPerRequest(quotes)
  return (
    measured.requestsPerSecond ??
    divided(measured.tokensPerSecond, measured.counts === 'all' ? request?.all : request?.output)
  )
}

function divided(over: number | undefined, under: number | undefined): number | undefined {
  return over === undefined || under === undefined || under === 0 ? undefined : over / under
}

export function tokensPerRequest(quotes: Quotes): { input: number; output: number; all: number } | undefined {
  const tokens = quotes.workload?.tokens
  if (tokens === undefined) return undefined
  const output = tokens.output + (tokens.reasoning ?? 0)
  return { input: tokens.input, output, all: tokens.input + output }
}

/** Undefined where the file gives no volume. */
export function requestsByMonth(context: QuoteContext): number[] | undefined {
  const { workload } = context.quotes
  if (workload?.requestsPerMonth === undefined) return undefined
  return demandByMonth({
    firstMonth: workload.requestsPerMonth * context.utilisationFraction,
    growthPerYearFraction: workload.growthPerYear ?? 0,
    horizonMonths: context.horizonMonths,
  })
}

export function quotedPrice(quoted: QuotedPrice, sourceId: string): Price {
  return { usd: quoted.usd, sourceId }
}

/** When a rented tranche runs; always, where its quote says nothing. */
export function scheduleOf(
  schedule: RentQuote['fleet'][number]['schedule'],
  context: QuoteContext,
): Schedule {
  switch (schedule?.kind) {
    case undefined:
      return { kind: 'always-on' }
    case 'scale-to-zero':
      return {
        kind: 'scale-to-zero',
        activeHoursPerDay: schedule.activeHoursPerDay,
        startsPerDay: schedule.startsPerDay,
        idleSeconds: schedule.idleTimeout,
        startUpSeconds: startUpSeconds({
          modelBytes: schedule.modelSize,
          storageBytesPerSecond: schedule.storageSpeed,
          engineSeconds: schedule.engineStart,
        }),
      }
    case 'fixed-hours':
      return { kind: 'fixed-hours', totalHours: schedule.hours, horizonMonths: context.horizonMonths }
    case 'always-on':
    case 'window':
      return schedule
  }
}

/** Share of all hours in which a quote serves requests; below 1 only for rented instances that are switched off. */
export function servingFractionOf(quote: Quote, context: QuoteContext): number {
  if (quote.kind !== 'rent') return 1
  const { calendar } = context
  let instances = 0
  let serving = 0
  for (const tranche of quote.fleet) {
    instances += tranche.instances
    serving +=
      tranche.instances * servingFraction({ schedule: scheduleOf(tranche.schedule, context), calendar })
  }
  return serving / instances
}
