import type { Command } from 'commander'
import type { CliIo } from '../io.ts'

export interface InitOptions {
  readonly useCase?: string
  readonly yes?: boolean
  readonly name?: string
  readonly users?: string
  readonly country?: string
  readonly catalog?: string
}

/** `rightsize init [FILE]`: five steps of questions, and a commented scenario. */
export function registerInit(program: Command, io: CliIo): void {
  program
    .command('init [file]')
    .description(
      'write a commented scenario: a short dialogue in five steps, or --use-case without questions',
    )
    .addHelpText(
      'after',
      `
FILE is scenario.yaml where none is given; a file that exists is never replaced.

Examples:
  rightsize init
  rightsize init chatbot.yaml --use-case customer-care-chatbot --users 2000 --country de --yes
  rightsize catalog use-cases`,
    )
    .option('--use-case <id>', 'profile of the catalog that supplies what is not asked')
    .option('--yes', 'ask nothing, take the defaults (needs --use-case)')
    .option('--name <title>', 'title of the case')
    .option('--users <n>', 'people who have access')
    .option('--country <code>', 'country of your own site, such as de')
    .option('--catalog <dir>', 'lay your own tables over the catalog')
    .action(async (file: string | undefined, options: InitOptions) => {
      const { runInit } = await import('../run-init.ts')
      await runInit({ file: file ?? 'scenario.yaml', options, io })
    })
}
