/**
 * KV cache of one sequence on one device as a function of its length: for every component
 * bytes = bytesPerToken × min(tokens rounded up to whole pages, capTokens), plus what does not grow.
 */
export interface KvComponent {
  readonly bytesPerToken: number
  readonly pageTokens: number
  /** Tokens beyond which nothing is added (a window); Infinity for full attention. */
  readonly capTokens: number
}

export interface KvProfile {
  readonly components: readonly KvComponent[]
  /** Recurrent states: a fixed size per sequence. */
  readonly fixedBytes: number
  /**
   * SGLang's two pools: one token of full cache always comes with `ratio` tokens of window cache, so a sequence takes
   * as much of the pair as its scarcer half.
   */
  readonly pairedPools?: {
    readonly bytesPerToken: number
    readonly windowTokens: number
    readonly ratio: number
  }
}

/** Bytes that one sequence of `contextTokens` occupies on a device. Non-decreasing in the context. */
export function kvBytesPerSequence(profile: KvProfile, contextTokens: number): number {
  let bytes = profile.fixedBytes
  for (const { bytesPerToken, pageTokens, capTokens } of profile.components) {
    const rounded = Math.ceil(contextTokens / pageTokens) * pageTokens
    bytes += bytesPerToken * Math.min(rounded, capTokens)
  }
  const paired = profile.pairedPools
  if (paired !== undefined) {
    const windowed = Math.min(contextTokens, paired.windowTokens) / paired.ratio
    bytes += paired.bytesPerToken * Math.max(contextTokens, windowed)
  }
  return bytes
}

/** Bytes that each further token costs in a long sequence: what does not stop at a window. */
export function kvBytesPerGrowingToken(profile: KvProfile): number {
  let bytes = profile.pairedPools?.bytesPerToken ?? 0
  for (const component of profile.components) {
    if (component.capTokens === Number.POSITIVE_INFINITY) bytes += component.bytesPerToken
  }
  return bytes
}
