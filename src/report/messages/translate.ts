import type { ReportLocale } from '../report-document.ts'
import { de } from './de.ts'
import { en } from './en.ts'

export type MessageKey = keyof typeof en
export type Messages = Readonly<Record<MessageKey, string>>

const messagesByLocale: Readonly<Record<ReportLocale, Messages>> = { en, de }

export interface Translate {
  (key: MessageKey, values?: Readonly<Record<string, string>>): string
  known(key: string): boolean
}

/** The text of a key with its `{placeholders}` filled; a placeholder without a value is our bug and throws. */
export function translator(locale: ReportLocale): Translate {
  const messages = messagesByLocale[locale]
  const translate = (key: MessageKey, values: Readonly<Record<string, string>> = {}): string =>
    messages[key].replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name]
      if (value === undefined) throw new Error(`message ${key} needs a value for {${name}}`)
      return value
    })
  return Object.assign(translate, { known: (key: string) => Object.hasOwn(messages, key) })
}

/** Messages as they stand, for words that the layout fills in itself. */
export function rawMessage(locale: ReportLocale, key: MessageKey): string {
  return messagesByLocale[locale][key]
}
