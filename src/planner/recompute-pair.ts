import { tokensPerMillion } from '../foundation/units.ts'
import { type CascadeSideName, type CascadeWish, cascadeFractions } from './cascade-shares.ts'
import { type RecomputeChanges, type Recomputed, recompute, tokensOver } from './recompute.ts'
import type { RecomputeBasis } from './recompute-types.ts'

/** What a pair of a cascade needs to be worked out again: both options, each with its share of the requests. */
export interface PairBasis {
  readonly pairId: string
  readonly smallFraction: number
  readonly escalation: CascadeWish['escalation']
  /** Absent where no request goes to it. */
  readonly small?: RecomputeBasis
  readonly large?: RecomputeBasis
  /** Of the scenario, whichever model answers, in the first month. */
  readonly requestsPerMonth: number
}

export interface PairChanges extends RecomputeChanges {
  /** Share that the small model answers; moved only where both models are there. */
  readonly smallFraction?: number
}

export interface RecomputedPair {
  readonly pairId: string
  /** Absent where no request goes to it. */
  readonly small?: Recomputed
  readonly large?: Recomputed
  /** The smaller of both. */
  readonly headroomFraction: number | undefined
  /** Sums; undefined where one part is unknown. */
  readonly upfrontUsd: number | undefined
  readonly totalUsd: number | undefined
  readonly netPresentUsd: number | undefined
  readonly usdPerMonth: number | undefined
  /** Each token counts once, whichever model answers. */
  readonly usdPerMillionTokens: number | undefined
  readonly kilowattHoursPerMonth: number | undefined
  readonly carbonGramsPerMonth: number | undefined
}

/** Both options of a pair under changed assumptions, and their sum. A changed share moves requests from one to the other. */
export function recomputePair(basis: PairBasis, changes: PairChanges = {}): RecomputedPair {
  const { smallFraction = basis.smallFraction, ...common } = changes
  const before = cascadeFractions(basis)
  const after = cascadeFractions({ smallFraction, escalation: basis.escalation })
  const side = (name: CascadeSideName): Recomputed | undefined => {
    const of = basis[name]
    if (of === undefined || after[name] === 0) return undefined
    const ratio = after[name] === before[name] ? 1 : after[name] / before[name]
    return recompute(of, { ...common, demandRatio: (common.demandRatio ?? 1) * ratio })
  }
  const [small, large] = [side('small'), side('large')]
  const parts = [small, large].filter((part) => part !== undefined)
  const sum = (of: (part: Recomputed) => number | undefined) => {
    const values = parts.map(of)
    return values.some((value) => value === undefined)
      ? undefined
      : (values as number[]).reduce((total, value) => total + value, 0)
  }
  const totalUsd = sum((part) => part.totalUsd)
  const member = basis.small ?? basis.large
  const tokens =
    member === undefined ? 0 : tokensOver({ ...member, requestsPerMonth: basis.requestsPerMonth }, common)
  const headrooms = parts.flatMap((part) => part.headroomFraction ?? [])
  return {
    pairId: basis.pairId,
    ...(small === undefined ? {} : { small }),
    ...(large === undefined ? {} : { large }),
    headroomFraction: headrooms.length === 0 ? undefined : Math.min(...headrooms),
    upfrontUsd: sum((part) => part.upfrontUsd),
    totalUsd,
    netPresentUsd: sum((part) => part.netPresentUsd),
    usdPerMonth: sum((part) => part.usdPerMonth),
    usdPerMillionTokens:
      totalUsd === undefined || tokens === 0 ? undefined : (totalUsd / tokens) * tokensPerMillion,
    kilowattHoursPerMonth: sum((part) => part.kilowattHoursPerMonth),
    carbonGramsPerMonth: sum((part) => part.carbonGramsPerMonth),
  }
}
