import type { PlanCommandOptions } from './commands/plan.ts'
import { type CliIo, exitCodes } from './io.ts'
import { loadCliCatalog } from './load-catalog.ts'
import { OptionReader } from './option-values.ts'
import { planWithProgress, readScenarioFile } from './plan-scenario.ts'
import { planFormats, planText, renderPlan } from './render-plan.ts'
import { doubtsOf } from './strict-doubts.ts'
import { refuseExisting, writeUserFile } from './write-file.ts'

const forceHint = 'choose another name, or add --force to replace it'

/** Returns the exit code: 0 where a model or a pair of two fits, 1 where nothing does. */
export async function runPlan(input: {
  scenario: string
  options: PlanCommandOptions
  io: CliIo
}): Promise<number> {
  const { options, io } = input
  const read = new OptionReader()
  const format = read.choice({
    option: '--format',
    value: options.json ? 'json' : options.format,
    allowed: planFormats,
  })
  if (options.force === true && options.out === undefined)
    read.problem('--force', 'there is no --out that it could let replace')
  read.done()
  if (options.out !== undefined && options.force !== true) refuseExisting(options.out, io, forceHint)
  const scenario = readScenarioFile(input.scenario, io)
  const catalog = await loadCliCatalog({ overlay: options.catalog, io })
  const plan = await planWithProgress({ scenario, catalog, file: input.scenario, io })
  if (options.out !== undefined) {
    writeUserFile({
      path: options.out,
      text: planText(plan),
      io,
      force: options.force === true,
      hint: forceHint,
    })
    io.stderr.write(`wrote ${options.out}\n`)
  }
  io.stdout.write(renderPlan(plan, { format, all: options.all === true }))
  const fits = plan.status === 'feasible' || plan.cascade?.status === 'feasible'
  if (!fits) return exitCodes.infeasible
  if (options.strict !== true) return exitCodes.done
  const doubts = doubtsOf(plan)
  for (const doubt of doubts) io.stderr.write(`strict: ${doubt}\n`)
  return doubts.length > 0 ? exitCodes.infeasible : exitCodes.done
}
