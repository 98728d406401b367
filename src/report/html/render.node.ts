import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { JsonObject, ReportDocument } from '../report-document.ts'
import type { Templates } from '../templates.node.ts'
import { scriptFile } from '../what-if-file.node.ts'
import { readableOnWhite } from './contrast.ts'
import { type HtmlWords, htmlView } from './view.ts'

export interface HtmlInput {
  readonly document: ReportDocument
  readonly templates: Templates
  readonly words: HtmlWords
  readonly whatIf:
    | { readonly after: string; readonly view: Record<string, unknown>; readonly data: JsonObject }
    | undefined
}

/**
 * One page that needs nothing else: style, script, charts and data are inside, and its content-security policy lets
 * nothing be loaded. Same document, same bytes.
 */
export function renderHtml(input: HtmlInput): string {
  const { document, templates } = input
  const { colours } = document.meta.brand
  const css = `:root{--primary:${readableOnWhite(colours.primary)};--accent:${colours.accent};--accent-ink:${readableOnWhite(colours.accent)}}\n${templates.text('report.css')}`
  const script = pageScript()
  const data = {
    charts: Object.fromEntries(
      document.sections
        .flatMap((section) => section.blocks)
        .filter((block) => block.kind === 'chart')
        .map((block) => [block.id, block.config]),
    ),
    whatIf: input.whatIf?.data ?? null,
  }
  return templates.render(
    'report.html.hbs',
    htmlView({
      document,
      words: input.words,
      hasPartial: templates.hasPartial,
      whatIf: input.whatIf,
      css,
      script,
      data: jsonInScript(data),
      policy: [
        "default-src 'none'",
        `script-src '${hashOf(script)}'`,
        `style-src '${hashOf(css)}'`,
        'img-src data:',
        "base-uri 'none'",
        "form-action 'none'",
      ].join('; '),
    }),
    { html: true },
  )
}

function pageScript(): string {
  if (!existsSync(scriptFile)) throw new Error('dist/report/what-if.js is missing: run `npm run build`')
  return readFileSync(scriptFile, 'utf8').replaceAll('</script', '<\\/script')
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`
}

/** JSON that cannot end the script element it stands in. */
export function jsonInScript(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
}
