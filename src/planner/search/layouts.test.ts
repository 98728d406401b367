import { describe, expect, it } from 'vitest'
import type { ModelArchitecture } from '../../estimators/architecture.ts'
import { layoutProblem, type ParallelLayout } from '../../estimators/memory/layout.ts'
import { divisibility } from '../../estimators/memory/tensor-classes.ts'
import { searchLayouts } from './layouts.ts'

const attention = { kind: 'full', queryHeads: 24, kvHeads: 8, headDimension: 128 } as const

const model = (experts: number): ModelArchitecture => ({
  hiddenSize: 3072,
  vocabularySize: 32_000,
  tiedEmbeddings: false,
  generative: true,
  layerGroups: [
    {
      layers: 6,
      attention,
      feedForward:
        experts === 0
          ? { kind: 'dense', intermediateSize: 8192, matrices: 3 }
          : {
              kind: 'experts',
              experts,
              expertsPerToken: 2,
              expertIntermediateSize: 1024,
              sharedIntermediateSize: 0,
              parallelDenseIntermediateSize: 0,
              matrices: 3,
            },
      otherParameters: 0,
    },
  ],
  otherParameters: 0,
  encoderParameters: 0,
  draftParameters: 0,
  maxContextTokens: 8192,
  publishedParameters: undefined,
})

/** Every tuple of the four degrees that can exist, by trying all. */
function allLayouts(architecture: ModelArchitecture, most: number, domain: number): ParallelLayout[] {
  const found: ParallelLayout[] = []
  const limits = divisibility(architecture)
  for (let tensor = 1; tensor <= most; tensor += 1)
    for (let pipeline = 1; pipeline <= most; pipeline += 1)
      for (let attentionData = 1; attentionData <= most; attentionData += 1)
        for (let expert = 1; expert <= most; expert += 1) {
          const layout = { tensor, pipeline, attentionData, expert }
          const stage = tensor * attentionData
          if (stage * pipeline > most || stage > domain) continue
          if (limits.experts === 0 && (attentionData > 1 || expert > 1)) continue
          // Experts lie whole on all devices of a stage, or are cut by tensor parallelism of one group.
          if (expert !== stage && !(attentionData === 1 && expert === 1)) continue
          if (layoutProblem(layout, limits) === undefined) found.push(layout)
        }
  return found
}

const names = (layouts: readonly ParallelLayout[]) => layouts.map((layout) => JSON.stringify(layout)).sort()

describe('searchLayouts', () => {
  it.each([
    [0, 8, 8],
    [0, 8, 2],
    [6, 8, 8],
    [64, 12, 12],
  ])('lists every way there is: %i experts, %i devices, %i in a link domain', (experts, most, domain) => {
    const architecture = model(experts)
    const layouts = searchLayouts({
      architecture,
      engine: 'vllm',
      mostDevices: most,
      linkDomainDevices: domain,
    })
    expect(names(layouts)).toEqual(names(allLayouts(architecture, most, domain)))
  })

  it('splits only layers under llama.cpp', () => {
    const layouts = searchLayouts({
      architecture: model(0),
      engine: 'llama.cpp',
      mostDevices: 6,
      linkDomainDevices: 6,
    })
    expect(layouts.map((layout) => layout.pipeline)).toEqual([1, 2, 3, 4, 5, 6])
    expect(layouts.every((layout) => layout.tensor === 1)).toBe(true)
  })
})
