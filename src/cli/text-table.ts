/** Tables for the terminal: aligned columns, numbers to the right, no colour, wide cells kept whole. */
export interface TextColumn {
  readonly title: string
  readonly align?: 'left' | 'right'
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Letters, signs and boxes that are one column each and never join: most text, without the slow segmenter. */
const simple = /^[\u0020-\u02ff\u2010-\u2027\u2030-\u22ff\u2500-\u259f]*$/

function width(text: string): number {
  if (simple.test(text)) return text.length
  let count = 0
  for (const _ of graphemes.segment(text)) count += 1
  return count
}

function padded(text: string, size: number, align: 'left' | 'right'): string {
  const gap = ' '.repeat(Math.max(0, size - width(text)))
  return align === 'right' ? gap + text : text + gap
}

/** Control characters would let a catalog cell or a user's text move the cursor. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
}

export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => columns.map((_, index) => plain(row[index] ?? '')))
  const sizes = columns.map((column, index) =>
    Math.max(width(column.title), ...cells.map((row) => width(row[index] ?? ''))),
  )
  const line = (row: readonly string[]) =>
    columns
      .map((column, index) => padded(row[index] ?? '', sizes[index] ?? 0, column.align ?? 'left'))
      .join('  ')
      .trimEnd()
  const rule = sizes.map((size) => '─'.repeat(size)).join('  ')
  return `${[line(columns.map((column) => column.title)), rule, ...cells.map(line)].join('\n')}\n`
}

/** Label and value in two columns. */
export function textPairs(pairs: readonly (readonly [string, string])[], indent = ''): string {
  const size = Math.max(0, ...pairs.map(([label]) => width(label)))
  return pairs
    .map(([label, value]) => `${indent}${padded(label, size, 'left')}  ${plain(value)}`.trimEnd())
    .join('\n')
    .concat('\n')
}

/** Long text in lines of at most `columns`, continuation lines indented. */
export function wrapped(text: string, input: { columns: number; indent: string }): string {
  const lines: string[] = []
  let current = ''
  for (const word of plain(text).split(' ')) {
    if (current !== '' && width(current) + 1 + width(word) > input.columns) {
      lines.push(current)
      current = input.indent + word
    } else current = current === '' ? word : `${current} ${word}`
  }
  lines.push(current)
  return lines.join('\n')
}
