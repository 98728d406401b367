import { z } from 'zod'
import { priceTermCell } from '../../catalogs/schema/cloud-prices.ts'
import { fractionField, oneOrMany, priceField, quantityField } from './fields.ts'
import { checkQuotes, quotes } from './quotes.ts'

const country = () => z.string().regex(/^[a-z]{2}$/i, 'is not a country code (de, us, …)')

export const place = z
  .strictObject({
    kind: z
      .enum(['on-prem', 'colocation', 'subscription', 'cloud', 'api', 'device'])
      .describe(
        'Who owns and runs the machines. subscription: another’s machines on your premises, paid by use.',
      ),
    country: country().optional().describe('Country (ISO 3166 alpha-2).'),
    provider: z.string().min(1).optional().describe('Cloud or API provider, or who offers the subscription.'),
    region: z.string().min(1).optional().describe('Provider’s region.'),
    terms: oneOrMany(priceTermCell).optional().describe('Cloud prices to consider (on-demand, spot, …).'),
    scaling: z
      .enum(['always-on', 'follow-demand'])
      .optional()
      .describe('Whether on-demand instances stop when the load falls. Default: always on.'),
    quotes: quotes
      .optional()
      .describe('Offers of a subscription, needed there: no list prices of hardware paid by use exist.'),
  })
  .superRefine(checkQuotes)

/** What must still work when machines fail. */
export const availability = z
  .enum(['none', 'n+1', 'n+2', 'two-sites'])
  .describe('Spare servers beside those that the peak needs: none, one, two, or a second site as large.')

const limit = (dimension: Parameters<typeof quantityField>[0]) =>
  quantityField(dimension, { above: 0 }).optional()

const securityName = () =>
  z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'is not a name in lower case with hyphens (iso-27001)')

export const constraints = z.strictObject({
  capex: priceField('')
    .optional()
    .describe(
      'Most to be paid for purchases over the horizon, undiscounted ("400000 USD"); a refresh is not counted.',
    ),
  monthly: priceField('month').optional().describe('Most per month on average, purchases included.'),
  total: priceField('').optional().describe('Most over the horizon.'),
  powerPerSite: limit('watts').describe('Most that all machines of a site may draw ("40 kW").'),
  powerPerRack: limit('watts').describe('Most that the machines of one rack may draw.'),
  rackUnitsPerSite: limit('rackUnits').describe('Height that a site has for the machines ("42 U").'),
  cooling: oneOrMany(z.enum(['air', 'liquid', 'hybrid', 'passive']))
    .optional()
    .describe('Kinds of cooling that the room offers.'),
  countries: oneOrMany(country()).optional().describe('Countries in which data may be processed.'),
  excludeCountries: oneOrMany(country()).optional().describe('Countries in which it may not.'),
  providers: oneOrMany(z.string().min(1)).optional().describe('Only these cloud and API providers.'),
  excludeProviders: oneOrMany(z.string().min(1)).optional().describe('Never these providers.'),
  carbonPerMonth: limit('gramsCo2e').describe(
    'Most CO2e per month, location based, with the month’s share of making the hardware.',
  ),
  waterPerMonth: limit('litres').describe('Most water per month, on site and at power plants.'),
  gridCarbon: limit('gramsCo2ePerKwh').describe('Most CO2e per kWh of the place’s grid.'),
  accelerators: z.number().int().min(1).optional().describe('Most accelerators in all.'),
  deliveryTime: limit('seconds').describe(
    'Latest that bought or rented hardware may come ("12 weeks"), where `facts` say when it does.',
  ),
  security: oneOrMany(securityName())
    .optional()
    .describe('What must be there (iso-27001, confidential-computing, …), where `facts` say so.'),
})

