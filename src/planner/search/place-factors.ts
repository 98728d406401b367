import type { Catalog, Row } from '../../catalogs/catalog.ts'
import { newest } from '../../catalogs/views.ts'
import type { Note } from '../../foundation/notes.ts'
import type { PlanPlaceKind } from '../plan-option-types.ts'
import type { ResolvedSite } from '../scenario/resolve-limits.ts'

/** A value of a place with where it was read; undefined where no row up to the world has one. */
export interface PlaceValue {
  readonly value: number
  readonly low?: number
  readonly high?: number
  readonly sourceId: string
  /** The place whose row it is: not always the place itself. */
  readonly placeId: string
}

/** What a place costs and emits per kWh. */
export interface PlaceFactors {
  readonly electricityUsdPerKilowattHour: PlaceValue | undefined
  readonly pueRatio: PlaceValue | undefined
  readonly wueLitresPerKilowattHour: PlaceValue | undefined
  /** Location based: life-cycle average of the grid. */
  readonly gridGramsPerKilowattHour: PlaceValue | undefined
  readonly marketGramsPerKilowattHour: PlaceValue | undefined
  readonly gridLitresPerKilowattHour: PlaceValue | undefined
  readonly notes: readonly Note[]
}

/** The place itself, its grid, its parents, up to the world. */
export function placeChain(catalog: Catalog, placeId: string): Row<'places'>[] {
  const byId = catalog.rowsBy('places', 'id')
  const chain: Row<'places'>[] = []
  const queue: (string | undefined)[] = [placeId]
  while (queue.length > 0) {
    const row = byId.get(queue.shift())?.[0]
    if (row === undefined || chain.includes(row)) continue
    chain.push(row)
    queue.push(row.grid_id, row.parent_id)
  }
  const world = byId.get('world')?.[0]
  if (world !== undefined && !chain.includes(world)) chain.push(world)
  return chain
}

type PlaceFigure = 'electricity price' | 'grid carbon' | 'water of electricity'

/** A country has a name in every language. */
function countryOf(place: Row<'places'>): { country?: string } {
  return place.kind === 'country' && place.country_code !== undefined ? { country: place.country_code } : {}
}

/** Whose buildings a kind of place stands in: the rows of `facility_efficiency.csv` to read, best first. */
const facilities: Readonly<Record<PlanPlaceKind, readonly string[]>> = {
  cloud: ['cloud-region', 'provider-fleet', 'hyperscale'],
  api: ['cloud-region', 'provider-fleet', 'hyperscale'],
  colocation: ['industry-mean'],
  'on-prem': ['enterprise', 'industry-mean'],
  subscription: ['enterprise', 'industry-mean'],
  device: [],
}

const customers = ['business', 'industrial', 'household'] as const

/** What the catalog knows of a place, the user's own figures first. */
export function placeFactors(input: {
  catalog: Catalog
  kind: PlanPlaceKind
  placeId: string
  provider?: string | undefined
  site: ResolvedSite
}): PlaceFactors {
  const { catalog, kind, site } = input
  const chain = placeChain(catalog, input.placeId)
  const notes: Note[] = []
  const own = kind !== 'cloud' && kind !== 'api'
  const given = (value: number | undefined): PlaceValue | undefined =>
    value === undefined || !own ? undefined : { value, sourceId: 'user', placeId: input.placeId }
  const along = (
    what: PlaceFigure,
    read: (place: Row<'places'>) => Omit<PlaceValue, 'placeId'> | undefined,
  ): PlaceValue | undefined => {
    for (const place of chain) {
      const found = read(place)
      if (found === undefined) continue
      if (place.id !== input.placeId && place.id !== chain[0]?.grid_id)
        notes.push({
          code: 'place-figure-from-elsewhere',
          level: 'assumption',
          about: input.placeId,
          message: `${what} of ${input.placeId} is taken from ${place.name}: no row of its own`,
          values: { figure: what.replaceAll(' ', '-'), from: place.name, ...countryOf(place) },
          sourceId: found.sourceId,
        })
      return { ...found, placeId: place.id }
    }
    notes.push({
      code: 'place-figure-unknown',
      level: 'warning',
      about: input.placeId,
      message: `${what} of ${input.placeId} is unknown`,
      values: { figure: what.replaceAll(' ', '-') },
    })
    return undefined
  }
  const grid =
    given(site.gridGramsPerKilowattHour) ?? along('grid carbon', (place) => carbonRow(catalog, place.id))
  return {
    electricityUsdPerKilowattHour: own
      ? (given(site.electricityUsdPerKilowattHour) ??
        along('electricity price', (place) => electricityRow(catalog, place.id)))
      : undefined,
    pueRatio:
      kind === 'device'
        ? { value: 1, sourceId: 'rightsize-judgement', placeId: input.placeId }
        : (given(site.pueRatio) ?? facility({ ...input, column: 'pue', chain, notes })),
    wueLitresPerKilowattHour:
      kind === 'device'
        ? { value: 0, sourceId: 'rightsize-judgement', placeId: input.placeId }
        : (given(site.wueLitresPerKilowattHour) ?? facility({ ...input, column: 'wue', chain, notes })),
    gridGramsPerKilowattHour: grid,
    marketGramsPerKilowattHour:
      given(site.marketGramsPerKilowattHour) ??
      (own ? undefined : marketRow(catalog, [input.placeId, input.provider])),
    gridLitresPerKilowattHour: along('water of electricity', (place) => {
      const row = newest(catalog.rowsBy('gridWater', 'place_id').get(place.id))
      return row && { value: row.litres_per_kwh, sourceId: row.source_id }
    }),
    notes,
  }
}

