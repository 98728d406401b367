import type { UncertainInput } from '../../estimators/uncertainty/distributions.ts'
import type { FactorName } from './factors.ts'

/** Something about an option that may come out otherwise. */
export interface OptionInput {
  readonly factor: FactorName
  /** Names it among the inputs of all options: where names are equal, draws are. */
  readonly name: string
  readonly label: string
  readonly unit: string
  /** As a reader sees it, in `unit`. */
  readonly range: UncertainInput
  /** What turns a value of the range into the factor: value ÷ this. */
  readonly one: number
  /** Where the factor is not in proportion to the value; `one` then turns this into the factor. */
  readonly curve?: (value: number) => number
  readonly sourceId?: string
}

export interface Named {
  readonly factor: FactorName
  readonly name: string
  readonly label: string
  readonly unit: string
}

/** A range that sources give around a middle; nothing where the middle is unknown or 0. */
export function between(
  named: Named,
  range: { readonly low: number; readonly mid: number; readonly high: number },
  sourceId: string | undefined,
): OptionInput | undefined {
  const { mid } = range
  if (!(mid > 0)) return undefined
  return {
    ...named,
    range: { kind: 'split-triangular', low: Math.min(range.low, mid), mid, high: Math.max(range.high, mid) },
    one: mid,
    ...(sourceId === undefined ? {} : { sourceId }),
  }
}
