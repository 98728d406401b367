import {
  formatBytesBinary,
  formatNumber,
  formatPercent,
  formatSignificant,
  formatTokens,
} from '../foundation/format.ts'
import type { PlanOption, PlanPercentiles } from '../planner/plan-option-types.ts'
import type { Plan } from '../planner/plan-types.ts'
import { costTable, materialTable } from './bill-blocks.ts'
import { type Block, heading, list, pairs } from './document.ts'
import { figureText, moneyNumber, moneyText, plainNumber } from './figure-text.ts'
import { phaseText } from './phase-text.ts'
import { layoutText } from './render-memory.ts'
import { optionWorkloadBlocks } from './workload-blocks.ts'

/** An option on one line of a table: machines, or the API. */
export function hardwareText(option: PlanOption): string {
  const { deployment } = option
  if (deployment === undefined) return 'API'
  return `${deployment.accelerators} × ${deployment.accelerator.id}`
}

export function placeText(option: PlanOption): string {
  const { place } = option
  const where = place.kind === 'cloud' ? [place.provider, place.region] : [place.placeId, place.quote]
  const parts = [place.kind, ...where.filter((part) => part !== undefined && part !== 'world')]
  return place.kind === 'api' ? `api ${place.provider ?? ''}`.trim() : parts.join(' ')
}

export function modelText(option: PlanOption): string {
  return option.model.weightFormat === undefined
    ? option.model.id
    : `${option.model.id} ${option.model.weightFormat}`
}

/** Everything about one option that a person needs to act on it. */
export function optionBlocks(
  option: PlanOption,
  plan: Plan,
  input: { all: boolean; marks: (about: string) => string },
): Block[] {
  const { currency } = plan.finance
  const roles = option.roles.length === 0 ? 'option' : option.roles.join(', ')
  const blocks: Block[] = [
    heading(2, `Option ${option.rank} (${roles}): ${option.model.name}`),
    pairs([...deploymentPairs(option, input.marks), ...servingPairs(option), ...footprintPairs(option)]),
    pairs(costPairs(option, plan)),
    ...optionWorkloadBlocks(option, plan),
  ]
  if (option.billOfMaterials.length > 0)
    blocks.push(heading(3, 'Bill of materials'), materialTable(option, currency))
  if (input.all) blocks.push(heading(3, 'Cost lines over the horizon'), costTable(option, currency))
  blocks.push(...reasonBlocks(option, plan))
  return blocks
}

function deploymentPairs(option: PlanOption, marks: (about: string) => string): [string, string][] {
  const { deployment, model, place } = option
  if (deployment === undefined)
    return [['what', `${option.label}; price basis: ${place.priceBasis}`], ...unknownPairs(option)]
  const { server, accelerator, layout } = deployment
  const phases = phaseText(option)
  const idle = deployment.acceleratorsIdle === 0 ? '' : `, ${deployment.acceleratorsIdle} of them idle`
  const spare =
    deployment.spareReplicas === 0
      ? ''
      : ` and ${deployment.spareReplicas} more on spare or partly used machines`
  return [
    [
      'model',
      `${model.name}, ${model.weightFormat} weights, ${model.kvFormat} KV cache, on ${deployment.engine}`,
    ],
    [
      'machines',
      `${deployment.servers} × ${server.name}, each with ${server.acceleratorsPerServer} × ${accelerator.name} (${deployment.accelerators} ${deployment.accelerators === 1 ? 'accelerator' : 'accelerators'}${idle}) at ${deployment.sites === 1 ? 'one site' : `${deployment.sites} sites`}${marks(server.id)}`,
    ],
    ...(phases === undefined ? [] : [['when', phases] satisfies [string, string]]),
    [
      'where',
      `${joined(place.kind, place.placeId === 'world' ? undefined : (place.name ?? place.region))}; ${joined(place.priceBasis, place.quote, place.quote && place.provider)}${marks(place.placeId ?? '')}`,
    ],
    [
      'replicas',
      `${deployment.replicasNeeded} for the peak${spare}; each spans ${deployment.acceleratorsPerReplica} ${deployment.acceleratorsPerReplica === 1 ? 'accelerator' : 'accelerators'} (${layoutText(layout)})`,
    ],
    ...unknownPairs(option),
  ]
}

const joined = (...parts: readonly (string | undefined)[]) =>
  parts.filter((part) => part !== undefined).join(', ')

function unknownPairs(option: PlanOption): [string, string][] {
  return option.unknown.map(({ what, why }) => ['unknown', `${what}: ${why}`])
}

