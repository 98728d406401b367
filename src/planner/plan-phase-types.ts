/** The machines of one year of a growing demand. Phases follow one another from month 1 to the end of the horizon. */
export interface PlanPhase {
  /** First and last month of use. Machines for it are bought or rented before the first. */
  readonly fromMonth: number
  readonly toMonth: number
  /** Highest peak that they must carry. */
  readonly peakRequestsPerSecond: number
  /** That this peak with its headroom needs. */
  readonly replicasNeeded: number
  /** At the targets, spares not counted. */
  readonly requestsPerSecond: number
  readonly replicas: number
  readonly servers: number
  readonly accelerators: number
  readonly racks: number
  /** More than in the phase before; in the first phase, all of them. */
  readonly addedServers: number
  readonly addedAccelerators: number
  /** Absent where the machine's power is not published. */
  readonly averageWatts?: number
}
