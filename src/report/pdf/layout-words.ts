/** `Figure {n}` or `Figure` with its number. */
export function numbered(word: string, number: number): string {
  return word.includes('{n}') ? word.replace('{n}', String(number)) : `${word} ${number}`
}

/** `Page {n} of {total}`: the first place takes the page, the next the number of pages. */
export function pageOf(words: string, input: { page: number; pages: number }): string {
  return words.replace('{n}', String(input.page)).replace(/\{\w+\}/, String(input.pages))
}
