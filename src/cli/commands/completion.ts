import { Argument, type Command } from 'commander'
import type { CliIo } from '../io.ts'

/** `rightsize completion SHELL`: a script made from the commands themselves. */
export function registerCompletion(program: Command, io: CliIo): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish'))
    .description('print a completion script for bash, zsh or fish; ids of models and accelerators included')
    .addHelpText(
      'after',
      `
Examples:
  source <(rightsize completion bash)
  source <(rightsize completion zsh)
  rightsize completion fish > ~/.config/fish/completions/rightsize.fish`,
    )
    .option('--catalog <dir>', 'complete ids of your own tables too')
    .action(async (shell: string, options: { catalog?: string }) => {
      const { runCompletion } = await import('../run-completion.ts')
      await runCompletion({ program, shell, options, io })
    })
}
