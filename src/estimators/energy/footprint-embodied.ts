import { gramsPerKilogram } from '../../foundation/units.ts'

/** Low, middle and high of a figure on which sources disagree. */
export interface Range {
  readonly low: number
  readonly mid: number
  readonly high: number
}

/** Lowest, median and highest of what sources say of one item, grams CO2e; undefined where nobody says anything. */
export function embodiedRangeGrams(kilograms: readonly number[]): Range | undefined {
  const sorted = [...kilograms].sort((a, b) => a - b)
  const low = sorted[0]
  const high = sorted.at(-1)
  if (low === undefined || high === undefined) return undefined
  const upper = sorted[Math.floor(sorted.length / 2)]!
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]!
  return {
    low: low * gramsPerKilogram,
    mid: ((lower + upper) / 2) * gramsPerKilogram,
    high: high * gramsPerKilogram,
  }
}

/** One line of the bill of materials. */
export interface EmbodiedItem {
  readonly id: string
  readonly label: string
  /** Pieces that this deployment reserves; a part of one where a machine is shared. */
  readonly quantity: number
  /** Of one piece, grams CO2e; undefined where no source says it. */
  readonly gramsEach: Range | undefined
  readonly lifetimeSeconds: number
  readonly sourceIds: readonly string[]
}

export interface EmbodiedLine {
  readonly id: string
  readonly label: string
  readonly quantity: number
  /** Whole burden of making them. */
  readonly totalGrams: Range | undefined
  /** The period's part. */
  readonly periodGrams: Range | undefined
  readonly sourceIds: readonly string[]
}

export interface EmbodiedFootprint {
  readonly lines: readonly EmbodiedLine[]
  /** Undefined as soon as one line is unknown. */
  readonly totalGrams: Range | undefined
  readonly periodGrams: Range | undefined
  /** Sums of the known lines: lower bounds where some are missing. */
  readonly knownTotalGrams: Range
  readonly knownPeriodGrams: Range
  readonly missingIds: readonly string[]
}

const nothing: Range = { low: 0, mid: 0, high: 0 }

function scaled(range: Range | undefined, factor: number): Range | undefined {
  return range === undefined
    ? undefined
    : { low: range.low * factor, mid: range.mid * factor, high: range.high * factor }
}

export function addRanges(a: Range, b: Range): Range {
  return { low: a.low + b.low, mid: a.mid + b.mid, high: a.high + b.high }
}

/**
 * Making the hardware, spread evenly over its life: M = TE · TiR/EL · RR/ToR (ISO/IEC 21031). Time reserved counts
 * whether the machine works or idles. A period beyond the life counts a replacement.
 */
export function embodiedFootprint(items: readonly EmbodiedItem[], periodSeconds: number): EmbodiedFootprint {
  const lines = items.map((item): EmbodiedLine => {
    const totalGrams = scaled(item.gramsEach, item.quantity)
    return {
      id: item.id,
      label: item.label,
      quantity: item.quantity,
      totalGrams,
      periodGrams: scaled(totalGrams, periodSeconds / item.lifetimeSeconds),
      sourceIds: item.sourceIds,
    }
  })
  const sum = (of: 'totalGrams' | 'periodGrams') =>
    lines.reduce((total, line) => addRanges(total, line[of] ?? nothing), nothing)
  const missingIds = lines.filter((line) => line.totalGrams === undefined).map((line) => line.id)
  const knownTotalGrams = sum('totalGrams')
  const knownPeriodGrams = sum('periodGrams')
  const complete = missingIds.length === 0
  return {
    lines,
    totalGrams: complete ? knownTotalGrams : undefined,
    periodGrams: complete ? knownPeriodGrams : undefined,
    knownTotalGrams,
    knownPeriodGrams,
    missingIds,
  }
}
