import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RightsizeError } from '../../foundation/errors.ts'
import { scenarioJsonSchema } from '../scenario-json-schema.ts'
import { readScenario } from './read.ts'

const problems = (text: string) => {
  try {
    readScenario({ text, file: 's.yaml' })
    return []
  } catch (error) {
    if (!(error instanceof RightsizeError)) throw error
    return error.issues.map(
      (issue) => `${issue.place}: ${issue.message}${issue.hint ? ` (${issue.hint})` : ''}`,
    )
  }
}

describe('readScenario', () => {
  it('reads quantities with units into base units', () => {
    const scenario = readScenario({
      file: 's.yaml',
      text: 'schemaVersion: 1\nname: x\ndemand: {users: 5k, activeUserFraction: 30 %}\ntokens: {input: 8k, output: {mean: 200, p95: 600}}\ntargets: {ttft: 1.5 s, tpot: 50 ms}\n',
    })
    expect(scenario.demand).toMatchObject({ users: 5000, activeUserFraction: 0.3 })
    expect(scenario.tokens).toEqual({ input: { mean: 8 * 1024 }, output: { mean: 200, p95: 600 } })
    expect(scenario.targets).toEqual({ ttft: 1.5, tpot: 0.05 })
  })

  it('lists every problem with its line, path and hint', () => {
    const text = [
      'schemaVersion: 1',
      'name: x',
      'demand:',
      '  user: 200',
      '  activeUserFraction: 130 %',
      'tokens:',
      '  input: {mean: 900, p95: 100}',
      'targets: {ttft: 1.5}',
      'model: {class: tiny, minimumQuality: {benchmark: MMLU}}',
      'places: [{kind: cloud, contry: de}]',
    ].join('\n')
    expect(problems(text)).toMatchInlineSnapshot(`
      [
        "s.yaml:5  demand.activeUserFraction: 130 % is above 1",
        "s.yaml:4  demand.user: unknown key (did you mean users, activeUserFraction or requestsPerUserPerDay?)",
        "s.yaml:7  tokens.input.p95: p95 (100) is below the mean (900)",
        "s.yaml:9  model.class: invalid option: expected one of "slm"|"llm"|"any"",
        "s.yaml:9  model.minimumQuality.score: is missing",
        "s.yaml:8  targets.ttft: "1.5" has no unit; write it like "1.5 s"",
        "s.yaml:10  places.0.contry: unknown key (did you mean country?)",
      ]
    `)
  })

  it('places a syntax error at its line', () => {
    expect(problems('schemaVersion: 1\nname: [x\n')[0]).toMatch(/^s\.yaml:\d+: /)
    expect(problems('- 1\n- 2')).toHaveLength(1)
    expect(problems('')).toHaveLength(1)
  })

  it('refuses two ways to give the demand', () => {
    expect(problems('schemaVersion: 1\nname: x\ndemand: {users: 5, requestRate: 3 /s}').join()).toContain(
      'not several',
    )
  })

  it('throws nothing but its own error, whatever the text', () => {
    fc.assert(fc.property(fc.string(), (text) => problems(text).length >= 0))
    fc.assert(fc.property(fc.json(), (text) => problems(text).length >= 0))
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('demand', 'tokens', 'model', 'places', 'targets', 'name'),
          fc.anything(),
        ),
        (value) => {
          problems(JSON.stringify({ schemaVersion: 1, ...value }) ?? '')
        },
      ),
    )
  })
})

describe('scenarioJsonSchema', () => {
  it('describes the same fields', () => {
    const schema = scenarioJsonSchema() as { properties: Record<string, unknown>; required: string[] }
    expect(Object.keys(schema.properties)).toContain('demand')
    expect(schema.required).toEqual(['schemaVersion', 'name'])
  })
})
