import { smallerFraction } from '../../estimators/uncertainty/paired-draws.ts'
import { overlap } from '../plan-figure.ts'
import type { PlanOption } from '../plan-option-types.ts'
import type { DrawnFigure, OptionDraws } from './option-draws.ts'

/** Options of one plan with their draws: the same draw of what both share stands behind each pair of figures. */
export type DrawnOptions = ReadonlyMap<PlanOption, OptionDraws>

/**
 * Share of the draws in which the first option's figure is the smaller one. Undefined where it is not known of both, or
 * where nobody measured how far the speed of one of them may be off.
 */
export function winningFraction(
  drawn: DrawnOptions,
  figure: DrawnFigure,
  pair: readonly [PlanOption, PlanOption],
): number | undefined {
  const [mine, theirs] = pair.map((option) => drawn.get(option))
  if (mine?.speedKnown !== true || theirs?.speedKnown !== true) return undefined
  const [first, second] = [mine.figure(figure), theirs.figure(figure)]
  return Number.isNaN(first[0]) || Number.isNaN(second[0]) ? undefined : smallerFraction(first, second)
}

/** Neither is the smaller one in more than this share of the draws: the difference's 80 % interval holds 0. */
const sureFraction = 0.9

/** Whether the figures leave open which of the two costs less: by paired draws, else by intervals that overlap. */
export function tiedInCost(drawn: DrawnOptions, pair: readonly [PlanOption, PlanOption]): boolean {
  const [first, second] = pair
  const fraction = winningFraction(drawn, 'netPresentUsd', pair)
  return fraction === undefined
    ? overlap(first.cost.netPresentUsd, second.cost.netPresentUsd)
    : openFraction(fraction)
}

export function openFraction(fraction: number): boolean {
  return fraction < sureFraction && fraction > 1 - sureFraction
}
