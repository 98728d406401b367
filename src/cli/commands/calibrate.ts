import type { Command } from 'commander'
import type { CliIo } from '../io.ts'

export interface CalibrateOptions {
  readonly output: string
  readonly force?: boolean
  readonly model?: string
  readonly accelerator?: string
  readonly accelerators?: string
  readonly engine?: string
  readonly engineVersion?: string
  readonly weights?: string
  readonly kv?: string
  readonly tp?: string
  readonly pp?: string
  readonly ep?: string
  readonly dp?: string
  readonly catalog?: string
  readonly json?: boolean
}

/** `rightsize calibrate RUNS… -o DIR`: factors of your own deployments from your own pilots. */
export function registerCalibrate(program: Command, io: CliIo): void {
  program
    .command('calibrate <files...>')
    .description('fit the speed model to your own pilots and write an overlay folder for --catalog')
    .addHelpText(
      'after',
      `
FILES are CSV files of runs (see rightsize validate), results of vllm bench serve, guidellm reports, or llama-bench
output as JSON, JSON lines, CSV or Markdown; each is told apart by its content. Options say what a file does not.
Five to ten runs are enough: they start from the shipped factors and move only what they contradict.

Examples:
  rightsize calibrate pilots.csv -o my-catalog
  rightsize calibrate result.json -o my-catalog --model qwen3-32b --accelerator h100-sxm-80 --tp 2 --weights fp8
  rightsize plan scenario.yaml --catalog my-catalog`,
    )
    .requiredOption('-o, --output <dir>', 'folder to write')
    .option('--force', 'replace the tables of an existing folder')
    .option('--model <id>', 'model of runs that do not name one the catalog knows')
    .option('--accelerator <id>', 'accelerator')
    .option('--accelerators <n>', 'devices in all')
    .option('--engine <name>', 'engine: vllm, sglang, tensorrt-llm, llama.cpp, mlx, transformers')
    .option('--engine-version <version>', 'its version')
    .option('--weights <format>', 'weight format')
    .option('--kv <format>', 'KV cache format')
    .option('--tp <n>', 'tensor parallelism')
    .option('--pp <n>', 'pipeline parallelism')
    .option('--ep <n>', 'expert parallelism')
    .option('--dp <n>', 'attention data parallelism')
    .option('--catalog <dir>', 'lay your own tables over the catalog first')
    .option('--json', 'print one JSON document')
    .action(async (files: string[], options: CalibrateOptions) => {
      const { runCalibrate } = await import('../run-calibrate.ts')
      await runCalibrate({ files, options, io })
    })
}
