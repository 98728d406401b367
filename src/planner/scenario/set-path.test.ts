import { describe, expect, it } from 'vitest'
import { RightsizeError } from '../../foundation/errors.ts'
import type { ScenarioInput } from './schema.ts'
import { valueAt, withValues } from './set-path.ts'

const scenario: ScenarioInput = {
  schemaVersion: 1,
  name: 'Case',
  demand: { users: 100 },
  tokens: { input: 1200 },
  places: [{ kind: 'on-prem', country: 'de' }, { kind: 'api' }],
  constraints: { capex: '100000 USD' },
}

const issuesOf = (assignments: string[]) => {
  try {
    withValues(scenario, assignments)
  } catch (error) {
    if (error instanceof RightsizeError) return error.issues
    throw error
  }
  return []
}

describe('values by path', () => {
  it('sets nested values, makes what is not there, and leaves the scenario given alone', () => {
    const changed = withValues(scenario, [
      'demand.users=5000',
      'site.electricityPrice=0.25 USD/kWh',
      'formats.weights=[fp8, int4-awq]',
      'model.commercialUse=true',
    ])
    expect(changed).toMatchObject({
      demand: { users: 5000 },
      site: { electricityPrice: '0.25 USD/kWh' },
      formats: { weights: ['fp8', 'int4-awq'] },
      model: { commercialUse: true },
    })
    expect(scenario.demand?.users).toBe(100)
    expect(scenario.site).toBeUndefined()
  })

  it('reaches entries of lists by number, in both notations', () => {
    expect(withValues(scenario, ['places.0.country=fr']).places).toMatchObject([{ country: 'fr' }, {}])
    expect(withValues(scenario, ['places[1].provider=groq']).places).toMatchObject([{}, { provider: 'groq' }])
  })

  it('reaches entries of lists by the name they have, and knows a name that is nearly one', () => {
    const workload = (name: string) => ({ name, demand: { users: 1 } })
    const shared: ScenarioInput = {
      schemaVersion: 1,
      name: 'Shared',
      workloads: [workload('chat'), workload('documents')],
    }
    const changed = withValues(shared, ['workloads.documents.demand.users=7'])
    expect(changed.workloads?.map((entry) => entry.demand?.users)).toEqual([1, 7])
    expect(valueAt(changed, 'workloads.documents.demand.users')).toBe(7)
    for (const [path, hint] of [
      ['workloads.chats.demand.users=7', 'did you mean chat?'],
      ['workloads.7up.demand.users=7', 'name the entry: chat, documents, or by its number'],
    ] as const)
      expect(() => withValues(shared, [path])).toThrow(
        expect.objectContaining({ issues: [expect.objectContaining({ hint })] }),
      )
  })

  it('takes a bare length as the mean when its p95 is set', () => {
    expect(withValues(scenario, ['tokens.input.p95=4k']).tokens?.input).toEqual({ mean: 1200, p95: '4k' })
  })

  it('takes a field away where the value is empty', () => {
    expect(withValues(scenario, ['constraints.capex=']).constraints).toEqual({})
  })

  it('names every wrong path at once, with what was probably meant', () => {
    const issues = issuesOf([
      'demand.user=1',
      'sites.pue=1.2',
      'places.country=fr',
      'places.7.country=fr',
      'nonsense',
    ])
    expect(issues.map((issue) => issue.hint)).toEqual([
      'did you mean users, activeUserFraction or requestsPerUserPerDay?',
      'did you mean site?',
      'name the entry: places.0.country',
      'its entries are 0 to 1',
      'write --set demand.users=5000',
    ])
  })

  it('reads back what is there', () => {
    expect(valueAt(scenario, 'places.0.country')).toBe('de')
    expect(valueAt(scenario, 'finance.horizon')).toBeUndefined()
  })
})
