import { expect, test } from 'vitest'
import { type CatalogData, createCatalog, packTable } from './catalog.ts'
import { tableHash } from './table-hash.ts'

const rows = [
  { id: 'a', name: 'A' },
  { id: 'b', note: 'no name' },
]

test('the hash depends on values, on columns and on the order of rows', () => {
  const hashes = [
    tableHash(rows),
    tableHash([...rows].reverse()),
    tableHash([{ id: 'a', name: 'B' }, rows[1]!]),
    tableHash([{ id: 'a', title: 'A' }, rows[1]!]),
  ]
  expect(new Set(hashes).size).toBe(hashes.length)
  expect(hashes[0]).toMatch(/^[0-9a-f]{16}$/)
})

test('rows that were packed and unpacked have the hash they had', () => {
  const data = (of: readonly object[]) => ({
    keys: {},
    version: '',
    asOf: '',
    tables: { sources: packTable(of) },
  })
  const once = createCatalog(data(rows) as CatalogData).rows('sources')
  const twice = createCatalog(data(once) as CatalogData).rows('sources')
  expect(tableHash(twice)).toBe(tableHash(once))
})
