import type { Command } from 'commander'
import type { CliIo } from '../io.ts'

export interface ExplainOptions {
  readonly option: string
  readonly format: string
  readonly json?: boolean
  readonly catalog?: string
}

/** `rightsize explain SCENARIO --option N`: every figure of an option back to formulas, values, rows, sources. */
export function registerExplain(program: Command, io: CliIo): void {
  program
    .command('explain <scenario>')
    .description(
      'every figure of one option back to its formula, its inputs, the catalog rows and their sources',
    )
    .addHelpText(
      'after',
      `
Examples:
  rightsize explain scenario.yaml --option 2
  rightsize explain scenario.yaml --option cheapest --format md`,
    )
    .option(
      '--option <option>',
      'rank, role (cheapest, greenest, fastest, balanced) or id of the option; of a cascade’s pair: cheapest.small, cheapest.large',
      'balanced',
    )
    .option('--format <format>', 'table, json or md', 'table')
    .option('--json', 'the same as --format json')
    .option('--catalog <dir>', 'lay your own tables over the catalog')
    .action(async (scenario: string, options: ExplainOptions) => {
      const { runExplain } = await import('../run-explain.ts')
      await runExplain({ scenario, options, io })
    })
}