/** What the user knows of a product or a provider and the catalog does not. */
export const fact = z
  .strictObject({
    about: z
      .string()
      .min(1)
      .describe('A server, accelerator, instance or provider of the catalog, or a kind of place.'),
    deliveryTime: quantityField('seconds', { least: 0 })
      .optional()
      .describe('From order to use ("26 weeks").'),
    security: oneOrMany(securityName()).optional().describe('What it has.'),
    lacksSecurity: oneOrMany(securityName()).optional().describe('What it is known not to have.'),
  })
  .refine(
    (value) => !(value.security ?? []).some((name) => value.lacksSecurity?.includes(name)),
    'says of one thing that it is there and that it is not',
  )

/** What the user knows of the own site better than the catalog does. */
export const site = z.strictObject({
  electricityPrice: priceField('kWh').optional().describe('At the meter ("0.25 USD/kWh").'),
  pue: z.number().min(1).max(3).optional().describe('Energy of the building over energy of its IT.'),
  wue: quantityField('litresPerKwh', { least: 0 }).optional().describe('Water on site per kWh of IT.'),
  gridCarbon: quantityField('gramsCo2ePerKwh', { least: 0 }).optional().describe('Location based.'),
  marketCarbon: quantityField('gramsCo2ePerKwh', { least: 0 })
    .optional()
    .describe('After contracts and certificates.'),
  rackUnitsPerRack: quantityField('rackUnits', { above: 0 }).optional().describe('Usable height of a rack.'),
})

export const finance = z.strictObject({
  horizon: quantityField('seconds', { above: 0 })
    .optional()
    .describe('How far costs are counted ("3 years").'),
  discountRate: fractionField().optional().describe('Per year.'),
  electricityPriceGrowth: quantityField('fraction', { least: -0.5, most: 1 })
    .optional()
    .describe('Per year ("3 %").'),
  maintenance: fractionField()
    .optional()
    .describe('Per year, share of the system price; of its price new where it is owned already.'),
  staffCost: priceField('year').optional().describe('Of one full-time engineer ("120000 USD/year").'),
  acceleratorsPerEngineer: z.number().min(0.1).optional().describe('How many one engineer looks after.'),
  hardwareDiscount: fractionField().optional().describe('Off the list prices of servers and accelerators.'),
  cloudDiscount: fractionField().optional().describe('Off the list prices of rented instances.'),
  spot: z
    .strictObject({
      interruptions: quantityField('perSecond', { least: 0 })
        .optional()
        .describe('How often each instance is taken back ("1 /week", "0.2 /month").'),
      lostPerInterruption: quantityField('seconds', { least: 0 })
        .optional()
        .describe(
          'Billed and not served each time: a new instance, its start, loading the model ("10 min").',
        ),
    })
    .optional()
    .describe('Of spot instances, where a place asks for them.'),
  apiBatchFraction: fractionField().optional().describe('Share of requests that may wait for a batch offer.'),
  purchases: z
    .enum(['when-needed', 'at-start'])
    .optional()
    .describe(
      'Where demand grows: machines each year for that year’s peak (the default), or all of them on the first day.',
    ),
  currency: z
    .strictObject({
      code: z.string().regex(/^[A-Z]{3}$/, 'is not a currency code (EUR, GBP, …)'),
      usdPerUnit: z.number().min(1e-6).max(1e6).describe('What one unit costs in USD.'),
    })
    .optional()
    .describe('Of the prices above and of the report. The catalog is in USD; no rate is built in.'),
})

const weight = z.number().min(0).max(1000).optional()

export const score = z
  .union([
    z.string().min(1).max(500),
    z.strictObject({
      cost: weight,
      carbon: weight,
      latency: weight,
      quality: weight,
      water: weight,
      energy: weight,
    }),
  ])
  .describe(
    'What "balanced" means, lower is better: weights, or a formula of cost, carbon, latency, quality, water and energy ("0.5*cost + 0.3*carbon + 0.2*(1-quality)"). Each figure is 0 to 1: 1 − best ÷ value; quality is the score ÷ best score.',
  )
