import type { AcceleratorRow, Catalog, KvFormatRow, WeightFormatRow } from '../catalogs/catalog.ts'
import { speedDefaults } from '../catalogs/defaults.ts'
import {
  layoutProblem,
  mostSequences,
  type ParallelLayout,
  prepareMemory,
} from '../estimators/memory/index.ts'
import { divisibility } from '../estimators/memory/tensor-classes.ts'
import {
  boundCoefficients,
  factorTable,
  resolveCoefficients,
} from '../estimators/performance/coefficients.ts'
import { disaggregated } from '../estimators/performance/disaggregated.ts'
import { predictionInterval } from '../estimators/performance/interval.ts'
import { type Nearest, nearestMeasured } from '../estimators/performance/nearest.ts'
import { emptyPerformance, type ServingLoad, steadyState } from '../estimators/performance/steady-state.ts'
import { type Offload, prepareStepModel, type StepModel } from '../estimators/performance/step-model.ts'
import {
  addDecodeStep,
  addPrefill,
  emptyBreakdown,
  type StepBreakdown,
} from '../estimators/performance/step-time.ts'
import { RightsizeError } from '../foundation/errors.ts'
import type { Note } from '../foundation/notes.ts'
import { type DeviceMemory, deviceMemory, memoryPolicy, weightFormatSpec } from './inputs.ts'
import type { SizedModel } from './memory.ts'
import { deviceRates, fittedTraits, performanceFacts, speedWeightBytes } from './performance-inputs.ts'
import { acceptedTokens } from './speculation.ts'
import { missingKernel, speedNotes } from './speed-notes.ts'

export interface SpeedQuery {
  readonly catalog: Catalog
  readonly model: SizedModel
  readonly accelerator: AcceleratorRow
  readonly weightFormat: WeightFormatRow
  readonly kvFormat: KvFormatRow
  readonly engine: string
  readonly layout: ParallelLayout
  readonly inputTokens: number
  readonly outputTokens: number
  /** Requests in flight on one replica, closed loop. */
  readonly concurrency: number
  /** Share of the input that the prefix cache serves. */
  readonly cachedInputFraction: number
  /** Tokens that a draft (or MTP module) proposes per step, and the chance that each is accepted. */
  readonly speculation?: { readonly proposedTokens: number; readonly acceptanceFraction: number }
  /** Share of the requests that start together, as in a benchmark; 0 for a service that has run for long. */
  readonly burstFraction: number
  /** Layers that stay on the host (llama.cpp's partial offload). */
  readonly offload?: Offload
  /** Prefill on replicas of its own; the cache crosses a link. */
  readonly disaggregation?: {
    readonly prefillReplicas: number
    readonly decodeReplicas: number
    readonly transferBytesPerSecond: number
  }
}

export interface SpeedFigure {
  readonly value: number
  /** 80 % interval from runs that the fit had not seen; undefined for a bound. */
  readonly low: number | undefined
  readonly high: number | undefined
}

export type Bound = 'weights' | 'cache' | 'compute' | 'communication' | 'latency'

export interface Phase {
  readonly seconds: number
  readonly breakdown: Readonly<StepBreakdown>
  /** What takes most of the time. */
  readonly boundBy: Bound
  readonly boundShare: number
}

export interface SpeedAnswer {
  /** `bound`: nothing near was measured, or the device has no kernel for the format: no engine is faster than this. */
  readonly status: 'estimate' | 'bound'
  readonly ttftSeconds: SpeedFigure
  readonly tpotSeconds: SpeedFigure
  readonly endToEndSeconds: SpeedFigure
  readonly outputTokensPerSecond: SpeedFigure
  readonly totalTokensPerSecond: SpeedFigure
  readonly requestsPerSecond: SpeedFigure
  readonly devices: number
  readonly runningSequences: number
  /** What the KV memory of the replica holds at these lengths; the rest of the concurrency waits. */
  readonly sequencesInMemory: number
  /** Sequences the engine is set to run at once; undefined where it sets no limit. */
  readonly maxSequences: number | undefined
  readonly maxBatchedTokens: number
  readonly prefill: Phase
  readonly decode: Phase
  readonly nearest: Nearest
  readonly memory: DeviceMemory
  readonly model: StepModel
  readonly notes: readonly Note[]
}

