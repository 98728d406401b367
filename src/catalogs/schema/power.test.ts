import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { powerModel } from '../../estimators/energy/coefficients.ts'
import { datapointFigures, datapoints, datapointUnits } from '../../estimators/energy/footprint-datapoints.ts'
import { readTable } from '../csv.ts'
import type { TableDefinition } from './common.ts'
import { datapointFigureNames, datapointsTable } from './datapoints.ts'
import { powerModelTable } from './power.ts'

const folder = join(import.meta.dirname, '../../../catalogs')
function rowsOf<Table extends TableDefinition>(table: Table) {
  const text = readFileSync(join(folder, table.file), 'utf8')
  return readTable({ table, text, file: table.file })
}

describe('power_model.csv', () => {
  const read = readTable({
    table: powerModelTable,
    text: readFileSync(join(folder, powerModelTable.file), 'utf8'),
    file: powerModelTable.file,
  })
  const rows = read.rows.map(({ row }) => row)

  it('has no issue', () => {
    expect(read.issues).toEqual([])
  })

  it('has every term for every stack and way of cooling', () => {
    for (const stack of ['current', 'gaps'] as const)
      for (const cooling of ['air', 'hybrid', 'liquid', 'passive'] as const) {
        const model = powerModel(rows, { stack, cooling })
        expect(model.board.stackDuty).toBeGreaterThan(0)
        expect(model.energyInterval.low).toBeLessThan(model.energyInterval.high)
      }
  })

  it('says how many runs are behind each fitted value, and a range', () => {
    for (const row of rows.filter((entry) => entry.source_id === 'rightsize-power-fit')) {
      // A count of runs, not a fitted value.
      if (row.term === 'measured-accelerator') continue
      expect(row.runs, row.term).toBeGreaterThan(100)
      expect(row.low, row.term).toBeDefined()
    }
  })
})

describe('datapoints.csv', () => {
  const read = rowsOf(datapointsTable)

  it('has no issue', () => {
    expect(read.issues).toEqual([])
  })

  it('names figures that the estimators know, in a unit that each has', () => {
    expect([...datapointFigureNames].sort()).toEqual(Object.keys(datapointFigures).sort())
    const rows = read.rows.map(({ row }) => row) as Parameters<typeof datapoints>[0]['rows']
    expect(() => datapoints({ rows, figures: {} })).not.toThrow()
    for (const { value } of datapoints({ rows, figures: {} })) expect(value).toBeUndefined()
    expect(datapointUnits.MWh.divisor).toBe(3.6e9)
  })
})
