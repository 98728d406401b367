import { type BoardPowerCoefficients, boardPowerWatts } from '../estimators/energy/board-power.ts'
import { rooflineStepSeconds, type StepRooflineCoefficients } from '../estimators/energy/step-roofline.ts'
import { fitPositive } from './least-squares.ts'
import type { PowerRun } from './power-runs.ts'

/** Board power and step time fitted on the same runs, so that the errors of one lean against those of the other. */
export interface PowerFit {
  readonly board: BoardPowerCoefficients
  readonly step: StepRooflineCoefficients
  /** Stack with gaps between kernels (vLLM of mid 2024), in place of the values above. */
  readonly gaps: { readonly stackDuty: number } & Pick<
    StepRooflineCoefficients,
    'stackFactor' | 'stackLayerSeconds' | 'stackSequenceSeconds'
  >
}

/** Runs on engines of before 2025: the same boards drew half of what current stacks draw. Never pooled without this flag. */
export function hasGaps(run: Pick<PowerRun, 'era'>): boolean {
  return run.era === 'old'
}

interface Parameter {
  readonly start: number
  readonly low: number
  readonly high: number
}

/** Order matters: the unpacking functions below read by place. Bounds only keep the search sane. */
const stepParameters: readonly Parameter[] = [
  { start: 1.25, low: 0.5, high: 4 },
  { start: 1.36, low: 0.2, high: 5 },
  { start: 1e-4, low: 1e-6, high: 1e-3 },
  { start: 2e-5, low: 1e-7, high: 5e-4 },
  { start: 4e-5, low: 1e-7, high: 5e-4 },
  { start: 5e-5, low: 1e-7, high: 5e-4 },
  { start: 0.9, low: 0.3, high: 3 },
  { start: 4.5e-4, low: 1e-6, high: 3e-3 },
  { start: 3.9e-4, low: 1e-6, high: 3e-3 },
]
const boardParameters: readonly Parameter[] = [
  { start: 0.2, low: 1e-3, high: 2 },
  { start: 8, low: 0.1, high: 60 },
  { start: 1.6, low: 0.01, high: 20 },
  { start: 0.5, low: 1e-3, high: 4 },
  { start: 0.64, low: 0.1, high: 1 },
]

/** Highest mean board power in the runs is 0.96 to 0.99 of TDP; it is set, not fitted. */
export const boardCapFraction = 0.98
/** Logarithmic residuals beyond this lose weight. */
const robustScale = 0.1

function unpackStep(p: ArrayLike<number>, gaps: boolean): StepRooflineCoefficients {
  return {
    bandwidthFactor: p[0]!,
    computeFactor: p[1]!,
    layerSeconds: p[2]!,
    layerReduceSeconds: p[3]!,
    expertLayerSeconds: p[4]!,
    sequenceSeconds: p[5]!,
    stackFactor: gaps ? p[6]! : 1,
    stackLayerSeconds: gaps ? p[7]! : 0,
    stackSequenceSeconds: gaps ? p[8]! : 0,
  }
}

function unpackBoard(p: ArrayLike<number>, gaps: boolean): BoardPowerCoefficients {
  return {
    capFraction: boardCapFraction,
    busyFloor: p[0]!,
    computeWeight: p[1]!,
    bandwidthWeight: p[2]!,
    lowPrecisionExpertExtra: p[3]!,
    stackDuty: gaps ? p[4]! : 1,
  }
}

export function stepSecondsOf(run: PowerRun, step: StepRooflineCoefficients): number {
  return rooflineStepSeconds(step, { ...run, sequences: run.batch })
}

/** Watts per device in a step of the given length. */
export function boardWattsOf(run: PowerRun, board: BoardPowerCoefficients, stepSeconds: number): number {
  return boardPowerWatts(board, {
    tdpWatts: run.tdpWatts,
    idleWatts: run.idleFraction * run.tdpWatts,
    computeUtilisation: Math.min(run.computeSeconds / stepSeconds, 1),
    bandwidthUtilisation: Math.min(run.memorySeconds / stepSeconds, 1),
    lowPrecisionExperts: run.lowPrecisionExperts,
  })
}

