import type { Command } from 'commander'
import type { CliIo } from '../io.ts'

export interface SweepOptions {
  readonly over?: string
  readonly points: string
  readonly by: string
  readonly refine: string
  readonly format: string
  readonly json?: boolean
  readonly catalog?: string
}

/** `rightsize sweep SCENARIO --over FIELD=FROM..TO`: where each choice wins, and where one overtakes another. */
export function registerSweep(program: Command, io: CliIo): void {
  program
    .command('sweep <scenario>')
    .description(
      'plan at many values of one field: the regions where each choice wins, where one overtakes another',
    )
    .addHelpText(
      'after',
      `
Examples:
  rightsize sweep scenario.yaml --over demand.users=100..100000
  rightsize sweep scenario.yaml --over 'site.electricityPrice=0.05..0.50 USD/kWh' --points 9 --format csv
  rightsize sweep scenario.yaml --over demand.users=1k..1M --by carbon`,
    )
    .option(
      '--over <field=from..to>',
      'field and range, with its unit behind it; spaced evenly in the logarithm',
    )
    .option('--points <n>', 'values of the range', '13')
    .option(
      '--by <measure>',
      'what the best is: cost (discounted), carbon, latency, or the scenario’s score',
      'cost',
    )
    .option('--refine <n>', 'times the step is halved where one way overtakes another', '3')
    .option('--format <format>', 'table, json, csv or md', 'table')
    .option('--json', 'the same as --format json')
    .option('--catalog <dir>', 'lay your own tables over the catalog')
    .action(async (scenario: string, options: SweepOptions) => {
      const { runSweep } = await import('../run-sweep.ts')
      await runSweep({ scenario, options, io })
    })
}
