import { type CostLine, costLine, type Price, volumeByMonth } from './lines.ts'

/**
 * Hardware paid by use: a committed base each month, and metered use above it. Prices come from the user's own
 * quote, as no vendor publishes them.
 */
export interface SubscriptionTerms {
  /** `accelerator`, `node`, `GiB`: what is metered. */
  readonly unit: string
  readonly committedUnits: number
  readonly usdPerCommittedUnitMonth: Price
  readonly usdPerExtraUnitMonth: Price
  readonly installedUnits?: number | undefined
  /** The bill never exceeds this share of the installed units (a cap some contracts have). */
  readonly capFraction?: number | undefined
  readonly setup?: Price | undefined
}

/** Units billed above the committed base for a month's use. */
export function extraUnits(input: { usedUnits: number; terms: SubscriptionTerms }): number {
  const { usedUnits, terms } = input
  const { capFraction, installedUnits, committedUnits } = terms
  const capped =
    capFraction === undefined || installedUnits === undefined
      ? usedUnits
      : Math.min(usedUnits, capFraction * installedUnits)
  return Math.max(0, capped - committedUnits)
}

/** `usedUnitsByMonth[0]` is the use of month 1. */
export function subscriptionLines(input: {
  terms: SubscriptionTerms
  usedUnitsByMonth: readonly number[]
}): CostLine[] {
  const { terms, usedUnitsByMonth } = input
  const lines: CostLine[] = []
  if (terms.setup !== undefined)
    lines.push(
      costLine({
        id: 'setup',
        label: 'Set-up',
        category: 'installation',
        quantity: 1,
        unit: 'contract',
        price: terms.setup,
        timing: { kind: 'once', month: 0 },
      }),
    )
  if (terms.committedUnits > 0)
    lines.push(
      costLine({
        id: 'commitment',
        label: 'Committed base',
        category: 'commitment',
        quantity: terms.committedUnits,
        unit: `${terms.unit}-month`,
        price: terms.usdPerCommittedUnitMonth,
        timing: { kind: 'monthly', fromMonth: 1, toMonth: usedUnitsByMonth.length },
      }),
    )
  const extra = volumeByMonth(usedUnitsByMonth.map((usedUnits) => extraUnits({ usedUnits, terms })))
  if (extra.quantity > 0)
    lines.push(
      costLine({
        ...extra,
        id: 'usage',
        label: 'Use above the base',
        category: 'usage',
        unit: `${terms.unit}-month`,
        price: terms.usdPerExtraUnitMonth,
      }),
    )
  return lines
}
