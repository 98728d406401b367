import {
  attentionExtras,
  denseFeed,
  type FamilyBuilder,
  groupLayers,
  headAttention,
  type Layer,
  readBasics,
  readHeads,
} from '../decoder.ts'

/** Mllama reserves eight more entries of the embedding for images. */
const imageEntries = 8

/**
 * The language model of Llama 3.2 Vision: some layers attend to the image instead of the text. Their cache depends on
 * the image and not on the text; it is not counted, and a warning says so.
 */
const mllamaText: FamilyBuilder = (reader) => {
  const { hiddenSize, layers, vocabularySize, maxContextTokens } = readBasics(reader)
  const tiedEmbeddings = reader.flag('tie_word_embeddings', false)
  const heads = readHeads(reader, { hiddenSize })
  const listed = reader.indices('cross_attention_layers')
  if (listed === undefined && !reader.has('cross_attention_layers'))
    reader.problem('cross_attention_layers', 'is missing')
  const cross = new Set(listed ?? [])
  const feed = denseFeed({ hiddenSize, intermediateSize: reader.whole('intermediate_size'), matrices: 3 })
  const width = heads.queryHeads * heads.headDimension
  const projections = 2 * hiddenSize * width + 2 * hiddenSize * heads.kvHeads * heads.headDimension
  const norms = attentionExtras({
    heads,
    hiddenSize,
    queryKeyNorm: 'head',
    queryKeyValueBias: false,
    outputBias: false,
  })
  const gates = 2
  const built = Array.from({ length: layers }, (_, index): Layer => {
    const isCross = cross.has(index)
    return {
      attention: isCross ? { kind: 'none' } : headAttention(heads),
      feedForward: feed.feedForward,
      otherParameters: 2 * hiddenSize + (isCross ? projections + norms + gates : 0),
    }
  })
  if (cross.size > 0)
    reader.note({
      code: 'cross-attention-cache-not-counted',
      level: 'warning',
      about: reader.place('cross_attention_layers'),
      message: `${cross.size} layers attend to the image: their cache per image is not counted`,
    })
  return {
    hiddenSize,
    vocabularySize,
    tiedEmbeddings,
    generative: true,
    layerGroups: groupLayers(built),
    otherParameters: hiddenSize + imageEntries * hiddenSize,
    encoderParameters: 0,
    draftParameters: 0,
    maxContextTokens,
    publishedParameters: undefined,
  }
}

export const crossAttentionFamilies: Readonly<Record<string, FamilyBuilder>> = {
  mllama_text_model: mllamaText,
}
