import type { Catalog } from '../../catalogs/catalog.ts'
import type { Price } from '../../estimators/cost/lines.ts'
import { RightsizeError } from '../../foundation/errors.ts'
import type { QuotedMoney } from './fields.ts'
import type { Currency, Filler } from './filler.ts'
import type { Scenario } from './schema.ts'

/** An offer of hardware paid by use, in catalog ids and USD. `usd: undefined`: it has a price that nobody told. */
export interface SubscriptionQuote {
  readonly id: string
  readonly acceleratorId: string | undefined
  readonly serverId: string | undefined
  readonly unit: 'accelerator' | 'server'
  readonly committedFraction: number
  readonly committedPrice: Price
  readonly extraPrice: Price
  readonly capFraction: number | undefined
  readonly setupPrice: Price | undefined
  readonly includesElectricity: boolean
  readonly includesMaintenance: boolean
}

/** Quotes of each of the scenario's places, by its position; none for places that are no subscription. */
export function resolveSubscriptions(input: {
  scenario: Scenario
  catalog: Catalog
  filler: Filler
  currency: Currency
}): SubscriptionQuote[][] {
  const { scenario, catalog, filler, currency } = input
  const ids = new Set<string>()
  let count = 0
  return (scenario.places ?? []).map((place, placeIndex) =>
    (place.quotes ?? []).map((quote, index): SubscriptionQuote => {
      const at = (field: string) => `places.${placeIndex}.quotes.${index}.${field}`
      const price = (money: QuotedMoney | undefined, field: string): Price => ({
        usd: money === 'unknown' ? undefined : filler.usd(money, at(field), currency),
        sourceId: 'user',
      })
      const known = <Row>(field: string, read: () => Row): Row | undefined => {
        try {
          return read()
        } catch (error) {
          if (!(error instanceof RightsizeError)) throw error
          filler.issue(at(field), error.message, error.hint ?? 'see `rightsize catalog`')
          return undefined
        }
      }
      const { accelerator, server } = quote
      const part =
        accelerator === undefined ? undefined : known('accelerator', () => catalog.accelerator(accelerator))
      const host = server === undefined ? undefined : known('server', () => catalog.server(server))
      if (part !== undefined && host !== undefined) {
        const taken = [...host.accelerators, ...(host.cpu_accelerators ?? [])]
        if (!taken.includes(part.id))
          filler.issue(
            at('accelerator'),
            `${host.id} does not take ${part.id}`,
            `it takes ${taken.join(', ')}`,
          )
      }
      count += 1
      const id = quote.id ?? `quote-${count}`
      if (ids.has(id)) filler.issue(at('id'), `"${id}" names two quotes`, 'give each its own id')
      ids.add(id)
      return {
        id,
        acceleratorId: part?.id,
        serverId: host?.id,
        unit: quote.unit,
        committedFraction: quote.committedFraction,
        committedPrice: price(quote.committedPrice, 'committedPrice'),
        extraPrice: price(quote.extraPrice, 'extraPrice'),
        capFraction: quote.cap,
        setupPrice: quote.setupPrice && price(quote.setupPrice, 'setupPrice'),
        includesElectricity: quote.includesElectricity,
        includesMaintenance: quote.includesMaintenance,
      }
    }),
  )
}
