/** Time integrals and counts of one replica, seconds and tokens. */
export interface ReplicaTotals {
  steps: number
  busySeconds: number
  /** Steps that hold prefill. */
  prefillSteps: number
  prefillTokens: number
  outputTokens: number
  preemptions: number
  /** Sequence-seconds of running and of waiting requests. */
  runningSeconds: number
  waitingSeconds: number
  kvTokenSeconds: number
}

export function emptyTotals(): ReplicaTotals {
  return {
    steps: 0,
    busySeconds: 0,
    prefillSteps: 0,
    prefillTokens: 0,
    outputTokens: 0,
    preemptions: 0,
    runningSeconds: 0,
    waitingSeconds: 0,
    kvTokenSeconds: 0,
  }
}
