/** Figures of one offer that choosing needs. */
export const figureColumns = [
  'netPresentUsd',
  'totalUsd',
  'purchasesUsd',
  'carbonGrams',
  'waterLitres',
  'energyKilowattHours',
  'latencySeconds',
  'quality',
] as const
export type FigureColumn = (typeof figureColumns)[number]

/** What the offer is made of, as positions in the search space; -1 = not applicable. */
export const partColumns = ['unit', 'device', 'layout', 'machine', 'place', 'price'] as const
export type PartColumn = (typeof partColumns)[number]

/** Room for the offers of a usual search: pages that no row is written to cost nothing. */
const startSize = 32_768

/**
 * Feasible offers in columns of plain numbers: a million take 90 MB. NaN = unknown. Figures per month are those of the
 * workload's month.
 */
export class OfferTable {
  size = 0
  readonly figures: Record<FigureColumn, Float64Array>
  readonly parts: Record<PartColumn, Int32Array>

  constructor() {
    this.figures = Object.fromEntries(
      figureColumns.map((name) => [name, new Float64Array(startSize)]),
    ) as Record<FigureColumn, Float64Array>
    this.parts = Object.fromEntries(partColumns.map((name) => [name, new Int32Array(startSize)])) as Record<
      PartColumn,
      Int32Array
    >
  }

  /** Adds a row and returns its index; the caller writes the columns. */
  add(): number {
    const index = this.size
    if (index === this.figures.quality.length) this.#grow()
    this.size += 1
    return index
  }

  #grow(): void {
    const size = this.figures.quality.length * 2
    for (const name of figureColumns) {
      const next = new Float64Array(size)
      next.set(this.figures[name])
      this.figures[name] = next
    }
    for (const name of partColumns) {
      const next = new Int32Array(size)
      next.set(this.parts[name])
      this.parts[name] = next
    }
  }
}
