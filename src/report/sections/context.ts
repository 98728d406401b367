import type { PlanOption } from '../../planner/plan-option-types.ts'
import type { Plan } from '../../planner/plan-types.ts'
import type { RecomputeBasis } from '../../planner/recompute.ts'
import type { LocaleFormat } from '../locale-format.ts'
import type { Say } from '../messages/say.ts'
import { displayName } from '../messages/sentence-text.ts'
import type { MessageKey, Translate } from '../messages/translate.ts'
import type { ReportLocale } from '../report-document.ts'

/** A row of the catalog's sources, as the report prints it. */
export interface ReportSource {
  readonly id: string
  readonly title: string
  readonly publisher?: string | undefined
  readonly address?: string | undefined
  readonly retrieved?: string | undefined
  readonly terms?: string | undefined
}

/** What every section is made from. */
export interface ReportContext {
  readonly plan: Plan
  readonly locale: ReportLocale
  readonly t: Translate
  /** The plan's own sentences. */
  readonly say: Say
  readonly f: LocaleFormat
  readonly sources: ReadonlyMap<string, ReportSource>
  /** What the break-even surface and the what-if controls compute with; empty where the catalog is not at hand. */
  readonly bases: ReadonlyMap<string, RecomputeBasis>
  /** The recommendation. */
  readonly best: PlanOption | undefined
  /** What nearly won, else the next by rank. */
  readonly runnerUp: PlanOption | undefined
  readonly options: readonly PlanOption[]
  readonly optionById: ReadonlyMap<string, PlanOption>
}

export function reportContext(input: {
  plan: Plan
  locale: ReportLocale
  t: Translate
  say: Say
  f: LocaleFormat
  sources: ReadonlyMap<string, ReportSource>
  bases: ReadonlyMap<string, RecomputeBasis>
}): ReportContext {
  const { plan } = input
  const optionById = new Map(plan.options.map((option) => [option.id, option]))
  const best = optionById.get(plan.roles.balanced ?? '') ?? plan.options[0]
  const near = best?.nearly.find((entry) => entry.role === 'balanced') ?? best?.nearly[0]
  const runnerUp = optionById.get(near?.optionId ?? '') ?? plan.options.find((option) => option !== best)
  return { ...input, best, runnerUp, options: plan.options, optionById }
}

/** `SLM on premises`: what an option is in a column title. */
export function shortLabel(context: ReportContext, option: PlanOption): string {
  return `${option.model.name} · ${placeWord(context, option)}`
}

/** With its rank, for tables in which options are compared. */
export function rankedLabel(context: ReportContext, option: PlanOption): string {
  return `${option.rank} · ${shortLabel(context, option)}`
}

/** Machines and place: `6 × L40S · own data centre, Germany`. */
export function machineLabel(context: ReportContext, option: PlanOption): string {
  const { deployment } = option
  const machines =
    deployment === undefined
      ? undefined
      : `${context.f.count(deployment.accelerators)} × ${deployment.accelerator.name}`
  return [machines, placeLabel(context, option)].filter((part) => part !== undefined).join(' · ')
}

export function placeWord(context: ReportContext, option: PlanOption): string {
  return context.t(`place.${option.place.kind}`)
}

export function placeLabel(context: ReportContext, option: PlanOption): string {
  const { name, provider, region, countryCode, kind } = option.place
  const country =
    context.say.translates && countryCode !== undefined && kind !== 'cloud' && kind !== 'api'
      ? displayName(countryCode, 'region', context.locale)
      : undefined
  const where = [provider, country ?? region ?? name].filter((part) => part !== undefined).join(' ')
  return where === '' ? placeWord(context, option) : `${placeWord(context, option)}, ${where}`
}

export function classWord(context: ReportContext, modelClass: PlanOption['model']['class']): string {
  return context.t(`class.${modelClass}`)
}

export function formatsLabel(context: ReportContext, option: PlanOption): string {
  const { weightFormat, kvFormat } = option.model
  if (weightFormat === undefined) return context.f.unknown
  return kvFormat === undefined ? weightFormat : `${weightFormat} / ${kvFormat}`
}

/** A word of the plan by its key where the messages have one, else as the plan has it. */
export function wordOf(context: ReportContext, prefix: string, word: string): string {
  return context.t.known(`${prefix}.${word}`) ? context.t(`${prefix}.${word}` as MessageKey) : word
}

/** A requirement as people call it: `targets.ttft` and `ttft` are the same. */
export function constraintWord(context: ReportContext, constraint: string): string {
  const name = constraint.split('.').at(-1) ?? constraint
  return context.t.known(`constraint.${name}`) ? context.t(`constraint.${name}` as MessageKey) : constraint
}

/** Names of benchmarks as their authors write them. */
const benchmarkNames: Readonly<Record<string, string>> = {
  mmlu: 'MMLU',
  'mmlu-pro': 'MMLU-Pro',
  'mmlu-redux': 'MMLU-Redux',
  ifeval: 'IFEval',
  gsm8k: 'GSM8K',
  math: 'MATH',
  'math-500': 'MATH-500',
  gpqa: 'GPQA',
  'gpqa-diamond': 'GPQA Diamond',
  humaneval: 'HumanEval',
  'humaneval-plus': 'HumanEval+',
  'mt-bench': 'MT-Bench',
  'arena-hard': 'Arena-Hard',
  'lmarena-text': 'LMArena text',
  'aime-2024': 'AIME 2024',
  'swe-bench-verified': 'SWE-bench Verified',
}

export function benchmarkName(id: string): string {
  return benchmarkNames[id] ?? id
}

/** In two lines, for the axes of charts. */
export function chartLabel(context: ReportContext, option: PlanOption): readonly string[] {
  return [`${option.rank} · ${option.model.name}`, placeWord(context, option)]
}

/** Options worth a column of their own: the roles, the best of each kind of place, the best SLM and LLM. At most six. */
export function comparedOptions(context: ReportContext): PlanOption[] {
  const { plan, options } = context
  const wanted: (PlanOption | undefined)[] = [
    context.best,
    context.runnerUp,
    options.find((option) => option.model.class === 'slm'),
    options.find((option) => option.model.class === 'llm'),
    ...plan.sideBySide.map((entry) => context.optionById.get(entry.optionId ?? '')),
    ...Object.values(plan.roles).map((id) => context.optionById.get(id ?? '')),
  ]
  const chosen = [...new Set(wanted)].filter((option) => option !== undefined).slice(0, mostColumns)
  return chosen.sort((a, b) => a.rank - b.rank)
}

const mostColumns = 6

/** The best option of each kind of place that has one. */
export function placeOptions(context: ReportContext): PlanOption[] {
  return context.plan.sideBySide
    .map((entry) => context.optionById.get(entry.optionId ?? ''))
    .filter((option) => option !== undefined)
}

export function sourceTitle(context: ReportContext, sourceId: string | undefined): string {
  if (sourceId === undefined || sourceId === '') return context.f.unknown
  return context.sources.get(sourceId)?.title ?? sourceId
}
