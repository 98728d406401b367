import type { Catalog } from '../catalogs/catalog.ts'
import { mostSequences } from '../estimators/memory/prepared.ts'
import { type EngineStep, engineStep } from '../estimators/performance/engine-step.ts'
import { capacityRequestsPerSecond } from '../estimators/performance/queueing.ts'
import type { StepModel } from '../estimators/performance/step-model.ts'
import { seededRandom } from '../estimators/uncertainty/random.ts'
import { createLatency, type LatencyAtLoad, lengthSpread } from '../planner/search/latency.ts'
import { type LoneReplica, loneReplica } from '../planner/search/lone-replica.ts'
import type { ServingTask } from '../planner/search/serving-types.ts'
import { simulate } from '../simulation/simulate.ts'
import { sortedQuantile } from '../simulation/summary.ts'
import { gapSampler, lengthSampler, type TracedRequest } from '../simulation/traffic.ts'

/** One use case of a mix: its share of the requests, mean and 95th percentile of its lengths in tokens. */
export interface MixedClass {
  readonly name: string
  readonly fraction: number
  readonly input: readonly [mean: number, p95: number]
  readonly output: readonly [mean: number, p95: number]
}

export const mixes: readonly (readonly MixedClass[])[] = [
  [{ name: 'chat', fraction: 1, input: [1000, 3000], output: [200, 500] }],
  [
    { name: 'chat', fraction: 0.85, input: [1000, 3000], output: [200, 500] },
    { name: 'documents', fraction: 0.15, input: [8000, 16_000], output: [400, 900] },
  ],
  [
    { name: 'labels', fraction: 0.5, input: [300, 600], output: [20, 40] },
    { name: 'retrieval', fraction: 0.5, input: [4000, 8000], output: [300, 600] },
  ],
  [
    { name: 'chat', fraction: 0.7, input: [1000, 3000], output: [200, 500] },
    { name: 'drafts', fraction: 0.3, input: [500, 1000], output: [1500, 3000] },
  ],
]

export const mixedReplicas: readonly LoneReplica[] = [
  { model: 'llama-3.1-8b-instruct', accelerator: 'l40s', tensor: 1 },
  { model: 'llama-3.3-70b-instruct', accelerator: 'h100-sxm-80', tensor: 4 },
  { model: 'qwen3-30b-a3b', accelerator: 'h100-sxm-80', tensor: 1 },
]

/** The planner's own view of a replica under a mix: its task with classes, its step model, and the engine around it. */
export interface MixedCase {
  readonly task: ServingTask
  readonly model: StepModel
  readonly engine: EngineStep
  readonly capacityRequestsPerSecond: number
}

/** Sequences that the simulated engine runs at most: vLLM's limit of long standing, where memory holds as many. */
const mostRunning = 256

export function mixedCase(catalog: Catalog, replica: LoneReplica, mix: readonly MixedClass[]): MixedCase {
  const { task, replica: under } = loneReplica(catalog, replica, {
    workloads: mix.map(({ name, fraction, input, output }) => ({
      name,
      demand: { requestRate: `${fraction} /s` },
      tokens: { input: { mean: input[0], p95: input[1] }, output: { mean: output[0], p95: output[1] } },
      targets: { percentile: 0.95 },
    })),
  })
  const model = under.step
  const held = mostSequences(under.memory, {
    usableBytes: under.usableBytes,
    contextTokens: task.inputTokensMean + task.outputTokensMean,
  })
  const engine = engineStep(model, {
    maxBatchedTokens: model.prefillChunkTokens,
    maxSequences: Math.min(mostRunning, held),
    kvCapacityTokens: Number.POSITIVE_INFINITY,
    kvTokensPerSequence: 0,
    tokensPerStep: 1,
    verifiedTokensPerStep: 1,
    cachedInputFraction: 0,
    kvPolicy: 'reserve',
  })
  const variation = (mean: number, p95: number) => Math.expm1(lengthSpread(mean, p95) ** 2)
  return {
    task,
    model,
    engine,
    capacityRequestsPerSecond: capacityRequestsPerSecond(engine, {
      inputTokens: task.inputTokensMean,
      outputTokens: task.outputTokensMean,
      inputSquaredVariation: variation(task.inputTokensMean, task.inputTokensP95),
      outputSquaredVariation: variation(task.outputTokensMean, task.outputTokensP95),
    }),
  }
}

