import type { Catalog } from '../catalogs/catalog.ts'
import { type ParallelLayout, singleDevice } from '../estimators/memory/index.ts'
import { type Note, sortedNotes } from '../foundation/notes.ts'
import {
  type HoldingDevice,
  holdingDevices,
  type MemoryQuery,
  type SizedModel,
  sizeAnywhere,
  sizeOnDevice,
} from '../planner/memory.ts'
import { engines, type MemoryOptions } from './commands/memory.ts'
import { findModel } from './find-model.ts'
import type { CliIo } from './io.ts'
import { loadCliCatalog } from './load-catalog.ts'
import { OptionReader } from './option-values.ts'
import { renderMemory } from './render-memory.ts'

export interface MemoryAnswer {
  readonly query: MemoryQuery
  readonly layout: ParallelLayout
  readonly notes: readonly Note[]
  readonly onDevice: ReturnType<typeof sizeOnDevice>
  readonly anywhere: ReturnType<typeof sizeAnywhere>
  readonly holding: readonly HoldingDevice[]
}

/** How many devices one replica may span in the table of holding accelerators: one machine. */
const mostDevices = 16

const defaultContextTokens = 8192

export async function runMemory(input: { model: string; options: MemoryOptions; io: CliIo }): Promise<void> {
  const { options, io } = input
  const catalog = await loadCliCatalog({ overlay: options.catalog, io })
  const { model, notes, nativeWeights } = await findModel({ name: input.model, catalog, io })
  const answer = answerMemory({ catalog, model, nativeWeights, options, notes })
  io.stdout.write(options.json ? `${JSON.stringify(jsonAnswer(answer), null, 2)}\n` : renderMemory(answer))
}

function answerMemory(input: {
  catalog: Catalog
  model: SizedModel
  nativeWeights: string | undefined
  options: MemoryOptions
  notes: readonly Note[]
}): MemoryAnswer {
  const { catalog, model, options } = input
  const read = new OptionReader()
  const notes: Note[] = [...input.notes]
  const engine = read.choice({ option: '--engine', value: options.engine, allowed: engines })
  const weightsName = options.weights ?? input.nativeWeights ?? 'bf16'
  const weightFormat = read.lookup('--weights', () => catalog.weightFormat(weightsName))
  const kvFormat = read.lookup('--kv', () => catalog.kvFormat(options.kv ?? 'bf16'))
  const accelerator =
    options.accelerator === undefined
      ? undefined
      : read.lookup('--accelerator', () => catalog.accelerator(options.accelerator!))
  const limit = model.architecture.maxContextTokens
  const contextTokens =
    read.quantity({ option: '--context', value: options.context, dimension: 'tokens', least: 1 }) ??
    Math.min(defaultContextTokens, limit ?? defaultContextTokens)
  const concurrency =
    read.whole({ option: '--concurrency', value: options.concurrency, least: 1, most: 10_000_000 }) ?? 1
  const layout: ParallelLayout = {
    tensor: read.whole({ option: '--tp', value: options.tp, least: 1, most: 1024 }) ?? 1,
    pipeline: read.whole({ option: '--pp', value: options.pp, least: 1, most: 1024 }) ?? 1,
    expert: read.whole({ option: '--ep', value: options.ep, least: 1, most: 1024 }) ?? 1,
    attentionData: read.whole({ option: '--dp', value: options.dp, least: 1, most: 1024 }) ?? 1,
  }
  const adapters = read.whole({ option: '--adapters', value: options.adapters, least: 0 })
  const adapterRank =
    read.whole({ option: '--adapter-rank', value: options.adapterRank, least: 1, most: 4096 }) ?? 16
  const memoryFraction = read.quantity({
    option: '--memory-fraction',
    value: options.memoryFraction,
    dimension: 'fraction',
    least: 0.05,
    most: 1,
  })
  const maxSequences = read.whole({ option: '--max-sequences', value: options.maxSequences, least: 1 })
  const batchedTokens = read.whole({ option: '--batched-tokens', value: options.batchedTokens, least: 1 })
  read.done()
  if (options.weights === undefined) {
    notes.push({
      code: 'default-of-command',
      level: 'assumption',
      about: 'weights',
      message: `weight format ${weightsName}: the format of the model’s own files`,
    })
  }
  if (options.context === undefined) {
    notes.push({
      code: 'default-of-command',
      level: 'assumption',
      about: 'context',
      message: `context ${contextTokens} tokens: give --context for your own`,
    })
  }
  if (limit !== undefined && contextTokens > limit) {
    notes.push({
      code: 'context-above-limit',
      level: 'warning',
      about: 'context',
      message: `the model was trained for ${limit} tokens; longer contexts need an extension such as YaRN`,
    })
  }
  const settings = {
    ...(memoryFraction === undefined ? {} : { memoryFraction }),
    ...(maxSequences === undefined ? {} : { maxSequences }),
    ...(batchedTokens === undefined ? {} : { batchedTokens }),
  }
  const query: MemoryQuery = {
    catalog,
    model,
    weightFormat: weightFormat!,
    kvFormat: kvFormat!,
    engine,
    contextTokens,
    concurrency,
    settings,
    ...(options.draft ? { withDraft: true } : {}),
    ...(adapters === undefined || adapters === 0
      ? {}
      : {
          adapters: {
            count: adapters,
            rank: adapterRank,
            targets: ['query', 'key', 'value', 'output'],
            bitsPerWeight: 16,
          },
        }),
  }
  const onDevice = accelerator === undefined ? undefined : sizeOnDevice({ ...query, accelerator, layout })
  if (accelerator !== undefined && onDevice === undefined) {
    notes.push({
      code: 'usable-memory-unknown',
      level: 'warning',
      about: accelerator.id,
      message: `the catalog does not say how much memory an engine finds on ${accelerator.id}`,
    })
  }
  return {
    query,
    layout,
    onDevice,
    anywhere: sizeAnywhere({ ...query, layout: accelerator === undefined ? layout : singleDevice }),
    holding: holdingDevices({ ...query, accelerators: catalog.rows('accelerators'), mostDevices }),
    notes: sortedNotes([...notes, ...(onDevice?.notes ?? [])]),
  }
}

function jsonAnswer(answer: MemoryAnswer): Record<string, unknown> {
  const { query, onDevice, anywhere } = answer
  const {
    fits: _fits,
    freeBytes: _free,
    mostSequences: _most,
    longestContextTokens: _longest,
    notes: _notes,
    parts,
    kv,
    ...needs
  } = anywhere
  // Without a device there is no pool: what it would hold is no figure.
  const { poolBytes: _pool, loggedPoolTokens: _tokens, capacityTokens: _capacity, ...kvNeeds } = kv
  return {
    schemaVersion: 1,
    catalogVersion: query.catalog.version,
    model: query.model.id,
    weightFormat: query.weightFormat.id,
    kvFormat: query.kvFormat.id,
    engine: query.engine,
    contextTokens: query.contextTokens,
    concurrency: query.concurrency,
    needs: {
      ...needs,
      kv: kvNeeds,
      parts: parts.filter((part) => part.part !== 'free' && part.part !== 'engineMargin'),
    },
    device:
      onDevice === undefined
        ? null
        : {
            accelerator: onDevice.accelerator.id,
            usableMemory: onDevice.memory,
            layout: onDevice.layout,
            ...onDevice.plan,
          },
    smallest: answer.holding.map((holding) => ({
      accelerator: holding.accelerator.id,
      devices: holding.devices,
      layout: holding.layout,
      freeBytes: holding.freeBytes,
      totalUsableBytes: holding.totalUsableBytes,
    })),
    notes: answer.notes,
  }
}
