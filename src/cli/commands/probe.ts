import type { Command } from 'commander'
import type { CliIo } from '../io.ts'

export interface ProbeOptions {
  readonly endpoint?: string
  readonly llamaCpp?: string
  readonly model?: string
  readonly as?: string
  readonly engine?: string
  readonly weights?: string
  readonly accelerator?: string
  readonly accelerators: string
  readonly tp?: string
  readonly concurrency: string
  readonly requests: string
  readonly input: string
  readonly outputTokens: string
  readonly seconds: string
  readonly output?: string
  readonly force?: boolean
  readonly catalog?: string
  readonly json?: boolean
}

/** `rightsize probe`: what this machine, or a server, really does. */
export function registerProbe(program: Command, io: CliIo): void {
  program
    .command('probe')
    .description('measure this machine, and a short pilot on a server or a local llama.cpp')
    .addHelpText(
      'after',
      `
Without options: memory bandwidth and arithmetic of all cores, as far as JavaScript reaches them.
With --endpoint: a closed loop of a few requests at each concurrency on an OpenAI-compatible server. A key is taken
from OPENAI_API_KEY. With -o the pilot becomes rows that rightsize calibrate reads.

Examples:
  rightsize probe
  rightsize probe --endpoint http://localhost:8000 --model Qwen/Qwen3-8B --engine vllm --weights bf16 \\
    --accelerator rtx-4090 -o pilots.csv
  rightsize probe --llama-cpp model.gguf --as qwen3-8b --weights q4_k_m --accelerator m3-max -o pilots.csv`,
    )
    .option('--endpoint <url>', 'base address of an OpenAI-compatible server')
    .option('--llama-cpp <file>', 'GGUF file to run with node-llama-cpp, where that is installed')
    .option('--model <name>', 'model as the server calls it')
    .option('--as <id>', 'the same model as the catalog calls it (default: the name)')
    .option(
      '--engine <name>',
      'engine of the server: vllm, sglang, tensorrt-llm, llama.cpp, mlx, transformers',
    )
    .option('--weights <format>', 'weight format')
    .option('--accelerator <id>', 'accelerator it runs on')
    .option('--accelerators <n>', 'devices', '1')
    .option('--tp <n>', 'tensor parallelism (default: all devices)')
    .option('--concurrency <list>', 'streams at once, such as 1,4,16', '1,4')
    .option('--requests <n>', 'requests per stream', '3')
    .option('--input <tokens>', 'prompt length', '512')
    .option('--output-tokens <tokens>', 'answer length', '128')
    .option('--seconds <s>', 'time for each measurement of the machine; 0 leaves it out', '1')
    .option('-o, --output <file>', 'write the pilot as a CSV file of runs')
    .option('--force', 'replace the file')
    .option('--catalog <dir>', 'lay your own tables over the catalog')
    .option('--json', 'print one JSON document')
    .action(async (options: ProbeOptions) => {
      const { runProbe } = await import('../run-probe.ts')
      await runProbe({ options, io })
    })
}
