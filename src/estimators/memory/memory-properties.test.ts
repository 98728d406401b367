import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Attention, ModelArchitecture } from '../architecture.ts'
import { experts, gated, heads, layers, model, policies, uniformBits } from './architectures.test-data.ts'
import { layoutProblem, type ParallelLayout, worstStageLayers } from './layout.ts'
import { memoryPlan } from './plan.ts'
import {
  kvBytesPerDevice,
  longestContext,
  memoryPerDeviceBytes,
  mostSequences,
  prepareMemory,
} from './prepared.ts'
import { smallestReplica } from './smallest-replica.ts'
import { divisibility } from './tensor-classes.ts'
import { weightBytesOfReplica, weightBytesPerDevice } from './weights.ts'

const kvHeads = fc.constantFrom(1, 2, 4, 8)
const attention: fc.Arbitrary<Attention> = fc.oneof(
  kvHeads.map((count) => heads(16, count, 64)),
  fc.tuple(kvHeads, fc.constantFrom(128, 512, 1024)).map(([count, window]) => heads(16, count, 64, window)),
  fc.constant<Attention>({
    kind: 'latent',
    queryHeads: 16,
    kvLoraRank: 256,
    ropeHeadDimension: 32,
    nopeHeadDimension: 64,
    valueHeadDimension: 64,
  }),
  fc.constant<Attention>({
    kind: 'recurrent',
    stateElements: 65_536,
    convolutionElements: 4096,
    mixerParameters: 4e6,
  }),
)
const feedForward = fc.oneof(
  fc.constantFrom(2048, 4096).map(gated),
  fc.constantFrom(8, 16).map((count) => experts(count, 2, 512, 256)),
)
const architecture: fc.Arbitrary<ModelArchitecture> = fc
  .tuple(
    fc.array(fc.tuple(fc.integer({ min: 1, max: 24 }), attention, feedForward), {
      minLength: 1,
      maxLength: 3,
    }),
    fc.boolean(),
  )
  .map(([groups, tiedEmbeddings]) =>
    model(
      1024,
      32_000,
      groups.map(([count, mixer, mlp]) => layers(count, mixer, mlp)),
      { tiedEmbeddings },
    ),
  )
const policy = fc.constantFrom(...Object.values(policies))
const layout: fc.Arbitrary<ParallelLayout> = fc
  .tuple(fc.constantFrom(1, 2, 4, 8, 16), fc.constantFrom(1, 2, 3), fc.constantFrom(1, 2), fc.boolean())
  .map(([tensor, pipeline, attentionData, spread]) => ({
    tensor,
    pipeline,
    attentionData,
    expert: spread ? tensor * attentionData : 1,
  }))
const bits = fc.constantFrom(2, 4.5, 8, 16)
const input = fc
  .tuple(architecture, policy, layout, bits, bits)
  .filter(([arch, , lay]) => layoutProblem(lay, divisibility(arch)) === undefined)
  .map(([arch, pol, lay, weightBits, kvBits]) => ({
    architecture: arch,
    policy: pol,
    layout: lay,
    weightFormat: uniformBits(weightBits),
    kvBitsPerElement: kvBits,
  }))
const context = fc.integer({ min: 1, max: 100_000 })
const concurrency = fc.integer({ min: 1, max: 500 })
const usable = fc.integer({ min: 1, max: 200 }).map((count) => count * 1e9)

