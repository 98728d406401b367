import { availableParallelism, cpus, totalmem } from 'node:os'
import { resolve } from 'node:path'
import { tableText } from '../calibration/fitted-rows.ts'
import type { BareRun } from '../calibration/readers/stated-facts.ts'
import { withoutBlanks } from '../calibration/readers/stated-facts.ts'
import type { ProbeOptions } from './commands/probe.ts'
import type { CliIo } from './io.ts'
import { loadCliCatalog } from './load-catalog.ts'
import { OptionReader } from './option-values.ts'
import { type EndpointPilot, measureLevel, type PilotLevel } from './probe/endpoint-pilot.ts'
import { type KernelRates, kernelRates } from './probe/kernels.ts'
import { type LlamaCppResult, measureLlamaCpp } from './probe/llama-cpp-pilot.ts'
import { renderProbe } from './render-probe.ts'
import { refuseExisting, writeUserFile } from './write-file.ts'

export interface ProbeAnswer {
  readonly machine: { readonly processor: string; readonly cores: number; readonly memoryBytes: number }
  readonly kernels: KernelRates | undefined
  readonly levels: readonly PilotLevel[]
  readonly llamaCpp: LlamaCppResult | undefined
  /** Rows for `rightsize calibrate`. */
  readonly runs: readonly BareRun[]
  readonly written: string | undefined
}

const hint = 'choose another file, or add --force'
const requestTimeoutMilliseconds = 300_000

export async function runProbe(input: { options: ProbeOptions; io: CliIo }): Promise<void> {
  const { options, io } = input
  const settings = await readSettings(options, io)
  if (options.output !== undefined && options.force !== true) refuseExisting(options.output, io, hint)
  const kernels =
    settings.seconds === 0 ? undefined : await kernelRates({ milliseconds: settings.seconds * 1000 })
  const levels: PilotLevel[] = []
  if (settings.pilot !== undefined) {
    for (const concurrency of settings.concurrencies) {
      io.stderr.write(`pilot with ${concurrency} at once …\n`)
      levels.push(await measureLevel(settings.pilot, concurrency))
    }
  }
  const llamaCpp =
    options.llamaCpp === undefined
      ? undefined
      : await measureLlamaCpp({
          modelPath: resolve(io.cwd, options.llamaCpp),
          inputTokens: settings.inputTokens,
          outputTokens: settings.outputTokens,
        })
  const runs = [
    ...levels.map((level) => endpointRun(level, settings.facts)),
    ...(llamaCpp === undefined ? [] : llamaCppRuns(llamaCpp, settings.facts)),
  ]
  const written = options.output !== undefined && runs.length > 0 ? options.output : undefined
  if (written !== undefined) {
    writeUserFile({ path: written, text: tableText(runs, columns), io, force: options.force === true, hint })
  }
  const answer: ProbeAnswer = { machine: machine(), kernels, levels, llamaCpp, runs, written }
  io.stdout.write(options.json ? `${JSON.stringify(answer, null, 2)}\n` : renderProbe(answer))
}

type Facts = Pick<BareRun, 'engine' | 'model' | 'weights' | 'accelerator' | 'accelerators' | 'tp'>

interface Settings {
  readonly seconds: number
  readonly concurrencies: readonly number[]
  readonly inputTokens: number
  readonly outputTokens: number
  readonly pilot: EndpointPilot | undefined
  readonly facts: Facts
}

