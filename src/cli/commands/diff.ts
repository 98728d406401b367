import type { Command } from 'commander'
import type { CliIo } from '../io.ts'

export interface DiffOptions {
  readonly each?: boolean
  readonly all?: boolean
  readonly catalog?: string
  readonly json?: boolean
}

/** `rightsize diff A B`: what differs between two plan files, and because of which input or row. */
export function registerDiff(program: Command, io: CliIo): void {
  program
    .command('diff <before> <after>')
    .description('what changed between two plan files, and because of which input or catalog row')
    .addHelpText('after', '\nExample:\n  rightsize diff plan-march.json plan-april.json')
    .option('--each', 'plan once more for each changed field alone, to see what it does by itself')
    .option('--all', 'list figures that stay the same too')
    .option('--catalog <dir>', 'your own tables, where the plans were made with them (for --each)')
    .option('--json', 'print one JSON document')
    .action(async (before: string, after: string, options: DiffOptions) => {
      const { runDiff } = await import('../run-diff.ts')
      await runDiff({ before, after, options, io })
    })
}
