/**
 * `npm run fit:power -- RUNS.csv [--cross-validate] [--write]`: fits board power (and a step time that goes with it)
 * on published runs. `--cross-validate` prints errors on models and accelerators left out, with that step time and
 * with the speed model's, which plans use and which is fitted without the model as well (two minutes). `--write` puts
 * the fitted rows into `catalogs/power_model.csv`, intervals of the second kind, and leaves other rows as they are.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createCatalog } from '../catalogs/catalog.ts'
import { readTable, throwIssues } from '../catalogs/csv.ts'
import { readCatalogFolder } from '../catalogs/folder.node.ts'
import { powerModelTable } from '../catalogs/schema/power.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { crossValidate, fitPower } from './fit-power.ts'
import {
  fittedIntervals,
  newAcceleratorCoverageLines,
  newAcceleratorIntervals,
  reportLines,
} from './power-report.ts'
import { fittedRows, powerTableText, runsByAccelerator } from './power-rows.ts'
import { readPowerRuns } from './power-runs.ts'
import { heldOutStepSeconds } from './power-speed.ts'

const catalogs = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'catalogs')

function run(argv: readonly string[]): void {
  const file = argv.find((argument) => !argument.startsWith('--'))
  if (file === undefined) {
    throw new RightsizeError({
      code: 'arguments-invalid',
      message: 'which runs? npm run fit:power -- RUNS.csv [--cross-validate] [--write]',
    })
  }
  // The table that is fitted here may be half-written: its own problems must not stop the fit.
  const { data } = readCatalogFolder(catalogs)
  const text = readFileSync(file, 'utf8')
  const catalog = createCatalog(data)
  const runs = readPowerRuns({ text, catalog })
  const fit = fitPower(runs)
  const print = (line: string) => process.stdout.write(`${line}\n`)
  print(`${runs.length} runs with energy per output token`)
  print(JSON.stringify(fit, null, 2))
  if (!argv.includes('--cross-validate') && !argv.includes('--write')) return
  const byModel = crossValidate(runs, (entry) => entry.modelGroup)
  for (const line of reportLines('Leave one model out, step time fitted with power', runs, byModel))
    print(line)
  const steps = heldOutStepSeconds({ text, file: basename(file), catalog, powerRuns: runs })
  const asPlanned = crossValidate(
    runs,
    (entry) => entry.modelGroup,
    (entry) => steps.get(entry.id),
  )
  const known = runs.filter((entry) => steps.has(entry.id)).length
  const title = `Leave one model out, step time of the speed model (${known} of ${runs.length} runs)`
  for (const line of reportLines(title, runs, asPlanned)) print(line)
  const byAccelerator = crossValidate(runs, (entry) => entry.accelerator)
  if (argv.includes('--cross-validate')) {
    for (const line of reportLines('Leave one accelerator out', runs, byAccelerator)) print(line)
    for (const line of newAcceleratorCoverageLines(runs, byAccelerator)) print(line)
  }
  if (argv.includes('--write')) {
    const table = join(catalogs, powerModelTable.file)
    const read = readTable({ table: powerModelTable, text: readFileSync(table, 'utf8'), file: table })
    throwIssues(read.issues)
    const rows = fittedRows({
      kept: read.rows.map(({ row }) => row),
      fit,
      validation: byModel,
      intervals: [...fittedIntervals(runs, asPlanned), ...newAcceleratorIntervals(runs, byAccelerator)],
      measured: runsByAccelerator(runs),
      runs: runs.length,
      asOf: data.asOf,
    })
    writeFileSync(table, powerTableText(rows))
    print(`wrote ${table}`)
  }
}

try {
  run(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof RightsizeError)) throw error
  process.stderr.write(`${error.message}\n`)
  for (const issue of error.issues) process.stderr.write(`  ${issue.place}: ${issue.message}\n`)
  process.exitCode = 2
}
