import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disaggregated, handedOverBytes } from '../estimators/performance/disaggregated.ts'
import { disaggregatedCapacity } from '../estimators/performance/disaggregated-capacity.ts'
import { type EngineStep, engineStep } from '../estimators/performance/engine-step.ts'
import { anyStepModelInput } from '../estimators/performance/random-models.test-data.ts'
import { emptyPerformance } from '../estimators/performance/steady-state.ts'
import { prepareStepModel } from '../estimators/performance/step-model.ts'
import { type DisaggregatedSimulationInput, simulateDisaggregated } from './disaggregated.ts'
import { testEngines } from './engines.test-data.ts'

const base = {
  prefill: { engine: testEngines.dense8, replicas: 1 },
  decode: { engine: testEngines.dense8, replicas: 1 },
  routing: 'least-outstanding',
  traffic: { kind: 'open', ratePerSecond: 6, burstiness: 1 },
  lengths: { input: { kind: 'fixed', tokens: 3000 }, output: { kind: 'fixed', tokens: 200 } },
  transfer: { bytesPerSecond: 50e9, bytesOf: (tokens) => 131_072 * tokens },
  requests: 2000,
  seed: 1,
  warmupFraction: 0,
  cooldownFraction: 0,
} as const satisfies DisaggregatedSimulationInput

/** An engine whose step always takes the same, so that latencies can be counted by hand. */
const clockwork: EngineStep = {
  ...testEngines.dense8,
  requestLatencySeconds: 0,
  maxBatchedTokens: 100,
  kvCapacityTokens: Number.POSITIVE_INFINITY,
  stepSeconds: () => 1,
}
const at = (arrivalSeconds: number, inputTokens: number, outputTokens: number) => ({
  arrivalSeconds,
  inputTokens,
  outputTokens,
})

/** A byte for each token, a hundred a second. */
function replay(
  requests: ReturnType<typeof at>[],
  limits: { prefill?: Partial<EngineStep>; decode?: Partial<EngineStep> } = {},
) {
  return simulateDisaggregated({
    ...base,
    prefill: { engine: { ...clockwork, ...limits.prefill }, replicas: 1 },
    decode: { engine: { ...clockwork, ...limits.decode }, replicas: 1 },
    transfer: { bytesPerSecond: 100, bytesOf: (tokens) => tokens },
    traffic: { kind: 'trace', requests },
  })
}

