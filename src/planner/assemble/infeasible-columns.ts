import type { ConstraintName } from '../search/constraint-bits.ts'

/** Columns of the offer table that hold what a limit limits. */
export const limitColumns: Partial<
  Record<ConstraintName, 'purchasesUsd' | 'totalUsd' | 'carbonGrams' | 'waterLitres'>
> = {
  capex: 'purchasesUsd',
  total: 'totalUsd',
  monthly: 'totalUsd',
  carbonPerMonth: 'carbonGrams',
  waterPerMonth: 'waterLitres',
}
