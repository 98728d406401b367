import { type Issue, RightsizeError } from '../../foundation/errors.ts'
import type { Note } from '../../foundation/notes.ts'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Above any model known, and low enough that products stay exact integers and lists stay small. */
const mostLayers = 2_000
const mostSize = 100_000_000
/** A bound for context lengths: above any promise yet made. */
export const mostContextTokens = 1_000_000_000

interface Shared {
  readonly issues: Issue[]
  readonly notes: Note[]
  readonly defaults: string[]
}

type Key = string | readonly string[]

/**
 * Reads the keys of a model's configuration. A problem is collected, and a harmless value returned so that reading goes on
 * and every problem is found; `finish` throws them all together. What is read is remembered: `unread` tells what nobody asked for.
 */
export class ConfigReader {
  readonly #json: JsonObject
  readonly #place: string
  readonly #shared: Shared
  readonly #read: Set<string>

  constructor(input: { json: JsonObject; place: string; shared?: Shared; read?: Set<string> }) {
    this.#read = input.read ?? new Set()
    this.#json = input.json
    this.#place = input.place
    this.#shared = input.shared ?? { issues: [], notes: [], defaults: [] }
  }

  get notes(): readonly Note[] {
    return this.#shared.notes
  }

  get keys(): readonly string[] {
    return Object.keys(this.#json)
  }

  note(note: Note): void {
    this.#shared.notes.push(note)
  }

  problem(key: string, message: string, hint?: string): void {
    this.#shared.issues.push({ place: this.place(key), message, ...(hint === undefined ? {} : { hint }) })
  }

  place(key: string): string {
    return key === '' ? this.#place : `${this.#place}: ${key}`
  }

  /** The value under the first of the keys that is there; null counts as absent, as in transformers. */
  raw(key: Key): { key: string; value: Json } | undefined {
    for (const name of typeof key === 'string' ? [key] : key) {
      this.#read.add(name)
      if (!Object.hasOwn(this.#json, name)) continue
      const value = this.#json[name]
      if (value !== undefined && value !== null) return { key: name, value }
    }
    return undefined
  }

  has(key: Key): boolean {
    return this.raw(key) !== undefined
  }

  /** Tells that the key is there and null, which some families distinguish from absent. */
  isNull(key: string): boolean {
    this.#read.add(key)
    return Object.hasOwn(this.#json, key) && this.#json[key] === null
  }

  /** A whole number that the model cannot be sized without; `fallback` is the configuration class's own default. */
  whole(key: Key, options: { least?: number; most?: number; fallback?: number } = {}): number {
    const found = this.optionalWhole(key, options)
    if (found !== undefined) return found
    if (this.has(key)) return 1
    const name = typeof key === 'string' ? key : (key[0] ?? '')
    if (options.fallback !== undefined) {
      this.#shared.defaults.push(`${name} = ${options.fallback}`)
      return options.fallback
    }
    const others = typeof key === 'string' ? [] : key.slice(1)
    this.problem(
      name,
      'is missing',
      others.length === 0
        ? 'add the key: the size depends on it'
        : `add the key (or ${others.join(', ')}): the size depends on it`,
    )
    return 1
  }

  optionalWhole(key: Key, options: { least?: number; most?: number } = {}): number | undefined {
    const found = this.raw(key)
    if (found === undefined) return undefined
    const { least = 1, most = mostSize } = options
    if (
      typeof found.value !== 'number' ||
      !Number.isInteger(found.value) ||
      found.value < least ||
      found.value > most
    ) {
      this.problem(
        found.key,
        `must be a whole number from ${least} to ${most} (got ${shortJson(found.value)})`,
      )
      return undefined
    }
    return found.value
  }

  layers(key: Key): number {
    return this.whole(key, { most: mostLayers })
  }

  flag(key: Key, fallback: boolean): boolean {
    const found = this.raw(key)
    if (found === undefined) {
      this.#shared.defaults.push(`${typeof key === 'string' ? key : key[0]} = ${fallback}`)
      return fallback
    }
    if (typeof found.value !== 'boolean') {
      this.problem(found.key, `must be true or false (got ${shortJson(found.value)})`)
      return fallback
    }
    return found.value
  }

  text(key: Key): string | undefined {
    const found = this.raw(key)
    if (found === undefined) return undefined
    if (typeof found.value === 'string') return found.value
    this.problem(found.key, `must be text (got ${shortJson(found.value)})`)
    return undefined
  }

  /** A list with one entry per layer, each of which `entry` understands; a list of another length is a problem. */
  perLayer<T>(input: {
    key: Key
    layers: number
    expected: string
    entry: (value: Json) => T | undefined
  }): T[] | undefined {
    const found = this.raw(input.key)
    if (found === undefined) return undefined
    if (!Array.isArray(found.value)) {
      this.problem(found.key, `must be a list with one entry per layer (got ${shortJson(found.value)})`)
      return undefined
    }
    const values = found.value as readonly Json[]
    if (values.length !== input.layers) {
      this.problem(found.key, `has ${values.length} entries for ${input.layers} layers`)
      return undefined
    }
    const unknown = new Set<string>()
    const entries: T[] = []
    for (const value of values) {
      const entry = input.entry(value)
      if (entry === undefined) unknown.add(shortJson(value))
      else entries.push(entry)
    }
    for (const value of unknown)
      this.problem(found.key, `entry ${value} is not understood`, `expected ${input.expected}`)
    return unknown.size === 0 ? entries : undefined
  }

  /** A list of layer numbers. */
  indices(key: Key): number[] | undefined {
    const found = this.raw(key)
    if (found === undefined) return undefined
    const value = found.value
    if (Array.isArray(value) && value.length <= mostLayers && value.every((entry) => Number.isInteger(entry)))
      return value as number[]
    this.problem(found.key, `must be a list of layer numbers (got ${shortJson(value)})`)
    return undefined
  }

  child(key: Key): ConfigReader | undefined {
    const found = this.raw(key)
    if (found === undefined) return undefined
    if (isJsonObject(found.value))
      return new ConfigReader({ json: found.value, place: this.place(found.key), shared: this.#shared })
    this.problem(found.key, `must be an object (got ${shortJson(found.value)})`)
    return undefined
  }

  /** The same configuration with values added; problems and what was read stay shared. */
  with(added: JsonObject): ConfigReader {
    return new ConfigReader({
      json: { ...this.#json, ...added },
      place: this.#place,
      shared: this.#shared,
      read: this.#read,
    })
  }

  /** Marks keys as understood that need no value, e.g. because another key says the same. */
  ignore(...keys: string[]): void {
    for (const key of keys) this.#read.add(key)
  }

  /** The same for all keys of a kind, e.g. those of a part that this model does not have. */
  ignoreAll(pattern: RegExp): void {
    this.ignore(...this.keys.filter((key) => pattern.test(key)))
  }

  /** Keys with a value that says something, which nobody has asked for. */
  unread(): { key: string; value: Json }[] {
    return Object.entries(this.#json)
      .filter(([key, value]) => !this.#read.has(key) && value !== null && value !== false && value !== 0)
      .map(([key, value]) => ({ key, value }))
  }

  get hasProblems(): boolean {
    return this.#shared.issues.length > 0
  }

  /** Throws every problem found; otherwise notes the defaults that were used. */
  finish(input: { subject: string; family?: string }): void {
    if (this.#shared.issues.length > 0)
      throw new RightsizeError({
        code: 'model-file-invalid',
        message: `${input.subject} cannot be understood as a model`,
        issues: this.#shared.issues,
      })
    const defaults = [...new Set(this.#shared.defaults)]
    if (defaults.length > 0)
      this.note({
        code: 'config-default-used',
        level: 'information',
        about: input.subject,
        message: `Keys that are absent have the defaults of transformers' ${input.family ?? 'configuration'} class: ${defaults.join(', ')}`,
      })
  }
}

/** A value for a message: short, on one line. */
export function shortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`
}
