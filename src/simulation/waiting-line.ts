/** Requests before a replica: in order of arrival, those that were preempted before all others, the newest first. */
export class WaitingLine {
  readonly #arrived: number[] = []
  #head = 0
  readonly #preempted: number[] = []

  get size(): number {
    return this.#arrived.length - this.#head + this.#preempted.length
  }

  /** Whether the next one has run before. */
  get resumes(): boolean {
    return this.#preempted.length > 0
  }

  /** The next one; the line must not be empty. */
  get next(): number {
    return this.resumes ? this.#preempted.at(-1)! : this.#arrived[this.#head]!
  }

  join(request: number): void {
    this.#arrived.push(request)
  }

  rejoin(request: number): void {
    this.#preempted.push(request)
  }

  takeNext(): void {
    if (this.resumes) {
      this.#preempted.pop()
      return
    }
    this.#head += 1
    if (this.#head > 4096 && this.#head * 2 > this.#arrived.length) {
      this.#arrived.splice(0, this.#head)
      this.#head = 0
    }
  }
}
