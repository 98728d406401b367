import type { ModelArchitecture } from '../../../estimators/architecture.ts'
import type { ConfigReader } from '../config-reader.ts'
import { denseFeed, groupLayers, type Layer, type LayerFeed } from '../decoder.ts'

/** What the families with recurrent layers share. */

export interface Built {
  readonly layers: readonly Layer[]
  readonly tied: boolean
  readonly hiddenSize: number
  readonly vocabularySize: number
  readonly maxContextTokens: number | undefined
  readonly draft?: number
}

export function finished(built: Built): ModelArchitecture {
  return {
    hiddenSize: built.hiddenSize,
    vocabularySize: built.vocabularySize,
    tiedEmbeddings: built.tied,
    generative: true,
    layerGroups: groupLayers(built.layers),
    otherParameters: built.hiddenSize, // last norm
    encoderParameters: 0,
    draftParameters: built.draft ?? 0,
    maxContextTokens: built.maxContextTokens,
    publishedParameters: undefined,
  }
}

export const none: LayerFeed = { feedForward: { kind: 'none' }, otherParameters: 0 }

export function denseLayers(
  reader: ConfigReader,
  input: { hiddenSize: number; layers: number },
): LayerFeed[] {
  const feed = denseFeed({
    hiddenSize: input.hiddenSize,
    intermediateSize: reader.whole('intermediate_size'),
    matrices: 3,
  })
  return Array.from({ length: input.layers }, () => feed)
}
