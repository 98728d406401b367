/**
 * xoshiro128** 1.1 (Blackman and Vigna 2018, public domain), seeded by splitmix32: the same seed gives the same
 * numbers on every machine, which the language's own generator does not promise.
 */
export interface RandomSource {
  /** Evenly in the open interval (0, 1). */
  nextFraction(): number
}

const uint32 = 2 ** 32

export function seededRandom(seed: number): RandomSource {
  let mixed = seed >>> 0
  const nextSeed = (): number => {
    mixed = (mixed + 0x9e3779b9) | 0
    let value = mixed ^ (mixed >>> 16)
    value = Math.imul(value, 0x21f0aaad)
    value ^= value >>> 15
    value = Math.imul(value, 0x735a2d97)
    return value ^ (value >>> 15)
  }
  let a = nextSeed()
  let b = nextSeed()
  let c = nextSeed()
  let d = nextSeed()
  return {
    nextFraction() {
      const product = Math.imul(b, 5)
      const result = Math.imul((product << 7) | (product >>> 25), 9)
      const shifted = b << 9
      c ^= a
      d ^= b
      b ^= c
      a ^= d
      c ^= shifted
      d = (d << 11) | (d >>> 21)
      // Half a step up: 0 and 1 never come, so every quantile is finite.
      return ((result >>> 0) + 0.5) / uint32
    },
  }
}