/** Mean power per device: stated, or energy per token times the measured rate. */
export function measuredBoardWatts(run: PowerRun): number | undefined {
  if (run.powerWatts !== undefined) return run.powerWatts
  if (run.stepSeconds === undefined) return undefined
  return (run.joulesPerOutputToken * run.batch) / run.stepSeconds / run.devices
}

/** Fits step time, then board power at the measured step times. */
export function fitPower(runs: readonly PowerRun[]): PowerFit {
  const timed = runs.filter((run) => run.stepSeconds !== undefined)
  const indices = timed.map((_, index) => index)
  const bounds = (parameters: readonly Parameter[]) => ({
    start: parameters.map((entry) => entry.start),
    low: parameters.map((entry) => entry.low),
    high: parameters.map((entry) => entry.high),
  })
  const step = fitPositive({
    ...bounds(stepParameters),
    rows: indices,
    scale: robustScale,
    residual: (p, index) => {
      const run = timed[index]!
      return Math.log(stepSecondsOf(run, unpackStep(p, hasGaps(run))) / run.stepSeconds!)
    },
  })
  const board = fitPositive({
    ...bounds(boardParameters),
    rows: indices,
    scale: robustScale,
    residual: (p, index) => {
      const run = timed[index]!
      const watts = boardWattsOf(run, unpackBoard(p, hasGaps(run)), run.stepSeconds!)
      return Math.log(watts / measuredBoardWatts(run)!)
    },
  })
  return {
    board: unpackBoard(board, false),
    step: unpackStep(step, false),
    gaps: {
      stackDuty: board[4]!,
      stackFactor: step[6]!,
      stackLayerSeconds: step[7]!,
      stackSequenceSeconds: step[8]!,
    },
  }
}

export interface PowerPrediction {
  readonly stepSeconds: number
  /** Per device, from the predicted step time. */
  readonly boardWatts: number
  /** Per device, from the measured step time. */
  readonly boardWattsAtMeasuredStep: number | undefined
  readonly joulesPerOutputToken: number
}

/** A prediction; `givenStepSeconds` is another estimate of the step's time in place of the one fitted here. */
export function predictPower(fit: PowerFit, run: PowerRun, givenStepSeconds?: number): PowerPrediction {
  const gaps = hasGaps(run)
  const board = gaps ? { ...fit.board, stackDuty: fit.gaps.stackDuty } : fit.board
  const step = gaps ? { ...fit.step, ...fit.gaps } : fit.step
  const stepSeconds = givenStepSeconds ?? stepSecondsOf(run, step)
  const boardWatts = boardWattsOf(run, board, stepSeconds)
  return {
    stepSeconds,
    boardWatts,
    boardWattsAtMeasuredStep:
      run.stepSeconds === undefined ? undefined : boardWattsOf(run, board, run.stepSeconds),
    joulesPerOutputToken: (run.devices * boardWatts * stepSeconds) / run.batch,
  }
}

export interface CrossValidation {
  readonly predictions: readonly PowerPrediction[]
  /** The group each run was left out with. */
  readonly groups: readonly string[]
  readonly fits: readonly PowerFit[]
}

/**
 * Every run predicted by a fit that has not seen its group. `stepSeconds` gives step times that another model, which
 * has not seen the run either, predicts.
 */
export function crossValidate(
  runs: readonly PowerRun[],
  groupOf: (run: PowerRun) => string,
  stepSeconds?: (run: PowerRun) => number | undefined,
): CrossValidation {
  const groups = runs.map(groupOf)
  const predictions = new Array<PowerPrediction>(runs.length)
  const fits: PowerFit[] = []
  for (const group of [...new Set(groups)].sort()) {
    const fit = fitPower(runs.filter((_, index) => groups[index] !== group))
    fits.push(fit)
    for (const [index, run] of runs.entries())
      if (groups[index] === group) predictions[index] = predictPower(fit, run, stepSeconds?.(run))
  }
  return { predictions, groups, fits }
}
