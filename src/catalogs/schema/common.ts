import { z } from 'zod'

/**
 * How a cell of a catalog becomes a value. The reader has already dropped empty cells, so a missing key is an
 * unknown value, never zero. Cells are text; nothing is coerced.
 */

const decimalText = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

/** A finite number within [least, most]. */
export function numberCell(bounds: { least?: number; most?: number } = {}) {
  return z
    .string()
    .regex(decimalText, 'is not a number')
    .transform(Number)
    .refine(Number.isFinite, 'is not a finite number')
    .refine((value) => bounds.least === undefined || value >= bounds.least, `is below ${bounds.least}`)
    .refine((value) => bounds.most === undefined || value <= bounds.most, `is above ${bounds.most}`)
}

export function positiveCell(most?: number) {
  return numberCell(most === undefined ? {} : { most }).refine((value) => value > 0, 'must be above 0')
}

export function wholeCell(bounds: { least?: number; most?: number } = {}) {
  return numberCell(bounds).refine(Number.isInteger, 'is not a whole number')
}

export const fractionCell = numberCell({ least: 0, most: 1 })

export const flagCell = z.enum(['yes', 'no']).transform((value) => value === 'yes')

export const idCell = z
  .string()
  .regex(/^[a-z0-9]+(?:[._-][a-z0-9]+)*$/, 'is not an id (lower case, digits, and single - . _ between)')

/** Several values in one cell, separated by `;`. */
export const listCell = z.string().transform((value) =>
  value
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
)

/** A date as exact as its source gives it: 2026, 2026-07 or 2026-07-20. */
export const dateCell = z
  .string()
  .regex(
    /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$/,
    'is not a date (2026, 2026-07 or 2026-07-20)',
  )

/**
 * How much a row can be trusted. `datasheet`: the maker's own figure · `measured`: somebody measured it ·
 * `list-price`: a published price · `estimated`: derived from other figures · `assumed`: our judgement or a source
 * we could not check.
 */
export const qualityCell = z.enum(['datasheet', 'measured', 'list-price', 'estimated', 'assumed'])
export type Quality = z.infer<typeof qualityCell>

/** The columns every row of every table carries. */
export const provenance = {
  source_id: idCell,
  as_of: dateCell,
  quality: qualityCell,
  note: z.string().optional(),
}

/** A table of the catalog: its file, its row schema, and the columns that make a row unique. */
export interface TableDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly file: string
  readonly schema: Schema
  /** Columns that together name a row; an overlay row with the same key replaces ours. */
  readonly key: readonly string[]
}

export function defineTable<Schema extends z.ZodType>(
  table: TableDefinition<Schema>,
): TableDefinition<Schema> {
  return table
}
