import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvText } from '../foundation/csv-text.ts'
import { left, list, pairs, paragraph, renderMarkdown, renderText, right, table } from './document.ts'
import { figureText } from './figure-text.ts'

describe('text for a terminal', () => {
  it('indents what goes on in the next line', () => {
    const words = 'word '.repeat(60).trim()
    for (const line of renderText([list([words])])
      .split('\n')
      .slice(1, -1))
      expect(line).toMatch(/^ {4}word/)
    const [first = '', second = ''] = renderText([pairs([['label', words]])]).split('\n')
    expect(second.indexOf('word')).toBe(first.indexOf('word'))
  })

  it('folds a long remark in the last column, and loses no word of it', () => {
    const remark = Array.from({ length: 60 }, (_, index) => `w${index}`).join(' ')
    const text = renderText([table([left('a'), left('note')], [['x'.repeat(60), remark]])])
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(140)
    for (const word of remark.split(' ')) expect(text.split(/\s+/)).toContain(word)
  })

  it('lets no control character through', () => {
    const bad = 'a\u001b[31mb\u0007\r\nc'
    const text = renderText([
      paragraph(bad),
      list([bad]),
      pairs([[bad.slice(0, 1), bad]]),
      table([left('t')], [[bad]]),
    ])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  })
})

describe('Markdown', () => {
  it('keeps a table a table and a text a text', () => {
    const markdown = renderMarkdown([
      table([left('a'), right('b')], [['x | y', '[z](http://example.org) <b>']]),
      paragraph('# no *heading* `code` snake_case _under_'),
    ])
    expect(markdown).toContain('| x \\| y | [z]\\(http://example.org) \\<b\\> |')
    expect(markdown).toContain('\\# no \\*heading\\* \\`code\\` snake_case \\_under\\_')
  })
})

describe('CSV', () => {
  it('never lets a text start a formula, and quotes what needs it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const [, ...rows] = csvText(['a'], [[text]]).split('\n')
        expect(rows.join('\n')).not.toMatch(/^"?\s*[=@+\-|%]/)
      }),
    )
    expect(csvText(['a', 'b'], [['x,"y"', -3]])).toBe('a,b\n"x,""y""",-3\n')
  })

  it('leaves a cell empty for what is unknown', () => {
    expect(csvText(['a', 'b'], [[undefined, Number.NaN]])).toBe('a,b\n,\n')
  })
})

describe('a figure as text', () => {
  it('shows the interval in the unit of the value', () => {
    expect(figureText({ value: 1.2, low: 0.9, high: 1500, unit: 's' })).toBe('1.20 s (0.900 to 1,500)')
    expect(figureText({ value: 121_000, low: 91_000, high: 173_000, unit: 'g CO2e/month' })).toBe(
      '121 kg CO2e/month (91.0 to 173)',
    )
  })

  it('shows money in the currency of the scenario: 108 USD at 1.08 USD are 100 EUR', () => {
    const currency = { code: 'EUR', usdPerUnit: 1.08 }
    expect(figureText({ value: 100 * 1.08, unit: 'USD/month' }, { currency })).toBe('100 EUR/month')
  })

  it('says unknown, bound and count', () => {
    expect(figureText(undefined)).toBe('unknown')
    expect(figureText({ value: 2, unit: 's', basis: 'bound' })).toBe('2.00 s (a bound)')
    expect(figureText({ value: 2, unit: 'count' })).toBe('2')
  })
})
