export interface PlanDeployment {
  readonly engine: string
  readonly engineSupport: 'full' | 'partial'
  readonly accelerator: { readonly id: string; readonly name: string; readonly category: string }
  /** A server of the catalog, or the cloud's instance. */
  readonly server: {
    readonly id: string
    readonly name: string
    /** As bought or rented; `mostAccelerators` is what it has room for. */
    readonly acceleratorsPerServer: number
    readonly mostAccelerators?: number
    /** It comes with all its accelerators, needed or not. */
    readonly alwaysFull?: boolean
  }
  readonly layout: {
    readonly tensor: number
    readonly pipeline: number
    readonly attentionData: number
    readonly expert: number
  }
  readonly acceleratorsPerReplica: number
  /** That the peak with its headroom needs. */
  readonly replicasNeeded: number
  readonly spareReplicas: number
  readonly replicas: number
  readonly sites: number
  readonly servers: number
  readonly accelerators: number
  readonly acceleratorsIdle: number
  /** Spot instances only. */
  readonly spot?: {
    readonly interruptionsPerMonth: number
    readonly lostSecondsPerInterruption: number
    readonly hoursPerUsefulHour: number
  }
  /** Weights and adapters on each server, on rented machines at each site; the rest of the storage is the log. */
  readonly storedBytesPerCopy?: number
}
