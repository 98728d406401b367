import { leaseLines, loanLines } from '../../estimators/cost/finance.ts'
import type { CostLine, Price } from '../../estimators/cost/lines.ts'
import { hardwarePurchaseUsd, type OwnPrices, ownLines } from '../../estimators/cost/own.ts'
import { depreciationTaxShieldLines } from '../../estimators/cost/taxes.ts'
import type { QuotedPrice } from './fields.ts'
import { type Block, type QuoteContext, quotedPrice } from './quote-context.ts'
import type { OwnQuote } from './quotes-schema.ts'

/** An owned (or leased) quote's lines for one purchase of it. */
export function ownedLines(quote: OwnQuote, context: QuoteContext, block: Block): CostLine[] {
  const sourceId = quote.source
  const servers = quote.servers * block.units
  const accelerators = servers * (quote.acceleratorsPerServer ?? 0)
  const idleWatts = quote.idlePower ?? quote.power ?? 0
  const averageWatts = idleWatts + ((quote.power ?? 0) - idleWatts) * context.utilisationFraction
  const { taxes } = context.quotes
  const plan = {
    purchaseMonth: block.month,
    horizonMonths: context.horizonMonths,
    calendar: context.calendar,
    lifeMonths: quote.life,
    refreshPriceGrowthPerYearFraction: quote.refreshPriceChangePerYear,
    residual: quote.residual && {
      points: quote.residual.map(({ age, worth }) => ({ ageMonths: age, fraction: worth })),
      sourceId,
    },
    buysHardware: quote.lease === undefined,
  }
  const lines = ownLines({
    fleet: {
      servers,
      accelerators,
      networkPorts: servers * (quote.network?.portsPerServer ?? 0),
      storageBytes: (quote.storage?.capacity ?? 0) * block.units,
      racks: (quote.racks ?? 0) * block.units,
      averageItWatts: averageWatts * servers,
      ratedItWatts: (quote.ratedPower ?? 0) * servers,
    },
    prices: ownPrices(quote, context),
    plan,
  })
  const purchaseUsd = hardwarePurchaseUsd(lines)
  if (quote.loan !== undefined)
    lines.push(
      ...loanLines({
        purchaseUsd,
        terms: {
          downPaymentFraction: quote.loan.downPayment,
          ratePerYearFraction: quote.loan.ratePerYear,
          termMonths: quote.loan.term,
          sourceId,
        },
        purchaseMonth: block.month,
      }),
    )
  if (quote.lease !== undefined)
    lines.push(
      ...leaseLines({
        servers,
        usdPerServerMonth: quotedPrice(quote.lease.price, sourceId),
        fromMonth: block.month + 1,
        termMonths: quote.lease.term,
      }),
    )
  if (taxes?.income !== undefined && quote.lease === undefined)
    lines.push(
      ...depreciationTaxShieldLines({
        purchaseUsd,
        residualUsd: 0,
        lifeMonths: quote.life ?? context.horizonMonths - block.month,
        purchaseMonth: block.month,
        incomeTaxFraction: taxes.income,
        sourceId,
      }),
    )
  return lines
}

function ownPrices(quote: OwnQuote, context: QuoteContext): OwnPrices {
  const sourceId = quote.source
  const maybe = (quoted: QuotedPrice | undefined): Price | undefined =>
    quoted && quotedPrice(quoted, sourceId)
  const electricity = context.electricityUsdPerKilowattHour
  return {
    server: maybe(quote.serverPrice),
    accelerator: maybe(quote.acceleratorPrice),
    networkPort: maybe(quote.network?.portPrice),
    storagePerGigabyte: maybe(quote.storage?.price),
    rack: maybe(quote.rackPrice),
    spares: quote.spares === undefined ? undefined : { fraction: quote.spares, sourceId },
    installationPerServer: maybe(quote.installationPrice),
    maintenancePerYear:
      quote.maintenancePerYear === undefined ? undefined : { fraction: quote.maintenancePerYear, sourceId },
    licences: quote.licences?.map((licence, index) => ({
      id: String(index + 1),
      label: licence.label,
      per: licence.per,
      usdPerYear: quotedPrice(licence.price, sourceId),
    })),
    electricityPerKilowattHour:
      quote.electricity && electricity !== undefined
        ? { usd: electricity, sourceId: 'user' }
        : maybe(quote.electricity?.price),
    electricityGrowthPerYearFraction: quote.electricity?.growthPerYear,
    facility:
      quote.coolingPrice !== undefined
        ? { kind: 'cooling-add-on', usdPerItKilowattHour: quotedPrice(quote.coolingPrice, sourceId) }
        : quote.pue !== undefined
          ? { kind: 'pue', pueRatio: quote.pue, sourceId }
          : undefined,
    colocation: quote.colocation && {
      per: quote.colocation.per,
      usdPerMonth: quotedPrice(quote.colocation.price, sourceId),
    },
    staff: quote.staff && {
      per: quote.staff.per,
      unitsPerPerson: quote.staff.unitsPerPerson,
      usdPerPersonYear: quotedPrice(quote.staff.price, sourceId),
    },
  }
}
