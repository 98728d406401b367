import type { Catalog } from '../catalogs/catalog.ts'
import { speedDefaults } from '../catalogs/defaults.ts'
import {
  capacityRequestsPerSecond,
  type OpenLatency,
  openLatency,
} from '../estimators/performance/queueing.ts'
import { type Note, sortedNotes } from '../foundation/notes.ts'
import { replicaEngine } from '../planner/replica-engine.ts'
import { predictSpeed, type SpeedAnswer, type SpeedQuery } from '../planner/speed.ts'
import type { SpeedOptions } from './commands/speed.ts'
import { readDisaggregation } from './disaggregation-options.ts'
import { type FoundModel, findModel } from './find-model.ts'
import type { CliIo } from './io.ts'
import { loadCliCatalog } from './load-catalog.ts'
import { OptionReader } from './option-values.ts'
import { renderSpeed } from './render-speed.ts'
import { readReplica, readServing, readWhole } from './replica-options.ts'

export interface SpeedReport {
  readonly query: SpeedQuery
  readonly answer: SpeedAnswer
  /** Of open-loop traffic, where a rate was given. */
  readonly open: OpenReport | undefined
  readonly notes: readonly Note[]
}

export interface OpenReport {
  readonly ratePerSecond: number
  readonly burstiness: number
  readonly capacityPerSecond: number
  /** Undefined at or above capacity: the queue grows for ever. */
  readonly latency: OpenLatency | undefined
}

export async function runSpeed(input: { model: string; options: SpeedOptions; io: CliIo }): Promise<void> {
  const { options, io } = input
  const catalog = await loadCliCatalog({ overlay: options.catalog, io })
  const found = await findModel({ name: input.model, catalog, io })
  const { query, rate, burstiness } = readQuery({ options, catalog, found })
  const answer = predictSpeed(query)
  const open = rate === undefined ? undefined : openReport({ answer, query, ratePerSecond: rate, burstiness })
  const report: SpeedReport = {
    query,
    answer,
    open,
    notes: sortedNotes([...found.notes, ...answer.notes, ...openNotes(open, answer)]),
  }
  io.stdout.write(options.json ? `${JSON.stringify(jsonReport(report), null, 2)}\n` : renderSpeed(report))
}

function readQuery(input: { options: SpeedOptions; catalog: Catalog; found: FoundModel }): {
  query: SpeedQuery
  rate: number | undefined
  burstiness: number
} {
  const { options, catalog, found } = input
  const read = new OptionReader()
  const replica = readReplica({ read, options, catalog, found })
  const inputTokens =
    read.quantity({ option: '--input', value: options.input, dimension: 'tokens', least: 1 }) ?? 1
  const outputTokens =
    read.quantity({ option: '--output', value: options.output, dimension: 'tokens', least: 1 }) ?? 1
  const concurrency = readWhole(read, '--concurrency', options.concurrency) ?? 1
  const rate = read.quantity({ option: '--rate', value: options.rate, dimension: 'perSecond' })
  const burstiness =
    read.quantity({
      option: '--burstiness',
      value: options.burstiness,
      dimension: 'count',
      least: 0.1,
      most: 20,
    }) ?? 1
  const serving = readServing(read, options)
  const disaggregation = readDisaggregation(read, options)
  if (disaggregation !== undefined && rate !== undefined) {
    read.problem(
      '--rate',
      'speed has no approximation of waiting in separate pools',
      'rightsize simulate takes --rate with --prefill-replicas, --decode-replicas and --transfer',
    )
  }
  const hostFraction = read.quantity({
    option: '--host-layers',
    value: options.hostLayers,
    dimension: 'fraction',
    least: 0,
    most: 1,
  })
  const hostBandwidth = read.quantity({
    option: '--host-bandwidth',
    value: options.hostBandwidth,
    dimension: 'bytesPerSecond',
  })
  const hostCompute = read.quantity({
    option: '--host-compute',
    value: options.hostCompute,
    dimension: 'flopPerSecond',
  })
  const host = [hostFraction, hostBandwidth, hostCompute].filter((value) => value !== undefined).length
  if (host !== 0 && host !== 3)
    read.problem('--host-layers', 'partial offload needs --host-layers, --host-bandwidth and --host-compute')
  read.done()
  const query: SpeedQuery = {
    ...replica,
    ...serving,
    inputTokens,
    outputTokens,
    concurrency,
    burstFraction: options.steady || rate !== undefined ? 0 : speedDefaults(catalog).burstFraction,
    ...(disaggregation === undefined ? {} : { disaggregation }),
    ...(hostFraction === undefined || hostBandwidth === undefined || hostCompute === undefined
      ? {}
      : {
          offload: {
            hostFraction,
            hostBandwidthBytesPerSecond: hostBandwidth,
            hostFlopPerSecond: hostCompute,
          },
        }),
  }
  return { query, rate, burstiness }
}

/** What memory binds, an engine that preempts serves worse than the approximation says. */
const bindingShare = 0.7

function openReport(input: {
  answer: SpeedAnswer
  query: SpeedQuery
  ratePerSecond: number
  burstiness: number
}): OpenReport {
  const { answer, query, ratePerSecond, burstiness } = input
  const engine = replicaEngine({ answer, query, kvPolicy: 'reserve' })
  const lengths = {
    inputTokens: query.inputTokens,
    outputTokens: query.outputTokens,
    inputSquaredVariation: 0,
    outputSquaredVariation: 0,
  }
  return {
    ratePerSecond,
    burstiness,
    capacityPerSecond: capacityRequestsPerSecond(engine, lengths),
    latency: openLatency(engine, { ratePerSecond, burstiness, lengths }),
  }
}

/** Where the approximation of waiting is known to be weak. */
function openNotes(open: OpenReport | undefined, answer: SpeedAnswer): Note[] {
  const { latency } = open ?? {}
  if (open === undefined || latency === undefined) return []
  const notes: Note[] = []
  if (latency.meanRunningSequences > bindingShare * answer.sequencesInMemory) {
    notes.push({
      code: 'memory-binds',
      level: 'warning',
      about: 'rate',
      message:
        'the KV memory is nearly full at this rate: an engine that preempts (vLLM) waits far longer than approximated; run rightsize simulate',
    })
  }
  if (open.burstiness > 1) {
    notes.push({
      code: 'bursty-approximation',
      level: 'warning',
      about: 'burstiness',
      message:
        'for bursty arrivals the approximation is rough and too low at strong bursts; run rightsize simulate',
    })
  }
  return notes
}

function jsonReport(report: SpeedReport): Record<string, unknown> {
  const { query, answer, open, notes } = report
  const { model: _model, notes: _notes, ...figures } = answer
  return {
    schemaVersion: 1,
    catalogVersion: query.catalog.version,
    model: query.model.id,
    accelerator: query.accelerator.id,
    engine: query.engine,
    weightFormat: query.weightFormat.id,
    kvFormat: query.kvFormat.id,
    layout: query.layout,
    load: {
      inputTokens: query.inputTokens,
      outputTokens: query.outputTokens,
      concurrency: query.concurrency,
      cachedInputFraction: query.cachedInputFraction,
      burstFraction: query.burstFraction,
    },
    ...figures,
    openLoop: open === undefined ? null : { ...open, latency: open.latency ?? null },
    notes,
  }
}
