import {
  formatBytesBinary,
  formatBytesDecimal,
  formatNumber,
  formatParameters,
  formatSeconds,
  formatSignificant,
  formatTokens,
} from '../foundation/format.ts'
import type { Note } from '../foundation/notes.ts'
import { giga } from '../foundation/units.ts'
import type { LeftOutModel } from '../planner/model-selection.ts'
import type { MemoryAnswerOfScenario, MemoryOption } from '../planner/plan-memory.ts'
import type { QualityScore } from '../planner/quality.ts'
import { layoutText, renderNotes } from './render-memory.ts'
import { textPairs, textTable, wrapped } from './text-table.ts'

const shownOptions = 12
const shownReasons = 10

/** The answer for a terminal. `all` lists every option and every model left out. */
export function renderPlan(answer: MemoryAnswerOfScenario, input: { all: boolean }): string {
  const { resolved, workload } = answer
  const sections = [`${resolved.scenario.name}\n${'═'.repeat(resolved.scenario.name.length)}\n`]
  sections.push(`Demand\n${textPairs(demandPairs(answer), '  ')}`)
  sections.push(renderModels(answer, input))
  sections.push(answer.options.length === 0 ? renderNothing(answer) : renderOptions(answer, input))
  const notes: Note[] = [...answer.notes]
  if (workload.concurrencyBasis === 'given')
    notes.push({
      code: 'concurrency-given',
      level: 'information',
      about: 'demand.concurrency',
      message: 'the concurrency is the scenario’s own',
    })
  sections.push(renderNotes(notes))
  return sections.join('\n')
}

function demandPairs(answer: MemoryAnswerOfScenario): [string, string][] {
  const { resolved, workload, contextTokens } = answer
  const bound =
    workload.concurrencyBasis === 'bound-from-targets' ? ' (a bound from the latency targets)' : ''
  return [
    [
      'peak rate',
      `${formatSignificant(workload.peakRequestsPerSecond)} requests/s, ${formatSignificant(workload.averageRequestsPerSecond)} on average over ${resolved.demand.workingHoursPerDay} h a day`,
    ],
    [
      'a month',
      `${formatNumber(workload.requestsPerMonth)} requests, ${formatSignificant(workload.inputTokensPerMonth / 1e6)} M input and ${formatSignificant(workload.outputTokensPerMonth / 1e6)} M output tokens`,
    ],
    [
      'lengths',
      `input ${formatTokens(resolved.input.mean)} tokens (p95 ${formatTokens(resolved.input.p95)}), output ${formatTokens(resolved.output.mean)} (p95 ${formatTokens(resolved.output.p95)})`,
    ],
    [
      'targets',
      `first token ${formatSeconds(resolved.targets.ttftSeconds)}, each further token ${formatSeconds(resolved.targets.tpotSeconds)}`,
    ],
    [
      'in flight at the peak',
      `${formatNumber(workload.peakConcurrency)} requests${bound}, memory sized for ${formatNumber(contextTokens)} tokens each`,
    ],
  ]
}

function renderModels(answer: MemoryAnswerOfScenario, input: { all: boolean }): string {
  const { kept, leftOut } = answer
  const lines = [`Models: ${kept.length} of ${kept.length + leftOut.length} qualify`]
  const benchmarks = kept[0]?.scores.map((score) => score.benchmark) ?? []
  if (kept.length > 0) {
    lines.push(
      textTable(
        [
          { title: 'model' },
          { title: 'class' },
          { title: 'parameters', align: 'right' },
          { title: 'context', align: 'right' },
          { title: 'licence' },
          ...benchmarks.map((title) => ({ title, align: 'right' as const })),
        ],
        kept.map((model) => [
          model.model.id,
          model.class.toUpperCase(),
          formatParameters(model.model.parameters_total_b * giga),
          formatTokens(model.model.max_context_tokens ?? Number.NaN),
          model.licenceClass ?? 'unknown',
          ...model.scores.map((score) =>
            score.score === undefined ? 'unknown' : formatNumber(score.score, 1),
          ),
        ]),
      ),
    )
  }
  lines.push(input.all ? leftOutTable(leftOut) : leftOutSummary(leftOut))
  return lines.join('\n')
}

