import { enAnnex } from './en-annex.ts'
import { enBody } from './en-body.ts'
import { enFrame } from './en-frame.ts'
import { enWords } from './en-words.ts'

/** English. The keys of this language are those that every other must have. */
export const en = { ...enFrame, ...enWords, ...enBody, ...enAnnex } as const
