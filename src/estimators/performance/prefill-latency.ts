import type { LatencyHistogram } from './latency-histogram.ts'
import type { PrefillChain } from './prefill-chain.ts'

/** Adds the time from arrival to first token beside one batch, weighted, as arrivals at any time meet it. */
export function addTtft(chain: PrefillChain, histogram: LatencyHistogram, weight: number): void {
  const { shares, tokens } = chain.sizes
  const few = Math.max(0, 1 - chain.running / fewSequences)
  for (let kind = 0; kind < shares.length; kind += 1) {
    const own = tokens[kind]!
    const share = (weight * shares[kind]!) / chain.totalSeconds
    const companions = (chain.dispersion - 1) * chain.load.promptTokens
    if (chain.running <= 0 && chain.probability[0]! > 0) {
      finish(chain, histogram, {
        wait: 0,
        ahead: companions / 2,
        own,
        behind: 0,
        after: 0,
        mass: (share * chain.probability[0]!) / chain.rate,
      })
    }
    if (chain.restProbability > 0) {
      finish(chain, histogram, {
        wait: chain.restSeconds / 2,
        ahead: companions / 2,
        own,
        behind: companions / 2,
        after: few,
        mass: share * chain.restProbability * chain.restSeconds,
      })
    }
    for (let x = chain.running <= 0 ? 1 : 0; x <= chain.top; x += 1) {
      const p = chain.probability[x]!
      if (p < negligible) continue
      const units = Math.min(x, chain.most)
      const seconds = chain.stepSeconds(units)
      const row = chain.arrivals(units)
      const length = chain.rowLength[units]!
      const left = (x - units) * chain.unit + (units === chain.most ? chain.rest : 0)
      const after = units > 0 ? few * Math.min(1, (units * chain.unit) / chain.load.promptTokens) : 0
      for (let k = 0; k < length; k += 1) {
        const mass = share * p * seconds * row[k]!
        if (mass < negligible * weight) continue
        addArrivals(chain, histogram, { seconds, left, others: k * chain.unit, own, after, mass })
      }
    }
  }
}

/**
 * A request among the others that arrive in one step. Its place among a few of them decides what it waits for, so each
 * place counts: all are alike, and the j-th of m arrives at the j/(m + 1) of the step on average.
 */
function addArrivals(
  chain: PrefillChain,
  histogram: LatencyHistogram,
  step: { seconds: number; left: number; others: number; own: number; after: number; mass: number },
): void {
  const companions = (chain.dispersion - 1) * chain.load.promptTokens
  const prompts = Math.round(step.others / chain.load.promptTokens)
  const each = prompts > 0 && prompts <= fewPrompts
  const places = each ? prompts + 1 : 1
  for (let place = 0; place < places; place += 1) {
    const parts = each ? 2 : placesInStep
    const mean = (place + 1) / (places + 1)
    // Beta(j + 1, m − j + 1): two points at one standard deviation.
    const deviation = Math.sqrt((mean * (1 - mean)) / (places + 2))
    for (let part = 0; part < parts; part += 1) {
      const when = each ? mean + (part === 0 ? -deviation : deviation) : (part + 0.5) / parts
      const before = each ? place / prompts : when
      finish(chain, histogram, {
        wait: (1 - when) * step.seconds,
        ahead: step.left + step.others * before + companions * when,
        own: step.own,
        behind: step.others * (1 - before) + companions * (1 - when),
        after: step.after,
        mass: step.mass / places / parts,
      })
    }
  }
}

/** A request that arrives: seconds until the next step, and tokens of prompts before and after it. */
function finish(
  chain: PrefillChain,
  histogram: LatencyHistogram,
  arrival: { wait: number; ahead: number; own: number; behind: number; after: number; mass: number },
): void {
  const budget = chain.budget - arrival.after * chain.load.engine.verifiedTokensPerStep
  const total = arrival.ahead + arrival.own
  const steps = Math.max(1, Math.ceil(total / budget - 1e-9))
  const left = total - (steps - 1) * budget + arrival.behind
  if (steps === 1) {
    const seconds = between(chain, Math.min(budget, left), arrival.after)
    histogram.add(arrival.wait + seconds, arrival.mass)
    return
  }
  // Prompts that come during the full steps share the last one.
  const full = between(chain, budget, arrival.after)
  const later = chain.rate * (steps - 1) * full
  const none = Math.exp(-later)
  const wait = arrival.wait + (steps - 1) * full
  if (left < budget) {
    histogram.add(wait + between(chain, left, arrival.after), arrival.mass * none)
    const added = (later / (1 - none)) * chain.load.promptTokens
    const seconds = between(chain, Math.min(budget, left + added), arrival.after)
    histogram.add(wait + seconds, arrival.mass * (1 - none))
  } else histogram.add(wait + full, arrival.mass)
}

/** Step time between the tabulated ones. */
function between(chain: PrefillChain, tokens: number, after: number): number {
  const place = Math.min(tokens / chain.unit, chain.most)
  const low = Math.floor(place)
  const high = Math.min(low + 1, chain.most)
  const part = place - low
  // Even one token of a prompt costs a prefill's launches.
  const least = low === 0 ? chain.oneTokenSeconds : chain.stepSeconds(low)
  const plain = least * (1 - part) + (part > 0 ? chain.stepSeconds(high) * part : 0)
  if (after <= 0) return plain
  const leastAfter = low === 0 ? chain.oneTokenSecondsAfter : chain.stepSecondsAfter(low)
  const shifted = leastAfter * (1 - part) + (part > 0 ? chain.stepSecondsAfter(high) * part : 0)
  return plain + after * (shifted - plain)
}

/** Mass that latencies leave out. */
const negligible = 1e-6
/** Moments within a step at which arrivals are placed. */
const placesInStep = 4
/** Up to so many others the place among them is told apart. */
const fewPrompts = 5
/** Below so many decoding sequences one more of them changes a step. */
const fewSequences = 4
