import { validateRuns } from '../calibration/validate.ts'
import type { ValidateOptions } from './commands/validate.ts'
import type { CliIo } from './io.ts'
import { loadCliCatalog } from './load-catalog.ts'
import { readUserFile } from './read-file.ts'
import { renderValidation } from './render-validate.ts'

export async function runValidate(input: {
  runs: string
  options: ValidateOptions
  io: CliIo
}): Promise<void> {
  const { options, io } = input
  const text = readUserFile(input.runs, io)
  const catalog = await loadCliCatalog({ overlay: options.catalog, io })
  const validation = validateRuns({ text, file: input.runs, catalog })
  io.stdout.write(options.json ? `${JSON.stringify(validation, null, 2)}\n` : renderValidation(validation))
}
