import type { Command } from 'commander'
import type { CliIo } from '../io.ts'

export interface ValidateOptions {
  readonly catalog?: string
  readonly json?: boolean
}

/** `rightsize validate RUNS`: how far predictions are from measured runs. */
export function registerValidate(program: Command, io: CliIo): void {
  program
    .command('validate <runs>')
    .description('score the predictions on measured runs: speed, memory, power and energy')
    .addHelpText(
      'after',
      `
RUNS is a CSV file with the columns engine, mode, model, weights, accelerator and, as far as known, accelerators,
tp, pp, ep, attention_dp, input_tokens, output_tokens, concurrency, and the measured figures (ttft_ms, tpot_ms,
output_tokens_per_second, …). A blank cell is unknown. Models and accelerators are catalog ids or aliases.

Examples:
  rightsize validate pilots.csv
  rightsize validate pilots.csv --catalog my-catalog --json`,
    )
    .option('--catalog <dir>', 'lay your own tables over the catalog')
    .option('--json', 'print one JSON document; errors are fractions, not percents')
    .action(async (runs: string, options: ValidateOptions) => {
      const { runValidate } = await import('../run-validate.ts')
      await runValidate({ runs, options, io })
    })
}
