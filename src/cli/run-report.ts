import { resolve } from 'node:path'
import type { Catalog } from '../catalogs/catalog.ts'
import { formatBytesDecimal } from '../foundation/format.ts'
import type { Plan } from '../planner/plan-types.ts'
import { checkOutputFolder } from '../report/output-folder.node.ts'
import { reportLocales } from '../report/report-document.ts'
import { type ReportFormat, reportFormats, writeReport } from '../report/write.node.ts'
import type { ReportCommandOptions } from './commands/report.ts'
import { type CliIo, exitCodes } from './io.ts'
import { loadCliCatalog } from './load-catalog.ts'
import { OptionReader } from './option-values.ts'
import { readPlanFile } from './plan-file.ts'
import { planWithProgress, readScenarioFile } from './plan-scenario.ts'

/** Returns the exit code: 0 where something fits, 1 where nothing does (the report is written all the same). */
export async function runReport(input: {
  scenario: string
  options: ReportCommandOptions
  io: CliIo
}): Promise<number> {
  const { options, io } = input
  const read = new OptionReader()
  const locale = read.choice({ option: '--locale', value: options.locale, allowed: reportLocales })
  const formats = readFormats(read, options.format)
  read.done()
  const outDir = resolve(io.cwd, options.out)
  const force = options.force === true
  checkOutputFolder(outDir, { force, name: options.out })
  const catalog = await loadCliCatalog({ overlay: options.catalog, io })
  const plan = await planOf({ path: input.scenario, catalog, io })
  const { files, noPictures } = await writeReport({
    plan,
    catalog,
    outDir,
    outName: options.out,
    formats,
    force,
    locale,
    ...(options.template === undefined ? {} : { template: resolve(io.cwd, options.template) }),
  })
  for (const file of files)
    io.stdout.write(`${options.out.replace(/\/+$/, '')}/${file.name}  ${formatBytesDecimal(file.bytes)}\n`)
  if (noPictures !== undefined)
    io.stderr.write(`no chart pictures, tables stand in their place: ${noPictures}\n`)
  return plan.status === 'infeasible' ? exitCodes.infeasible : exitCodes.done
}

function readFormats(read: OptionReader, text: string): ReportFormat[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (names.length === 0) read.problem('--format', 'names no format', `some of ${reportFormats.join(', ')}`)
  return names.map((value) => read.choice({ option: '--format', value, allowed: reportFormats }))
}

/** A plan file is taken as it is; a scenario is planned. */
async function planOf(input: { path: string; catalog: Catalog; io: CliIo }): Promise<Plan> {
  const { path, catalog, io } = input
  if (path.toLowerCase().endsWith('.json')) return readPlanFile(path, io).plan
  const scenario = readScenarioFile(path, io)
  return await planWithProgress({ scenario, catalog, file: path, io })
}
