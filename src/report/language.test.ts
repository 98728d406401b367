import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { plan } from '../planner/plan.ts'
import type { Plan } from '../planner/plan-types.ts'
import { repository, shippedCatalog } from './fixtures/report-cases.test-data.ts'
import { deSentences } from './messages/de-sentences.ts'
import { contextOf, documentOf } from './view-model.ts'

const scenarios = readdirSync(join(repository, 'examples'))
  .map((name) => join(repository, 'examples', name, 'scenario.yaml'))
  .filter((path) => existsSync(path))

/** Keys of a plan that hold its own English sentences. */
const spoken = new Set(['message', 'why', 'whyNone', 'reasons', 'what', 'meaning', 'needed', 'note', 'label'])
const english =
  /\b(the|of|is|are|was|its?|with|and|or|for|not|no|per|only|than|among|about|at most|unknown|tokens?)\b/

/** Sentences of the plan that a reader of another language would see as English. */
function englishOf(value: unknown, key: string, found: Set<string>): Set<string> {
  if (typeof value === 'string') {
    if (spoken.has(key) && value.length > 8 && value.includes(' ') && english.test(value)) found.add(value)
  } else if (Array.isArray(value)) for (const entry of value) englishOf(entry, key, found)
  else if (value !== null && typeof value === 'object')
    for (const [name, entry] of Object.entries(value)) englishOf(entry, name, found)
  return found
}

/** Every text of a document without what it quotes from the catalog. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value.replaceAll(/„[^“]*“/g, '')]
  if (value === null || typeof value !== 'object') return []
  return Object.values(value).flatMap(textsOf)
}

/** Names are the same in every language. */
function withoutNames(made: Plan, sentences: Set<string>): string[] {
  const names = new Set(
    made.options.flatMap((option) => [option.place.name, option.deployment?.server.name, option.model.name]),
  )
  return [...sentences].filter((sentence) => !names.has(sentence))
}

describe('a German report', () => {
  for (const path of scenarios)
    it(`says everything in German: ${path.slice(repository.length + 1)}`, async () => {
      const made = await plan(parse(readFileSync(path, 'utf8')), shippedCatalog())
      const context = contextOf({ plan: made, locale: 'de' })
      const document = documentOf(context)
      expect([...context.say.untold].sort()).toEqual([])
      const text = textsOf(document.sections).join('\n')
      const left = withoutNames(made, englishOf({ ...made, scenario: undefined }, '', new Set()))
      expect(left.filter((sentence) => text.includes(sentence))).toEqual([])
    }, 60_000)

  it('says which limit no pair of a cascade keeps, with its figures', async () => {
    const path = join(repository, 'examples', 'cascade-helpdesk', 'scenario.yaml')
    const given = { ...parse(readFileSync(path, 'utf8')), constraints: { total: '150000 EUR' } }
    const currency = { code: 'EUR', usdPerUnit: 1.25 }
    const made = await plan({ ...given, finance: { currency } }, shippedCatalog())
    expect(made.cascade?.status).toBe('not-found')
    const context = contextOf({ plan: made, locale: 'de' })
    const text = textsOf(documentOf(context).sections).join('\n')
    expect([...context.say.untold]).toEqual([])
    expect(text).toMatch(
      /Kosten über den Zeitraum: erlaubt 150\.000\s€; das sparsamste Paar braucht 15\d\.\d{3}\s€/,
    )
  }, 60_000)

  it.each(['none', 'n+1', 'two-sites'])(
    'says in German what interruptions of spot instances mean: %s',
    async (availability) => {
      const given = {
        schemaVersion: 1,
        name: 'spot',
        useCase: 'customer-care-chatbot',
        demand: { users: 1_000 },
        model: { ids: 'llama-3.1-8b-instruct', allowUnknownQuality: true },
        availability,
        places: { kind: 'cloud', terms: 'spot' },
      }
      const context = contextOf({ plan: await plan(given as never, shippedCatalog()), locale: 'de' })
      const text = textsOf(documentOf(context).sections).join('\n')
      expect([...context.say.untold].sort()).toEqual([])
      expect(text).toMatch(/Spot-Instanzen können jederzeit entzogen werden/)
    },
    60_000,
  )

  it.each([
    ['12 %', /Kauf und Ersatz stehen nicht auf der Rechnung, Wartung schon, mit 12,0\s%/],
    ['0 %', /weder Kauf noch Ersatz noch Wartung/],
  ])(
    'says in German what owned machines still cost: %s',
    async (maintenance, words) => {
      const given = {
        schemaVersion: 1,
        name: 'owned',
        useCase: 'customer-care-chatbot',
        demand: { users: 1_000 },
        model: { ids: 'llama-3.1-8b-instruct', allowUnknownQuality: true },
        hardware: { owned: { server: 'dell-xe8640', accelerator: 'h100-sxm-80', count: 4 } },
        places: { kind: 'on-prem', country: 'de' },
        finance: { maintenance },
      }
      const context = contextOf({ plan: await plan(given as never, shippedCatalog()), locale: 'de' })
      const text = textsOf(documentOf(context).sections).join('\n')
      expect([...context.say.untold].sort()).toEqual([])
      expect(text).toMatch(words)
    },
    60_000,
  )

  it('falls back to English, and says which code has no sentence', async () => {
    const note = { code: 'not-there', level: 'warning', about: 'x', message: 'An English sentence.' } as const
    const made = {
      ...(await plan(parse(readFileSync(scenarios[0]!, 'utf8')), shippedCatalog())),
      notes: [note],
    }
    const context = contextOf({ plan: made, locale: 'de' })
    expect(textsOf(documentOf(context).sections).join('\n')).toContain('An English sentence.')
    expect([...context.say.untold]).toContain('note.not-there')
  }, 60_000)
})

/** Rooms whose sentences never reach a plan. */
const elsewhere = /\/(model-file|tco|fixtures)\/|speed|memory\.ts|\.test\.ts$|\.test-data\.ts$/

describe('every code of the planner', () => {
  const codes = new Set<string>()
  const read = (folder: string): void => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name)
      if (statSync(path).isDirectory()) read(path)
      else if (name.endsWith('.ts') && !elsewhere.test(path.slice(repository.length))) {
        const text = readFileSync(path, 'utf8')
        for (const [, code] of text.matchAll(
          /(?<!filler\.)\b(?:sentence|note|no|unknown)\(\s*'([a-z][\w-]+)'/g,
        ))
          codes.add(code!)
        for (const [, code] of text.matchAll(/\bcode: '([a-z][\w-]+)',\s*level/g)) codes.add(code!)
      }
    }
  }
  read(join(repository, 'src/planner'))
  const known = new Set(Object.keys(deSentences).map((key) => key.slice(key.indexOf('.') + 1)))

  it('has a German sentence', () => {
    expect(codes.size).toBeGreaterThan(80)
    expect([...codes].filter((code) => !known.has(code) && !known.has(`${code}-unknown`)).sort()).toEqual([])
  })
})
