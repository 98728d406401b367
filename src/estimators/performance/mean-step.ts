import { promptBudget, type QueueingLoad, runningWhenFull, stepSecondsOf } from './queueing-load.ts'

/**
 * Mean step with `running` decoding sequences and prompts at a rate: steps with and without prompts in turn, the first
 * as long as the prompts that came during the step before make them. Infinity where prompts come faster than steps
 * can read them. A closed form beside `PrefillChain`, to find the range that matters.
 */
export function meanStepSeconds(
  load: QueueingLoad,
  input: { running: number; ratePerSecond: number },
): number {
  const { running, ratePerSecond: rate } = input
  const { promptTokens } = load
  const budget = promptBudget(load, running)
  const decode = stepSecondsOf(load, { tokens: 0, running })
  const full = stepSecondsOf(load, { tokens: budget, running })
  const usedByFull = (rate * promptTokens * (full - decode)) / budget
  if (promptTokens >= budget) {
    const chunks = Math.floor(promptTokens / budget)
    const rest = promptTokens - chunks * budget
    // A rest shares its step with the next prompt where one has come meanwhile.
    const shared = 1 - Math.exp(-rate * (chunks * full + decode))
    const alone = rest > 0 ? stepSecondsOf(load, { tokens: rest, running }) - decode : 0
    const extra = chunks * (full - decode) + (1 - shared) * alone + (shared * rest * (full - decode)) / budget
    return rate * extra < 1 ? decode / (1 - rate * extra) : Number.POSITIVE_INFINITY
  }
  let withPrompts = stepSecondsOf(load, { tokens: promptTokens, running })
  let share = 0
  let mean = decode
  for (let round = 0; round < 8; round += 1) {
    const begins = -Math.expm1(-rate * decode)
    const ends = Math.exp(-rate * withPrompts)
    share = begins / (begins + ends)
    mean = (1 - share) * decode + share * withPrompts
    const prompts = Math.min(Math.max((rate * mean) / Math.max(share, 1e-12), 1), budget / promptTokens)
    withPrompts = stepSecondsOf(load, { tokens: prompts * promptTokens, running })
  }
  if (rate * mean * promptTokens <= budget * share * 1.0001) return mean
  return usedByFull < 1 ? Math.max(mean, decode / (1 - usedByFull)) : Number.POSITIVE_INFINITY
}

/**
 * Largest rate of requests that one replica serves for ever, per second: every slot taken, or every step full of
 * prompts.
 */
export function largestRate(
  load: QueueingLoad,
  meanStep: (running: number, ratePerSecond: number) => number,
): number {
  const whenFull = runningWhenFull(load)
  const { slots, decodeSteps } = load
  if (whenFull <= slots) {
    const tokens = promptBudget(load, whenFull)
    return tokens / load.promptTokens / stepSecondsOf(load, { tokens, running: whenFull })
  }
  let low = 0
  let high = slots / (decodeSteps * stepSecondsOf(load, { tokens: 0, running: slots }))
  while (high - low > 1e-4 * high) {
    const middle = (low + high) / 2
    if (middle * decodeSteps * meanStep(slots, middle) < slots) low = middle
    else high = middle
  }
  return low
}
