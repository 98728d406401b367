/**
 * How well the fast approximation of queueing meets the simulation: p95 TTFT over a grid of models, lengths and Poisson
 * loads (mean of ten seeds with a bootstrap interval), then bursty arrivals, then a real trace. Prints one line a cell.
 *
 *   node dist/bench/simulation-grid.js [TRACE.csv] [--policy preempt] [--varied] [--quick]
 *
 * `--policy`: what engines do when KV memory runs short; `--varied`: lognormal lengths, p95 at 2.5 times the mean.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createCatalog } from '../catalogs/catalog.ts'
import { loadCatalogFolder } from '../catalogs/folder.node.ts'
import type { EngineStep } from '../estimators/performance/engine-step.ts'
import { capacityRequestsPerSecond, openLatency } from '../estimators/performance/queueing.ts'
import type { RequestLengths } from '../estimators/performance/queueing-load.ts'
import { seededRandom } from '../estimators/uncertainty/random.ts'
import { knownArchitecture } from '../planner/inputs.ts'
import { replicaEngine } from '../planner/replica-engine.ts'
import { predictSpeed, type SpeedQuery } from '../planner/speed.ts'
import { simulate } from '../simulation/simulate.ts'
import { sortedQuantile } from '../simulation/summary.ts'
import { readTrace } from '../simulation/trace.ts'
import { type LengthDistribution, lengthVariation, type TracedRequest } from '../simulation/traffic.ts'

const print = (text: string) => process.stdout.write(`${text}\n`)
const flag = (name: string) => process.argv.includes(name)
const policy = process.argv[process.argv.indexOf('--policy') + 1] === 'preempt' ? 'preempt' : 'reserve'
const varied = flag('--varied')
const quick = flag('--quick')
const tracePath = process.argv.slice(2).find((argument) => argument.endsWith('.csv'))

const replicas = [
  { model: 'llama-3.1-8b-instruct', accelerator: 'h100-sxm-80', weights: 'bf16', tensor: 1 },
  { model: 'llama-3.1-8b-instruct', accelerator: 'rtx-4090', weights: 'fp8', tensor: 1 },
  { model: 'llama-3.1-70b-instruct', accelerator: 'h100-sxm-80', weights: 'fp8', tensor: 4 },
  { model: 'qwen3-30b-a3b', accelerator: 'h100-sxm-80', weights: 'fp8', tensor: 1 },
  { model: 'gpt-oss-120b', accelerator: 'h100-sxm-80', weights: 'mxfp4', tensor: 2 },
  { model: 'deepseek-v3', accelerator: 'h200-sxm-141', weights: 'fp8', tensor: 8 },
]
const inputs = quick ? [1024] : [128, 1024, 8192]
const outputs = quick ? [256] : [32, 256, 1024]
const loads = [0.1, 0.3, 0.5, 0.7, 0.8, 0.9]
const seeds = 10
const resamples = 1000
const agreement = 0.15
/** Half of the bootstrap interval ÷ the mean at which a simulation is long enough, and requests at which it ends anyway. */
const narrow = 0.04
const mostRequests = 500_000

const catalog = createCatalog(loadCatalogFolder(fileURLToPath(new URL('../../catalogs', import.meta.url))))

interface Cell {
  readonly name: string
  readonly engine: EngineStep
  readonly input: LengthDistribution
  readonly output: LengthDistribution
  readonly lengths: RequestLengths
  readonly capacity: number
}

function cellOf(replica: (typeof replicas)[number], inputTokens: number, outputTokens: number): Cell {
  const query: SpeedQuery = {
    catalog,
    model: { ...named(replica.model) },
    accelerator: catalog.accelerator(replica.accelerator),
    weightFormat: catalog.weightFormat(replica.weights),
    kvFormat: catalog.kvFormat('bf16'),
    engine: 'vllm',
    layout: { tensor: replica.tensor, pipeline: 1, expert: 1, attentionData: 1 },
    inputTokens,
    outputTokens,
    concurrency: 1,
    cachedInputFraction: 0,
    burstFraction: 0,
  }
  const engine = replicaEngine({ answer: predictSpeed(query), query, kvPolicy: policy })
  const spread = (tokens: number): LengthDistribution =>
    varied ? { kind: 'lognormal', meanTokens: tokens, p95Tokens: 2.5 * tokens } : { kind: 'fixed', tokens }
  const input = spread(inputTokens)
  const output = spread(outputTokens)
  const lengths: RequestLengths = {
    inputTokens,
    outputTokens,
    inputSquaredVariation: lengthVariation(input).squaredVariation,
    outputSquaredVariation: lengthVariation(output).squaredVariation,
  }
  return {
    name: `${replica.model} ${replica.tensor}x${replica.accelerator} ${inputTokens}/${outputTokens}`,
    engine,
    input,
    output,
    lengths,
    capacity: capacityRequestsPerSecond(engine, lengths),
  }
}