/**
 * Speed of one replica under a closed loop of requests, with the interval that held-out runs justify.
 * @throws RightsizeError `arguments-invalid` where the layout cannot exist, the model does not fit, or rates are unknown.
 */
export function predictSpeed(query: SpeedQuery): SpeedAnswer {
  const { catalog, accelerator, layout, weightFormat, kvFormat, engine } = query
  const { architecture } = query.model
  const memory = deviceMemory(catalog, accelerator)
  const problem = layoutProblem(layout, divisibility(architecture))
  if (problem !== undefined) throw refused('the parallel layout', problem)
  if (memory === undefined)
    throw refused(accelerator.id, 'the catalog does not say how much memory an engine finds on it')
  const devices = layout.tensor * layout.attentionData * layout.pipeline
  const rates = deviceRates({
    accelerator,
    weights: weightFormat,
    engine,
    devices: layout.tensor,
    networkBytesPerSecond: speedDefaults(catalog).clusterNetworkBytesPerSecond,
  })
  if (rates === undefined) throw refused(accelerator.id, 'no peak rate is known')
  const { policy } = memoryPolicy({
    catalog,
    engine,
    weightFormatId: weightFormat.id,
    accelerator,
    usableBytes: memory.usableBytes,
  })
  const prepared = prepareMemory({
    architecture,
    weightFormat: weightFormatSpec(weightFormat),
    kvBitsPerElement: kvFormat.bits_per_element,
    layout,
    policy,
    ...(query.model.fileWeightBytes === undefined ? {} : { fileWeightBytes: query.model.fileWeightBytes }),
  })
  const sequences = mostSequences(prepared, {
    usableBytes: memory.usableBytes,
    contextTokens: Math.ceil(query.inputTokens + query.outputTokens / 2),
  })
  if (sequences < 1) {
    throw refused(
      'memory',
      `${query.model.id} in ${weightFormat.id} does not fit ${devices} × ${accelerator.id} with a sequence of this length`,
    )
  }
  const facts = performanceFacts({
    accelerator,
    weights: weightFormat,
    engine,
    era: 'new',
    mode: 'serving',
    architecture,
    modelId: query.model.id,
  })
  const nearest = nearestMeasured(catalog.rows('measuredPoints'), {
    facts,
    modelId: query.model.id,
    batch: Math.max(1, query.concurrency / (query.disaggregation?.decodeReplicas ?? 1)),
  })
  const kernel = missingKernel(accelerator, weightFormat)
  const status = nearest.novelty === 'unmeasured' || kernel !== undefined ? 'bound' : 'estimate'
  const coefficients =
    status === 'bound'
      ? boundCoefficients
      : resolveCoefficients(factorTable(catalog.rows('efficiency')), facts).coefficients
  const model = prepareStepModel({
    architecture,
    weights: speedWeightBytes(weightFormat, kvFormat),
    rates,
    layout: {
      tensorParallel: layout.tensor,
      pipelineParallel: layout.pipeline,
      expertParallel: layout.expert,
      attentionDataParallel: layout.attentionData,
      replicas: 1,
    },
    traits: fittedTraits(engine),
    coefficients,
    ...(query.offload === undefined ? {} : { offload: query.offload }),
  })
  const groups = layout.attentionData
  const speculation = query.speculation
  const load: ServingLoad = {
    concurrency: query.concurrency,
    inputTokens: query.inputTokens,
    outputTokens: query.outputTokens,
    cachedInputFraction: query.cachedInputFraction,
    tokensPerStep: speculation === undefined ? 1 : acceptedTokens(speculation),
    verifiedTokensPerStep: speculation === undefined ? 1 : speculation.proposedTokens + 1,
    sequencesInMemory: Math.max(
      1,
      Math.min(
        sequences,
        policy.maxSequences === undefined ? Number.POSITIVE_INFINITY : policy.maxSequences * groups,
      ) / groups,
    ),
    burstFraction: query.burstFraction,
  }
  const { disaggregation } = query
  const out =
    disaggregation === undefined
      ? steadyState(model, load, emptyPerformance())
      : disaggregated({ prefill: model, decode: model, load, ...disaggregation }, emptyPerformance())
  const replicas =
    disaggregation === undefined ? 1 : disaggregation.prefillReplicas + disaggregation.decodeReplicas
  const errors = catalog.rows('predictionErrors')
  const figure = (metric: string, value: number): SpeedFigure => {
    const interval =
      status === 'bound'
        ? undefined
        : predictionInterval(errors, { metric, engine, novelty: nearest.widths, value })
    return { value, low: interval?.low, high: interval?.high }
  }
  const ttftSeconds = figure('ttft', out.ttftSeconds)
  const tpotSeconds = figure('tpot', out.tpotSeconds)
  const tokens = query.outputTokens
  const sum = (end: 'low' | 'high') =>
    ttftSeconds[end] === undefined || tpotSeconds[end] === undefined
      ? undefined
      : ttftSeconds[end]! + tokens * tpotSeconds[end]!
  return {
    status,
    ttftSeconds,
    tpotSeconds,
    // Both ends at once: wider than 80 % where the two errors do not go together.
    endToEndSeconds: { value: out.endToEndSeconds, low: sum('low'), high: sum('high') },
    outputTokensPerSecond: figure('throughput', out.outputTokensPerSecond),
    totalTokensPerSecond: figure('throughput', out.totalTokensPerSecond),
    requestsPerSecond: figure('throughput', out.requestsPerSecond),
    devices: devices * replicas,
    runningSequences: out.runningSequences,
    sequencesInMemory: sequences,
    maxSequences: policy.maxSequences,
    maxBatchedTokens: policy.batchedTokens,
    prefill: prefillPhase(model, query),
    decode: decodePhase(model, {
      query,
      // Fewer requests than replicas leave some of these empty; the others decode one.
      batch: Math.max(1, out.runningSequences / groups / (disaggregation?.decodeReplicas ?? 1)),
      verified: load.verifiedTokensPerStep,
    }),
    nearest,
    memory,
    model,
    notes: speedNotes({
      query,
      nearest,
      kernel,
      sequences: sequences * (disaggregation?.decodeReplicas ?? 1),
      status,
      memory,
    }),
  }
}

