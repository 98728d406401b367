import type { ParameterSpace } from './fit.ts'

const mostIterations = 200
const relativeTolerance = 1e-6
const absoluteTolerance = 1e-9

/**
 * Solves (I + Σ_c XᵀG_cX) d = −(z + Σ_c Xᵀg_c) for the step d of standardised parameters z, where X spreads a
 * combination's terms over its levels. The matrix is never built: a product with it costs one small Gram matrix per
 * combination. Preconditioned by its diagonal.
 */
export function solveShrunken(input: {
  space: ParameterSpace
  terms: number
  parameters: Float64Array
  gradients: readonly Float64Array[]
  grams: readonly (Float64Array | undefined)[]
}): Float64Array {
  const { space, terms: T, parameters, gradients, grams } = input
  const { spreads, levelsOf } = space
  const size = spreads.length
  const right = parameters.map((value) => -value)
  const diagonal = new Float64Array(size).fill(1)
  for (const [c, levels] of levelsOf.entries()) {
    const gram = grams[c]
    if (gram === undefined) continue
    for (const level of levels) {
      for (let t = 0; t < T; t++) {
        const i = level * T + t
        right[i]! -= spreads[i]! * gradients[c]![t]!
        diagonal[i]! += spreads[i]! ** 2 * gram[t * T + t]!
      }
    }
  }
  const inner = new Float64Array(T)
  const outer = new Float64Array(T)
  const multiply = (vector: Float64Array, into: Float64Array) => {
    into.set(vector)
    for (const [c, levels] of levelsOf.entries()) {
      const gram = grams[c]
      if (gram === undefined) continue
      inner.fill(0)
      for (const level of levels) {
        for (let t = 0; t < T; t++) inner[t]! += spreads[level * T + t]! * vector[level * T + t]!
      }
      for (let t = 0; t < T; t++) {
        let sum = 0
        for (let u = 0; u < T; u++) sum += gram[t * T + u]! * inner[u]!
        outer[t] = sum
      }
      for (const level of levels) {
        for (let t = 0; t < T; t++) into[level * T + t]! += spreads[level * T + t]! * outer[t]!
      }
    }
  }
  const step = new Float64Array(size)
  const rest = right.slice()
  const scaled = rest.map((value, i) => value / diagonal[i]!)
  const direction = scaled.slice()
  const product = new Float64Array(size)
  let energy = dot(rest, scaled)
  const target = Math.max(relativeTolerance * energy, absoluteTolerance)
  for (let iteration = 0; iteration < mostIterations && energy > target; iteration++) {
    multiply(direction, product)
    const length = energy / dot(direction, product)
    for (let i = 0; i < size; i++) {
      step[i]! += length * direction[i]!
      rest[i]! -= length * product[i]!
      scaled[i] = rest[i]! / diagonal[i]!
    }
    const next = dot(rest, scaled)
    const turn = next / energy
    energy = next
    for (let i = 0; i < size; i++) direction[i] = scaled[i]! + turn * direction[i]!
  }
  return step
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
