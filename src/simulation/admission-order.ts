import type { Requests } from './requests.ts'

/** Which running request started last: it is the first to give way. */
export class AdmissionOrder {
  readonly #running: Uint8Array
  readonly #most: number
  /** Entries of requests that have left are skipped. */
  #admitted: number[] = []

  constructor(requests: Requests, maxSequences: number) {
    this.#running = requests.running
    this.#most = 4 * maxSequences + 64
  }

  admit(request: number): void {
    this.#running[request] = 1
    this.#admitted.push(request)
    if (this.#admitted.length > this.#most)
      this.#admitted = this.#admitted.filter((one) => this.#running[one] === 1)
  }

  leave(request: number): void {
    this.#running[request] = 0
  }

  /** Takes out the newest; there must be one. */
  takeNewest(): number {
    let request = this.#admitted.pop()!
    while (this.#running[request] !== 1) request = this.#admitted.pop()!
    this.#running[request] = 0
    return request
  }
}
