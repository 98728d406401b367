import { compareText } from '../foundation/notes.ts'
import { cascadeFigureChanges } from './cascade-changes.ts'
import type { Figure } from './plan-figure.ts'
import type { PlanOption, PlanPlaceKind } from './plan-option-types.ts'
import { type Plan, type PlanRole, planRoles } from './plan-types.ts'

/** What differs between two plans, and what that can be due to. */
export interface PlanChanges {
  /** Fields of the scenario that differ, as they were written; absent = not given. */
  readonly inputs: readonly FieldChange[]
  readonly catalog: {
    readonly same: boolean
    /** Version and hash. */
    readonly from: string
    readonly to: string
    /** Tables with a changed row, where both plans say the hash of each. */
    readonly tables: readonly string[]
  }
  /** Values with a source that the same option stands on in both plans and that differ: changed rows, or overridden ones. */
  readonly values: readonly ValueChange[]
  readonly status: { readonly from: Plan['status']; readonly to: Plan['status'] }
  readonly models: { readonly entered: readonly string[]; readonly left: readonly string[] }
  /** Every role of either plan, changed or not. */
  readonly choices: readonly ChoiceChange[]
  /** Every figure of the demand, of each role's option and of each way to get it, changed or not. */
  readonly figures: readonly FigureChange[]
}

export interface FieldChange {
  readonly field: string
  readonly from?: unknown
  readonly to?: unknown
}

export interface ValueChange {
  readonly optionId: string
  readonly figure: string
  readonly meaning: string
  readonly unit: string
  readonly from: number | string
  readonly to: number | string
  readonly sourceIds: readonly string[]
}

export interface ChoiceChange {
  readonly role: PlanRole
  readonly changed: boolean
  readonly from?: { readonly id: string; readonly label: string }
  readonly to?: { readonly id: string; readonly label: string }
}

export interface FigureChange {
  /** `demand`, a role, or `each way: cloud`. */
  readonly group: string
  readonly figure: string
  readonly unit: Figure['unit']
  /** Absent = unknown, or there is no such option. */
  readonly from?: Figure
  readonly to?: Figure
}

/** Compares two plans: of other scenarios, of other catalogs, or both. */
export function changesBetween(from: Plan, to: Plan): PlanChanges {
  return {
    inputs: fieldChanges(from.scenario, to.scenario),
    catalog: catalogChanges(from, to),
    values: valueChanges(from, to),
    status: { from: from.status, to: to.status },
    models: {
      entered: names(to).filter((id) => !names(from).includes(id)),
      left: names(from).filter((id) => !names(to).includes(id)),
    },
    choices: planRoles.flatMap((role) => choiceChange(from, to, role)),
    figures: [...figureChanges(from, to), ...cascadeFigureChanges(from, to)],
  }
}

const names = (plan: Plan): string[] => plan.models.kept.map((model) => model.id)

function fieldChanges(from: unknown, to: unknown): FieldChange[] {
  const before = new Map(leaves(from, ''))
  const after = new Map(leaves(to, ''))
  return [...new Set([...before.keys(), ...after.keys()])].sort(compareText).flatMap((field) => {
    const [old, now] = [before.get(field), after.get(field)]
    if (JSON.stringify(old) === JSON.stringify(now)) return []
    return [
      {
        field,
        ...(before.has(field) ? { from: old } : {}),
        ...(after.has(field) ? { to: now } : {}),
      },
    ]
  })
}

/** Lists of plain values are one field; lists of objects have a field each. */
function leaves(value: unknown, path: string): [string, unknown][] {
  const plain = Array.isArray(value) && value.every((item) => typeof item !== 'object')
  if (typeof value !== 'object' || value === null || plain) return [[path, value]]
  return Object.entries(value).flatMap(([key, entry]) => leaves(entry, path === '' ? key : `${path}.${key}`))
}

