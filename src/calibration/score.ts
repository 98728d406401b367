/** Relative errors of predictions, all rows counted. */
export interface Score {
  readonly rows: number
  readonly median: number
  readonly p90: number
  readonly withinQuarter: number
  /** Median of predicted over measured, minus one. */
  readonly bias: number
}

export interface Pair {
  readonly predicted: number
  readonly measured: number
}

export function score(pairs: readonly Pair[]): Score {
  const signed = pairs.map(({ predicted, measured }) => predicted / measured - 1)
  const errors = signed.map(Math.abs)
  return {
    rows: pairs.length,
    median: quantile(errors, 0.5),
    p90: quantile(errors, 0.9),
    withinQuarter: errors.filter((error) => error <= 0.25).length / errors.length,
    bias: quantile(signed, 0.5),
  }
}

/** Linear between the order statistics; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  if (sorted.length === 0) return Number.NaN
  const place = share * (sorted.length - 1)
  const below = sorted[Math.floor(place)]!
  const above = sorted[Math.ceil(place)]!
  return below + (above - below) * (place - Math.floor(place))
}

export interface Interval {
  readonly median: number
  readonly low: number
  readonly high: number
}

/** Quantiles of measured over predicted that hold the middle `share` of the rows. */
export function ratioInterval(pairs: readonly Pair[], share: number): Interval {
  const ratios = pairs.map(({ predicted, measured }) => measured / predicted)
  const tail = (1 - share) / 2
  return { median: quantile(ratios, 0.5), low: quantile(ratios, tail), high: quantile(ratios, 1 - tail) }
}

/** Share of rows that lie inside an interval made from the other groups' rows. */
export function leaveOutCoverage(
  pairs: readonly Pair[],
  groups: readonly string[],
  share: number,
): { readonly byRow: number; readonly byGroup: number } {
  let inside = 0
  const shares: number[] = []
  for (const group of new Set(groups)) {
    const own = pairs.filter((_, index) => groups[index] === group)
    const { low, high } = ratioInterval(
      pairs.filter((_, index) => groups[index] !== group),
      share,
    )
    const hits = own.filter(({ predicted, measured }) => {
      const ratio = measured / predicted
      return ratio >= low && ratio <= high
    }).length
    inside += hits
    shares.push(hits / own.length)
  }
  return {
    byRow: inside / pairs.length,
    byGroup: shares.reduce((sum, value) => sum + value, 0) / shares.length,
  }
}