function named(id: string) {
  const row = catalog.model(id)
  return { id: row.id, name: row.name, architecture: knownArchitecture(row) }
}

interface Compared {
  readonly error: number
  readonly line: string
}

/** p95 TTFT of each seed. */
function simulatedP95(
  cell: Cell,
  input: { ratePerSecond: number; burstiness: number; requests: number },
): number[] {
  const { ratePerSecond, burstiness, requests } = input
  return Array.from(
    { length: seeds },
    (_, seed) =>
      simulate({
        engine: cell.engine,
        replicas: 1,
        routing: 'round-robin',
        traffic: { kind: 'open', ratePerSecond, burstiness },
        lengths: { input: cell.input, output: cell.output },
        requests,
        seed: seed + 1,
        warmupFraction: 0.2,
        cooldownFraction: 0.02,
      }).summary.ttftSeconds.p95,
  )
}

/** p95 TTFT of both, the simulated one as the mean of seeds with a 95 % bootstrap interval. */
function compare(cell: Cell, input: { load: number; burstiness: number }): Compared | undefined {
  const ratePerSecond = input.load * cell.capacity
  if (!(ratePerSecond > 0)) return undefined
  // Near capacity queues live for thousands of requests: a run that does not know its own percentile checks nothing.
  let requests = (input.load >= 0.8 ? 60_000 : 20_000) / (quick ? 4 : 1)
  let p95 = simulatedP95(cell, { ...input, ratePerSecond, requests })
  let [low, high] = bootstrap(p95)
  while (high - low > 2 * narrow * meanOf(p95) && requests < mostRequests) {
    requests *= 3
    p95 = simulatedP95(cell, { ...input, ratePerSecond, requests })
    ;[low, high] = bootstrap(p95)
  }
  const mean = meanOf(p95)
  const fast = openLatency(cell.engine, {
    ratePerSecond,
    burstiness: input.burstiness,
    lengths: cell.lengths,
  })
  const error = fast === undefined ? Number.NaN : fast.ttftSeconds.p95 / mean - 1
  const seconds = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(4))
  return {
    error,
    line: `${cell.name}  load ${input.load}  cv ${input.burstiness}  rate ${ratePerSecond.toFixed(3)}/s  simulated ${seconds(mean)} [${seconds(low)}, ${seconds(high)}]  approximated ${seconds(fast?.ttftSeconds.p95)}  ${(100 * error).toFixed(1)} %`,
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function bootstrap(values: readonly number[]): [number, number] {
  const random = seededRandom(1)
  const means = Array.from({ length: resamples }, () =>
    meanOf(values.map(() => values[Math.floor(random.nextFraction() * values.length)]!)),
  ).sort((a, b) => a - b)
  return [sortedQuantile(means, 0.025), sortedQuantile(means, 0.975)]
}

function report(title: string, results: readonly Compared[]): void {
  const errors = results.map((result) => Math.abs(result.error)).sort((a, b) => a - b)
  const within = errors.filter((error) => error <= agreement).length
  print(
    `${title}: ${results.length} cells, ${within} within ${100 * agreement} %, median ${(100 * sortedQuantile(errors, 0.5)).toFixed(1)} %, worst ${(100 * (errors.at(-1) ?? Number.NaN)).toFixed(1)} %\n`,
  )
}

const cells = replicas.flatMap((replica) =>
  inputs.flatMap((input) => outputs.map((output) => cellOf(replica, input, output))),
)

function grid(title: string, list: readonly Cell[], points: readonly { load: number; burstiness: number }[]) {
  print(title)
  const results: Compared[] = []
  for (const cell of list) {
    for (const point of points) {
      const result = compare(cell, point)
      if (result === undefined) continue
      const mark = Math.abs(result.error) <= agreement ? ' ' : '!'
      print(`${mark} ${result.line}`)
      results.push(result)
    }
  }
  report(title, results)
}

function replay(requests: readonly TracedRequest[]): void {
  print(`trace ${tracePath}: ${requests.length} requests`)
  const duration = requests.at(-1)!.arrivalSeconds
  const tokens = (key: 'inputTokens' | 'outputTokens') =>
    lengthVariation({ kind: 'empirical', tokens: requests.map((request) => request[key]) })
  const input = tokens('inputTokens')
  const output = tokens('outputTokens')
  const gaps = requests
    .slice(1)
    .map((request, index) => request.arrivalSeconds - requests[index]!.arrivalSeconds)
  const gapMean = meanOf(gaps)
  const burstiness = Math.sqrt(meanOf(gaps.map((gap) => (gap - gapMean) ** 2))) / gapMean
  for (const replica of replicas) {
    const { engine } = cellOf(replica, input.mean, output.mean)
    const lengths: RequestLengths = {
      inputTokens: input.mean,
      outputTokens: output.mean,
      inputSquaredVariation: input.squaredVariation,
      outputSquaredVariation: output.squaredVariation,
    }
    const capacity = capacityRequestsPerSecond(engine, lengths)
    for (const load of [undefined, 0.5, 0.7]) {
      // Compressed or stretched in time to a share of capacity; undefined = as recorded.
      const stretch = load === undefined ? 1 : requests.length / duration / (load * capacity)
      const ratePerSecond = requests.length / duration / stretch
      const { summary } = simulate({
        engine,
        replicas: 1,
        routing: 'round-robin',
        traffic: {
          kind: 'trace',
          requests: requests.map((request) => ({
            ...request,
            arrivalSeconds: request.arrivalSeconds * stretch,
          })),
        },
        lengths: { input: { kind: 'fixed', tokens: 1 }, output: { kind: 'fixed', tokens: 1 } },
        requests: requests.length,
        seed: 1,
        warmupFraction: 0.05,
        cooldownFraction: 0.02,
      })
      const fast = openLatency(engine, { ratePerSecond, burstiness, lengths })
      print(
        `  ${replica.model} ${replica.tensor}x${replica.accelerator}  ${load === undefined ? 'as recorded' : `at ${load} of capacity`} (${ratePerSecond.toFixed(2)}/s of ${capacity.toFixed(2)}/s)  p50 ${summary.ttftSeconds.p50.toFixed(3)} vs ${fast?.ttftSeconds.p50.toFixed(3) ?? '–'}  p95 ${summary.ttftSeconds.p95.toFixed(3)} vs ${fast?.ttftSeconds.p95.toFixed(3) ?? '–'}  end to end p95 ${summary.endToEndSeconds.p95.toFixed(2)} vs ${fast?.endToEndSeconds.p95.toFixed(2) ?? '–'}`,
      )
    }
  }
}

grid(
  `Poisson, ${varied ? 'varied' : 'fixed'} lengths, ${policy}`,
  cells,
  loads.map((load) => ({ load, burstiness: 1 })),
)
if (!varied) {
  grid(
    'bursty, no floor',
    replicas.map((replica) => cellOf(replica, 1024, 256)),
    [2, 4].flatMap((burstiness) => [0.3, 0.6].map((load) => ({ load, burstiness }))),
  )
}
if (tracePath !== undefined) replay(readTrace({ text: readFileSync(tracePath, 'utf8'), file: tracePath }))

const started = performance.now()
const hundredThousand = cells[0]!
simulate({
  engine: hundredThousand.engine,
  replicas: 1,
  routing: 'round-robin',
  traffic: { kind: 'open', ratePerSecond: 0.7 * hundredThousand.capacity, burstiness: 1 },
  lengths: { input: hundredThousand.input, output: hundredThousand.output },
  requests: 100_000,
  seed: 1,
  warmupFraction: 0.1,
  cooldownFraction: 0.02,
})
print(`100,000 requests (${hundredThousand.name}): ${((performance.now() - started) / 1000).toFixed(2)} s`)