function catalogChanges(from: Plan, to: Plan): PlanChanges['catalog'] {
  const tables = { from: from.catalog.tables ?? {}, to: to.catalog.tables ?? {} }
  const all = [...new Set([...Object.keys(tables.from), ...Object.keys(tables.to)])].sort(compareText)
  return {
    same: from.catalog.hash === to.catalog.hash,
    from: `${from.catalog.version} ${from.catalog.hash}`,
    to: `${to.catalog.version} ${to.catalog.hash}`,
    tables: all.filter((name) => tables.from[name] !== tables.to[name]),
  }
}

/** The same option in both plans: which of the sourced values behind its figures differ. */
function valueChanges(from: Plan, to: Plan): ValueChange[] {
  const seen = new Set<string>()
  return from.options.flatMap((option) => {
    const other = to.options.find((entry) => entry.id === option.id)
    if (other === undefined) return []
    return sourcedValues(option).flatMap(([key, value]) => {
      const now = new Map(sourcedValues(other)).get(key)
      if (now === undefined || now.value === value.value) return []
      const change: ValueChange = {
        optionId: option.id,
        figure: value.figure,
        meaning: value.meaning,
        unit: value.unit,
        from: value.value,
        to: now.value,
        sourceIds: now.sourceIds,
      }
      const same = `${value.meaning} ${value.value} ${now.value}`
      if (seen.has(same)) return []
      seen.add(same)
      return [change]
    })
  })
}

interface SourcedValue {
  readonly figure: string
  readonly meaning: string
  readonly unit: string
  readonly value: number | string
  readonly sourceIds: readonly string[]
}

/** Lines that are a share of other lines: their price follows, so it is no cause. */
const derivedCategories: ReadonlySet<string> = new Set([
  'spares',
  'installation',
  'maintenance',
  'residual',
  'refresh',
  'financing',
  'tax',
])

function sourcedValues(option: PlanOption): [string, SourcedValue][] {
  const derived = new Set(
    option.cost.lines
      .filter((line) => derivedCategories.has(line.category))
      .map((line) => `cost.lines.${line.id}`),
  )
  const inputs = option.explanation.flatMap(({ figure, inputs: list }) =>
    list
      // Totals carry the sources of their parts: only what is read from a row counts here.
      .filter((entry) => entry.sourceIds.length > 0 && figure !== 'cost.totalUsd' && !derived.has(figure))
      .map(({ symbol, meaning, value, unit, sourceIds }): [string, SourcedValue] => [
        `${figure} ${symbol}`,
        {
          figure,
          meaning: figure.startsWith('cost.lines.')
            ? `${meaning} of ${figure.slice('cost.lines.'.length)}`
            : meaning,
          unit,
          value,
          sourceIds,
        },
      ]),
  )
  const scores = option.quality.flatMap((entry): [string, SourcedValue][] =>
    entry.published === undefined
      ? []
      : [
          [
            `quality ${entry.benchmark}`,
            {
              figure: 'quality',
              meaning: `published score on ${entry.benchmark}`,
              unit: entry.unit,
              value: entry.published,
              sourceIds: entry.sourceId === undefined ? [] : [entry.sourceId],
            },
          ],
        ],
  )
  return [...inputs, ...scores]
}

function optionOf(plan: Plan, id: string | undefined): PlanOption | undefined {
  return id === undefined ? undefined : plan.options.find((option) => option.id === id)
}

function choiceChange(from: Plan, to: Plan, role: PlanRole): ChoiceChange[] {
  const [old, now] = [optionOf(from, from.roles[role]), optionOf(to, to.roles[role])]
  if (old === undefined && now === undefined) return []
  return [
    {
      role,
      changed: old?.id !== now?.id,
      ...(old === undefined ? {} : { from: { id: old.id, label: old.label } }),
      ...(now === undefined ? {} : { to: { id: now.id, label: now.label } }),
    },
  ]
}

type FigureOf = readonly [name: string, of: (option: PlanOption) => Figure | undefined]

