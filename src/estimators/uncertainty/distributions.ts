/**
 * An uncertain input as people can state it: a low, a middle and a high value.
 * `triangular`: never outside low and high, most likely in the middle.
 * `split-triangular`: never outside low and high, likeliest near the middle, half of all values on either side of it. For
 * ranges of sources whose middle is a value of its own: a triangle over a lopsided range would move the median away.
 * `lognormal`: the middle is the median, low and high are its 10th and 90th percentile (80 % interval); positive.
 */
export interface UncertainInput {
  readonly kind: 'triangular' | 'split-triangular' | 'lognormal'
  readonly low: number
  readonly mid: number
  readonly high: number
}

/** 90th percentile of the standard normal distribution. */
const normalQuantile90 = 1.2815515655446004

/**
 * Value at a probability between 0 and 1.
 * @throws RangeError where low, mid and high are not in order, or a lognormal one is not positive.
 */
export function quantile(input: UncertainInput, probability: number): number {
  const normal = standardNormalQuantile(probability)
  return quantiles(input, { probabilities: [probability], normals: [normal] })[0] ?? Number.NaN
}

/**
 * Values at many probabilities. `normals` are the standard normal's values there: slow to work out, and the same for
 * every input.
 * @throws RangeError as `quantile` does.
 */
export function quantiles(
  input: UncertainInput,
  at: { readonly probabilities: ArrayLike<number>; readonly normals: ArrayLike<number> },
): Float64Array {
  const { kind, low, mid, high } = input
  if (!(low <= mid && mid <= high)) throw new RangeError(`low ${low}, mid ${mid}, high ${high}: not in order`)
  const { probabilities, normals } = at
  const values = new Float64Array(probabilities.length)
  if (low === high) return values.fill(mid)
  if (kind === 'lognormal') {
    if (low <= 0) throw new RangeError(`a lognormal input must be positive, low is ${low}`)
    // Each side has its own spread, so that an uneven low and high are both met.
    const below = Math.log(mid / low) / normalQuantile90
    const above = Math.log(high / mid) / normalQuantile90
    for (let index = 0; index < values.length; index += 1) {
      const normal = normals[index]!
      values[index] = mid * Math.exp((normal < 0 ? below : above) * normal)
    }
    return values
  }
  const turn = (mid - low) / (high - low)
  for (let index = 0; index < values.length; index += 1) {
    const probability = probabilities[index]!
    if (kind === 'split-triangular')
      values[index] =
        probability < 0.5
          ? mid - (mid - low) * (1 - Math.sqrt(2 * probability))
          : mid + (high - mid) * (1 - Math.sqrt(2 * (1 - probability)))
    else
      values[index] =
        probability < turn
          ? low + Math.sqrt(probability * (high - low) * (mid - low))
          : high - Math.sqrt((1 - probability) * (high - low) * (high - mid))
  }
  return values
}

/** Inverse of the standard normal distribution: Acklam's rational approximation, relative error below 1.2e-9. */
export function standardNormalQuantile(probability: number): number {
  const tail = 0.02425
  if (probability < tail) return lowerTail(Math.sqrt(-2 * Math.log(probability)))
  if (probability > 1 - tail) return -lowerTail(Math.sqrt(-2 * Math.log(1 - probability)))
  const q = probability - 0.5
  const r = q * q
  const over = polynomial(r, centreOver) * q
  return over / (polynomial(r, centreUnder) * r + 1)
}

function lowerTail(q: number): number {
  return polynomial(q, tailOver) / (polynomial(q, tailUnder) * q + 1)
}

function polynomial(x: number, coefficients: readonly number[]): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0)
}

const centreOver = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
]
const centreUnder = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1,
]
const tailOver = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
]
const tailUnder = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416]
