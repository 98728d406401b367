import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createCatalog } from '../catalogs/catalog.ts'
import { readCatalogFolder } from '../catalogs/folder.node.ts'
import { runPredictor } from './run-predictor.ts'
import { readRuns } from './runs.ts'

const here = (path: string) => new URL(path, import.meta.url)
const catalog = createCatalog(readCatalogFolder(here('../../catalogs').pathname).data)
const sample = readRuns({
  text: readFileSync(here('fixtures/runs-sample.csv'), 'utf8'),
  file: 'runs-sample.csv',
})
const predict = runPredictor(catalog)

describe('published runs against the catalog', () => {
  const figures = sample.flatMap((run) => {
    const result = predict(run)
    return 'reason' in result ? [] : result.predictions
  })

  it('lie within a quarter of the prediction more often than not (the fit has seen them)', () => {
    const near = figures.filter(
      ({ measured, predicted }) => Math.abs(Math.log(predicted / measured)) < Math.log(1.25),
    )
    expect(near.length).toBeGreaterThan(figures.length / 2)
  })

  it('lie inside the interval of what was measured about as often as it says', () => {
    const judged = figures.filter(({ low }) => low !== undefined)
    const inside = judged.filter(({ measured, low, high }) => measured >= low! && measured <= high!)
    // One run per source, engine and device: the odd ones weigh more here than in the table of errors.
    expect(inside.length / judged.length).toBeGreaterThan(0.6)
    expect(inside.length / judged.length).toBeLessThan(0.95)
  })

  it('of an accelerator nobody measured with an engine get no interval', () => {
    const [run] = readRuns({
      text: 'engine,mode,model,weights,accelerator,accelerators,tp,input_tokens,output_tokens,concurrency,tpot_ms\nvllm,serving,meta-llama/Llama-3.1-8B-Instruct,bf16,gaudi3,1,1,1000,500,8,20\n',
      file: 'r.csv',
    })
    const result = predict(run!)
    if ('reason' in result) expect.unreachable(result.reason)
    expect(result.nearest.novelty).toBe('unmeasured')
    expect(result.predictions[0]).toMatchObject({ metric: 'tpot_ms', low: undefined, high: undefined })
  })
})
