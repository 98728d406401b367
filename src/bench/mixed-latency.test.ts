import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createCatalog } from '../catalogs/catalog.ts'
import { readCatalogFolder } from '../catalogs/folder.node.ts'
import { highestCheckedLoadFraction } from '../planner/assemble/option-workloads.ts'
import { sortedQuantile } from '../simulation/summary.ts'
import { mixedCells, mixedReplicas, mixes } from './mixed-latency.ts'

const catalog = createCatalog(
  readCatalogFolder(fileURLToPath(new URL('../../catalogs', import.meta.url))).data,
)

describe('several use cases in one queue, against the simulation', () => {
  it('sees the 95th percentile of TTFT of each as the simulation does, up to 70 % of capacity', () => {
    const cells = mixedCells({
      catalog,
      replicas: mixedReplicas.slice(1),
      mixes: mixes.slice(1),
      loads: [0.3, 0.5, highestCheckedLoadFraction],
      requests: 6000,
      seeds: 2,
    })
    expect(cells).toHaveLength(2 * 3 * 3 * 2)
    const errors = cells.map((cell) => Math.abs(cell.error)).sort((a, b) => a - b)
    expect(sortedQuantile(errors, 0.5)).toBeLessThan(0.12)
    for (const cell of cells) expect(cell, JSON.stringify(cell)).toSatisfy(() => Math.abs(cell.error) < 0.25)
    // A short request waits for the long ones before it, and is still answered sooner than they are.
    for (const cell of cells.filter((entry) => entry.className === 'labels')) {
      const long = cells.find(
        (entry) =>
          entry.replica === cell.replica && entry.load === cell.load && entry.className === 'retrieval',
      )!
      expect(cell.approximatedSeconds).toBeLessThan(long.approximatedSeconds)
    }
  })
})
