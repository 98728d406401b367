/** A binary heap of requests by the step in which they end; equal steps leave in order of request. */
export class FinishHeap {
  readonly #requests: number[] = []
  readonly #keys: number[] = []

  get size(): number {
    return this.#requests.length
  }

  get firstKey(): number {
    return this.#keys[0] ?? Number.POSITIVE_INFINITY
  }

  push(request: number, key: number): void {
    this.#requests.push(request)
    this.#keys.push(key)
    this.#rise(this.#requests.length - 1)
  }

  pop(): number {
    const request = this.#requests[0]
    if (request === undefined) throw new RangeError('the heap is empty')
    this.#removeAt(0)
    return request
  }

  /** Linear search: only preemption needs it. */
  remove(request: number): void {
    this.#removeAt(this.#requests.indexOf(request))
  }

  #removeAt(index: number): void {
    const request = this.#requests.pop()!
    const key = this.#keys.pop()!
    if (index >= this.#requests.length) return
    this.#requests[index] = request
    this.#keys[index] = key
    this.#sink(index)
    this.#rise(index)
  }

  #before(a: number, b: number): boolean {
    const difference = this.#keys[a]! - this.#keys[b]!
    return difference < 0 || (difference === 0 && this.#requests[a]! < this.#requests[b]!)
  }

  #swap(a: number, b: number): void {
    const request = this.#requests[a]!
    const key = this.#keys[a]!
    this.#requests[a] = this.#requests[b]!
    this.#keys[a] = this.#keys[b]!
    this.#requests[b] = request
    this.#keys[b] = key
  }

  #rise(start: number): void {
    let index = start
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!this.#before(index, parent)) return
      this.#swap(index, parent)
      index = parent
    }
  }

  #sink(start: number): void {
    let index = start
    for (;;) {
      const left = 2 * index + 1
      const right = left + 1
      let least = index
      if (left < this.#requests.length && this.#before(left, least)) least = left
      if (right < this.#requests.length && this.#before(right, least)) least = right
      if (least === index) return
      this.#swap(index, least)
      index = least
    }
  }
}
