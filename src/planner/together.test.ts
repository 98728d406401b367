import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CatalogData, createCatalog, packTable, type TableName } from '../catalogs/catalog.ts'
import { readCatalogFolder } from '../catalogs/folder.node.ts'
import { adapterBytesPerDevice, singleDevice } from '../estimators/memory/index.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { highestCheckedLoadFraction } from './assemble/option-workloads.ts'
import { plan } from './plan.ts'
import { planSchema } from './plan-json-schema.ts'
import type { Plan } from './plan-types.ts'
import { checkScenario, readGivenScenario } from './scenario/read.ts'
import type { ScenarioInput } from './scenario/schema.ts'
import { searchSpace } from './search/space.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const everything = readCatalogFolder(join(root, 'catalogs')).data
const full = createCatalog(everything)

/** Two small models, a large one, two accelerators and a cloud. */
const small = (() => {
  const keep: Partial<Record<TableName, (row: Record<string, unknown>) => boolean>> = {
    models: (row) =>
      ['llama-3.1-8b-instruct', 'qwen3-8b', 'llama-3.3-70b-instruct'].includes(String(row['id'])),
    accelerators: (row) => ['h100-sxm-80', 'l40s'].includes(String(row['id'])),
    cloudPrices: (row) => row['provider'] === 'aws',
  }
  const tables: Record<string, unknown> = { ...everything.tables }
  for (const [name, test] of Object.entries(keep)) {
    const rows = full.rows(name as TableName) as unknown as readonly Record<string, unknown>[]
    tables[name] = packTable(rows.filter(test))
  }
  return createCatalog({ ...everything, tables } as CatalogData)
})()

const chat = {
  demand: { requestRate: '8 /s', workingHoursPerDay: 10, workingDaysPerWeek: 5, peakToAverage: 2 },
  tokens: { input: { mean: 1000, p95: 3000 }, output: { mean: 200, p95: 500 } },
  targets: { ttft: '2 s', tpot: '60 ms' },
} as const satisfies Partial<ScenarioInput>

const base = {
  schemaVersion: 1,
  name: 'test',
  useCase: 'customer-care-chatbot',
  model: { allowUnknownQuality: true },
  formats: { weights: ['bf16', 'fp8'], kvCache: 'fp8' },
  hardware: { maxAcceleratorsPerReplica: 4 },
  places: [{ kind: 'on-prem', country: 'de' }, { kind: 'cloud' }],
} as const satisfies ScenarioInput

const withRate = (rate: number) => ({ ...chat, demand: { ...chat.demand, requestRate: `${rate} /s` } })
const best = (of: Plan, role: 'cheapest' | 'greenest' | 'fastest' | 'balanced' = 'cheapest') =>
  of.options.find((option) => option.id === of.roles[role])!
const plain = (of: Plan) =>
  of.options.map((option) => [option.id, option.cost, option.carbon, option.latency])
const problems = (given: unknown): string => {
  try {
    searchSpace({ scenario: checkScenario({ value: given }), catalog: small, file: 'test' })
    return 'taken'
  } catch (error) {
    if (!(error instanceof RightsizeError)) throw error
    return error.issues.map((issue) => `${issue.place} ${issue.message}`).join('\n')
  }
}

