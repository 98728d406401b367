/**
 * Walks the header of a GGUF file without keeping its values, to find where it ends or where it breaks. The library
 * that reads the values takes bytes past the end of a file for zeros; this walk does not.
 */

export type GgufStructure =
  | { readonly kind: 'complete'; readonly headerBytes: number; readonly tensors: number }
  /** The bytes end inside the header: more are needed, or the file is cut off. */
  | { readonly kind: 'short'; readonly offset: number; readonly what: string }
  | { readonly kind: 'corrupt'; readonly offset: number; readonly message: string }

class Short extends Error {
  readonly offset: number
  readonly what: string
  constructor(input: { offset: number; what: string }) {
    super(input.what)
    this.offset = input.offset
    this.what = input.what
  }
}

class Corrupt extends Error {
  readonly offset: number
  constructor(input: { offset: number; message: string }) {
    super(input.message)
    this.offset = input.offset
  }
}

/** Bytes of the value types with a fixed size; 8 is a string and 9 an array. */
const valueBytes = [1, 1, 2, 2, 4, 4, 4, 1, undefined, undefined, 8, 8, 8] as const
const stringType = 8
const arrayType = 9
const mostKeys = 100_000
const mostTensors = 1_000_000
const mostArrayEntries = 1_000_000
const mostStringBytes = 10_000_000
const mostDimensions = 4
const deepestArray = 4

export function ggufStructure(bytes: Uint8Array): GgufStructure {
  try {
    return walk(bytes)
  } catch (error) {
    if (error instanceof Short) return { kind: 'short', offset: error.offset, what: error.what }
    if (error instanceof Corrupt) return { kind: 'corrupt', offset: error.offset, message: error.message }
    throw error
  }
}

export function isGguf(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0x47 && bytes[1] === 0x47 && bytes[2] === 0x55 && bytes[3] === 0x46
}

function walk(bytes: Uint8Array): GgufStructure {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let offset = 0
  const take = (count: number, what: string): number => {
    if (offset + count > bytes.length) throw new Short({ offset, what })
    const start = offset
    offset += count
    return start
  }
  if (bytes.length < 4) throw new Short({ offset: 0, what: 'the magic number' })
  if (!isGguf(bytes)) throw new Corrupt({ offset: 0, message: 'does not start with the magic number GGUF' })
  take(4, 'the magic number')
  const versionAt = take(4, 'the version')
  // Big-endian files show their version in the upper half.
  const isLittle = (view.getUint32(versionAt, true) & 0xffff) !== 0
  const version = view.getUint32(versionAt, isLittle)
  if (version < 1 || version > 3)
    throw new Corrupt({ offset: versionAt, message: `version ${version} is not known` })
  const size = (what: string, most: number): number => {
    const at = take(version === 1 ? 4 : 8, what)
    const value = version === 1 ? view.getUint32(at, isLittle) : Number(view.getBigUint64(at, isLittle))
    if (value > most)
      throw new Corrupt({ offset: at, message: `${what} is ${value}, above the limit of ${most}` })
    return value
  }
  const text = (what: string): number => {
    const length = size(`the length of ${what}`, mostStringBytes)
    return take(length, what)
  }
  const value = (type: number, depth: number, at: number): void => {
    if (type === stringType) {
      text('a text value')
      return
    }
    if (type === arrayType) {
      if (depth >= deepestArray) throw new Corrupt({ offset: at, message: 'arrays are nested too deep' })
      const entryAt = take(4, 'an array type')
      const entryType = view.getUint32(entryAt, isLittle)
      const count = size('the length of an array', mostArrayEntries)
      const entryBytes = valueBytes[entryType]
      if (entryBytes !== undefined) take(entryBytes * count, 'an array')
      else for (let index = 0; index < count; index += 1) value(entryType, depth + 1, entryAt)
      return
    }
    const length = valueBytes[type]
    if (length === undefined) throw new Corrupt({ offset: at, message: `value type ${type} is not known` })
    take(length, 'a value')
  }
  const tensors = size('the number of tensors', mostTensors)
  const keys = size('the number of metadata keys', mostKeys)
  for (let index = 0; index < keys; index += 1) {
    text(`metadata key ${index + 1} of ${keys}`)
    const typeAt = take(4, 'a value type')
    value(view.getUint32(typeAt, isLittle), 0, typeAt)
  }
  for (let index = 0; index < tensors; index += 1) {
    text(`the name of tensor ${index + 1} of ${tensors}`)
    const dimensionsAt = take(4, 'a number of dimensions')
    const dimensions = view.getUint32(dimensionsAt, isLittle)
    if (dimensions > mostDimensions)
      throw new Corrupt({ offset: dimensionsAt, message: `a tensor has ${dimensions} dimensions` })
    for (let dimension = 0; dimension < dimensions; dimension += 1) size('a dimension', 2 ** 32)
    take(4 + 8, 'a tensor type and offset')
  }
  return { kind: 'complete', headerBytes: offset, tensors }
}
