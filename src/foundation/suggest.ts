import { distance } from 'fastest-levenshtein'
import { compareText } from './notes.ts'

/** The known names nearest to what was typed: those that contain it first, then by edit distance. */
export function nearestNames(typed: string, known: Iterable<string>, most = 3): string[] {
  const wanted = typed.toLowerCase()
  const scored: { name: string; group: number; edits: number }[] = []
  for (const name of known) {
    const lower = name.toLowerCase()
    const edits = distance(wanted, lower)
    const contained = wanted.length >= 3 && (lower.includes(wanted) || wanted.includes(lower))
    const limit = Math.max(2, Math.floor(Math.max(wanted.length, lower.length) * 0.4))
    // One slip away is nearer than any longer name that merely contains what was typed.
    const group = edits <= 1 ? 0 : contained ? 1 : 2
    if (contained || edits <= limit) scored.push({ name, group, edits })
  }
  scored.sort((a, b) => a.group - b.group || a.edits - b.edits || compareText(a.name, b.name))
  return scored.slice(0, most).map((entry) => entry.name)
}

/** "did you mean a, b or c?" or undefined where nothing is near. */
export function didYouMean(typed: string, known: Iterable<string>): string | undefined {
  const near = nearestNames(typed, known)
  if (near.length === 0) return undefined
  const last = near.at(-1)
  return `did you mean ${near.length === 1 ? last : `${near.slice(0, -1).join(', ')} or ${last}`}?`
}
