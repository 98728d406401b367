/**
 * `node dist/calibration/calibrate-study.node.js RUNS.csv [--draws 20] [--given 5]`: how much five random runs of a new
 * architecture help. Fits the speed model without the architecture, calibrates with the runs of one accelerator and
 * engine, scores the other runs.
 */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createCatalog } from '../catalogs/catalog.ts'
import { readCatalogFolder } from '../catalogs/folder.node.ts'
import { percent } from '../foundation/units.ts'
import { type StudyLine, studyDraw, studyGroups, studyTable } from './calibrate-study.ts'
import { crossValidate } from './cross-validation.ts'
import { fitCoefficients, parameterSpace } from './fit.ts'
import { fitProblem } from './observations.ts'
import { ourPrior } from './prior.ts'
import { readRuns } from './runs.ts'

/** As in the fit's own cross-validation. */
const iterations = { full: 15, fold: 6 }
const foldSizes = { aloneFrom: 20, sharedFolds: 6 }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { draws: { type: 'string', default: '20' }, given: { type: 'string', default: '5' } },
})
const [file] = positionals
if (file === undefined) {
  process.stderr.write('which runs? calibrate-study RUNS.csv [--draws 20] [--given 5]\n')
  process.exitCode = 2
} else study(file)

function study(path: string): void {
  const note = (text: string) => process.stderr.write(`${text}\n`)
  const catalog = createCatalog(
    readCatalogFolder(fileURLToPath(new URL('../../catalogs', import.meta.url))).data,
  )
  const runs = readRuns({ text: readFileSync(path, 'utf8'), file: basename(path) })
  const problem = fitProblem({ runs, catalog })
  const space = parameterSpace(problem, ourPrior)
  const shared = { problem, space, prior: ourPrior }
  const fit = fitCoefficients({ ...shared, train: () => true, iterations: iterations.full })
  const { fits } = crossValidate({
    fit: { ...shared, start: fit.parameters, iterations: iterations.fold },
    split: 'architecture',
    ...foldSizes,
    onFold: (done, all) => note(`without the architectures of fold ${done} of ${all}`),
  })
  const given = Number(values.given)
  const groups = studyGroups({ problem, space, fits, foldSizes, runs, catalog, given })
  const draws = Array.from({ length: Number(values.draws) }, (_, seed) =>
    studyDraw({ groups, catalog, given, seed }),
  )
  for (const line of lines(studyTable(draws), { given, draws: draws.length }))
    process.stdout.write(`${line}\n`)
}

function lines(table: readonly StudyLine[], input: { given: number; draws: number }): string[] {
  const shown = (fraction: number) => (fraction / percent).toFixed(1)
  return [
    `Median error of the other runs, architecture left out of the fit, ${input.given} runs given (median of ${input.draws} draws)`,
    '| metric | figures | groups | before % | after % | median group before % | after % | in 80 % interval |',
    '|---|---|---|---|---|---|---|---|',
    ...table.map(
      (row) =>
        `| ${row.metric} | ${row.figures} | ${row.groups} | ${shown(row.before)} | ${shown(row.after)} | ${shown(row.groupBefore)} | ${shown(row.groupAfter)} | ${shown(row.coverageFraction)} |`,
    ),
  ]
}
