import { type ApiPrices, apiLines } from '../../estimators/cost/api.ts'
import { demandByMonth } from '../../estimators/cost/growth.ts'
import { type CostLine, costLine, type Price } from '../../estimators/cost/lines.ts'
import { rentLines } from '../../estimators/cost/rent.ts'
import { subscriptionLines } from '../../estimators/cost/subscribe.ts'
import { purchaseCategories, purchaseTaxLines } from '../../estimators/cost/taxes.ts'
import { monthsPerYear, secondsPerHour } from '../../foundation/units.ts'
import type { QuotedPrice } from './fields.ts'
import { ownedLines } from './own-quote.ts'
import {
  type Block,
  blocksOf,
  type QuoteContext,
  quotedPrice,
  requestsByMonth,
  scheduleOf,
} from './quote-context.ts'
import type { ApiQuote, Quote, RentQuote, SubscribeQuote } from './quotes-schema.ts'

/** Every cost line of a quote over the horizon. */
export function linesOfQuote(quote: Quote, context: QuoteContext): CostLine[] {
  const lines = [...kindLines(quote, context), ...otherLines(quote, context)]
  const { taxes } = context.quotes
  if (taxes?.purchase === undefined) return lines
  const untaxed = new Set(['financing', 'residual', 'tax'])
  const categories =
    taxes.on === 'everything'
      ? [...new Set(lines.map((line) => line.category))].filter((category) => !untaxed.has(category))
      : purchaseCategories
  return [
    ...lines,
    ...purchaseTaxLines({ lines, rateFraction: taxes.purchase, categories, sourceId: quote.source }),
  ]
}

function kindLines(quote: Quote, context: QuoteContext): CostLine[] {
  switch (quote.kind) {
    case 'own':
      return blocksOf(quote, context).flatMap((block) =>
        renamed(ownedLines(quote, context, block), block.month),
      )
    case 'rent':
      return blocksOf(quote, context).flatMap((block) =>
        renamed(rentedLines(quote, context, block), block.month),
      )
    case 'subscribe':
      return subscribedLines(quote, context)
    case 'api':
      return boughtTokenLines(quote, context)
    case 'listed':
      return []
  }
}

/** Lines of later purchases carry their month in the id. */
function renamed(lines: readonly CostLine[], month: number): CostLine[] {
  return month === 0 ? [...lines] : lines.map((line) => ({ ...line, id: `${line.id}-bought-month-${month}` }))
}

function rentedLines(quote: RentQuote, context: QuoteContext, block: Block): CostLine[] {
  const sourceId = quote.source
  return rentLines({
    tranches: quote.fleet.map((tranche, index) => ({
      id: String(index + 1),
      label: tranche.label,
      instances: tranche.instances * block.units * context.utilisationFraction,
      usdPerInstanceHour: quotedPrice(tranche.price, sourceId),
      usdUpfrontPerInstance: tranche.upfrontPrice && quotedPrice(tranche.upfrontPrice, sourceId),
      schedule: scheduleOf(tranche.schedule, context),
      spot: tranche.spot && {
        interruptionsPerHour: tranche.spot.interruptions * secondsPerHour,
        lostSecondsPerInterruption: tranche.spot.lostPerInterruption,
      },
    })),
    extras: {
      egressBytesPerMonth: (quote.egress?.perMonth ?? 0) * block.units,
      usdPerEgressGigabyte: quote.egress && quotedPrice(quote.egress.price, sourceId),
      storageBytes: (quote.storage?.capacity ?? 0) * block.units,
      usdPerStorageGigabyteMonth: quote.storage && quotedPrice(quote.storage.price, sourceId),
    },
    fromMonth: block.month + 1,
    toMonth: context.horizonMonths,
    calendar: context.calendar,
  })
}

function subscribedLines(quote: SubscribeQuote, context: QuoteContext): CostLine[] {
  return subscriptionLines({
    terms: {
      unit: quote.unit,
      committedUnits: quote.committedUnits,
      usdPerCommittedUnitMonth: quotedPrice(quote.committedPrice, quote.source),
      usdPerExtraUnitMonth: quotedPrice(quote.extraPrice, quote.source),
      installedUnits: quote.installedUnits,
      capFraction: quote.cap,
      setup: quote.setupPrice && quotedPrice(quote.setupPrice, quote.source),
    },
    usedUnitsByMonth: demandByMonth({
      firstMonth: quote.usedUnits * context.utilisationFraction,
      growthPerYearFraction: context.quotes.workload?.growthPerYear ?? 0,
      horizonMonths: context.horizonMonths,
    }),
  })
}

export function apiPricesOf(quote: ApiQuote): ApiPrices {
  const of = (quoted: QuotedPrice): Price => quotedPrice(quoted, quote.source)
  return {
    tiers: (quote.tiers ?? []).map((tier) => ({
      maxInputTokens: tier.maxInput,
      usdPerMillionInput: of(tier.input),
      usdPerMillionCachedInput: tier.cachedInput && of(tier.cachedInput),
      usdPerMillionOutput: of(tier.output),
      usdPerMillionReasoning: tier.reasoning && of(tier.reasoning),
      batch: tier.batch && {
        usdPerMillionInput: of(tier.batch.input),
        usdPerMillionOutput: of(tier.batch.output),
      },
    })),
    usdPerRequest: quote.requestPrice && of(quote.requestPrice),
  }
}

function boughtTokenLines(quote: ApiQuote, context: QuoteContext): CostLine[] {
  const requests = requestsByMonth(context)
  if (requests === undefined) return []
  const { tokens, batch } = context.quotes.workload ?? {}
  return apiLines({
    prices: apiPricesOf(quote),
    request: {
      inputTokens: tokens?.input ?? 0,
      cachedInputTokens: tokens?.cachedInput ?? 0,
      outputTokens: tokens?.output ?? 0,
      reasoningTokens: tokens?.reasoning ?? 0,
    },
    batchFraction: batch ?? 0,
    requestsByMonth: requests,
  })
}

function otherLines(quote: Quote, context: QuoteContext): CostLine[] {
  return (quote.other ?? []).map((entry, index) => {
    const perMonth = { once: 1, hour: context.calendar.hoursPerMonth, month: 1, year: 1 / monthsPerYear }
    const units = { once: 'piece', hour: 'hour', month: 'month', year: 'year' }
    return costLine({
      id: `other-${index + 1}`,
      label: entry.label,
      category: 'other',
      quantity: perMonth[entry.price.per],
      unit: units[entry.price.per],
      price: quotedPrice(entry.price, quote.source),
      timing:
        entry.price.per === 'once'
          ? { kind: 'once', month: entry.month ?? 0 }
          : { kind: 'monthly', fromMonth: 1, toMonth: context.horizonMonths },
    })
  })
}
