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

/** Factors of one level, in two rows of equal length: which of `terms`, and the factor. */
interface LevelFactors {
  readonly positions: number[]
  readonly factors: number[]
}

export type FactorTable = ReadonlyMap<string, LevelFactors>

const positionOf = new Map(terms.map((term, position) => [term, position]))

const key = (kind: string, level: string) => `${kind}=${level}`
export const baseKind = 'base'
export const baseLevel = 'all'

/** Rows by level, built once per catalog. */
export function factorTable(rows: readonly EfficiencyFactor[]): FactorTable {
  const table = new Map<string, LevelFactors>()
  for (const row of rows) {
    const name = key(row.level_kind, row.level)
    let level = table.get(name)
    if (level === undefined) {
      level = { positions: [], factors: [] }
      table.set(name, level)
    }
    const position = positionOf.get(row.term)
    if (position === undefined) continue
    const before = level.positions.indexOf(position)
    if (before < 0) level.positions.push(position)
    level.factors[before < 0 ? level.positions.length - 1 : before] = row.value
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
  const base = baseOf(table)
  const values = terms.map((term) => base[term])
  const unknownLevels: { kind: string; level: string }[] = []
  for (const [index, kind] of levelKinds.entries()) {
    const level = levels[index] ?? ''
    const factors = table.get(key(kind, level))
    if (factors === undefined) unknownLevels.push({ kind, level })
    else multiply(values, factors)
  }
  for (const [index, level] of userLevelsOf(facts).entries()) {
    const factors = table.get(key(userLevelKinds[index] ?? '', level))
    if (factors !== undefined) multiply(values, factors)
  }
  const coefficients: MutableCoefficients = { ...base }
  for (const [position, term] of terms.entries()) coefficients[term] = values[position]!
  return { coefficients, unknownLevels }
}

function multiply(values: number[], { positions, factors }: LevelFactors): void {
  for (let index = 0; index < positions.length; index += 1) {
    const position = positions[index]!
    values[position] = values[position]! * factors[index]!
  }
}

const bases = new WeakMap<FactorTable, Coefficients>()

function baseOf(table: FactorTable): Coefficients {
  const known = bases.get(table)
  if (known !== undefined) return known
  const rows = table.get(key(baseKind, baseLevel))
  const values = {} as MutableCoefficients
  for (const [position, term] of terms.entries()) {
    const at = rows?.positions.indexOf(position) ?? -1
    const value = rows?.factors[at]
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
