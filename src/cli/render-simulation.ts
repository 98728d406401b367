import {
  formatBytesDecimal,
  formatNumber,
  formatPercent,
  formatSeconds,
  formatSignificant,
} from '../foundation/format.ts'
import type { Distribution } from '../simulation/summary.ts'
import { lengthVariation } from '../simulation/traffic.ts'
import { layoutText, renderNotes } from './render-memory.ts'
import type { SimulationReport } from './run-simulate.ts'
import { textPairs, textTable } from './text-table.ts'

export function renderSimulation(report: SimulationReport): string {
  const { query, answer, summary } = report
  const sections = [
    `${query.model.name} on ${deviceText(report)} × ${query.accelerator.name}, ${layoutText(query.layout)}\n` +
      `${query.weightFormat.id} weights · ${query.kvFormat.id} KV cache · ${query.engine} · ${trafficText(report)}\n`,
  ]
  if (answer.status === 'bound')
    sections.push('BOUNDS, not estimates: no engine is faster than this (see the notes).\n')
  sections.push(latencyTable(report))
  if (report.pools !== undefined) sections.push(poolSection(report.pools))
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

function deviceText(report: SimulationReport): string {
  const { answer, replicas, query } = report
  const { disaggregation: apart } = query
  if (apart === undefined) return `${replicas === 1 ? '' : `${replicas} replicas of `}${answer.devices}`
  const pools = `${apart.prefillReplicas} prefill and ${apart.decodeReplicas} decode replicas`
  return `${pools} of ${answer.devices / (apart.prefillReplicas + apart.decodeReplicas)}`
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

const line = (name: string, of: Distribution) => [
  name,
  ...[of.mean, of.p50, of.p90, of.p95, of.p99, of.max].map(formatSeconds),
]

const latencyColumns = (title: string) =>
  [title, 'mean', 'p50', 'p90', 'p95', 'p99', 'max'].map((name, index) => ({
    title: name,
    align: index === 0 ? ('left' as const) : ('right' as const),
  }))

/** What each pool and the link between them adds to a request's time. */
function poolSection(pools: NonNullable<SimulationReport['pools']>): string {
  const { prefillPool, decodePool, handOver } = pools.summary
  const { capacity } = pools
  const rows = [line('prefill pool: until the first token', prefillPool.secondsInPool)]
  if (handOver.transferSeconds.max >= 0) {
    rows.push(
      line('wait for room in the decode pool', handOver.roomWaitSeconds),
      line('wait for the link', handOver.linkWaitSeconds),
      line('transfer of the cache', handOver.transferSeconds),
      line('decode pool: until the last token', decodePool.secondsInPool),
      line('decode pool: time per output token', decodePool.tpotSeconds),
    )
  }
  const work = (pool: typeof prefillPool | typeof decodePool) =>
    `${formatPercent(pool.busyFraction)} of the time with a step running; ${formatSignificant(pool.meanRunningSequences)} sequences running, ${formatSignificant(pool.meanWaitingRequests)} waiting, mean`
  const most = (perSecond: number) => `at most ${formatSignificant(perSecond)} requests/s`
  return `${textTable(latencyColumns('part of the way'), rows)}\n${textPairs([
    [
      'prefill pool',
      `${prefillPool.replicas} replicas, ${most(capacity.prefillPerSecond)}; ${work(prefillPool)}`,
    ],
    [
      'link',
      `${most(capacity.transferPerSecond)}${handOver.meanBytes >= 0 ? `; ${formatBytesDecimal(handOver.meanBytes)} per request` : ''}`,
    ],
    [
      'decode pool',
      `${decodePool.replicas} replicas, ${most(capacity.decodePerSecond)}; ${work(decodePool)}`,
    ],
  ])}`
}

function latencyTable(report: SimulationReport): string {
  const { summary, approximation } = report
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
  return textTable(latencyColumns('latency'), rows)
}
