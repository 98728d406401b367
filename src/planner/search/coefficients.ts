import type { AcceleratorRow, Catalog, WeightFormatRow } from '../../catalogs/catalog.ts'
import type { ModelArchitecture } from '../../estimators/architecture.ts'
import {
  type EfficiencyFactor,
  type FactorTable,
  factorTable,
  resolveCoefficients,
} from '../../estimators/performance/coefficients.ts'
import type { EngineTraits } from '../../estimators/performance/step-model.ts'
import { type Coefficients, terms, termUnits } from '../../estimators/performance/terms.ts'
import { performanceFacts, splitsLayers } from '../performance-inputs.ts'

/** Stand-in while the catalog has no fitted rows: every ratio 1.3, latencies of the order that engines show. */
const interim: Coefficients = Object.fromEntries(
  terms.map((term) => [term, termUnits[term] === 'ratio' ? 1.3 : 2e-5]),
) as Coefficients

export interface StepCoefficients {
  readonly coefficients: Coefficients
  /** Levels that no run covers: they count with factor 1. */
  readonly unmeasured: readonly { readonly kind: string; readonly level: string }[]
  /** False while the catalog has no fitted rows. */
  readonly fitted: boolean
}

const tables = new WeakMap<Catalog, FactorTable | undefined>()

function factorsOf(catalog: Catalog): FactorTable | undefined {
  if (!tables.has(catalog)) {
    const rows = catalog.rows('efficiency' as never) as unknown as readonly EfficiencyFactor[]
    tables.set(catalog, rows.length === 0 ? undefined : factorTable(rows))
  }
  return tables.get(catalog)
}

/** The fitted factors of a current release of the engine that serves requests as they come. */
export function stepCoefficients(input: {
  catalog: Catalog
  architecture: ModelArchitecture
  accelerator: AcceleratorRow
  weightFormat: WeightFormatRow
  engine: string
}): StepCoefficients {
  const table = factorsOf(input.catalog)
  if (table === undefined) return { coefficients: interim, unmeasured: [], fitted: false }
  const { coefficients, unknownLevels } = resolveCoefficients(
    table,
    performanceFacts({
      accelerator: input.accelerator,
      weights: input.weightFormat,
      engine: input.engine,
      era: 'new',
      mode: 'serving',
      architecture: input.architecture,
    }),
  )
  return { coefficients, unmeasured: unknownLevels, fitted: true }
}

export function engineTraits(input: { engine: string; batchedTokens: number }): EngineTraits {
  return {
    prefillChunkTokens: input.batchedTokens,
    pipelineChunks: 1,
    layerSplit: splitsLayers(input.engine),
  }
}
