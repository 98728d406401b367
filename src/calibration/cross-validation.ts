import { type Fit, type FitInput, fitCoefficients, residual } from './fit.ts'
import type { Observation } from './observations.ts'

export type SplitName = 'architecture' | 'accelerator' | 'source'
export const splits: readonly SplitName[] = ['architecture', 'accelerator', 'source']

/** What one of the splits leaves out together. */
export function unitOf(observation: Observation, split: SplitName): string {
  return observation[split]
}

/** ln(predicted/measured) of a figure whose unit the fit has not seen. */
export interface HeldOut {
  readonly observation: Observation
  readonly unit: string
  readonly error: number
  /** The fit saw no device of its family under this engine and back-end. */
  readonly newFamily?: true
}

/**
 * Leaves every unit out in turn. Units with few figures share a fold (they are left out together, which is harder,
 * not easier); large ones have their own.
 */
export function crossValidate(input: {
  fit: Omit<FitInput, 'train'>
  split: SplitName
  /** Units with at least this many figures have a fold of their own. */
  aloneFrom: number
  sharedFolds: number
  onFold?: (done: number, all: number) => void
}): { held: HeldOut[]; fits: Fit[] } {
  const { observations } = input.fit.problem
  const folds = foldsOf(
    observations.map((observation) => unitOf(observation, input.split)),
    input,
  )
  const all = Math.max(...folds.values()) + 1
  const held: HeldOut[] = []
  const fits: Fit[] = []
  for (let fold = 0; fold < all; fold++) {
    const left = (observation: Observation) => folds.get(unitOf(observation, input.split)) === fold
    fits.push(fitCoefficients({ ...input.fit, train: (observation) => !left(observation) }))
    const seen = new Set(observations.filter((observation) => !left(observation)).map(familyOf))
    for (const observation of observations) {
      if (!left(observation)) continue
      held.push({
        observation,
        unit: unitOf(observation, input.split),
        error: residual(observation),
        ...(input.split === 'accelerator' && !seen.has(familyOf(observation)) ? { newFamily: true } : {}),
      })
    }
    input.onFold?.(fold + 1, all)
  }
  return { held, fits }
}

function familyOf({ item: { facts } }: Observation): string {
  return [facts.engine, facts.backend, facts.family].join('|')
}

/** Fold of each unit: large ones alone, the rest dealt out by name so that the result does not depend on row order. */
export function foldsOf(
  units: readonly string[],
  sizes: { aloneFrom: number; sharedFolds: number },
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const unit of units) counts.set(unit, (counts.get(unit) ?? 0) + 1)
  const byName = [...counts].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const folds = new Map<string, number>()
  let next = 0
  for (const [unit, n] of byName) if (n >= sizes.aloneFrom) folds.set(unit, next++)
  let dealt = 0
  for (const [unit, n] of byName)
    if (n < sizes.aloneFrom) folds.set(unit, next + (dealt++ % sizes.sharedFolds))
  return folds
}
