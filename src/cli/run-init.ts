import { RightsizeError } from '../foundation/errors.ts'
import { didYouMean } from '../foundation/suggest.ts'
import { readGivenScenario } from '../planner/scenario/read.ts'
import { resolveScenario } from '../planner/scenario/resolve.ts'
import type { InitOptions } from './commands/init.ts'
import type { CliIo } from './io.ts'
import { loadCliCatalog } from './load-catalog.ts'
import { OptionReader } from './option-values.ts'
import { defaultAnswers, type ScenarioAnswers, scenarioText } from './scenario-template.ts'
import { refuseExisting, writeUserFile } from './write-file.ts'

const existsHint = 'choose another name: init never replaces a file'

/** Writes a commented scenario that reads back without a problem. */
export async function runInit(input: { file: string; options: InitOptions; io: CliIo }): Promise<void> {
  const { file, options, io } = input
  refuseExisting(file, io, existsHint)
  const catalog = await loadCliCatalog({ overlay: options.catalog, io })
  const useCases = catalog.rows('useCases')
  const read = new OptionReader()
  const users = read.quantity({ option: '--users', value: options.users, dimension: 'count', least: 1 })
  if (options.country !== undefined && !/^[a-z]{2}$/i.test(options.country))
    read.problem('--country', `"${options.country}" is not a country code`, 'two letters, such as de')
  const useCase = useCases.find((row) => row.id === options.useCase)
  if (options.useCase !== undefined && useCase === undefined)
    read.problem(
      '--use-case',
      `unknown "${options.useCase}"`,
      didYouMean(
        options.useCase,
        useCases.map((row) => row.id),
      ) ?? `one of ${useCases.map((row) => row.id).join(', ')}`,
    )
  const dialogue = options.yes !== true && io.stdout.isTTY === true
  if (!dialogue && options.useCase === undefined)
    read.problem(
      '--use-case',
      options.yes === true
        ? '--yes asks nothing, so it is needed'
        : 'there is no terminal to ask at, so it is needed',
      `one of ${useCases.map((row) => row.id).join(', ')}`,
    )
  read.done()
  const given = {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(users === undefined ? {} : { users }),
    ...(options.country === undefined ? {} : { country: options.country.toLowerCase() }),
  }
  if (!dialogue && useCase !== undefined) {
    write(scenarioText(defaultAnswers(catalog, useCase, given), catalog))
    io.stderr.write(`wrote ${file}; next: rightsize plan ${file}\n`)
    return
  }
  const { askAnswers, canAsk, farewell } = await import('./init-dialogue.ts')
  if (!canAsk())
    throw new RightsizeError({
      code: 'arguments-invalid',
      message: 'there is no terminal to ask at',
      hint: 'give --use-case and --yes',
    })
  const answers: ScenarioAnswers = await askAnswers({
    catalog,
    given: { ...given, ...(useCase === undefined ? {} : { useCase: useCase.id }) },
  })
  write(scenarioText(answers, catalog))
  farewell(file)

  function write(text: string): void {
    // Whatever was answered, a file that cannot be read back is not written.
    const { scenario } = readGivenScenario({ text, file })
    resolveScenario({ scenario, catalog, file })
    writeUserFile({ path: file, text, io, force: false, hint: existsHint })
  }
}
