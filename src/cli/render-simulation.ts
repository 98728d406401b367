import { formatNumber, formatPercent, formatSeconds, formatSignificant } from '../foundation/format.ts'
import type { Distribution } from '../simulation/summary.ts'
import { lengthVariation } from '../simulation/traffic.ts'
import { layoutText, renderNotes } from './render-memory.ts'
import type { SimulationReport } from './run-simulate.ts'
import { textPairs, textTable } from './text-table.ts'

export function renderSimulation(report: SimulationReport): string {
  const { query, answer, summary, replicas } = report
  const sections = [
    `${query.model.name} on ${replicas === 1 ? '' : `${replicas} replicas of `}${answer.devices} × ${query.accelerator.name}, ${layoutText(query.layout)}\n` +
      `${query.weightFormat.id} weights · ${query.kvFormat.id} KV cache · ${query.engine} · ${trafficText(report)}\n`,
  ]
  if (answer.status === 'bound')
    sections.push('BOUNDS, not estimates: no engine is faster than this (see the notes).\n')
  sections.push(latencyTable(report))
  sections.push(
    textPairs([
      ['requests measured', `${formatNumber(summary.measuredRequests)} (seed ${report.seed})`],
      ['simulated time', formatSeconds(summary.durationSeconds)],
      [
        'throughput',
        `${formatSignificant(summary.requestsPerSecond)} requests/s, ${formatSignificant(summary.outputTokensPerSecond)} output tokens/s; capacity ${formatSignificant(report.capacityPerSecond)} requests/s`,
      ],
      ['time with a step running', formatPercent(summary.busyFraction)],
      ['running at once, mean', `${formatSignificant(summary.meanRunningSequences)} sequences`],
      ['waiting, mean', `${formatSignificant(summary.meanWaitingRequests)} requests`],
      ['preemptions', formatNumber(summary.preemptions)],
    ]),
  )
  if (report.notes.length > 0) sections.push(renderNotes(report.notes))
  return sections.join('\n')
}

function trafficText(report: SimulationReport): string {
  const { traffic, lengths } = report
  const mean = (kind: 'input' | 'output') => formatNumber(lengthVariation(lengths[kind]).mean)
  const tokens = `${mean('input')} tokens in, ${mean('output')} out on average`
  if (traffic.kind === 'trace') return `trace of ${formatNumber(traffic.requests.length)} requests, ${tokens}`
  if (traffic.kind === 'closed') return `${formatNumber(traffic.concurrency)} in flight, ${tokens}`
  const how = traffic.burstiness === 1 ? 'Poisson' : `coefficient of variation ${traffic.burstiness}`
  return `${formatSignificant(traffic.ratePerSecond)} requests/s (${how}), ${tokens}`
}

function latencyTable(report: SimulationReport): string {
  const { summary, approximation } = report
  const line = (name: string, of: Distribution) => [
    name,
    ...[of.mean, of.p50, of.p90, of.p95, of.p99, of.max].map(formatSeconds),
  ]
  const rows = [
    line('time to first token', summary.ttftSeconds),
    line('time per output token', summary.tpotSeconds),
    line('end to end', summary.endToEndSeconds),
  ]
  if (approximation !== undefined) {
    const { ttftSeconds: ttft, endToEndSeconds: all } = approximation
    const fast = (name: string, of: { mean: number; p50: number; p95: number; p99: number }) => [
      `${name}, approximation`,
      formatSeconds(of.mean),
      formatSeconds(of.p50),
      '',
      formatSeconds(of.p95),
      formatSeconds(of.p99),
      '',
    ]
    rows.push(fast('time to first token', ttft), fast('end to end', all))
  }
  const columns = ['latency', 'mean', 'p50', 'p90', 'p95', 'p99', 'max'].map((title, index) => ({
    title,
    align: index === 0 ? ('left' as const) : ('right' as const),
  }))
  return textTable(columns, rows)
}