describe('several workloads on one cluster', () => {
  it('is the single plan where one workload has it all', async () => {
    const single = await plan({ ...base, ...chat }, small)
    const { targets, ...load } = chat
    const shared = await plan({ ...base, targets, workloads: [{ name: 'chat', ...load }] }, small)
    expect(plain(shared)).toEqual(plain(single))
  })

  it('is the single plan where equal workloads share it, however it is cut', async () => {
    const single = await plan({ ...base, ...chat }, small)
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0.05, max: 0.95, noNaN: true }), async (share) => {
        const cut = await plan(
          {
            ...base,
            workloads: [
              { name: 'a', ...withRate(8 * share) },
              { name: 'b', ...withRate(8 - 8 * share) },
            ],
          },
          small,
        )
        expect(cut.options.map((option) => option.id)).toEqual(single.options.map((option) => option.id))
        for (const [index, option] of cut.options.entries()) {
          const same = single.options[index]!
          expect(option.cost.netPresentUsd.value / same.cost.netPresentUsd.value).toBeCloseTo(1, 6)
          expect(option.latency!.ttft.p95.value / same.latency!.ttft.p95.value).toBeCloseTo(1, 6)
          for (const each of option.workloads!)
            expect(each.ttft.p95.value / same.latency!.ttft.p95.value).toBeCloseTo(1, 6)
        }
      }),
      { numRuns: 5 },
    )
  })

  const reading = {
    demand: { requestRate: '1 /s', workingHoursPerDay: 24, workingDaysPerWeek: 7, peakToAverage: 1 },
    tokens: { input: { mean: 8000, p95: 16_000 }, output: { mean: 600, p95: 1200 } },
    targets: { ttft: '10 s', tpot: '100 ms' },
  } as const

  it('adds requests and tokens, and holds each to its own targets', async () => {
    const both = [
      { name: 'chat', ...chat },
      { name: 'reading', ...reading },
    ]
    const shared = await plan({ ...base, workloads: both }, small)
    const alone = await Promise.all([plan({ ...base, ...chat }, small), plan({ ...base, ...reading }, small)])
    for (const name of ['requestsPerMonth', 'inputTokensPerMonth', 'outputTokensPerMonth'] as const) {
      const sum = alone[0]!.workload[name].value + alone[1]!.workload[name].value
      expect(shared.workload[name].value / sum).toBeCloseTo(1, 9)
    }
    expect(shared.workload.peakRequestsPerSecond.value).toBeCloseTo(8 + 1, 9)
    expect(shared.options.length).toBeGreaterThan(0)
    for (const option of shared.options) {
      const [quick, slow] = option.workloads!
      expect(quick!.ttft.p95.value).toBeLessThanOrEqual(2)
      expect(slow!.ttft.p95.value).toBeLessThanOrEqual(10)
      expect(quick!.tpot.p95.value).toBeLessThanOrEqual(0.06)
      expect(slow!.ttft.p95.value).toBeGreaterThan(quick!.ttft.p95.value)
      expect(option.constraints.filter((check) => check.status !== 'met')).toEqual([])
    }
    expect(planSchema.safeParse(JSON.parse(JSON.stringify(shared))).error?.issues ?? []).toEqual([])
  })

  it('says where the load is higher than the queue of several use cases was checked for, and only there', async () => {
    const both = [
      { name: 'chat', ...chat },
      { name: 'reading', ...reading },
    ]
    const warned = (made: Plan) =>
      made.options.map((option) => [
        option.capacity!.utilisationAtPeakFraction > highestCheckedLoadFraction,
        option.notes.some((note) => note.code === 'mixed-queue-load'),
      ])
    const tight = warned(await plan({ ...base, headroom: '0 %', workloads: both }, small))
    for (const [loaded, said] of tight) expect(said).toBe(loaded)
    expect(tight.some(([, said]) => said)).toBe(true)
    const roomy = warned(await plan({ ...base, headroom: '40 %', workloads: both }, small))
    expect(roomy.some(([, said]) => said)).toBe(false)
    // A single use case waits in a queue of its own kind: the note is not about it.
    const one = await plan({ ...base, headroom: '0 %', ...chat }, small)
    expect(warned(one).some(([, said]) => said)).toBe(false)
  })

  it('never costs less when a workload’s own target is tighter', async () => {
    const costs: number[] = []
    for (const ttft of ['20 s', '4 s', '2 s', '1 s']) {
      const shared = await plan(
        {
          ...base,
          workloads: [
            { name: 'chat', ...chat },
            { name: 'reading', ...reading, targets: { ...reading.targets, ttft } },
          ],
        },
        small,
      )
      costs.push(
        shared.options.length === 0 ? Number.POSITIVE_INFINITY : best(shared).cost.netPresentUsd.value,
      )
    }
    expect(costs).toEqual([...costs].sort((a, b) => a - b))
  })

  it.each([
    [{ demand: { users: 10 }, workloads: [{ name: 'a', ...chat }] }, /workloads .*instead of demand/],
    [
      {
        workloads: [
          { name: 'a', ...chat },
          { name: 'a', ...chat },
        ],
      },
      /same name/,
    ],
    [{ workloads: [] }, /workloads/],
    [{ workloads: [{ name: 'a', demnad: {} }] }, /workloads\.0\.demnad unknown key/],
    [{ workloads: [{ name: 'a' }] }, /workloads\.0\.demand\.users is missing/],
    [
      {
        workloads: [
          { name: 'a', ...chat },
          { name: 'b', ...chat, demand: { ...chat.demand, growthPerYear: '20 %' } },
        ],
      },
      /different rates/,
    ],
    [{ ...chat, model: { adapters: { count: 2, inMemory: 3 } } }, /inMemory is above count/],
    [{ ...chat, model: { adapters: { count: 2 } }, storage: { adapters: 2 } }, /say the same/],
    [{ ...chat, cascade: { escalation: 'router' } }, /cascade\.smallFraction/],
    [{ ...chat, cascade: { smallFraction: '120 %', escalation: 'router' } }, /cascade\.smallFraction/],
    [{ ...chat, cascade: { smallFraction: '80 %', escalation: 'maybe' } }, /cascade\.escalation/],
  ])('refuses %j', (part, message) => {
    expect(problems({ ...base, ...part })).toMatch(message)
  })
})

