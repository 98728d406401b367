/**
 * Text that Markdown shows as it is: everything that could start markup, a link, an HTML tag or a list is escaped.
 * Line breaks become spaces, as a table's row is one line.
 */
export function escapeMarkdown(text: string): string {
  return (
    text
      .replaceAll(/\s+/gu, (space) => (space === '\u00a0' || space === '\u202f' ? space : ' '))
      .replaceAll(/[\\`*_{}[\]<>|~#!&$]/g, (sign) =>
        sign === '<' ? '&lt;' : sign === '>' ? '&gt;' : sign === '&' ? '&amp;' : `\\${sign}`,
      )
      .replaceAll(/^(\s*)([-+=])/g, '$1\\$2')
      .replaceAll(/^(\s*\d+)([.)])(?=\s|$)/g, '$1\\$2')
      // Bare addresses would turn into links.
      .replaceAll(
        /(https?|ftp|mailto|javascript|data|www)([:.])/gi,
        (_, scheme: string, sign: string) => `${scheme}\\${sign}`,
      )
      .replaceAll(/@/g, '\\@')
  )
}
