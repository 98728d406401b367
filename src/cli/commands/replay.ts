import type { Command } from 'commander'
import type { CliIo } from '../io.ts'
import type { Exit } from '../run.ts'

/** `rightsize replay PLAN`: plans a plan file's scenario again and compares the bytes. */
export function registerReplay(program: Command, io: CliIo, exit: Exit): void {
  program
    .command('replay <plan>')
    .description('plan the scenario of a plan file again: the same bytes, or what differs and why')
    .addHelpText(
      'after',
      '\nExit code 1 where it differs.\n\nExample:\n  rightsize plan scenario.yaml --out plan.json && rightsize replay plan.json',
    )
    .option('--catalog <dir>', 'lay your own tables over the catalog')
    .option('--json', 'print one JSON document')
    .action(async (file: string, options: { catalog?: string; json?: boolean }) => {
      const { runReplay } = await import('../run-replay.ts')
      exit(await runReplay({ file, options, io }))
    })
}
