import type { NamedRange } from 'hucre'
import { monthsPerYear } from '../../foundation/units.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import type { Plan } from '../../planner/plan-types.ts'
import type { LocaleFormat } from '../locale-format.ts'
import type { Say } from '../messages/say.ts'
import type { Translate } from '../messages/translate.ts'
import type { ReportDocument } from '../report-document.ts'
import { constant, reference, type Term, times } from './formula.ts'
import type { MemberSide } from './members.ts'
import { SheetBuilder } from './sheet-builder.ts'
import type { WordKey, Words } from './words.ts'

/** What every sheet is made from. */
export interface WorkbookContext {
  readonly plan: Plan
  /** Those of the plan, then those of its cascade: every one that the sheets cost. */
  readonly options: readonly PlanOption[]
  readonly members: ReadonlyMap<PlanOption, MemberSide>
  readonly document: ReportDocument
  readonly words: Words
  /** Words of the report: categories, places. */
  readonly t: Translate
  readonly f: LocaleFormat
  /** The plan's own sentences. */
  readonly say: Say
  readonly currency: string
  /** The sheets hold months 0 to this one: as far as a horizon may be moved. */
  readonly lastMonth: number
  readonly names: NamedRange[]
}

/** A horizon of seven years can be tried, or one year more than the plan's. */
const leastYears = 7

export function lastMonthOf(plan: Plan): number {
  return monthsPerYear * Math.max(leastYears, Math.ceil(plan.finance.horizonMonths / monthsPerYear) + 1)
}

export function newSheet(context: WorkbookContext, key: WordKey, lead: WordKey): SheetBuilder {
  const sheet = new SheetBuilder(context.words(key), context.document.meta.brand.colours)
  sheet.text(0, context.words(key), { kind: 'title' })
  sheet.height(30)
  sheet.row = 1
  sheet.text(0, context.words(lead, { currency: context.currency }), { kind: 'lead' })
  sheet.height(20)
  sheet.row = 3
  return sheet
}

/** Gives a cell a name that formulas use in place of its address. */
export function named(context: WorkbookContext, name: string, cell: Term): Term {
  context.names.push({ name, range: cell.text })
  return reference(name, cell.value)
}

/**
 * What an option is called throughout: `1 · Llama 8B · 4 × L40S · own premises, Germany`; one of a cascade has the side
 * before its rank: `small 1 · …`.
 */
export function optionName(context: WorkbookContext, option: PlanOption): string {
  const { deployment, place } = option
  const machines =
    deployment === undefined ? undefined : `${deployment.accelerators} × ${deployment.accelerator.name}`
  const side = context.members.get(option)
  return [
    side === undefined ? `${option.rank}` : `${context.words(`member.${side}`)} ${option.rank}`,
    option.model.name,
    machines,
    placeName(context, option),
    place.kind === 'cloud' ? context.say.word('basis', place.priceBasis) : place.quote,
  ]
    .filter((part) => part !== undefined)
    .join(' · ')
}

export function placeName(context: WorkbookContext, option: PlanOption): string {
  const { kind, name, provider, region } = option.place
  const where = [...new Set([provider, region ?? name])].filter((part) => part !== undefined).join(' ')
  return [context.t(`place.${kind}`), where].filter((part) => part !== '').join(', ')
}

const sameness = 1e-9

/** Whether two numbers are one but for float noise. */
export function same(a: number, b: number): boolean {
  return Math.abs(a - b) <= sameness * Math.max(Math.abs(a), Math.abs(b))
}

/**
 * The sheet's formula where it gives the plan's figure; else the formula with the constant factor between the two, so
 * that the workbook starts from the plan and moves as the formula does. Without a formula that moves, the figure alone.
 */
export function startingAt(plan: number, formula: Term | undefined): Term {
  if (formula === undefined || !Number.isFinite(formula.value)) return constant(plan)
  if (formula.value === 0) return plan === 0 ? formula : constant(plan)
  return same(formula.value, plan) ? formula : times(formula, constant(plan / formula.value))
}
