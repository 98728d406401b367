import {
  formatBytesBinary,
  formatNumber,
  formatParameters,
  formatPercent,
  formatSeconds,
  formatSignificant,
  formatTokens,
} from '../foundation/format.ts'
import { compareText, type Note, sortedNotes } from '../foundation/notes.ts'
import type { PlanOption } from '../planner/plan-option-types.ts'
import type { Plan, PlanInfeasible } from '../planner/plan-types.ts'
import { type Block, heading, left, list, pairs, paragraph, right, table } from './document.ts'
import { amountText, figureText, moneyNumber } from './figure-text.ts'
import { hardwareText, modelText, optionBlocks, placeText } from './option-blocks.ts'

const shownReasons = 10

/** The whole answer. `all` adds every listed option in full, every model left out, every cost line. */
export function planBlocks(plan: Plan, input: { all: boolean }): Block[] {
  const detailed = detailedOptions(plan, input)
  const footnotes = new NoteMarks(plan, detailed)
  const marks = (about: string) => footnotes.of(about)
  const blocks: Block[] = [heading(1, plan.name)]
  if (plan.description !== undefined) blocks.push(paragraph(plan.description.trim()))
  blocks.push(...answerBlocks(plan))
  blocks.push(heading(2, 'Demand'), pairs(demandPairs(plan, marks)))
  if (plan.infeasible !== undefined) blocks.push(...infeasibleBlocks(plan.infeasible))
  if (plan.options.length > 0) {
    blocks.push(...shortlistBlocks(plan, input), ...sideBySideBlocks(plan))
    for (const option of detailed) blocks.push(...optionBlocks(option, plan, { ...input, marks }))
  }
  blocks.push(...modelBlocks(plan, input), ...searchBlocks(plan, input))
  const notes = footnotes.texts()
  if (notes.length > 0) blocks.push(heading(2, 'Notes'), { kind: 'footnotes', items: notes })
  return blocks
}

/** Notes numbered once; figures point at those about them. */
class NoteMarks {
  readonly #notes: readonly Note[]

  constructor(plan: Plan, options: readonly PlanOption[]) {
    this.#notes = sortedNotes([...plan.notes, ...options.flatMap((option) => option.notes)])
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
      `first token ${trimmed(targets.ttftSeconds)}, each further token ${trimmed(targets.tpotSeconds)}${targets.endToEndSeconds === undefined ? '' : `, last token ${trimmed(targets.endToEndSeconds)}`}, for ${formatPercent(targets.percentile)} of the requests${marks('targets.percentile')}; headroom ${formatPercent(targets.headroomFraction)}${marks('headroom')}; availability ${targets.availability}${marks('availability')}`,
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

function modelBlocks(plan: Plan, input: { all: boolean }): Block[] {
  const { kept, leftOut } = plan.models
  const benchmarks = [...new Set(kept.flatMap((model) => model.scores.map((score) => score.benchmark)))]
  const blocks: Block[] = [heading(2, `Models: ${kept.length} of ${kept.length + leftOut.length} qualify`)]
  if (kept.length > 0)
    blocks.push(
      table(
        [
          left('model'),
          left('class'),
          right('parameters'),
          right('context'),
          left('licence'),
          ...benchmarks.map(right),
          right('candidates'),
          left(''),
        ],
        kept.map((model) => [
          model.id,
          model.class.toUpperCase(),
          formatParameters(model.parametersTotal),
          model.maxContextTokens === undefined ? 'unknown' : formatTokens(model.maxContextTokens),
          model.licenceClass ?? 'unknown',
          ...benchmarks.map((benchmark) => {
            const score = model.scores.find((entry) => entry.benchmark === benchmark)?.score
            return score === undefined ? 'unknown' : formatNumber(score, 1)
          }),
          formatNumber(model.feasibleCandidates),
          model.whyNone ?? '',
        ]),
      ),
    )
  if (leftOut.length === 0) return blocks
  blocks.push(heading(3, input.all ? 'Left out' : 'Left out, by reason (each model with --all)'))
  blocks.push(
    input.all
      ? list(leftOut.map((model) => `${model.id}: ${model.reasons.join('; ')}`))
      : reasonTable(leftOut),
  )
  return blocks
}

/** Reasons with how many models each turned away; a model may have several. */
function reasonTable(leftOut: Plan['models']['leftOut']): Block {
  const counts = new Map<string, number>()
  for (const { reasons } of leftOut) {
    for (const reason of reasons) {
      const kind = reason
        .replace(/^[\d.]+[BM] parameters make it an (\w+).*/, 'is an $1')
        .replace(/^scores [\d.]+ on/, 'scores too low on')
        .replace(/ only after.*/, '')
        .replace(/^(its context is) .*/, '$1 too short')
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
    }
  }
  const rows = [...counts].sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]))
  const shown = rows.slice(0, shownReasons).map(([reason, count]) => [String(count), reason])
  if (rows.length > shownReasons) shown.push(['', `and ${rows.length - shownReasons} more reasons`])
  return table([right('models'), left('reason')], shown)
}

