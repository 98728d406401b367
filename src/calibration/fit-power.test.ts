import { describe, expect, it } from 'vitest'
import { boardWattsOf, crossValidate, fitPower, predictPower, stepSecondsOf } from './fit-power.ts'
import { fitPositive } from './least-squares.ts'
import type { PowerRun } from './power-runs.ts'
import { leaveOutCoverage, quantile, ratioInterval, score } from './score.ts'

const board = {
  capFraction: 0.98,
  busyFloor: 0.3,
  computeWeight: 7,
  bandwidthWeight: 1.2,
  lowPrecisionExpertExtra: 0.4,
  stackDuty: 1,
}
const step = {
  bandwidthFactor: 1.2,
  computeFactor: 1.5,
  layerSeconds: 8e-5,
  layerReduceSeconds: 3e-5,
  expertLayerSeconds: 5e-5,
  sequenceSeconds: 4e-5,
  stackFactor: 1,
  stackLayerSeconds: 0,
  stackSequenceSeconds: 0,
}

/** Runs that follow the model exactly; the fit must find the model again. */
function syntheticRuns(): PowerRun[] {
  const runs: PowerRun[] = []
  for (let index = 0; index < 240; index += 1) {
    const bare: PowerRun = {
      id: `run-${index}`,
      source: 'one source',
      era: index % 4 === 0 ? 'old' : 'new',
      model: `model-${index % 12}`,
      modelGroup: `model-${index % 12}`,
      accelerator: `device-${index % 3}`,
      task: 'chat',
      devices: 2 ** (index % 4),
      batch: 8 * (1 + (index % 17)),
      tdpWatts: 400 + 300 * (index % 3),
      idleFraction: 0.1,
      layers: 24 + 8 * (index % 7),
      expertLayers: index % 5 === 0 ? 24 : 0,
      recurrentLayers: 0,
      lowPrecisionExperts: index % 10 === 0,
      memorySeconds: 0.001 * (1 + (index % 13)),
      computeSeconds: 0.0002 * (1 + ((index * 7) % 19)),
      joulesPerOutputToken: 1,
      powerWatts: undefined,
      throughputRunId: undefined,
      stepSeconds: undefined,
    }
    const gaps = bare.era === 'old'
    const stepSeconds = stepSecondsOf(
      bare,
      gaps ? { ...step, stackFactor: 0.9, stackLayerSeconds: 4e-4, stackSequenceSeconds: 3e-4 } : step,
    )
    const watts = boardWattsOf(bare, gaps ? { ...board, stackDuty: 0.6 } : board, stepSeconds)
    runs.push({
      ...bare,
      stepSeconds,
      powerWatts: watts,
      joulesPerOutputToken: (watts * bare.devices * stepSeconds) / bare.batch,
    })
  }
  return runs
}

describe('fitting power', () => {
  const runs = syntheticRuns()

  it('finds the coefficients that made the runs', () => {
    const fit = fitPower(runs)
    for (const key of ['busyFloor', 'computeWeight', 'bandwidthWeight', 'lowPrecisionExpertExtra'] as const)
      expect(fit.board[key] / board[key]).toBeCloseTo(1, 2)
    expect(fit.gaps.stackDuty).toBeCloseTo(0.6, 2)
    for (const key of ['bandwidthFactor', 'computeFactor', 'layerSeconds', 'sequenceSeconds'] as const)
      expect(fit.step[key] / step[key]).toBeCloseTo(1, 2)
  })

  it('predicts runs it has not seen', () => {
    const { predictions } = crossValidate(runs, (run) => run.modelGroup)
    const energy = score(
      runs.map((run, index) => ({
        predicted: predictions[index]!.joulesPerOutputToken,
        measured: run.joulesPerOutputToken,
      })),
    )
    expect(energy.rows).toBe(runs.length)
    expect(energy.p90).toBeLessThan(0.02)
    const prediction = predictPower(fitPower(runs), runs[0]!)
    expect(prediction.boardWatts).toBeLessThan(runs[0]!.tdpWatts)
  })
})

describe('least squares', () => {
  it('leaves outliers where they are', () => {
    const xs = Array.from({ length: 50 }, (_, index) => index + 1)
    const ys = xs.map((x) => (x % 10 === 0 ? 100 : 1) * 2.5 * x)
    const [slope] = fitPositive({
      start: [1],
      low: [0.01],
      high: [100],
      rows: xs.map((_, index) => index),
      scale: 0.1,
      residual: (p, row) => Math.log((p[0]! * xs[row]!) / ys[row]!),
    })
    expect(slope).toBeCloseTo(2.5, 1)
  })
})

describe('scores', () => {
  it('counts errors over the measurement', () => {
    const s = score([
      { predicted: 110, measured: 100 },
      { predicted: 80, measured: 100 },
      { predicted: 150, measured: 100 },
    ])
    expect(s.median).toBeCloseTo(0.2, 9)
    expect(s.withinQuarter).toBeCloseTo(2 / 3, 9)
    expect(s.bias).toBeCloseTo(0.1, 9)
  })

  it('quantiles lie between order statistics', () => {
    expect(quantile([1, 2, 3, 4, 5], 0.5)).toBe(3)
    expect(quantile([0, 10], 0.25)).toBe(2.5)
    expect(quantile([], 0.5)).toBeNaN()
  })

  it('an interval of 80 % covers about 80 % of groups alike', () => {
    const pairs = Array.from({ length: 1000 }, (_, index) => ({
      predicted: 100,
      measured: 50 + ((index * 37) % 101),
    }))
    const groups = pairs.map((_, index) => `group-${index % 10}`)
    expect(ratioInterval(pairs, 0.8).median).toBeCloseTo(1, 1)
    expect(leaveOutCoverage(pairs, groups, 0.8).byRow).toBeCloseTo(0.8, 1)
  })
})
