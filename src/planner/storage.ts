import { secondsPerMonth } from '../foundation/units.ts'
import type { ResolvedStorage } from './scenario/resolve.ts'
import type { Workload } from './workload.ts'

export interface StoragePlan {
  readonly weightBytes: number
  readonly versionsBytes: number
  readonly adapterBytes: number
  readonly logBytes: number
  readonly totalBytes: number
  /** Reading the weights once from the local disk, or over the network: the least a cold start takes. */
  readonly loadFromDiskSeconds: number
  readonly loadFromNetworkSeconds: number
}

/** Disk for versions of the weights, adapters and kept requests, and the time to load a model. */
export function storagePlan(input: {
  /** The file of the model in its format. */
  weightBytes: number
  /** All parameters of one adapter, bytes. */
  bytesPerAdapter: number
  storage: ResolvedStorage
  workload: Workload
}): StoragePlan {
  const { storage, workload } = input
  const versionsBytes = input.weightBytes * storage.versionsKept
  const adapterBytes = input.bytesPerAdapter * storage.adapters
  const tokensPerSecond = (workload.inputTokensPerMonth + workload.outputTokensPerMonth) / secondsPerMonth
  const logBytes = tokensPerSecond * storage.logRetentionSeconds * storage.logBytesPerToken
  return {
    weightBytes: input.weightBytes,
    versionsBytes,
    adapterBytes,
    logBytes,
    totalBytes: versionsBytes + adapterBytes + logBytes,
    loadFromDiskSeconds: input.weightBytes / storage.diskBytesPerSecond,
    loadFromNetworkSeconds: input.weightBytes / storage.networkBytesPerSecond,
  }
}