function searchBlocks(plan: Plan, input: { all: boolean }): Block[] {
  const { search } = plan
  const count = (value: number, one: string, many = `${one}s`) =>
    `${formatNumber(value)} ${value === 1 ? one : many}`
  const rows: [string, string][] = [
    [
      'searched',
      `${count(search.candidates, 'candidate')}: ${[
        count(search.models, 'model'),
        count(search.weightFormats, 'weight format'),
        count(search.kvFormats, 'KV format'),
        count(search.accelerators, 'accelerator'),
        count(search.servers, 'machine'),
        count(search.engines, 'engine'),
        count(search.places, 'place'),
      ].join(', ')}`,
    ],
    [
      'fit',
      `${count(search.feasibleCandidates, 'candidate')}; with their prices ${count(search.feasibleOffers, 'offer')}, ${formatNumber(plan.paretoFrontSize)} of them beaten by no other in cost, carbon, latency and quality together`,
    ],
  ]
  if (search.refused.length > 0)
    rows.push([
      'refused',
      search.refused
        .map(({ constraint, candidates }) => `${formatNumber(candidates)} by ${constraint}`)
        .join(', '),
    ])
  const { notSearched } = search
  const blocks: Block[] = [heading(2, 'Search'), pairs(rows)]
  if (notSearched.length > 0)
    blocks.push(
      heading(3, 'Not searched'),
      list(
        notSearched.map(({ what, why, count: number }) => {
          const many = number > 0 && !/^\d/.test(what) ? `${formatNumber(number)} × ` : ''
          const names = input.all || what.length <= 90 ? what : `${what.slice(0, 80).trimEnd()}…`
          return `${many}${names}: ${why}`
        }),
      ),
    )
  return blocks
}

/** Options with a role, next for one, or best of a kind of place; all with --all. */
function shownOptions(plan: Plan, input: { all: boolean }): PlanOption[] {
  if (input.all) return [...plan.options]
  const ids = new Set([
    ...Object.values(plan.roles),
    ...plan.sideBySide.map((entry) => entry.optionId),
    ...plan.options.flatMap((option) => option.nearly.map((entry) => entry.optionId)),
  ])
  return plan.options.filter((option) => ids.has(option.id) || option.rank <= 3)
}

export function shortlistBlocks(plan: Plan, input: { all: boolean }): Block[] {
  const { currency } = plan.finance
  const benchmark = plan.qualityBenchmark
  const options = shownOptions(plan, input)
  const brief = { interval: false, boundMark: '?' } as const
  const bounds = options.some((option) => option.latency?.endToEnd.p95.basis === 'bound')
  const rest = plan.options.length - options.length
  return [
    heading(2, 'Shortlist'),
    table(
      [
        right('#'),
        left('role'),
        left('model'),
        left('hardware'),
        left('where'),
        right(`${currency.code}/month`),
        right('last token'),
        right('CO2e/month'),
        ...(benchmark === undefined ? [] : [right(benchmark)]),
      ],
      options.map((option) => [
        String(option.rank),
        option.roles.join(', '),
        modelText(option),
        hardwareText(option),
        placeText(option),
        moneyNumber(option.cost.usdPerMonth.value, currency),
        figureText(option.latency?.endToEnd.p95, brief),
        figureText(option.carbon?.totalGramsPerMonth, brief).replace(' CO2e/month', ''),
        ...(benchmark === undefined ? [] : [qualityText(option, benchmark)]),
      ]),
    ),
    ...(bounds ? [paragraph('? A bound: nothing near was measured, so the speed is no estimate.')] : []),
    ...(rest > 0 ? [paragraph(`${rest} more options are listed with --all and in the JSON.`)] : []),
  ]
}

function qualityText(option: PlanOption, benchmark: string): string {
  const score = option.quality.find((entry) => entry.benchmark === benchmark)?.score
  return score === undefined ? 'unknown' : formatNumber(score.value, 1)
}

const neverWords: Readonly<Record<string, string>> = {
  'running-cost-not-lower': ': running it costs no less',
  'not-within-horizon': ' within the horizon: what it saves a month is too little',
}

const kindNames = {
  'on-prem': 'on-prem',
  colocation: 'colocation',
  cloud: 'cloud',
  api: 'API',
  device: 'device',
} as const

