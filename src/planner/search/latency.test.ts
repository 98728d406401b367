import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createCatalog } from '../../catalogs/catalog.ts'
import { readCatalogFolder } from '../../catalogs/folder.node.ts'
import { engineStep } from '../../estimators/performance/engine-step.ts'
import { simulate } from '../../simulation/simulate.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { createLatency } from './latency.ts'
import { type LoneReplica, loneReplica } from './lone-replica.ts'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'catalogs')
const catalog = createCatalog(readCatalogFolder(folder).data)

/** One replica of a model on one accelerator under lengths of a mean and a 95th percentile. */
function replicaOf({ tokens, ...of }: LoneReplica & { tokens: NonNullable<ScenarioInput['tokens']> }) {
  const { task, replica } = loneReplica(catalog, of, { demand: { requestRate: '1 /s' }, tokens })
  return { task, model: replica.step }
}

describe('createLatency', () => {
  it.each([
    [
      'short prompts',
      'llama-3.1-8b-instruct',
      'l40s',
      1,
      { mean: 800, p95: 2000 },
      { mean: 200, p95: 400 },
      8,
    ],
    [
      'long prompts',
      'llama-3.3-70b-instruct',
      'h100-sxm-80',
      4,
      { mean: 4000, p95: 12_000 },
      { mean: 350, p95: 900 },
      5,
    ],
    ['equal prompts', 'qwen3-8b', 'h100-sxm-80', 1, { mean: 1500 }, { mean: 250 }, 20],
  ] as const)(
    'agrees with the simulation on the 95th percentile of TTFT: %s',
    (_, name, accelerator, tensor, inputTokens, outputTokens, concurrency) => {
      const { task, model } = replicaOf({
        model: name,
        accelerator,
        tensor,
        tokens: { input: inputTokens, output: outputTokens },
      })
      const latency = createLatency({ ...task, percentile: 0.95 })
      const at = latency.empty()
      latency.prepare(model)
      latency.at(model, concurrency, at)
      const { summary } = simulate({
        engine: engineStep(model, {
          maxBatchedTokens: model.prefillChunkTokens,
          maxSequences: 256,
          kvCapacityTokens: Number.POSITIVE_INFINITY,
          kvTokensPerSequence: 0,
          tokensPerStep: 1,
          verifiedTokensPerStep: 1,
          cachedInputFraction: 0,
          kvPolicy: 'reserve',
        }),
        replicas: 1,
        routing: 'round-robin',
        traffic: { kind: 'open', ratePerSecond: at.requestsPerSecond, burstiness: 1 },
        lengths: {
          input: { kind: 'lognormal', meanTokens: task.inputTokensMean, p95Tokens: task.inputTokensP95 },
          output: { kind: 'lognormal', meanTokens: task.outputTokensMean, p95Tokens: task.outputTokensP95 },
        },
        requests: 8000,
        seed: 1,
        warmupFraction: 0.1,
        cooldownFraction: 0.1,
      })
      const ratio = at.ttftSeconds / summary.ttftSeconds.p95
      expect(ratio).toBeGreaterThan(0.7)
      expect(ratio).toBeLessThan(1.4)
    },
  )

  it('computes a prompt’s last token even where the cache holds all of it', () => {
    const { task, model } = replicaOf({
      model: 'qwen3-8b',
      accelerator: 'l4',
      tensor: 1,
      tokens: { input: { mean: 1000, p95: 3000 }, output: { mean: 200, p95: 400 } },
    })
    const seconds = [0.5, 0.999, 1].map((cachedInputFraction) => {
      const latency = createLatency({ ...task, cachedInputFraction })
      const at = latency.empty()
      latency.prepare(model)
      latency.at(model, 4, at)
      return at.ttftSeconds
    })
    expect(seconds[2]).toBeGreaterThan(0)
    expect(seconds).toEqual(seconds.toSorted((a, b) => b - a))
  })

  it('is never faster under more load, and without end where prompts pile up', () => {
    const { task, model } = replicaOf({
      model: 'llama-3.1-8b-instruct',
      accelerator: 'l40s',
      tensor: 1,
      tokens: { input: { mean: 4000, p95: 12_000 }, output: { mean: 20, p95: 40 } },
    })
    const latency = createLatency(task)
    const at = latency.empty()
    latency.prepare(model)
    let before = 0
    for (let concurrency = 1; concurrency < 300; concurrency *= 1.3) {
      latency.at(model, concurrency, at)
      expect(at.ttftSeconds).toBeGreaterThanOrEqual(before)
      expect(at.endToEndSeconds).toBeGreaterThanOrEqual(at.ttftSeconds)
      before = at.ttftSeconds
    }
    expect(before).toBe(Number.POSITIVE_INFINITY)
  })
})
