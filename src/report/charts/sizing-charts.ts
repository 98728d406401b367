import { gibibyte } from '../../foundation/units.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import { amount, column, numbers, row, table } from '../blocks.ts'
import type { ChartBlock } from '../report-document.ts'
import { type ReportContext, wordOf } from '../sections/context.ts'
import { axis, chartBlock, filled, limitLine, line, plotted } from './config.ts'

/** What fills the memory of the heaviest device, and what is left. */
export function memoryChart(context: ReportContext, option: PlanOption): ChartBlock | undefined {
  const { f, t } = context
  const { memory } = option
  if (memory === undefined) return undefined
  const free = memory.parts.find((part) => part.part === 'free')?.bytes ?? memory.freeBytes
  const parts = [
    ...memory.parts
      .filter((part) => part.bytes > 0 && part.part !== 'free')
      .map((part) => ({ name: wordOf(context, 'memory', part.part), bytes: part.bytes })),
    { name: t('memory.free'), bytes: Math.max(0, free) },
  ]
  return chartBlock({
    context,
    id: 'memory',
    title: t('chart.memory'),
    alt: t('chart.memory.alt', {
      usable: f.memory(memory.usableBytes),
      parts: parts.map((part) => `${part.name} ${f.memory(part.bytes)}`).join(', '),
    }),
    type: 'bar',
    horizontal: true,
    labels: [option.deployment?.accelerator.name ?? option.model.name],
    datasets: parts.map((part, index) => {
      const set = filled(part.name, index, [plotted(part.bytes / gibibyte)])
      return index === parts.length - 1 ? { ...set, backgroundColor: '#ffffff', fillPattern: 'solid' } : set
    }),
    scales: {
      x: axis(t('chart.axis.memory'), { stacked: true, max: plotted(memory.usableBytes / gibibyte) }),
      y: { stacked: true, grid: { display: false } },
    },
    aspectRatio: 4,
    data: table({
      id: 'memory-data',
      caption: t('chart.memory'),
      columns: [
        column('part', t('column.part'), { weight: 3 }),
        numbers('gib', t('column.memory'), 'GiB'),
        numbers('share', t('column.share'), '%'),
      ],
      rows: [
        ...parts.map((part) =>
          row([
            part.name,
            amount(f.number(part.bytes / gibibyte, 1), part.bytes / gibibyte),
            amount(f.percent(part.bytes / memory.usableBytes), (100 * part.bytes) / memory.usableBytes),
          ]),
        ),
        row(
          [
            t('memory.usable'),
            amount(f.number(memory.usableBytes / gibibyte, 1), memory.usableBytes / gibibyte),
            f.percent(1),
          ],
          'total',
        ),
      ],
    }),
  })
}

/** Latency on the way to saturation, with the targets and where the peak stands. */
export function latencyChart(context: ReportContext, option: PlanOption): ChartBlock | undefined {
  const { f, t, plan } = context
  const curve = option.capacity?.curve ?? []
  if (curve.length === 0) return undefined
  const { ttftSeconds, tpotSeconds } = plan.targets
  const peak = plan.workload.peakRequestsPerSecond.value
  const last = curve.at(-1)?.requestsPerSecond ?? peak
  const points = (read: (point: (typeof curve)[number]) => number) =>
    curve.map((point) => ({ x: plotted(point.requestsPerSecond), y: plotted(read(point)) }))
  const ttft = points((point) => point.ttftSecondsP95)
  const tpot = points((point) => point.tpotSecondsP95 * 1000)
  // Both axes are scaled so that their targets lie on one line; beyond 2.5 times a target nothing matters any more.
  const highest = Math.max(
    ...ttft.map(({ y }) => y / ttftSeconds),
    ...tpot.map(({ y }) => y / (tpotSeconds * 1000)),
  )
  const quarters = Math.ceil(4 * Math.min(2.5, Math.max(1.25, highest)))
  const scaleTo = (target: number) => ({
    min: 0,
    max: plotted((target * quarters) / 4),
    ticks: { stepSize: plotted(target / 4), format: { maximumSignificantDigits: 3 } },
  })
  const most = Math.max(last, peak) * 1.02
  const at = (seconds: number | undefined, scale: number) =>
    seconds === undefined ? [] : [{ x: plotted(peak), y: plotted(seconds * scale) }]
  const marker = {
    showLine: false,
    pointStyle: 'circle',
    pointRadius: 8,
    borderWidth: 3,
    borderDash: [],
    backgroundColor: '#ffffff',
  }
  return chartBlock({
    context,
    id: 'latency-curve',
    title: t('chart.latency'),
    alt: t('chart.latency.alt', {
      peak: f.significant(peak),
      ttft: f.figure(option.latency?.ttft.p95, f.seconds),
      tpot: f.figure(option.latency?.tpot.p95, f.seconds),
      ttftTarget: f.seconds(ttftSeconds),
      tpotTarget: f.seconds(tpotSeconds),
      saturation: f.significant(last),
    }),
    type: 'scatter',
    datasets: [
      line(t('chart.latency.ttft'), 0, ttft, { yAxisID: 'y' }),
      line(t('chart.latency.tpot'), 1, tpot, { yAxisID: 'right' }),
      limitLine(
        t('chart.latency.target', { ttft: f.seconds(ttftSeconds), tpot: f.seconds(tpotSeconds) }),
        [0, plotted(most)].map((x) => ({ x, y: ttftSeconds })),
        { yAxisID: 'y' },
      ),
      line(t('chart.latency.point'), 0, at(option.latency?.ttft.p95.value, 1), { yAxisID: 'y', ...marker }),
      line(t('chart.latency.point-tpot'), 1, at(option.latency?.tpot.p95.value, 1000), {
        yAxisID: 'right',
        ...marker,
        pointStyle: 'triangle',
      }),
    ],
    scales: {
      x: axis(t('chart.axis.rate'), {
        type: 'linear',
        min: 0,
        max: plotted(most),
        ticks: { includeBounds: false },
      }),
      y: axis(t('chart.axis.ttft'), scaleTo(ttftSeconds)),
      right: axis(t('chart.axis.tpot'), {
        position: 'right',
        ...scaleTo(tpotSeconds * 1000),
        grid: { display: false },
      }),
    },
    aspectRatio: 1.8,
    data: table({
      id: 'latency-curve-data',
      caption: t('chart.latency'),
      columns: [
        numbers('rate', t('column.rate'), t('unit.request-rate')),
        numbers('ttft50', t('column.ttft-p50'), 's'),
        numbers('ttft95', t('column.ttft-p95'), 's'),
        numbers('tpot50', t('column.tpot-p50'), 'ms'),
        numbers('tpot95', t('column.tpot-p95'), 'ms'),
        numbers('output', t('column.output-rate'), 'token/s'),
      ],
      rows: curve.map((point) =>
        row([
          amount(f.significant(point.requestsPerSecond), point.requestsPerSecond),
          amount(f.significant(point.ttftSecondsP50), point.ttftSecondsP50),
          amount(f.significant(point.ttftSecondsP95), point.ttftSecondsP95),
          amount(f.significant(point.tpotSecondsP50 * 1000), point.tpotSecondsP50 * 1000),
          amount(f.significant(point.tpotSecondsP95 * 1000), point.tpotSecondsP95 * 1000),
          amount(f.significant(point.outputTokensPerSecond), point.outputTokensPerSecond),
        ]),
      ),
      wide: false,
    }),
  })
}

