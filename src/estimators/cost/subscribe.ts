import { type CostLine, costLine, type Price, volumeByMonth } from './lines.ts'
import { neededFrom } from './own-phases.ts'

/** Prices come from the user's own quote, as no vendor publishes them. */
export interface SubscriptionPrices {
  /** `accelerator`, `node`, `GiB`: what is metered. */
  readonly unit: string
  readonly usdPerCommittedUnitMonth: Price
  readonly usdPerExtraUnitMonth: Price
  /** The bill never exceeds this share of the installed units (a cap some contracts have). */
  readonly capFraction?: number | undefined
  readonly setup?: Price | undefined
}

/** What stands, and what of it is paid for whether it is used or not. */
export interface SubscribedUnits {
  readonly committedUnits: number
  readonly installedUnits?: number | undefined
}

/** Hardware paid by use: a committed base each month, and metered use above it. */
export interface SubscriptionTerms extends SubscriptionPrices, SubscribedUnits {}

/** From a month on until the next phase. */
export interface SubscriptionPhase extends SubscribedUnits {
  /** 0 = the first day; what comes then is used from the month after. */
  readonly startMonth: number
}

/** Units billed above the committed base for a month's use. */
export function extraUnits(input: {
  usedUnits: number
  terms: SubscribedUnits & Pick<SubscriptionPrices, 'capFraction'>
}): number {
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
  return phasedSubscriptionLines({ prices: terms, phases: [{ ...terms, startMonth: 0 }], usedUnitsByMonth })
}

/** A contract that grows: what a phase commits to beyond the one before is a line of its own, to the end. */
export function phasedSubscriptionLines(input: {
  prices: SubscriptionPrices
  /** By start; no phase commits to less than the one before. */
  phases: readonly SubscriptionPhase[]
  usedUnitsByMonth: readonly number[]
}): CostLine[] {
  const { prices, phases, usedUnitsByMonth } = input
  const lines: CostLine[] = []
  if (prices.setup !== undefined)
    lines.push(
      costLine({
        id: 'setup',
        label: 'Set-up',
        category: 'installation',
        quantity: 1,
        unit: 'contract',
        price: prices.setup,
        timing: { kind: 'once', month: 0 },
      }),
    )
  let before = 0
  for (const { startMonth, committedUnits } of phases) {
    const quantity = committedUnits - before
    before = committedUnits
    if (!(quantity > 0)) continue
    const line = costLine({
      id: 'commitment',
      label: 'Committed base',
      category: 'commitment',
      quantity,
      unit: `${prices.unit}-month`,
      price: prices.usdPerCommittedUnitMonth,
      timing: { kind: 'monthly', fromMonth: startMonth + 1, toMonth: usedUnitsByMonth.length },
    })
    lines.push(...neededFrom([line], startMonth + 1))
  }
  const extra = volumeByMonth(extraUnitsByMonth(input))
  if (extra.quantity > 0)
    lines.push(
      costLine({
        ...extra,
        id: 'usage',
        label: 'Use above the base',
        category: 'usage',
        unit: `${prices.unit}-month`,
        price: prices.usdPerExtraUnitMonth,
      }),
    )
  return lines
}

function extraUnitsByMonth(input: {
  prices: SubscriptionPrices
  phases: readonly SubscriptionPhase[]
  usedUnitsByMonth: readonly number[]
}): number[] {
  const { prices, phases, usedUnitsByMonth } = input
  const { capFraction } = prices
  return usedUnitsByMonth.map((usedUnits, month) => {
    const phase = phases.findLast(({ startMonth }) => startMonth <= month)
    return phase === undefined ? 0 : extraUnits({ usedUnits, terms: { ...phase, capFraction } })
  })
}
