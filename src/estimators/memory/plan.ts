import type { Note } from '../../foundation/notes.ts'
import { kvBytesPerGrowingToken, kvBytesPerSequence } from './kv-profile.ts'
import { devicesPerReplica, layoutProblem } from './layout.ts'
import {
  kvBytesPerDevice,
  kvPoolBytes,
  loggedPoolTokens,
  longestContext,
  type MemoryInput,
  minimumProfile,
  mostSequences,
  type PreparedMemory,
  poolTokensAtContext,
  prepareMemory,
  sequencesPerDevice,
} from './prepared.ts'
import { divisibility } from './tensor-classes.ts'
import { type WeightBytes, weightBytesOfReplica } from './weights.ts'

export interface MemoryLoad {
  /** What the engine finds on the device, in bytes: `usable_memory_gib`, not the label on the box. */
  readonly usableBytes: number
  /** Input and output tokens of one sequence. */
  readonly contextTokens: number
  readonly concurrency: number
}

export type MemoryPartName =
  | 'weights'
  | 'adapters'
  | 'draftModel'
  | 'kvCache'
  | 'activations'
  | 'runtime'
  | 'communication'
  | 'graphs'
  /** What the engine leaves alone; negative where graphs and activations need more than it leaves. */
  | 'engineMargin'
  /** What the load leaves of the KV pool; negative where it does not fit. */
  | 'free'

export interface MemoryPart {
  readonly part: MemoryPartName
  readonly bytes: number
  /** The record of `formulas.ts` behind the figure; undefined for catalog values and differences. */
  readonly formulaId?: string
}

export interface KvPlan {
  /** What the load needs on the heaviest device, as the engine allocates and as the architecture demands. */
  readonly requiredBytes: number
  readonly minimumRequiredBytes: number
  readonly poolBytes: number
  readonly bytesPerSequence: number
  readonly minimumBytesPerSequence: number
  /** What every further token of a long sequence costs. */
  readonly bytesPerToken: number
  readonly minimumBytesPerToken: number
  /** What the engine divides its pool by when it logs tokens. */
  readonly loggedBytesPerToken: number
  readonly loggedPoolTokens: number | undefined
  /** Tokens that fit as sequences of the load's length: more than logged where layers have windows or states. */
  readonly capacityTokens: number | undefined
  readonly reason: string
  readonly formulaIds: readonly string[]
}

export interface MemoryPlan {
  readonly fits: boolean
  /** Why the layout cannot exist; then nothing fits. */
  readonly problem?: string
  readonly devices: number
  /** On the heaviest device; they sum to `usableBytes`. */
  readonly parts: readonly MemoryPart[]
  readonly weights: WeightBytes
  /** All devices of the replica together. */
  readonly replicaWeights: WeightBytes
  readonly kv: KvPlan
  readonly freeBytes: number
  /** At the load's context; Infinity for models that cache nothing. */
  readonly mostSequences: number
  /** At the load's concurrency, at most the model's own limit; undefined where the model states none. */
  readonly longestContextTokens: number | undefined
  readonly notes: readonly Note[]
}

