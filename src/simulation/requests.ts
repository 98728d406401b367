/** All requests of a simulation in columns, so that a hundred thousand of them cost little. Seconds and tokens. */
export interface Requests {
  readonly count: number
  readonly arrivalSeconds: Float64Array
  readonly inputTokens: Int32Array
  readonly outputTokens: Int32Array
  readonly firstTokenSeconds: Float64Array
  readonly finishSeconds: Float64Array
  readonly producedTokens: Int32Array
  readonly preemptions: Int32Array
  // What the replica remembers of a running request.
  readonly running: Uint8Array
  readonly startStep: Float64Array
  readonly startContext: Float64Array
}

export function emptyRequests(count: number): Requests {
  return {
    count,
    arrivalSeconds: new Float64Array(count).fill(Number.NaN),
    inputTokens: new Int32Array(count),
    outputTokens: new Int32Array(count),
    firstTokenSeconds: new Float64Array(count).fill(Number.NaN),
    finishSeconds: new Float64Array(count).fill(Number.NaN),
    producedTokens: new Int32Array(count),
    preemptions: new Int32Array(count),
    running: new Uint8Array(count),
    startStep: new Float64Array(count),
    startContext: new Float64Array(count),
  }
}
