/**
 * A note is an assumption or a doubt that travels with a result.
 * `assumption`: a value the user did not give. `warning`: the result may mislead. `information`: good to know.
 */
export type NoteLevel = 'information' | 'assumption' | 'warning'

/** What a sentence speaks of, in base units: with its code it can be said in any language. */
export type SentenceValues = Readonly<Record<string, string | number>>

/** The code stands for a sentence; the values fill it. Constant sentences have none. */
export interface SentenceCode {
  readonly code: string
  readonly values?: SentenceValues
}

/** A sentence in English with what a translation needs. */
export interface Sentence extends SentenceCode {
  readonly message: string
}

/** The English text follows the code, as in a note. */
export function sentence(code: string, message: string, values?: SentenceValues): Sentence {
  return { code, message, ...(values === undefined ? {} : { values }) }
}

/** A sentence without its English text. */
export function codeOf({ code, values }: SentenceCode): SentenceCode {
  return values === undefined ? { code } : { code, values }
}

export interface Note {
  /** Stable, kebab-case, one heading each in the documentation. */
  readonly code: string
  readonly level: NoteLevel
  /** What it is about: a path in the scenario, an id, a figure's name. */
  readonly about: string
  readonly message: string
  readonly values?: SentenceValues
  /** A row of `catalogs/sources.csv`. */
  readonly sourceId?: string
}

const levelOrder: Record<NoteLevel, number> = { warning: 0, assumption: 1, information: 2 }

/** Notes without repeats, warnings first, then by subject: the same notes always print the same. */
export function sortedNotes(notes: Iterable<Note>): Note[] {
  const unique = new Map<string, Note>()
  for (const note of notes) unique.set(`${note.code}\u0000${note.about}\u0000${note.message}`, note)
  return [...unique.values()].sort(
    (a, b) =>
      levelOrder[a.level] - levelOrder[b.level] ||
      compareText(a.about, b.about) ||
      compareText(a.code, b.code) ||
      compareText(a.message, b.message),
  )
}

/** Code-point order, the same on every machine whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
