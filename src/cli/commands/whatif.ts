import type { Command } from 'commander'
import type { CliIo } from '../io.ts'
import type { Exit } from '../run.ts'

export interface WhatifOptions {
  readonly set: readonly string[]
  readonly each?: boolean
  readonly all?: boolean
  readonly catalog?: string
  readonly json?: boolean
}

/** `rightsize whatif SCENARIO --set PATH=VALUE`: the plan with other values, line by line against the first. */
export function registerWhatif(program: Command, io: CliIo, exit: Exit): void {
  program
    .command('whatif <scenario>')
    .description('change fields of a scenario and see the difference line by line: old, new, change')
    .addHelpText(
      'after',
      `
Exit code 1 where nothing fits with the new values.

Examples:
  rightsize whatif scenario.yaml --set demand.users=5000
  rightsize whatif scenario.yaml --set 'site.electricityPrice=0.25 USD/kWh' --set places.0.country=fr --each
  rightsize whatif scenario.yaml --set constraints.capex=      # without this limit`,
    )
    .option(
      '--set <path=value>',
      'a field and its new value, YAML (repeatable; empty takes it away)',
      (value: string, previous: readonly string[]) => [...previous, value],
      [],
    )
    .option('--each', 'show what each field does alone as well')
    .option('--all', 'list figures that stay the same too')
    .option('--catalog <dir>', 'lay your own tables over the catalog')
    .option('--json', 'print one JSON document')
    .action(async (scenario: string, options: WhatifOptions) => {
      const { runWhatif } = await import('../run-whatif.ts')
      exit(await runWhatif({ scenario, options, io }))
    })
}
