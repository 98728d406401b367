import type { StepModel } from '../../estimators/performance/step-model.ts'
import { standardNormalQuantile } from '../../estimators/uncertainty/distributions.ts'

/** Gauss-Hermite quadrature for a standard normal variable, five nodes: exact for polynomials of degree nine. */
const outer = Math.sqrt(5 + Math.sqrt(10))
const inner = Math.sqrt(5 - Math.sqrt(10))
export const hermite = [
  { at: -outer, weight: (7 - 2 * Math.sqrt(10)) / 60 },
  { at: -inner, weight: (7 + 2 * Math.sqrt(10)) / 60 },
  { at: 0, weight: 8 / 15 },
  { at: inner, weight: (7 + 2 * Math.sqrt(10)) / 60 },
  { at: outer, weight: (7 - 2 * Math.sqrt(10)) / 60 },
] as const

/** Spread of ln(length) of a lognormal with this mean and 95th percentile; the widest there is where the tail is longer. */
export function lengthSpread(mean: number, p95: number): number {
  const z = standardNormalQuantile(0.95)
  return z - Math.sqrt(Math.max(0, z * z - 2 * Math.log(Math.max(p95, mean) / mean)))
}

/** Prompts of so many new tokens that one engine step holds: 1 where a prompt fills it. */
export function promptsPerStep(model: StepModel, newTokens: number): number {
  return Math.max(1, model.prefillChunkTokens / Math.max(newTokens, 1))
}