export function sideBySideBlocks(plan: Plan): Block[] {
  const columns = plan.sideBySide.flatMap(({ kind, optionId }) => {
    const option = plan.options.find((entry) => entry.id === optionId)
    return option === undefined ? [] : [{ kind, option }]
  })
  const { currency } = plan.finance
  const money = { currency }
  const brief = { interval: false, currency } as const
  const blocks: Block[] = [heading(2, 'The same workload, each way (the best of each by the score)')]
  if (columns.length > 0) {
    const row = (title: string, of: (option: PlanOption) => string) => [
      title,
      ...columns.map(({ option }) => of(option)),
    ]
    blocks.push(
      table(
        [left(''), ...columns.map(({ kind, option }) => left(`${kindNames[kind]} (#${option.rank})`))],
        [
          row('model', modelText),
          row('machines', (option) => {
            const { deployment, place } = option
            return deployment === undefined
              ? (place.name ?? place.provider ?? '')
              : `${deployment.servers} × ${deployment.server.id}`
          }),
          row('accelerators', ({ deployment }) =>
            deployment === undefined ? '–' : `${deployment.accelerators} × ${deployment.accelerator.id}`,
          ),
          row('per month', ({ cost }) => figureText({ ...cost.usdPerMonth, unit: 'USD' }, money)),
          row('over the horizon', ({ cost }) => figureText(cost.totalUsd, money)),
          row('on the first day', ({ cost }) => figureText(cost.upfrontUsd, brief)),
          row('per million tokens', ({ cost }) =>
            figureText({ ...cost.blendedUsdPerMillionTokens, unit: 'USD' }, money),
          ),
          row('first token p95', ({ latency }) => figureText(latency?.ttft.p95)),
          row('last token p95', ({ latency }) => figureText(latency?.endToEnd.p95)),
          row('energy', ({ energy }) =>
            figureText(energy?.kilowattHoursPerMonth ?? energy?.itKilowattHoursPerMonth, brief),
          ),
          row('carbon', ({ carbon }) => figureText(carbon?.totalGramsPerMonth, brief)),
          row('water', ({ water }) => figureText(water?.totalLitresPerMonth, brief)),
        ],
      ),
    )
  }
  const reasons = new Map<string, string[]>()
  for (const { kind, whyNone } of plan.sideBySide)
    if (whyNone !== undefined) reasons.set(whyNone, [...(reasons.get(whyNone) ?? []), kindNames[kind]])
  const remarks = [...reasons].map(([why, kinds]) => `${kinds.join(', ')}: none, ${why}.`)
  const kindOf = new Map(columns.map(({ kind, option }) => [option.id, kindNames[kind]]))
  for (const entry of plan.breakEvens) {
    const mine = kindOf.get(entry.optionId)
    const other = kindOf.get(entry.versusOptionId)
    if (mine === undefined || other === undefined) continue
    remarks.push(
      entry.outcome === 'at'
        ? `${mine} has earned its purchase back against ${other} after ${formatSignificant(entry.months ?? 0)} months.`
        : entry.outcome === 'from-start'
          ? `${mine} is cheaper than ${other} from the first day.`
          : `${mine} never breaks even against ${other}${neverWords[entry.because ?? ''] ?? ''}.`,
    )
  }
  if (remarks.length > 0) blocks.push(list(remarks))
  return blocks
}

function infeasibleBlocks(infeasible: PlanInfeasible): Block[] {
  const blocks: Block[] = []
  if (infeasible.binding.length > 0)
    blocks.push(
      heading(2, 'What stands in the way'),
      table(
        [left('limit'), right('candidates refused'), right('by it alone')],
        infeasible.binding.map((entry) => [
          entry.message,
          formatNumber(entry.refusedCandidates),
          formatNumber(entry.refusedAlone),
        ]),
      ),
    )
  if (infeasible.closest.length > 0)
    blocks.push(heading(2, 'What comes closest'), list(closestTexts(infeasible)))
  blocks.push(
    heading(2, 'What would make it fit'),
    infeasible.relaxations.length === 0
      ? paragraph('No single limit is enough: several must give way, or another model or machine be allowed.')
      : list(
          infeasible.relaxations.map(
            (entry) =>
              `${[entry, ...(entry.alsoNeeded ?? [])].map(({ field }) => field).join(' + ')}: ${entry.message}`,
          ),
        ),
  )
  return blocks
}

/** The same model on the same accelerators misses by the same in many machines: one line says it. */
function closestTexts(infeasible: PlanInfeasible): string[] {
  const groups = new Map<string, { text: string; others: number }>()
  for (const { label, misses } of infeasible.closest) {
    const missed = misses.map(missText).join('; ')
    const key = `${label.split(' in ').slice(0, -1).join(' in ')}: ${missed}`
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { text: `${label}: ${missed}`, others: 0 })
    else known.others += 1
  }
  return [...groups.values()].map(
    ({ text, others }) =>
      `${text}${others === 0 ? '' : `; the same in ${others} other ${others === 1 ? 'machine' : 'machines'}`}`,
  )
}

/** "time to the first token: 17.6 s, at most 2 s allowed" */
function missText(miss: PlanInfeasible['closest'][number]['misses'][number]): string {
  const [words = ''] = miss.message.split(':')
  const { has, needed, unit } = miss
  if (has === undefined) return `${words}: unknown`
  const amount = (value: number) => (unit === 'byte' ? formatBytesBinary(value) : amountText(value, unit))
  if (needed === undefined) return `${words}: ${amount(has)}`
  if (amount(has) === amount(needed))
    return `${words}: ${amount(has)}, ${amount(Math.abs(has - needed))} more than allowed`
  return `${words}: ${amount(has)}, at most ${amount(needed)} allowed`
}
