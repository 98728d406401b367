import type { Command } from 'commander'
import type { CliIo } from '../io.ts'
import type { Exit } from '../run.ts'

export interface PlanCommandOptions {
  readonly format: string
  readonly json?: boolean
  readonly out?: string
  readonly force?: boolean
  readonly all?: boolean
  readonly strict?: boolean
  readonly replay?: boolean
  readonly catalog?: string
}

/** `rightsize plan SCENARIO`: searches everything the scenario allows, chooses, and says why. */
export function registerPlan(program: Command, io: CliIo, exit: Exit): void {
  program
    .command('plan <scenario>')
    .description(
      'size a scenario: model, machines, place and price; the shortlist, why it won, what else is near',
    )
    .addHelpText(
      'after',
      `
Exit code 1 where nothing fits.

Examples:
  rightsize plan examples/customer-care-chatbot/scenario.yaml
  rightsize plan scenario.yaml --format md > plan.md
  rightsize plan scenario.yaml --out plan.json      # replays later to the same bytes: rightsize replay plan.json`,
    )
    .option('--format <format>', 'table, json, csv or md', 'table')
    .option('--json', 'the same as --format json')
    .option('--out <file>', 'write the plan file as well (JSON, its schema is published)')
    .option('--force', 'let --out replace a file')
    .option('--all', 'every listed option in full, every model left out, every cost line')
    .option(
      '--strict',
      'exit 1 also where the recommendation rests on a warning, on a speed that nothing measured supports, or on a limit of the scenario that nobody can check',
    )
    .option('--replay', 'the argument is a plan file: plan it again and compare the bytes')
    .option('--catalog <dir>', 'lay your own tables over the catalog')
    .action(async (scenario: string, options: PlanCommandOptions) => {
      if (options.replay === true) {
        const { runReplay } = await import('../run-replay.ts')
        exit(await runReplay({ file: scenario, options, io }))
        return
      }
      const { runPlan } = await import('../run-plan.ts')
      exit(await runPlan({ scenario, options, io }))
    })
}
