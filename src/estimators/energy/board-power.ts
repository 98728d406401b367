import { boardPowerShare } from './formulas.ts'

/** Coefficients of the board's power; rows `board-…` of `catalogs/power_model.csv`, fitted on published runs. */
export interface BoardPowerCoefficients {
  /** Highest mean power that loads reach, share of TDP. */
  readonly capFraction: number
  readonly busyFloor: number
  readonly computeWeight: number
  readonly bandwidthWeight: number
  /** Added where experts run in 8 bits or fewer: block-scaled kernels burn power at little work. */
  readonly lowPrecisionExpertExtra: number
  /** 1 for engines that keep the device fed; below it for stacks with gaps between kernels. */
  readonly stackDuty: number
}

export interface BoardPowerInput {
  readonly tdpWatts: number
  readonly idleWatts: number
  /** FLOPs done ÷ (dense peak · time), 0 to 1. */
  readonly computeUtilisation: number
  /** Bytes moved ÷ (peak bandwidth · time), 0 to 1. */
  readonly bandwidthUtilisation: number
  readonly lowPrecisionExperts: boolean
}

/**
 * Mean power of one accelerator while it works, watts. Between idle and the cap; rises with either utilisation.
 * Allocates nothing.
 */
export function boardPowerWatts(c: BoardPowerCoefficients, input: BoardPowerInput): number {
  const effort =
    c.busyFloor +
    c.computeWeight * input.computeUtilisation +
    c.bandwidthWeight * input.bandwidthUtilisation +
    (input.lowPrecisionExperts ? c.lowPrecisionExpertExtra : 0)
  const room = c.capFraction * input.tdpWatts - input.idleWatts
  return room <= 0 ? input.idleWatts : input.idleWatts - room * c.stackDuty * Math.expm1(-effort)
}

/** The same through the formula record, for explanations. */
export function explainedBoardPowerWatts(c: BoardPowerCoefficients, input: BoardPowerInput): number {
  return boardPowerShare.compute({
    T: input.tdpWatts,
    i: Math.min(input.idleWatts / input.tdpWatts, c.capFraction),
    k: c.capFraction,
    d: c.stackDuty,
    s: c.busyFloor,
    a: c.computeWeight,
    uc: input.computeUtilisation,
    b: c.bandwidthWeight,
    ub: input.bandwidthUtilisation,
    m: input.lowPrecisionExperts ? c.lowPrecisionExpertExtra : 0,
  })
}
