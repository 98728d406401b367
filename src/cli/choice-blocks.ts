import { formatNumber, formatSignificant } from '../foundation/format.ts'
import type { PlanOption } from '../planner/plan-option-types.ts'
import type { Plan } from '../planner/plan-types.ts'
import { type Block, heading, left, list, paragraph, right, table } from './document.ts'
import { figureText, moneyNumber } from './figure-text.ts'
import { hardwareText, modelText, placeText } from './option-blocks.ts'

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
  subscription: 'subscription',
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
