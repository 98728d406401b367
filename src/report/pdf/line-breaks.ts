/** Width of a text in points. */
export type Measure = (text: string) => number

/**
 * Breaks are allowed after these, so that addresses and ids need not be cut inside a word. Not inside dates, versions
 * and numbers: 2026-11-24, 1.5, 131,072.
 */
const breakAfter = /(?<=[/_;@?&=\\|])(?=[\p{L}\p{N}])|(?<=[-.,:])(?=\p{L})|(?<=[^\d][-.,:])(?=\d)/u

/** Control and format characters have no business in a line of print; new lines are kept. */
const unprintable = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

export function printable(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll('\t', ' ').replaceAll(unprintable, '')
}

/**
 * Lines of at most `width` points. Lines break at spaces; a word that is too long for a line breaks after punctuation,
 * then anywhere: nothing sticks out. New lines in the text are kept. `indent` points of the first line are taken already.
 */
export function breakLines(input: {
  text: string
  width: number
  measure: Measure
  indent?: number
}): string[] {
  const { width, measure } = input
  const lines: string[] = []
  const space = measure(' ')
  let taken = input.indent ?? 0
  for (const paragraph of printable(input.text).split('\n')) {
    let line = ''
    let used = 0
    for (const word of paragraph.split(' ').filter((part) => part !== '')) {
      const length = measure(word)
      if (line !== '' && used + space + length <= width) {
        line += ` ${word}`
        used += space + length
        continue
      }
      if (line !== '' || taken + length > width) {
        if (line !== '' || taken > 0) lines.push(line)
        taken = 0
      }
      if (taken + length <= width) {
        line = word
        used = taken + length
        taken = 0
        continue
      }
      const pieces = cutWord({ word, width, measure })
      lines.push(...pieces.slice(0, -1))
      line = pieces.at(-1) ?? ''
      used = measure(line)
    }
    lines.push(line)
    taken = 0
  }
  return lines
}

function cutWord(input: { word: string; width: number; measure: Measure }): string[] {
  const { word, width, measure } = input
  const pieces: string[] = []
  let piece = ''
  for (const part of word.split(breakAfter)) {
    if (measure(piece + part) <= width) {
      piece += part
      continue
    }
    if (piece !== '') pieces.push(piece)
    piece = ''
    if (measure(part) <= width) {
      piece = part
      continue
    }
    for (const character of part) {
      if (piece !== '' && measure(piece + character) > width) {
        pieces.push(piece)
        piece = ''
      }
      piece += character
    }
  }
  pieces.push(piece)
  return pieces
}

/** The widest part that a line break cannot split at a good place, in points. */
export function longestPart(input: { text: string; measure: Measure }): number {
  let longest = 0
  for (const word of printable(input.text).split(/[ \n]/))
    for (const part of word.split(breakAfter)) longest = Math.max(longest, input.measure(part))
  return longest
}