describe('simulated prefill and decode in separate pools', () => {
  it('counts by hand: a prompt of 3 chunks, 250 bytes at 100 a second, then one token a step', () => {
    const { requests, summary } = replay([at(5, 250, 4)])
    expect(requests.firstTokenSeconds[0]).toBe(5 + 3 + 2.5)
    expect(requests.finishSeconds[0]).toBe(5 + 3 + 2.5 + 3)
    expect(summary.prefillPool.secondsInPool.mean).toBe(3)
    expect(summary.handOver.transferSeconds.mean).toBe(2.5)
    expect(summary.decodePool.secondsInPool.mean).toBe(3)
    expect(summary.decodePool.tpotSeconds.mean).toBe(1)
  })

  it('ends a request of one token where its prompt is read', () => {
    const { requests, summary } = replay([at(0, 100, 1)])
    expect(requests.finishSeconds[0]).toBe(1)
    expect(summary.decodePool.steps).toBe(0)
  })

  it('lets caches wait for each other on the link, and not for decode steps of others', () => {
    // Both prompts fit one step; 50 bytes each: the second one leaves when the first has arrived.
    const { requests, summary } = replay([at(0, 50, 10), at(0, 50, 10)])
    expect(requests.firstTokenSeconds[0]).toBe(1 + 0.5)
    expect(requests.firstTokenSeconds[1]).toBe(1 + 0.5 + 0.5)
    expect(summary.handOver.linkWaitSeconds.max).toBe(0.5)
    // It landed within the first one's first step (1.5 to 2.5) and joins at its end.
    expect(requests.finishSeconds[1]).toBe(2.5 + 9)
  })

  it('keeps a cache in the prefill pool until the decode pool has room, which holds the next prompt back', () => {
    const { requests, summary } = replay([at(0, 50, 10), at(0, 50, 10), at(0, 50, 10)], {
      prefill: { kvCapacityTokens: 70 },
      decode: { maxSequences: 1 },
    })
    expect(requests.finishSeconds[0]).toBe(1 + 0.5 + 9)
    // The second prompt is read while the first decodes; the third cannot start before the second's cache has left.
    expect(requests.firstTokenSeconds[1]).toBe(requests.finishSeconds[0]! + 0.5)
    expect(summary.handOver.roomWaitSeconds.max).toBe(requests.finishSeconds[0]! - 2.5)
    expect(requests.finishSeconds[2]).toBeGreaterThan(requests.finishSeconds[1]!)
    expect(summary.prefillPool.secondsInPool.max).toBe(requests.firstTokenSeconds[1]! + 1)
  })

  it('computes a preempted sequence again in the decode pool', () => {
    const limits = { decode: { kvCapacityTokens: 100, kvPolicy: 'preempt' as const } }
    const { requests } = replay([at(0, 10, 50), at(0, 10, 50)], limits)
    expect(requests.preemptions[1]).toBe(1)
    expect(requests.finishSeconds[0]).toBeLessThan(requests.finishSeconds[1]!)
    expect(requests.producedTokens[1]).toBe(50)
  })

  it('refuses what no replica can hold, and goes on', () => {
    const { requests, rejected } = replay([at(0, 500, 10), at(1, 50, 10)], {
      decode: { kvCapacityTokens: 100 },
    })
    expect(rejected).toBe(1)
    expect(requests.finishSeconds[0]).toBeNaN()
    expect(requests.finishSeconds[1]).toBeGreaterThan(1)
  })

  it('equals the approximation for one request at a time, on random models', () => {
    const alone = anyStepModelInput.filter(
      ({ layout }) => layout.pipelineParallel === 1 && layout.attentionDataParallel === 1,
    )
    fc.assert(
      fc.property(alone, fc.integer({ min: 1, max: 4 }), (modelInput, decodeReplicas) => {
        const model = prepareStepModel({ ...modelInput, layout: { ...modelInput.layout, replicas: 1 } })
        // One chunk, and contexts on one side of a window: the mean context then gives the mean step.
        const inputTokens = 400
        const outputTokens = 101
        if (model.windowTokens > inputTokens && model.windowTokens < inputTokens + outputTokens) return
        const pools = { prefillReplicas: 2, decodeReplicas, transferBytesPerSecond: 25e9 }
        const fast = disaggregated(
          {
            prefill: model,
            decode: model,
            ...pools,
            load: {
              concurrency: 1,
              inputTokens,
              outputTokens,
              cachedInputFraction: 0,
              tokensPerStep: 1,
              verifiedTokensPerStep: 1,
              sequencesInMemory: 64,
              burstFraction: 0,
            },
          },
          emptyPerformance(),
        )
        const { stepSeconds: _, requestLatencySeconds: __, ...limits } = testEngines.dense8
        const engine = engineStep(model, limits)
        const { summary } = simulateDisaggregated({
          ...base,
          prefill: { engine, replicas: pools.prefillReplicas },
          decode: { engine, replicas: decodeReplicas },
          transfer: {
            bytesPerSecond: pools.transferBytesPerSecond,
            bytesOf: (tokens) => handedOverBytes(model, tokens),
          },
          lengths: { input: { kind: 'fixed', tokens: 400 }, output: { kind: 'fixed', tokens: 101 } },
          traffic: { kind: 'closed', concurrency: 1 },
          requests: 20,
        })
        const near = (simulated: number, approximated: number) =>
          expect(Math.abs(simulated - approximated)).toBeLessThanOrEqual(1e-9 * fast.endToEndSeconds)
        near(summary.ttftSeconds.mean, fast.ttftSeconds)
        near(summary.tpotSeconds.mean, fast.tpotSeconds)
        // The closed form counts a step for every output token, the simulation none for the first.
        near(summary.endToEndSeconds.mean, fast.endToEndSeconds - fast.tpotSeconds)
      }),
      { numRuns: 40, seed: 3 },
    )
  })

  it('conserves requests and tokens, and the parts of the way sum to the whole', () => {
    fc.assert(
      fc.property(
        fc.record({
          rate: fc.double({ min: 0.5, max: 40, noNaN: true }),
          input: fc.integer({ min: 1, max: 9000 }),
          output: fc.integer({ min: 1, max: 400 }),
          memory: fc.integer({ min: 12_000, max: 60_000 }),
          policy: fc.constantFrom('reserve' as const, 'preempt' as const),
          prefill: fc.integer({ min: 1, max: 3 }),
          decode: fc.integer({ min: 1, max: 3 }),
          link: fc.constantFrom(1e8, 1e10),
          closed: fc.boolean(),
          routing: fc.constantFrom('round-robin' as const, 'least-outstanding' as const),
          speculation: fc.constantFrom(1, 2.3),
          seed: fc.nat(1000),
        }),
        (x) => {
          const engine = {
            ...testEngines.card8,
            kvCapacityTokens: x.memory,
            kvPolicy: x.policy,
            tokensPerStep: x.speculation,
          }
          const { requests, rejected, summary } = simulateDisaggregated({
            ...base,
            prefill: { engine, replicas: x.prefill },
            decode: { engine, replicas: x.decode },
            routing: x.routing,
            traffic: x.closed
              ? { kind: 'closed', concurrency: 40 }
              : { kind: 'open', ratePerSecond: x.rate, burstiness: 1 },
            lengths: {
              input: { kind: 'fixed', tokens: x.input },
              output: { kind: 'lognormal', meanTokens: x.output, p95Tokens: x.output * 2 },
            },
            transfer: { bytesPerSecond: x.link, bytesOf: (tokens) => 1e5 * tokens },
            requests: 200,
            seed: x.seed,
          })
          let output = 0
          let served = 0
          let first = 0
          for (let index = 0; index < requests.count; index += 1) {
            if (Number.isNaN(requests.finishSeconds[index]!)) continue
            served += 1
            output += requests.outputTokens[index]!
            first += requests.firstTokenSeconds[index]! - requests.arrivalSeconds[index]!
            expect(requests.producedTokens[index]).toBe(requests.outputTokens[index])
            expect(requests.firstTokenSeconds[index]).toBeGreaterThan(requests.arrivalSeconds[index]!)
            expect(requests.finishSeconds[index]).toBeGreaterThanOrEqual(requests.firstTokenSeconds[index]!)
          }
          expect(served + rejected).toBe(200)
          if (served === 0) return
          expect(summary.outputTokensPerSecond * summary.durationSeconds).toBeCloseTo(output, 3)
          const { prefillPool, handOver, decodePool } = summary
          const memory = x.memory * (1 + 1e-9)
          expect(prefillPool.meanKvTokens).toBeLessThanOrEqual(memory * x.prefill)
          expect(decodePool.meanKvTokens).toBeLessThanOrEqual(memory * x.decode)
          // Little's law in the decode pool: sequences in it = rate × time in it.
          let stay = 0
          for (let index = 0; index < requests.count; index += 1) {
            const seconds = requests.finishSeconds[index]! - requests.firstTokenSeconds[index]!
            if (seconds > 0) stay += seconds
          }
          const inPool = decodePool.meanRunningSequences + decodePool.meanWaitingRequests
          expect(inPool * summary.durationSeconds).toBeCloseTo(stay, 5)
          if (requests.outputTokens.some((tokens) => tokens === 1)) return
          const parts =
            prefillPool.secondsInPool.mean +
            handOver.roomWaitSeconds.mean +
            handOver.linkWaitSeconds.mean +
            handOver.transferSeconds.mean
          expect(parts).toBeCloseTo(first / served, 6)
          expect(parts + decodePool.secondsInPool.mean).toBeCloseTo(
            summary.endToEndSeconds.mean - engine.requestLatencySeconds,
            6,
          )
        },
      ),
      { numRuns: 60, seed: 7 },
    )
  })

  it('gets faster with more replicas in either pool and with a faster link', () => {
    const run = (prefill: number, decode: number, bytesPerSecond: number) =>
      simulateDisaggregated({
        ...base,
        prefill: { engine: testEngines.dense8, replicas: prefill },
        decode: { engine: { ...testEngines.dense8, maxSequences: 48 }, replicas: decode },
        transfer: { ...base.transfer, bytesPerSecond },
        traffic: { kind: 'open', ratePerSecond: 9, burstiness: 1 },
      }).summary
    const falling = (values: number[]) => expect(values).toEqual([...values].sort((a, b) => b - a))
    falling([1, 2, 3, 4].map((prefill) => run(prefill, 2, 50e9).ttftSeconds.p95))
    falling([1, 2, 3, 4].map((decode) => run(2, decode, 50e9).endToEndSeconds.p95))
    falling([1, 2, 3, 4].map((decode) => run(2, decode, 50e9).tpotSeconds.mean))
    falling([2e9, 5e9, 50e9].map((bytesPerSecond) => run(2, 2, bytesPerSecond).ttftSeconds.p95))
  })

  it('serves at overload what the slowest part passes, within 5 %', () => {
    const { dense8 } = testEngines
    const lengths = {
      inputTokens: 3000,
      outputTokens: 200,
      inputSquaredVariation: 0,
      outputSquaredVariation: 0,
    }
    for (const x of [
      { prefill: 1, decode: 3, slots: 256, bytesPerSecond: 50e9, least: 'prefillPerSecond' },
      { prefill: 3, decode: 1, slots: 32, bytesPerSecond: 50e9, least: 'decodePerSecond' },
      { prefill: 2, decode: 2, slots: 256, bytesPerSecond: 2e9, least: 'transferPerSecond' },
    ] as const) {
      const prefill = { engine: dense8, replicas: x.prefill }
      const decode = { engine: { ...dense8, maxSequences: x.slots }, replicas: x.decode }
      const bytesPerSecond = x.bytesPerSecond
      const capacity = disaggregatedCapacity({
        prefill,
        decode,
        lengths,
        transferSeconds: base.transfer.bytesOf(3000) / bytesPerSecond,
      })
      expect(capacity.requestsPerSecond).toBe(capacity[x.least])
      const { summary } = simulateDisaggregated({
        ...base,
        prefill,
        decode,
        transfer: { ...base.transfer, bytesPerSecond },
        traffic: { kind: 'open', ratePerSecond: 2 * capacity.requestsPerSecond, burstiness: 1 },
      })
      expect(summary.requestsPerSecond / capacity.requestsPerSecond).toBeGreaterThan(0.95)
      expect(summary.requestsPerSecond / capacity.requestsPerSecond).toBeLessThanOrEqual(1.01)
    }
  })

  it('gives the same bytes for the same seed', () => {
    const run = () => JSON.stringify(simulateDisaggregated({ ...base, requests: 500 }).summary)
    expect(run()).toBe(run())
  })
})
