import type { Catalog, Row } from '../../catalogs/catalog.ts'
import { type ApiPrices, type ApiTier, apiLines, type RequestTokens } from '../../estimators/cost/api.ts'
import type { CostLine, Price } from '../../estimators/cost/lines.ts'
import { compareText, type Sentence, sentence } from '../../foundation/notes.ts'
import type { KeptModel } from '../model-selection.ts'
import type { ResolvedScenario } from '../scenario/resolve.ts'
import type { Workload } from '../workload.ts'
import { gridProblem } from './cloud.ts'
import type { NotSearched } from './devices.ts'
import { LeftOutCount } from './left-out.ts'
import { placeFactors } from './place-factors.ts'
import { placeProblem, type SearchPlace, wishedFor } from './places.ts'

/** A hosted model at a list price. */
export interface ApiOffer {
  readonly row: Row<'apiPrices'>
  /** Undefined for models whose weights are not published. */
  readonly model: KeptModel | undefined
  readonly place: SearchPlace
  readonly prices: ApiPrices
}

/** Offers of kept models, and of closed models where the scenario allows them; and what is left out. */
export function apiOffers(input: {
  catalog: Catalog
  resolved: ResolvedScenario
  kept: readonly KeptModel[]
}): { offers: ApiOffer[]; notSearched: NotSearched[] } {
  const { catalog, resolved } = input
  if (!resolved.placeKinds.includes('api')) return { offers: [], notSearched: [] }
  const kept = new Map(input.kept.map((model) => [model.model.id, model]))
  const left = new LeftOutCount()
  const apiPrices = sentence('api-prices', 'API prices')
  const skip = (why: Sentence) => left.add(apiPrices, why)
  const offers: ApiOffer[] = []
  const places = new Map<string, SearchPlace>()
  const longest = resolved.contextTokens
  for (const row of newestRows(catalog)) {
    const model = row.model_id === undefined ? undefined : kept.get(row.model_id)
    const problem = modelProblem({ row, model, resolved, longest })
    if (problem !== undefined) {
      skip(problem)
      continue
    }
    const place = placeOf({ catalog, resolved, provider: row.provider, places })
    if (
      wishedFor(resolved, 'api', {
        provider: row.provider,
        region: undefined,
        countryCode: place.countryCode,
      }) === undefined
    ) {
      skip(sentence('api-not-named', 'not among the API providers that the scenario names'))
      continue
    }
    const where = placeProblem(resolved, place) ?? gridProblem(resolved, place)
    if (where !== undefined) {
      skip(where)
      continue
    }
    offers.push({ row, model, place, prices: pricesOf(row) })
  }
  offers.sort(
    (a, b) => compareText(a.row.provider, b.row.provider) || compareText(a.row.model_name, b.row.model_name),
  )
  return { offers, notSearched: left.list() }
}

function newestRows(catalog: Catalog): Row<'apiPrices'>[] {
  const newest = new Map<string, Row<'apiPrices'>>()
  for (const row of catalog.rows('apiPrices')) {
    if (row.kind !== 'chat' || row.output_usd_per_million_tokens === undefined) continue
    const key = `${row.provider}\u0000${row.model_name}`
    const known = newest.get(key)
    if (known === undefined || known.as_of < row.as_of) newest.set(key, row)
  }
  return [...newest.values()]
}

