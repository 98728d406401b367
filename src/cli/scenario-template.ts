import { stringify } from 'yaml'
import type { Catalog, Row } from '../catalogs/catalog.ts'
import { formatPercent } from '../foundation/format.ts'
import type { Availability, PlaceKind } from '../planner/scenario/schema.ts'
import { plainNumber } from './figure-text.ts'

/** What the dialogue asks; everything else comes from the use case and the planning defaults. */
export interface ScenarioAnswers {
  readonly useCase: string
  readonly name: string
  /** People, where the profile knows how much one asks for; else a rate. */
  readonly users?: number
  readonly requestRate?: string
  readonly class: 'any' | 'slm' | 'llm'
  readonly licenceClasses: readonly string[]
  readonly languages: readonly string[]
  readonly places: readonly PlaceKind[]
  readonly country?: string
  readonly availability: Availability
  readonly horizon: string
  readonly capex?: string
  readonly priority: ScenarioPriority
}

export const priorities = {
  balanced: undefined,
  cost: 'cost: 0.8, carbon: 0.1, latency: 0.1, quality: 0',
  carbon: 'cost: 0.3, carbon: 0.6, latency: 0.1, quality: 0',
  speed: 'cost: 0.3, carbon: 0.1, latency: 0.6, quality: 0',
  quality: 'cost: 0.3, carbon: 0.1, latency: 0.1, quality: 0.5',
} as const
export type ScenarioPriority = keyof typeof priorities

/** Whether the profile of a use case says how many requests a user sends; batch work has a rate instead. */
export function countsUsers(catalog: Catalog, useCase: string): boolean {
  return profileOf(catalog, useCase).has('requests_per_user_per_day')
}

export function profileOf(catalog: Catalog, useCase: string): Map<string, Row<'useCaseDefaults'>> {
  return new Map(
    (catalog.rowsBy('useCaseDefaults', 'use_case_id').get(useCase) ?? []).map((row) => [row.field, row]),
  )
}

/** What a person would answer who takes each default. */
export function defaultAnswers(
  catalog: Catalog,
  useCase: Row<'useCases'>,
  given: { name?: string; users?: number; country?: string },
): ScenarioAnswers {
  const device = useCase.id.startsWith('on-device')
  return {
    useCase: useCase.id,
    name: given.name ?? useCase.name,
    ...(countsUsers(catalog, useCase.id)
      ? { users: given.users ?? (device ? 1 : 100) }
      : { requestRate: '1 /s' }),
    class: useCase.class_hint === 'slm' || useCase.class_hint === 'llm' ? useCase.class_hint : 'any',
    licenceClasses: ['permissive', 'community'],
    languages: [],
    places: device ? ['device'] : ['on-prem', 'cloud', 'api'],
    ...(given.country === undefined ? {} : { country: given.country }),
    availability: device ? 'none' : 'n+1',
    horizon: '3 years',
    priority: 'balanced',
  }
}

/** A scenario with a comment beside each field; what the profile supplies stands there as a comment to switch on. */
export function scenarioText(answers: ScenarioAnswers, catalog: Catalog): string {
  const profile = profileOf(catalog, answers.useCase)
  const { users, requestRate, country, capex } = answers
  const place = (kind: PlaceKind) =>
    country !== undefined && ownSite.has(kind)
      ? `{ kind: ${kind}, country: ${country} }`
      : `{ kind: ${kind} }`
  const device = answers.places.every((kind) => kind === 'device')
  const score = priorities[answers.priority]
  const lines: Line[] = [
    comment(
      'A scenario of rightsize: what is needed, and the limits of the answer. A line behind # is off: take',
    ),
    comment('the # away to set it. What is not given comes from the use case and is a note in the answer.'),
    ['schemaVersion: 1', ''],
    [`name: ${scalar(answers.name)}`, ''],
    '',
    comment('1. The need: what is it for, and how long are questions and answers?'),
    [`useCase: ${answers.useCase}`, 'its profile fills what is not given (rightsize catalog use-cases)'],
    off('tokens:', ''),
    off(`  input: ${lengthOf(profile, 'input')}`, 'tokens per request; memory is sized for the p95'),
    off(`  output: ${lengthOf(profile, 'output')}`, ''),
    '',
    comment('2. The demand: how many, how often, how fast?'),
    ['demand:', ''],
    ...(requestRate === undefined
      ? ([
          [`  users: ${users ?? 100}`, 'people who have access'],
          off(`  activeUserFraction: ${share(profile, 'active_user_fraction')}`, 'of them on a working day'),
          off(`  requestsPerUserPerDay: ${value(profile, 'requests_per_user_per_day')}`, ''),
        ] as Line[])
      : ([[`  requestRate: ${requestRate}`, 'at the peak']] as Line[])),
    off(`  workingHoursPerDay: ${value(profile, 'working_hours_per_day')} h`, ''),
    off(`  workingDaysPerWeek: ${value(profile, 'working_days_per_week')}`, ''),
    off(
      `  peakToAverage: ${value(profile, 'peak_to_average')}`,
      'peak rate over the mean of the working hours',
    ),
    off('  growthPerYear: 20 %', 'machines are sized for what comes'),
    ...targetLines(profile),
    '',
    comment('3. The models: which may be used?'),
    ['model:', ''],
    [`  class: ${answers.class}`, 'slm (below about 15 billion parameters), llm or any'],
    [`  licenceClasses: [${answers.licenceClasses.join(', ')}]`, ''],
    answers.languages.length > 0
      ? [`  languages: [${answers.languages.join(', ')}]`, '']
      : off('  languages: [en, de]', 'only models whose maker names them'),
    off('  minimumQuality: { benchmark: MMLU-Pro, score: 50 }', 'after the loss of the weight format'),
    off('  allowUnknownQuality: true', 'keep models that nobody scored'),
    '',
    comment('4. The places: where may it run, and what may fail?'),
    ['places:', ''],
    ...answers.places.flatMap((kind): Line[] =>
      kind === 'subscription' ? subscriptionLines(country) : [[`  - ${place(kind)}`, placeWords[kind]]],
    ),
    ...(device ? [] : ([[`availability: ${answers.availability}`, 'none, n+1, n+2 or two-sites']] as Line[])),
    off('hardware:', ''),
    off('  categories: [datacentre, workstation]', ''),
    off('  excludeVendors: [Huawei]', ''),
    '',
    comment('5. The money and the footprint: what is the limit, and what counts most?'),
    ['finance:', ''],
    [`  horizon: ${answers.horizon}`, 'how far costs are counted'],
    off('  discountRate: 5 %', 'ask the finance department'),
    off('  staffCost: 120000 USD/year', 'of one engineer'),
    off('site:', ''),
    off('  electricityPrice: 0.20 USD/kWh', 'at the meter; otherwise the average of the country'),
    off('  pue: 1.3', 'energy of the building over energy of its machines'),
    ...(capex === undefined
      ? ([
          off('constraints:', ''),
          off('  capex: 400000 USD', 'most to be paid for all purchases over the horizon'),
        ] as Line[])
      : ([
          ['constraints:', ''],
          [`  capex: ${capex}`, 'most to be paid for all purchases over the horizon'],
        ] as Line[])),
    off('  carbonPerMonth: 500 kg', 'location based, making the hardware included'),
    off('  powerPerSite: 40 kW', ''),
    score === undefined
      ? off('score: { cost: 0.4, carbon: 0.2, latency: 0.2, quality: 0.2 }', 'what "balanced" means')
      : [`score: { ${score} }`, 'what "balanced" means'],
  ]
  return `${lines.map(lineText).join('\n')}\n`
}

