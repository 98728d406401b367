import type { Attention, FeedForward, ModelArchitecture } from '../architecture.ts'

/** Parameters of a model by what they are, for weights under mixed precision and for checks of catalog rows. */
export interface ComputedParameters {
  /** Everything but the multi-token-prediction module, which engines load only when it is used. */
  readonly total: number
  /** What one text token passes through: `total` without idle experts and encoders. */
  readonly active: number
  readonly embedding: number
  /** 0 where it is tied to the embedding, and in encoders. */
  readonly lmHead: number
  /** Projections of softmax and latent attention. */
  readonly attention: number
  /** Dense MLPs, shared experts and MLPs beside the experts: all that every token uses. */
  readonly denseFeedForward: number
  /** Routed experts only. */
  readonly experts: number
  readonly recurrent: number
  /** Norms, biases, routers, gates, tables and whatever else the architecture counts. */
  readonly other: number
  readonly encoder: number
}

const known = new WeakMap<ModelArchitecture, ComputedParameters>()

/** Counted once per architecture: a search asks for every layout. */
export function computedParameters(architecture: ModelArchitecture): ComputedParameters {
  let parameters = known.get(architecture)
  if (parameters === undefined) {
    parameters = countParameters(architecture)
    known.set(architecture, parameters)
  }
  return parameters
}

function countParameters(architecture: ModelArchitecture): ComputedParameters {
  const { hiddenSize, vocabularySize } = architecture
  const embedding = vocabularySize * hiddenSize
  const lmHead = architecture.generative && !architecture.tiedEmbeddings ? embedding : 0
  let attention = 0
  let recurrent = 0
  let denseFeedForward = 0
  let experts = 0
  let activeExperts = 0
  let other = architecture.otherParameters
  for (const group of architecture.layerGroups) {
    const mixer = group.layers * attentionParameters(group.attention, hiddenSize)
    if (group.attention.kind === 'recurrent') recurrent += mixer
    else attention += mixer
    const perLayer = feedForwardParameters(group.feedForward, hiddenSize)
    denseFeedForward += group.layers * perLayer.everyToken
    experts += group.layers * perLayer.experts
    activeExperts += group.layers * perLayer.activeExperts
    other += group.layers * group.otherParameters
  }
  const encoder = architecture.encoderParameters
  const text = embedding + lmHead + attention + recurrent + denseFeedForward + other
  return {
    total: text + experts + encoder,
    active: text + activeExperts,
    embedding,
    lmHead,
    attention,
    denseFeedForward,
    experts,
    recurrent,
    other,
    encoder,
  }
}

/** Projection matrices of one layer's token mixer, without biases and norms. */
export function attentionParameters(attention: Attention, hiddenSize: number): number {
  switch (attention.kind) {
    case 'full':
    case 'window': {
      const { queryHeads, kvHeads, headDimension } = attention
      const valueDimension = attention.valueHeadDimension ?? headDimension
      const query = hiddenSize * queryHeads * headDimension
      const key = hiddenSize * kvHeads * headDimension
      const value = attention.keyIsValue === true ? 0 : hiddenSize * kvHeads * valueDimension
      const gate = attention.outputGate === true ? query : 0
      const output = queryHeads * valueDimension * hiddenSize
      return query + gate + key + value + output
    }
    case 'latent': {
      const { queryHeads, kvLoraRank, queryLoraRank, valueHeadDimension } = attention
      const queryDimension = queryHeads * (attention.nopeHeadDimension + attention.ropeHeadDimension)
      const query =
        queryLoraRank === undefined
          ? hiddenSize * queryDimension
          : hiddenSize * queryLoraRank + queryLoraRank * queryDimension
      const compress = hiddenSize * (kvLoraRank + attention.ropeHeadDimension)
      const expand = kvLoraRank * queryHeads * (attention.nopeHeadDimension + valueHeadDimension)
      return query + compress + expand + queryHeads * valueHeadDimension * hiddenSize
    }
    case 'recurrent':
      return attention.mixerParameters
    case 'none':
      return 0
  }
}

/** Matrices of one layer's feed-forward part: what every token uses, all routed experts, and those one token uses. */
export function feedForwardParameters(
  feedForward: FeedForward,
  hiddenSize: number,
): { everyToken: number; experts: number; activeExperts: number } {
  switch (feedForward.kind) {
    case 'none':
      return { everyToken: 0, experts: 0, activeExperts: 0 }
    case 'dense': {
      const everyToken = feedForward.matrices * hiddenSize * feedForward.intermediateSize
      return { everyToken, experts: 0, activeExperts: 0 }
    }
    case 'experts': {
      const { matrices } = feedForward
      const width = feedForward.sharedIntermediateSize + feedForward.parallelDenseIntermediateSize
      const inner = feedForward.expertHiddenSize ?? hiddenSize
      // A latent MoE projects down to the experts' width and up again, once per layer.
      const latent = feedForward.expertHiddenSize === undefined ? 0 : 2 * hiddenSize * inner
      const expert = matrices * inner * feedForward.expertIntermediateSize
      return {
        everyToken: matrices * hiddenSize * width + latent,
        experts: feedForward.experts * expert,
        activeExperts: feedForward.expertsPerToken * expert,
      }
    }
  }
}