function modelProblem(input: {
  row: Row<'apiPrices'>
  model: KeptModel | undefined
  resolved: ResolvedScenario
  longest: number
}): Sentence | undefined {
  const { row, model, resolved, longest } = input
  const wish = resolved.scenario.model ?? {}
  if (wish.adapters !== undefined)
    return sentence('api-adapters', 'its price is for the model alone, not for one’s own adapters')
  if (row.model_id !== undefined && model === undefined)
    return sentence('api-model-left-out', 'hosts a model that the scenario leaves out')
  if (row.model_id === undefined) {
    if (wish.closedModels !== true)
      return sentence(
        'api-model-closed',
        'a model that the catalog does not describe (model.closedModels allows it)',
      )
    if (wish.ids !== undefined) return sentence('not-named', 'not among the models named')
    if (wish.class === 'slm')
      return sentence('size-unknown', 'its size is unknown, and a small model is asked for')
    if ((wish.minimumQuality ?? []).length > 0 && wish.allowUnknownQuality !== true)
      return sentence('quality-not-in-catalog', 'its quality is unknown to the catalog')
  }
  if (row.context_tokens !== undefined && row.context_tokens < longest)
    return sentence('api-context-short', 'its context is too short')
  return undefined
}

function placeOf(input: {
  catalog: Catalog
  resolved: ResolvedScenario
  provider: string
  places: Map<string, SearchPlace>
}): SearchPlace {
  let place = input.places.get(input.provider)
  if (place === undefined) {
    const row = input.catalog.rowsBy('places', 'id').get(input.provider)?.[0]
    place = {
      kind: 'api',
      placeId: row?.id ?? input.provider,
      name: row?.name ?? input.provider,
      countryCode: row?.country_code,
      provider: input.provider,
      region: undefined,
      factors: placeFactors({
        catalog: input.catalog,
        kind: 'api',
        placeId: row?.id ?? input.provider,
        provider: input.provider,
        site: input.resolved.limits.site,
      }),
    }
    input.places.set(input.provider, place)
  }
  return place
}

function pricesOf(row: Row<'apiPrices'>): ApiPrices {
  const price = (usd: number | undefined): Price => ({ usd, sourceId: row.source_id })
  const discount = row.batch_discount_fraction
  const tier = (rates: {
    input: number
    output: number
    cached: number | undefined
    most: number | undefined
  }): ApiTier => ({
    ...(rates.most === undefined ? {} : { maxInputTokens: rates.most }),
    usdPerMillionInput: price(rates.input),
    usdPerMillionOutput: price(rates.output),
    ...(rates.cached === undefined ? {} : { usdPerMillionCachedInput: price(rates.cached) }),
    ...(discount === undefined
      ? {}
      : {
          batch: {
            usdPerMillionInput: price(rates.input * (1 - discount)),
            usdPerMillionOutput: price(rates.output * (1 - discount)),
          },
        }),
  })
  const steps = row.tiers ?? []
  return {
    tiers: [
      tier({
        input: row.input_usd_per_million_tokens,
        output: row.output_usd_per_million_tokens ?? Number.NaN,
        cached: row.cached_input_usd_per_million_tokens,
        most: steps[0]?.aboveInputTokens,
      }),
      ...steps.map((step, index) =>
        tier({
          input: step.inputUsdPerMillionTokens,
          output: step.outputUsdPerMillionTokens,
          cached: step.cachedInputUsdPerMillionTokens,
          most: steps[index + 1]?.aboveInputTokens,
        }),
      ),
    ],
  }
}

/** The bill of the workload, the demand of each month at its own volume. */
export function apiOfferLines(input: {
  offer: ApiOffer
  resolved: ResolvedScenario
  workload: Workload
  growthByMonth: readonly number[]
}): CostLine[] {
  const { resolved, workload } = input
  return apiLines({
    prices: input.offer.prices,
    request: apiRequest(resolved),
    batchFraction: resolved.limits.finance.apiBatchFraction,
    requestsByMonth: input.growthByMonth.map((factor) => workload.requestsPerMonth * factor),
  })
}

/** Tokens of the mean request as an API bills them. */
export function apiRequest(resolved: ResolvedScenario): RequestTokens {
  return {
    inputTokens: resolved.input.mean,
    cachedInputTokens: resolved.input.mean * resolved.sharedPrefixFraction,
    outputTokens: resolved.output.mean,
    reasoningTokens: 0,
  }
}
