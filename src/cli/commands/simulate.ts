import type { Command } from 'commander'
import type { CliIo } from '../io.ts'
import { engines } from './memory.ts'

export interface SimulateOptions {
  readonly accelerator?: string
  readonly weights?: string
  readonly kv?: string
  readonly engine: string
  readonly tp?: string
  readonly pp?: string
  readonly ep?: string
  readonly dp?: string
  readonly rate?: string
  readonly trace?: string
  readonly concurrency?: string
  readonly burstiness?: string
  readonly input: string
  readonly output: string
  readonly prefixCache?: string
  readonly draftTokens?: string
  readonly acceptance?: string
  readonly replicas?: string
  readonly prefillReplicas?: string
  readonly decodeReplicas?: string
  readonly transfer?: string
  readonly routing: string
  readonly kvPolicy?: string
  readonly requests: string
  readonly seed: string
  readonly warmup: string
  readonly catalog?: string
  readonly json?: boolean
}

export const routings = ['least-outstanding', 'round-robin'] as const
export const kvPolicies = ['preempt', 'reserve'] as const

/** `rightsize simulate MODEL`: every request and every engine step of a load, one after the other. */
export function registerSimulate(program: Command, io: CliIo): void {
  program
    .command('simulate <model>')
    .description('discrete-event simulation of a load: percentiles of TTFT, TPOT and end-to-end latency')
    .addHelpText(
      'after',
      `
One of --rate (open loop), --concurrency (closed loop) and --trace (a CSV file with
arrival_seconds,input_tokens,output_tokens). Lengths: a number of tokens, or mean:p95 for a lognormal spread.

Disaggregated: --prefill-replicas, --decode-replicas and --transfer together. A prompt's cache stays in the prefill
pool until its decode replica has room, then crosses the link (caches pass a port in turn); its first token counts
when the cache has arrived. Percentiles are given for each pool and overall.

Examples:
  rightsize simulate llama-3.1-8b-instruct --accelerator h100-sxm-80 --rate 8/s --input 1k --output 256:600
  rightsize simulate qwen3-30b-a3b --accelerator h100-sxm-80 --weights fp8 --rate 4/s --burstiness 2 --replicas 2
  rightsize simulate llama-3.1-70b-instruct --accelerator h100-sxm-80 --tp 4 --weights fp8 --trace requests.csv
  rightsize simulate llama-3.1-8b-instruct --accelerator h100-sxm-80 --rate 10/s --input 4k --output 256 \\
    --prefill-replicas 2 --decode-replicas 1 --transfer "400 Gbit/s"`,
    )
    .requiredOption('--accelerator <id>', 'accelerator of the catalog')
    .option('--weights <format>', 'weight format (default: the format of the vendor’s files)')
    .option('--kv <format>', 'KV cache format', 'bf16')
    .option('--engine <name>', `inference engine: ${engines.join(', ')}`, 'vllm')
    .option('--tp <n>', 'tensor parallelism')
    .option('--pp <n>', 'pipeline parallelism')
    .option('--ep <n>', 'expert parallelism')
    .option('--dp <n>', 'attention data parallelism')
    .option('--rate <rate>', 'requests that arrive, such as 4/s')
    .option(
      '--burstiness <cv>',
      'coefficient of variation of the time between arrivals (default: 1, Poisson)',
    )
    .option('--concurrency <n>', 'requests in flight, each replaced when it ends')
    .option('--trace <file>', 'requests with their arrival times')
    .option('--input <tokens>', 'input tokens of a request', '1k')
    .option('--output <tokens>', 'output tokens of a request', '256')
    .option('--prefix-cache <fraction>', 'share of the input that the prefix cache serves')
    .option('--draft-tokens <n>', 'tokens a draft or MTP module proposes per step')
    .option('--acceptance <fraction>', 'chance that each proposed token is accepted')
    .option('--replicas <n>', 'replicas behind one entrance (default: 1)')
    .option('--prefill-replicas <n>', 'prefill on replicas of its own (disaggregated), instead of --replicas')
    .option('--decode-replicas <n>', 'decode replicas beside them')
    .option('--transfer <rate>', 'link of a replica to the other pool, one way, such as 400 Gbit/s')
    .option('--routing <how>', `which replica a request goes to: ${routings.join(', ')}`, 'least-outstanding')
    .option(
      '--kv-policy <how>',
      `when the KV memory runs short: ${kvPolicies.join(', ')} (default: what the engine does)`,
    )
    .option('--requests <n>', 'requests to simulate', '10k')
    .option('--seed <n>', 'seed of the random numbers: the same seed gives the same bytes', '1')
    .option('--warmup <fraction>', 'share of the requests at the start that statistics leave out', '10 %')
    .option('--catalog <dir>', 'lay your own tables over the catalog')
    .option('--json', 'print one JSON document')
    .action(async (model: string, options: SimulateOptions) => {
      const { runSimulate } = await import('../run-simulate.ts')
      await runSimulate({ model, options, io })
    })
}