/** The whole picture of one replica on equal devices, with the formula behind every figure. */
export function memoryPlan(input: MemoryInput & MemoryLoad): MemoryPlan {
  const { architecture, layout, policy, usableBytes, contextTokens, concurrency } = input
  const problem = layoutProblem(layout, divisibility(architecture))
  const prepared = prepareMemory(input)
  const { working, weights, allocation } = prepared
  const poolBytes = kvPoolBytes(prepared, usableBytes)
  const requiredBytes = kvBytesPerDevice(prepared, input)
  const freeBytes = poolBytes - requiredBytes
  const sequences = mostSequences(prepared, { usableBytes, contextTokens })
  const minimum = minimumProfile(input)
  const minimumPerSequence = kvBytesPerSequence(minimum, contextTokens)
  const limitTokens = architecture.maxContextTokens
  const engineMargin = usableBytes - prepared.staticBytes - poolBytes
  return {
    fits: problem === undefined && freeBytes >= 0,
    ...(problem === undefined ? {} : { problem }),
    devices: devicesPerReplica(layout),
    parts: parts(prepared, { requiredBytes, engineMargin, freeBytes }),
    weights,
    replicaWeights: weightBytesOfReplica({
      architecture,
      format: input.weightFormat,
      layout,
      padding: policy,
      withDraft: input.withDraft ?? false,
    }),
    kv: {
      requiredBytes,
      minimumRequiredBytes: minimumPerSequence * sequencesPerDevice(prepared, concurrency),
      poolBytes,
      bytesPerSequence: kvBytesPerSequence(allocation.profile, contextTokens),
      minimumBytesPerSequence: minimumPerSequence,
      bytesPerToken: kvBytesPerGrowingToken(allocation.profile),
      minimumBytesPerToken: kvBytesPerGrowingToken(minimum),
      loggedBytesPerToken: allocation.loggedBytesPerToken,
      loggedPoolTokens: loggedPoolTokens(prepared, usableBytes),
      capacityTokens: poolTokensAtContext(prepared, input),
      reason: allocation.reason,
      formulaIds: kvFormulaIds(input),
    },
    freeBytes,
    mostSequences: sequences,
    longestContextTokens:
      limitTokens === undefined
        ? undefined
        : longestContext(prepared, { usableBytes, concurrency, limitTokens }),
    notes: notes(input, engineMargin, working.graphBytes),
  }
}

function parts(
  prepared: PreparedMemory,
  kv: { requiredBytes: number; engineMargin: number; freeBytes: number },
): MemoryPart[] {
  const { weights, working, policy } = prepared
  const pool = {
    total: 'kv-pool-of-total',
    'free-before-weights': 'kv-pool-of-free-before-weights',
    'free-after-weights': 'kv-pool-of-free-after-weights',
  }[policy.fractionBase]
  return [
    { part: 'weights', bytes: weights.totalBytes, formulaId: 'weight-bytes' },
    { part: 'adapters', bytes: prepared.adapterBytes, formulaId: 'lora-adapter-bytes' },
    { part: 'draftModel', bytes: prepared.draftModelBytes },
    { part: 'kvCache', bytes: kv.requiredBytes },
    { part: 'activations', bytes: working.activationBytes, formulaId: working.activationFormulaId },
    { part: 'runtime', bytes: working.runtimeBytes },
    { part: 'communication', bytes: working.communicationBytes },
    { part: 'graphs', bytes: working.graphBytes },
    { part: 'engineMargin', bytes: kv.engineMargin },
    { part: 'free', bytes: kv.freeBytes, formulaId: pool },
  ]
}

function kvFormulaIds(input: MemoryInput): string[] {
  const ids = new Set<string>()
  for (const { attention } of input.architecture.layerGroups) {
    if (attention.kind === 'latent') ids.add('kv-bytes-per-token-latent')
    if (attention.kind === 'full' || attention.kind === 'window') ids.add('kv-bytes-per-token-heads')
    if (attention.kind === 'recurrent') ids.add('recurrent-state-bytes')
  }
  if (input.policy.kvLayout === 'equal-pages') ids.add('kv-bytes-per-token-equal-pages')
  if (input.policy.kvLayout === 'padded-cells') ids.add('llama-cpp-window-cells')
  return [...ids]
}

function notes(input: MemoryInput & MemoryLoad, engineMargin: number, graphBytes: number): Note[] {
  const { policy, concurrency } = input
  const found: Note[] = []
  if (engineMargin < 0) {
    found.push({
      code: 'engine-margin-overdrawn',
      level: 'warning',
      about: 'memory.engineMargin',
      message: `${policy.engine} may use ${policy.memoryFraction} of the device, and ${graphBytes > 0 ? 'captured graphs come' : 'activations come'} on top: lower the fraction if the engine runs out of memory`,
    })
  }
  if (policy.maxSequences !== undefined && concurrency > policy.maxSequences) {
    found.push({
      code: 'concurrency-above-engine-limit',
      level: 'warning',
      about: 'memory.concurrency',
      message: `${policy.engine} is set to ${policy.maxSequences} sequences at once; the other ${concurrency - policy.maxSequences} would wait`,
    })
  }
  return found
}
