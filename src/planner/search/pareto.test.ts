import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { paretoFront } from './pareto.ts'

type Point = readonly [number, number, number, number]

const figures = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(Number.NaN))
const points = fc.array(fc.tuple(figures, figures, figures, figures), { maxLength: 60 })

function columns(rows: readonly Point[]) {
  const column = (index: number) => Float64Array.from(rows.map((row) => row[index]!))
  return { size: rows.length, first: column(0), second: column(1), third: column(2), quality: column(3) }
}

/** The definition, word for word. */
function bruteForce(rows: readonly Point[]): number[] {
  const bad = (value: number) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value)
  const costs = rows.map((row) => [
    bad(row[0]),
    bad(row[1]),
    bad(row[2]),
    -(Number.isNaN(row[3]) ? -1 : row[3]),
  ])
  const beats = (a: readonly number[], b: readonly number[]) =>
    a.every((value, index) => value <= b[index]!) && a.some((value, index) => value < b[index]!)
  return costs.flatMap((cost, index) =>
    Number.isNaN(rows[index]![0]) || costs.some((other) => beats(other, cost)) ? [] : [index],
  )
}

describe('paretoFront', () => {
  it('is the set that nothing beats, as comparing all pairs finds it', () => {
    fc.assert(
      fc.property(points, (rows) => {
        expect([...paretoFront(columns(rows))].sort((a, b) => a - b)).toEqual(bruteForce(rows))
      }),
      { numRuns: 500 },
    )
  })

  it('lists the cheapest first', () => {
    const rows: Point[] = [
      [3, 1, 1, 1],
      [1, 3, 1, 1],
      [2, 2, 1, 1],
    ]
    expect(paretoFront(columns(rows))).toEqual([1, 2, 0])
  })
})
