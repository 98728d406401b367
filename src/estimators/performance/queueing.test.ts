import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testEngines } from '../../simulation/engines.test-data.ts'
import { simulate } from '../../simulation/simulate.ts'
import type { EngineStep } from './engine-step.ts'
import { capacityRequestsPerSecond, openLatency } from './queueing.ts'
import type { RequestLengths } from './queueing-load.ts'

const equal = (inputTokens: number, outputTokens: number): RequestLengths => ({
  inputTokens,
  outputTokens,
  inputSquaredVariation: 0,
  outputSquaredVariation: 0,
})

function simulatedP95(input: {
  engine: EngineStep
  lengths: RequestLengths
  ratePerSecond: number
  requests: number
}) {
  const { engine, lengths, ratePerSecond, requests } = input
  let sum = 0
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { summary } = simulate({
      engine,
      replicas: 1,
      routing: 'round-robin',
      traffic: { kind: 'open', ratePerSecond, burstiness: 1 },
      lengths: {
        input: { kind: 'fixed', tokens: lengths.inputTokens },
        output: { kind: 'fixed', tokens: lengths.outputTokens },
      },
      requests,
      seed,
      warmupFraction: 0.2,
      cooldownFraction: 0.02,
    })
    sum += summary.ttftSeconds.p95
  }
  return sum / seeds
}

const seeds = 10
const cells = Object.entries(testEngines).flatMap(([name, engine]) =>
  [
    [128, 32],
    [256, 512],
    [1000, 250],
    [2048, 64],
    [8192, 256],
  ].map(([input, output]) => ({ name, engine, input: input!, output: output! })),
)

describe('openLatency', () => {
  // The whole grid, real models, bursts and a trace: src/bench/simulation-grid.ts.
  it.each(cells)('meets the simulated p95 TTFT within 15 %: $name, $input/$output tokens', (cell) => {
    const { engine } = cell
    const lengths = equal(cell.input, cell.output)
    const capacity = capacityRequestsPerSecond(engine, lengths)
    for (const load of [0.2, 0.5, 0.8]) {
      const ratePerSecond = load * capacity
      const simulated = simulatedP95({ engine, lengths, ratePerSecond, requests: load > 0.6 ? 8000 : 3000 })
      const { ttftSeconds } = openLatency(engine, { ratePerSecond, burstiness: 1, lengths })!
      expect(Math.abs(ttftSeconds.p95 / simulated - 1), `load ${load}`).toBeLessThan(0.15)
    }
  })

  it('finds the rate that the simulation can just serve', () => {
    for (const { engine, input, output } of cells) {
      const lengths = equal(input, output)
      const capacity = capacityRequestsPerSecond(engine, lengths)
      const { requests } = simulate({
        engine,
        replicas: 1,
        routing: 'round-robin',
        traffic: { kind: 'open', ratePerSecond: 1.1 * capacity, burstiness: 1 },
        lengths: { input: { kind: 'fixed', tokens: input }, output: { kind: 'fixed', tokens: output } },
        requests: 30_000,
        seed: 1,
        warmupFraction: 0,
        cooldownFraction: 0,
      })
      const ends = requests.finishSeconds.toSorted()
      const [from, to] = [15_000, 26_000]
      const served = (to - from) / (ends[to]! - ends[from]!)
      expect(Math.abs(capacity / served - 1)).toBeLessThan(0.06)
    }
  })

  it('has no answer at or above capacity, nor where one request does not fit', () => {
    const lengths = equal(1000, 200)
    const capacity = capacityRequestsPerSecond(testEngines.card8, lengths)
    expect(
      openLatency(testEngines.card8, { ratePerSecond: capacity, burstiness: 1, lengths }),
    ).toBeUndefined()
    expect(
      openLatency(testEngines.card8, { ratePerSecond: 2 * capacity, burstiness: 1, lengths }),
    ).toBeUndefined()
    const tiny = { ...testEngines.card8, kvCapacityTokens: 1100 }
    expect(capacityRequestsPerSecond(tiny, lengths)).toBe(0)
    expect(openLatency(tiny, { ratePerSecond: 0.001, burstiness: 1, lengths })).toBeUndefined()
  })

  it('orders its percentiles, and grows with load and bursts', () => {
    fc.assert(
      fc.property(
        fc.record({
          name: fc.constantFrom(...(Object.keys(testEngines) as (keyof typeof testEngines)[])),
          input: fc.integer({ min: 20, max: 12_000 }),
          output: fc.integer({ min: 1, max: 1500 }),
          varies: fc.boolean(),
        }),
        ({ name, input, output, varies }) => {
          const engine = testEngines[name]
          const lengths = {
            ...equal(input, output),
            ...(varies ? { inputSquaredVariation: 0.6, outputSquaredVariation: 0.6 } : {}),
          }
          const capacity = capacityRequestsPerSecond(engine, lengths)
          expect(capacity).toBeGreaterThan(0)
          let before = 0
          for (const load of [0.05, 0.4, 0.75, 0.95]) {
            const latency = openLatency(engine, { ratePerSecond: load * capacity, burstiness: 1, lengths })!
            const { ttftSeconds: ttft, endToEndSeconds: all } = latency
            for (const of of [ttft, all]) {
              expect(of.p50).toBeGreaterThan(0)
              expect(of.p95).toBeGreaterThanOrEqual(of.p50)
              expect(of.p99).toBeGreaterThanOrEqual(of.p95)
              expect(of.p99).toBeLessThan(Number.POSITIVE_INFINITY)
            }
            expect(ttft.p50).toBeGreaterThan(engine.requestLatencySeconds)
            // Grid steps of the numeric solution leave a little play.
            expect(ttft.p95).toBeGreaterThan(before * 0.93)
            before = ttft.p95
          }
        },
      ),
      { numRuns: 12, seed: 11 },
    )
    const lengths = equal(1000, 200)
    const ratePerSecond = 0.5 * capacityRequestsPerSecond(testEngines.dense8, lengths)
    const p95 = (burstiness: number) =>
      openLatency(testEngines.dense8, { ratePerSecond, burstiness, lengths })!.ttftSeconds.p95
    expect(p95(2)).toBeGreaterThan(p95(1))
    expect(p95(4)).toBeGreaterThan(p95(2))
  })

  it('is an idle engine’s prefill where next to nothing arrives', () => {
    const engine = testEngines.dense8
    const alone = engine.stepSeconds({
      prefillTokens: 500,
      prefillSeenTokens: 250,
      decodeSequences: 0,
      decodeContextTokens: 0,
    })
    const { ttftSeconds } = openLatency(engine, {
      ratePerSecond: 1e-4,
      burstiness: 1,
      lengths: equal(500, 2),
    })!
    expect(ttftSeconds.p50 / (engine.requestLatencySeconds + alone)).toBeCloseTo(1, 1)
  })
})
