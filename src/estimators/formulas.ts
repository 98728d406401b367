import type { Formula } from '../foundation/formula.ts'
import { costFormulas } from './cost/formulas.ts'
import { energyFormulas } from './energy/formulas.ts'
import { memoryFormulas } from './memory/formulas.ts'

/** Every formula record of the estimators, in one list: tests check them all, reports print them. */
export const formulas: readonly Formula[] = [...memoryFormulas, ...costFormulas, ...energyFormulas]

/** The record with an id, or undefined. */
export function formulaById(id: string): Formula | undefined {
  return formulas.find((formula) => formula.id === id)
}
