import type { Catalog } from '../catalogs/catalog.ts'
import type { EngineStep } from '../estimators/performance/engine-step.ts'
import {
  capacityRequestsPerSecond,
  type OpenLatency,
  openLatency,
} from '../estimators/performance/queueing.ts'
import { type Note, sortedNotes } from '../foundation/notes.ts'
import { replicaEngine } from '../planner/replica-engine.ts'
import { predictSpeed, type SpeedAnswer, type SpeedQuery } from '../planner/speed.ts'
import { type SimulationInput, simulateWithProgress } from '../simulation/simulate.ts'
import type { SimulationSummary } from '../simulation/summary.ts'
import { type LengthDistribution, lengthVariation, type Traffic } from '../simulation/traffic.ts'
import { engines } from './commands/memory.ts'
import { kvPolicies, routings, type SimulateOptions } from './commands/simulate.ts'
import { type FoundModel, findModel } from './find-model.ts'
import type { CliIo } from './io.ts'
import { loadCliCatalog } from './load-catalog.ts'
import { OptionReader } from './option-values.ts'
import { progressBar } from './progress.ts'
import { renderSimulation } from './render-simulation.ts'
import { readTraffic } from './traffic-options.ts'

export interface SimulationReport {
  readonly query: SpeedQuery
  readonly answer: SpeedAnswer
  readonly engine: EngineStep
  readonly traffic: Traffic
  readonly lengths: { readonly input: LengthDistribution; readonly output: LengthDistribution }
  readonly replicas: number
  readonly routing: SimulationInput['routing']
  readonly seed: number
  readonly summary: SimulationSummary
  /** The fast approximation of the same load, where there is one: open loop, per replica. */
  readonly approximation: OpenLatency | undefined
  /** Largest Poisson rate at these lengths, all replicas together. */
  readonly capacityPerSecond: number
  readonly notes: readonly Note[]
}

/** The last requests leave an emptying engine; statistics leave out as many as this share. */
const cooldownFraction = 0.02
const mostRequests = 2_000_000

export async function runSimulate(input: {
  model: string
  options: SimulateOptions
  io: CliIo
  signal?: AbortSignal
}): Promise<void> {
  const { options, io } = input
  const catalog = await loadCliCatalog({ overlay: options.catalog, io })
  const found = await findModel({ name: input.model, catalog, io })
  const asked = readQuestion({ options, catalog, found, io })
  const report = await simulateQuestion({ asked, found, io, signal: input.signal })
  io.stdout.write(
    options.json ? `${JSON.stringify(jsonReport(report), null, 2)}\n` : renderSimulation(report),
  )
}

type Question = ReturnType<typeof readQuestion>

async function simulateQuestion(input: {
  asked: Question
  found: FoundModel
  io: CliIo
  signal: AbortSignal | undefined
}): Promise<SimulationReport> {
  const { asked, found, io } = input
  const { query, traffic, lengths, replicas } = asked
  const answer = predictSpeed(query)
  const engine = replicaEngine({ answer, query, kvPolicy: asked.kvPolicy })
  const progress = progressBar({ title: 'simulating', io })
  const { summary } = await simulateWithProgress(
    { ...asked, engine, cooldownFraction },
    { onProgress: progress.show, ...(input.signal === undefined ? {} : { signal: input.signal }) },
  ).finally(progress.done)
  // What was measured nearby depends on the batch, which only the simulation knows.
  const running = Math.max(1, Math.round(summary.meanRunningSequences / replicas))
  const { notes } = predictSpeed({ ...query, concurrency: running })
  const means = { input: lengthVariation(lengths.input), output: lengthVariation(lengths.output) }
  const requestLengths = {
    inputTokens: means.input.mean,
    outputTokens: means.output.mean,
    inputSquaredVariation: means.input.squaredVariation,
    outputSquaredVariation: means.output.squaredVariation,
  }
  const approximation =
    traffic.kind === 'open'
      ? openLatency(engine, {
          ratePerSecond: traffic.ratePerSecond / replicas,
          burstiness: traffic.burstiness,
          lengths: requestLengths,
        })
      : undefined
  return {
    ...asked,
    answer,
    engine,
    summary,
    approximation,
    capacityPerSecond: replicas * capacityRequestsPerSecond(engine, requestLengths),
    notes: sortedNotes([...found.notes, ...asked.notes, ...simulationNotes(summary), ...notes]),
  }
}

