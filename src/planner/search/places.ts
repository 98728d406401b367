import type { Catalog, Row } from '../../catalogs/catalog.ts'
import { type Issue, RightsizeError } from '../../foundation/errors.ts'
import { type Sentence, sentence } from '../../foundation/notes.ts'
import { didYouMean } from '../../foundation/suggest.ts'
import type { PlanPlaceKind } from '../plan-option-types.ts'
import type { ResolvedScenario } from '../scenario/resolve.ts'
import type { SubscriptionQuote } from '../scenario/resolve-subscriptions.ts'
import { type PlaceFactors, placeFactors } from './place-factors.ts'

/** Somewhere the scenario allows machines to stand. */
export interface SearchPlace {
  readonly kind: PlanPlaceKind
  readonly placeId: string
  readonly name: string
  readonly countryCode: string | undefined
  readonly provider: string | undefined
  readonly region: string | undefined
  readonly factors: PlaceFactors
  /** Of a subscription: each quote is a place of its own. */
  readonly quote?: SubscriptionQuote
}

export interface LeftOutPlace {
  readonly what: string
  readonly why: string
}

/** Premises, colocation and devices: one place per entry of the scenario; of subscriptions one per quote. */
export function ownPlaces(input: {
  catalog: Catalog
  resolved: ResolvedScenario
  file: string
}): SearchPlace[] {
  const { catalog, resolved } = input
  const issues: Issue[] = []
  const places: SearchPlace[] = []
  const wishes =
    resolved.scenario.places ??
    resolved.placeKinds.map((kind) => ({ kind, country: undefined, provider: undefined }))
  for (const [index, wish] of wishes.entries()) {
    if (wish.kind === 'cloud' || wish.kind === 'api') continue
    const row = wish.country === undefined ? worldOf(catalog) : countryOf(catalog, wish.country)
    if (row === undefined) {
      issues.push({
        place: `${input.file}  places`,
        message: `unknown country "${wish.country}"`,
        hint: 'use ISO 3166 alpha-2 codes (de, us, …)',
      })
      continue
    }
    const place = {
      kind: wish.kind,
      placeId: row.id,
      name: row.name,
      countryCode: row.country_code,
      provider: wish.kind === 'subscription' ? wish.provider : undefined,
      region: undefined,
      factors: placeFactors({ catalog, kind: wish.kind, placeId: row.id, site: resolved.limits.site }),
    }
    const quotes = resolved.subscriptions[index] ?? []
    if (wish.kind === 'subscription') places.push(...quotes.map((quote) => ({ ...place, quote })))
    else places.push(place)
  }
  if (issues.length > 0)
    throw new RightsizeError({ code: 'scenario-invalid', message: 'the places cannot be read', issues })
  return places
}

function worldOf(catalog: Catalog): Row<'places'> | undefined {
  return catalog.rowsBy('places', 'id').get('world')?.[0]
}

export function countryOf(catalog: Catalog, code: string): Row<'places'> | undefined {
  return catalog
    .rowsBy('places', 'country_code')
    .get(code.toUpperCase())
    ?.find((row) => row.kind === 'country')
}

/** Why data may not be processed somewhere, or undefined. An unknown country does not pass a list of allowed ones. */
export function placeProblem(
  resolved: ResolvedScenario,
  place: { readonly countryCode: string | undefined; readonly provider: string | undefined },
): Sentence | undefined {
  const { countries, excludeCountries, providers, excludeProviders } = resolved.limits
  const { countryCode, provider } = place
  if (countries !== undefined) {
    if (countryCode === undefined)
      return sentence('country-unknown', 'its country is unknown, and only some countries are allowed')
    if (!countries.includes(countryCode))
      return sentence('country-not-allowed', `${countryCode} is not among the countries allowed`, {
        country: countryCode,
      })
  }
  if (countryCode !== undefined && excludeCountries.includes(countryCode))
    return sentence('country-excluded', `${countryCode} is excluded`, { country: countryCode })
  if (provider !== undefined) {
    if (providers !== undefined && !providers.includes(provider.toLowerCase()))
      return sentence('provider-not-allowed', `${provider} is not among the providers allowed`, { provider })
    if (excludeProviders.includes(provider.toLowerCase()))
      return sentence('provider-excluded', `${provider} is excluded`, { provider })
  }
  return undefined
}

/** Of the scenario's entries for a kind: does one take this provider, region and country? */
export function wishedFor(
  resolved: ResolvedScenario,
  kind: 'cloud' | 'api',
  offer: {
    readonly provider: string
    readonly region: string | undefined
    readonly countryCode: string | undefined
  },
): { readonly terms: readonly string[] | undefined; readonly followsDemand: boolean } | undefined {
  if (resolved.scenario.places === undefined)
    return resolved.placeKinds.includes(kind) ? { terms: undefined, followsDemand: false } : undefined
  const found = resolved.scenario.places.filter(
    (wish) =>
      wish.kind === kind &&
      (wish.provider === undefined || wish.provider.toLowerCase() === offer.provider.toLowerCase()) &&
      (wish.region === undefined || wish.region === offer.region) &&
      (wish.country === undefined || wish.country.toUpperCase() === offer.countryCode),
  )
  if (found.length === 0) return undefined
  const followsDemand = found.some((wish) => wish.scaling === 'follow-demand')
  if (found.some((wish) => wish.terms === undefined)) return { terms: undefined, followsDemand }
  return { terms: found.flatMap((wish) => wish.terms ?? []), followsDemand }
}

/** Names the scenario uses for providers and regions that no price row has. */
export function providerIssues(input: {
  catalog: Catalog
  resolved: ResolvedScenario
  file: string
}): Issue[] {
  const { catalog, resolved } = input
  const known = {
    cloud: new Set(catalog.rows('cloudPrices').map((row) => row.provider)),
    api: new Set(catalog.rows('apiPrices').map((row) => row.provider)),
  }
  const subscribed = (resolved.scenario.places ?? []).flatMap(({ kind, provider }) =>
    kind === 'subscription' && provider !== undefined ? [provider.toLowerCase()] : [],
  )
  const all = new Set([...known.cloud, ...known.api, ...subscribed])
  const issues: Issue[] = []
  const check = (name: string, among: ReadonlySet<string>, place: string) => {
    if (among.has(name.toLowerCase())) return
    const hint = didYouMean(name, among)
    issues.push({
      place: `${input.file}  ${place}`,
      message: `unknown provider "${name}"`,
      ...(hint === undefined ? {} : { hint }),
    })
  }
  for (const wish of resolved.scenario.places ?? []) {
    if (wish.provider === undefined || (wish.kind !== 'cloud' && wish.kind !== 'api')) continue
    check(wish.provider, known[wish.kind], 'places')
  }
  for (const name of resolved.scenario.constraints?.providers ?? []) check(name, all, 'constraints.providers')
  for (const name of resolved.scenario.constraints?.excludeProviders ?? [])
    check(name, all, 'constraints.excludeProviders')
  return issues
}
