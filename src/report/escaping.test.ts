import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvCell, csvText } from '../foundation/csv-text.ts'
import type { Plan } from '../planner/plan-types.ts'
import { csvTables } from './csv/tables.ts'
import { examplePlan } from './fixtures/example-plan.test-data.ts'
import { jsonInScript, renderHtml } from './html/render.node.ts'
import { safeAddress } from './html/view.ts'
import { escapeMarkdown } from './markdown/escape.ts'
import { markdownView } from './markdown/view.ts'
import { loadTemplates } from './templates.node.ts'
import { reportDocument } from './view-model.ts'

const nasty = fc.oneof(
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '</script><script>',
    "' onclick='x",
    '=HYPERLINK("http://x","y")',
    '+1+1',
    '-2+3',
    '@SUM(A1)',
    '\t=1',
    '\r\n=1',
    '[click](javascript:alert(1))',
    '![x](http://x/y.png)',
    '| a | b |',
    '# title',
    '{{constructor}}',
    '{{{meta}}}',
    '`code`',
    '&lt;b&gt;',
    'https://example.org/x',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

/** The example with a text of a user or a catalog in every place where one can stand. */
function planWith(text: string): Plan {
  const plan = examplePlan()
  return {
    ...plan,
    name: text || 'x',
    description: text,
    options: plan.options.map((option) => ({
      ...option,
      label: text,
      model: { ...option.model, name: text },
      place: { ...option.place, name: text },
      why: [text],
      unknown: [{ what: text, why: text }],
      notes: [{ code: 'x', level: 'warning', about: text, message: text }],
      billOfMaterials: option.billOfMaterials.map((line) => ({ ...line, name: text, note: text })),
      cost: {
        ...option.cost,
        lines: option.cost.lines.map((line) => ({ ...line, label: text, unit: text, note: text })),
      },
    })),
    models: {
      kept: plan.models.kept.map((model) => ({ ...model, name: text, vendor: text, licence: text })),
      leftOut: [{ id: 'x', name: text, reasons: [text] }],
    },
  }
}

const words = { showRows: (count: number) => `${count} rows`, showData: 'data' }
const templates = loadTemplates({ userFolder: undefined })
const html = (plan: Plan) =>
  renderHtml({ document: reportDocument({ plan }), templates, words, whatIf: undefined })

describe('escaping', () => {
  it('HTML: no text of a plan becomes an element, an attribute or a script', () => {
    const shape = (page: string) => [...page.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map((match) => match[1])
    const tags = new Set(shape(html(planWith('x'))))
    fc.assert(
      fc.property(nasty, (text) => {
        const page = html(planWith(text))
        const body = page.slice(page.indexOf('<body>'), page.indexOf('<script type="application/json"'))
        expect(shape(body).filter((tag) => !tags.has(tag))).toEqual([])
        expect(body).not.toMatch(/<(script|img|iframe|object|svg)\b/i)
        expect(body).not.toMatch(/\son[a-z]+=/i)
        expect(page.match(/<script/g)).toHaveLength(2)
      }),
      { numRuns: 40 },
    )
  })

  it('HTML: JSON in a script cannot end it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = jsonInScript({ text: `</script>${text}` })
        expect(json).not.toContain('<')
        expect(JSON.parse(json)).toEqual({ text: `</script>${text}` })
      }),
    )
  })

  it('HTML: only https addresses and anchors of the page are linked', () => {
    expect(safeAddress('https://example.org/a?b=c')).toBe('https://example.org/a?b=c')
    expect(safeAddress('#cost')).toBe('#cost')
    for (const bad of [
      'javascript:alert(1)',
      'data:text/html,x',
      'http://x',
      'https://a b',
      ' https://x',
      '//x',
    ])
      expect(safeAddress(bad), bad).toBe('')
  })

  it('Markdown: no markup survives, and one cell stays one cell', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const escaped = escapeMarkdown(text)
        expect(escaped).not.toMatch(/[\r\n]/)
        expect(escaped).not.toMatch(/[<>]/)
        expect(escaped.replaceAll(/\\./gsu, '')).not.toMatch(/[`*_[\]|#!]/)
        expect(escaped).not.toMatch(/^\s*([-+=]|\d+[.)](\s|$))/)
        expect(escaped).not.toMatch(/(https?|javascript|data):/i)
      }),
    )
  })

  it('Markdown: tables keep their columns whatever the texts are', () => {
    const render = (text: string) =>
      templates.render(
        'report.md.hbs',
        markdownView({
          document: reportDocument({ plan: planWith(text) }),
          hasPartial: templates.hasPartial,
          picture: () => undefined,
        }),
        { html: false },
      )
    const rows = (markdown: string) =>
      markdown
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .map((line) => line.replaceAll(/\\./gsu, '').split('|').length)
    const expected = rows(render('x'))
    fc.assert(
      fc.property(nasty, (text) => {
        expect(rows(render(text))).toEqual(expected)
      }),
      { numRuns: 30 },
    )
  })

  it('CSV: no cell starts a formula, and every table reads back with its columns', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const shown = csvCell(text)
        const content = shown.startsWith('"') ? shown.slice(1, -1).replaceAll('""', '"') : shown
        expect(content).not.toMatch(/^[=+\-@\t\r]/)
        expect(content.endsWith(text.replaceAll(/[\r\n]+/g, ' '))).toBe(true)
        expect(content).not.toMatch(/[\r\n]/)
      }),
    )
    expect(csvCell(-12.5)).toBe('-12.5')
    expect(csvCell(undefined)).toBe('')
    expect(csvText(['a', 'b'], [['x,"y"', 1]])).toBe('a,b\n"x,""y""",1\n')
    for (const [name, text] of csvTables(planWith('a\n=1,"'))) expect(text, name).not.toMatch(/(^|,)=/m)
  })
})
