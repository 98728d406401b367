import type { AcceleratorRow, Catalog, Row } from '../../catalogs/catalog.ts'
import { type SpotInterruptions, spotHoursPerUsefulHour } from '../../estimators/cost/schedule.ts'
import { compareText, type Sentence, sentence } from '../../foundation/notes.ts'
import type { ResolvedScenario } from '../scenario/resolve.ts'
import type { NotSearched } from './devices.ts'
import { LeftOutCount } from './left-out.ts'
import { placeFactors } from './place-factors.ts'
import { placeProblem, type SearchPlace, wishedFor } from './places.ts'

/** One price of one instance type. */
export interface CloudOffer {
  readonly provider: string
  readonly instance: string
  readonly acceleratorId: string
  readonly accelerators: number
  readonly term: string
  /** Started and stopped with the load. */
  readonly followsDemand: boolean
  readonly usdPerHour: number
  readonly lowUsdPerHour: number
  readonly highUsdPerHour: number
  /** Spot only. */
  readonly spot: SpotInterruptions | undefined
  /** Billed for one hour of work: more than 1 where interruptions lose some. */
  readonly hoursPerUsefulHour: number
  readonly sourceId: string
  readonly asOf: string
  readonly place: SearchPlace
}

/** Terms that a plan counts on unless the scenario names others: spot may be taken away, blocks last for days. */
const lastingTerms: ReadonlySet<string> = new Set([
  'on-demand',
  'reserved-1-year',
  'reserved-3-year',
  'reserved-5-year',
])

/** Terms whose bill stops when an instance stops. */
const stoppable: ReadonlySet<string> = new Set(['on-demand', 'spot'])

/** Current prices that the scenario allows, newest of each instance, region and term; and what is left out. */
export function cloudOffers(input: {
  catalog: Catalog
  resolved: ResolvedScenario
  accelerators: ReadonlyMap<string, AcceleratorRow>
}): { offers: CloudOffer[]; notSearched: NotSearched[] } {
  const { catalog, resolved } = input
  if (!resolved.placeKinds.includes('cloud')) return { offers: [], notSearched: [] }
  const newest = new Map<string, Row<'cloudPrices'>>()
  const left = new LeftOutCount()
  const prices = sentence('cloud-prices', 'cloud prices')
  const skip = (why: Sentence) => left.add(prices, why)
  for (const row of catalog.rows('cloudPrices')) {
    if (!input.accelerators.has(row.accelerator_id)) continue
    if (row.audience !== 'public') {
      skip(sentence('governments-only', 'for governments only'))
      continue
    }
    const key = [row.provider, row.region, row.instance, row.accelerator_id, row.term].join('\u0000')
    const known = newest.get(key)
    if (known === undefined || known.as_of < row.as_of) newest.set(key, row)
  }
  const places = new Map<string, SearchPlace>()
  const offers: CloudOffer[] = []
  for (const row of newest.values()) {
    const place = placeOf({ catalog, resolved, row, places })
    const wish = wishedFor(resolved, 'cloud', {
      provider: row.provider,
      region: row.region,
      countryCode: place.countryCode,
    })
    if (wish === undefined) {
      skip(sentence('cloud-not-named', 'not among the clouds and regions that the scenario names'))
      continue
    }
    if (!(wish.terms === undefined ? lastingTerms.has(row.term) : wish.terms.includes(row.term))) {
      skip(
        wish.terms === undefined
          ? sentence('short-terms', 'spot and short blocks are used on request only')
          : sentence('term-not-asked', 'its term was not asked for'),
      )
      continue
    }
    const problem = placeProblem(resolved, place) ?? gridProblem(resolved, place)
    if (problem !== undefined) {
      skip(problem)
      continue
    }
    const spot = row.term === 'spot' ? resolved.limits.finance.spot : undefined
    const hoursPerUsefulHour = spot === undefined ? 1 : spotHoursPerUsefulHour(spot)
    if (hoursPerUsefulHour === undefined) {
      skip(sentence('spot-never-works', 'interrupted so often that no work gets done'))
      continue
    }
    offers.push({
      provider: row.provider,
      instance: row.instance,
      acceleratorId: row.accelerator_id,
      accelerators: row.accelerators,
      term: row.term,
      followsDemand: wish.followsDemand && stoppable.has(row.term),
      usdPerHour: row.price_usd_per_hour,
      lowUsdPerHour: row.price_low_usd_per_hour ?? row.price_usd_per_hour,
      highUsdPerHour: row.price_high_usd_per_hour ?? row.price_usd_per_hour,
      spot,
      hoursPerUsefulHour,
      sourceId: row.source_id,
      asOf: row.as_of,
      place,
    })
  }
  offers.sort(
    (a, b) =>
      compareText(a.provider, b.provider) ||
      compareText(a.instance, b.instance) ||
      compareText(a.acceleratorId, b.acceleratorId) ||
      compareText(a.place.region ?? '', b.place.region ?? '') ||
      compareText(a.term, b.term),
  )
  return { offers, notSearched: left.list() }
}

/** A place above the limit for its grid, or one whose grid nobody has described. */
export function gridProblem(resolved: ResolvedScenario, place: SearchPlace): Sentence | undefined {
  const limit = resolved.limits.gridGramsPerKilowattHour
  if (limit === undefined) return undefined
  const grams = place.factors.gridGramsPerKilowattHour?.value
  if (grams === undefined)
    return sentence('grid-unknown', 'the carbon of its grid is unknown, and a limit is set')
  return grams > limit
    ? sentence('grid-above-limit', 'its grid emits more than the limit per kWh')
    : undefined
}

function placeOf(input: {
  catalog: Catalog
  resolved: ResolvedScenario
  row: Row<'cloudPrices'>
  places: Map<string, SearchPlace>
}): SearchPlace {
  const { catalog, resolved, row, places } = input
  const key = `${row.provider}\u0000${row.region}\u0000${row.place_id ?? ''}`
  let place = places.get(key)
  if (place === undefined) {
    const known =
      row.place_id === undefined ? undefined : catalog.rowsBy('places', 'id').get(row.place_id)?.[0]
    const placeId = known?.id ?? row.provider
    place = {
      kind: 'cloud',
      placeId,
      name: known?.name ?? `${row.provider} ${row.region}`,
      countryCode: known?.country_code,
      provider: row.provider,
      region: row.region,
      factors: placeFactors({
        catalog,
        kind: 'cloud',
        placeId,
        provider: row.provider,
        site: resolved.limits.site,
      }),
    }
    places.set(key, place)
  }
  return place
}
