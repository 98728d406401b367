import type { LevelKind } from '../estimators/performance/levels.ts'
import type { Term } from '../estimators/performance/terms.ts'
import { microsecond, millisecond } from '../foundation/units.ts'
import { dependsOn } from './term-levels.ts'

/**
 * What the fit believes before it sees a run. Centres are what kernels and links are known to do; widths and weights
 * were chosen by cross-validation over architectures (README, "How the fit was chosen").
 */
export interface Prior {
  /** Centre of the base value of each term, in its unit. */
  readonly base: { readonly [K in Term]: number }
  /** Standard deviation of ln(base). */
  readonly baseSpread: (term: Term) => number
  /** Standard deviation of ln(factor) of a level. */
  readonly factorSpread: (term: Term, kind: LevelKind) => number
  /** Residuals beyond this (in ln) count linearly, not squared (Huber). */
  readonly robustBeyond: number
  /** Weight of the runs against the prior. */
  readonly dataWeight: number
  /** Runs of one cell (source, architecture, device, metric) weigh n^(1 − this) together. */
  readonly cellPower: number
}

const base: { readonly [K in Term]: number } = {
  weightStream: 1.25,
  expertStream: 1.5,
  cacheRead: 1.3,
  decodeCompute: 1.6,
  expertCompute: 1.8,
  latentCompute: 2,
  layerLatency: 20 * microsecond,
  expertLayerLatency: 20 * microsecond,
  recurrentLayerLatency: 32 * microsecond,
  latentLayerLatency: 20 * microsecond,
  stepLatency: 0.7 * millisecond,
  sequenceLatency: 20 * microsecond,
  reduceLatency: 6 * microsecond,
  reduceBytes: 2,
  dispatchLatency: 80 * microsecond,
  dispatchBytes: 5,
  expertImbalance: 0.1,
  routingExponent: 0.85,
  prefillCompute: 1.5,
  prefillExpertCompute: 2,
  prefillAttention: 3,
  prefillActivationTraffic: 15,
  prefillLayerLatency: 150 * microsecond,
  prefillExpertLayerLatency: 90 * microsecond,
  prefillLatentLayerLatency: 500 * microsecond,
  requestLatency: 10 * millisecond,
  burstQueue: 1,
  steadyQueue: 0.5,
  stepWait: 0.5,
  interference: 0.8,
  medianInterference: 0.25,
  groupWait: 1,
  saturatedBatch: 0.9,
}

const factorSpreads: { readonly [K in LevelKind]: number } = {
  engine: 0.5,
  backend: 0.35,
  era: 0.3,
  family: 0.4,
  precision: 0.3,
  accelerator: 0.2,
  'backend-family': 0.25,
  'backend-precision': 0.25,
  'family-precision': 0.2,
  'era-family': 0.2,
  mode: 0.2,
  attention: 0.2,
  experts: 0.2,
  'memory-class': 0.2,
  'engine-mode': 0.2,
  'engine-attention': 0.2,
  'engine-experts': 0.2,
}

const looseBase = 1
/** Terms whose value is nearly known, and that no level changes. */
const firmTerms: ReadonlySet<Term> = new Set(['routingExponent'])
const firmBase = 0.05

/** Spread of a factor that physics does not expect, as a share of the others' (levels stand for more than their name). */
const unexpectedShare = 0.6

export const ourPrior: Prior = {
  base,
  baseSpread: (term) => (firmTerms.has(term) ? firmBase : looseBase),
  factorSpread: (term, kind) =>
    firmTerms.has(term) ? 0 : factorSpreads[kind] * (dependsOn(term, kind) ? 1 : unexpectedShare),
  robustBeyond: 0.1,
  dataWeight: 12,
  cellPower: 0.1,
}
