/**
 * How one replica spreads over devices. Devices = tensor × attentionData × pipeline. Experts spread over the
 * tensor × attentionData devices of a stage: `expert` of them hold different experts, and where that is fewer than
 * all, each expert is cut further.
 */
export interface ParallelLayout {
  readonly tensor: number
  readonly pipeline: number
  /** Groups that each keep their own attention weights and KV cache (attention data parallelism), 1 for none. */
  readonly attentionData: number
  /** Devices over which whole experts spread; divides tensor × attentionData. */
  readonly expert: number
}

export const singleDevice: ParallelLayout = { tensor: 1, pipeline: 1, attentionData: 1, expert: 1 }

export function devicesPerReplica(layout: ParallelLayout): number {
  return layout.tensor * layout.attentionData * layout.pipeline
}

/** Why a layout cannot exist for a model, or undefined. */
export function layoutProblem(
  layout: ParallelLayout,
  model: { readonly queryHeads: number; readonly layers: number; readonly experts: number },
): string | undefined {
  for (const [name, value] of Object.entries(layout)) {
    if (!Number.isInteger(value) || value < 1)
      return `${name} must be a whole number of at least 1, not ${value}`
  }
  const { tensor, pipeline, attentionData, expert } = layout
  if (model.queryHeads % tensor !== 0)
    return `${model.queryHeads} attention heads do not split over ${tensor} devices`
  if (pipeline > model.layers) return `${model.layers} layers do not fill ${pipeline} pipeline stages`
  if ((tensor * attentionData) % expert !== 0) {
    return `expert parallelism of ${expert} does not divide the ${tensor * attentionData} devices of a stage`
  }
  if (expert > 1 && expert > model.experts)
    return `${model.experts} experts do not spread over ${expert} devices`
  return undefined
}

/**
 * Layers of each group on the heaviest pipeline stage. Groups are taken as evenly interleaved through the model; where
 * a share is not whole, the heavier group gets the extra layer, so that the answer is the worst stage and not the mean.
 */
export function worstStageLayers(input: {
  /** Layers and cost of one layer (any unit), per group. */
  readonly groups: readonly { readonly layers: number; readonly cost: number }[]
  readonly pipeline: number
}): number[] {
  const total = input.groups.reduce((sum, group) => sum + group.layers, 0)
  if (input.pipeline === 1 || total === 0) return input.groups.map((group) => group.layers)
  const stage = Math.ceil(total / input.pipeline)
  const shares = input.groups.map((group) => (group.layers * stage) / total)
  const layers = shares.map((share) => Math.floor(share))
  let left = stage - layers.reduce((sum, count) => sum + count, 0)
  const order = shares
    .map((share, index) => ({ index, cost: input.groups[index]!.cost, fraction: share - Math.floor(share) }))
    .filter((entry) => entry.fraction > 0)
    .sort((a, b) => b.cost - a.cost || a.index - b.index)
  for (const entry of order) {
    if (left === 0) break
    layers[entry.index] = layers[entry.index]! + 1
    left -= 1
  }
  return layers
}
