import { deFormulas } from './de-formulas.ts'
import { deNotes } from './de-notes.ts'
import { dePlanWords } from './de-plan-words.ts'
import { deReasons } from './de-reasons.ts'
import { deWords } from './de-words.ts'

/** The plan's sentences in German, by kind and code; words that the report has anyway are not written twice. */
export const deSentences: Readonly<Record<string, string>> = {
  ...deWords,
  ...deNotes,
  ...deReasons,
  ...dePlanWords,
  ...deFormulas,
}
