import type { Catalog, KvFormatRow, WeightFormatRow } from '../catalogs/catalog.ts'
import { modelFacts } from '../catalogs/views.ts'
import { adapterBytesPerDevice, singleDevice, weightBytesOfFile } from '../estimators/memory/index.ts'
import { type Issue, RightsizeError } from '../foundation/errors.ts'
import { compareText, type Note, sortedNotes } from '../foundation/notes.ts'
import { allowedAccelerators, allowedServers, hostsOf, slotsFor } from './hosts.ts'
import { engineSupport, weightFormatSpec } from './inputs.ts'
import {
  type DeviceSizing,
  type HoldingDevice,
  holdingDevices,
  type MemoryQuery,
  sizeOnDevice,
} from './memory.ts'
import { modelArchitecture } from './model-inputs.ts'
import { type KeptModel, type LeftOutModel, selectModels } from './model-selection.ts'
import { formatLoss, type QualityScore, qualityScore } from './quality.ts'
import { type ResolvedScenario, resolveScenario } from './scenario/resolve.ts'
import type { Scenario } from './scenario/schema.ts'
import { type StoragePlan, storagePlan } from './storage.ts'
import { type Workload, workloadOf } from './workload.ts'

/** One way to hold a model: format, accelerator, how many, in which machine. By memory alone. */
export interface MemoryOption {
  readonly model: KeptModel
  readonly weightFormat: WeightFormatRow
  readonly kvFormat: KvFormatRow
  readonly scores: readonly QualityScore[]
  readonly holding: HoldingDevice
  readonly sizing: DeviceSizing
  /** Sequences of the 95th-percentile length that one replica holds. */
  readonly sequencesPerReplica: number
  readonly replicas: number
  readonly accelerators: number
  readonly server: string
  readonly servers: number
  readonly storage: StoragePlan
  /** A bound: no run on this kind of device has been published. */
  readonly bound: boolean
}

export interface MemoryAnswerOfScenario {
  readonly resolved: ResolvedScenario
  readonly workload: Workload
  /** Input and output tokens of the 95th-percentile request. */
  readonly contextTokens: number
  readonly kept: readonly KeptModel[]
  readonly leftOut: readonly LeftOutModel[]
  /** Smallest first: usable memory of all accelerators, then their number. */
  readonly options: readonly MemoryOption[]
  /** Combinations that nothing allowed holds, and why. */
  readonly unplaced: readonly {
    readonly model: string
    readonly weightFormat: string
    readonly reason: string
  }[]
  readonly notes: readonly Note[]
}

/**
 * What holds the scenario's load: every allowed model and format on every allowed accelerator and machine.
 * @throws RightsizeError `scenario-invalid` with every problem.
 */
export function planMemory(input: {
  scenario: Scenario
  catalog: Catalog
  file?: string
}): MemoryAnswerOfScenario {
  const { catalog } = input
  const resolved = resolveScenario(input)
  const formats = readFormats(resolved, catalog, input.file ?? 'scenario')
  const workload = workloadOf(resolved)
  const { kept, leftOut } = selectModels({
    resolved,
    catalog,
    ...(input.file === undefined ? {} : { file: input.file }),
  })
  const contextTokens = resolved.input.p95 + resolved.output.p95
  const accelerators = allowedAccelerators({ catalog, resolved })
  const servers = allowedServers({ catalog, resolved })
  const options: MemoryOption[] = []
  const unplaced: { model: string; weightFormat: string; reason: string }[] = []
  const notes: Note[] = [...resolved.notes, ...workload.notes]
  for (const model of kept) {
    notes.push(...model.notes)
    for (const weightFormat of formats.weights) {
      const loss = formatLoss({
        catalog,
        model: model.model,
        weights: weightFormat.id,
        kvCache: formats.kvCache.id,
      })
      const scores = (resolved.scenario.model?.minimumQuality ?? []).map((minimum) =>
        qualityScore({
          catalog,
          model: model.model,
          benchmark: minimum.benchmark,
          setting: minimum.setting,
          loss,
        }),
      )
      const short = qualityProblem(resolved, scores)
      const runnable = runnableFormat({ model, weightFormat, engine: resolved.engine })
      if (short !== undefined || runnable !== undefined) {
        unplaced.push({
          model: model.model.id,
          weightFormat: weightFormat.id,
          reason: runnable ?? short ?? '',
        })
        continue
      }
      const architecture = modelArchitecture(model.model)
      if (architecture === undefined) continue
      const query: MemoryQuery = {
        catalog,
        model: { id: model.model.id, name: model.model.name, architecture },
        weightFormat,
        kvFormat: formats.kvCache,
        engine: resolved.engine,
        contextTokens,
        concurrency: 1,
      }
      const holding = holdingDevices({
        ...query,
        accelerators,
        mostDevices: resolved.scenario.hardware?.maxAcceleratorsPerReplica ?? 8,
      })
      const spec = weightFormatSpec(weightFormat)
      const storage = storagePlan({
        weightBytes: weightBytesOfFile({ architecture, format: spec, withDraft: false }).totalBytes,
        bytesPerAdapter:
          resolved.storage.adapters === 0
            ? 0
            : adapterBytesPerDevice({
                architecture,
                layout: singleDevice,
                adapters: {
                  count: 1,
                  rank: resolved.storage.adapterRank,
                  targets: ['query', 'key', 'value', 'output'],
                  bitsPerWeight: 16,
                },
              }),
        storage: resolved.storage,
        workload,
      })
      const placed = holding.flatMap((entry) =>
        place({ entry, query, model, scores, storage, workload, servers, catalog }),
      )
      if (placed.length === 0) {
        unplaced.push({
          model: model.model.id,
          weightFormat: weightFormat.id,
          reason: `no allowed machine holds it with ${resolved.engine}`,
        })
      }
      options.push(...placed)
    }
  }
  options.sort(smallestFirst)
  return { resolved, workload, contextTokens, kept, leftOut, options, unplaced, notes: sortedNotes(notes) }
}

