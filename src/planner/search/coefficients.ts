import type { AcceleratorRow, Catalog, KvFormatRow, WeightFormatRow } from '../../catalogs/catalog.ts'
import type { ModelArchitecture } from '../../estimators/architecture.ts'
import type { EngineTraits } from '../../estimators/performance/step-model.ts'
import { type Coefficients, terms, termUnits } from '../../estimators/performance/terms.ts'

/** Stand-in until the fitted rows arrive: every ratio 1.3, latencies of the order that engines show. */
const interim: Coefficients = Object.fromEntries(
  terms.map((term) => [term, termUnits[term] === 'ratio' ? 1.3 : 2e-5]),
) as Coefficients

export interface StepFacts {
  readonly catalog: Catalog
  readonly architecture: ModelArchitecture
  readonly accelerator: AcceleratorRow
  readonly weightFormat: WeightFormatRow
  readonly kvFormat: KvFormatRow
  readonly engine: string
}

export interface StepCoefficients {
  readonly coefficients: Coefficients
  /** Measured over predicted: what 80 % of unseen runs had. Undefined: nobody has measured such a case. */
  readonly interval: { readonly low: number; readonly high: number } | undefined
  /** Levels that no run covers. */
  readonly unmeasured: readonly string[]
}

export function stepCoefficients(_facts: StepFacts): StepCoefficients {
  return { coefficients: interim, interval: undefined, unmeasured: [] }
}

export function engineTraits(input: { engine: string; batchedTokens: number }): EngineTraits {
  return {
    prefillChunkTokens: input.batchedTokens,
    pipelineChunks: 1,
    layerSplit: input.engine === 'llama.cpp',
  }
}
