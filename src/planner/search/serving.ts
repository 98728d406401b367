import { boardWattsWhileServing } from '../../estimators/energy/replica-power.ts'
import { mostSequences } from '../../estimators/memory/prepared.ts'
import { gridValue, lastWithin } from './halving.ts'
import { createLatency, type LatencyAtLoad } from './latency.ts'
import { meanOverCurve } from './load-curve.ts'
import {
  emptyPhaseServing,
  type PhaseServing,
  type ReplicaUnderTest,
  refusal,
  replicasFor,
  type Serving,
  type ServingTask,
} from './serving-types.ts'

/** Loads between idle and peak at which power is computed; between them it is taken as linear. */
const powerNodes = 4

function writeLatency(load: LatencyAtLoad, out: Serving): void {
  out.ttftSeconds = load.judgedTtftSeconds
  out.tpotSeconds = load.judgedTpotSeconds
  out.answerSeconds = load.endToEndSeconds
  out.endToEndSeconds = load.judgedEndToEndSeconds
}

/**
 * Evaluates replicas against one task: what fits in memory, the most it serves at the targets, how many are needed, the
 * latency at the peak and the power over the week. One evaluator owns its scratch space and is not shared between
 * searches.
 */
export function createServing(task: ServingTask): (replica: ReplicaUnderTest, out: Serving) => Serving {
  const latency = createLatency(task)
  const at: LatencyAtLoad = latency.empty()
  /** One request per group: asked for most often, so it is worked out once per replica. */
  const single: LatencyAtLoad = latency.empty()
  /** The most that the replica under test serves at the targets. */
  const largest = { concurrency: 0, requestsPerSecond: 0 }
  const nodes = new Float64Array(powerNodes)
  const watts = new Float64Array(powerNodes)
  const power = {
    model: undefined as unknown as ReplicaUnderTest['step'],
    board: undefined as unknown as ReplicaUnderTest['board'],
    tdpWatts: 0,
    idleWatts: 0,
    lowPrecisionExperts: false,
    sequences: 0,
    stepSeconds: 0,
    stepSecondsAlone: 0,
    inputTokens: task.inputTokensMean * (1 - task.cachedInputFraction),
    cachedInputTokens: task.inputTokensMean * task.cachedInputFraction,
    outputTokens: task.outputTokensMean,
  }
  const step = { sequences: 0, stepSeconds: 0 }
  const { phases } = task

  const misses = (load: LatencyAtLoad): number =>
    (load.judgedTtftSeconds > task.ttftSeconds ? refusal.ttft : 0) |
    (load.judgedTpotSeconds > task.tpotSeconds ? refusal.tpot : 0) |
    (task.endToEndSeconds !== undefined && load.judgedEndToEndSeconds > task.endToEndSeconds
      ? refusal.endToEnd
      : 0)

  /** Target ÷ value of what is nearest to its target, or farthest beyond it. */
  const nearestRatio = (load: LatencyAtLoad): number => {
    const ttft = task.ttftSeconds / load.judgedTtftSeconds
    const tpot = task.tpotSeconds / load.judgedTpotSeconds
    const either = Math.min(ttft, tpot)
    return task.endToEndSeconds === undefined
      ? either
      : Math.min(either, task.endToEndSeconds / load.judgedEndToEndSeconds)
  }

  const boardWatts = (load: LatencyAtLoad, groups: number): number => {
    step.sequences = Math.max(load.concurrency / groups, 1)
    step.stepSeconds =
      step.sequences / ((load.requestsPerSecond / groups) * Math.max(task.outputTokensMean, 1))
    return boardWattsWhileServing(power, step)
  }

  return (replica, out) => {
    const groups = replica.step.attentionDataParallel
    const held = mostSequences(replica.memory, {
      usableBytes: replica.usableBytes,
      contextTokens: task.contextTokens,
    })
    const most = Math.min(held, (replica.memory.policy.maxSequences ?? Number.POSITIVE_INFINITY) * groups)
    out.mostSequences = most
    out.refused = 0
    if (most < groups) {
      out.refused = refusal.memory
      return out
    }
    latency.prepare(replica.step)
    latency.at(replica.step, groups, single)
    out.refused = misses(single)
    if (out.refused !== 0) {
      writeLatency(single, out)
      return out
    }
    largest.concurrency = largestConcurrency(replica, groups, most)
    largest.requestsPerSecond = loaded(replica, largest.concurrency).requestsPerSecond
    out.capacityRequestsPerSecond = largest.requestsPerSecond
    const usable = largest.requestsPerSecond * (1 - task.headroomFraction)
    out.replicas = replicasFor(task.peakRequestsPerSecond, usable)
    const wanted = task.peakRequestsPerSecond / out.replicas
    const concurrency = concurrencyFor(replica, wanted, groups)
    out.concurrency = concurrency
    writeLatency(concurrency > groups ? loaded(replica, concurrency) : single, out)
    powerOf(replica, groups, concurrency, wanted, out)
    if (phases.length > 0) servePhases(replica, groups, usable, out)
    else if (out.phases.length > 0) out.phases.length = 0
    return out
  }

  /** The years before: fewer replicas, of the same capacity, under the load of their time. */
  function servePhases(replica: ReplicaUnderTest, groups: number, usable: number, out: Serving): void {
    out.phases.length = phases.length
    for (let index = 0; index < phases.length; index += 1) {
      const phase = phases[index]!
      let into = out.phases[index]
      if (into === undefined) {
        into = emptyPhaseServing()
        out.phases[index] = into
      }
      into.startMonth = phase.startMonth
      into.endMonth = phase.endMonth
      into.peakRequestsPerSecond = phase.peakRequestsPerSecond
      into.replicas = replicasFor(phase.peakRequestsPerSecond, usable)
      const rate = phase.meanPeakRequestsPerSecond / into.replicas
      powerOf(replica, groups, concurrencyFor(replica, rate, groups), rate, into)
    }
  }

  function loaded(replica: ReplicaUnderTest, concurrency: number): LatencyAtLoad {
    latency.at(replica.step, concurrency, at)
    return at
  }

  function largestConcurrency(replica: ReplicaUnderTest, groups: number, most: number): number {
    // Where nothing is cached memory sets no limit; the rate needed does.
    const high = Math.min(most, Number.isFinite(most) ? most : latency.noLimit * groups)
    const ratioAtHigh = nearestRatio(loaded(replica, high))
    if (ratioAtHigh >= 1) return high
    const range = { low: groups, high, ratioAtLow: nearestRatio(single), ratioAtHigh }
    return gridValue(
      range,
      lastWithin(range, (middle) => nearestRatio(loaded(replica, middle))),
    )
  }

  /** Requests in flight at which the replica serves a rate; below one per group in proportion. */
  function concurrencyFor(replica: ReplicaUnderTest, rate: number, groups: number): number {
    const served = single.requestsPerSecond
    if (served >= rate) return (rate / served) * groups
    const range = {
      low: groups,
      high: largest.concurrency,
      ratioAtLow: rate / served,
      ratioAtHigh: rate / largest.requestsPerSecond,
    }
    return gridValue(
      range,
      1 + lastWithin(range, (middle) => rate / loaded(replica, middle).requestsPerSecond),
    )
  }

  function powerOf(
    replica: ReplicaUnderTest,
    groups: number,
    concurrency: number,
    rate: number,
    out: Serving | PhaseServing,
  ): void {
    power.model = replica.step
    power.board = replica.board
    power.tdpWatts = replica.tdpWatts
    power.idleWatts = replica.idleWatts
    power.lowPrecisionExperts = replica.lowPrecisionExperts
    nodes[0] = 0
    watts[0] = replica.idleWatts
    let count: number
    if (concurrency <= groups) {
      // Alone or idle: the share of the time in which a request is there draws what one request draws.
      const busy = boardWatts(single, groups)
      out.peakBoardWatts = replica.idleWatts + (busy - replica.idleWatts) * (concurrency / groups)
      nodes[1] = 1
      watts[1] = out.peakBoardWatts
      count = 2
    } else {
      for (let index = 1; index < powerNodes; index += 1) {
        const share = (index - 1) / (powerNodes - 2)
        const load = share === 0 ? single : loaded(replica, groups * (concurrency / groups) ** share)
        nodes[index] = Math.min(load.requestsPerSecond / rate, 1)
        watts[index] = boardWatts(load, groups)
      }
      nodes[powerNodes - 1] = 1
      out.peakBoardWatts = watts[powerNodes - 1]!
      count = powerNodes
    }
    const { curve } = task
    const working = meanOverCurve(curve, nodes, watts, count)
    out.averageBoardWatts = curve.workingFraction * working + (1 - curve.workingFraction) * replica.idleWatts
    out.averageBusyFraction =
      (curve.workingFraction * Math.min(1, concurrency / groups)) / (curve.exponent + 1)
  }
}
