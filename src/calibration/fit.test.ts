import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createCatalog } from '../catalogs/catalog.ts'
import { readCatalogFolder } from '../catalogs/folder.node.ts'
import { levelKindNames, termNames, userLevelKindNames } from '../catalogs/schema/efficiency-names.ts'
import { levelKinds, userLevelKinds } from '../estimators/performance/levels.ts'
import { terms } from '../estimators/performance/terms.ts'
import { foldsOf, type HeldOut } from './cross-validation.ts'
import { fitCoefficients, parameterSpace, residual } from './fit.ts'
import { halfWidth, median } from './held-out-errors.ts'
import { fitProblem } from './observations.ts'
import { ourPrior } from './prior.ts'
import { readRuns } from './runs.ts'

const here = (path: string) => new URL(path, import.meta.url)
const sample = readRuns({
  text: readFileSync(here('fixtures/runs-sample.csv'), 'utf8'),
  file: 'runs-sample.csv',
})
const { data } = readCatalogFolder(here('../../catalogs').pathname)
const problem = fitProblem({ runs: sample, catalog: createCatalog(data) })

describe('the fit', () => {
  it('reads at least 95 % of published runs', () => {
    expect(problem.skipped.length).toBeLessThan(0.05 * sample.length)
  })

  it('moves a sample of published runs from the prior towards what was measured', () => {
    const space = parameterSpace(problem, ourPrior)
    const sizes = () => problem.observations.map((observation) => Math.abs(residual(observation)))
    const input = { problem, space, prior: ourPrior, train: () => true }
    fitCoefficients({ ...input, iterations: 0 })
    const before = median(sizes())
    fitCoefficients({ ...input, iterations: 8 })
    expect(median(sizes())).toBeLessThan(0.7 * before)
  })

  it('leaves factors of levels without figures at 1', () => {
    const space = parameterSpace(problem, ourPrior)
    const train = (observation: { source: string }) => observation.source === 'silicon_sample'
    const fit = fitCoefficients({ problem, space, prior: ourPrior, train, iterations: 3 })
    const level = space.levelNames.indexOf('engine=llama.cpp')
    for (let t = 0; t < terms.length; t++) expect(fit.parameters[level * terms.length + t]).toBeCloseTo(0, 9)
  })

  it('names its terms and levels as the catalog does', () => {
    expect([...termNames]).toEqual([...terms])
    expect([...levelKindNames]).toEqual(['base', ...levelKinds])
    expect([...userLevelKindNames]).toEqual([...userLevelKinds])
  })
})

describe('folds', () => {
  it('leave large units out alone and deal the small ones out', () => {
    const units = [...'aaaa', ...'bb', ...'c', ...'d'].map(String)
    const folds = foldsOf(units, { aloneFrom: 3, sharedFolds: 2 })
    expect(Object.fromEntries(folds)).toEqual({ a: 0, b: 1, c: 2, d: 1 })
  })
})

describe('an interval', () => {
  it('holds 80 % of figures, each unit weighing the root of its figures', () => {
    const figure = (unit: string, error: number) => ({ unit, error }) as HeldOut
    const one = Array.from({ length: 16 }, () => figure('often', 0.1))
    // √16 = 4 of weight at 0.1 and 1 at 0.5: 80 % lie within 0.1.
    expect(halfWidth([...one, figure('once', 0.5)])).toBe(0.1)
    expect(halfWidth([...one, figure('once', 0.5), figure('twice', 0.3)])).toBe(0.3)
  })
})
