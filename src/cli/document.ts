import { type TextColumn, textPairs, textTable, wrapped } from './text-table.ts'

/** What a command has to say, before it is text for a terminal or Markdown. All text is plain. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'pairs'; readonly pairs: readonly (readonly [string, string])[] }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table'
      readonly columns: readonly TextColumn[]
      readonly rows: readonly (readonly string[])[]
    }
  /** Numbered from 1; the text refers to them as [1]. */
  | { readonly kind: 'footnotes'; readonly items: readonly string[] }

export const heading = (level: 1 | 2 | 3, text: string): Block => ({ kind: 'heading', level, text })
export const paragraph = (text: string): Block => ({ kind: 'paragraph', text })
export const pairs = (entries: readonly (readonly [string, string])[]): Block => ({
  kind: 'pairs',
  pairs: entries,
})
export const list = (items: readonly string[]): Block => ({ kind: 'list', items })
export const table = (columns: readonly TextColumn[], rows: readonly (readonly string[])[]): Block => ({
  kind: 'table',
  columns,
  rows,
})
export const right = (title: string): TextColumn => ({ title, align: 'right' })
export const left = (title: string): TextColumn => ({ title })

/** Lines of running text are no longer than this. */
const columns = 120

export function renderText(blocks: readonly Block[]): string {
  return blocks.map(blockText).join('\n')
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'heading':
      if (block.level === 3) return `${block.text}\n`
      return `${block.text}\n${(block.level === 1 ? '═' : '─').repeat(Math.min(block.text.length, columns))}\n`
    case 'paragraph':
      return `${wrapped(block.text, { columns, indent: '' })}\n`
    case 'pairs': {
      const size = Math.max(0, ...block.pairs.map(([label]) => label.length))
      const indent = ' '.repeat(size + 4)
      return block.pairs
        .map(([label, value]) => {
          const lines = wrapped(value, { columns: columns - size - 4, indent: '' }).split('\n')
          return textPairs([[label.padEnd(size), lines.join('\u2028')]], '  ').replaceAll(
            '\u2028',
            `\n${indent}`,
          )
        })
        .join('')
    }
    case 'list':
      return `${block.items.map((item) => hanging(item, '  - ')).join('\n')}\n`
    case 'table':
      return textTable(block.columns, foldedRows(block))
    case 'footnotes':
      return `${block.items.map((item, index) => hanging(item, `[${index + 1}]`.padStart(6).concat(' '))).join('\n')}\n`
  }
}

/** Tables may be a little wider than running text; a remark in the last column goes on in further lines. */
const tableColumns = 140
const leastRemark = 30

function foldedRows(block: Extract<Block, { kind: 'table' }>): (readonly string[])[] {
  const last = block.columns.length - 1
  if (block.columns[last]?.align === 'right') return [...block.rows]
  const sizes = block.columns.map(({ title }, index) =>
    Math.max(title.length, ...block.rows.map((row) => row[index]?.length ?? 0)),
  )
  const before = sizes.slice(0, last).reduce((sum, size) => sum + size + 2, 0)
  const room = Math.max(leastRemark, tableColumns - before)
  return block.rows.flatMap((row) => {
    const [first = '', ...more] = wrapped(row[last] ?? '', { columns: room, indent: '' }).split('\n')
    return [
      [...row.slice(0, last), first],
      ...more.map((line) => [...block.columns.slice(0, last).map(() => ''), line]),
    ]
  })
}

/** Wrapped text behind a mark, its further lines below its first word. */
function hanging(text: string, mark: string): string {
  const lines = wrapped(text, { columns: columns - mark.length, indent: '' })
  return mark + lines.replaceAll('\n', `\n${' '.repeat(mark.length)}`)
}

export function renderMarkdown(blocks: readonly Block[]): string {
  return `${blocks.map(blockMarkdown).join('\n\n')}\n`
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escaped(block.text)}`
    case 'paragraph':
      return escaped(block.text)
    case 'pairs':
      return block.pairs.map(([label, value]) => `- **${escaped(label)}**: ${escaped(value)}`).join('\n')
    case 'list':
      return block.items.map((item) => `- ${escaped(item)}`).join('\n')
    case 'table': {
      const row = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`
      return [
        row(block.columns.map(({ title }) => title)),
        row(block.columns.map(({ align }) => (align === 'right' ? '--:' : '---'))).replaceAll('\\', ''),
        ...block.rows.map((cells) => row(block.columns.map((_, index) => cells[index] ?? ''))),
      ].join('\n')
    }
    case 'footnotes':
      return block.items.map((item, index) => `${index + 1}. ${escaped(item)}`).join('\n')
  }
}

/** Catalog cells and users' texts must stay text: no markup, no link, no broken table. */
function escaped(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
      .replaceAll(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ')
      .trim()
      .replaceAll(/[\\`*|<>]/g, '\\$&')
      // Underscores inside a word are no emphasis.
      .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
      .replaceAll('](', ']\\(')
      .replace(/^([#+-]|\d+\.)(?=\s)/, '\\$1')
  )
}
