import type { CsvValue } from '../../foundation/csv-text.ts'
import { roundSignificant } from '../../foundation/format.ts'
import type { Figure } from '../../planner/plan-figure.ts'

/** Six significant digits; unknown is an empty cell. */
export const n = (value: number | undefined): CsvValue =>
  value === undefined ? undefined : roundSignificant(value)

/** A figure with the ends of its interval, for the columns of `named`. */
export const ends = (figure: Figure | undefined): CsvValue[] => [
  n(figure?.value),
  n(figure?.low),
  n(figure?.high),
]

export const named = (name: string, unit: string): string[] => [
  `${name}_${unit}`,
  `${name}_low_${unit}`,
  `${name}_high_${unit}`,
]
