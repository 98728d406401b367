import type { Command } from 'commander'
import type { CliIo } from '../io.ts'
import { engines } from './memory.ts'

export interface SpeedOptions {
  readonly accelerator?: string
  readonly weights?: string
  readonly kv?: string
  readonly engine: string
  readonly tp?: string
  readonly pp?: string
  readonly ep?: string
  readonly dp?: string
  readonly input: string
  readonly output: string
  readonly concurrency: string
  readonly rate?: string
  readonly burstiness?: string
  readonly prefixCache?: string
  readonly draftTokens?: string
  readonly acceptance?: string
  readonly prefillReplicas?: string
  readonly decodeReplicas?: string
  readonly transfer?: string
  readonly hostLayers?: string
  readonly hostBandwidth?: string
  readonly hostCompute?: string
  readonly steady?: boolean
  readonly catalog?: string
  readonly json?: boolean
}

/** `rightsize speed MODEL`: latency and throughput of one replica, with intervals checked on unseen runs. */
export function registerSpeed(program: Command, io: CliIo): void {
  program
    .command('speed <model>')
    .description('speed of one replica: TTFT, TPOT, tokens/s, what bounds each phase, with 80 % intervals')
    .addHelpText(
      'after',
      `
Examples:
  rightsize speed llama-3.1-70b-instruct --accelerator h100-sxm-80 --tp 4 --weights fp8 --input 1024 --output 1024 --concurrency 64
  rightsize speed qwen3-8b --accelerator l4 --weights int4-awq --input 1200 --output 220 --rate 2/s`,
    )
    .requiredOption('--accelerator <id>', 'accelerator of the catalog')
    .option('--weights <format>', 'weight format (default: the format of the vendor’s files)')
    .option('--kv <format>', 'KV cache format', 'bf16')
    .option('--engine <name>', `inference engine: ${engines.join(', ')}`, 'vllm')
    .option('--tp <n>', 'tensor parallelism')
    .option('--pp <n>', 'pipeline parallelism')
    .option('--ep <n>', 'expert parallelism')
    .option('--dp <n>', 'attention data parallelism')
    .option('--input <tokens>', 'input tokens of a request', '1024')
    .option('--output <tokens>', 'output tokens of a request', '256')
    .option('--concurrency <n>', 'requests in flight (closed loop)', '1')
    .option('--rate <rate>', 'requests that arrive, such as 4/s: adds percentiles of latency (open loop)')
    .option('--burstiness <cv>', 'coefficient of variation of the time between arrivals', '1')
    .option('--prefix-cache <fraction>', 'share of the input that the prefix cache serves')
    .option('--draft-tokens <n>', 'tokens a draft or MTP module proposes per step')
    .option('--acceptance <fraction>', 'chance that each proposed token is accepted')
    .option('--prefill-replicas <n>', 'prefill on replicas of its own (disaggregated)')
    .option('--decode-replicas <n>', 'decode replicas beside them')
    .option('--transfer <rate>', 'link between them, one way, such as 400 Gbit/s')
    .option('--host-layers <fraction>', 'share of the layers that stay on the host (llama.cpp)')
    .option('--host-bandwidth <rate>', 'memory bandwidth of the host, such as 80 GB/s')
    .option('--host-compute <rate>', 'compute of the host, such as 2 TFLOP/s')
    .option('--steady', 'a service that has run for long; default: a benchmark whose requests start together')
    .option('--catalog <dir>', 'lay your own tables over the catalog')
    .option('--json', 'print one JSON document')
    .action(async (model: string, options: SpeedOptions) => {
      const { runSpeed } = await import('../run-speed.ts')
      await runSpeed({ model, options, io })
    })
}