function smallestFirst(a: MemoryOption, b: MemoryOption): number {
  return (
    a.accelerators * a.holding.memory.usableBytes - b.accelerators * b.holding.memory.usableBytes ||
    a.accelerators - b.accelerators ||
    compareText(a.holding.accelerator.id, b.holding.accelerator.id) ||
    compareText(a.model.model.id, b.model.model.id) ||
    compareText(a.weightFormat.id, b.weightFormat.id)
  )
}

/** The smallest machine with room for a replica; replicas share a machine where they fit. */
function place(input: {
  entry: HoldingDevice
  query: MemoryQuery
  model: KeptModel
  scores: readonly QualityScore[]
  storage: StoragePlan
  workload: Workload
  servers: ReadonlySet<string> | undefined
  catalog: Catalog
}): MemoryOption[] {
  const { entry, query, catalog, workload } = input
  const { accelerator } = entry
  const parts = Math.ceil(entry.devices / accelerator.devices_per_part)
  const host = hostsOf(catalog, accelerator).find(
    (server) =>
      (input.servers === undefined || input.servers.has(server.id)) && slotsFor(server, accelerator) >= parts,
  )
  if (host === undefined) return []
  const concurrency = Math.max(1, workload.peakConcurrency)
  const one = sizeOnDevice({ ...query, accelerator, layout: entry.layout, concurrency: 1 })
  if (one === undefined) return []
  const most = one.plan.mostSequences
  const limit = Math.min(most, query.settings?.maxSequences ?? Number.POSITIVE_INFINITY)
  const replicas = Math.ceil(concurrency / limit)
  const sizing = sizeOnDevice({
    ...query,
    accelerator,
    layout: entry.layout,
    concurrency: Math.ceil(concurrency / replicas),
  })
  if (sizing === undefined || !sizing.plan.fits) return []
  const perServer = Math.floor(slotsFor(host, accelerator) / parts)
  return [
    {
      model: input.model,
      weightFormat: query.weightFormat,
      kvFormat: query.kvFormat,
      scores: input.scores,
      holding: entry,
      sizing,
      sequencesPerReplica: most,
      replicas,
      accelerators: replicas * parts,
      server: host.id,
      servers: Math.ceil(replicas / perServer),
      storage: input.storage,
      bound:
        accelerator.category === 'phone' ||
        engineSupport(catalog, query.engine, accelerator.family) !== 'full',
    },
  ]
}

function readFormats(
  resolved: ResolvedScenario,
  catalog: Catalog,
  file: string,
): { weights: WeightFormatRow[]; kvCache: KvFormatRow } {
  const issues: Issue[] = []
  const attempt = <Found>(place: string, find: () => Found): Found | undefined => {
    try {
      return find()
    } catch (error) {
      if (!(error instanceof RightsizeError)) throw error
      issues.push({
        place: `${file}  ${place}`,
        message: error.message,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
      })
      return undefined
    }
  }
  const weights = resolved.weightFormats.flatMap((name) => {
    const row = attempt('formats.weights', () => catalog.weightFormat(name))
    if (row?.below_four_bits && resolved.scenario.formats?.belowFourBits !== true) {
      issues.push({
        place: `${file}  formats.weights`,
        message: `${row.id} is below four bits per weight`,
        hint: 'such formats cost quality; set formats.belowFourBits: true to consider them',
      })
      return []
    }
    return row === undefined ? [] : [row]
  })
  const kvCache = attempt('formats.kvCache', () =>
    catalog.kvFormat(resolved.scenario.formats?.kvCache?.[0] ?? 'bf16'),
  )
  for (const name of resolved.scenario.hardware?.accelerators ?? [])
    attempt('hardware.accelerators', () => catalog.accelerator(name))
  for (const name of resolved.scenario.hardware?.servers ?? [])
    attempt('hardware.servers', () => catalog.server(name))
  if (issues.length > 0 || kvCache === undefined) {
    throw new RightsizeError({
      code: 'scenario-invalid',
      message: `${file} has ${issues.length} ${issues.length === 1 ? 'problem' : 'problems'}`,
      issues,
    })
  }
  return { weights, kvCache }
}

/** A format that the engine does not load, or one that is for other models, is no option. */
function runnableFormat(input: {
  model: KeptModel
  weightFormat: WeightFormatRow
  engine: string
}): string | undefined {
  const { weightFormat, engine } = input
  if (engine !== 'generic' && !weightFormat.engines.includes(engine))
    return `${engine} does not load ${weightFormat.id}`
  return undefined
}

/** A score that falls below the minimum once the format's loss is taken off. */
function qualityProblem(resolved: ResolvedScenario, scores: readonly QualityScore[]): string | undefined {
  for (const [index, minimum] of (resolved.scenario.model?.minimumQuality ?? []).entries()) {
    const score = scores[index]
    if (score?.adjusted === undefined) {
      if (resolved.scenario.model?.allowUnknownQuality !== true)
        return `quality unknown in this format: no known loss on ${minimum.benchmark}`
    } else if (score.adjusted.mid < minimum.score) {
      return `the format costs quality: ${score.adjusted.mid.toFixed(1)} on ${score.benchmark}, below ${minimum.score}`
    }
  }
  return undefined
}

/** Facts of a kept model that a table shows. */
export function licenceOf(catalog: Catalog, modelId: string): string {
  const value = modelFacts(catalog, modelId)['licence']?.value
  return value === undefined ? 'unknown' : String(value)
}
