import {
  formatNumber,
  formatPercent,
  formatSeconds,
  formatSignificant,
  formatTokens,
} from '../foundation/format.ts'
import { type Note, sortedNotes } from '../foundation/notes.ts'
import type { PlanOption } from '../planner/plan-option-types.ts'
import type { Plan } from '../planner/plan-types.ts'
import { cascadeBlocks } from './cascade-blocks.ts'
import { shortlistBlocks, sideBySideBlocks } from './choice-blocks.ts'
import { type Block, heading, list, pairs, paragraph } from './document.ts'
import { figureText } from './figure-text.ts'
import { infeasibleBlocks } from './infeasible-blocks.ts'
import { optionBlocks } from './option-blocks.ts'
import { modelBlocks, searchBlocks } from './search-blocks.ts'
import { workloadBlocks } from './workload-blocks.ts'

/** The whole answer. `all` adds every listed option in full, every model left out, every cost line. */
export function planBlocks(plan: Plan, input: { all: boolean }): Block[] {
  const detailed = detailedOptions(plan, input)
  const footnotes = new NoteMarks(plan, [...detailed, ...pairedOptions(plan)])
  const marks = (about: string) => footnotes.of(about)
  const blocks: Block[] = [heading(1, plan.name)]
  if (plan.description !== undefined) blocks.push(paragraph(plan.description.trim()))
  blocks.push(...answerBlocks(plan))
  blocks.push(heading(2, 'Demand'), pairs(demandPairs(plan, marks)), ...workloadBlocks(plan))
  if (plan.infeasible !== undefined) blocks.push(...infeasibleBlocks(plan.infeasible))
  if (plan.options.length > 0) {
    blocks.push(...shortlistBlocks(plan, input), ...sideBySideBlocks(plan))
    for (const option of detailed) blocks.push(...optionBlocks(option, plan, { ...input, marks }))
  }
  blocks.push(...cascadeBlocks(plan, marks), ...modelBlocks(plan, input), ...searchBlocks(plan, input))
  const notes = footnotes.texts()
  if (notes.length > 0) blocks.push(heading(2, 'Notes'), { kind: 'footnotes', items: notes })
  return blocks
}

/** Notes numbered once; figures point at those about them. */
class NoteMarks {
  readonly #notes: readonly Note[]

  constructor(plan: Plan, options: readonly PlanOption[]) {
    this.#notes = sortedNotes([
      ...plan.notes,
      ...(plan.cascade?.notes ?? []),
      ...options.flatMap((option) => option.notes),
    ])
  }

  /** " [3]" for each note about a field or an id. */
  of(about: string): string {
    const numbers = this.#notes.flatMap((note, index) =>
      note.about === about && note.level !== 'information' ? [`[${index + 1}]`] : [],
    )
    return numbers.length === 0 ? '' : ` ${numbers.join('')}`
  }

  texts(): string[] {
    return this.#notes.map(
      ({ level, message, sourceId }) =>
        `${level === 'warning' ? 'Warning: ' : ''}${message}${sourceId === undefined ? '' : ` (${sourceId})`}`,
    )
  }
}

function detailedOptions(plan: Plan, input: { all: boolean }): PlanOption[] {
  return plan.options.filter((option) => input.all || option.roles.length > 0)
}

/** Options that stand in a pair of the cascade: what is doubtful about them is doubtful about the pair. */
function pairedOptions(plan: Plan): readonly PlanOption[] {
  return [...(plan.cascade?.small?.options ?? []), ...(plan.cascade?.large?.options ?? [])]
}

