import { describe, expect, it } from 'vitest'
import { intervalsOf, type PowerModel } from './coefficients.ts'

const model = {
  energyInterval: { median: 1, low: 0.8, high: 1.4 },
  boardPowerInterval: { median: 1, low: 0.9, high: 1.1 },
  newAccelerator: {
    energy: { median: 1, low: 0.7, high: 1.3 },
    boardPower: { median: 1, low: 0.8, high: 1.25 },
  },
  measuredAccelerators: new Set(['h100-sxm-80']),
} as unknown as PowerModel

describe('intervalsOf', () => {
  it('keeps the intervals of an accelerator whose power was measured', () => {
    expect(intervalsOf(model, 'h100-sxm-80')).toEqual({
      energy: model.energyInterval,
      boardPower: model.boardPowerInterval,
    })
  })

  it('is on neither side narrower for one that was never measured', () => {
    expect(intervalsOf(model, 'l4')).toEqual({
      energy: { median: 1, low: 0.7, high: 1.4 },
      boardPower: { median: 1, low: 0.8, high: 1.25 },
    })
  })
})
