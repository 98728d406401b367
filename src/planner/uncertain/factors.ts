/**
 * What may come out otherwise than assumed, each as a factor on its middle value (1 = as assumed). Only the yearly growth
 * of the electricity price is a rate: its middle may be 0.
 */
export const factorNames = [
  /** Requests, at the peak and in the month alike. */
  'demand',
  /** Requests per second of one replica at the targets. */
  'speed',
  'power',
  'serverPrice',
  'acceleratorPrice',
  'rentPrice',
  'spotHours',
  'electricityPrice',
  'electricityGrowthPerYear',
  'pue',
  'wue',
  'gridCarbon',
  'gridWater',
  'embodiedServer',
  'embodiedAccelerator',
  'staffCost',
  'acceleratorsPerEngineer',
  'maintenance',
  'installation',
  'spares',
  'networkPortPrice',
  'storagePrice',
  'rackPrice',
  'colocationPrice',
  'residualValue',
] as const
export type FactorName = (typeof factorNames)[number]

/** A value in each draw. All arithmetic runs over whole columns: it is done for hundreds of draws of each option. */
export type Column = Float64Array
export type Factors = Readonly<Record<FactorName, Column>>

export function constant(rows: number, value: number): Column {
  return new Float64Array(rows).fill(value)
}

export function product(first: Column, ...others: readonly Column[]): Column {
  const out = first.slice()
  for (const other of others) for (let row = 0; row < out.length; row += 1) out[row]! *= other[row]!
  return out
}

export function quotient(of: Column, by: Column): Column {
  const out = new Float64Array(of.length)
  for (let row = 0; row < out.length; row += 1) out[row] = of[row]! / by[row]!
  return out
}

/** In place. */
export function scale(out: Column, by: number): Column {
  for (let row = 0; row < out.length; row += 1) out[row]! *= by
  return out
}

/** out + weight · column, in place. */
export function add(out: Column, weight: number, column: Column): Column {
  for (let row = 0; row < out.length; row += 1) out[row]! += weight * column[row]!
  return out
}

/** Sum of columns, each by its weight; 1 where the weights are all 0, so that nothing of nothing stays. */
export function weightedMean(
  rows: number,
  parts: readonly (readonly [weight: number, column: Column])[],
): Column {
  const weights = parts.reduce((sum, [weight]) => sum + weight, 0)
  if (weights === 0) return constant(rows, 1)
  const out = new Float64Array(rows)
  for (const [weight, column] of parts) if (weight !== 0) add(out, weight / weights, column)
  return out
}
