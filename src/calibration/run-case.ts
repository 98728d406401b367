import type { Catalog, KvFormatRow, ModelRow, WeightFormatRow } from '../catalogs/catalog.ts'
import { speedDefaults } from '../catalogs/defaults.ts'
import { type ModelFacts, modelFacts } from '../catalogs/schema/model-facts.ts'
import type { ModelArchitecture } from '../estimators/architecture.ts'
import { mostSequences, prepareMemory } from '../estimators/memory/index.ts'
import type { PerformanceFacts } from '../estimators/performance/levels.ts'
import { type Layout, prepareStepModel, type StepModel } from '../estimators/performance/step-model.ts'
import type { Coefficients } from '../estimators/performance/terms.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { engineEra } from '../planner/engine-era.ts'
import { deviceMemory, memoryPolicy, weightFormatSpec } from '../planner/inputs.ts'
import { modelArchitecture } from '../planner/model-inputs.ts'
import {
  deviceRates,
  fittedTraits,
  performanceFacts,
  speedWeightBytes,
  splitsLayers,
} from '../planner/performance-inputs.ts'
import type { Run } from './runs.ts'

/** A run as the physics sees it. */
export interface RunCase {
  readonly run: Run
  readonly facts: PerformanceFacts
  readonly model: StepModel
  /** Model id of the catalog and what it shares its architecture with. */
  readonly modelId: string
  readonly weightFormatId: string
  /** All devices of the run. */
  readonly devices: number
  readonly mode: string
  readonly inputTokens: number
  readonly outputTokens: number
  readonly concurrency: number
  readonly medianTpot: boolean
  /** Sequences that the KV memory of one attention group holds. */
  readonly sequencesInMemory: number
  readonly maxSequences: number
  /** Share of the requests that start together, and sequences that they run at once, where the run does not say. */
  readonly usualBurstFraction: number
  readonly burstSequences: number
  /** `pp2048 @ d16384`: prefill of the first after a context of the second. */
  readonly prefillTokens: number
  readonly depthTokens: number
}

export type CaseResult = { readonly case: RunCase } | { readonly reason: string }

const modes = new Set([
  'serving',
  'saturated',
  'burst',
  'open-loop',
  'static-batch',
  'single-stream',
  'mlperf-offline',
  'mlperf-server',
  'mlperf-interactive',
])
const engines = new Set(['vllm', 'sglang', 'tensorrt-llm', 'llama.cpp', 'mlx', 'transformers'])

/** Tokens that a step's prefill takes, and how many chunks a layer split keeps in flight (engines' defaults). */
export interface RunReaderOptions {
  readonly coefficients: (facts: PerformanceFacts) => Coefficients
}

/** Turns runs into cases against one catalog; says why where it cannot. */
export function runReader(catalog: Catalog, options: RunReaderOptions): (run: Run) => CaseResult {
  const architectures = new Map<string, ModelArchitecture | undefined>()
  const facts = modelFacts(catalog.rows('modelFacts'))
  const architectureOf = (row: ModelRow) => {
    if (!architectures.has(row.id)) architectures.set(row.id, modelArchitecture(row))
    return architectures.get(row.id)
  }
  return (run) => {
    try {
      return readRun({ catalog, run, options, facts, architectureOf })
    } catch (error) {
      if (error instanceof RightsizeError) return { reason: error.message }
      throw error
    }
  }
}