function servingPairs(option: PlanOption): [string, string][] {
  const { capacity, latency, memory, evidence } = option
  const rows: [string, string][] = []
  if (capacity !== undefined)
    rows.push(
      [
        'capacity',
        `${figureText(capacity.requestsPerSecond)} at the targets, ${figureText(capacity.outputTokensPerSecond)}; one replica ${figureText(capacity.requestsPerSecondPerReplica)}`,
      ],
      [
        'headroom',
        `${formatPercent(capacity.headroomFraction)} free at the peak, ${formatPercent(1 - capacity.utilisationAverageFraction)} on average; the next replica is due at ${formatSignificant(capacity.peakRequestsPerSecondBeforeNextReplica)} requests/s`,
      ],
    )
  if (latency !== undefined)
    rows.push(
      ['first token', percentileText(latency.ttft)],
      ['each token', percentileText(latency.tpot)],
      ['last token', percentileText(latency.endToEnd)],
      ['bound by', `${latency.prefillBound} in prefill, ${latency.decodeBound} in decode`],
    )
  if (evidence !== undefined) rows.push(['evidence', evidenceText(evidence)])
  if (memory !== undefined)
    rows.push([
      'memory',
      `${formatBytesBinary(memory.usableBytes - memory.freeBytes)} of ${formatBytesBinary(memory.usableBytes)} per accelerator; longest context ${formatTokens(memory.longestContextTokens)} tokens`,
    ])
  for (const score of option.quality) {
    if (score.score === undefined && score.published === undefined) continue
    const published =
      score.published === undefined
        ? ''
        : `; ${formatSignificant(score.published)} published by ${score.evaluator ?? 'unknown'}${score.setting === undefined || score.setting === 'unstated' ? '' : `, ${score.setting}`}`
    rows.push(['quality', `${score.benchmark} ${pointsText(score.score, score.unit)}${published}`])
  }
  return rows
}

function pointsText(score: PlanOption['quality'][number]['score'], unit: string): string {
  if (score === undefined) return 'unknown'
  const of = unit === 'percent' ? '' : ` ${unit.replaceAll('-', ' ')}`
  return figureText({ ...score, unit: '' }) + of
}

function percentileText(percentiles: PlanPercentiles): string {
  const { p50, p95, p99 } = percentiles
  const brief = { interval: false, boundMark: '' } as const
  if (new Set([p50, p95, p99].map((figure) => figureText(figure, brief))).size === 1)
    return `${figureText(p95)} at p50, p95 and p99`
  return `p95 ${figureText(p95)}; p50 ${figureText(p50, brief)}, p99 ${figureText(p99, brief)}`
}

function evidenceText(evidence: NonNullable<PlanOption['evidence']>): string {
  const { nearest } = evidence
  if (nearest === undefined) return evidence.message
  return `${evidence.message}; nearest: ${nearest.modelId} in ${nearest.precision} on ${nearest.acceleratorId} with ${nearest.engine} (${nearest.runs} ${nearest.runs === 1 ? 'run' : 'runs'})`
}

function footprintPairs(option: PlanOption): [string, string][] {
  const { energy, carbon, water, site } = option
  const rows: [string, string][] = []
  if (energy !== undefined)
    rows.push([
      'energy',
      `${figureText(energy.kilowattHoursPerMonth ?? energy.itKilowattHoursPerMonth)}${energy.kilowattHoursPerMonth === undefined ? ' of the machines' : ' at the meter'}; machines draw ${figureText(energy.averageWatts)} on average, ${figureText(energy.peakWatts, { interval: false })} at the peak; ${figureText(energy.joulesPerOutputToken, { interval: false })}`,
    ])
  if (site !== undefined)
    rows.push([
      'room',
      `${figureText(site.nameplateWatts)} to provide${site.rackUnits === undefined ? '' : `, ${formatNumber(site.rackUnits)} U in ${site.racks} ${site.racks === 1 ? 'rack' : 'racks'}`}, ${formatNumber(site.heatBtuPerHour)} BTU/h of heat${site.cooling === undefined ? '' : `, ${site.cooling} cooling`}, PUE ${formatSignificant(site.pueRatio)}`,
    ])
  if (carbon !== undefined)
    rows.push([
      'carbon',
      `${figureText(carbon.totalGramsPerMonth)}: ${figureText(carbon.locationGramsPerMonth, { interval: false })} of the grid, ${figureText(carbon.embodiedGramsPerMonth, { interval: false })} of making the hardware${carbon.sciGramsPerRequest === undefined ? '' : `; ${figureText(carbon.sciGramsPerRequest, { interval: false })}`}`,
    ])
  if (water !== undefined)
    rows.push([
      'water',
      `${figureText(water.totalLitresPerMonth)}: ${figureText(water.onSiteLitresPerMonth, { interval: false })} on site, ${figureText(water.offSiteLitresPerMonth, { interval: false })} at power plants`,
    ])
  return rows
}

