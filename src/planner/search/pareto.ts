/**
 * Points that no other beats: another point at least as good in all four figures and better in one. Lower is better in
 * the first three, higher in quality. Unknown figures (NaN) are the worst there are; a point whose first figure is
 * unknown is never on the front. O(n log² n): points come in the order of the first figure, and for each level of quality a
 * staircase of the two others answers whether something cheaper and as good has been seen.
 */
export function paretoFront(input: {
  size: number
  first: Float64Array
  second: Float64Array
  third: Float64Array
  quality: Float64Array
}): number[] {
  const { size, first } = input
  const low = (column: Float64Array, row: number) =>
    Number.isNaN(column[row]!) ? Number.POSITIVE_INFINITY : column[row]!
  const second = (row: number) => low(input.second, row)
  const third = (row: number) => low(input.third, row)
  const quality = (row: number) => (Number.isNaN(input.quality[row]!) ? -1 : input.quality[row]!)
  const rows: number[] = []
  for (let row = 0; row < size; row += 1) if (!Number.isNaN(first[row]!)) rows.push(row)
  rows.sort(
    (a, b) =>
      first[a]! - first[b]! ||
      compare(second(a), second(b)) ||
      compare(third(a), third(b)) ||
      quality(b) - quality(a) ||
      a - b,
  )
  const levels = [...new Set(rows.map(quality))].sort((a, b) => b - a)
  const levelOf = new Map(levels.map((level, index) => [level, index + 1]))
  const stairs = Array.from({ length: levels.length + 1 }, () => new Staircase())
  const front: number[] = []
  let previous = -1
  for (const row of rows) {
    const level = levelOf.get(quality(row))!
    const y = second(row)
    const z = third(row)
    const same =
      previous !== -1 &&
      first[previous] === first[row] &&
      second(previous) === y &&
      third(previous) === z &&
      quality(previous) === quality(row)
    if (same) {
      // An equal point beats nothing and is not beaten by its twin.
      front.push(row)
      continue
    }
    let beaten = false
    for (let index = level; index > 0; index -= index & -index)
      if (stairs[index]!.covers(y, z)) {
        beaten = true
        break
      }
    if (beaten) continue
    front.push(row)
    previous = row
    for (let index = level; index <= levels.length; index += index & -index) stairs[index]!.add(y, z)
  }
  return front
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Lower-left corners, first coordinate rising, second falling. */
class Staircase {
  readonly #ys: number[] = []
  readonly #zs: number[] = []

  /** Whether a point lies at or below-left of (y, z). */
  covers(y: number, z: number): boolean {
    const index = this.#lastAtMost(y)
    return index >= 0 && this.#zs[index]! <= z
  }

  add(y: number, z: number): void {
    if (this.covers(y, z)) return
    const at = this.#lastAtMost(y) + 1
    // A corner of the same y stands higher, or it would cover the point.
    const start = at > 0 && this.#ys[at - 1] === y ? at - 1 : at
    let end = at
    while (end < this.#zs.length && this.#zs[end]! >= z) end += 1
    this.#ys.splice(start, end - start, y)
    this.#zs.splice(start, end - start, z)
  }

  #lastAtMost(y: number): number {
    let low = 0
    let high = this.#ys.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#ys[middle]! <= y) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}
