import type { SentenceValues } from '../../foundation/notes.ts'
import { daysPerWeek, secondsPerDay } from '../../foundation/units.ts'
import type { LocaleFormat } from '../locale-format.ts'

/** Turns a value of a sentence into text; `word` looks up a word of the locale. */
export interface ValueWriter {
  readonly f: LocaleFormat
  readonly locale: string
  readonly word: (prefix: string, value: string) => string
}

type Format = (value: string | number, values: SentenceValues, writer: ValueWriter) => string

/** A figure in its own unit, as limits and what breaks them are told; money in the report's currency. */
export function amountText(
  value: string | number,
  unit: string,
  { f, word }: Pick<ValueWriter, 'f' | 'word'>,
): string {
  if (typeof value === 'string') return value
  if (unit === 's') return f.seconds(value)
  if (unit === 'week')
    return `${f.significant(value / (secondsPerDay * daysPerWeek))} ${word('unit-word', 'weeks')}`
  if (unit === 'byte') return f.memory(value)
  if (unit === 'W') return f.watts(value)
  if (unit.startsWith('USD')) return f.money(value)
  const unitText = unit === '' ? '' : word('unit-word', unit)
  return `${f.significant(value)}${unitText === '' ? '' : ` ${unitText}`}`
}

const numeric =
  (show: (value: number, f: LocaleFormat) => string): Format =>
  (value, _, { f }) =>
    typeof value === 'number' ? show(value, f) : value

/** `DE` → Deutschland, `de` → Deutsch; what is no such code stays as it is. */
export function displayName(code: string, type: 'region' | 'language', locale: string): string {
  try {
    return new Intl.DisplayNames([locale], { type, fallback: 'code' }).of(code) ?? code
  } catch {
    return code
  }
}

const each = (value: string | number, show: (part: string) => string) =>
  String(value).split(', ').map(show).join(', ')

/** What may follow the colon in `{name:format}`. */
const formats: Readonly<Record<string, Format>> = {
  count: numeric((value, f) => f.count(value)),
  percent: numeric((value, f) => f.percent(value)),
  /** A rate or a price: three digits say enough in a sentence. */
  figure: numeric((value, f) => f.significant(value)),
  percent1: numeric((value, f) => f.percent(value, 1)),
  seconds: numeric((value, f) => f.seconds(value)),
  weeks: numeric((value, f) => f.significant(value / (secondsPerDay * daysPerWeek))),
  parameters: numeric((value, f) => f.parameters(value)),
  date: (value, _, { f }) => f.shortDate(String(value)),
  /** Text of a scenario: `3 years`, `0.5`, `20 %`. */
  quantity: (value, _, writer) =>
    typeof value === 'number'
      ? writer.f.significant(value, 6)
      : value
          .replaceAll(/\b\d+\.\d+\b/g, (digits) => writer.f.significant(Number(digits), 6))
          .replaceAll(/\b(years?|months?|days?|weeks?)\b/g, (unit) => writer.word('unit-word', unit)),
  amount: (value, { unit }, writer) => amountText(value, String(unit ?? ''), writer),
  unit: (value, _, { word }) => word('unit-word', String(value)),
  /** A kind of place. */
  kind: (value, _, { word }) => word('kind', String(value)),
  /** A place by its name; countries and the world have one in every language. */
  place: (value, { country }, { locale, word }) =>
    country !== undefined
      ? displayName(String(country), 'region', locale)
      : value === 'World'
        ? word('place-name', 'World')
        : String(value),
  regions: (value, _, { locale }) => each(value, (code) => displayName(code, 'region', locale)),
  languages: (value, _, { locale }) => each(value, (code) => displayName(code, 'language', locale)),
}

/**
 * Fills a template. `{name}` is a value (numbers with up to six digits), `{name:format}` one of the formats above or a
 * word list (`{term:basis}`), `{n|one|many}` a choice by number, `{flag?words}` words where the value is there. What
 * stands in `[…]` is left out where one of its values is missing. Undefined: a value outside of brackets is missing.
 */
export function fillSentence(
  template: string,
  values: SentenceValues,
  writer: ValueWriter,
): string | undefined {
  let missing = false
  const fill = (text: string): string | undefined => {
    let lacking = false
    const filled = text.replaceAll(
      /\{(\w+)(?::([\w-]+)|\|([^|}]*)\|([^}]*)|\?([^}]*))?\}/g,
      (_, name: string, format?: string, one?: string, many?: string, words?: string) => {
        const value = values[name]
        if (value === undefined) {
          lacking = true
          return ''
        }
        if (words !== undefined) return words
        if (one !== undefined) return value === 1 ? one : (many ?? '')
        if (format === undefined) return typeof value === 'number' ? writer.f.significant(value, 6) : value
        const known = formats[format]
        return known === undefined
          ? each(value, (part) => writer.word(format, part))
          : known(value, values, writer)
      },
    )
    return lacking ? undefined : filled
  }
  const text = template
    .split(/(\[[^\]]*\])/)
    .map((part) => {
      const filled = part.startsWith('[') ? (fill(part.slice(1, -1)) ?? '') : fill(part)
      if (filled === undefined) missing = true
      return filled ?? ''
    })
    .join('')
  return missing ? undefined : text
}
