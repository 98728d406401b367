import type { Issue } from '../../foundation/errors.ts'

/** Above any size, count or context length of a model. */
const mostNumber = 1_000_000_000

/** Reads the metadata of a GGUF file; keys without a dot-separated scope of their own belong to the architecture. */
export class GgufMetadata {
  readonly #values: Readonly<Record<string, unknown>>
  readonly #file: string
  readonly #issues: Issue[]
  readonly #seen = new Set<string>()

  constructor(input: { values: Readonly<Record<string, unknown>>; file: string; issues: Issue[] }) {
    this.#values = input.values
    this.#file = input.file
    this.#issues = input.issues
  }

  get problems(): number {
    return this.#issues.length
  }

  place(key: string): string {
    return key === '' ? this.#file : `${this.#file}: ${this.#full(key)}`
  }

  /** The same problem is told once, however many layers meet it. */
  problem(key: string, message: string, hint?: string): void {
    const place = this.place(key)
    const seen = `${place}\u0000${message}`
    if (this.#seen.has(seen)) return
    this.#seen.add(seen)
    this.#issues.push({ place, message, ...(hint === undefined ? {} : { hint }) })
  }

  text(key: string): string | undefined {
    const value = this.#value(key)
    return typeof value === 'string' && value !== '' ? value : undefined
  }

  /** A number, or the one number that all entries of a list share. */
  optional(key: string): number | undefined {
    const value = this.#value(key)
    const single = Array.isArray(value) && new Set(value).size === 1 ? value[0] : value
    return asWhole(single)
  }

  whole(key: string, options: { most?: number } = {}): number {
    const value = this.optional(key)
    if (value !== undefined && value >= 1 && value <= (options.most ?? mostNumber)) return value
    this.problem(key, value === undefined ? 'is missing or not a whole number' : `${value} is not possible`)
    return 1
  }

  /** The entry of a layer where the value is a list, the value itself where it is one number. */
  perLayer(key: string, layer: number, fallback?: number): number {
    const value = this.#value(key)
    const found = asWhole(Array.isArray(value) ? value[layer] : value) ?? fallback
    if (found !== undefined && found >= 1 && found <= mostNumber) return found
    this.problem(key, Array.isArray(value) ? `has no number for layer ${layer}` : 'is missing')
    return 1
  }

  /** A list of true and false, one per layer. */
  flags(key: string, layers: number): boolean[] | undefined {
    const value = this.#value(key)
    if (!Array.isArray(value)) return undefined
    if (value.length < layers) {
      this.problem(key, `has ${value.length} entries for ${layers} layers`)
      return undefined
    }
    return value.map((entry) => entry === true || entry === 1)
  }

  #value(key: string): unknown {
    const full = this.#full(key)
    return Object.hasOwn(this.#values, full) ? this.#values[full] : undefined
  }

  #full(key: string): string {
    if (/^(?:general|tokenizer|split)\./.test(key)) return key
    const architecture = Object.hasOwn(this.#values, 'general.architecture')
      ? this.#values['general.architecture']
      : undefined
    return `${typeof architecture === 'string' ? architecture : '?'}.${key}`
  }
}

function asWhole(value: unknown): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined
}
