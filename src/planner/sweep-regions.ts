import { roundSignificant } from '../foundation/format.ts'
import {
  type SweepCrossing,
  type SweepMeasure,
  type SweepPoint,
  type SweepRegion,
  type SweepRival,
  type SweepWay,
  valueDigits,
} from './sweep-types.ts'

/** Neighbouring points whose best way is the same choice. */
export function regionsOf<Kind extends SweepRival>(
  points: readonly SweepPoint[],
  bestOf: (point: SweepPoint) => SweepWay<Kind> | undefined,
): SweepRegion<Kind>[] {
  const regions: SweepRegion<Kind>[] = []
  for (const point of points) {
    const { value } = point
    const best = bestOf(point)
    const last = regions.at(-1)
    if (last !== undefined && last.choice === best?.choice && last.kind === best?.kind) {
      regions[regions.length - 1] = {
        ...last,
        to: value,
        ...(best === undefined ? {} : { usdPerMonthTo: best.usdPerMonth }),
      }
      continue
    }
    regions.push({
      from: value,
      to: value,
      ...(best === undefined
        ? {}
        : {
            kind: best.kind,
            choice: best.choice,
            usdPerMonthFrom: best.usdPerMonth,
            usdPerMonthTo: best.usdPerMonth,
          }),
    })
  }
  return regions
}

/** The pair or the large model alone, whichever is better; where the pair's measure is unknown the pair. */
export function cascadeBest(point: SweepPoint): SweepWay<'pair' | 'large-alone'> | undefined {
  const pair = point.ways.find((way) => way.kind === 'pair') as SweepWay<'pair'> | undefined
  const { largeAlone } = point
  if (pair === undefined || largeAlone === undefined) return pair ?? largeAlone
  return (largeAlone.measure ?? Number.POSITIVE_INFINITY) < (pair.measure ?? 0) ? largeAlone : pair
}

/** Where one way overtakes another. The large model alone is set against the pair only: it is among the single models. */
export function crossingsOf(points: readonly SweepPoint[], by: SweepMeasure): SweepCrossing[] {
  const crossings: SweepCrossing[] = []
  const kinds = [...new Set(points.flatMap((point) => point.ways.map((way) => way.kind)))].sort()
  const rivals = kinds.flatMap((first, index): (readonly [SweepRival, SweepRival])[] =>
    kinds.slice(index + 1).map((second) => [first, second] as const),
  )
  if (points.some((point) => point.largeAlone !== undefined)) rivals.push(['large-alone', 'pair'])
  for (const [first, second] of rivals) {
    let last: { point: SweepPoint; gap: number } | undefined
    for (const point of points) {
      const gap = gapOf(point, first, second)
      // Where one of them does not fit there is nothing to compare, and no crossing to find.
      if (gap === undefined) {
        last = undefined
        continue
      }
      // Where both are the same there is no better one; its neighbours tell which way it turns.
      if (Math.abs(gap) < sameness) continue
      if (last !== undefined && last.gap < 0 !== gap < 0) {
        const [below, above] = last.gap < 0 ? [first, second] : [second, first]
        crossings.push({
          from: last.point.value,
          to: point.value,
          at: interpolated(last, { point, gap }, by),
          below,
          above,
          leading: last.point.ways[0]?.kind === below && point.ways[0]?.kind === above,
        })
      }
      last = { point, gap }
    }
  }
  return crossings.sort((a, b) => a.from - b.from || a.to - b.to)
}

/** Measures that differ by float noise only: a cascade whose large model answers everything is the large model alone. */
const sameness = 1e-9

/** Logarithm of the ratio of the two measures: below 0 the first is better. */
function gapOf(point: SweepPoint, first: SweepRival, second: SweepRival): number | undefined {
  const measure = (kind: SweepRival) =>
    kind === 'large-alone' ? point.largeAlone?.measure : point.ways.find((way) => way.kind === kind)?.measure
  const [a, b] = [measure(first), measure(second)]
  if (a === undefined || b === undefined || !(a > 0) || !(b > 0)) return undefined
  return Math.log(a / b)
}

function interpolated(
  low: { point: SweepPoint; gap: number },
  high: { point: SweepPoint; gap: number },
  by: SweepMeasure,
): number {
  const [from, to] = [low.point.value, high.point.value]
  // A score is relative to the best of its own plan: between two plans its gap is no straight line.
  const share = by === 'score' ? 0.5 : low.gap / (low.gap - high.gap)
  return roundSignificant(from > 0 ? from * (to / from) ** share : from + (to - from) * share, valueDigits)
}
