import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnWidths } from './column-widths.ts'
import { numbered, pageOf } from './layout-words.ts'
import { breakLines, longestPart, printable } from './line-breaks.ts'

/** Each character is one point wide. */
const measure = (text: string): number => [...text].length

describe('breakLines', () => {
  it('no line is wider than the column, and no letter is lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 40 }),
        (words, width) => {
          const text = words.join(' ')
          const lines = breakLines({ text, width, measure })
          expect(lines.every((line) => measure(line) <= width)).toBe(true)
          const letters = (from: string) => printable(from).replaceAll(/[ \n]/g, '')
          expect(letters(lines.join(''))).toBe(letters(text))
        },
      ),
    )
  })

  it('breaks at spaces, then after punctuation, then anywhere', () => {
    expect(breakLines({ text: 'one two three', width: 7, measure })).toEqual(['one two', 'three'])
    expect(breakLines({ text: 'https://example.com/a', width: 12, measure })).toEqual([
      'https://',
      'example.com/',
      'a',
    ])
    expect(breakLines({ text: 'abcdefgh', width: 3, measure })).toEqual(['abc', 'def', 'gh'])
  })

  it('keeps dates, versions and numbers whole', () => {
    expect(breakLines({ text: 'on 2026-11-24, 1.5 or 131,072', width: 11, measure })).toEqual([
      'on',
      '2026-11-24,',
      '1.5 or',
      '131,072',
    ])
  })

  it('leaves room on the first line for what stands there already', () => {
    expect(breakLines({ text: 'one two three', width: 7, measure, indent: 4 })).toEqual([
      'one',
      'two',
      'three',
    ])
    expect(breakLines({ text: 'longer', width: 7, measure, indent: 4 })).toEqual(['', 'longer'])
  })

  it('keeps new lines and drops control and direction characters', () => {
    expect(breakLines({ text: 'a\r\nb\u0007\u202e c', width: 9, measure })).toEqual(['a', 'b c'])
  })

  it('finds the widest part that should stay whole', () => {
    expect(longestPart({ text: 'on-premises in Frankfurt', measure })).toBe('Frankfurt'.length)
    expect(longestPart({ text: 'gpt-oss-120b', measure })).toBe('120b'.length)
  })
})

describe('columnWidths', () => {
  it('fills the table exactly, and gives each column its least where all fit', () => {
    const need = fc
      .tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 400 }))
      .map(([least, extra]) => ({ least: least + 1, usual: least + 1 + extra / 3, most: least + 1 + extra }))
    fc.assert(
      fc.property(fc.array(need, { minLength: 1, maxLength: 14 }), (needs) => {
        const width = 500
        const widths = columnWidths({ needs, width })
        expect(widths.reduce((sum, part) => sum + part, 0)).toBeCloseTo(width, 6)
        if (needs.reduce((sum, part) => sum + part.least, 0) <= width)
          widths.forEach((part, index) => {
            expect(part).toBeGreaterThanOrEqual(needs[index]!.least - 1e-9)
          })
      }),
    )
  })
})

describe('words of the layout', () => {
  it('fills numbers in with and without a placeholder', () => {
    expect(numbered('Figure', 3)).toBe('Figure 3')
    expect(numbered('Abbildung {n}', 3)).toBe('Abbildung 3')
    expect(pageOf('Page {n} of {total}', { page: 2, pages: 9 })).toBe('Page 2 of 9')
  })
})
