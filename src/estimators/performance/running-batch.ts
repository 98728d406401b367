import { type QueueingLoad, runningWhenFull, stepSecondsOf } from './queueing-load.ts'
import { equalStayTail, slotQueue } from './slot-queue.ts'

/**
 * How many sequences decode at once. All progress together, one token per step, so their number is that of a
 * processor-sharing queue whose speed depends on the batch: P(n) ∝ Π λ·o·t(k)/k, whatever the distribution of output
 * lengths (Kelly 1979, networks of symmetric queues), with o the steps of a sequence and t(k) the mean step beside
 * k sequences. Where all slots are taken, requests wait in turn.
 */
export interface RunningBatch {
  readonly sequences: readonly number[]
  readonly probabilities: readonly number[]
  readonly mean: number
  /** Share of requests that find every slot taken, and their mean wait for one. */
  readonly blockedFraction: number
  readonly blockedWaitSeconds: readonly number[]
}

/** How much shorter the queue is where at least so large a share of a step goes to contexts. Tuned on the simulation. */
const youngBatch = { most: 0.12, contextShare: 0.2 }

function contextShare(load: QueueingLoad, running: number): number {
  const usual = stepSecondsOf(load, { tokens: 0, running })
  return 1 - stepSecondsOf({ ...load, contextTokens: 0 }, { tokens: 0, running }) / usual
}

/** Mode of the batch and its standard deviation, by a fixed point of Little's law; the slots where none is smaller. */
export function typicalBatch(
  load: QueueingLoad,
  input: { ratePerSecond: number; meanStep: (running: number) => number },
): { mode: number; deviation: number } {
  const { slots, decodeSteps } = load
  const surplus = (n: number): number =>
    input.ratePerSecond * decodeSteps * input.meanStep(Math.max(n, 0.5)) - n
  let low = 0
  let high = slots
  if (surplus(slots) >= 0) low = slots
  while (high - low > 0.01 * high + 1e-3) {
    const middle = (low + high) / 2
    if (surplus(middle) > 0) low = middle
    else high = middle
  }
  const mode = (low + high) / 2
  const span = Math.max(1, mode * 0.05)
  const from = Math.max(0.5, mode - span)
  const to = Math.min(slots, mode + span)
  const slope = to > from ? (surplus(to) - surplus(from)) / (to - from) : -1
  // The restoring force is 1 − elasticity of the step time; at the edge of capacity it vanishes.
  return { mode, deviation: Math.sqrt(Math.max(mode, 0.3) / Math.max(0.02, -slope)) }
}

export function runningBatch(
  load: QueueingLoad,
  input: {
    ratePerSecond: number
    /** Squared coefficient of variation of the times between arrivals. */
    arrivalVariation: number
    meanStep: (running: number) => number
    mode: number
    deviation: number
    /** Mean step ÷ a step without prompts: 1 ÷ (1 − ρ) with ρ the share of time that prefill takes. */
    prefillStretch: number
    /** Rate ÷ capacity. */
    utilisation: number
  },
): RunningBatch {
  const { decodeSteps, lengths } = load
  // Where full steps of prompts bind first, waiting is for prefill and no slot is ever short.
  const whenFull = runningWhenFull(load)
  const slotsBind = whenFull > load.slots
  const slots = Math.min(load.slots, whenFull)
  const { ratePerSecond: rate, meanStep, mode, arrivalVariation } = input
  const outputVariation = lengths.outputSquaredVariation
  // Peakedness: bursts spread the batch by their full size where stays are equal, by half where they vary as much as
  // exponential ones.
  // Prefill makes bursts of its own: while prompts are read decoding all but stands still and further requests come,
  // so on the clock of decoding they come in groups as large as a busy period: variance ÷ mean 1 ÷ (1 − ρ)² (Borel).
  const dispersion = arrivalVariation * input.prefillStretch ** 2
  const peakedness = Math.max(0.1, 1 + ((dispersion - 1) * (1 + Math.max(0, 1 - outputVariation))) / 2)
  const deviation = input.deviation * Math.sqrt(peakedness)
  const stride = Math.max(1, deviation / 6)
  const from = Math.max(0, Math.floor(mode - 6 * deviation))
  const to = Math.min(slots, Math.ceil(mode + 9 * deviation + 4))
  const logRatio = (n: number): number => Math.log((rate * decodeSteps * meanStep(n)) / n) / peakedness
  const sequences: number[] = []
  const logs: number[] = []
  let log = 0
  let n = from
  for (;;) {
    sequences.push(n)
    logs.push(log)
    if (n >= to - 1e-9) break
    const next = Math.min(to, n + stride)
    log += (next - n) * logRatio((n + next) / 2 + 0.5)
    n = next
  }
  const largest = Math.max(...logs)
  const weights = logs.map((value, index) => {
    const before = index > 0 ? sequences[index]! - sequences[index - 1]! : stride
    const after = index + 1 < sequences.length ? sequences[index + 1]! - sequences[index]! : before
    return Math.exp(value - largest) * (stride > 1 ? (before + after) / 2 : 1)
  })
  let total = weights.reduce((sum, weight) => sum + weight, 0)
  let blockedFraction = 0
  let blockedWaitSeconds: number[] = []
  if (slotsBind && to >= slots - 1e-9) {
    // While requests wait, prompts come as fast as slots get free, not as fast as requests: the pace is capacity.
    const used = Math.min(input.utilisation, 1 - 1e-6)
    const atSlots = Math.exp(logs.at(-1)! - largest)
    // The batch varies more below the slots than the queue does above: zero flux between them lifts the queue.
    // A batch that a burst has filled holds young sequences, whose short contexts make steps faster than usual.
    const young = 1 - youngBatch.most * Math.min(1, contextShare(load, slots) / youngBatch.contextShare)
    const queued = ((atSlots * used) / (1 - used)) * Math.sqrt(peakedness) * young
    // Whether requests wait hardly depends on the spread of stays, how long they wait does (Cosmetatos 1976).
    const likeExponential = Math.min(1, outputVariation) ** 0.8
    const equal = slotQueue({
      slots,
      utilisation: used,
      mode,
      prefillFraction: 1 - 1 / input.prefillStretch,
      dispersion: arrivalVariation,
    })
    blockedFraction =
      likeExponential * ((atSlots + queued) / (total + queued)) +
      (1 - likeExponential) * equal.blockedFraction
    const unit = used / rate / (1 - used)
    const whole = equal.meanWaitArrivals / rate / unit
    const bursts = (arrivalVariation - 1) / 2
    // The wait of equal stays as two exponential times in turn: its decay in the tail, and what is left of its mean.
    const tail = Math.min(whole, equalStayTail(used) + bursts)
    blockedWaitSeconds = [
      unit * (tail + (1 + bursts - tail) * likeExponential),
      unit * (whole - tail) * (1 - likeExponential),
    ]
    // All slots are taken while requests wait too.
    const open = total - weights.at(-1)!
    for (const index of weights.keys()) weights[index]! *= (1 - blockedFraction) / open
    weights[weights.length - 1] = blockedFraction
    total = 1
  }
  const probabilities = weights.map((weight) => weight / total)
  const mean = sequences.reduce((sum, value, index) => sum + value * probabilities[index]!, 0)
  return { sequences, probabilities, mean, blockedFraction, blockedWaitSeconds }
}