function answerBlocks(plan: Plan): Block[] {
  const chosen = plan.options.find((option) => option.id === plan.roles.balanced)
  if (chosen === undefined)
    return [
      heading(2, 'Nothing fits'),
      paragraph(
        plan.models.kept.length === 0
          ? 'No model meets every wish. The reasons below say which wish turned most of them away.'
          : 'No combination of model, machine, place and price meets every limit of the scenario.',
      ),
    ]
  const { currency } = plan.finance
  const facts = [
    `${figureText(chosen.cost.usdPerMonth, { currency })}`,
    `${figureText(chosen.cost.blendedUsdPerMillionTokens, { currency, interval: false })}`,
    ...(chosen.latency === undefined
      ? []
      : [`first token in ${figureText(chosen.latency.ttft.p95, { interval: false })} at p95`]),
    ...(chosen.carbon?.totalGramsPerMonth === undefined
      ? []
      : [figureText(chosen.carbon.totalGramsPerMonth, { interval: false })]),
  ]
  const others = Object.entries(plan.roles).flatMap(([role, id]) => {
    if (role === 'balanced') return []
    const option = plan.options.find((entry) => entry.id === id)
    return option === undefined
      ? []
      : [`${role}: ${id === chosen.id ? 'the same' : `#${option.rank} ${option.label}`}`]
  })
  return [
    heading(2, 'Answer'),
    paragraph(`${chosen.label}.`),
    paragraph(`${facts.join('; ')}.`),
    ...(others.length === 0 ? [] : [list(others)]),
  ]
}

function demandPairs(plan: Plan, marks: (about: string) => string): [string, string][] {
  const { workload, targets, finance } = plan
  const growth = workload.growthByMonth.at(-1) ?? 1
  return [
    [
      'peak rate',
      `${figureText(workload.peakRequestsPerSecond)}, ${figureText(workload.averageRequestsPerSecond)} on average over ${workload.workingHoursPerDay} h a day, ${workload.workingDaysPerWeek} days a week${workload.users === undefined ? '' : `; ${formatNumber(workload.users)} ${workload.users === 1 ? 'user' : 'users'}`}${growth === 1 ? '' : `; demand × ${formatSignificant(growth)} by the last month`}`,
    ],
    [
      'a month',
      `${figureText(workload.requestsPerMonth)}, ${figureText(workload.inputTokensPerMonth)} of input, ${figureText(workload.outputTokensPerMonth)} of output`,
    ],
    [
      'lengths',
      `input ${formatTokens(workload.inputTokensMean)} tokens (p95 ${formatTokens(workload.inputTokensP95)}), output ${formatTokens(workload.outputTokensMean)} (p95 ${formatTokens(workload.outputTokensP95)})${workload.sharedPrefixFraction > 0 ? `, ${formatPercent(workload.sharedPrefixFraction)} of the input shared` : ''}`,
    ],
    [
      'targets',
      `${plan.workloads === undefined ? '' : 'the strictest of all workloads: '}first token ${trimmed(targets.ttftSeconds)}, each further token ${trimmed(targets.tpotSeconds)}${targets.endToEndSeconds === undefined ? '' : `, last token ${trimmed(targets.endToEndSeconds)}`}, for ${formatPercent(targets.percentile)} of the requests${marks('targets.percentile')}; headroom ${formatPercent(targets.headroomFraction)}${marks('headroom')}; availability ${targets.availability}${marks('availability')}`,
    ],
    [
      'money',
      `${formatNumber(finance.horizonMonths)} months${marks('finance.horizon')}, discounted at ${formatPercent(finance.discountRatePerYearFraction, 1)} a year${marks('finance.discountRate')}${finance.currency.code === 'USD' ? '' : `; 1 ${finance.currency.code} = ${formatSignificant(finance.currency.usdPerUnit)} USD`}`,
    ],
    [
      'data',
      `catalog ${plan.catalog.version} of ${plan.catalog.asOf}, hash ${plan.catalog.hash}${plan.catalog.userRows > 0 ? `, ${plan.catalog.userRows} rows of your own` : ''}`,
    ],
  ]
}

function trimmed(seconds: number): string {
  return formatSeconds(seconds).replace(/\.0+ /, ' ')
}
