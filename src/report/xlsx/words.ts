import type { ReportLocale } from '../report-document.ts'
import { de } from './words-de.ts'
import { en } from './words-en.ts'

export type WordKey = keyof typeof en
export type Words = (key: WordKey, values?: Readonly<Record<string, string>>) => string

const byLocale = { en, de } as const

/** Words of the workbook; a placeholder without a value is our bug and throws. */
export function workbookWords(locale: ReportLocale): Words {
  return (key, values = {}) =>
    byLocale[locale][key].replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name]
      if (value === undefined) throw new Error(`word ${key} needs a value for {${name}}`)
      return value
    })
}