function readRun(input: {
  catalog: Catalog
  run: Run
  options: RunReaderOptions
  facts: ReadonlyMap<string, ModelFacts>
  architectureOf: (row: ModelRow) => ModelArchitecture | undefined
}): CaseResult {
  const { catalog, run } = input
  const { engine, mode } = run
  if (engine === undefined || !engines.has(engine)) return { reason: `unknown engine "${engine ?? ''}"` }
  if (mode === undefined || !modes.has(mode)) return { reason: `unknown mode "${mode ?? ''}"` }
  if (run.accelerator === undefined) return { reason: 'no accelerator' }
  const accelerator = catalog.accelerator(run.accelerator)
  const row = catalog.model(run.model ?? '')
  const architecture = input.architectureOf(row)
  if (architecture === undefined) return { reason: `the architecture of ${row.id} is not published` }
  // llama.cpp keeps what is not an expert of an MXFP4 model in Q8_0.
  const named = engine === 'llama.cpp' && run.weights === 'mxfp4' ? 'gguf-mxfp4' : (run.weights ?? '')
  const weights = catalog.weightFormat(named)
  const cache = cacheFormat(catalog, run, weights)
  const missing = missingLoad(run)
  if (missing !== undefined) return { reason: `${missing} is blank` }
  const layout = runLayout(run, architecture)
  if (layout === undefined) return { reason: 'the parallel layout does not add up to the accelerators' }
  const defaults = speedDefaults(catalog)
  const rates = deviceRates({
    accelerator,
    weights,
    engine,
    devices: layout.tensorParallel,
    networkBytesPerSecond: defaults.clusterNetworkBytesPerSecond,
  })
  if (rates === undefined) return { reason: `no peak rate of ${accelerator.id} is known` }
  const released = input.facts.get(row.id)?.released
  const era = engineEra({
    engine,
    statesAttentionDataParallelism: run.attention_dp !== undefined,
    ...(run.engine_version === undefined ? {} : { engineVersion: run.engine_version }),
    ...(run.as_of === undefined ? {} : { date: run.as_of }),
    ...(released === undefined ? {} : { modelReleased: released }),
    ...(accelerator.launched === undefined ? {} : { acceleratorLaunched: accelerator.launched }),
  })
  const facts = performanceFacts({
    accelerator,
    weights,
    engine,
    era,
    mode,
    architecture,
    modelId: row.id,
    // Runs files have no column for it.
    vulkan: /vulkan/i.test(`${run.engine_version ?? ''} ${run.note ?? ''}`),
  })
  const memory = deviceMemory(catalog, accelerator)
  const { policy } = memoryPolicy({
    catalog,
    engine,
    weightFormatId: weights.id,
    accelerator,
    ...(memory === undefined ? {} : { usableBytes: memory.usableBytes }),
  })
  const inputTokens = run.input_tokens ?? 0
  const outputTokens = run.output_tokens ?? 1
  const sequences =
    memory === undefined
      ? Number.POSITIVE_INFINITY
      : mostSequences(
          prepareMemory({
            architecture,
            weightFormat: weightFormatSpec(weights),
            kvBitsPerElement: cache.bits_per_element,
            layout: {
              tensor: layout.tensorParallel,
              pipeline: layout.pipelineParallel,
              attentionData: layout.attentionDataParallel,
              expert: 1,
            },
            policy,
          }),
          { usableBytes: memory.usableBytes, contextTokens: Math.ceil(inputTokens + outputTokens / 2) },
        ) / layout.attentionDataParallel
  const depth = /pp(\d+) @ d(\d+)/.exec(run.note ?? '')
  return {
    case: {
      run,
      facts,
      modelId: row.id,
      weightFormatId: weights.id,
      devices:
        layout.tensorParallel * layout.pipelineParallel * layout.attentionDataParallel * layout.replicas,
      mode,
      model: prepareStepModel({
        architecture,
        weights: speedWeightBytes(weights, cache),
        rates,
        layout,
        traits: fittedTraits(engine),
        coefficients: input.options.coefficients(facts),
      }),
      inputTokens,
      outputTokens,
      concurrency: run.concurrency ?? run.num_requests ?? 1,
      medianTpot: run.tpot_statistic === 'median',
      sequencesInMemory: Math.max(sequences, 1),
      maxSequences: policy.maxSequences ?? defaults.benchmarkSequences,
      usualBurstFraction: defaults.burstFraction,
      burstSequences: defaults.burstSequences,
      prefillTokens: depth === null ? inputTokens : Number(depth[1]),
      depthTokens: depth === null ? 0 : Number(depth[2]),
    },
  }
}

function cacheFormat(catalog: Catalog, run: Run, weights: WeightFormatRow): KvFormatRow {
  if (run.kv_cache !== undefined) return catalog.kvFormat(run.kv_cache)
  // TensorRT-LLM's quantised checkpoints come with an 8-bit cache; static-batch sources did not use it.
  const eight = ['fp8', 'nvfp4', 'mxfp4'].includes(weights.id)
  return catalog.kvFormat(
    run.engine === 'tensorrt-llm' && eight && run.mode !== 'static-batch' ? 'fp8' : 'bf16',
  )
}

function missingLoad(run: Run): string | undefined {
  const single = run.mode === 'single-stream'
  if (!single && run.input_tokens === undefined) return 'input_tokens'
  if (!single && run.output_tokens === undefined) return 'output_tokens'
  if (run.mode === 'open-loop' && run.request_rate_per_second === undefined) return 'request_rate_per_second'
  if (run.mode === 'burst' && run.num_requests === undefined && run.concurrency === undefined) {
    return 'num_requests'
  }
  if ((run.mode === 'serving' || run.mode === 'static-batch') && run.concurrency === undefined) {
    return 'concurrency'
  }
  return undefined
}

/** How the run's devices are used. `tp 1, ep N` on N devices without attention groups means one group of N. */
function runLayout(run: Run, architecture: ModelArchitecture): Layout | undefined {
  const devices = run.accelerators ?? run.tp ?? 1
  const pipeline = run.pp ?? 1
  if (splitsLayers(run.engine ?? '')) {
    return {
      tensorParallel: 1,
      pipelineParallel: devices,
      expertParallel: 1,
      attentionDataParallel: 1,
      replicas: 1,
    }
  }
  const expert = run.ep ?? 1
  const groups = run.attention_dp ?? 1
  if (groups > 1) {
    const tensor = Math.max(1, Math.round(devices / (groups * pipeline)))
    return {
      tensorParallel: tensor,
      pipelineParallel: pipeline,
      expertParallel: expert,
      attentionDataParallel: groups,
      replicas: 1,
    }
  }
  const stated = run.tp === 1 && expert > 1 && expert === devices ? devices : run.tp
  const tensor =
    stated ?? (run.mode?.startsWith('mlperf') === true ? smallestGroup(run, architecture) : devices)
  if (tensor * pipeline > devices) return undefined
  return {
    tensorParallel: tensor,
    pipelineParallel: pipeline,
    expertParallel: expert,
    attentionDataParallel: 1,
    replicas: Math.max(1, Math.floor(devices / (tensor * pipeline))),
  }
}

/** MLPerf does not state the layout; tuned submissions use the fewest devices that leave room for the cache. */
function smallestGroup(run: Run, architecture: ModelArchitecture): number {
  const devices = run.accelerators ?? 1
  const billions = (architecture.publishedParameters ?? 0) / 1e9
  const largestNode = 8
  const perDevice = 80
  let group = 1
  while (group < Math.min(devices, largestNode) && billions / group > perDevice) group *= 2
  return group
}
