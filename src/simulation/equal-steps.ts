/**
 * Adds up steps whose time changes with nothing but the context, which grows by the same amount each: as many as fit
 * before `untilSeconds`, plus the one that reaches it, at most `most`. The step time must be concave or convex in the
 * index; where it is a straight line, any number of steps costs three evaluations, and the sum is exact.
 */
export function equalSteps(input: {
  most: number
  untilSeconds: number
  secondsAt: (index: number) => number
}): { steps: number; seconds: number } {
  const { untilSeconds, secondsAt } = input
  let { most } = input
  const start = secondsAt(0)
  // One step that reaches the end is the common case under load.
  if (most === 1 || start >= untilSeconds) return { steps: 1, seconds: start }
  let end = secondsAt(most - 1)
  // On a concave or convex curve the middle lies on the chord only where all points do.
  while (most > 2) {
    const middle = (most - 1) >> 1
    const chord = start + ((end - start) * middle) / (most - 1)
    const value = secondsAt(middle)
    if (Math.abs(value - chord) <= straight * value) break
    most = middle + 1
    end = value
  }
  const slope = most > 1 ? (end - start) / (most - 1) : 0
  const sum = (steps: number): number => steps * start + (slope * steps * (steps - 1)) / 2
  if (sum(most) < untilSeconds) return { steps: most, seconds: sum(most) }
  let low = 1
  let high = most
  while (low < high) {
    const middle = (low + high) >> 1
    if (sum(middle) >= untilSeconds) high = middle
    else low = middle + 1
  }
  return { steps: low, seconds: sum(low) }
}

/** Relative distance from the chord that floating point explains. */
const straight = 1e-9
