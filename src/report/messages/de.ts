import { deAnnex } from './de-annex.ts'
import { deBody } from './de-body.ts'
import { deFrame } from './de-frame.ts'
import { deWords } from './de-words.ts'
import type { en } from './en.ts'

/** German. The compiler demands every key of English. */
export const de: Readonly<Record<keyof typeof en, string>> = { ...deFrame, ...deWords, ...deBody, ...deAnnex }