const count = (value: number | undefined): Figure | undefined =>
  value === undefined ? undefined : { value, unit: 'count' }

const optionFigures: readonly FigureOf[] = [
  ['servers', ({ deployment }) => count(deployment?.servers)],
  ['accelerators', ({ deployment }) => count(deployment?.accelerators)],
  ['replicas', ({ deployment }) => count(deployment?.replicas)],
  ['capacity', ({ capacity }) => capacity?.requestsPerSecond],
  ['first token, p95', ({ latency }) => latency?.ttft.p95],
  ['per token, p95', ({ latency }) => latency?.tpot.p95],
  ['last token, p95', ({ latency }) => latency?.endToEnd.p95],
  ['mean power', ({ energy }) => energy?.averageWatts],
  ['energy at the meter', ({ energy }) => energy?.kilowattHoursPerMonth],
  ['carbon', ({ carbon }) => carbon?.totalGramsPerMonth],
  ['water', ({ water }) => water?.totalLitresPerMonth],
  ['cost per month', ({ cost }) => cost.usdPerMonth],
  ['cost over the horizon', ({ cost }) => cost.totalUsd],
  ['discounted', ({ cost }) => cost.netPresentUsd],
  ['on the first day', ({ cost }) => cost.upfrontUsd],
  ['per million tokens', ({ cost }) => cost.blendedUsdPerMillionTokens],
]

const briefFigures = optionFigures.filter(([name]) =>
  ['servers', 'cost per month', 'last token, p95', 'carbon'].includes(name),
)

function figureChanges(from: Plan, to: Plan): FigureChange[] {
  const changes: FigureChange[] = []
  const add = (group: string, name: string, old: Figure | undefined, now: Figure | undefined) => {
    const unit = (now ?? old)?.unit
    if (unit === undefined) return
    changes.push({
      group,
      figure: name,
      unit,
      ...(old === undefined ? {} : { from: old }),
      ...(now === undefined ? {} : { to: now }),
    })
  }
  const demand = [
    'peakRequestsPerSecond',
    'requestsPerMonth',
    'inputTokensPerMonth',
    'outputTokensPerMonth',
  ] as const
  const demandNames = ['peak rate', 'requests', 'input', 'output']
  for (const [index, name] of demand.entries())
    add('demand', demandNames[index] ?? name, from.workload[name], to.workload[name])
  for (const role of [...planRoles].reverse()) {
    const [old, now] = [optionOf(from, from.roles[role]), optionOf(to, to.roles[role])]
    if (old === undefined && now === undefined) continue
    const figures = role === 'balanced' ? optionFigures : briefFigures
    for (const [name, of] of figures) add(role, name, old && of(old), now && of(now))
    if (role === 'balanced') addLines(add, old, now)
  }
  const kinds = new Set<PlanPlaceKind>([...from.sideBySide, ...to.sideBySide].map((entry) => entry.kind))
  for (const kind of kinds) {
    const find = (plan: Plan) =>
      optionOf(plan, plan.sideBySide.find((entry) => entry.kind === kind)?.optionId)
    const [old, now] = [find(from), find(to)]
    for (const [name, of] of briefFigures) add(`each way: ${kind}`, name, old && of(old), now && of(now))
  }
  return changes
}

function addLines(
  add: (group: string, name: string, old: Figure | undefined, now: Figure | undefined) => void,
  old: PlanOption | undefined,
  now: PlanOption | undefined,
): void {
  const line = (option: PlanOption | undefined, id: string): Figure | undefined => {
    const found = option?.cost.lines.find((entry) => entry.id === id)
    return found === undefined ? undefined : { value: found.totalUsd, unit: 'USD' }
  }
  const lines = [...(old?.cost.lines ?? []), ...(now?.cost.lines ?? [])]
  for (const [id, label] of new Map(lines.map((entry) => [entry.id, entry.label])))
    add('balanced: cost lines', label, line(old, id), line(now, id))
}