/** Reasons with how many models each turned away; a model may have several. */
function leftOutSummary(leftOut: readonly LeftOutModel[]): string {
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
  const rows = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  const shown = rows
    .slice(0, shownReasons)
    .map(([reason, count]) => `  ${String(count).padStart(4)}  ${reason}`)
  if (rows.length > shownReasons) shown.push(`        … and ${rows.length - shownReasons} more reasons`)
  return `Left out, by reason (each model with --all)\n${shown.join('\n')}\n`
}

function leftOutTable(leftOut: readonly LeftOutModel[]): string {
  return `Left out\n${leftOut.map((entry) => wrapped(`  ${entry.model.id}: ${entry.reasons.join('; ')}`, { columns: 110, indent: '      ' })).join('\n')}\n`
}

function scoreText(score: QualityScore): string {
  return score.adjusted === undefined ? 'unknown' : formatNumber(score.adjusted.mid, 1)
}

function renderOptions(answer: MemoryAnswerOfScenario, input: { all: boolean }): string {
  const shown = input.all ? answer.options : smallestPerModel(answer.options).slice(0, shownOptions)
  const benchmarks = answer.options[0]?.scores.map((score) => score.benchmark) ?? []
  const table = textTable(
    [
      { title: 'model' },
      { title: 'weights' },
      ...benchmarks.map((title) => ({ title: `${title} after format`, align: 'right' as const })),
      { title: 'accelerators' },
      { title: 'layout' },
      { title: 'replicas', align: 'right' },
      { title: 'machine' },
      { title: 'free per device', align: 'right' },
      { title: 'load from disk', align: 'right' },
      { title: '' },
    ],
    shown.map((option) => [
      option.model.model.id,
      option.weightFormat.id,
      ...option.scores.map(scoreText),
      `${option.accelerators} × ${option.holding.accelerator.id}`,
      layoutText(option.holding.layout),
      String(option.replicas),
      `${option.servers} × ${option.server}`,
      formatBytesBinary(option.sizing.plan.freeBytes),
      formatSeconds(option.storage.loadFromDiskSeconds),
      option.bound ? 'bound' : '',
    ]),
  )
  const first = answer.options[0]
  const storage = first === undefined ? '' : storageText(first)
  const title = input.all
    ? 'What holds it, smallest first'
    : 'What holds it: the smallest for each model and format'
  const more = input.all
    ? ''
    : `${answer.options.length} combinations hold it; all of them with --all or --json\n`
  return `${title}\n${table}${more}\n${storage}`
}

/** The smallest option of each model and format, in the order of the whole list. */
function smallestPerModel(options: readonly MemoryOption[]): MemoryOption[] {
  const seen = new Set<string>()
  return options.filter((option) => {
    const key = `${option.model.model.id} ${option.weightFormat.id}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

function storageText(option: MemoryOption): string {
  const { storage } = option
  return `Storage for ${option.model.model.id} in ${option.weightFormat.id}\n${textPairs(
    [
      [
        'weights',
        `${formatBytesDecimal(storage.weightBytes)} a version, ${formatBytesDecimal(storage.versionsBytes)} for those kept`,
      ],
      ['adapters', formatBytesDecimal(storage.adapterBytes)],
      ['requests and answers kept', formatBytesDecimal(storage.logBytes)],
      ['in all', formatBytesDecimal(storage.totalBytes)],
      [
        'to load a model',
        `${formatSeconds(storage.loadFromDiskSeconds)} from disk, ${formatSeconds(storage.loadFromNetworkSeconds)} over the network, at least`,
      ],
    ],
    '  ',
  )}`
}

function renderNothing(answer: MemoryAnswerOfScenario): string {
  const reasons = new Map<string, number>()
  for (const entry of answer.unplaced) reasons.set(entry.reason, (reasons.get(entry.reason) ?? 0) + 1)
  const lines = [...reasons].map(([reason, count]) => `  ${count} × ${reason}`)
  if (answer.kept.length === 0)
    lines.push('  no model meets every wish; the reasons above say which wish turned most away')
  return `Nothing fits\n${lines.join('\n')}\n`
}
