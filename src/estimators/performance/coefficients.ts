import { levelKinds, levelsOf, type PerformanceFacts, userLevelKinds, userLevelsOf } from './levels.ts'
import { type Coefficients, type MutableCoefficients, type Term, terms, termUnits } from './terms.ts'

/** Ratios of waiting and unevenness, which an ideal engine does not have. */
const waits: ReadonlySet<Term> = new Set([
  'burstQueue',
  'steadyQueue',
  'stepWait',
  'interference',
  'expertImbalance',
  'prefillActivationTraffic',
])

/** A fitted factor: a row of `catalogs/efficiency.csv`. `base` rows carry the term's unit, the others are factors. */
export interface EfficiencyFactor {
  readonly term: Term
  readonly level_kind: string
  readonly level: string
  readonly value: number
}

export type FactorTable = ReadonlyMap<string, ReadonlyMap<Term, number>>

const key = (kind: string, level: string) => `${kind}=${level}`
export const baseKind = 'base'
export const baseLevel = 'all'

/** Rows by level, built once per catalog. */
export function factorTable(rows: readonly EfficiencyFactor[]): FactorTable {
  const table = new Map<string, Map<Term, number>>()
  for (const row of rows) {
    const name = key(row.level_kind, row.level)
    const entry = table.get(name)
    if (entry === undefined) table.set(name, new Map([[row.term, row.value]]))
    else entry.set(row.term, row.value)
  }
  return table
}

export interface ResolvedCoefficients {
  readonly coefficients: Coefficients
  /** Levels that the fit has never seen: they count with factor 1. */
  readonly unknownLevels: readonly { readonly kind: string; readonly level: string }[]
}

/**
 * Base value times the factor of every level that applies. A level without rows has factor 1, so that every query has
 * an answer; the caller widens its interval.
 * @throws Error where the table has no base value of a term.
 */
export function resolveCoefficients(table: FactorTable, facts: PerformanceFacts): ResolvedCoefficients {
  const levels = levelsOf(facts)
  const values: MutableCoefficients = { ...baseOf(table) }
  const unknownLevels: { kind: string; level: string }[] = []
  for (const [index, kind] of levelKinds.entries()) {
    const level = levels[index] ?? ''
    const factors = table.get(key(kind, level))
    if (factors === undefined) unknownLevels.push({ kind, level })
    else for (const [term, factor] of factors) values[term] *= factor
  }
  for (const [index, level] of userLevelsOf(facts).entries()) {
    for (const [term, factor] of table.get(key(userLevelKinds[index] ?? '', level)) ?? [])
      values[term] *= factor
  }
  return { coefficients: values, unknownLevels }
}

const bases = new WeakMap<FactorTable, Coefficients>()

function baseOf(table: FactorTable): Coefficients {
  const known = bases.get(table)
  if (known !== undefined) return known
  const rows = table.get(key(baseKind, baseLevel))
  const values = {} as MutableCoefficients
  for (const term of terms) {
    const value = rows?.get(term)
    if (value === undefined) throw new Error(`efficiency.csv has no base value of ${term}`)
    values[term] = value
  }
  bases.set(table, values)
  return values
}

/** Whether the user's own runs of this model, accelerator and engine are in the table. */
export function isCalibrated(table: FactorTable, facts: PerformanceFacts): boolean {
  return userLevelsOf(facts).some((level, index) => table.has(key(userLevelKinds[index] ?? '', level)))
}

/**
 * Every factor 1 and every latency 0: the roofline. No engine is faster, so a time from it is a lower bound, and a rate
 * an upper one. For what nobody has measured and for formats without a native kernel.
 */
export const boundCoefficients: Coefficients = Object.fromEntries(
  terms.map((term) => [term, termUnits[term] === 'seconds' || waits.has(term) ? 0 : 1]),
) as Coefficients
