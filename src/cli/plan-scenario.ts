import type { Catalog } from '../catalogs/catalog.ts'
import { plan } from '../planner/plan.ts'
import type { Plan } from '../planner/plan-types.ts'
import { readGivenScenario } from '../planner/scenario/read.ts'
import type { ScenarioInput } from '../planner/scenario/schema.ts'
import type { CliIo } from './io.ts'
import { progressBar } from './progress.ts'
import { readUserFile } from './read-file.ts'

/** The scenario of a file, checked, as the user wrote it. */
export function readScenarioFile(path: string, io: CliIo): ScenarioInput {
  return readGivenScenario({ text: readUserFile(path, io), file: path }).given
}

/** A plan with its progress on stderr. */
export async function planWithProgress(input: {
  scenario: ScenarioInput
  catalog: Catalog
  file: string
  io: CliIo
}): Promise<Plan> {
  const progress = progressBar({ title: 'searching', io: input.io })
  try {
    return await plan(input.scenario, input.catalog, {
      file: input.file,
      onProgress: (fraction) => progress.show(fraction),
    })
  } finally {
    progress.done()
  }
}
