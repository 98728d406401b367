import { type Dimension, parseQuantity } from '../foundation/quantity.ts'
import type { Catalog } from './catalog.ts'

/** Total parameters from which a model counts as large, unless the user moves the line. */
export function slmThreshold(catalog: Catalog): number {
  const value = catalog.rowsBy('planningDefaults', 'id').get('slm-below')?.[0]?.value
  const billions = Number(/^([\d.]+)B$/.exec(value ?? '')?.[1])
  if (!Number.isFinite(billions)) throw new Error('the catalog has no planning default slm-below')
  return billions * 1e9
}

/** What speed estimates take where neither a run nor a catalog row of the hardware says it. */
export interface SpeedDefaults {
  /** Share of a benchmark's requests that start together. */
  readonly burstFraction: number
  /** Sequences that a burst runs at once at most. */
  readonly burstSequences: number
  /** Sequences that an engine runs at once whose measured run states no limit. */
  readonly benchmarkSequences: number
  /** Network port of one accelerator, one way. */
  readonly clusterNetworkBytesPerSecond: number
}

const known = new WeakMap<Catalog, SpeedDefaults>()

/** @throws Error where the catalog lacks one of them. */
export function speedDefaults(catalog: Catalog): SpeedDefaults {
  const before = known.get(catalog)
  if (before !== undefined) return before
  const value = (id: string, dimension: Dimension): number => {
    const text = catalog.rowsBy('planningDefaults', 'id').get(id)?.[0]?.value
    const read = parseQuantity(text ?? '', dimension)
    if (!read.ok) throw new Error(`the catalog has no planning default ${id}: ${read.message}`)
    return read.value
  }
  const defaults: SpeedDefaults = {
    burstFraction: value('benchmark-burst', 'fraction'),
    burstSequences: value('benchmark-burst-sequences', 'count'),
    benchmarkSequences: value('benchmark-sequences', 'count'),
    clusterNetworkBytesPerSecond: value('cluster-network-port', 'bytesPerSecond'),
  }
  known.set(catalog, defaults)
  return defaults
}