async function readSettings(options: ProbeOptions, io: CliIo): Promise<Settings> {
  const read = new OptionReader()
  const whole = (option: string, value: string, most: number) =>
    read.whole({ option, value, least: 1, most }) ?? 1
  const seconds = Number(options.seconds)
  if (!(seconds >= 0 && seconds <= 60))
    read.problem('--seconds', `"${options.seconds}" is not a number of 0 to 60`)
  const concurrencies = options.concurrency
    .split(',')
    .map((part) => whole('--concurrency', part.trim(), 1024))
  const requestsPerStream = whole('--requests', options.requests, 1000)
  const inputTokens = whole('--input', options.input, 1_000_000)
  const outputTokens = whole('--output-tokens', options.outputTokens, 100_000)
  const accelerators = whole('--accelerators', options.accelerators, 100_000)
  const tp = options.tp === undefined ? accelerators : whole('--tp', options.tp, 1024)
  if (options.endpoint !== undefined) {
    if (!/^https?:\/\//.test(options.endpoint)) read.problem('--endpoint', 'is not an http address')
    if (options.model === undefined) read.problem('--model', 'is needed with --endpoint')
  }
  const name = options.as ?? options.model
  const piloted = options.endpoint !== undefined || options.llamaCpp !== undefined
  if (options.output !== undefined) {
    // Rows that calibrate cannot read help nobody.
    if (!piloted) read.problem('-o', 'needs --endpoint or --llama-cpp: only pilots become runs')
    if (options.endpoint !== undefined && options.engine === undefined)
      read.problem('--engine', 'is needed with -o')
    for (const option of ['weights', 'accelerator'] as const) {
      if (options[option] === undefined) read.problem(`--${option}`, 'is needed with -o')
    }
    if (name === undefined) read.problem('--as', 'is needed with -o')
    const catalog = await loadCliCatalog({ overlay: options.catalog, io })
    const { weights, accelerator } = options
    if (name !== undefined) read.lookup('--as', () => catalog.model(name))
    if (weights !== undefined) read.lookup('--weights', () => catalog.weightFormat(weights))
    if (accelerator !== undefined) read.lookup('--accelerator', () => catalog.accelerator(accelerator))
  }
  read.done()
  const { endpoint, model } = options
  return {
    seconds,
    concurrencies,
    inputTokens,
    outputTokens,
    pilot:
      endpoint === undefined || model === undefined
        ? undefined
        : {
            endpoint,
            model,
            apiKey: io.env['OPENAI_API_KEY'],
            inputTokens,
            outputTokens,
            requestsPerStream,
            timeoutMilliseconds: requestTimeoutMilliseconds,
          },
    facts: withoutBlanks({
      engine: options.engine,
      model: name,
      weights: options.weights,
      accelerator: options.accelerator,
      accelerators,
      tp,
    }),
  }
}

const columns = [
  'engine',
  'mode',
  'model',
  'weights',
  'accelerator',
  'accelerators',
  'tp',
  'input_tokens',
  'output_tokens',
  'concurrency',
  'num_requests',
  'tpot_statistic',
  'ttft_ms',
  'tpot_ms',
  'output_tokens_per_second',
  'requests_per_second',
  'prefill_tokens_per_second',
  'decode_tokens_per_second',
  'note',
] as const satisfies readonly (keyof BareRun)[]

function endpointRun(level: PilotLevel, facts: Facts): BareRun {
  return withoutBlanks({
    ...facts,
    mode: 'serving',
    input_tokens: level.inputTokens,
    output_tokens: level.outputTokens,
    concurrency: level.concurrency,
    num_requests: level.requests,
    tpot_statistic: 'mean',
    ttft_ms: level.ttftMs,
    tpot_ms: level.tpotMs,
    output_tokens_per_second: level.outputTokensPerSecond,
    requests_per_second: level.requestsPerSecond,
    note: level.countedPieces ? 'rightsize probe; output counted in pieces of the stream' : 'rightsize probe',
  })
}

function llamaCppRuns(result: LlamaCppResult, facts: Facts): BareRun[] {
  const shared = { ...facts, engine: 'llama.cpp', mode: 'single-stream', concurrency: 1 }
  const note = `rightsize probe; node-llama-cpp on ${result.backend}`
  return [
    {
      ...shared,
      input_tokens: result.inputTokens,
      prefill_tokens_per_second: result.prefillTokensPerSecond,
      note,
    },
    {
      ...shared,
      input_tokens: result.inputTokens,
      output_tokens: result.outputTokens,
      decode_tokens_per_second: result.decodeTokensPerSecond,
      note,
    },
  ]
}

function machine(): ProbeAnswer['machine'] {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
  }
}