function costPairs(option: PlanOption, plan: Plan): [string, string][] {
  const { cost } = option
  const { currency, horizonMonths } = plan.finance
  const money = (figure: Parameters<typeof figureText>[0]) => figureText(figure, { currency })
  const split =
    cost.inputUsdPerMillionTokens === undefined || cost.outputUsdPerMillionTokens === undefined
      ? ''
      : `; input ${money({ ...cost.inputUsdPerMillionTokens, unit: 'USD' })}, output ${money({ ...cost.outputUsdPerMillionTokens, unit: 'USD' })}`
  return [
    [
      'cost',
      `${money(cost.usdPerMonth)}; ${money(cost.totalUsd)} over ${formatNumber(horizonMonths)} months, ${money(cost.netPresentUsd)} discounted; ${figureText(cost.upfrontUsd, { currency, interval: false })} on the first day${cost.purchasesUsd === undefined ? '' : `, ${money(cost.purchasesUsd)} for all purchases`}`,
    ],
    ['per million tokens', `${money({ ...cost.blendedUsdPerMillionTokens, unit: 'USD' })} blended${split}`],
    [
      'per use',
      `${money(cost.usdPer1000Requests)}${cost.usdPerUserMonth === undefined ? '' : `; ${money(cost.usdPerUserMonth)}`}`,
    ],
    [
      'made of',
      cost.byCategory
        .filter(({ usd }) => Math.abs(usd) >= 0.005 * Math.abs(cost.totalUsd.value))
        .sort((a, b) => Math.abs(b.usd) - Math.abs(a.usd))
        .map(({ category, usd }) => `${category} ${moneyNumber(usd, currency)}`)
        .join(', '),
    ],
  ]
}

/** "#2 to #5, #9" */
function rankText(ranks: readonly number[]): string {
  const runs: [first: number, last: number][] = []
  for (const rank of [...ranks].sort((a, b) => a - b)) {
    const run = runs.at(-1)
    if (run !== undefined && run[1] === rank - 1) run[1] = rank
    else runs.push([rank, rank])
  }
  return runs
    .map(([first, last]) =>
      last - first > 1 ? `#${first} to #${last}` : last > first ? `#${first}, #${last}` : `#${first}`,
    )
    .join(', ')
}

function reasonBlocks(option: PlanOption, plan: Plan): Block[] {
  const { currency } = plan.finance
  const blocks: Block[] = []
  const missing = option.constraints.filter((check) => check.status !== 'met')
  const met = option.constraints.length - missing.length
  blocks.push(
    heading(3, 'Why'),
    list([
      ...option.why,
      `${met} of ${option.constraints.length} limits are met${missing.length === 0 ? '' : `; ${missing.map((check) => `${check.constraint} is ${check.status}`).join(', ')}`}.`,
    ]),
  )
  const ties = option.tiedWith
    .map((id) => plan.options.find((other) => other.id === id)?.rank)
    .filter((rank) => rank !== undefined)
  const nearly = option.nearly.map(
    ({ role, label, message, tie }) => `${role}: ${label} ${message}${tie ? ', a tie' : ''}`,
  )
  if (ties.length > 0)
    nearly.push(
      `Tied in cost with ${rankText(ties)}: under the same draws of what is uncertain neither is cheaper in nine of ten.`,
    )
  if (option.cheaperThanFirstFraction !== undefined)
    nearly.push(`Costs less than #1 in ${formatPercent(option.cheaperThanFirstFraction)} of the draws.`)
  if (nearly.length > 0) blocks.push(heading(3, 'What nearly won'), list(nearly))
  const levers = option.wouldChange.map((lever) => `${lever.field}: ${lever.message}`)
  const widest = option.sensitivity
    .filter((bar) => bar.usdAtLow !== bar.usdAtHigh)
    .slice(0, 3)
    .map((bar) => {
      const range = `from ${plainNumber(bar.low)} to ${plainNumber(bar.high)}${bar.unit === '' ? '' : ` ${bar.unit}`}`
      return `${bar.label} ${range} moves the total from ${moneyText(bar.usdAtLow, currency)} to ${moneyText(bar.usdAtHigh, currency)}.`
    })
  if (levers.length + widest.length > 0)
    blocks.push(heading(3, 'What would change the answer'), list([...levers, ...widest]))
  return blocks
}
