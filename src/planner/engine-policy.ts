import type { EngineMemoryRow, EngineMemoryTerm } from '../catalogs/schema/engines.ts'
import type { EngineMemoryPolicy, FractionBase, KvLayout } from '../estimators/memory/engine-policy.ts'
import { gibibyte } from '../foundation/units.ts'

export interface EnginePolicyRequest {
  readonly engine: string
  /** As the accelerator's row has them. */
  readonly vendor: string
  readonly family: string
  readonly usableMemoryBytes: number
  readonly weightFormatId: string
  /** Settings the user or a run states; they replace the engine's defaults. */
  readonly settings?: {
    readonly memoryFraction?: number
    readonly maxSequences?: number
    readonly batchedTokens?: number
  }
}

export interface ResolvedEnginePolicy {
  readonly policy: EngineMemoryPolicy
  /** The rows behind it, for sources and ranges. */
  readonly rows: readonly EngineMemoryRow[]
  /** The table has no row of this engine: the generic policy stands in. */
  readonly generic: boolean
}

/** The memory policy of an engine on a device, from the rows of `engine_memory.csv`. */
export function enginePolicy(
  table: readonly EngineMemoryRow[],
  request: EnginePolicyRequest,
): ResolvedEnginePolicy {
  const used: EngineMemoryRow[] = []
  const rows = rowsByTerm(table)
  const find = (term: EngineMemoryTerm): EngineMemoryRow | undefined => {
    const row =
      mostSpecific(rows.get(termKey(request.engine, term)), request) ??
      mostSpecific(rows.get(termKey('generic', term)), request)
    if (row !== undefined) used.push(row)
    return row
  }
  const optional = (term: EngineMemoryTerm) => find(term)?.value
  const value = (term: EngineMemoryTerm) => {
    const found = optional(term)
    if (found === undefined)
      throw new Error(`engine_memory.csv has no ${term} for ${request.engine} or generic`)
    return found
  }
  const choice = (term: EngineMemoryTerm) => find(term)?.choice
  // SGLang sets aside a reserve by device size and calls the rest its fraction.
  const derivedFraction = () => {
    const reserve = optional('static_reserve')
    if (reserve === undefined || request.usableMemoryBytes === 0) return undefined
    return Math.max(0, 1 - (reserve * gibibyte) / request.usableMemoryBytes)
  }
  const windowPoolRatio = optional('window_pool_ratio')
  const maxSequences = request.settings?.maxSequences ?? optional('max_sequences')
  const policy: EngineMemoryPolicy = {
    engine: request.engine,
    kvLayout: choice('kv_layout') as KvLayout,
    fractionBase: choice('fraction_base') as FractionBase,
    memoryFraction: request.settings?.memoryFraction ?? derivedFraction() ?? value('memory_fraction'),
    pageTokens: value('page_tokens'),
    ...(windowPoolRatio === undefined ? {} : { windowPoolRatio }),
    storesKeyAndValueApart: choice('stores_key_and_value_apart') === 'yes',
    stateBitsPerElement: value('state_bits'),
    convolutionBitsPerElement: value('convolution_bits'),
    indexerBitsPerElement: value('indexer_bits'),
    ...(maxSequences === undefined ? {} : { maxSequences }),
    batchedTokens: request.settings?.batchedTokens ?? value('batched_tokens'),
    samplerBytesPerLogit: value('sampler_bytes_per_logit'),
    logitBytesPerBatchedToken: value('logit_bytes_per_batched_token'),
    activationFactor: value('activation_factor'),
    activationBytesPerElement: value('activation_bytes_per_element'),
    encoderActivationBytes: value('encoder_activation') * gibibyte,
    runtimeBytes: value('runtime') * gibibyte,
    communicationBytes: value('communication') * gibibyte,
    graphBytes: value('graphs') * gibibyte,
    weightOverheadBytes: value('weight_overhead') * gibibyte,
    ropeTableBytesPerElement: value('rope_table_bytes_per_element'),
    expertHiddenMultiple: value('expert_hidden_multiple'),
    expertIntermediateMultiple: value('expert_intermediate_multiple'),
  }
  return { policy, rows: used, generic: !table.some((row) => row.engine === request.engine) }
}

const termKey = (engine: string, term: EngineMemoryTerm) => `${engine} ${term}`

const grouped = new WeakMap<readonly EngineMemoryRow[], Map<string, EngineMemoryRow[]>>()

/** Rows by engine and term, grouped once per table: a search asks for dozens of terms of hundreds of policies. */
function rowsByTerm(table: readonly EngineMemoryRow[]): ReadonlyMap<string, readonly EngineMemoryRow[]> {
  let groups = grouped.get(table)
  if (groups === undefined) {
    groups = new Map()
    for (const row of table) {
      const key = termKey(row.engine, row.term)
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [row])
      else group.push(row)
    }
    grouped.set(table, groups)
  }
  return groups
}

/** Of the rows whose conditions all hold, the one with the most conditions; then the higher memory floor. */
function mostSpecific(
  rows: readonly EngineMemoryRow[] | undefined,
  request: EnginePolicyRequest,
): EngineMemoryRow | undefined {
  let best: EngineMemoryRow | undefined
  let bestScore = -1
  for (const row of rows ?? []) {
    if (!holds(row, request)) continue
    const score = conditions(row)
    const better =
      score > bestScore ||
      (score === bestScore && (row.least_memory_gib ?? 0) > (best?.least_memory_gib ?? 0))
    if (better) {
      best = row
      bestScore = score
    }
  }
  return best
}

function holds(row: EngineMemoryRow, request: EnginePolicyRequest): boolean {
  return (
    (row.vendor === undefined || row.vendor.toLowerCase() === request.vendor.toLowerCase()) &&
    (row.family === undefined || row.family === request.family) &&
    (row.weight_format === undefined || row.weight_format === request.weightFormatId) &&
    (row.least_memory_gib === undefined || request.usableMemoryBytes >= row.least_memory_gib * gibibyte)
  )
}

function conditions(row: EngineMemoryRow): number {
  return [row.vendor, row.family, row.weight_format, row.least_memory_gib].filter(
    (cell) => cell !== undefined,
  ).length
}
