import type { AcceleratorRow, Catalog, KvFormatRow, ModelRow, WeightFormatRow } from '../catalogs/catalog.ts'
import type { ModelArchitecture } from '../estimators/architecture.ts'
import type { WeightFormatSpec } from '../estimators/memory/index.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { gibibyte } from '../foundation/units.ts'
import { enginePolicy, type ResolvedEnginePolicy } from './engine-policy.ts'
import { modelArchitecture } from './model-inputs.ts'

/**
 * The only place where a catalog row becomes an estimator's input. (Models have a file of their own beside this one,
 * engine policies another.)
 */

/** Norms, biases, routers and gates stay at 16 bits in every format (catalogs/weight_formats.csv says so). */
const otherBitsPerWeight = 16

export function weightFormatSpec(row: WeightFormatRow): WeightFormatSpec {
  const body = row.body_bits_per_weight
  return {
    bodyBitsPerWeight: body,
    embeddingBitsPerWeight: row.embedding_bits_per_weight,
    lmHeadBitsPerWeight: row.lm_head_bits_per_weight,
    expertBitsPerWeight: row.expert_bits_per_weight ?? body,
    attentionBitsPerWeight: row.attention_bits_per_weight ?? body,
    encoderBitsPerWeight: row.encoder_bits_per_weight ?? Math.max(body, otherBitsPerWeight),
    otherBitsPerWeight,
  }
}

export function kvBitsPerElement(row: KvFormatRow): number {
  return row.bits_per_element
}

/**
 * The architecture of a catalog model.
 * @throws RightsizeError `unknown-model` where it is not published.
 */
export function knownArchitecture(model: ModelRow): ModelArchitecture {
  const architecture = modelArchitecture(model)
  if (architecture !== undefined) return architecture
  throw new RightsizeError({
    code: 'unknown-model',
    message: `the architecture of ${model.id} is unknown: ${model.architecture_unknown ?? 'not published'}`,
    hint: 'give a config.json, a GGUF file or an overlay row with its layers',
  })
}

export interface DeviceMemory {
  readonly usableBytes: number
  /** Measured, or estimated by a rule. */
  readonly quality: string
  readonly basis: string
  readonly sourceId: string
}

/** What an engine finds on the device. Undefined where no row says it: the vendor's label is not the same. */
export function deviceMemory(catalog: Catalog, accelerator: AcceleratorRow): DeviceMemory | undefined {
  const row = catalog.rowsBy('acceleratorMemory', 'accelerator_id').get(accelerator.id)?.[0]
  if (row === undefined) return undefined
  const share = accelerator.devices_per_part
  return {
    usableBytes: (row.usable_memory_gib * gibibyte) / share,
    quality: row.quality,
    basis: row.basis,
    sourceId: row.source_id,
  }
}

/** The memory policy of an engine; without an accelerator, what holds on any. */
export function memoryPolicy(input: {
  catalog: Catalog
  engine: string
  weightFormatId: string
  accelerator?: AcceleratorRow
  usableBytes?: number
  settings?: { memoryFraction?: number; maxSequences?: number; batchedTokens?: number }
}): ResolvedEnginePolicy {
  return enginePolicy(input.catalog.rows('engineMemory'), {
    engine: input.engine,
    vendor: input.accelerator?.vendor ?? '',
    family: input.accelerator?.family ?? '',
    usableMemoryBytes: input.usableBytes ?? 0,
    weightFormatId: input.weightFormatId,
    ...(input.settings === undefined ? {} : { settings: input.settings }),
  })
}

/** How far an engine supports a family of accelerators; undefined where nobody has said. */
export function engineSupport(
  catalog: Catalog,
  engine: string,
  family: string,
): 'full' | 'partial' | 'none' | undefined {
  return catalog
    .rowsBy('engineSupport', 'family')
    .get(family)
    ?.find((row) => row.engine === engine)?.support
}