describe('memory, whatever the model', () => {
  it('the parts sum to the device', () => {
    fc.assert(
      fc.property(input, context, concurrency, usable, (memory, contextTokens, sequences, usableBytes) => {
        const plan = memoryPlan({ ...memory, contextTokens, concurrency: sequences, usableBytes })
        const sum = plan.parts.reduce((total, part) => total + part.bytes, 0)
        expect(Math.abs(sum - usableBytes)).toBeLessThan(1e-6 * (usableBytes + plan.kv.requiredBytes))
        expect(plan.fits).toBe(plan.parts.find((part) => part.part === 'free')!.bytes >= 0)
      }),
    )
  })
  it('more context or more sequences never take less', () => {
    fc.assert(
      fc.property(input, context, context, concurrency, concurrency, (memory, c1, c2, s1, s2) => {
        const prepared = prepareMemory(memory)
        const small = { contextTokens: Math.min(c1, c2), concurrency: Math.min(s1, s2) }
        const large = { contextTokens: Math.max(c1, c2), concurrency: Math.max(s1, s2) }
        expect(memoryPerDeviceBytes(prepared, large)).toBeGreaterThanOrEqual(
          memoryPerDeviceBytes(prepared, small),
        )
      }),
    )
  })
  it('fewer bits never take more', () => {
    fc.assert(
      fc.property(input, bits, context, (memory, other, contextTokens) => {
        const load = { contextTokens, concurrency: 8 }
        const at = (weightBits: number, kvBits: number) =>
          memoryPerDeviceBytes(
            prepareMemory({ ...memory, weightFormat: uniformBits(weightBits), kvBitsPerElement: kvBits }),
            load,
          )
        // A cache of fewer bits may round up to longer pages of recurrent models: weights alone here.
        expect(at(Math.min(other, 16), 16)).toBeLessThanOrEqual(at(16, 16))
      }),
    )
  })
  it('the engine never allocates less than the architecture needs', () => {
    fc.assert(
      fc.property(input, context, concurrency, usable, (memory, contextTokens, sequences, usableBytes) => {
        const { kv } = memoryPlan({ ...memory, contextTokens, concurrency: sequences, usableBytes })
        expect(kv.requiredBytes).toBeGreaterThanOrEqual(kv.minimumRequiredBytes * (1 - 1e-12))
      }),
    )
  })
  it('twice the tensor parallelism never needs more weights per device, nor less in all', () => {
    fc.assert(
      fc.property(input, (memory) => {
        const wider = { ...memory.layout, tensor: memory.layout.tensor * 2, expert: 1 }
        fc.pre(layoutProblem(wider, divisibility(memory.architecture)) === undefined)
        const of = (lay: ParallelLayout) => ({
          architecture: memory.architecture,
          format: memory.weightFormat,
          layout: lay,
          padding: memory.policy,
          withDraft: false,
        })
        const now = of({ ...memory.layout, expert: 1 })
        const then = of(wider)
        expect(weightBytesPerDevice(then).totalBytes).toBeLessThanOrEqual(
          weightBytesPerDevice(now).totalBytes,
        )
        expect(weightBytesOfReplica(then).totalBytes).toBeGreaterThanOrEqual(
          weightBytesOfReplica(now).totalBytes * (1 - 1e-12),
        )
      }),
    )
  })
  it('the heaviest device times their number covers the replica', () => {
    fc.assert(
      fc.property(input, (memory) => {
        const of = {
          architecture: memory.architecture,
          format: memory.weightFormat,
          layout: memory.layout,
          padding: memory.policy,
          withDraft: false,
        }
        const { tensor, pipeline, attentionData } = memory.layout
        expect(
          weightBytesPerDevice(of).totalBytes * tensor * pipeline * attentionData,
        ).toBeGreaterThanOrEqual(weightBytesOfReplica(of).totalBytes * (1 - 1e-12))
      }),
    )
  })
  it('the most sequences fit and one more does not', () => {
    fc.assert(
      fc.property(input, context, usable, (memory, contextTokens, usableBytes) => {
        const prepared = prepareMemory(memory)
        const most = mostSequences(prepared, { usableBytes, contextTokens })
        fc.pre(most > 0 && Number.isFinite(most))
        const plan = (sequences: number) =>
          memoryPlan({ ...memory, contextTokens, concurrency: sequences, usableBytes }).fits
        expect(plan(most)).toBe(true)
        expect(plan(most + 1)).toBe(false)
      }),
    )
  })
  it('the longest context fits and one more token does not', () => {
    fc.assert(
      fc.property(input, concurrency, usable, (memory, sequences, usableBytes) => {
        const prepared = prepareMemory(memory)
        const limitTokens = 50_000
        const longest = longestContext(prepared, { usableBytes, concurrency: sequences, limitTokens })
        fc.pre(longest > 0)
        const fits = (contextTokens: number) =>
          memoryPlan({ ...memory, contextTokens, concurrency: sequences, usableBytes }).fits
        expect(fits(longest)).toBe(true)
        if (longest < limitTokens) expect(fits(longest + 1)).toBe(false)
      }),
    )
  })
  it('pipeline stages hold whole layers that add up', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ layers: fc.integer({ min: 1, max: 60 }), cost: fc.integer({ min: 0, max: 9 }) }),
          {
            minLength: 1,
            maxLength: 4,
          },
        ),
        fc.integer({ min: 1, max: 8 }),
        (groups, pipeline) => {
          const total = groups.reduce((sum, group) => sum + group.layers, 0)
          fc.pre(pipeline <= total)
          const stage = worstStageLayers({ groups, pipeline })
          expect(stage.reduce((sum, count) => sum + count, 0)).toBe(Math.ceil(total / pipeline))
          for (const [index, count] of stage.entries()) {
            expect(Number.isInteger(count)).toBe(true)
            expect(count).toBeLessThanOrEqual(groups[index]!.layers)
          }
        },
      ),
    )
  })
  it('the smallest replica fits, and no smaller one does', () => {
    fc.assert(
      fc.property(input, fc.integer({ min: 1, max: 6 }), (memory, gigabytes) => {
        const load = { usableBytes: gigabytes * 1e9, contextTokens: 2000, concurrency: 4 }
        const search = { ...memory, ...load, linkDomainDevices: 8 }
        const found = smallestReplica({ ...search, mostDevices: 16 })
        fc.pre(found !== undefined)
        expect(memoryPlan({ ...memory, ...load, layout: found.layout }).fits).toBe(true)
        expect(smallestReplica({ ...search, mostDevices: found.devices - 1 })).toBeUndefined()
      }),
      { numRuns: 50 },
    )
  })
  it('attention data parallelism spreads the sequences', () => {
    fc.assert(
      fc.property(input, concurrency, (memory, sequences) => {
        const load = { contextTokens: 1000, concurrency: sequences }
        const one = prepareMemory({ ...memory, layout: { ...memory.layout, attentionData: 1, expert: 1 } })
        const two = prepareMemory({ ...memory, layout: { ...memory.layout, attentionData: 2, expert: 1 } })
        const alone = kvBytesPerDevice(one, load)
        expect(kvBytesPerDevice(two, load)).toBe((alone / sequences) * Math.ceil(sequences / 2))
      }),
    )
  })
})
