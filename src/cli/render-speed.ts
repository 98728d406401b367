import {
  formatNumber,
  formatPercent,
  formatSeconds,
  formatSignificant,
  formatTokens,
} from '../foundation/format.ts'
import type { Phase, SpeedFigure } from '../planner/speed.ts'
import { layoutText, renderNotes } from './render-memory.ts'
import type { OpenReport, SpeedReport } from './run-speed.ts'
import { textPairs, textTable } from './text-table.ts'

export function renderSpeed(report: SpeedReport): string {
  const { query, answer } = report
  const sections = [
    `${query.model.name} on ${answer.devices} × ${query.accelerator.name}, ${layoutText(query.layout)}\n` +
      `${query.weightFormat.id} weights · ${query.kvFormat.id} KV cache · ${query.engine} · ` +
      `${formatTokens(query.inputTokens)} tokens in, ${formatTokens(query.outputTokens)} out, ${formatNumber(query.concurrency)} in flight\n`,
  ]
  if (answer.status === 'bound')
    sections.push('BOUNDS, not estimates: no engine is faster than this (see the notes).\n')
  sections.push(figuresTable(report), phasesTable(report))
  sections.push(
    textPairs([
      [
        'running at once',
        `${formatSignificant(answer.runningSequences)} sequences; the KV memory holds ${formatNumber(answer.sequencesInMemory)} of this length`,
      ],
      ['decode is bound by', boundText(answer.decode)],
      ['prefill is bound by', boundText(answer.prefill)],
    ]),
  )
  if (report.open !== undefined) sections.push(openTable(report.open))
  if (report.notes.length > 0) sections.push(renderNotes(report.notes))
  return sections.join('\n')
}

function figuresTable(report: SpeedReport): string {
  const { answer } = report
  const bound = answer.status === 'bound'
  const time = (title: string, figure: SpeedFigure) => row(title, figure, formatSeconds)
  const rate = (title: string, figure: SpeedFigure) => row(title, figure, (value) => formatSignificant(value))
  const per = (figure: SpeedFigure, count: number): SpeedFigure => ({
    value: figure.value / count,
    low: figure.low === undefined ? undefined : figure.low / count,
    high: figure.high === undefined ? undefined : figure.high / count,
  })
  return textTable(
    [
      { title: 'figure' },
      { title: bound ? 'bound' : 'estimate', align: 'right' },
      { title: '80 % interval', align: 'right' },
    ],
    [
      time('time to first token', answer.ttftSeconds),
      time('time per output token', answer.tpotSeconds),
      time('end to end', answer.endToEndSeconds),
      rate('output tokens/s', answer.outputTokensPerSecond),
      rate('output tokens/s per accelerator', per(answer.outputTokensPerSecond, answer.devices)),
      rate('total tokens/s', answer.totalTokensPerSecond),
      rate('total tokens/s per accelerator', per(answer.totalTokensPerSecond, answer.devices)),
      rate('requests/s', answer.requestsPerSecond),
    ],
  )
}

function row(title: string, figure: SpeedFigure, format: (value: number) => string): string[] {
  const interval =
    figure.low === undefined || figure.high === undefined
      ? '–'
      : `${format(figure.low)} to ${format(figure.high)}`
  return [title, format(figure.value), interval]
}

function phasesTable(report: SpeedReport): string {
  const { prefill, decode } = report.answer
  const parts = [
    ['streaming weights', 'weightsSeconds'],
    ['reading the KV cache', 'cacheSeconds'],
    ['compute', 'computeSeconds'],
    ['communication', 'communicationSeconds'],
    ['launch and host', 'latencySeconds'],
  ] as const
  return textTable(
    [
      { title: 'where the time goes' },
      { title: 'prefill of one prompt', align: 'right' },
      { title: 'one decode step', align: 'right' },
    ],
    [
      ...parts.map(([title, key]) => [
        title,
        formatSeconds(prefill.breakdown[key]),
        formatSeconds(decode.breakdown[key]),
      ]),
      ['together', formatSeconds(prefill.seconds), formatSeconds(decode.seconds)],
    ],
  )
}

function boundText(phase: Phase): string {
  const names = {
    weights: 'memory (weights)',
    cache: 'memory (KV cache)',
    compute: 'compute',
    communication: 'communication',
    latency: 'launch and host time',
  }
  return `${names[phase.boundBy]}, ${formatPercent(phase.boundShare)} of the time`
}

function openTable(open: OpenReport): string {
  const title = `Open loop: ${formatSignificant(open.ratePerSecond)} requests/s, ${open.burstiness === 1 ? 'Poisson' : `coefficient of variation ${open.burstiness}`}; the replica sustains ${formatSignificant(open.capacityPerSecond)} requests/s`
  const { latency } = open
  if (latency === undefined) return `${title}\nAbove capacity: the queue grows for ever.\n`
  const line = (name: string, quantiles: { mean: number; p50: number; p95: number; p99: number }) => [
    name,
    ...[quantiles.mean, quantiles.p50, quantiles.p95, quantiles.p99].map(formatSeconds),
  ]
  const columns = ['latency', 'mean', 'p50', 'p95', 'p99'].map((name, index) => ({
    title: name,
    align: index === 0 ? ('left' as const) : ('right' as const),
  }))
  return `${title}\n${textTable(columns, [line('time to first token', latency.ttftSeconds), line('end to end', latency.endToEndSeconds)])}`
}
