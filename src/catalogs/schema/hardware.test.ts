import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { readTable } from '../csv.ts'
import type { TableDefinition } from './common.ts'
import { acceleratorTable } from './hardware.ts'

function read<Schema extends z.ZodType>(table: TableDefinition<Schema>) {
  const text = readFileSync(new URL(`../../../catalogs/${table.file}`, import.meta.url), 'utf8')
  return readTable({ table, text, file: table.file })
}
describe('accelerators.csv', () => {
  test('reads clean', () => {
    expect(read(acceleratorTable).issues).toEqual([])
  })
})
