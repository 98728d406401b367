import type { Note, SentenceCode } from '../../foundation/notes.ts'
import type { LocaleFormat } from '../locale-format.ts'
import type { ReportLocale } from '../report-document.ts'
import { deSentences } from './de-sentences.ts'
import { fillSentence, type ValueWriter } from './sentence-text.ts'

/** The plan speaks English; other languages have a template for each code. */
const sentencesByLocale: Readonly<Record<ReportLocale, Readonly<Record<string, string>> | undefined>> = {
  en: undefined,
  de: deSentences,
}

/** The plan's own sentences in the language of the report. */
export interface Say {
  /** Whether the plan's own words are in another language than the report. */
  readonly translates: boolean
  /** Codes that had no template or lacked a value: their English stands in the report. */
  readonly untold: ReadonlySet<string>
  /** A sentence by its code, else in English. `kind` keeps codes of notes, reasons, … apart. */
  sentence(kind: string, code: SentenceCode | undefined, english: string): string
  /** Several at once; plans of older versions have no codes. */
  sentences(
    kind: string,
    codes: readonly SentenceCode[] | undefined,
    english: readonly string[],
  ): readonly string[]
  note(note: Note): string
  /** A word of the plan, or a constant phrase by its place in it. */
  word(kind: string, key: string, english?: string): string
  /** The catalog's own words, as written there. */
  quote(text: string): string
}

const quotes: Readonly<Record<ReportLocale, readonly [string, string]>> = { en: ['', ''], de: ['„', '“'] }

export function sayer(input: { locale: ReportLocale; f: LocaleFormat }): Say {
  const { locale, f } = input
  const templates = sentencesByLocale[locale]
  const untold = new Set<string>()
  const word = (kind: string, key: string, english = key): string => {
    if (templates === undefined || key === '') return english
    const found = templates[`${kind}.${key}`]
    if (found === undefined) untold.add(`${kind}.${key}`)
    return found ?? english
  }
  const writer: ValueWriter = { f, locale, word: (kind, key) => word(kind, key) }
  const sentence = (kind: string, code: SentenceCode | undefined, english: string): string => {
    if (templates === undefined) return english
    const key = `${kind}.${code?.code ?? '?'}`
    const template = code === undefined ? undefined : templates[key]
    const text = template && fillSentence(template, code?.values ?? {}, writer)
    if (text === undefined) untold.add(template === undefined ? key : `${key} (a value is missing)`)
    return text ?? english
  }
  const [open, close] = quotes[locale]
  return {
    translates: templates !== undefined,
    untold,
    sentence,
    sentences: (kind, codes, english) => english.map((text, index) => sentence(kind, codes?.[index], text)),
    note: (note) =>
      sentence('note', { code: note.code, values: { about: note.about, ...note.values } }, note.message),
    word,
    quote: (text) => `${open}${text}${close}`,
  }
}
