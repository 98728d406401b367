import { boardWattsWhileServing } from '../../estimators/energy/replica-power.ts'
import { mostSequences } from '../../estimators/memory/prepared.ts'
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

/** Halvings of the search for the largest load that meets the targets: a part in a thousand of the range's logarithm. */
const halvings = 12
/** Loads between idle and peak at which power is computed; between them it is taken as linear. */
const powerNodes = 4

/**
 * Evaluates replicas against one task: what fits in memory, the most it serves at the targets, how many are needed, the
 * latency at the peak and the power over the week. One evaluator owns its scratch space and is not shared between
 * searches.
 */
export function createServing(task: ServingTask): (replica: ReplicaUnderTest, out: Serving) => Serving {
  const latency = createLatency(task)
  const at: LatencyAtLoad = latency.empty()
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

  const misses = (): number =>
    (at.judgedTtftSeconds > task.ttftSeconds ? refusal.ttft : 0) |
    (at.judgedTpotSeconds > task.tpotSeconds ? refusal.tpot : 0) |
    (task.endToEndSeconds !== undefined && at.judgedEndToEndSeconds > task.endToEndSeconds
      ? refusal.endToEnd
      : 0)

  const boardWatts = (groups: number): number => {
    step.sequences = Math.max(at.concurrency / groups, 1)
    step.stepSeconds = step.sequences / ((at.requestsPerSecond / groups) * Math.max(task.outputTokensMean, 1))
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
    latency.at(replica.step, groups, at)
    out.refused = misses()
    if (out.refused !== 0) {
      out.ttftSeconds = at.judgedTtftSeconds
      out.tpotSeconds = at.judgedTpotSeconds
      out.answerSeconds = at.endToEndSeconds
      out.endToEndSeconds = at.judgedEndToEndSeconds
      return out
    }
    const largest = largestConcurrency(replica, groups, most)
    latency.at(replica.step, largest, at)
    out.capacityRequestsPerSecond = at.requestsPerSecond
    const usable = at.requestsPerSecond * (1 - task.headroomFraction)
    out.replicas = replicasFor(task.peakRequestsPerSecond, usable)
    const wanted = task.peakRequestsPerSecond / out.replicas
    const concurrency = concurrencyFor(replica, wanted, groups, largest)
    latency.at(replica.step, Math.max(concurrency, groups), at)
    out.concurrency = concurrency
    out.ttftSeconds = at.judgedTtftSeconds
    out.tpotSeconds = at.judgedTpotSeconds
    out.answerSeconds = at.endToEndSeconds
    out.endToEndSeconds = at.judgedEndToEndSeconds
    powerOf(replica, groups, concurrency, wanted, out)
    if (phases.length > 0) servePhases(replica, groups, largest, usable, out)
    else if (out.phases.length > 0) out.phases.length = 0
    return out
  }

  /** The years before: fewer replicas, of the same capacity, under the load of their time. */
  function servePhases(
    replica: ReplicaUnderTest,
    groups: number,
    largest: number,
    usable: number,
    out: Serving,
  ): void {
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
      powerOf(replica, groups, concurrencyFor(replica, rate, groups, largest), rate, into)
    }
  }

  function largestConcurrency(replica: ReplicaUnderTest, groups: number, most: number): number {
    // Where nothing is cached memory sets no limit; the rate needed does.
    let high = Math.min(most, Number.isFinite(most) ? most : latency.noLimit * groups)
    latency.at(replica.step, high, at)
    if (misses() === 0) return high
    let low = groups
    for (let halving = 0; halving < halvings; halving += 1) {
      const middle = Math.sqrt(low * high)
      latency.at(replica.step, middle, at)
      if (misses() === 0) low = middle
      else high = middle
    }
    return low
  }

  /** Requests in flight at which the replica serves a rate; below one per group in proportion. */
  function concurrencyFor(replica: ReplicaUnderTest, rate: number, groups: number, largest: number): number {
    latency.at(replica.step, groups, at)
    if (at.requestsPerSecond >= rate) return (rate / at.requestsPerSecond) * groups
    let low = groups
    let high = largest
    for (let halving = 0; halving < halvings; halving += 1) {
      const middle = Math.sqrt(low * high)
      latency.at(replica.step, middle, at)
      if (at.requestsPerSecond < rate) low = middle
      else high = middle
    }
    return high
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
      latency.at(replica.step, groups, at)
      const busy = boardWatts(groups)
      out.peakBoardWatts = replica.idleWatts + (busy - replica.idleWatts) * (concurrency / groups)
      nodes[1] = 1
      watts[1] = out.peakBoardWatts
      count = 2
    } else {
      for (let index = 1; index < powerNodes; index += 1) {
        const share = (index - 1) / (powerNodes - 2)
        latency.at(replica.step, groups * (concurrency / groups) ** share, at)
        nodes[index] = Math.min(at.requestsPerSecond / rate, 1)
        watts[index] = boardWatts(groups)
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
