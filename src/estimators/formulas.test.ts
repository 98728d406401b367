import { describe, expect, it } from 'vitest'
import { defineFormula, type Formula } from '../foundation/formula.ts'
import { equationSymbols, formulaProblem } from './formula-check.test-data.ts'
import { formulas } from './formulas.ts'

describe('every formula record', () => {
  for (const formula of formulas) {
    it(`${formula.id}: mathjs units and numbers agree on 200 samples`, () => {
      expect(formulaProblem(formula)).toBeUndefined()
    })
  }
  it('ids are unique and kebab-case', () => {
    const ids = formulas.map((formula) => formula.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
  })
})

describe('the check itself catches', () => {
  const byte = { meaning: 'bytes', unit: 'byte', range: [1, 1e9] } as const
  const second = { meaning: 'time', unit: 's', range: [1e-6, 1e3] } as const
  const rate = defineFormula({
    id: 'rate',
    title: 'A rate',
    equation: 'B / t',
    inputs: { B: byte, t: second },
    result: { meaning: 'rate', unit: 'byte / s' },
    sourceId: 'test',
    holds: 'always',
    compute: ({ B, t }) => B / t,
  })
  const wrong = (change: Partial<Formula>) => formulaProblem({ ...(rate as unknown as Formula), ...change })

  it('nothing in a right record', () => {
    expect(wrong({})).toBeUndefined()
  })
  it('a swapped ratio', () => {
    expect(wrong({ equation: 't / B' })).toMatch(/mathjs refuses it/)
  })
  it('a wrong number', () => {
    expect(wrong({ compute: ({ B, t }) => (B! / t!) * 1.000001 })).toMatch(/compute/)
  })
  it('a wrong declared unit', () => {
    expect(wrong({ result: { meaning: 'rate', unit: 'byte' } })).toMatch(/mathjs refuses it/)
  })
  it('a missing unit', () => {
    expect(wrong({ result: { meaning: 'rate', unit: '' } })).toMatch(/where none is declared/)
  })
  it('an undeclared symbol that mathjs would read as a constant', () => {
    expect(wrong({ equation: 'B * e / t' })).toMatch(/equation uses B, e, t/)
  })
  it('an input that the equation forgets', () => {
    expect(wrong({ equation: 'B / (1 s)' })).toMatch(/declares B, t/)
  })
  it('a term dropped in the losing branch of a maximum', () => {
    const branches = {
      equation: 'max(B / t, C / t)',
      inputs: { B: byte, C: byte, t: second },
      compute: ({ B, t }: Record<string, number>) => B! / t!,
    }
    expect(wrong(branches)).toMatch(/compute/)
  })
  it('function names are not symbols', () => {
    expect(equationSymbols('ceil(a / b) * max(a, c)')).toEqual(['a', 'b', 'c'])
  })
})
