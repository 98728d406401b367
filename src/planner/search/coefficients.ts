import type { AcceleratorRow, Catalog, WeightFormatRow } from '../../catalogs/catalog.ts'
import type { ModelArchitecture } from '../../estimators/architecture.ts'
import {
  type FactorTable,
  factorTable,
  resolveCoefficients,
} from '../../estimators/performance/coefficients.ts'
import { type Coefficients, terms, termUnits } from '../../estimators/performance/terms.ts'
import { performanceFacts } from '../performance-inputs.ts'

export interface StepCoefficients {
  readonly coefficients: Coefficients
  /** Levels that no run covers: they count with factor 1. */
  readonly unmeasured: readonly { readonly kind: string; readonly level: string }[]
}

const tables = new WeakMap<Catalog, FactorTable>()

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
  architecture: ModelArchitecture
  accelerator: AcceleratorRow
  weightFormat: WeightFormatRow
  engine: string
}): StepCoefficients {
  const { coefficients, unknownLevels } = resolveCoefficients(
    factorsOf(input.catalog),
    performanceFacts({
      accelerator: input.accelerator,
      weights: input.weightFormat,
      engine: input.engine,
      era: 'new',
      mode: 'serving',
      architecture: input.architecture,
    }),
  )
  return { coefficients, unmeasured: unknownLevels }
}
