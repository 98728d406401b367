import type { Command } from 'commander'
import type { CliIo } from '../io.ts'

export interface MemoryOptions {
  readonly weights?: string
  readonly kv?: string
  readonly context?: string
  readonly concurrency?: string
  readonly engine: string
  readonly tp?: string
  readonly pp?: string
  readonly ep?: string
  readonly dp?: string
  readonly accelerator?: string
  readonly adapters?: string
  readonly adapterRank?: string
  readonly memoryFraction?: string
  readonly maxSequences?: string
  readonly batchedTokens?: string
  readonly draft?: boolean
  readonly catalog?: string
  readonly json?: boolean
}

export const engines = ['vllm', 'sglang', 'tensorrt-llm', 'llama.cpp', 'generic'] as const

/** `rightsize memory MODEL`: what a model needs, and what holds it. */
export function registerMemory(program: Command, io: CliIo): void {
  program
    .command('memory <model>')
    .description(
      'memory of a model: weights, KV cache, what the engine reserves, and which accelerators hold it',
    )
    .addHelpText(
      'after',
      `
MODEL is a catalog id, a Hugging Face id, or a file: config.json, model.gguf, model.safetensors(.index.json).

Examples:
  rightsize memory llama-3.1-8b-instruct
  rightsize memory deepseek-v3 --weights fp8 --context 32k --concurrency 64 --accelerator h200-sxm-141 --tp 8
  rightsize memory ./config.json --weights int4-awq --context 8k`,
    )
    .option('--weights <format>', 'weight format (default: the format of the vendor’s files)')
    .option('--kv <format>', 'KV cache format', 'bf16')
    .option(
      '--context <tokens>',
      'input and output tokens of one sequence, such as 8k (default: 8k, or the model’s limit)',
    )
    .option('--concurrency <n>', 'sequences at once', '1')
    .option('--engine <name>', `inference engine: ${engines.join(', ')}`, 'vllm')
    .option('--accelerator <id>', 'break the memory down on this accelerator')
    .option('--tp <n>', 'tensor parallelism')
    .option('--pp <n>', 'pipeline parallelism')
    .option('--ep <n>', 'expert parallelism')
    .option('--dp <n>', 'attention data parallelism')
    .option('--adapters <n>', 'LoRA adapters kept on the device')
    .option('--adapter-rank <n>', 'their rank', '16')
    .option('--draft', 'load the multi-token-prediction module too')
    .option('--memory-fraction <fraction>', 'share of the device the engine may use (its default otherwise)')
    .option('--max-sequences <n>', 'sequences the engine is set to run at once')
    .option('--batched-tokens <n>', 'tokens of its largest forward pass')
    .option('--catalog <dir>', 'lay your own tables over the catalog')
    .option('--json', 'print one JSON document, bytes throughout')
    .action(async (model: string, options: MemoryOptions) => {
      const { runMemory } = await import('../run-memory.ts')
      await runMemory({ model, options, io })
    })
}