const ownSite: ReadonlySet<PlaceKind> = new Set(['on-prem', 'colocation', 'subscription'])

/** Nobody publishes prices of hardware paid by use: they stand as unknown until the quote is written in. */
function subscriptionLines(country: string | undefined): Line[] {
  return [
    ['  - kind: subscription', placeWords.subscription],
    ...(country === undefined ? [] : ([[`    country: ${country}`, '']] as Line[])),
    ['    quotes:', ''],
    ['      - accelerator: l40s', 'what the quote is for; or server: …'],
    ['        unit: accelerator', 'what is committed to and metered: accelerator or server'],
    ['        committedFraction: 60 %', 'of what stands, paid for whether it is used or not'],
    ['        committedPrice: unknown', 'of one committed unit, as quoted: 1200 USD/month'],
    ['        extraPrice: unknown', 'of one more unit in use for a whole month'],
    ['        includesElectricity: false', ''],
    ['        includesMaintenance: true', ''],
  ]
}

/** Work that nobody waits for has no targets in its profile; sizing needs some, so generous ones stand there. */
function targetLines(profile: Profile): Line[] {
  const remarks = { ttft: 'time to the first token', tpot: 'time per further token' } as const
  const known = (name: 'ttft' | 'tpot') => profile.has(`${name}_target_s`)
  if (known('ttft') && known('tpot'))
    return [
      off('targets:', ''),
      off(`  ttft: ${value(profile, 'ttft_target_s')} s`, remarks.ttft),
      off(`  tpot: ${value(profile, 'tpot_target_s')} s`, remarks.tpot),
    ]
  return [
    ['targets:', 'the profile has none, since nobody waits: generous ones, set your own'],
    [`  ttft: ${known('ttft') ? value(profile, 'ttft_target_s') : 60} s`, remarks.ttft],
    [`  tpot: ${known('tpot') ? value(profile, 'tpot_target_s') : 0.5} s`, remarks.tpot],
  ]
}

/** A field with what is said of it, or a whole line. */
type Line = readonly [field: string, remark: string] | string

const comment = (text: string): string => `# ${text}`
/** A field that is switched off. */
const off = (field: string, remark: string): Line => [`# ${field}`, remark]

const remarkColumn = 44

function lineText(line: Line): string {
  if (typeof line === 'string') return line
  const [field, remark] = line
  return remark === '' ? field : `${field.padEnd(remarkColumn)} # ${remark}`
}

const placeWords: Readonly<Record<PlaceKind, string>> = {
  'on-prem': 'machines of your own in your own room',
  colocation: 'machines of your own in a rented room',
  subscription: 'another’s machines in your own room, paid by use: needs your quote',
  cloud: 'rented instances',
  api: 'a model by the token',
  device: 'laptops and phones of the users',
}

function scalar(text: string): string {
  const plain = stringify(text, { lineWidth: 0 }).trimEnd()
  return plain.includes('\n') ? JSON.stringify(text) : plain
}

type Profile = ReadonlyMap<string, Row<'useCaseDefaults'>>

function value(profile: Profile, field: string): string {
  const row = profile.get(field)
  return row === undefined ? '?' : plainNumber(row.value, 6).replaceAll(',', '')
}

function share(profile: Profile, field: string): string {
  const row = profile.get(field)
  return row === undefined ? '?' : formatPercent(row.value)
}

function lengthOf(profile: Profile, kind: 'input' | 'output'): string {
  return `{ mean: ${value(profile, `${kind}_tokens_mean`)}, p95: ${value(profile, `${kind}_tokens_p95`)} }`
}
