/** A binary heap of whole numbers (requests, replicas) by a key (a step, a time); equal keys leave in order of number. */
export class KeyedHeap {
  readonly #numbers: number[] = []
  readonly #keys: number[] = []

  get size(): number {
    return this.#numbers.length
  }

  get firstKey(): number {
    return this.#keys[0] ?? Number.POSITIVE_INFINITY
  }

  push(number: number, key: number): void {
    this.#numbers.push(number)
    this.#keys.push(key)
    this.#rise(this.#numbers.length - 1)
  }

  pop(): number {
    const number = this.#numbers[0]
    if (number === undefined) throw new RangeError('the heap is empty')
    this.#removeAt(0)
    return number
  }

  /** Linear search: only preemption needs it. */
  remove(number: number): void {
    this.#removeAt(this.#numbers.indexOf(number))
  }

  #removeAt(index: number): void {
    const number = this.#numbers.pop()!
    const key = this.#keys.pop()!
    if (index >= this.#numbers.length) return
    this.#numbers[index] = number
    this.#keys[index] = key
    this.#sink(index)
    this.#rise(index)
  }

  #before(a: number, b: number): boolean {
    const difference = this.#keys[a]! - this.#keys[b]!
    return difference < 0 || (difference === 0 && this.#numbers[a]! < this.#numbers[b]!)
  }

  #swap(a: number, b: number): void {
    const number = this.#numbers[a]!
    const key = this.#keys[a]!
    this.#numbers[a] = this.#numbers[b]!
    this.#keys[a] = this.#keys[b]!
    this.#numbers[b] = number
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
      if (left < this.#numbers.length && this.#before(left, least)) least = left
      if (right < this.#numbers.length && this.#before(right, least)) least = right
      if (least === index) return
      this.#swap(index, least)
      index = least
    }
  }
}
