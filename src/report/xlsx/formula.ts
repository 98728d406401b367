/**
 * A formula that knows its value: what stands in the cell and what a spreadsheet will show are written together, so the
 * file holds both. A spreadsheet that opens the file works everything out again from the text; a test compares the two.
 */
export interface Term {
  /** Excel syntax without the leading `=`. */
  readonly text: string
  readonly value: number
  /** How tightly it binds: 3 operand, 2 product, 1 sum. */
  readonly rank: number
}

/** A formula that shows a word. */
export interface TextTerm {
  readonly text: string
  readonly value: string
}

function term(text: string, value: number, rank = 3): Term {
  return { text, value, rank }
}

function inner(of: Term, rank: number): string {
  return of.rank < rank ? `(${of.text})` : of.text
}

export function constant(value: number): Term {
  return term(String(value), value, value < 0 ? 1 : 3)
}

export function reference(address: string, value: number): Term {
  return term(address, value)
}

export function plus(...parts: readonly Term[]): Term {
  return term(parts.map((part) => inner(part, 1)).join('+'), total(parts), parts.length === 1 ? 3 : 1)
}

export function minus(a: Term, b: Term): Term {
  return term(`${inner(a, 1)}-${inner(b, 2)}`, a.value - b.value, 1)
}

export function times(...parts: readonly Term[]): Term {
  return term(
    parts.map((part) => inner(part, 2)).join('*'),
    parts.reduce((product, part) => product * part.value, 1),
    2,
  )
}

export function over(a: Term, b: Term): Term {
  return term(`${inner(a, 2)}/${inner(b, 3)}`, a.value / b.value, 2)
}

export function power(a: Term, b: Term): Term {
  return term(`${inner(a, 3)}^${inner(b, 3)}`, a.value ** b.value, 2)
}

/** Float noise: a need of 3.0000000001 units is 3, as in the library. */
const roundingSlack = 1e-9

export function roundUp(a: Term): Term {
  return term(`ROUNDUP(${a.text}-${roundingSlack.toFixed(9)},0)`, Math.ceil(a.value - roundingSlack))
}

export function atLeast(a: Term, b: Term): Term {
  return term(`MAX(${a.text},${b.text})`, Math.max(a.value, b.value))
}

export function atMost(a: Term, b: Term): Term {
  return term(`MIN(${a.text},${b.text})`, Math.min(a.value, b.value))
}

export function sumOfRange(range: string, values: readonly number[]): Term {
  return term(
    `SUM(${range})`,
    values.reduce((sum, value) => sum + value, 0),
  )
}

/** A function of the spreadsheet that has no counterpart here: the caller brings its value. */
export function call(text: string, value: number): Term {
  return term(text, value)
}

/** The value where it is a number, else a word: an unknown price must not look like 0. */
export function orWord(of: Term, word: string): Term | TextTerm {
  const text = `IFERROR(${of.text},${quoted(word)})`
  return Number.isFinite(of.value) ? term(text, of.value) : { text, value: word }
}

/** A text inside a formula. */
export function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

function total(parts: readonly Term[]): number {
  return parts.reduce((sum, part) => sum + part.value, 0)
}

/** `A`, `Z`, `AA` from 0, 25, 26. */
export function columnName(index: number): string {
  let name = ''
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1)
    name = String.fromCharCode(65 + (rest % 26)) + name
  return name
}

/** `$B$3` of row 2, column 1. */
export function absolute(row: number, column: number): string {
  return `$${columnName(column)}$${row + 1}`
}

/** `'Cash flow'!$B$3`. */
export function onSheet(sheet: string, address: string): string {
  return `'${sheet.replaceAll("'", "''")}'!${address}`
}

export function isTextTerm(of: Term | TextTerm): of is TextTerm {
  return typeof of.value === 'string'
}
