import { handedOverBytes } from '../estimators/performance/disaggregated.ts'
import {
  type DisaggregatedCapacity,
  disaggregatedCapacity,
} from '../estimators/performance/disaggregated-capacity.ts'
import type { EngineStep } from '../estimators/performance/engine-step.ts'
import {
  capacityRequestsPerSecond,
  type OpenLatency,
  openLatency,
} from '../estimators/performance/queueing.ts'
import { type Note, sortedNotes } from '../foundation/notes.ts'
import { replicaEngine } from '../planner/replica-engine.ts'
import { predictSpeed, type SpeedAnswer, type SpeedQuery } from '../planner/speed.ts'
import { disaggregatedSimulation } from '../simulation/disaggregated.ts'
import type { DisaggregatedSummary } from '../simulation/pool-summary.ts'
import { runWithProgress, type SimulationInput, simulation } from '../simulation/simulate.ts'
import type { SimulationSummary } from '../simulation/summary.ts'
import { type LengthDistribution, lengthVariation, type Traffic } from '../simulation/traffic.ts'
import type { SimulateOptions } from './commands/simulate.ts'
import { type FoundModel, findModel } from './find-model.ts'
import type { CliIo } from './io.ts'
import { loadCliCatalog } from './load-catalog.ts'
import { progressBar } from './progress.ts'
import { renderSimulation } from './render-simulation.ts'
import { type Question, readQuestion } from './simulate-question.ts'

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
  /** Where prefill and decode have pools of their own; its overall figures are those of `summary`. */
  readonly pools:
    | { readonly summary: DisaggregatedSummary; readonly capacity: DisaggregatedCapacity }
    | undefined
  /** The fast approximation of the same load, where there is one: open loop on replicas that do both, per replica. */
  readonly approximation: OpenLatency | undefined
  /** Largest Poisson rate at these lengths, all replicas together. */
  readonly capacityPerSecond: number
  readonly notes: readonly Note[]
}

/** The last requests leave an emptying engine; statistics leave out as many as this share. */
const cooldownFraction = 0.02

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

async function simulateQuestion(input: {
  asked: Question
  found: FoundModel
  io: CliIo
  signal: AbortSignal | undefined
}): Promise<SimulationReport> {
  const { asked, found, io } = input
  const { query, traffic, lengths, replicas } = asked
  const { disaggregation } = query
  const answer = predictSpeed(query)
  const engine = replicaEngine({ answer, query, kvPolicy: asked.kvPolicy })
  const means = { input: lengthVariation(lengths.input), output: lengthVariation(lengths.output) }
  const requestLengths = {
    inputTokens: means.input.mean,
    outputTokens: means.output.mean,
    inputSquaredVariation: means.input.squaredVariation,
    outputSquaredVariation: means.output.squaredVariation,
  }
  const progress = progressBar({ title: 'simulating', io })
  const control = {
    onProgress: progress.show,
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  }
  let summary: SimulationSummary
  let pools: SimulationReport['pools']
  let capacityPerSecond: number
  if (disaggregation === undefined) {
    const run = simulation({ ...asked, engine, cooldownFraction })
    summary = (await runWithProgress(run, control).finally(progress.done)).summary
    capacityPerSecond = replicas * capacityRequestsPerSecond(engine, requestLengths)
  } else {
    const bytesOf = (inputTokens: number) => handedOverBytes(answer.model, inputTokens)
    const bytesPerSecond = disaggregation.transferBytesPerSecond
    const prefill = { engine, replicas: disaggregation.prefillReplicas }
    const decode = { engine, replicas: disaggregation.decodeReplicas }
    const run = disaggregatedSimulation({
      ...asked,
      prefill,
      decode,
      transfer: { bytesPerSecond, bytesOf },
      cooldownFraction,
    })
    const done = await runWithProgress(run, control).finally(progress.done)
    const capacity = disaggregatedCapacity({
      prefill,
      decode,
      lengths: requestLengths,
      transferSeconds: bytesOf(requestLengths.inputTokens) / bytesPerSecond,
    })
    summary = done.summary
    pools = { summary: done.summary, capacity }
    capacityPerSecond = capacity.requestsPerSecond
  }
  // What was measured nearby depends on the batch, which only the simulation knows.
  const running = Math.max(1, Math.round(summary.meanRunningSequences / replicas))
  const { notes } = predictSpeed({ ...query, concurrency: running })
  const approximation =
    traffic.kind === 'open' && pools === undefined
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
    pools,
    approximation,
    capacityPerSecond,
    notes: sortedNotes([...found.notes, ...asked.notes, ...simulationNotes(summary), ...notes]),
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
    devices: query.disaggregation === undefined ? answer.devices * report.replicas : answer.devices,
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
    ...(query.disaggregation === undefined
      ? { replicas: report.replicas }
      : { disaggregation: query.disaggregation }),
    routing: report.routing,
    kvPolicy: report.engine.kvPolicy,
    seed: report.seed,
    simulation: report.summary,
    approximation: report.approximation ?? null,
    capacityRequestsPerSecond: report.capacityPerSecond,
    ...(report.pools === undefined ? {} : { poolCapacity: report.pools.capacity }),
    notes: report.notes,
  }
}
