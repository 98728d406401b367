import type { TokenSplit } from '../../estimators/cost/unit-costs.ts'
import { kvPoolBytes, longestContext, memoryPlan } from '../../estimators/memory/index.ts'
import {
  addDecodeStep,
  addPrefill,
  breakdownSeconds,
  emptyBreakdown,
  type StepBreakdown,
} from '../../estimators/performance/step-time.ts'
import { type Figure, figure } from '../plan-figure.ts'
import type {
  PlanCapacity,
  PlanCurvePoint,
  PlanLatency,
  PlanMemory,
  PlanPercentiles,
} from '../plan-option-types.ts'
import { createLatency, type LatencyAtLoad } from '../search/latency.ts'
import type { ServingTask } from '../search/serving-types.ts'
import type { SearchSpace } from '../search/space.ts'
import type { Accuracy } from './accuracy.ts'
import type { MachineDetail } from './detail.ts'

const parts = ['weights', 'cache', 'compute', 'communication', 'latency'] as const

function partsOf(breakdown: StepBreakdown): Record<(typeof parts)[number], number> {
  return {
    weights: breakdown.weightsSeconds,
    cache: breakdown.cacheSeconds,
    compute: breakdown.computeSeconds,
    communication: breakdown.communicationSeconds,
    latency: breakdown.latencySeconds,
  }
}

function largest(of: Record<(typeof parts)[number], number>): (typeof parts)[number] {
  return parts.reduce((best, part) => (of[part] > of[best] ? part : best))
}

/** The same load at another percentile. */
export function latencyAt(
  task: ServingTask,
  detail: MachineDetail,
  concurrency: number,
  percentile: number,
): LatencyAtLoad {
  const latency = createLatency({ ...task, percentile })
  const out = latency.empty()
  latency.prepare(detail.replica.step)
  latency.at(detail.replica.step, concurrency, out)
  return out
}

export function optionLatency(space: SearchSpace, detail: MachineDetail, accuracy: Accuracy): PlanLatency {
  const { task } = space
  const { step } = detail.replica
  const groups = step.attentionDataParallel
  const concurrency = Math.max(detail.serving.concurrency, groups)
  const at = (percentile: number) => latencyAt(task, detail, concurrency, percentile)
  const [p50, p95, p99] = [at(0.5), at(0.95), at(0.99)]
  const percentiles = (of: (latency: LatencyAtLoad) => Figure): PlanPercentiles => ({
    p50: of(p50),
    p95: of(p95),
    p99: of(p99),
  })
  // The sum of both parts at their ends: they are wrong together more often than not.
  const endToEnd = (latency: LatencyAtLoad): Figure => {
    const ttft = accuracy.interval('ttft', latency.ttftSeconds)
    const tpot = accuracy.interval('tpot', latency.tpotSeconds)
    const value = latency.endToEndSeconds
    if (ttft === undefined || tpot === undefined) return { value, unit: 's', basis: 'bound' }
    const decode = (seconds: number) => (seconds * (value - latency.ttftSeconds)) / latency.tpotSeconds
    return figure(value, 's', { low: ttft.low + decode(tpot.low), high: ttft.high + decode(tpot.high) })
  }
  const prefill = emptyBreakdown()
  const cached = task.inputTokensMean * task.cachedInputFraction
  addPrefill(step, { newTokens: task.inputTokensMean - cached, depthTokens: cached, packed: 1 }, prefill)
  const decode = emptyBreakdown()
  addDecodeStep(
    step,
    {
      decodeSequences: concurrency / groups,
      decodeContextTokens: task.inputTokensMean + task.outputTokensMean / 2,
    },
    decode,
  )
  return {
    ttft: percentiles((latency) => accuracy.figure('ttft', latency.ttftSeconds, 's')),
    tpot: percentiles((latency) => accuracy.figure('tpot', latency.tpotSeconds, 's')),
    endToEnd: percentiles(endToEnd),
    prefillBound: largest(partsOf(prefill)),
    decodeBound: largest(partsOf(decode)),
    prefillParts: partsOf(prefill),
    decodeParts: partsOf(decode),
  }
}

