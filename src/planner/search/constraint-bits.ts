import { refusal } from './serving-types.ts'

/** Constraints that a candidate or an offer can break, as bits: all are kept, none hides another. */
export const constraintBits = {
  memory: refusal.memory,
  ttft: refusal.ttft,
  tpot: refusal.tpot,
  endToEnd: refusal.endToEnd,
  powerPerSite: 1 << 4,
  powerPerRack: 1 << 5,
  rackUnitsPerSite: 1 << 6,
  accelerators: 1 << 7,
  owned: 1 << 8,
  price: 1 << 9,
  capex: 1 << 10,
  monthly: 1 << 11,
  total: 1 << 12,
  carbonPerMonth: 1 << 13,
  waterPerMonth: 1 << 14,
} as const
export type ConstraintName = keyof typeof constraintBits

export const constraintNames = Object.keys(constraintBits) as readonly ConstraintName[]

/** The scenario's field behind a constraint, its unit, and how a person calls it. */
export const constraintFacts: Readonly<
  Record<ConstraintName, { readonly field: string; readonly unit: string; readonly words: string }>
> = {
  memory: { field: 'hardware', unit: 'byte', words: 'the model and one long request fit in memory' },
  ttft: { field: 'targets.ttft', unit: 's', words: 'time to the first token' },
  tpot: { field: 'targets.tpot', unit: 's', words: 'time per output token' },
  endToEnd: { field: 'targets.endToEnd', unit: 's', words: 'time to the last token' },
  powerPerSite: { field: 'constraints.powerPerSite', unit: 'W', words: 'power of a site' },
  powerPerRack: { field: 'constraints.powerPerRack', unit: 'W', words: 'power of a rack' },
  rackUnitsPerSite: { field: 'constraints.rackUnitsPerSite', unit: 'U', words: 'height at a site' },
  accelerators: { field: 'constraints.accelerators', unit: 'count', words: 'accelerators in all' },
  owned: { field: 'hardware.owned', unit: 'count', words: 'servers already owned' },
  price: { field: 'catalog', unit: '', words: 'a known price' },
  capex: { field: 'constraints.capex', unit: 'USD', words: 'purchases' },
  monthly: { field: 'constraints.monthly', unit: 'USD/month', words: 'cost per month' },
  total: { field: 'constraints.total', unit: 'USD', words: 'cost over the horizon' },
  carbonPerMonth: { field: 'constraints.carbonPerMonth', unit: 'g CO2e/month', words: 'CO2e per month' },
  waterPerMonth: { field: 'constraints.waterPerMonth', unit: 'L/month', words: 'water per month' },
}

/** A limit on an unknown figure is not met: unknown passes nothing. */
export function above(value: number, limit: number | undefined): boolean {
  return limit !== undefined && !(value <= limit)
}
