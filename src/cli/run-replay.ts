import { changesBetween, type PlanChanges } from '../planner/plan-changes.ts'
import { changesBlocks } from './changes-blocks.ts'
import { renderText } from './document.ts'
import { type CliIo, exitCodes } from './io.ts'
import { loadCliCatalog } from './load-catalog.ts'
import { readPlanFile } from './plan-file.ts'
import { planWithProgress } from './plan-scenario.ts'
import { planText } from './render-plan.ts'

export interface ReplayOptions {
  readonly catalog?: string
  readonly json?: boolean
}

/** Plans the scenario of a plan file again. Exit code 0 where the bytes are the same, 1 where they differ. */
export async function runReplay(input: { file: string; options: ReplayOptions; io: CliIo }): Promise<number> {
  const { file, options, io } = input
  const kept = readPlanFile(file, io)
  const catalog = await loadCliCatalog({ overlay: options.catalog, io })
  const again = await planWithProgress({ scenario: kept.plan.scenario, catalog, file, io })
  const same = planText(again) === kept.text
  const changes = same ? undefined : changesBetween(kept.plan, again)
  if (options.json === true)
    io.stdout.write(
      `${JSON.stringify({ schemaVersion: 1, kind: 'rightsize-replay', same, ...(changes === undefined ? {} : { changes }) }, null, 2)}\n`,
    )
  else if (changes === undefined)
    io.stdout.write(
      `${file}: the same bytes again, with catalog ${again.catalog.version} ${again.catalog.hash}\n`,
    )
  else
    io.stdout.write(
      `${file}: planned again, it differs\n\n${reasonText(changes)}\n${renderText(changesBlocks(changes, { before: 'in the file', after: 'now', currency: again.finance.currency }))}`,
    )
  return same ? exitCodes.done : exitCodes.infeasible
}

/** A plan can differ without a changed row or field: the program itself may have changed, or the file was edited. */
function reasonText(changes: PlanChanges): string {
  if (!changes.catalog.same)
    return `The catalog is another one: ${changes.catalog.from} then, ${changes.catalog.to} now.\n`
  return 'The catalog is the same: the file was edited, or another version of rightsize wrote it.\n'
}
