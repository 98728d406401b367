/**
 * `npm run fit -- RUNS.csv [--cross-validate] [--write]`: fits the speed model on published runs.
 * `--cross-validate` prints errors with architectures, accelerators and sources left out; `--write` puts the fitted
 * factors, the interval widths and the measured points into the catalog.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createCatalog } from '../catalogs/catalog.ts'
import { readCatalogFolder } from '../catalogs/folder.node.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { crossValidate, type HeldOut, type SplitName, splits } from './cross-validation.ts'
import { type Fit, fitCoefficients, parameterSpace, residual } from './fit.ts'
import {
  byColumns,
  efficiencyColumns,
  efficiencyRows,
  measuredPointColumns,
  measuredPointRows,
  predictionErrorColumns,
  tableText,
} from './fitted-rows.ts'
import { predictionErrorRows } from './held-out-errors.ts'
import { fitProblem } from './observations.ts'
import { ourPrior } from './prior.ts'
import { readRuns } from './runs.ts'
import { errorTable } from './speed-report.ts'

const catalogs = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'catalogs')
const iterations = { full: 15, fold: 6 }
/** Folds: units with at least so many figures are left out alone. */
const foldSizes: { readonly [K in SplitName]: { aloneFrom: number; sharedFolds: number } } = {
  architecture: { aloneFrom: 20, sharedFolds: 6 },
  accelerator: { aloneFrom: 50, sharedFolds: 4 },
  source: { aloneFrom: 50, sharedFolds: 4 },
}

function run(argv: readonly string[]): void {
  const file = argv.find((argument) => !argument.startsWith('--'))
  if (file === undefined) {
    throw new RightsizeError({
      code: 'arguments-invalid',
      message: 'which runs? npm run fit -- RUNS.csv [--cross-validate] [--write]',
    })
  }
  const print = (text: string) => process.stdout.write(`${text}\n`)
  const note = (text: string) => process.stderr.write(`${text}\n`)
  // The tables that are fitted here may be missing or half-written: their own problems must not stop the fit.
  const { data } = readCatalogFolder(catalogs)
  const runs = readRuns({ text: readFileSync(file, 'utf8'), file: basename(file) })
  const problem = fitProblem({ runs, catalog: createCatalog(data) })
  print(
    `${problem.observations.length} figures of ${runs.length} runs, ${problem.skipped.length} runs skipped`,
  )
  for (const [reason, count] of reasons(problem.skipped)) print(`  ${count} × ${reason}`)
  const space = parameterSpace(problem, ourPrior)
  const shared = { problem, space, prior: ourPrior }
  const fit = fitCoefficients({ ...shared, train: () => true, iterations: iterations.full })
  const inSample = problem.observations.map((observation) => ({
    observation,
    unit: observation.architecture,
    error: residual(observation),
  }))
  for (const text of errorTable('In sample', inSample)) print(text)
  const writes = argv.includes('--write')
  if (!argv.includes('--cross-validate') && !writes) return
  const held: { [K in SplitName]?: HeldOut[] } = {}
  const folds: Fit[] = []
  for (const split of splits) {
    if (split === 'source' && !argv.includes('--cross-validate')) continue
    const result = crossValidate({
      fit: { ...shared, start: fit.parameters, iterations: iterations.fold },
      split,
      ...foldSizes[split],
      onFold: (done, all) => note(`${split}: fold ${done} of ${all}`),
    })
    held[split] = result.held
    if (split === 'architecture') folds.push(...result.fits)
    for (const text of errorTable(`New ${split}`, result.held)) print(text)
  }
  if (!writes) return
  const provenance = { source_id: 'rightsize-speed-fit', as_of: data.asOf, quality: 'estimated' } as const
  const write = (name: string, text: string) => {
    writeFileSync(join(catalogs, name), text)
    print(`wrote catalogs/${name}`)
  }
  write(
    'efficiency.csv',
    tableText(
      efficiencyRows({ fit, folds, observations: problem.observations, provenance }),
      efficiencyColumns,
    ),
  )
  const errors = [
    ...predictionErrorRows(inSample, 'measured', provenance),
    ...predictionErrorRows(held.accelerator ?? [], 'new-accelerator', provenance),
    ...predictionErrorRows(held.architecture ?? [], 'new-architecture', provenance),
  ].sort(byColumns(['metric', 'engine', 'novelty']))
  write('prediction_errors.csv', tableText(errors, predictionErrorColumns))
  write(
    'measured_points.csv',
    tableText(measuredPointRows(problem.observations, provenance), measuredPointColumns),
  )
}

function reasons(skipped: readonly { reason: string }[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)
}

try {
  run(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof RightsizeError)) throw error
  process.stderr.write(`${error.message}\n`)
  for (const issue of error.issues) process.stderr.write(`  ${issue.place}: ${issue.message}\n`)
  process.exitCode = 2
}