/** 95th percentile of TTFT of each class as the search sees it at a rate. */
export function approximatedTtft(of: MixedCase, ratePerSecond: number): number[] {
  const latency = createLatency(of.task)
  const at: LatencyAtLoad = latency.empty()
  latency.prepare(of.model)
  let low = 1
  let high = latency.noLimit
  for (let halving = 0; halving < 40; halving += 1) {
    const middle = Math.sqrt(low * high)
    latency.at(of.model, middle, at)
    if (at.requestsPerSecond < ratePerSecond) low = middle
    else high = middle
  }
  return (of.task.classes ?? []).map((_, index) => latency.ofClass(index).ttftSeconds)
}

/** The same from a simulated mix of Poisson arrivals. */
export function simulatedTtft(input: {
  of: MixedCase
  mix: readonly MixedClass[]
  ratePerSecond: number
  requests: number
  seed: number
}): number[] {
  const { mix, ratePerSecond } = input
  const streams = 2 + 2 * mix.length
  const stream = (index: number) => seededRandom(input.seed * streams + index)
  const gap = gapSampler({ ratePerSecond, burstiness: 1 }, stream(0))
  const pick = stream(1)
  const samplers = mix.map(({ input: prompt, output }, index) => ({
    input: lengthSampler(
      { kind: 'lognormal', meanTokens: prompt[0], p95Tokens: prompt[1] },
      stream(2 + 2 * index),
    ),
    output: lengthSampler(
      { kind: 'lognormal', meanTokens: output[0], p95Tokens: output[1] },
      stream(3 + 2 * index),
    ),
  }))
  const classes: number[] = []
  let time = 0
  const requests = Array.from({ length: input.requests }, (): TracedRequest => {
    time += gap()
    let drawn = pick.nextFraction()
    let index = 0
    while (index < mix.length - 1 && drawn > mix[index]!.fraction) {
      drawn -= mix[index]!.fraction
      index += 1
    }
    classes.push(index)
    return {
      arrivalSeconds: time,
      inputTokens: samplers[index]!.input(),
      outputTokens: samplers[index]!.output(),
    }
  })
  const { requests: done } = simulate({
    engine: input.of.engine,
    replicas: 1,
    routing: 'round-robin',
    traffic: { kind: 'trace', requests },
    lengths: { input: { kind: 'fixed', tokens: 1 }, output: { kind: 'fixed', tokens: 1 } },
    requests: requests.length,
    seed: 1,
    warmupFraction: 0,
    cooldownFraction: 0,
  })
  const first = Math.floor(requests.length * 0.15)
  const last = Math.floor(requests.length * 0.98)
  return mix.map((_, index) => {
    const times: number[] = []
    for (let request = first; request < last; request += 1)
      if (classes[request] === index)
        times.push(
          input.of.engine.requestLatencySeconds +
            done.firstTokenSeconds[request]! -
            done.arrivalSeconds[request]!,
        )
    return sortedQuantile(
      times.sort((a, b) => a - b),
      0.95,
    )
  })
}

export interface MixedCell {
  readonly replica: string
  readonly mix: string
  readonly load: number
  readonly className: string
  readonly simulatedSeconds: number
  readonly approximatedSeconds: number
  /** Approximated over simulated, less one. */
  readonly error: number
}

export function mixedCells(input: {
  catalog: Catalog
  replicas: readonly LoneReplica[]
  mixes: readonly (readonly MixedClass[])[]
  loads: readonly number[]
  requests: number
  seeds: number
}): MixedCell[] {
  return input.replicas.flatMap((replica) =>
    input.mixes.flatMap((mix) => {
      const of = mixedCase(input.catalog, replica, mix)
      return input.loads.flatMap((load) => {
        const ratePerSecond = load * of.capacityRequestsPerSecond
        const runs = Array.from({ length: input.seeds }, (_, seed) =>
          simulatedTtft({ of, mix, ratePerSecond, requests: input.requests, seed: seed + 1 }),
        )
        const fast = approximatedTtft(of, ratePerSecond)
        return mix.map(({ name }, index): MixedCell => {
          const simulatedSeconds = runs.reduce((sum, run) => sum + run[index]!, 0) / runs.length
          return {
            replica: `${replica.model} ${replica.tensor}x${replica.accelerator}`,
            mix: mix.map((each) => `${Math.round(100 * each.fraction)} ${each.name}`).join(' + '),
            load,
            className: name,
            simulatedSeconds,
            approximatedSeconds: fast[index]!,
            error: fast[index]! / simulatedSeconds - 1,
          }
        })
      })
    }),
  )
}