describe('one model with many adapters', () => {
  const given = (adapters?: NonNullable<ScenarioInput['model']>['adapters']): ScenarioInput => ({
    ...base,
    ...chat,
    model: { ...base.model, ids: 'llama-3.1-8b-instruct', ...(adapters === undefined ? {} : { adapters }) },
    places: { kind: 'on-prem', country: 'de' },
  })

  it('keeps all on disk and those in memory on each device: rank × (in + out) weights of two bytes', async () => {
    const adapters = { count: 400, inMemory: 40, rank: 16, targets: ['query' as const, 'value' as const] }
    const with_ = await plan(given(adapters), small)
    const without = await plan(given(), small)
    const scenario = checkScenario({ value: given() })
    const { architecture } = searchSpace({ scenario, catalog: small, file: 'test' }).units[0]!
    const one = adapterBytesPerDevice({
      architecture,
      layout: singleDevice,
      adapters: { count: 1, rank: 16, targets: ['query', 'value'], bitsPerWeight: 16 },
    })
    const alone = (of: Plan) => of.options.find((option) => option.deployment!.acceleratorsPerReplica === 1)!
    const option = alone(with_)
    expect(option.memory!.parts.find((part) => part.part.includes('adapter'))!.bytes).toBe(40 * one)
    const before = without.options.find((other) => other.id === option.id)!
    const perServer = (of: typeof option) => of.site!.storageBytes.value / of.deployment!.servers
    expect(option.deployment!.servers).toBe(before.deployment!.servers)
    expect(perServer(option) - perServer(before)).toBeCloseTo(400 * one, -3)
    expect(with_.notes.some((note) => note.code === 'adapters-speed-not-modelled')).toBe(true)
  })

  it('does not count an API, whose price is for the model alone', async () => {
    const found = await plan(
      { ...given({ count: 3 }), places: [{ kind: 'on-prem', country: 'de' }, { kind: 'api' }] },
      full,
    )
    expect(found.options.every((option) => option.place.kind !== 'api')).toBe(true)
    expect(found.search.notSearched.some((entry) => entry.why.includes('adapters'))).toBe(true)
  })
})

