import { readTrace } from '../simulation/trace.ts'
import { type LengthDistribution, lognormalSpread, type Traffic } from '../simulation/traffic.ts'
import type { SimulateOptions } from './commands/simulate.ts'
import type { CliIo } from './io.ts'
import type { OptionReader } from './option-values.ts'
import { readUserFile } from './read-file.ts'

/** `1k`, or `mean:p95` such as `256:600` for a lognormal spread. */
function readLength(
  read: OptionReader,
  input: { option: string; value: string },
): LengthDistribution | undefined {
  const [first = '', second, ...more] = input.value.split(':')
  const tokens = (value: string) =>
    read.quantity({
      option: input.option,
      value: value.trim(),
      dimension: 'tokens',
      least: 1,
      most: 10_000_000,
    })
  const mean = tokens(first)
  if (second === undefined)
    return mean === undefined ? undefined : { kind: 'fixed', tokens: Math.round(mean) }
  const p95 = tokens(second)
  if (more.length > 0) read.problem(input.option, `"${input.value}" is neither a number nor mean:p95`)
  if (mean === undefined || p95 === undefined) return undefined
  if (p95 === mean) return { kind: 'fixed', tokens: Math.round(mean) }
  const distribution = { kind: 'lognormal', meanTokens: mean, p95Tokens: p95 } as const
  try {
    lognormalSpread(distribution)
    return distribution
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    read.problem(input.option, `${input.value}: ${error.message}`)
    return undefined
  }
}

/** When requests come and how long they are: exactly one of rate, concurrency and trace. */
export function readTraffic(input: { read: OptionReader; options: SimulateOptions; io: CliIo }): {
  traffic: Traffic | undefined
  lengths: { input: LengthDistribution; output: LengthDistribution } | undefined
} {
  const { read, options, io } = input
  const given = [options.rate, options.concurrency, options.trace].filter((value) => value !== undefined)
  if (given.length !== 1) {
    read.problem(
      '--rate',
      given.length === 0
        ? 'say what load: --rate, --concurrency or --trace'
        : 'only one of --rate, --concurrency and --trace',
    )
  }
  if (options.burstiness !== undefined && options.rate === undefined)
    read.problem('--burstiness', 'belongs to --rate')
  if (options.trace !== undefined && given.length === 1) {
    const requests = readTrace({ text: readUserFile(options.trace, io), file: options.trace })
    return {
      traffic: { kind: 'trace', requests },
      lengths: {
        input: { kind: 'empirical', tokens: requests.map((request) => request.inputTokens) },
        output: { kind: 'empirical', tokens: requests.map((request) => request.outputTokens) },
      },
    }
  }
  const inputLength = readLength(read, { option: '--input', value: options.input })
  const outputLength = readLength(read, { option: '--output', value: options.output })
  const concurrency = read.whole({
    option: '--concurrency',
    value: options.concurrency,
    least: 1,
    most: 1_000_000,
  })
  const ratePerSecond = read.quantity({ option: '--rate', value: options.rate, dimension: 'perSecond' })
  if (ratePerSecond !== undefined && ratePerSecond <= 0) read.problem('--rate', 'must be above 0')
  const burstiness =
    read.quantity({
      option: '--burstiness',
      value: options.burstiness,
      dimension: 'count',
      least: 0.1,
      most: 20,
    }) ?? 1
  return {
    traffic:
      ratePerSecond !== undefined
        ? { kind: 'open', ratePerSecond, burstiness }
        : concurrency !== undefined
          ? { kind: 'closed', concurrency }
          : undefined,
    lengths:
      inputLength === undefined || outputLength === undefined
        ? undefined
        : { input: inputLength, output: outputLength },
  }
}
