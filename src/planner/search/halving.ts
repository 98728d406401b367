/** Halvings of a range's logarithm: to a part in a thousand of it. */
const halvings = 12
const steps = 2 ** halvings
/** Guesses before the search falls back on halving, so that its worst case stays near halving's own. */
const mostGuesses = 10

/** Two positive ends; between them lies a grid that is even in the logarithm. */
export interface HalvedRange {
  readonly low: number
  readonly high: number
}

/**
 * The step of the grid with the last value that keeps a limit, as halving finds it. A ratio is limit ÷ what is limited:
 * it falls along the range, from 1 or more at `low` to less than 1 at `high`. Halving asks for it twelve times; this
 * takes about five by Anderson's and Björck's regula falsi (BIT 13, 1973) in the logarithms, which are nearly straight.
 * Guesses are rounded away from the end that moved last, so that the two ends close on the place from both sides.
 */
export function lastWithin(
  range: HalvedRange & { readonly ratioAtLow: number; readonly ratioAtHigh: number },
  ratioAt: (value: number) => number,
): number {
  let low = 0
  let high = steps
  let above = Math.log(range.ratioAtLow)
  let below = Math.log(range.ratioAtHigh)
  let moved: 'low' | 'high' | undefined
  for (let guesses = 0; high - low > 1; guesses += 1) {
    const share = above / (above - below)
    const straight = share > 0 && share < 1 && guesses < mostGuesses
    const place = low + (straight ? share : 0.5) * (high - low)
    const rounded = moved === 'low' ? Math.ceil(place) : Math.floor(place)
    const step = Math.min(Math.max(rounded, low + 1), high - 1)
    const ratio = ratioAt(gridValue(range, step))
    const found = Math.log(ratio)
    if (ratio >= 1) {
      // The end that stays put counts for less, or one end would creep.
      if (moved === 'low') below *= shrink(found, above)
      low = step
      above = found
      moved = 'low'
    } else {
      if (moved === 'high') above *= shrink(found, below)
      high = step
      below = found
      moved = 'high'
    }
  }
  return low
}

function shrink(now: number, before: number): number {
  const factor = 1 - now / before
  return factor > 0 ? factor : 0.5
}

/** A value of the grid, by the square roots that halving takes on the way to it: the same bits. */
export function gridValue(range: HalvedRange, step: number): number {
  let { low, high } = range
  if (step === steps) return high
  let at = 0
  for (let width = steps; at !== step; ) {
    width /= 2
    const middle = Math.sqrt(low * high)
    if (step < at + width) high = middle
    else {
      low = middle
      at += width
    }
  }
  return low
}
