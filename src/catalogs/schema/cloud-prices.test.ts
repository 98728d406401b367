import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { readTable } from '../csv.ts'
import { cloudPricesTable } from './cloud-prices.ts'
import type { TableDefinition } from './common.ts'
import { acceleratorTable } from './hardware.ts'
import { placesTable } from './places.ts'

function read<Schema extends z.ZodType>(table: TableDefinition<Schema>) {
  const text = readFileSync(new URL(`../../../catalogs/${table.file}`, import.meta.url), 'utf8')
  return readTable({ table, text, file: table.file })
}

const prices = read(cloudPricesTable).rows.map(({ row }) => row)
const places = new Map(read(placesTable).rows.map(({ row }) => [row.id, row]))

describe('cloud_prices.csv', () => {
  test('reads clean', () => {
    expect(read(cloudPricesTable).issues).toEqual([])
  })

  test('at least 600 prices from at least 15 providers, in every term', () => {
    expect(prices.length).toBeGreaterThanOrEqual(600)
    expect(new Set(prices.map((row) => row.provider)).size).toBeGreaterThanOrEqual(15)
    expect([...new Set(prices.map((row) => row.term))].sort()).toEqual([
      'capacity-block',
      'on-demand',
      'reserved-1-year',
      'reserved-3-year',
      'reserved-5-year',
      'spot',
    ])
  })

  test('every provider and place exists, and a region belongs to its provider', () => {
    const wrong = prices.filter((row) => {
      if (places.get(row.provider)?.kind !== 'provider') return true
      if (row.place_id === undefined) return false
      const place = places.get(row.place_id)
      if (place === undefined) return true
      return place.kind === 'cloud-region' && (place.provider !== row.provider || place.region !== row.region)
    })
    expect(wrong).toEqual([])
  })

  test('every accelerator exists', () => {
    const known = new Set(read(acceleratorTable).rows.map(({ row }) => row.id))
    expect([...new Set(prices.map((row) => row.accelerator_id))].filter((id) => !known.has(id))).toEqual([])
  })

  test('spot and reserved cost less than the same instance on demand on the same day', () => {
    const offer = (row: (typeof prices)[number]) =>
      [row.provider, row.region, row.instance, row.accelerator_id, row.as_of, row.source_id].join(' ')
    const onDemand = new Map(
      prices.filter((row) => row.term === 'on-demand').map((row) => [offer(row), row.price_usd_per_hour]),
    )
    const compared = prices.filter((row) => row.term !== 'on-demand' && onDemand.has(offer(row)))
    expect(compared.length).toBeGreaterThan(100)
    expect(compared.filter((row) => row.price_usd_per_hour >= (onDemand.get(offer(row)) ?? 0))).toEqual([])
  })

  test('an hour of one accelerator costs between 0.05 and 60 USD', () => {
    const outside = prices.filter((row) => {
      const each = row.price_usd_per_hour / row.accelerators
      return each < 0.05 || each > 60
    })
    expect(outside).toEqual([])
  })

  test('Lenovo LP2368: 8x H100 on Azure, 98.32 on demand, 62.92, 43.16 and 39.32 reserved for 1, 3 and 5 years', () => {
    const lenovo = prices.filter((row) => row.source_id === 'lenovo-lp2368' && row.provider === 'azure')
    expect(Object.fromEntries(lenovo.map((row) => [row.term, row.price_usd_per_hour]))).toEqual({
      'on-demand': 98.32,
      'reserved-1-year': 62.92,
      'reserved-3-year': 43.16,
      'reserved-5-year': 39.32,
    })
  })

  test('regions for governments are marked, and only those', () => {
    const marked = prices.filter((row) => row.audience === 'government')
    expect(marked.length).toBeGreaterThan(0)
    expect(marked.every((row) => row.region.includes('gov'))).toBe(true)
    expect(prices.filter((row) => row.region.includes('gov')).length).toBe(marked.length)
  })
})
