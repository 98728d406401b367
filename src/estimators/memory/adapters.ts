import type { LayerGroup, ModelArchitecture } from '../architecture.ts'
import { adapterBytes } from './formulas.ts'
import { type ParallelLayout, worstStageLayers } from './layout.ts'

/** Matrices that low-rank adapters change. */
export type AdapterTarget = 'query' | 'key' | 'value' | 'output' | 'gate' | 'up' | 'down'

export interface AdapterSpec {
  readonly rank: number
  readonly targets: readonly AdapterTarget[]
  /** Adapters kept on the device at once. */
  readonly count: number
  readonly bitsPerWeight: number
}

interface Matrix {
  readonly rows: number
  readonly columns: number
  /** Tensor parallelism cuts the output (column-parallel) or the input (row-parallel). */
  readonly cut: 'output' | 'input'
}

/**
 * Adapters on the heaviest device: rank × (input + output) per target and layer. Only the cut side of a matrix shards;
 * the other factor is whole on every device. Routed experts are not adapted.
 */
export function adapterBytesPerDevice(input: {
  architecture: ModelArchitecture
  layout: ParallelLayout
  adapters: AdapterSpec
}): number {
  const { architecture, layout, adapters } = input
  const costs = architecture.layerGroups.map((group) => {
    let bytes = 0
    for (const target of adapters.targets) {
      const matrix = targetMatrix(target, group, architecture.hiddenSize)
      if (matrix === undefined) continue
      const rows = matrix.cut === 'input' ? matrix.rows / layout.tensor : matrix.rows
      const columns = matrix.cut === 'output' ? matrix.columns / layout.tensor : matrix.columns
      bytes += adapterBytes.compute({
        n: adapters.count,
        r: adapters.rank,
        i: rows,
        o: columns,
        b: adapters.bitsPerWeight,
      })
    }
    return bytes
  })
  const counts = worstStageLayers({
    groups: architecture.layerGroups.map((group, index) => ({ layers: group.layers, cost: costs[index]! })),
    pipeline: layout.pipeline,
  })
  return costs.reduce((sum, cost, index) => sum + cost * counts[index]!, 0)
}

function targetMatrix(target: AdapterTarget, group: LayerGroup, hiddenSize: number): Matrix | undefined {
  const { attention, feedForward } = group
  if (target === 'gate' || target === 'up' || target === 'down') {
    const width =
      feedForward.kind === 'dense'
        ? feedForward.intermediateSize
        : feedForward.kind === 'experts'
          ? feedForward.sharedIntermediateSize + feedForward.parallelDenseIntermediateSize
          : 0
    const gated = feedForward.kind !== 'none' && feedForward.matrices === 3
    if (width === 0 || (target === 'gate' && !gated)) return undefined
    return target === 'down'
      ? { rows: width, columns: hiddenSize, cut: 'input' }
      : { rows: hiddenSize, columns: width, cut: 'output' }
  }
  if (attention.kind !== 'full' && attention.kind !== 'window') return undefined
  const valueDimension = attention.valueHeadDimension ?? attention.headDimension
  switch (target) {
    case 'query':
      return { rows: hiddenSize, columns: attention.queryHeads * attention.headDimension, cut: 'output' }
    case 'key':
      return { rows: hiddenSize, columns: attention.kvHeads * attention.headDimension, cut: 'output' }
    case 'value':
      if (attention.keyIsValue === true) return undefined
      return { rows: hiddenSize, columns: attention.kvHeads * valueDimension, cut: 'output' }
    case 'output':
      return { rows: attention.queryHeads * valueDimension, columns: hiddenSize, cut: 'input' }
  }
}