/** Demand by month against what the serving replicas carry. */
export function growthChart(context: ReportContext, option: PlanOption): ChartBlock | undefined {
  const { f, t, plan } = context
  const { capacity } = option
  const growth = plan.workload.growthByMonth
  if (capacity === undefined || growth.length === 0) return undefined
  const peak = plan.workload.peakRequestsPerSecond.value
  const demand = growth.map((factor, index) => ({ x: index + 1, y: plotted(peak * factor) }))
  const months = growth.length
  const level = capacity.requestsPerSecond.value
  const target = capacity.peakRequestsPerSecondBeforeNextReplica
  // A staircase where machines come year by year: each level holds from the first to the last month of its phase.
  const levels = option.phases ?? [{ fromMonth: 1, toMonth: months, requestsPerSecond: level }]
  const levelAt = (month: number): number =>
    levels.findLast((phase) => phase.fromMonth <= month)?.requestsPerSecond ?? level
  const stairs = (share: number) =>
    levels.flatMap(({ fromMonth, toMonth, requestsPerSecond }) =>
      [fromMonth, toMonth].map((x) => ({ x, y: plotted(requestsPerSecond * share) })),
    )
  return chartBlock({
    context,
    id: 'demand-capacity',
    title: t('chart.growth'),
    alt: t('chart.growth.alt', {
      first: f.significant(peak * (growth[0] ?? 1)),
      last: f.significant(peak * (growth.at(-1) ?? 1)),
      capacity: f.significant(level),
      target: f.significant(target),
    }),
    type: 'scatter',
    datasets: [
      line(t('chart.growth.demand'), 0, demand, {
        pointRadius: demand.map((_, index) => (index % 6 === 0 ? 4 : 0)),
      }),
      line(t('chart.growth.capacity'), 2, stairs(1)),
      limitLine(t('chart.growth.limit'), stairs(target / level)),
    ],
    scales: {
      x: axis(t('chart.axis.months'), { type: 'linear', min: 1, max: months, ticks: { stepSize: 6 } }),
      y: axis(t('chart.axis.peak'), { min: 0 }),
    },
    data: table({
      id: 'demand-capacity-data',
      caption: t('chart.growth'),
      columns: [
        numbers('month', t('column.month')),
        numbers('demand', t('column.peak-demand'), t('unit.request-rate')),
        numbers('capacity', t('column.capacity'), t('unit.request-rate')),
        numbers('limit', t('column.before-next'), t('unit.request-rate')),
      ],
      rows: demand
        .filter((_, index) => index % 12 === 0 || index === months - 1)
        .map((point) =>
          row([
            amount(f.count(point.x), point.x),
            amount(f.significant(point.y), point.y),
            amount(f.significant(levelAt(point.x)), levelAt(point.x)),
            amount(f.significant((levelAt(point.x) * target) / level), (levelAt(point.x) * target) / level),
          ]),
        ),
    }),
  })
}
