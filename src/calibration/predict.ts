import {
  burst,
  emptyPerformance,
  type Performance,
  type ServingLoad,
  saturated,
  staticBatch,
  steadyState,
} from '../estimators/performance/steady-state.ts'
import { decodeStepSeconds, prefillSeconds } from '../estimators/performance/step-time.ts'
import { millisecond } from '../foundation/units.ts'
import type { RunCase } from './run-case.ts'
import type { SpeedMetric } from './runs.ts'

const openLoopRounds = 12
const openLoopMost = 1000

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
const load: Mutable<ServingLoad> = {
  concurrency: 1,
  inputTokens: 0,
  outputTokens: 0,
  cachedInputFraction: 0,
  tokensPerStep: 1,
  verifiedTokensPerStep: 1,
  sequencesInMemory: 1,
  burstFraction: 0,
}
const out = emptyPerformance()
const single = { decodeSequences: 1, decodeContextTokens: 0 }
const prompt = { newTokens: 0, depthTokens: 0, packed: 1 }

/** What the model says of one metric of a run, in the run's own unit (ms, tokens/s, requests/s). */
export function predictMetric(item: RunCase, metric: SpeedMetric): number {
  const { model } = item
  if (metric === 'prefill_tokens_per_second') {
    prompt.newTokens = item.prefillTokens
    prompt.depthTokens = item.depthTokens
    return item.prefillTokens / prefillSeconds(model, prompt)
  }
  if (metric === 'decode_tokens_per_second') {
    single.decodeContextTokens = item.inputTokens + item.outputTokens / 2
    return 1 / decodeStepSeconds(model, single)
  }
  run(item)
  switch (metric) {
    case 'ttft_ms':
      return out.ttftSeconds / millisecond
    case 'tpot_ms':
      return (item.medianTpot ? out.medianTpotSeconds : out.tpotSeconds) / millisecond
    case 'output_tokens_per_second':
      return out.outputTokensPerSecond
    case 'total_tokens_per_second':
      return out.totalTokensPerSecond
    case 'requests_per_second':
      return out.requestsPerSecond
  }
}

/** All the model says of a run. The object is reused: read it before the next call. */
export function predictPerformance(item: RunCase): Readonly<Performance> {
  run(item)
  return out
}

function run(item: RunCase): void {
  const { model, mode } = item
  load.inputTokens = item.inputTokens
  load.outputTokens = item.outputTokens
  load.sequencesInMemory = item.sequencesInMemory
  load.concurrency = item.concurrency
  load.burstFraction = item.usualBurstFraction
  if (mode === 'static-batch') staticBatch(model, load, out)
  else if (mode === 'saturated' || mode.startsWith('mlperf')) saturated(model, load, item.maxSequences, out)
  else if (mode === 'burst') {
    load.concurrency = item.run.num_requests ?? item.concurrency
    burst(model, load, item.burstSequences, out)
  } else if (mode === 'open-loop') openLoop(item)
  else {
    if (mode === 'single-stream') load.burstFraction = 0
    else if (item.run.num_requests !== undefined) {
      load.burstFraction = Math.min(1, item.concurrency / item.run.num_requests)
    }
    steadyState(model, load, out)
  }
}

/** Requests in flight are what arrives while one is served (Little's law). */
function openLoop(item: RunCase): void {
  const rate = item.run.request_rate_per_second ?? 0
  load.burstFraction = 0
  let inFlight = 1
  for (let round = 0; round < openLoopRounds; round++) {
    load.concurrency = Math.max(1, inFlight)
    steadyState(item.model, load, out)
    inFlight = (inFlight + Math.min(rate * out.endToEndSeconds, openLoopMost)) / 2
  }
}
