import { describe, expect, it } from 'vitest'
import { boundCoefficients, type EfficiencyFactor, factorTable, resolveCoefficients } from './coefficients.ts'
import { allEngines, predictionInterval } from './interval.ts'
import type { PerformanceFacts } from './levels.ts'
import { type MeasuredPoint, nearestMeasured } from './nearest.ts'
import { terms } from './terms.ts'

const facts: PerformanceFacts = {
  engine: 'vllm',
  backend: 'cuda',
  era: 'new',
  family: 'hopper',
  memoryClass: 'hbm',
  precision: 'fp8',
  accelerator: 'h100-sxm-80',
  mode: 'serving',
  attention: 'full',
  experts: 'dense',
}
const base = terms.map(
  (term): EfficiencyFactor => ({
    term,
    level_kind: 'base',
    level: 'all',
    value: term === 'weightStream' ? 1.2 : 1,
  }),
)

describe('coefficients', () => {
  it('are the base times the factor of every level that applies, and of no other', () => {
    const rows: EfficiencyFactor[] = [
      ...base,
      { term: 'weightStream', level_kind: 'engine', level: 'vllm', value: 1.5 },
      { term: 'weightStream', level_kind: 'family-precision', level: 'hopper:fp8', value: 0.8 },
      { term: 'weightStream', level_kind: 'engine', level: 'sglang', value: 9 },
    ]
    const { coefficients } = resolveCoefficients(factorTable(rows), facts)
    expect(coefficients.weightStream).toBeCloseTo(1.2 * 1.5 * 0.8, 12)
    expect(coefficients.cacheRead).toBe(1)
  })

  it('name the levels nobody has measured', () => {
    const rows: EfficiencyFactor[] = [
      ...base,
      { term: 'weightStream', level_kind: 'engine', level: 'vllm', value: 1.5 },
    ]
    const { unknownLevels } = resolveCoefficients(factorTable(rows), facts)
    expect(unknownLevels).toContainEqual({ kind: 'accelerator', level: 'h100-sxm-80' })
    expect(unknownLevels).not.toContainEqual({ kind: 'engine', level: 'vllm' })
  })

  it('do not exist without base values', () => {
    expect(() => resolveCoefficients(factorTable([]), facts)).toThrow(/no base value/)
  })

  it('of a bound hold no latency and no waiting', () => {
    expect(boundCoefficients.layerLatency).toBe(0)
    expect(boundCoefficients.interference).toBe(0)
    expect(boundCoefficients.weightStream).toBe(1)
  })
})

const point: MeasuredPoint = {
  engine: 'vllm',
  accelerator_id: 'h100-sxm-80',
  backend: 'cuda',
  family: 'hopper',
  precision: 'fp8',
  model_id: 'llama-3.1-70b-instruct',
  least_batch: 4,
  most_batch: 64,
  runs: 20,
}

describe('the nearest measured point', () => {
  const ask = (change: Partial<PerformanceFacts>, modelId = point.model_id, batch = 16) =>
    nearestMeasured([point], { facts: { ...facts, ...change }, modelId, batch })

  it('knows what was measured itself, and how far a batch lies outside', () => {
    expect(ask({}).novelty).toBe('measured')
    expect(ask({}, point.model_id, 256)).toMatchObject({ batchRatio: 256 / 64, differs: ['batch'] })
    expect(ask({}, point.model_id, 1).batchRatio).toBe(4)
  })

  it('tells a new model from a new accelerator from nothing near', () => {
    expect(ask({}, 'qwen3-32b').novelty).toBe('new-architecture')
    expect(ask({ accelerator: 'h200-sxm-141' }).novelty).toBe('new-accelerator')
    expect(ask({ family: 'ampere', accelerator: 'a100-sxm-80' }).novelty).toBe('new-family')
    expect(ask({ backend: 'rocm', family: 'cdna', accelerator: 'mi300x' }).novelty).toBe('unmeasured')
    expect(ask({ engine: 'other' })).toMatchObject({ novelty: 'unmeasured', point: undefined })
  })
})

describe('an interval', () => {
  const rows = [
    { metric: 'tpot', engine: allEngines, novelty: 'new-architecture', log_half_width: Math.log(2) },
    { metric: 'tpot', engine: 'vllm', novelty: 'new-architecture', log_half_width: Math.log(1.5) },
  ] as const

  it('is the width of held-out runs of the engine, else of all engines', () => {
    const own = predictionInterval(rows, {
      metric: 'tpot',
      engine: 'vllm',
      novelty: 'new-architecture',
      value: 30,
    })
    expect(own?.low).toBeCloseTo(30 / 1.5, 12)
    expect(own?.high).toBeCloseTo(30 * 1.5, 12)
    const any = predictionInterval(rows, {
      metric: 'tpot',
      engine: 'x',
      novelty: 'new-architecture',
      value: 30,
    })
    expect(any?.high).toBeCloseTo(60, 12)
  })

  it('does not exist where nothing near was measured', () => {
    expect(
      predictionInterval(rows, { metric: 'tpot', engine: 'vllm', novelty: 'unmeasured', value: 30 }),
    ).toBeUndefined()
  })
})