function carbonRow(catalog: Catalog, placeId: string): Omit<PlaceValue, 'placeId'> | undefined {
  const rows = [
    ...(catalog.rowsBy('gridCarbon', 'place_id').get(placeId) ?? []),
    ...(catalog.rowsBy('gridCarbonShareAlike', 'place_id').get(placeId) ?? []),
  ].filter((row) => row.method === 'average')
  const row = newest(rows.filter((entry) => entry.basis === 'lifecycle')) ?? newest(rows)
  return row && { value: row.grams_co2e_per_kwh, sourceId: row.source_id }
}

function marketRow(catalog: Catalog, placeIds: readonly (string | undefined)[]): PlaceValue | undefined {
  for (const placeId of placeIds) {
    const row = newest(
      [
        ...(catalog.rowsBy('gridCarbon', 'place_id').get(placeId) ?? []),
        ...(catalog.rowsBy('gridCarbonShareAlike', 'place_id').get(placeId) ?? []),
      ].filter((entry) => entry.method === 'market'),
    )
    if (row !== undefined)
      return { value: row.grams_co2e_per_kwh, sourceId: row.source_id, placeId: row.place_id }
  }
  return undefined
}

function electricityRow(catalog: Catalog, placeId: string): Omit<PlaceValue, 'placeId'> | undefined {
  const rows = catalog.rowsBy('electricityPrices', 'place_id').get(placeId) ?? []
  for (const customer of customers) {
    const row = newest(rows.filter((entry) => entry.customer === customer))
    if (row !== undefined) return { value: row.usd_per_kwh, sourceId: row.source_id }
  }
  return undefined
}

/** PUE or WUE: of the region, of the provider, then of the kind of facility in general. */
function facility(input: {
  catalog: Catalog
  kind: PlanPlaceKind
  placeId: string
  provider?: string | undefined
  column: 'pue' | 'wue'
  chain: readonly Row<'places'>[]
  notes: Note[]
}): PlaceValue | undefined {
  const wanted = input.column === 'pue' ? 'pue_ratio' : 'wue_litres_per_kwh'
  const places = [input.placeId, input.provider, 'world']
  const kinds = [...facilities[input.kind], 'industry-mean']
  for (const kind of kinds) {
    for (const placeId of places) {
      const rows = (input.catalog.rowsBy('facilityEfficiency', 'place_id').get(placeId) ?? []).filter(
        (row) => row.facility === kind && row[wanted] !== undefined,
      )
      const row = newest(rows.map((entry) => ({ ...entry, year: undefined })))
      const value = row?.[wanted]
      if (row === undefined || value === undefined) continue
      const low = row[`${input.column}_low`]
      const high = row[`${input.column}_high`]
      if (placeId === 'world')
        input.notes.push({
          code: 'facility-figure-of-the-kind',
          level: 'assumption',
          about: input.placeId,
          message: `${input.column.toUpperCase()} of ${input.placeId} = ${value}: of facilities of the kind "${kind}" in general`,
          values: { figure: input.column.toUpperCase(), value, facility: kind },
          sourceId: row.source_id,
        })
      return {
        value,
        ...(low === undefined || high === undefined ? {} : { low, high }),
        sourceId: row.source_id,
        placeId: row.place_id,
      }
    }
  }
  return undefined
}
