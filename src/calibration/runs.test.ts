import { describe, expect, it } from 'vitest'
import { RightsizeError } from '../foundation/errors.ts'
import { readRuns } from './runs.ts'

const header = 'engine,mode,model,weights,accelerator,concurrency,tpot_ms'

describe('a runs file', () => {
  it('leaves blank cells out and keeps the line', () => {
    const [run] = readRuns({ text: `${header}\nvllm,serving,m,fp8,h100-sxm-80,,12.5\n`, file: 'r.csv' })
    expect(run).toEqual({
      line: 2,
      engine: 'vllm',
      mode: 'serving',
      model: 'm',
      weights: 'fp8',
      accelerator: 'h100-sxm-80',
      tpot_ms: 12.5,
    })
  })

  it('names every wrong cell with its line', () => {
    const text = `${header}\nvllm,serving,m,fp8,a,x,1\nvllm,serving,m,fp8,a,1,-3\n`
    try {
      readRuns({ text, file: 'r.csv' })
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(RightsizeError)
      expect((error as RightsizeError).issues.map(({ place }) => place)).toEqual([
        'r.csv:2  concurrency',
        'r.csv:3  tpot_ms',
      ])
    }
  })

  it('says which columns it lacks', () => {
    expect(() => readRuns({ text: 'engine,mode\nvllm,serving\n', file: 'r.csv' })).toThrow(/lacks columns/)
  })
})
