import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EngineStep } from '../estimators/performance/engine-step.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { testEngines } from './engines.test-data.ts'
import { type SimulationInput, simulate, simulateWithProgress } from './simulate.ts'

const base = {
  engine: testEngines.dense8,
  replicas: 1,
  routing: 'round-robin',
  traffic: { kind: 'open', ratePerSecond: 6, burstiness: 1 },
  lengths: { input: { kind: 'fixed', tokens: 700 }, output: { kind: 'fixed', tokens: 120 } },
  requests: 2000,
  seed: 1,
  warmupFraction: 0,
  cooldownFraction: 0,
} as const satisfies SimulationInput

/** An engine whose step always takes the same, so that latencies can be counted by hand. */
const clockwork: EngineStep = {
  ...testEngines.dense8,
  requestLatencySeconds: 0,
  kvCapacityTokens: Number.POSITIVE_INFINITY,
  stepSeconds: () => 1,
}
const at = (arrivalSeconds: number, inputTokens: number, outputTokens: number) => ({
  arrivalSeconds,
  inputTokens,
  outputTokens,
})

function replay(engine: EngineStep, requests: ReturnType<typeof at>[]) {
  return simulate({ ...base, engine, traffic: { kind: 'trace', requests } }).requests
}

describe('simulate', () => {
  it('counts steps as by hand: a prompt of 3 chunks, then one token a step', () => {
    const requests = replay({ ...clockwork, maxBatchedTokens: 100 }, [at(5, 250, 4)])
    expect(requests.firstTokenSeconds[0]).toBe(5 + 3)
    expect(requests.finishSeconds[0]).toBe(5 + 3 + 3)
  })

  it('lets a request that arrives within a step wait for its end, and share the budget with what runs', () => {
    const requests = replay({ ...clockwork, maxBatchedTokens: 100 }, [at(0, 100, 10), at(0.5, 100, 10)])
    expect(requests.firstTokenSeconds[0]).toBe(1)
    // Step 2 has room for 99 tokens beside the first request's decode, step 3 for the last one.
    expect(requests.firstTokenSeconds[1]).toBe(3)
    expect(requests.finishSeconds[0]).toBe(1 + 9)
  })

  it('holds requests back when all sequence slots are taken', () => {
    const requests = replay({ ...clockwork, maxSequences: 1 }, [at(0, 10, 5), at(0, 10, 5)])
    expect(requests.finishSeconds[0]).toBe(5)
    expect(requests.firstTokenSeconds[1]).toBe(6)
  })

  it('reserves memory for the whole output, or preempts the newest and computes it again', () => {
    const pair = [at(0, 10, 50), at(0, 10, 50)]
    const reserve = replay({ ...clockwork, kvCapacityTokens: 100, kvPolicy: 'reserve' }, pair)
    expect(reserve.firstTokenSeconds[1]).toBe(50 + 1)
    const preempt = replay({ ...clockwork, kvCapacityTokens: 100, kvPolicy: 'preempt' }, pair)
    expect(preempt.firstTokenSeconds[1]).toBe(1)
    expect(preempt.preemptions[0]).toBe(0)
    expect(preempt.preemptions[1]).toBe(1)
    expect(preempt.finishSeconds[0]).toBe(50)
    expect(preempt.finishSeconds[1]).toBeGreaterThan(50)
  })

  it('yields several tokens a step with speculation, and skips what the prefix cache holds', () => {
    const engine = { ...clockwork, tokensPerStep: 3, verifiedTokensPerStep: 4, maxBatchedTokens: 100 }
    expect(replay(engine, [at(0, 100, 10)]).finishSeconds[0]).toBe(1 + 9 / 3)
    expect(replay({ ...engine, cachedInputFraction: 0.5 }, [at(0, 200, 1)]).finishSeconds[0]).toBe(1)
  })

  it('refuses what no replica can hold, and goes on', () => {
    const { requests, rejected } = simulate({
      ...base,
      engine: { ...clockwork, kvCapacityTokens: 100 },
      traffic: { kind: 'trace', requests: [at(0, 500, 10), at(1, 50, 10)] },
    })
    expect(rejected).toBe(1)
    expect(requests.finishSeconds[0]).toBeNaN()
    expect(requests.finishSeconds[1]).toBeGreaterThan(1)
  })

  it('adds many steps up to what one by one gives', () => {
    // Cutting the run of steps at each second by arrivals of one token changes nothing for the first request but rounding.
    const engine = { ...testEngines.dense8, stepSeconds: decodeOnly(testEngines.dense8) }
    const whole = replay(engine, [at(0, 500, 2000)])
    let clock = engine.stepSeconds(load(500, 0, 0))
    for (let token = 1; token < 2000; token += 1) clock += engine.stepSeconds(load(0, 1, 500 + token))
    expect(whole.finishSeconds[0]).toBeCloseTo(clock, 9)
  })

  it('conserves requests and tokens, whatever the load', () => {
    fc.assert(
      fc.property(
        fc.record({
          rate: fc.double({ min: 0.5, max: 60, noNaN: true }),
          burstiness: fc.constantFrom(0.5, 1, 3),
          input: fc.integer({ min: 1, max: 9000 }),
          output: fc.integer({ min: 1, max: 400 }),
          memory: fc.integer({ min: 12_000, max: 60_000 }),
          policy: fc.constantFrom('reserve' as const, 'preempt' as const),
          replicas: fc.integer({ min: 1, max: 3 }),
          closed: fc.boolean(),
          speculation: fc.constantFrom(1, 2.3),
          seed: fc.nat(1000),
        }),
        (x) => {
          const { requests, summary } = simulate({
            ...base,
            engine: {
              ...testEngines.card8,
              kvCapacityTokens: x.memory,
              kvPolicy: x.policy,
              tokensPerStep: x.speculation,
            },
            replicas: x.replicas,
            routing: 'least-outstanding',
            traffic: x.closed
              ? { kind: 'closed', concurrency: 40 }
              : { kind: 'open', ratePerSecond: x.rate, burstiness: x.burstiness },
            lengths: {
              input: { kind: 'fixed', tokens: x.input },
              output: { kind: 'lognormal', meanTokens: x.output, p95Tokens: x.output * 2 },
            },
            requests: 200,
            seed: x.seed,
          })
          let output = 0
          for (let index = 0; index < requests.count; index += 1) {
            if (Number.isNaN(requests.finishSeconds[index]!)) {
              expect(requests.inputTokens[index]! + requests.outputTokens[index]!).toBeGreaterThan(x.memory)
              continue
            }
            output += requests.outputTokens[index]!
            expect(requests.producedTokens[index]).toBe(requests.outputTokens[index])
            expect(requests.firstTokenSeconds[index]).toBeGreaterThan(requests.arrivalSeconds[index]!)
            expect(requests.finishSeconds[index]).toBeGreaterThanOrEqual(requests.firstTokenSeconds[index]!)
          }
          expect(summary.outputTokensPerSecond * summary.durationSeconds).toBeCloseTo(output, 3)
        },
      ),
      { numRuns: 60, seed: 7 },
    )
  })

  it('obeys Little’s law: requests in the system = rate × time in it', () => {
    for (const kvPolicy of ['reserve', 'preempt'] as const) {
      const { requests, summary } = simulate({
        ...base,
        engine: { ...testEngines.card8, kvPolicy },
        traffic: { kind: 'open', ratePerSecond: 8, burstiness: 2 },
      })
      let stay = 0
      for (let index = 0; index < requests.count; index += 1) {
        stay += requests.finishSeconds[index]! - requests.arrivalSeconds[index]!
      }
      const inSystem = summary.meanRunningSequences + summary.meanWaitingRequests
      // What arrives within a step counts as waiting from its end on or from its arrival: the same time in the end.
      expect(inSystem / (stay / summary.durationSeconds)).toBeCloseTo(1, 6)
    }
  })

  it('keeps the concurrency of a closed loop', () => {
    const { summary } = simulate({ ...base, traffic: { kind: 'closed', concurrency: 24 } })
    expect(summary.meanRunningSequences + summary.meanWaitingRequests).toBeGreaterThan(23)
    expect(summary.meanRunningSequences + summary.meanWaitingRequests).toBeLessThanOrEqual(24.001)
  })

  it('grows with the load, and shrinks with replicas', () => {
    const p95 = (input: Partial<SimulationInput>) =>
      simulate({ ...base, ...input, requests: 4000 }).summary.ttftSeconds.p95
    const at = (ratePerSecond: number) =>
      ({ traffic: { kind: 'open', ratePerSecond, burstiness: 1 } }) as const
    const rising = [2, 8, 14, 20].map((rate) => p95(at(rate)))
    expect(rising).toEqual([...rising].sort((a, b) => a - b))
    expect(p95({ ...at(20), replicas: 2 })).toBeLessThan(p95(at(20)))
    // With few slots and uneven lengths, the fullest replica is the wrong one to queue at.
    const uneven = {
      engine: { ...testEngines.dense8, maxSequences: 8 },
      lengths: { ...base.lengths, output: { kind: 'lognormal', meanTokens: 120, p95Tokens: 400 } },
      replicas: 3,
      ...at(16),
    } as const
    expect(p95({ ...uneven, routing: 'least-outstanding' })).toBeLessThan(
      p95({ ...uneven, routing: 'round-robin' }),
    )
  })

  it('gives the same bytes for the same seed, and others for another', () => {
    const run = (seed: number) => JSON.stringify(simulate({ ...base, seed }).summary)
    expect(run(3)).toBe(run(3))
    expect(run(3)).not.toBe(run(4))
  })

  it('reports progress and stops when told to', async () => {
    const seen: number[] = []
    const long = { ...base, requests: 60_000 }
    const result = await simulateWithProgress(long, { onProgress: (fraction) => seen.push(fraction) })
    expect(seen.length).toBeGreaterThan(1)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(JSON.stringify(result.summary)).toBe(JSON.stringify(simulate(long).summary))
    const controller = new AbortController()
    const stopped = simulateWithProgress(long, {
      onProgress: () => controller.abort(),
      signal: controller.signal,
    })
    await expect(stopped).rejects.toThrow(RightsizeError)
  })
})

function load(prefillTokens: number, decodeSequences: number, decodeContextTokens: number) {
  return { prefillTokens, prefillSeenTokens: prefillTokens / 2, decodeSequences, decodeContextTokens }
}

/** Windowed attention: the step time bends once, at 1,200 tokens of context. */
function decodeOnly(engine: EngineStep): EngineStep['stepSeconds'] {
  return (step) => engine.stepSeconds(step) + 1e-6 * Math.min(step.decodeContextTokens, 1200)
}
