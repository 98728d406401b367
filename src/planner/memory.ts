import type { AcceleratorRow, Catalog, KvFormatRow, WeightFormatRow } from '../catalogs/catalog.ts'
import type { ModelArchitecture } from '../estimators/architecture.ts'
import {
  type AdapterSpec,
  type MemoryInput,
  type MemoryPlan,
  memoryPlan,
  type ParallelLayout,
  type SmallestReplica,
  smallestReplica,
} from '../estimators/memory/index.ts'
import type { Note } from '../foundation/notes.ts'
import {
  type DeviceMemory,
  deviceMemory,
  engineSupport,
  kvBitsPerElement,
  memoryPolicy,
  weightFormatSpec,
} from './inputs.ts'

/** A model to be placed: from the catalog or from the user's file. */
export interface SizedModel {
  readonly id: string
  readonly name: string
  readonly architecture: ModelArchitecture
  /** Exact bytes where a file was read. */
  readonly fileWeightBytes?: number
}

export interface MemoryQuery {
  readonly catalog: Catalog
  readonly model: SizedModel
  readonly weightFormat: WeightFormatRow
  readonly kvFormat: KvFormatRow
  readonly engine: string
  readonly contextTokens: number
  readonly concurrency: number
  readonly adapters?: AdapterSpec
  readonly withDraft?: boolean
  readonly settings?: { memoryFraction?: number; maxSequences?: number; batchedTokens?: number }
}

function memoryInput(
  query: MemoryQuery,
  accelerator: AcceleratorRow | undefined,
  usableBytes: number | undefined,
): Omit<MemoryInput, 'layout'> {
  const { policy } = memoryPolicy({
    catalog: query.catalog,
    engine: query.engine,
    weightFormatId: query.weightFormat.id,
    ...(accelerator === undefined ? {} : { accelerator }),
    ...(usableBytes === undefined ? {} : { usableBytes }),
    ...(query.settings === undefined ? {} : { settings: query.settings }),
  })
  return {
    architecture: query.model.architecture,
    weightFormat: weightFormatSpec(query.weightFormat),
    kvBitsPerElement: kvBitsPerElement(query.kvFormat),
    policy,
    ...(query.adapters === undefined ? {} : { adapters: query.adapters }),
    ...(query.withDraft === undefined ? {} : { withDraft: query.withDraft }),
    ...(query.model.fileWeightBytes === undefined ? {} : { fileWeightBytes: query.model.fileWeightBytes }),
  }
}

export interface DeviceSizing {
  readonly accelerator: AcceleratorRow
  readonly memory: DeviceMemory
  readonly layout: ParallelLayout
  readonly plan: MemoryPlan
  readonly notes: readonly Note[]
}

/** One replica on one kind of accelerator in one layout; undefined where the device's usable memory is unknown. */
export function sizeOnDevice(
  query: MemoryQuery & { accelerator: AcceleratorRow; layout: ParallelLayout },
): DeviceSizing | undefined {
  const memory = deviceMemory(query.catalog, query.accelerator)
  if (memory === undefined) return undefined
  const plan = memoryPlan({
    ...memoryInput(query, query.accelerator, memory.usableBytes),
    layout: query.layout,
    usableBytes: memory.usableBytes,
    contextTokens: query.contextTokens,
    concurrency: query.concurrency,
  })
  return {
    accelerator: query.accelerator,
    memory,
    layout: query.layout,
    plan,
    notes: [...plan.notes, ...deviceNotes(query, query.accelerator, memory)],
  }
}

/** The same load with memory without end: what the model needs, whatever holds it. */
export function sizeAnywhere(query: MemoryQuery & { layout: ParallelLayout }): MemoryPlan {
  return memoryPlan({
    ...memoryInput(query, undefined, undefined),
    layout: query.layout,
    usableBytes: Number.MAX_SAFE_INTEGER,
    contextTokens: query.contextTokens,
    concurrency: query.concurrency,
  })
}

export interface HoldingDevice extends SmallestReplica {
  readonly accelerator: AcceleratorRow
  readonly memory: DeviceMemory
  readonly totalUsableBytes: number
}

/**
 * The smallest number of each accelerator that holds the load, least total memory first. Accelerators that the engine
 * does not run on, or whose memory is unknown, are left out.
 */
export function holdingDevices(
  query: MemoryQuery & { accelerators: readonly AcceleratorRow[]; mostDevices: number },
): HoldingDevice[] {
  const found: HoldingDevice[] = []
  for (const accelerator of query.accelerators) {
    const memory = deviceMemory(query.catalog, accelerator)
    const support = engineSupport(query.catalog, query.engine, accelerator.family)
    if (memory === undefined || support === undefined || support === 'none') continue
    const most = Math.min(query.mostDevices, (accelerator.max_per_server ?? 1) * accelerator.devices_per_part)
    const replica = smallestReplica({
      ...memoryInput(query, accelerator, memory.usableBytes),
      usableBytes: memory.usableBytes,
      contextTokens: query.contextTokens,
      concurrency: query.concurrency,
      // Without a fast link tensor parallelism still runs over PCIe inside one machine.
      linkDomainDevices: Math.max(accelerator.link_domain_accelerators, most),
      mostDevices: most,
    })
    if (replica === undefined) continue
    found.push({ ...replica, accelerator, memory, totalUsableBytes: replica.devices * memory.usableBytes })
  }
  return found.sort(
    (a, b) =>
      a.totalUsableBytes - b.totalUsableBytes ||
      a.devices - b.devices ||
      (a.accelerator.id < b.accelerator.id ? -1 : 1),
  )
}

function deviceNotes(query: MemoryQuery, accelerator: AcceleratorRow, memory: DeviceMemory): Note[] {
  const notes: Note[] = []
  if (memory.quality !== 'measured' && memory.quality !== 'datasheet') {
    notes.push({
      code: 'usable-memory-not-measured',
      level: 'assumption',
      about: accelerator.id,
      message: `the memory an engine finds on ${accelerator.id} is ${memory.quality}, nobody has logged it (${memory.basis})`,
      sourceId: memory.sourceId,
    })
  }
  const support = engineSupport(query.catalog, query.engine, accelerator.family)
  if (support !== 'full') {
    notes.push({
      code: 'engine-support',
      level: 'warning',
      about: accelerator.id,
      message:
        support === 'partial'
          ? `${query.engine} runs on ${accelerator.family} only in part (a plug-in, or without some kernels)`
          : `${query.engine} is not known to run on ${accelerator.family}`,
    })
  }
  return notes
}
