import type { PairBasis } from './recompute-pair.ts'
import type { RecomputeBasis } from './recompute-types.ts'

/** JSON has no NaN, no infinity and drops undefined: here each has a name, as unknown must not come back as null. */
const names: readonly (readonly [number, string])[] = [
  [Number.POSITIVE_INFINITY, '+inf'],
  [Number.NEGATIVE_INFINITY, '-inf'],
]

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

export function basisToJson(basis: RecomputeBasis | PairBasis): Json {
  return encode(basis)
}

export function basisFromJson<Basis extends RecomputeBasis | PairBasis = RecomputeBasis>(value: Json): Basis {
  return decode(value) as Basis
}

function encode(value: unknown): Json {
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value
    const name = names.find(([number]) => number === value)?.[1] ?? 'nan'
    return { $number: name }
  }
  if (ArrayBuffer.isView(value)) return [...(value as Float64Array)].map(encode)
  if (Array.isArray(value)) return value.map(encode)
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, entry]) => entry !== undefined)
        .map(([key, entry]) => {
          if (typeof entry === 'function')
            throw new Error(`a basis must be plain data (${key} is a function)`)
          return [key, encode(entry)]
        }),
    )
  return value as Json
}

function decode(value: Json): unknown {
  if (Array.isArray(value)) return value.map(decode)
  if (value === null || typeof value !== 'object') return value
  const { $number } = value
  if (typeof $number === 'string') return names.find(([, name]) => name === $number)?.[0] ?? Number.NaN
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, decode(entry)]))
}

/** Shorter parts are not worth a reference. */
const leastSharedCharacters = 60

/**
 * Values of which many parts are equal, each such part kept once: options of one engine, place or side of a cascade have
 * most of what they are computed from in common.
 */
export interface SharedJson {
  readonly parts: readonly Json[]
  readonly value: Json
}

export function sharedJson(value: Json): SharedJson {
  const seen = new Map<string, { count: number; at?: number }>()
  const count = (of: Json): void => {
    if (of === null || typeof of !== 'object') return
    const text = JSON.stringify(of)
    if (text.length < leastSharedCharacters) return
    const known = seen.get(text) ?? { count: 0 }
    known.count += 1
    seen.set(text, known)
    // What stands inside of a repeated part is repeated with it.
    if (known.count === 1) for (const part of Object.values(of)) count(part)
  }
  count(value)
  const parts: Json[] = []
  const shared = (of: Json): Json => {
    if (of === null || typeof of !== 'object') return of
    const known = seen.get(JSON.stringify(of))
    if (known === undefined || known.count === 1) return inside(of)
    if (known.at === undefined) {
      // Parts inside come first, so that a reader finds each reference in what it has read.
      const part = inside(of)
      known.at = parts.push(part) - 1
    }
    return { $part: known.at }
  }
  const inside = (of: Json[] | { [key: string]: Json }): Json =>
    Array.isArray(of)
      ? of.map(shared)
      : Object.fromEntries(Object.entries(of).map(([key, part]) => [key, shared(part)]))
  const whole = shared(value)
  return { parts, value: whole }
}

export function fromSharedJson(given: SharedJson): Json {
  const parts: Json[] = []
  const whole = (of: Json): Json => {
    if (of === null || typeof of !== 'object') return of
    if (Array.isArray(of)) return of.map(whole)
    const { $part } = of
    if (typeof $part === 'number') return parts[$part]!
    return Object.fromEntries(Object.entries(of).map(([key, part]) => [key, whole(part)]))
  }
  for (const part of given.parts) parts.push(whole(part))
  return whole(given.value)
}
