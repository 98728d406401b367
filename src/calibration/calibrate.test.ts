import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createCatalog } from '../catalogs/catalog.ts'
import { readCatalogFolder } from '../catalogs/folder.node.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { calibrate, calibratedCatalog, calibratedWidth } from './calibrate.ts'
import { runPredictor } from './run-predictor.ts'
import type { Run } from './runs.ts'
import { readRuns } from './runs.ts'

const here = (path: string) => new URL(path, import.meta.url)
const catalog = createCatalog(readCatalogFolder(here('../../catalogs').pathname).data)
const predict = runPredictor(catalog)

const head =
  'id,engine,mode,model,weights,accelerator,accelerators,tp,input_tokens,output_tokens,concurrency,tpot_ms'
/** Runs of a model on a card nobody measured together, whose times are those predicted, times a factor. */
function pilots(input: { concurrencies: readonly number[]; slower: number; weights?: string }): Run[] {
  const lines = input.concurrencies.map(
    (n, index) =>
      `r${index},vllm,serving,gemma-3-12b-it,${input.weights ?? 'bf16'},h100-sxm-80,1,1,1000,300,${n},1`,
  )
  return readRuns({ text: `${head}\n${lines.join('\n')}\n`, file: 'r.csv' }).map((run) => ({
    ...run,
    tpot_ms: predicted(run) * input.slower,
  }))
}
function predicted(run: Run, of = predict): number {
  const result = of(run)
  if ('reason' in result) return expect.unreachable(result.reason)
  return result.predictions[0]!.predicted
}
const calibrated = (runs: readonly Run[]) => {
  const calibration = calibrate({ runs, catalog, asOf: '2026-11-24', files: ['r.csv'] })
  return { calibration, predict: runPredictor(calibratedCatalog(catalog, calibration)) }
}

describe('calibration', () => {
  it('moves predictions of other runs of the deployment most of the way to five slower pilots', () => {
    const slower = 1.4
    const own = calibrated(pilots({ concurrencies: [1, 4, 16, 48, 96], slower }))
    for (const other of pilots({ concurrencies: [2, 8, 32, 64], slower })) {
      const error = Math.abs(Math.log(predicted(other, own.predict) / other.tpot_ms!))
      expect(error).toBeLessThan(0.3 * Math.log(slower))
    }
  })

  it('changes nothing where pilots agree with the prediction', () => {
    const runs = pilots({ concurrencies: [1, 8, 64], slower: 1 })
    const own = calibrated(runs)
    for (const run of runs) expect(predicted(run, own.predict) / predicted(run)).toBeCloseTo(1, 2)
  })

  it('is not thrown by one wild pilot among five', () => {
    const runs = pilots({ concurrencies: [1, 4, 16, 32, 64], slower: 1 })
    const wild = runs.map((run, index) => (index === 2 ? { ...run, tpot_ms: run.tpot_ms! * 20 } : run))
    const own = calibrated(wild)
    for (const run of pilots({ concurrencies: [2, 8, 48], slower: 1 })) {
      expect(Math.abs(Math.log(predicted(run, own.predict) / predicted(run)))).toBeLessThan(Math.log(1.5))
    }
  })

  it('leaves other models, accelerators and engines as they were', () => {
    const own = calibrated(pilots({ concurrencies: [1, 4, 16], slower: 1.5 }))
    const [run] = pilots({ concurrencies: [8], slower: 1 })
    for (const changed of [
      { model: 'gemma-3-27b-it' },
      { accelerator: 'h200-sxm-141' },
      { engine: 'sglang' },
    ]) {
      const other = { ...run!, ...changed }
      expect(predicted(other, own.predict)).toBe(predicted(other))
    }
  })

  it('says that the deployment was measured by the user, with a width of its own', () => {
    const [run] = pilots({ concurrencies: [8], slower: 1 })
    const own = calibrated(pilots({ concurrencies: [1, 4, 16], slower: 1.5 }))
    const result = own.predict(run!)
    if ('reason' in result) return expect.unreachable(result.reason)
    expect(result.nearest).toMatchObject({ novelty: 'measured', widths: 'calibrated' })
    expect(result.predictions[0]?.low).toBeLessThan(result.predictions[0]!.predicted)
  })

  it('of a calibrated catalog replaces the earlier factors, it does not multiply them', () => {
    const runs = pilots({ concurrencies: [1, 4, 16, 48], slower: 1.4 })
    const once = calibrate({ runs, catalog, asOf: '2026-11-24', files: [] })
    const twice = calibrate({
      runs,
      catalog: calibratedCatalog(catalog, once),
      asOf: '2026-11-24',
      files: [],
    })
    expect(twice.files.get('efficiency.csv')).toBe(once.files.get('efficiency.csv'))
  })

  it('writes tables that carry the user as their source', () => {
    const { calibration } = calibrated(pilots({ concurrencies: [1, 8], slower: 1.3 }))
    expect([...calibration.files.keys()]).toEqual([
      'efficiency.csv',
      'measured_points.csv',
      'prediction_errors.csv',
      'sources.csv',
    ])
    expect(calibration.files.get('efficiency.csv')).toContain(',deployment,gemma-3-12b-it:h100-sxm-80:vllm,')
    expect(calibration.files.get('sources.csv')).toMatch(/\nuser,/)
    expect(calibration.deployments).toEqual(['gemma-3-12b-it:h100-sxm-80:vllm'])
  })

  it('reads published runs of every kind', () => {
    const text = readFileSync(here('fixtures/runs-sample.csv'), 'utf8')
    const runs = readRuns({ text, file: 'runs-sample.csv' })
    const { errors } = calibrated(runs).calibration
    expect(errors.every(({ after, before }) => Number.isFinite(after) && Number.isFinite(before))).toBe(true)
  })

  it('without a usable run is refused with the reasons', () => {
    const [run] = pilots({ concurrencies: [8], slower: 1 })
    const blank = { ...run!, model: 'nobody/nothing' }
    try {
      calibrated([blank])
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(RightsizeError)
      expect((error as RightsizeError).issues[0]?.place).toBe('line 2')
    }
  })
})

describe('the width of calibrated deployments', () => {
  it('averages the squares of ours, which counts for two runs, and the user’s', () => {
    const own = Array.from({ length: 10 }, () => 0.1)
    expect(calibratedWidth(own, 0.3)).toBeCloseTo(Math.sqrt((2 * 0.3 ** 2 + 10 * 0.1 ** 2) / 12), 12)
    expect(calibratedWidth(own, undefined)).toBeCloseTo(0.1, 12)
  })
})
