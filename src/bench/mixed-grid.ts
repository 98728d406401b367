/**
 * How well the search's closed form for several use cases in one queue meets the simulation: p95 TTFT of each class over
 * mixes, replicas and Poisson loads. Prints one line a cell.
 *
 *   node dist/bench/mixed-grid.js [--quick]
 */
import { fileURLToPath } from 'node:url'
import { createCatalog } from '../catalogs/catalog.ts'
import { loadCatalogFolder } from '../catalogs/folder.node.ts'
import { sortedQuantile } from '../simulation/summary.ts'
import { mixedCells, mixedReplicas, mixes } from './mixed-latency.ts'

const quick = process.argv.includes('--quick')
const catalog = createCatalog(loadCatalogFolder(fileURLToPath(new URL('../../catalogs', import.meta.url))))
const agreement = 0.15
const print = (text: string) => process.stdout.write(`${text}\n`)

const cells = mixedCells({
  catalog,
  replicas: mixedReplicas,
  mixes,
  loads: [0.3, 0.5, 0.7, 0.8, 0.9],
  requests: quick ? 10_000 : 40_000,
  seeds: quick ? 2 : 5,
})
for (const cell of cells)
  print(
    `${Math.abs(cell.error) <= agreement ? ' ' : '!'} ${cell.replica.padEnd(38)} ${cell.mix.padEnd(28)} load ${cell.load}  ${cell.className.padEnd(10)} simulated ${cell.simulatedSeconds.toFixed(3).padStart(8)}  approximated ${cell.approximatedSeconds.toFixed(3).padStart(8)}  ${(100 * cell.error).toFixed(1).padStart(6)} %`,
  )
const errors = cells.map((cell) => Math.abs(cell.error)).sort((a, b) => a - b)
print(
  `${cells.length} cells, ${errors.filter((error) => error <= agreement).length} within ${100 * agreement} %, median ${(100 * sortedQuantile(errors, 0.5)).toFixed(1)} %, worst ${(100 * errors.at(-1)!).toFixed(1)} %`,
)