function readQuestion(input: { options: SimulateOptions; catalog: Catalog; found: FoundModel; io: CliIo }) {
  const { options, catalog, found, io } = input
  const read = new OptionReader()
  const whole = (option: string, value: string | undefined, least = 1) =>
    read.whole({ option, value, least, most: 10_000_000 })
  const engine = read.choice({ option: '--engine', value: options.engine, allowed: engines })
  const accelerator = read.lookup('--accelerator', () => catalog.accelerator(options.accelerator ?? ''))
  const weightFormat = read.lookup('--weights', () =>
    catalog.weightFormat(options.weights ?? found.nativeWeights ?? 'bf16'),
  )
  const kvFormat = read.lookup('--kv', () => catalog.kvFormat(options.kv ?? 'bf16'))
  const layout = {
    tensor: whole('--tp', options.tp) ?? 1,
    pipeline: whole('--pp', options.pp) ?? 1,
    expert: whole('--ep', options.ep) ?? 1,
    attentionData: whole('--dp', options.dp) ?? 1,
  }
  const { traffic, lengths } = readTraffic({ read, options, io })
  const share = (option: string, value: string | undefined, most: number) =>
    read.quantity({ option, value, dimension: 'fraction', least: 0, most })
  const cachedInputFraction = share('--prefix-cache', options.prefixCache, 0.999) ?? 0
  const proposedTokens = whole('--draft-tokens', options.draftTokens)
  const acceptanceFraction = share('--acceptance', options.acceptance, 1)
  if ((proposedTokens === undefined) !== (acceptanceFraction === undefined)) {
    read.problem(
      '--draft-tokens',
      'speculation needs both --draft-tokens and --acceptance',
      'acceptance depends on the draft and the text: measure it, there is no default',
    )
  }
  const replicas = read.whole({ option: '--replicas', value: options.replicas, least: 1, most: 1024 }) ?? 1
  const routing = read.choice({ option: '--routing', value: options.routing, allowed: routings })
  const kvPolicy = read.choice({
    option: '--kv-policy',
    // TensorRT-LLM's default scheduler never evicts; vLLM and SGLang do; llama.cpp gives each slot its own cache.
    value:
      options.kvPolicy ??
      (engine === 'tensorrt-llm' || engine === 'llama.cpp' ? kvPolicies[1] : kvPolicies[0]),
    allowed: kvPolicies,
  })
  const requests =
    read.quantity({
      option: '--requests',
      value: options.requests,
      dimension: 'count',
      least: 10,
      most: mostRequests,
    }) ?? 0
  const seed = read.whole({ option: '--seed', value: options.seed, least: 0, most: 2 ** 30 }) ?? 0
  const warmupFraction = share('--warmup', options.warmup, 0.9) ?? 0
  read.done()
  const notes: Note[] = []
  if (options.kvPolicy === undefined) {
    notes.push({
      code: 'default-of-command',
      level: 'assumption',
      about: 'kvPolicy',
      message: `when the KV memory runs short: ${kvPolicy}, as ${engine} does by default`,
    })
  }
  const query: SpeedQuery = {
    catalog,
    model: found.model,
    accelerator: accelerator!,
    weightFormat: weightFormat!,
    kvFormat: kvFormat!,
    engine,
    layout,
    inputTokens: lengthVariation(lengths!.input).mean,
    outputTokens: lengthVariation(lengths!.output).mean,
    concurrency: traffic!.kind === 'closed' ? Math.max(1, Math.round(traffic!.concurrency / replicas)) : 1,
    cachedInputFraction,
    burstFraction: 0,
    ...(proposedTokens === undefined || acceptanceFraction === undefined
      ? {}
      : { speculation: { proposedTokens, acceptanceFraction } }),
  }
  return {
    query,
    traffic: traffic!,
    lengths: lengths!,
    replicas,
    routing,
    kvPolicy,
    requests: Math.round(requests),
    seed,
    warmupFraction,
    notes,
  }
}

function simulationNotes(summary: SimulationSummary): Note[] {
  const notes: Note[] = [
    {
      code: 'simulation-is-a-model',
      level: 'information',
      about: 'simulation',
      message: 'the simulation shares the step times of rightsize speed: their interval applies to it too',
    },
  ]
  if (summary.rejectedRequests > 0) {
    notes.push({
      code: 'requests-too-long',
      level: 'warning',
      about: 'rejectedRequests',
      message: `${summary.rejectedRequests} requests are longer than the KV memory of a replica and were refused`,
    })
  }
  return notes
}

function jsonReport(report: SimulationReport): Record<string, unknown> {
  const { query, answer, traffic, lengths } = report
  const length = (distribution: LengthDistribution) =>
    distribution.kind === 'empirical'
      ? { kind: distribution.kind, ...lengthVariation(distribution) }
      : distribution
  return {
    schemaVersion: 1,
    catalogVersion: query.catalog.version,
    model: query.model.id,
    accelerator: query.accelerator.id,
    devices: answer.devices * report.replicas,
    engine: query.engine,
    weightFormat: query.weightFormat.id,
    kvFormat: query.kvFormat.id,
    layout: query.layout,
    status: answer.status,
    load: {
      ...(traffic.kind === 'trace' ? { kind: traffic.kind, requests: traffic.requests.length } : traffic),
      input: length(lengths.input),
      output: length(lengths.output),
      cachedInputFraction: query.cachedInputFraction,
    },
    replicas: report.replicas,
    routing: report.routing,
    kvPolicy: report.engine.kvPolicy,
    seed: report.seed,
    simulation: report.summary,
    approximation: report.approximation ?? null,
    capacityRequestsPerSecond: report.capacityPerSecond,
    notes: report.notes,
  }
}
