import type { AcceleratorRow, Catalog, WeightFormatRow } from '../../catalogs/catalog.ts'
import type { ModelArchitecture } from '../../estimators/architecture.ts'
import {
  type FactorTable,
  factorTable,
  isCalibrated,
  resolveCoefficients,
} from '../../estimators/performance/coefficients.ts'
import type { Coefficients } from '../../estimators/performance/terms.ts'
import { performanceFacts } from '../performance-inputs.ts'

export interface StepCoefficients {
  readonly coefficients: Coefficients
  /** Levels that no run covers: they count with factor 1. */
  readonly unmeasured: readonly { readonly kind: string; readonly level: string }[]
}

const tables = new WeakMap<Catalog, FactorTable>()
const resolved = new WeakMap<Catalog, Map<string, StepCoefficients>>()

function factorsOf(catalog: Catalog): FactorTable {
  let table = tables.get(catalog)
  if (table === undefined) {
    table = factorTable(catalog.rows('efficiency'))
    tables.set(catalog, table)
  }
  return table
}

/** The fitted factors of a current release of the engine that serves requests as they come. */
export function stepCoefficients(input: {
  catalog: Catalog
  modelId: string
  architecture: ModelArchitecture
  accelerator: AcceleratorRow
  weightFormat: WeightFormatRow
  engine: string
}): StepCoefficients {
  const facts = performanceFacts({
    accelerator: input.accelerator,
    weights: input.weightFormat,
    engine: input.engine,
    era: 'new',
    mode: 'serving',
    architecture: input.architecture,
    modelId: input.modelId,
  })
  let known = resolved.get(input.catalog)
  if (known === undefined) {
    known = new Map()
    resolved.set(input.catalog, known)
  }
  const own = isCalibrated(factorsOf(input.catalog), facts) ? input.modelId : ''
  // The accelerator decides family, back-end and kind of memory.
  const key = `${facts.engine} ${facts.accelerator} ${facts.precision} ${facts.attention} ${facts.experts} ${own}`
  let found = known.get(key)
  if (found === undefined) {
    const { coefficients, unknownLevels } = resolveCoefficients(factorsOf(input.catalog), facts)
    found = { coefficients, unmeasured: unknownLevels }
    known.set(key, found)
  }
  return found
}