describe('cascade', () => {
  const given = (cascade: NonNullable<ScenarioInput['cascade']>, more: Partial<ScenarioInput> = {}) =>
    ({ ...base, ...chat, ...more, cascade }) satisfies ScenarioInput

  it.each([
    [1, 'router', 'slm'],
    [1, 'after-answer', 'slm'],
    [0, 'router', 'llm'],
    [0, 'after-answer', 'llm'],
  ] as const)('is a plan of one model at fraction %s (%s)', async (smallFraction, escalation, size) => {
    const { cascade } = await plan(given({ smallFraction, escalation }), small)
    const alone = await plan({ ...base, ...chat, model: { ...base.model, class: size } }, small)
    const side = size === 'slm' ? cascade!.small! : cascade!.large!
    expect(size === 'slm' ? cascade!.large : cascade!.small).toBeUndefined()
    expect(side.requestFraction).toBe(1)
    for (const pair of cascade!.pairs)
      for (const role of pair.roles) {
        expect(pair.smallOptionId ?? pair.largeOptionId).toBe(alone.roles[role])
        expect(pair.cost.netPresentUsd).toEqual(best(alone, role).cost.netPresentUsd)
        expect(pair.carbonGramsPerMonth).toEqual(best(alone, role).carbon!.totalGramsPerMonth)
        expect(pair.latency.answeredBySmall ?? pair.latency.answeredByLarge).toEqual({
          ttft: best(alone, role).latency!.ttft,
          endToEnd: best(alone, role).latency!.endToEnd,
        })
      }
  })

  it.each(['router', 'after-answer'] as const)(
    'adds both plans to the cent and gram (%s)',
    async (escalation) => {
      const found = await plan(given({ smallFraction: '75 %', escalation }), small)
      const { cascade } = found
      const alone = async (size: 'slm' | 'llm', rate: number) =>
        plan({ ...base, ...withRate(rate), model: { ...base.model, class: size } }, small)
      const slm = await alone('slm', escalation === 'router' ? 8 * 0.75 : 8)
      const llm = await alone('llm', 8 * 0.25)
      expect(new Set(cascade!.pairs.flatMap((pair) => pair.roles)).size).toBe(4)
      for (const pair of cascade!.pairs) {
        expect(pair.exact).toBe(true)
        for (const role of pair.roles) {
          const parts = [best(slm, role), best(llm, role)]
          const sum = (of: (option: (typeof parts)[0]) => number) =>
            parts.reduce((all, each) => all + of(each), 0)
          expect(pair.cost.totalUsd.value).toBeCloseTo(
            sum((each) => each.cost.totalUsd.value),
            2,
          )
          expect(pair.cost.netPresentUsd.value).toBeCloseTo(
            sum((each) => each.cost.netPresentUsd.value),
            2,
          )
          expect(pair.carbonGramsPerMonth!.value).toBeCloseTo(
            sum((each) => each.carbon!.totalGramsPerMonth!.value),
            0,
          )
          for (const { benchmark, score } of pair.quality) {
            const [slmScore, llmScore] = parts.map(
              (each) => each.quality.find((entry) => entry.benchmark === benchmark)!.score,
            )
            if (slmScore === undefined || llmScore === undefined) expect(score).toBeUndefined()
            else {
              expect(score!.value).toBeCloseTo(0.75 * slmScore.value + 0.25 * llmScore.value, 9)
              expect(score!.low).toBeLessThanOrEqual(Math.min(slmScore.value, llmScore.value))
              expect(score!.high).toBeGreaterThanOrEqual(Math.max(slmScore.value, llmScore.value))
            }
          }
          const first = pair.latency.answeredByLarge!.ttft.p95.value
          const waiting = escalation === 'router' ? 0 : parts[0]!.latency!.endToEnd.p95.value
          expect(first).toBeCloseTo(waiting + parts[1]!.latency!.ttft.p95.value, 9)
        }
      }
      expect(planSchema.safeParse(JSON.parse(JSON.stringify(found))).error?.issues ?? []).toEqual([])
      const large = await alone('llm', 8)
      for (const [against, other] of [
        ['any', found],
        ['large', large],
      ] as const) {
        const rows = cascade!.versusSingle.filter((entry) => entry.against === against)
        expect(rows.map((entry) => entry.role).sort()).toEqual([
          'balanced',
          'cheapest',
          'fastest',
          'greenest',
        ])
        for (const row of rows) {
          const pair = cascade!.pairs.find((entry) => entry.id === row.pairId)!
          const single = best(other, row.role)
          expect(row.singleOptionId).toBe(single.id)
          expect(row.netPresentUsdDifference).toBeCloseTo(
            pair.cost.netPresentUsd.value - single.cost.netPresentUsd.value,
            2,
          )
        }
      }
    },
  )

  it('leaves the answer of single models as it is', async () => {
    const {
      cascade: _,
      scenario: __,
      ...withIt
    } = await plan(given({ smallFraction: 0.8, escalation: 'router' }), small)
    const { scenario: ___, ...without } = await plan({ ...base, ...chat }, small)
    expect(withIt).toEqual(without)
  })

  it('holds both together to a limit that each alone keeps', async () => {
    const wish = { smallFraction: 0.8, escalation: 'router' } as const
    const onPrem = { places: { kind: 'on-prem', country: 'de' } } as const
    const free = (await plan(given(wish, onPrem), small)).cascade!
    const cheapest = free.pairs.find((pair) => pair.roles.includes('cheapest'))!
    const sum = cheapest.cost.upfrontUsd.value
    const limited = async (usd: number) =>
      (await plan(given(wish, { ...onPrem, constraints: { capex: `${usd} USD` } }), small)).cascade!
    const enough = await limited(Math.ceil(sum))
    expect(enough.pairs.find((pair) => pair.roles.includes('cheapest'))!.id).toBe(cheapest.id)
    const short = await limited(Math.floor(sum * 0.98))
    for (const pair of short.pairs) expect(pair.cost.upfrontUsd.value).toBeLessThanOrEqual(sum * 0.98)
    // Each side alone costs less than this; that no listed pair does is not that none exists.
    expect(short.status).toBe(short.pairs.length === 0 ? 'not-found' : 'feasible')
    for (const pair of short.pairs) expect(pair.exact).toBe(false)
    const nothing = await limited(2000)
    expect(nothing.status).toBe('infeasible')
    expect(nothing.whyNone.join()).toMatch(/no small model fits/)
  })

  it('says in words which limit no pair keeps, and how far off the nearest pair is', async () => {
    const wish = { smallFraction: 0.8, escalation: 'router' } as const
    const onPrem = { places: { kind: 'on-prem', country: 'de' } } as const
    const free = (await plan(given(wish, onPrem), small)).cascade!
    const alone = Math.max(
      ...[free.small!, free.large!].map((side) =>
        Math.min(...side.options.map((option) => option.cost.totalUsd.value)),
      ),
    )
    // Each side alone keeps it; both together cost more than the dearer one alone.
    const limit = Math.ceil(alone * 1.01)
    const { cascade } = await plan(given(wish, { ...onPrem, constraints: { total: `${limit} USD` } }), small)
    expect(cascade!.status).toBe('not-found')
    const [main, detail] = cascade!.whyNone
    expect(main).toMatch(
      /^each model fits alone, but none of the .* keeps the limit on cost over the horizon /,
    )
    expect(detail).toMatch(/^cost over the horizon: at most .* USD allowed, and the pair .* needs .* USD$/)
    expect(cascade!.whyNoneCodes![1]).toMatchObject({
      code: 'cascade-least-together',
      values: { constraint: 'total', limit, unit: 'USD' },
    })
    expect(Number(cascade!.whyNoneCodes![1]!.values!['least'])).toBeGreaterThan(limit)
  })

  it('answers the helpdesk example', async () => {
    const file = 'examples/cascade-helpdesk/scenario.yaml'
    const { given: helpdesk } = readGivenScenario({ text: readFileSync(join(root, file), 'utf8'), file })
    const { cascade } = await plan(helpdesk, full)
    expect(cascade?.whyNone).toEqual([])
    expect(
      cascade?.pairs.every((pair) => pair.smallOptionId !== undefined && pair.largeOptionId !== undefined),
    ).toBe(true)
  })
})