/** What a machine's time goes to: prefill of a request against its share of decode steps. */
export function tokenSplit(space: SearchSpace, detail: MachineDetail): TokenSplit {
  const { task } = space
  const { step } = detail.replica
  const groups = step.attentionDataParallel
  const sequences = Math.max(detail.serving.concurrency / groups, 1)
  const prefill = emptyBreakdown()
  const cached = task.inputTokensMean * task.cachedInputFraction
  addPrefill(step, { newTokens: task.inputTokensMean - cached, depthTokens: cached, packed: 1 }, prefill)
  const decode = emptyBreakdown()
  addDecodeStep(
    step,
    {
      decodeSequences: sequences,
      decodeContextTokens: task.inputTokensMean + task.outputTokensMean / 2,
    },
    decode,
  )
  return {
    kind: 'compute-time',
    prefillSeconds: breakdownSeconds(prefill),
    decodeSeconds: (task.outputTokensMean * breakdownSeconds(decode)) / sequences,
  }
}

const curvePoints = 12

export function optionCapacity(space: SearchSpace, detail: MachineDetail, accuracy: Accuracy): PlanCapacity {
  const { task, workload } = space
  const { serving, replica } = detail
  const groups = replica.step.attentionDataParallel
  const all = serving.replicas * serving.capacityRequestsPerSecond
  // Machines and demand at the end of the horizon.
  const peak = task.peakRequestsPerSecond
  const average = workload.requestsPerMonth === 0 ? 0 : task.curve.workingFraction / (task.curve.exponent + 1)
  const most = Number.isFinite(serving.mostSequences) ? serving.mostSequences : groups
  return {
    requestsPerSecondPerReplica: accuracy.figure(
      'throughput',
      serving.capacityRequestsPerSecond,
      'request/s',
    ),
    requestsPerSecond: accuracy.figure('throughput', all, 'request/s'),
    outputTokensPerSecond: accuracy.figure('throughput', all * task.outputTokensMean, 'token/s'),
    headroomFraction: 1 - peak / all,
    utilisationAtPeakFraction: peak / all,
    utilisationAverageFraction: (average * peak) / all,
    runningSequencesPerReplica: serving.concurrency,
    mostSequencesPerReplica: most,
    peakRequestsPerSecondBeforeNextReplica: all * (1 - task.headroomFraction),
    // Beyond the last point prompts would pile up without end.
    curve: Array.from({ length: curvePoints }, (_, index) => {
      const share = index / (curvePoints - 1)
      return curvePoint(task, detail, groups * (Math.max(most, groups) / groups) ** share)
    }).filter((point) => Number.isFinite(point.endToEndSecondsP95)),
  }

  function curvePoint(of: ServingTask, from: MachineDetail, concurrency: number): PlanCurvePoint {
    const p50 = latencyAt(of, from, concurrency, 0.5)
    const p95 = latencyAt(of, from, concurrency, 0.95)
    const rate = p50.requestsPerSecond * serving.replicas
    return {
      requestsPerSecond: rate,
      ttftSecondsP50: p50.ttftSeconds,
      ttftSecondsP95: p95.ttftSeconds,
      tpotSecondsP50: p50.tpotSeconds,
      tpotSecondsP95: p95.tpotSeconds,
      endToEndSecondsP95: p95.endToEndSeconds,
      outputTokensPerSecond: rate * of.outputTokensMean,
    }
  }
}

export function optionMemory(space: SearchSpace, detail: MachineDetail): PlanMemory {
  const { unit, device, replica, serving } = detail
  const concurrency = Math.max(1, Math.ceil(serving.concurrency))
  const plan = memoryPlan({
    architecture: unit.architecture,
    weightFormat: unit.weightSpec,
    kvBitsPerElement: unit.kvFormat.bits_per_element,
    layout: detail.layout,
    policy: replica.memory.policy,
    ...(unit.adapters === undefined ? {} : { adapters: unit.adapters }),
    usableBytes: device.usableBytes,
    contextTokens: space.task.contextTokens,
    concurrency,
  })
  return {
    usableBytes: device.usableBytes,
    parts: plan.parts,
    freeBytes: kvPoolBytes(replica.memory, device.usableBytes) - plan.kv.requiredBytes,
    longestContextTokens: longestContext(replica.memory, {
      usableBytes: device.usableBytes,
      concurrency: 1,
      limitTokens: unit.architecture.maxContextTokens ?? space.task.contextTokens,
    }),
  }
}
