import type { Catalog, Row } from '../../catalogs/catalog.ts'
import { type Issue, RightsizeError } from '../../foundation/errors.ts'
import type { Note, Sentence } from '../../foundation/notes.ts'
import { type Dimension, type Money, parseQuantity } from '../../foundation/quantity.ts'
import { didYouMean } from '../../foundation/suggest.ts'

/** Money of a scenario that is not in USD, at the user's own rate. */
export interface Currency {
  readonly code: string
  readonly usdPerUnit: number
}

/** Takes values from the profile and the defaults, and remembers what it took and what it could not find. */
export class Filler {
  readonly notes: Note[]
  readonly #issues: Issue[]
  readonly #catalog: Catalog
  readonly #prefix: string
  readonly #file: string
  readonly #useCase: string | undefined
  readonly #profile: ReadonlyMap<string, Row<'useCaseDefaults'>>
  readonly #defaults: ReadonlyMap<string, { value: string; source_id: string; note?: string | undefined }>

  readonly #opex: ReadonlyMap<unknown, Row<'opex'>[]>

  constructor(
    catalog: Catalog,
    useCase: string | undefined,
    file: string,
    part?: { readonly prefix: string; readonly notes: Note[]; readonly issues: Issue[] },
  ) {
    this.#catalog = catalog
    this.#prefix = part?.prefix ?? ''
    this.notes = part?.notes ?? []
    this.#issues = part?.issues ?? []
    this.#file = file
    this.#useCase = useCase
    this.#opex = catalog.rowsBy('opex', 'id')
    this.#defaults = new Map(catalog.rows('planningDefaults').map((row) => [row.id, row]))
    const known = catalog.rows('useCases').map((row) => row.id)
    if (useCase !== undefined && !known.includes(useCase)) {
      const hint = didYouMean(useCase, known) ?? `use cases: ${known.join(', ')}`
      this.#issues.push({
        place: `${file}  ${this.#prefix}useCase`,
        message: `unknown use case "${useCase}"`,
        hint,
      })
    }
    this.#profile = new Map(
      catalog
        .rows('useCaseDefaults')
        .filter((row) => row.use_case_id === useCase)
        .map((row) => [row.field as string, row]),
    )
  }

  /** For a part of the scenario with a profile of its own; notes and problems join these. */
  within(part: { readonly useCase: string | undefined; readonly prefix: string }): Filler {
    return new Filler(this.#catalog, part.useCase, this.#file, {
      prefix: part.prefix,
      notes: this.notes,
      issues: this.#issues,
    })
  }

  /** A number of the scenario, or of the use case's profile. */
  number(given: number | undefined, field: string, profileField: string): number {
    if (given !== undefined) return given
    const row = this.#profile.get(profileField)
    const value = row?.value ?? Number.NaN
    if (row === undefined || !Number.isFinite(value)) {
      const hint =
        this.#useCase === undefined
          ? 'give it, or name a useCase whose profile has it'
          : `the use case ${this.#useCase} does not say it`
      this.missing(field, hint)
      return 1
    }
    this.notes.push({
      code: 'default-from-use-case',
      level: 'assumption',
      about: `${this.#prefix}${field}`,
      message: `${this.#prefix}${field} = ${row.value}, from the use case ${this.#useCase}${row.quality === 'assumed' ? ' (assumed)' : ''}${row.note ? `: ${row.note}` : ''}`,
      values: {
        value,
        useCase: this.#useCase ?? '',
        ...(row.quality === 'assumed' ? { assumed: 'yes' } : {}),
        ...(row.note ? { note: row.note } : {}),
      },
      sourceId: row.source_id,
    })
    return value
  }

  /** A planning default by its id. */
  text(given: string | undefined, field: string, id: string): string {
    if (given !== undefined) return given
    const row = this.#defaults.get(id)
    if (row === undefined) throw new Error(`planning default ${id} is missing in the catalog`)
    this.note(field, row.value.replaceAll(';', ', '), row.note ?? 'default', row.source_id)
    return row.value
  }

  quantity(field: string, id: string, dimension: Dimension): number {
    const parsed = parseQuantity(this.text(undefined, field, id), dimension)
    if (!parsed.ok) throw new Error(`planning default ${id}: ${parsed.message}`)
    return parsed.value
  }

  /** A number of the scenario, or a row of `opex.csv`. */
  opex(given: number | undefined, field: string, id: string): number {
    if (given !== undefined) return given
    const row = this.#opex.get(id)?.[0]
    if (row === undefined) throw new Error(`opex.csv has no ${id}`)
    const range = row.low === undefined ? '' : `, seen from ${row.low} to ${row.high}`
    this.notes.push({
      code: 'default-of-cost-model',
      level: 'assumption',
      about: field,
      message: `${field} = ${row.value} (${row.unit.replaceAll('_', ' ')}${range}): ${row.parameter}${row.note ? `. ${row.note}` : ''}`,
      values: {
        value: row.value,
        unit: row.unit,
        parameter: row.parameter,
        ...(row.low === undefined || row.high === undefined ? {} : { low: row.low, high: row.high }),
        ...(row.note ? { note: row.note } : {}),
      },
      sourceId: row.source_id,
    })
    return row.value
  }

  /** An amount in USD: dollars, or the scenario's own currency at its own rate. */
  usd(money: Money | undefined, field: string, currency: Currency): number | undefined {
    if (money === undefined || money.currency === 'USD') return money?.amount
    if (money.currency === currency.code) return money.amount * currency.usdPerUnit
    this.issue(
      field,
      `is in ${money.currency}, and no rate for it is given`,
      `give finance.currency: {code: ${money.currency}, usdPerUnit: …}`,
    )
    return undefined
  }

  /** The reason is a sentence of the catalog, or one of ours. */
  note(field: string, value: string, reason: string | Sentence, sourceId: string): void {
    const message = typeof reason === 'string' ? reason : reason.message
    this.notes.push({
      code: 'default-of-planner',
      level: 'assumption',
      about: `${this.#prefix}${field}`,
      message: `${this.#prefix}${field} = ${value} (assumed): ${message}`,
      values: { value, ...(typeof reason === 'string' ? { note: reason } : { reason: reason.code }) },
      sourceId,
    })
  }

  missing(field: string, hint: string): void {
    this.issue(field, 'is missing', hint)
  }

  issue(field: string, message: string, hint: string): void {
    this.#issues.push({ place: `${this.#file}  ${this.#prefix}${field}`, message, hint })
  }

  throwMissing(): void {
    if (this.#issues.length === 0) return
    throw new RightsizeError({
      code: 'scenario-invalid',
      message: `${this.#file} has ${this.#issues.length} ${this.#issues.length === 1 ? 'problem' : 'problems'}`,
      issues: this.#issues,
    })
  }
}
