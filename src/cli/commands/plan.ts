import type { Command } from 'commander'
import type { CliIo } from '../io.ts'
import type { Exit } from '../run.ts'

export interface PlanOptions {
  readonly catalog?: string
  readonly json?: boolean
  readonly all?: boolean
}

/** `rightsize plan SCENARIO`: what a scenario needs and what holds it. */
export function registerPlan(program: Command, io: CliIo, exit: Exit): void {
  program
    .command('plan <scenario>')
    .description('size a scenario: which models qualify, which machines hold them, how many')
    .addHelpText('after', '\nExample:\n  rightsize plan examples/customer-care-chatbot/scenario.yaml')
    .option('--catalog <dir>', 'lay your own tables over the catalog')
    .option('--all', 'every option and every model left out')
    .option('--json', 'print one JSON document')
    .action(async (scenario: string, options: PlanOptions) => {
      const { runPlan } = await import('../run-plan.ts')
      exit(await runPlan({ scenario, options, io }))
    })
}
