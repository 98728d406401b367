/**
 * A formula record: the equation as the paper has it (mathjs syntax) beside plain arithmetic that computes it.
 * One test evaluates every record with mathjs units on random samples, and demands the declared unit, the same
 * number, and that the equation's symbols are exactly the declared inputs. Reports print the same records.
 */
export interface Formula<Inputs extends string = string> {
  readonly id: string
  readonly title: string
  /** mathjs syntax, the paper's symbols. */
  readonly equation: string
  /** Symbol → meaning and mathjs unit ('' = a pure number). `range` bounds the test's samples. */
  readonly inputs: { readonly [K in Inputs]: FormulaInput }
  readonly result: { readonly meaning: string; readonly unit: string }
  /** A row of `catalogs/sources.csv`. */
  readonly sourceId: string
  /** Where it holds. */
  readonly holds: string
  readonly compute: (inputs: { readonly [K in Inputs]: number }) => number
}

export interface FormulaInput {
  readonly meaning: string
  readonly unit: string
  readonly range?: readonly [number, number]
}

/** Keeps the symbols' types, so that `compute` can use only declared inputs. */
export function defineFormula<const Inputs extends string>(record: Formula<Inputs>): Formula<Inputs> {
  return record
}
