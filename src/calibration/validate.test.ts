import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createCatalog } from '../catalogs/catalog.ts'
import { readCatalogFolder } from '../catalogs/folder.node.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { validateRuns } from './validate.ts'

const here = (path: string) => new URL(path, import.meta.url)
const catalog = createCatalog(readCatalogFolder(here('../../catalogs').pathname).data)
const validate = (text: string) => validateRuns({ text, file: 'r.csv', catalog })

const columns =
  'id,source_id,engine,mode,model,weights,kv_cache,accelerator,accelerators,tp,pp,ep,input_tokens,output_tokens,concurrency,ttft_ms,tpot_ms,output_tokens_per_second,weights_gib,joules_per_output_token,accelerator_power_w,note'
const good = {
  id: 'a',
  source_id: 's',
  engine: 'vllm',
  mode: 'serving',
  model: 'meta-llama/Llama-3.1-8B-Instruct',
  weights: 'bf16',
  accelerator: 'h100-sxm-80',
  accelerators: '1',
  tp: '1',
  input_tokens: '1000',
  output_tokens: '500',
  concurrency: '8',
  tpot_ms: '8',
}
type Cells = Partial<Record<string, string>>
const file = (...rows: Cells[]) =>
  `${columns}\n${rows
    .map((row) =>
      columns
        .split(',')
        .map((column) => row[column] ?? '')
        .join(','),
    )
    .join('\n')}\n`
const reasonOf = (changed: Cells) => validate(file(good, { ...good, ...changed })).skipped[0]?.reason

describe('validation', () => {
  it('gives fractions: the error of a run measured at half the prediction is 1', () => {
    const [first] = validate(file(good)).worst
    const half = { ...good, tpot_ms: String(first!.predicted / 2) }
    const same = { ...good, tpot_ms: String(first!.predicted) }
    const { metrics, rows, scored, skipped } = validate(file(half, same, same))
    expect({ rows, scored, skipped }).toEqual({ rows: 3, scored: 3, skipped: [] })
    expect(Object.keys(metrics)).toEqual(['tpot_ms'])
    expect(metrics.tpot_ms).toMatchObject({ n: 3, within25PercentFraction: 2 / 3 })
    expect(metrics.tpot_ms?.medianAbsolutePercentageError).toBeCloseTo(0, 9)
    // Linear between the order statistics of 0, 0 and 1 at place 0.9 · 2.
    expect(metrics.tpot_ms?.p90AbsolutePercentageError).toBeCloseTo(0.8, 9)
    expect(metrics.tpot_ms?.medianBiasRatio).toBeCloseTo(1, 9)
  })

  it('scores memory, power and energy beside speed, all of one row', () => {
    const { metrics } = validate(
      file({ ...good, weights_gib: '15', joules_per_output_token: '0.5', accelerator_power_w: '500' }),
    )
    expect(Object.keys(metrics)).toEqual([
      'tpot_ms',
      'weights_gib',
      'joules_per_output_token',
      'accelerator_power_w',
    ])
    // 8.03e9 parameters of two bytes are 14.96 GiB.
    expect(metrics.weights_gib?.medianAbsolutePercentageError).toBeLessThan(0.01)
  })

  it('knows models and accelerators by id, alias and Hugging Face id', () => {
    const result = validate(file(good, { ...good, model: 'llama-3.1-8b-instruct' }))
    expect(result.groups.filter(({ by }) => by === 'model').map(({ key }) => key)).toEqual([
      'llama-3.1-8b-instruct',
    ])
  })

  it('groups by model, accelerator, engine, precision and source', () => {
    const { groups } = validate(file(good, { ...good, source_id: '' }))
    const keys = (by: string) => groups.filter((group) => group.by === by).map(({ key }) => key)
    expect(keys('source')).toEqual(['not stated', 's'])
    expect(keys('accelerator')).toEqual(['h100-sxm-80'])
    expect(keys('engine')).toEqual(['vllm'])
    expect(keys('precision')).toEqual(['bf16'])
  })

  it.each([
    [{ engine: 'exllama' }, /unknown engine/],
    [{ mode: 'party' }, /unknown mode/],
    [{ weights: 'fp3' }, /fp3/],
    [{ weights: '' }, /weights is blank/],
    [{ kv_cache: 'int3' }, /int3/],
    [{ model: 'nobody/nothing-9000b' }, /nobody\/nothing-9000b/],
    [{ accelerator: 'h999' }, /h999/],
    [{ accelerator: '' }, /accelerator is blank/],
    [{ tp: '8' }, /parallel layout/],
    [{ accelerators: '8', tp: '3' }, /parallel layout/],
    [{ accelerators: '2', ep: '4' }, /parallel layout/],
    [{ tp: '1.5' }, /tp is not a whole number/],
    [{ accelerators: '', tp: '' }, /accelerators and tp are blank/],
    [{ input_tokens: '' }, /input_tokens is blank/],
    [{ concurrency: '' }, /concurrency is blank/],
    [{ tpot_ms: '' }, /states no figure/],
    [{ tpot_ms: '0' }, /tpot_ms is 0/],
  ])('skips a row with %o and says why', (changed, reason) => {
    expect(reasonOf(changed)).toMatch(reason)
  })

  it('reads the layout from the conditions where its columns are blank', () => {
    const predicted = (note: string) =>
      validate(file({ ...good, accelerators: '8', tp: '', note })).worst[0]!.predicted
    expect(predicted('task chat; TP2 PP1')).not.toBe(predicted(''))
  })

  it('scores at least 95 % of published runs, of every mode', () => {
    const text = readFileSync(here('fixtures/runs-sample.csv'), 'utf8')
    const { rows, scored, groups } = validate(text)
    expect(scored).toBeGreaterThanOrEqual(0.95 * rows)
    const modes = groups.filter(({ by }) => by === 'mode').map(({ key }) => key)
    expect(modes).toEqual(expect.arrayContaining(['serving', 'saturated', 'static-batch', 'single-stream']))
  })

  it('does not look at where a run comes from', () => {
    const text = readFileSync(here('fixtures/runs-sample.csv'), 'utf8')
    const [head = '', ...lines] = text.trimEnd().split('\n')
    const at = head.split(',').indexOf('source_id')
    const renamed = lines.map((line) =>
      line
        .split(',')
        .map((cell, index) => (index === at ? 'elsewhere' : cell))
        .join(','),
    )
    expect(validate([head, ...renamed].join('\n')).metrics).toEqual(validate(text).metrics)
  })
})

describe('a broken file', () => {
  const issuesOf = (text: string) => {
    try {
      validate(text)
    } catch (error) {
      expect(error).toBeInstanceOf(RightsizeError)
      expect((error as RightsizeError).code).toBe('runs-invalid')
      return (error as RightsizeError).issues.map(({ place }) => place)
    }
    return expect.unreachable()
  }

  it('is refused with every wrong cell', () => {
    expect(issuesOf(file({ ...good, tp: 'two' }, { ...good, weights_gib: '-1' }))).toEqual([
      'r.csv:2  tp',
      'r.csv:3  weights_gib',
    ])
  })

  it('is refused with every line that has too many or too few cells', () => {
    const text = file(good, good, good).split('\n')
    text[1] += ',1,2'
    text[3] = 'a,b'
    expect(issuesOf(text.join('\n'))).toEqual(['r.csv:2', 'r.csv:4'])
  })

  it('is refused when it holds nothing', () => {
    expect(issuesOf('')).toEqual([])
    expect(issuesOf(`${columns}\n`)).toEqual([])
  })
})
