import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readTable } from '../csv.ts'
import { modelFacts, modelFactsTable } from './model-facts.ts'
import { modelsTable } from './models.ts'

function read(file: string) {
  return readFileSync(new URL(`../../../catalogs/${file}`, import.meta.url), 'utf8')
}
const table = readTable({ table: modelFactsTable, text: read('model_facts.csv'), file: 'model_facts.csv' })
const models = readTable({ table: modelsTable, text: read('models.csv'), file: 'models.csv' }).rows
const rows = table.rows.map(({ row }) => row)
const facts = modelFacts(rows)

describe('catalogs/model_facts.csv', () => {
  test('reads without an issue, sorted, and only of models we have', () => {
    expect(table.issues).toEqual([])
    const keys = rows.map(({ model_id, fact }) => `${model_id}\u0000${fact}`)
    expect(keys).toEqual([...keys].sort())
    const ids = new Set(models.map(({ row }) => row.id))
    expect(rows.filter(({ model_id }) => !ids.has(model_id))).toEqual([])
  })

  test('a licence never stands without its class and what it allows', () => {
    for (const [id, known] of facts) {
      if (known.licence === undefined) continue
      expect(known.licence_class, id).toBeDefined()
      expect(known.commercial_use, id).toBeDefined()
      if (known.licence_class === 'permissive') expect(known.user_cap, id).toBeUndefined()
      expect(known.licence_class === 'non-commercial', id).toBe(known.commercial_use === 'no')
    }
  })

  test('what cannot be run from files is not called open', () => {
    for (const [id, known] of facts) {
      if (known.licence_class === 'proprietary') expect(known.open_weights, id).toBe(false)
    }
  })

  test('tokens of images and of sound stand only with models that take them', () => {
    for (const { row } of models) {
      const known = facts.get(row.id)
      if (known?.tokens_per_image !== undefined) expect(row.modalities, row.id).toContain('image')
      if (known?.tokens_per_audio_second !== undefined) expect(row.modalities, row.id).toContain('audio')
    }
  })

  test('Llama community licences end at 700 million users; multimodal ones leave out the EU', () => {
    expect(facts.get('llama-3.1-8b-instruct')).toMatchObject({
      licence: 'llama3.1-community',
      licence_class: 'community',
      commercial_use: 'yes',
      user_cap: 700_000_000,
      attribution_required: true,
    })
    expect(facts.get('llama-3.1-8b-instruct')?.excluded_regions).toBeUndefined()
    for (const id of ['llama-3.2-11b-vision-instruct', 'llama-4-scout-17b-16e-instruct']) {
      expect(facts.get(id)?.excluded_regions).toEqual(['EU'])
    }
    expect(facts.get('deepseek-r1-distill-llama-70b')?.user_cap).toBe(700_000_000)
    expect(facts.get('qwen3-8b')?.licence).toBe('apache-2.0')
  })
})

describe('a value is checked by its fact', () => {
  const header = 'model_id,fact,value,source_id,as_of,quality,note\n'
  const problem = (fact: string, value: string) =>
    readTable({
      table: modelFactsTable,
      text: `${header}m,${fact},${value},user,2026,assumed,\n`,
      file: 'f.csv',
    }).issues.map(({ message }) => message)

  test.each([
    ['user_cap', '7e8.5'],
    ['user_cap', '0'],
    ['released', 'May 2025'],
    ['languages', 'English'],
    ['excluded_regions', 'Europe'],
    ['commercial_use', 'maybe'],
    ['open_weights', 'true'],
    ['tokens_per_image', '12.5'],
    ['end_of_life', '2026'],
  ])('%s does not take "%s"', (fact, value) => {
    expect(problem(fact, value)).toHaveLength(1)
  })

  test('good values pass', () => {
    expect(problem('languages', 'en;de')).toEqual([])
    expect(problem('user_cap', '700000000')).toEqual([])
  })
})
