import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { readTable } from '../csv.ts'
import type { TableDefinition } from './common.ts'
import {
  electricityPricesTable,
  facilityEfficiencyTable,
  gridCarbonShareAlikeTable,
  gridCarbonTable,
  gridWaterTable,
} from './grid.ts'
import { placesTable } from './places.ts'

function read<Schema extends z.ZodType>(table: TableDefinition<Schema>) {
  const text = readFileSync(new URL(`../../../catalogs/${table.file}`, import.meta.url), 'utf8')
  return readTable({ table, text, file: table.file })
}

function rowsOf<Schema extends z.ZodType>(table: TableDefinition<Schema>) {
  return read(table).rows.map(({ row }) => row)
}

const places = rowsOf(placesTable)
const byId = new Map(places.map((place) => [place.id, place]))
const kinds = (ids: Iterable<string>, kind: string) =>
  [...new Set(ids)].filter((id) => byId.get(id)?.kind === kind).length

describe('places.csv', () => {
  test('reads clean', () => {
    expect(read(placesTable).issues).toEqual([])
  })

  test('every parent, grid and provider is a place of the right kind', () => {
    const parentKinds: Record<string, readonly string[]> = {
      world: [],
      country: ['world'],
      'us-state': ['country'],
      'us-grid': ['country'],
      'cloud-region': ['country', 'us-state'],
      provider: [],
    }
    const wrong = places.filter((place) => {
      const parent = place.parent_id === undefined ? undefined : byId.get(place.parent_id)
      const wanted = parentKinds[place.kind] ?? []
      const parentOk =
        wanted.length === 0 ? place.parent_id === undefined : wanted.includes(parent?.kind ?? '')
      const gridOk = place.grid_id === undefined || byId.get(place.grid_id)?.kind === 'us-grid'
      const providerOk = place.provider === undefined || byId.get(place.provider)?.kind === 'provider'
      return !(parentOk && gridOk && providerOk)
    })
    expect(wrong.map((place) => place.id)).toEqual([])
  })

  test('a place and the place it lies in are in the same country', () => {
    const wrong = places.filter((place) => {
      const parent = byId.get(place.parent_id ?? '')
      return parent?.country_code !== undefined && parent.country_code !== place.country_code
    })
    expect(wrong.map((place) => place.id)).toEqual([])
  })

  test('no name means two places', () => {
    const names = places.flatMap((place) => [place.id, ...(place.aliases ?? [])])
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  test('a cloud region carries its provider and region in its id', () => {
    const wrong = places.filter(
      (place) =>
        place.kind === 'cloud-region' &&
        place.id !== `${place.provider}-${(place.region ?? '').toLowerCase()}`,
    )
    expect(wrong).toEqual([])
  })
})

describe('figures of places', () => {
  const tables = [
    gridCarbonTable,
    gridCarbonShareAlikeTable,
    electricityPricesTable,
    gridWaterTable,
    facilityEfficiencyTable,
  ] as const

  test.each(tables.map((table) => [table.file, table] as const))('%s reads clean', (_file, table) => {
    expect(read(table as TableDefinition).issues).toEqual([])
  })

  test.each(tables.map((table) => [table.file, table] as const))(
    '%s names places that exist',
    (_file, table) => {
      const rows = rowsOf(table as TableDefinition) as { place_id: string }[]
      expect(rows.map((row) => row.place_id).filter((id) => !byId.has(id))).toEqual([])
    },
  )

  test('carbon for at least 200 countries without the share-alike file', () => {
    const average = rowsOf(gridCarbonTable).filter((row) => row.method === 'average')
    expect(
      kinds(
        average.map((row) => row.place_id),
        'country',
      ),
    ).toBeGreaterThanOrEqual(200)
  })

  test('carbon for every US state and eGRID subregion, and for a hundred cloud regions', () => {
    const average = [...rowsOf(gridCarbonTable), ...rowsOf(gridCarbonShareAlikeTable)].filter(
      (row) => row.method === 'average',
    )
    const ids = average.map((row) => row.place_id)
    expect(kinds(ids, 'us-state')).toBe(51)
    expect(kinds(ids, 'us-grid')).toBe(places.filter((place) => place.kind === 'us-grid').length)
    expect(kinds(ids, 'cloud-region')).toBeGreaterThanOrEqual(100)
  })

  test('electricity price for at least 85 countries, grid water for at least 45', () => {
    expect(
      kinds(
        rowsOf(electricityPricesTable).map((row) => row.place_id),
        'country',
      ),
    ).toBeGreaterThanOrEqual(85)
    expect(
      kinds(
        rowsOf(gridWaterTable).map((row) => row.place_id),
        'country',
      ),
    ).toBeGreaterThanOrEqual(45)
  })

  test('US state carbon says that it is from 2016', () => {
    const states = rowsOf(gridCarbonTable).filter(
      (row) => row.year === 2016 && byId.get(row.place_id)?.kind === 'us-state',
    )
    expect(states.length).toBe(51)
    expect(states.every((row) => row.note?.includes('2016'))).toBe(true)
  })

  test('the missing averages and marginals of the reference stay missing', () => {
    const all = [...rowsOf(gridCarbonTable), ...rowsOf(gridCarbonShareAlikeTable)]
    expect(all.filter((row) => row.method !== 'market' && row.grams_co2e_per_kwh === 0)).toEqual([])
    const withoutMarginal = ['al', 'bt', 'cd', 'et', 'is', 'ls', 'np', 'py', 'sz']
    expect(all.filter((row) => row.method === 'marginal' && withoutMarginal.includes(row.place_id))).toEqual(
      [],
    )
  })

  test('zero carbon outside of market claims is refused', () => {
    const header = 'place_id,year,basis,method,grams_co2e_per_kwh,source_id,as_of,quality,note'
    const issues = (method: string) =>
      readTable({
        table: gridCarbonTable,
        text: `${header}\nfr,2024,direct,${method},0,s,2024,estimated,\n`,
        file: 'grid_carbon.csv',
      }).issues
    expect(issues('market')).toEqual([])
    expect(issues('average')).toEqual([
      {
        place: 'grid_carbon.csv:2  grams_co2e_per_kwh',
        message: 'zero is a missing value unless the method is market (got "0")',
      },
    ])
  })

  test('EcoLogits vectors: grid water and carbon of the world (3.908 L and 473.01 g per kWh)', () => {
    expect(rowsOf(gridWaterTable).find((row) => row.place_id === 'world')?.litres_per_kwh).toBe(3.908)
    expect(rowsOf(gridCarbonTable).find((row) => row.place_id === 'world')?.grams_co2e_per_kwh).toBe(473.01)
  })

  test('an assumed PUE and WUE stand for places without their own', () => {
    const mean = rowsOf(facilityEfficiencyTable).filter(
      (row) => row.place_id === 'world' && row.facility === 'industry-mean',
    )
    expect(mean.every((row) => row.quality === 'assumed')).toBe(true)
    expect(mean.find((row) => row.pue_ratio !== undefined)?.pue_ratio).toBe(1.54)
    expect(mean.some((row) => row.wue_litres_per_kwh !== undefined)).toBe(true)
  })
})
