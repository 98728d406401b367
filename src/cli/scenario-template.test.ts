import { describe, expect, it } from 'vitest'
import { createCatalog } from '../catalogs/catalog.ts'
import { loadCatalogFolder } from '../catalogs/folder.node.ts'
import { readGivenScenario } from '../planner/scenario/read.ts'
import { resolveScenario } from '../planner/scenario/resolve.ts'
import { defaultAnswers, priorities, type ScenarioPriority, scenarioText } from './scenario-template.ts'

const catalog = createCatalog(loadCatalogFolder(new URL('../../catalogs', import.meta.url).pathname))
const useCases = catalog.rows('useCases')
const file = 'scenario.yaml'

describe('the scenario that init writes', () => {
  it.each(useCases.map((row) => [row.id, row] as const))('%s reads back clean and resolves', (_, useCase) => {
    const text = scenarioText(defaultAnswers(catalog, useCase, { country: 'de' }), catalog)
    const { scenario, given } = readGivenScenario({ text, file })
    expect(given.useCase).toBe(useCase.id)
    expect(() => resolveScenario({ scenario, catalog, file })).not.toThrow()
  })

  it.each(useCases.map((row) => [row.id, row] as const))(
    '%s stays valid when every field behind # is switched on',
    (_, useCase) => {
      const text = scenarioText(defaultAnswers(catalog, useCase, {}), catalog)
      const on = text.replaceAll(/^# (?=\s*\w+:)/gm, '')
      expect(on.split('\n').length).toBe(text.split('\n').length)
      const { scenario } = readGivenScenario({ text: on, file })
      expect(scenario.site?.pue).toBe(1.3)
      expect(() => resolveScenario({ scenario, catalog, file })).not.toThrow()
    },
  )

  it('keeps hostile answers as plain text', () => {
    const useCase = useCases.find((row) => row.id === 'rag-search')!
    const name = 'A: "b"\n# c: {d}'
    const text = scenarioText({ ...defaultAnswers(catalog, useCase, {}), name }, catalog)
    expect(readGivenScenario({ text, file }).given.name).toBe(name)
  })

  it('writes every answer of the dialogue', () => {
    const useCase = useCases.find((row) => row.id === 'rag-search')!
    for (const priority of Object.keys(priorities) as ScenarioPriority[]) {
      const text = scenarioText(
        {
          ...defaultAnswers(catalog, useCase, { users: 4000, country: 'fr' }),
          class: 'llm',
          licenceClasses: ['permissive'],
          languages: ['en', 'fr'],
          places: ['colocation', 'device'],
          availability: 'two-sites',
          horizon: '5 years',
          capex: '400000 USD',
          priority,
        },
        catalog,
      )
      expect(readGivenScenario({ text, file }).given).toMatchObject({
        demand: { users: 4000 },
        model: { class: 'llm', licenceClasses: ['permissive'], languages: ['en', 'fr'] },
        places: [{ kind: 'colocation', country: 'fr' }, { kind: 'device' }],
        availability: 'two-sites',
        finance: { horizon: '5 years' },
        constraints: { capex: '400000 USD' },
      })
    }
  })

  it('leaves the prices of a subscription open, and says where they come from', () => {
    const useCase = useCases.find((row) => row.id === 'rag-search')!
    const answers = defaultAnswers(catalog, useCase, { country: 'de' })
    const text = scenarioText({ ...answers, places: ['on-prem', 'subscription'] }, catalog)
    const { scenario } = readGivenScenario({ text, file })
    expect(scenario.places?.[1]).toMatchObject({ kind: 'subscription', country: 'de' })
    expect(text).toMatch(/committedPrice: unknown +# .*as quoted/)
    const [, [quote] = []] = resolveScenario({ scenario, catalog, file }).subscriptions
    expect([quote?.committedPrice.usd, quote?.extraPrice.usd]).toEqual([undefined, undefined])
  })
})
