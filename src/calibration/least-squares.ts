/**
 * Robust least squares for a few positive parameters: damped Gauss-Newton on their logarithms, with the soft-L1 loss,
 * so that a few runs nobody can explain do not bend the rest. Deterministic.
 */
export function fitPositive(input: {
  readonly start: readonly number[]
  readonly low: readonly number[]
  readonly high: readonly number[]
  /** Residual of row `row` under the parameters. */
  readonly residual: (parameters: Float64Array, row: number) => number
  readonly rows: readonly number[]
  /** Residuals beyond it count less and less. */
  readonly scale: number
  readonly iterations?: number
}): Float64Array {
  const { rows, scale } = input
  const n = input.start.length
  const logLow = input.low.map(Math.log)
  const logHigh = input.high.map(Math.log)
  const clamp = (value: number, index: number) => Math.min(Math.max(value, logLow[index]!), logHigh[index]!)
  let point = Float64Array.from(input.start, (value, index) => clamp(Math.log(value), index))
  const evaluate = (logs: Float64Array) => {
    const parameters = logs.map(Math.exp)
    return Float64Array.from(rows, (row) => input.residual(parameters, row))
  }
  const loss = (residuals: Float64Array) =>
    residuals.reduce((sum, r) => sum + 2 * scale * scale * (Math.sqrt(1 + (r / scale) ** 2) - 1), 0)
  let residuals = evaluate(point)
  let best = loss(residuals)
  let damping = 1e-2
  for (let round = 0; round < (input.iterations ?? 80); round += 1) {
    const columns = point.map((value, index) => value + (value + 1e-6 > logHigh[index]! ? -1e-5 : 1e-5))
    const jacobian = Array.from({ length: n }, (_, index) => {
      const moved = Float64Array.from(point)
      moved[index] = columns[index]!
      const shift = moved[index]! - point[index]!
      return evaluate(moved).map((value, row) => (value - residuals[row]!) / shift)
    })
    const { matrix, vector } = normalEquations(jacobian, residuals, scale)
    let moved = false
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const step = solve(matrix, vector, damping)
      const trial = point.map((value, index) => clamp(value - (step[index] ?? 0), index))
      const trialResiduals = evaluate(trial)
      const trialLoss = loss(trialResiduals)
      if (trialLoss < best) {
        moved = best - trialLoss > 1e-10 * best
        point = trial
        residuals = trialResiduals
        best = trialLoss
        damping = Math.max(damping / 5, 1e-9)
        break
      }
      damping *= 4
    }
    if (!moved) break
  }
  return point.map(Math.exp)
}

function normalEquations(jacobian: readonly Float64Array[], residuals: Float64Array, scale: number) {
  const weights = residuals.map((r) => 1 / Math.sqrt(1 + (r / scale) ** 2))
  const matrix = jacobian.map((a) =>
    jacobian.map((b) => a.reduce((sum, value, row) => sum + weights[row]! * value * b[row]!, 0)),
  )
  const vector = jacobian.map((a) =>
    a.reduce((sum, value, row) => sum + weights[row]! * value * residuals[row]!, 0),
  )
  return { matrix, vector }
}

/** Gauss elimination with pivots of (M + damping · diag M) x = v. */
function solve(matrix: readonly number[][], vector: readonly number[], damping: number): number[] {
  const n = vector.length
  const rows = matrix.map((row, i) => [
    ...row.map((value, j) => (i === j ? value * (1 + damping) + 1e-12 : value)),
    vector[i]!,
  ])
  for (let column = 0; column < n; column += 1) {
    let pivot = column
    for (let row = column + 1; row < n; row += 1)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row
    const swap = rows[column]!
    rows[column] = rows[pivot]!
    rows[pivot] = swap
    for (let row = column + 1; row < n; row += 1) {
      const factor = rows[row]![column]! / rows[column]![column]!
      for (let j = column; j <= n; j += 1) rows[row]![j]! -= factor * rows[column]![j]!
    }
  }
  const x = new Array<number>(n).fill(0)
  for (let row = n - 1; row >= 0; row -= 1) {
    let sum = rows[row]![n]!
    for (let j = row + 1; j < n; j += 1) sum -= rows[row]![j]! * x[j]!
    x[row] = sum / rows[row]![row]!
  }
  return x
}
