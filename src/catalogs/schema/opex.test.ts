import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { readTable } from '../csv.ts'
import type { TableDefinition } from './common.ts'
import { opexTable } from './opex.ts'
import { placesTable } from './places.ts'

function read<Schema extends z.ZodType>(table: TableDefinition<Schema>) {
  const text = readFileSync(new URL(`../../../catalogs/${table.file}`, import.meta.url), 'utf8')
  return readTable({ table, text, file: table.file })
}

const rows = read(opexTable).rows.map(({ row }) => row)
const valueAt = (id: string) => rows.find((row) => row.id === id)?.value

describe('opex.csv', () => {
  test('reads clean', () => {
    expect(read(opexTable).issues).toEqual([])
  })

  test('every place exists', () => {
    const known = new Set(read(placesTable).rows.map(({ row }) => row.id))
    expect(rows.filter((row) => row.place_id !== undefined && !known.has(row.place_id))).toEqual([])
  })

  test('fractions are fractions, not percent', () => {
    const fractions = rows.filter((row) => row.unit.startsWith('fraction'))
    expect(fractions.length).toBeGreaterThan(20)
    const beyond = fractions.filter((row) =>
      [row.value, row.low ?? 0, row.high ?? 0].some((x) => Math.abs(x) > 1),
    )
    expect(beyond).toEqual([])
  })

  test('only growth may be negative', () => {
    expect(rows.filter((row) => row.value < 0 && row.category !== 'growth')).toEqual([])
  })

  test('what we judged ourselves says why and gives a range', () => {
    const judged = rows.filter((row) => row.source_id === 'rightsize-judgement')
    expect(judged.length).toBeGreaterThan(5)
    const bare = judged.filter(
      (row) => row.quality !== 'assumed' || row.note === undefined || row.low === undefined,
    )
    expect(bare).toEqual([])
  })

  test('the cost model finds a default for each of its lines', () => {
    const categories = new Set(rows.map((row) => row.category))
    const lines = ['maintenance', 'licence', 'colocation', 'staff', 'storage', 'network', 'installation']
    const more = ['residual', 'growth', 'finance', 'electricity', 'cooling', 'spares', 'rack', 'depreciation']
    expect(
      [...lines, ...more].filter((line) => !categories.has(line as (typeof rows)[number]['category'])),
    ).toEqual([])
  })

  test('US tax depreciation over five years (MACRS) writes off the whole purchase', () => {
    const years = rows.filter((row) => row.id.startsWith('tax-depreciation-us-year-'))
    expect(years.length).toBe(6)
    expect(years.reduce((sum, row) => sum + row.value, 0)).toBeCloseTo(1, 10)
  })

  test('Lenovo LP2368: maintenance 12 % of the purchase, reserved H100 1 - 62.92 / 98.32 below on demand', () => {
    expect(valueAt('maintenance-per-year')).toBe(0.12)
    expect(valueAt('reserved-discount-azure-h100-1-year')).toBeCloseTo(1 - 62.92 / 98.32, 3)
  })

  test('accelerators lose resale value from month to month', () => {
    const residual = rows.filter((row) => row.category === 'residual').map((row) => row.value)
    expect(residual).toEqual([...residual].sort((a, b) => b - a))
  })
})
