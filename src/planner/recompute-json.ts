import type { PairBasis } from './recompute-pair.ts'
import type { RecomputeBasis } from './recompute-types.ts'

/** JSON has no NaN, no infinity and drops undefined: here each has a name, as unknown must not come back as null. */
const names: readonly (readonly [number, string])[] = [
  [Number.POSITIVE_INFINITY, '+inf'],
  [Number.NEGATIVE_INFINITY, '-inf'],
]

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

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
