import { formatPercent } from '../../foundation/format.ts'
import type { Note } from '../../foundation/notes.ts'
import { figure } from '../plan-figure.ts'
import type { PlanOption, PlanPercentiles, PlanWorkloadLatency } from '../plan-option-types.ts'
import type { ResolvedWorkload } from '../scenario/resolve.ts'
import { type ClassLatency, createLatency } from '../search/latency.ts'
import type { SearchSpace } from '../search/space.ts'
import type { Accuracy } from './accuracy.ts'
import type { MachineDetail } from './detail.ts'

/**
 * Up to this share of a replica's capacity the closed form for several use cases in one queue is held against the
 * simulation by a test. Above it long prompts hold the queue up for longer than the form knows: at 80 % it said 0.7 s
 * where the simulation had 4 s, at 90 % the queue of some mixes had no end (`bench/mixed-grid.ts`).
 */
export const highestCheckedLoadFraction = 0.7

/** Says where the latencies of several use cases were not checked. */
export function mixedQueueNotes(space: SearchSpace, detail: MachineDetail): Note[] {
  const { task } = space
  if (task.classes === undefined || task.classes.length < 2) return []
  const { serving } = detail
  const load = task.peakRequestsPerSecond / (serving.replicas * serving.capacityRequestsPerSecond)
  if (load <= highestCheckedLoadFraction) return []
  return [
    {
      code: 'mixed-queue-load',
      level: 'warning',
      about: 'targets',
      message: `at the peak each replica runs at ${formatPercent(load)} of its capacity: above ${formatPercent(highestCheckedLoadFraction)} the waiting time of several use cases in one queue may be far longer than stated. Simulate the option, or ask for more headroom`,
      values: { load, checked: highestCheckedLoadFraction },
    },
  ]
}

/** What each workload sees at the peak: at its own percentile, or at the one given. */
export function workloadLatencies(
  space: SearchSpace,
  detail: MachineDetail,
  percentile?: number,
): { workload: ResolvedWorkload; at: ClassLatency }[] {
  const { task } = space
  const classes = task.classes ?? []
  const latency = createLatency({
    ...task,
    classes: percentile === undefined ? classes : classes.map((each) => ({ ...each, percentile })),
  })
  const { step } = detail.replica
  latency.prepare(step)
  latency.at(step, Math.max(detail.serving.concurrency, step.attentionDataParallel), latency.empty())
  return space.resolved.workloads.map((workload, index) => ({
    workload,
    at: { ...latency.ofClass(index) },
  }))
}

/** The same as a part of an option; nothing where there is a single use case. */
export function optionWorkloads(
  space: SearchSpace,
  detail: MachineDetail,
  accuracy: Accuracy,
): Pick<PlanOption, 'workloads'> {
  if (space.task.classes === undefined) return {}
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((percentile) => workloadLatencies(space, detail, percentile))
  const percentiles = (index: number, name: keyof ClassLatency): PlanPercentiles => {
    const of = (all: typeof p50) => {
      const value = all![index]!.at[name]
      if (name === 'ttftSeconds') return accuracy.figure('ttft', value, 's')
      if (name === 'tpotSeconds') return accuracy.figure('tpot', value, 's')
      return { ...figure(value, 's'), basis: 'bound' as const }
    }
    return { p50: of(p50), p95: of(p95), p99: of(p99) }
  }
  return {
    workloads: space.resolved.workloads.map(
      ({ name }, index): PlanWorkloadLatency => ({
        name,
        ttft: percentiles(index, 'ttftSeconds'),
        tpot: percentiles(index, 'tpotSeconds'),
        endToEnd: percentiles(index, 'endToEndSeconds'),
      }),
    ),
  }
}
