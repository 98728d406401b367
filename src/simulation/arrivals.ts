import { seededRandom } from '../estimators/uncertainty/random.ts'
import { emptyRequests, type Requests } from './requests.ts'
import { gapSampler, type LengthDistribution, lengthSampler, type Traffic } from './traffic.ts'

export interface OfferedLoad {
  readonly traffic: Traffic
  /** Ignored by traces, which bring their own. */
  readonly lengths: { readonly input: LengthDistribution; readonly output: LengthDistribution }
  /** Ignored by traces. */
  readonly requests: number
  readonly seed: number
}

/** Requests in order of arrival. In a closed loop each request that ends brings the next one. */
export class Arrivals {
  readonly requests: Requests
  readonly #closed: boolean
  #next = 0
  /** Of a closed loop: times of arrivals not yet delivered, in order. */
  readonly #due: number[]

  constructor(load: OfferedLoad) {
    this.requests = generate(load)
    this.#closed = load.traffic.kind === 'closed'
    this.#due =
      load.traffic.kind === 'closed'
        ? new Array(Math.min(load.traffic.concurrency, this.requests.count)).fill(0)
        : []
  }

  /** Whether an ending may bring an arrival. */
  get followEndings(): boolean {
    return this.#closed
  }

  /** When the next request comes; Infinity where none does before another ends. */
  get nextSeconds(): number {
    if (this.#next >= this.requests.count) return Number.POSITIVE_INFINITY
    return this.#closed
      ? (this.#due[0] ?? Number.POSITIVE_INFINITY)
      : this.requests.arrivalSeconds[this.#next]!
  }

  take(): number {
    const request = this.#next
    if (this.#closed) this.requests.arrivalSeconds[request] = this.#due.shift()!
    this.#next += 1
    return request
  }

  /** A request has ended or was refused. */
  ended(time: number): void {
    if (!this.#closed) return
    const due = this.#due
    let index = due.length
    while (index > 0 && due[index - 1]! > time) index -= 1
    due.splice(index, 0, time)
  }
}

/** Arrival times and lengths of all requests, each from a random stream of its own. */
function generate(load: OfferedLoad): Requests {
  const { traffic } = load
  if (traffic.kind === 'trace') {
    const requests = emptyRequests(traffic.requests.length)
    for (const [index, request] of traffic.requests.entries()) {
      requests.arrivalSeconds[index] = request.arrivalSeconds
      requests.inputTokens[index] = request.inputTokens
      requests.outputTokens[index] = request.outputTokens
    }
    return requests
  }
  const requests = emptyRequests(load.requests)
  const streams = 3
  const stream = (index: number) => seededRandom(load.seed * streams + index)
  const inputTokens = lengthSampler(load.lengths.input, stream(0))
  const outputTokens = lengthSampler(load.lengths.output, stream(1))
  const gap = traffic.kind === 'open' ? gapSampler(traffic, stream(2)) : undefined
  let time = 0
  for (let index = 0; index < requests.count; index += 1) {
    if (gap !== undefined) {
      time += gap()
      requests.arrivalSeconds[index] = time
    }
    requests.inputTokens[index] = inputTokens()
    requests.outputTokens[index] = outputTokens()
  }
  return requests
}
