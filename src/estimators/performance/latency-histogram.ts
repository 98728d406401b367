const bins = 2048

/** A distribution of seconds in equal bins; when a value does not fit, bins merge in pairs. */
export class LatencyHistogram {
  readonly #mass = new Float64Array(bins)
  readonly #delayed = new Float64Array(bins)
  #width = 1
  #top = 0

  reset(binSeconds: number): void {
    this.#mass.fill(0, 0, this.#top + 1)
    this.#width = binSeconds
    this.#top = 0
  }

  /** Adds mass at a value, shared by the two nearest bin centres. */
  add(seconds: number, mass: number): void {
    let place = seconds / this.#width
    while (place >= bins - 1) {
      this.#merge()
      place = seconds / this.#width
    }
    const low = place | 0
    const upper = mass * (place - low)
    this.#mass[low]! += mass - upper
    this.#mass[low + 1]! += upper
    if (low + 1 > this.#top) this.#top = low + 1
  }

  #merge(): void {
    for (let index = 0; index < bins / 2; index += 1) {
      this.#mass[index] = this.#mass[2 * index]! + this.#mass[2 * index + 1]!
    }
    this.#mass.fill(0, bins / 2)
    this.#width *= 2
    this.#top >>= 1
  }

  /** A share of all is delayed further, by the sum of exponential times of these means. */
  delaySome(share: number, meansSeconds: readonly number[]): void {
    const means = meansSeconds.filter((mean) => mean > 0)
    if (share <= 0 || means.length === 0) return
    // Ten means leave 5 in 100,000 outside.
    const reach = 10 * Math.max(...means)
    while (this.#width * bins < reach + this.#top * this.#width) this.#merge()
    const delayed = this.#delayed
    delayed.set(this.#mass)
    for (const mean of means) {
      const keep = Math.exp(-this.#width / mean)
      let level = 0
      for (let index = 0; index < bins; index += 1) {
        level = level * keep + delayed[index]! * (1 - keep)
        delayed[index] = level
      }
    }
    for (let index = 0; index < bins; index += 1) {
      this.#mass[index] = (1 - share) * this.#mass[index]! + share * delayed[index]!
    }
    this.#top = bins - 1
  }

  mean(): number {
    let sum = 0
    let total = 0
    for (let index = 0; index <= this.#top; index += 1) {
      sum += index * this.#mass[index]!
      total += this.#mass[index]!
    }
    return (sum / total) * this.#width
  }

  variance(): number {
    const mean = this.mean()
    let sum = 0
    let total = 0
    for (let index = 0; index <= this.#top; index += 1) {
      sum += (index * this.#width - mean) ** 2 * this.#mass[index]!
      total += this.#mass[index]!
    }
    return sum / total
  }

  quantile(fraction: number): number {
    let total = 0
    for (let index = 0; index <= this.#top; index += 1) total += this.#mass[index]!
    const wanted = fraction * total
    let below = 0
    for (let index = 0; index <= this.#top; index += 1) {
      const mass = this.#mass[index]!
      if (below + mass >= wanted && mass > 0) {
        return Math.max(0, (index - 0.5 + (wanted - below) / mass) * this.#width)
      }
      below += mass
    }
    return this.#top * this.#width
  }
}
