import { plan } from '../planner/plan.ts'
import { changesBetween } from '../planner/plan-changes.ts'
import { checkScenario } from '../planner/scenario/read.ts'
import { withValues } from '../planner/scenario/set-path.ts'
import { changesBlocks } from './changes-blocks.ts'
import type { WhatifOptions } from './commands/whatif.ts'
import { heading, renderText } from './document.ts'
import { aloneBlocks, effectsAlone } from './each-alone.ts'
import { type CliIo, exitCodes } from './io.ts'
import { loadCliCatalog } from './load-catalog.ts'
import { OptionReader } from './option-values.ts'
import { readScenarioFile } from './plan-scenario.ts'
import { progressBar } from './progress.ts'

/** Returns the exit code: 0, or 1 where nothing fits with the new values. */
export async function runWhatif(input: {
  scenario: string
  options: WhatifOptions
  io: CliIo
}): Promise<number> {
  const { options, io } = input
  const read = new OptionReader()
  if (options.set.length === 0)
    read.problem('--set', 'is missing', 'name a field and its new value: --set demand.users=5000')
  read.done()
  const scenario = readScenarioFile(input.scenario, io)
  const changed = withValues(scenario, options.set)
  checkScenario({ value: changed, file: `${input.scenario} with --set` })
  const catalog = await loadCliCatalog({ overlay: options.catalog, io })
  const progress = progressBar({ title: 'searching', io })
  const [before, after] = await (async () => {
    try {
      const first = await plan(scenario, catalog, {
        file: input.scenario,
        onProgress: (done) => progress.show(done / 2),
      })
      const second = await plan(changed, catalog, {
        file: `${input.scenario} with --set`,
        onProgress: (done) => progress.show((1 + done) / 2),
      })
      return [first, second] as const
    } finally {
      progress.done()
    }
  })()
  const changes = changesBetween(before, after)
  const effects =
    options.each === true && options.set.length > 1
      ? await effectsAlone({
          changes: options.set.map((assignment) => ({
            field: assignment.slice(0, assignment.indexOf('=')),
            scenario: withValues(scenario, [assignment]),
          })),
          catalog,
          io,
        })
      : []
  if (options.json === true)
    io.stdout.write(
      `${JSON.stringify({ schemaVersion: 1, kind: 'rightsize-whatif', set: options.set, changes, ...(effects.length === 0 ? {} : { alone: effects }) }, null, 2)}\n`,
    )
  else
    io.stdout.write(
      renderText([
        heading(1, `${before.name}: what if`),
        ...changesBlocks(changes, {
          before: 'old',
          after: 'new',
          currency: after.finance.currency,
          all: options.all === true,
        }),
        ...(effects.length === 0 ? [] : aloneBlocks(effects, before)),
      ]),
    )
  return after.status === 'feasible' ? exitCodes.done : exitCodes.infeasible
}