describe('delivery times and security facts', () => {
  const given = (more: Partial<ScenarioInput>): ScenarioInput => ({ ...base, ...chat, ...more })
  const limits = { deliveryTime: '12 weeks', security: ['iso-27001'] }

  it('keeps what nobody speaks of, and says that it is unknown', async () => {
    const found = await plan(given({ constraints: limits }), small)
    const free = await plan(given({}), small)
    expect(found.options.map((option) => option.id)).toEqual(free.options.map((option) => option.id))
    for (const { constraints } of found.options) {
      const asked = constraints.filter((check) => /deliveryTime|security/.test(check.constraint))
      expect(asked.map((check) => check.status)).toEqual(['unknown', 'unknown'])
    }
    expect(found.notes.some((note) => note.code === 'facts-of-the-scenario')).toBe(true)
  })

  it('leaves out what a fact speaks against, and only under a limit', async () => {
    const facts = [
      { about: 'h100-sxm-80', deliveryTime: '26 weeks' },
      { about: 'l40s', deliveryTime: '6 weeks' },
      { about: 'aws', lacksSecurity: ['iso-27001'] },
      { about: 'on-prem', security: ['iso-27001'] },
    ]
    const found = await plan(given({ constraints: limits, facts }), small)
    expect(found.options.length).toBeGreaterThan(0)
    for (const option of found.options) {
      expect(option.place.kind).toBe('on-prem')
      expect(option.deployment!.accelerator.id).toBe('l40s')
      expect(option.constraints.filter((check) => check.status !== 'met')).toEqual([])
    }
    expect(found.search.notSearched.some((entry) => entry.why.includes('after 26.0 weeks'))).toBe(true)
    const unlimited = await plan(given({ facts }), small)
    const free = await plan(given({}), small)
    expect(unlimited.options.map((option) => option.id)).toEqual(free.options.map((option) => option.id))
  })

  it('takes owned hardware as delivered', async () => {
    const server = (await plan(given({ places: { kind: 'on-prem', country: 'de' } }), small)).options[0]!
      .deployment!
    const found = await plan(
      given({
        places: { kind: 'on-prem', country: 'de' },
        constraints: { deliveryTime: '1 week' },
        hardware: { owned: { server: server.server.id, accelerator: server.accelerator.id, count: 100 } },
        facts: { about: server.accelerator.id, deliveryTime: '26 weeks' },
      }),
      small,
    )
    expect(found.options.length).toBeGreaterThan(0)
    for (const { constraints } of found.options)
      expect(constraints.find((check) => check.constraint === 'constraints.deliveryTime')?.status).toBe('met')
  })

  it.each([
    [{ facts: { about: 'h100-sxm-8', deliveryTime: '26 weeks' } }, /facts\.0\.about unknown server/],
    [{ facts: { about: 'aws', security: 'a', lacksSecurity: 'a' } }, /there and that it is not/],
    [{ constraints: { security: 'ISO 27001' } }, /lower case/],
  ])('refuses %j', (part, message) => {
    expect(problems({ ...base, ...chat, ...part })).toMatch(message)
  })
})