function prefillPhase(model: StepModel, query: SpeedQuery): Phase {
  const breakdown = emptyBreakdown()
  const cached = query.inputTokens * query.cachedInputFraction
  addPrefill(model, { newTokens: query.inputTokens - cached, depthTokens: cached, packed: 1 }, breakdown)
  return phase(breakdown)
}

function decodePhase(model: StepModel, input: { query: SpeedQuery; batch: number; verified: number }): Phase {
  const breakdown = emptyBreakdown()
  const { query } = input
  addDecodeStep(
    model,
    {
      decodeSequences: input.batch * input.verified,
      decodeContextTokens: query.inputTokens + query.outputTokens / 2,
    },
    breakdown,
  )
  return phase(breakdown)
}

function phase(breakdown: StepBreakdown): Phase {
  const parts: readonly (readonly [Bound, number])[] = [
    ['weights', breakdown.weightsSeconds],
    ['cache', breakdown.cacheSeconds],
    ['compute', breakdown.computeSeconds],
    ['communication', breakdown.communicationSeconds],
    ['latency', breakdown.latencySeconds],
  ]
  const seconds = parts.reduce((total, [, part]) => total + part, 0)
  const [boundBy, most] = parts.reduce((best, part) => (part[1] > best[1] ? part : best))
  return { seconds, breakdown, boundBy, boundShare: seconds > 0 ? most / seconds : 0 }
}

function refused(place: string, message: string): RightsizeError {
  return new RightsizeError({
    code: 'arguments-invalid',
    message: `cannot predict a speed: ${message}`,
    issues: [{ place, message }],
  })
}
