import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Plan } from '../planner/plan-types.ts'
import { planOfExample, shippedCatalog } from './fixtures/report-cases.test-data.ts'
import { renderReport, writeReport } from './write.node.ts'

describe('writing a report', () => {
  let folder: string
  let plan: Plan
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rightsize-report-'))
    plan = await planOfExample('customer-care-chatbot')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const write = (name: string, more: Partial<Parameters<typeof writeReport>[0]> = {}) =>
    writeReport({ plan, catalog: shippedCatalog(), outDir: join(folder, name), ...more })

  it('writes all six formats of an example, the HTML under 600 kB', async () => {
    const { files } = await write('all')
    const names = files.map((file) => file.name)
    for (const name of [
      'report.html',
      'report.pdf',
      'report.xlsx',
      'report.md',
      'plan.json',
      'csv/options.csv',
    ])
      expect(names).toContain(name)
    expect(readdirSync(join(folder, 'all')).sort()).toEqual(
      ['charts', 'csv', 'plan.json', 'report.html', 'report.md', 'report.pdf', 'report.xlsx'].filter(
        (name) => name !== 'charts' || names.some((file) => file.startsWith('charts/')),
      ),
    )
    expect(files.find((file) => file.name === 'report.html')!.bytes).toBeLessThan(600_000)
    expect(JSON.parse(readFileSync(join(folder, 'all', 'plan.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(plan)),
    )
  })

  it('writes the same bytes twice, in every format', async () => {
    const render = async () => (await renderReport({ plan, catalog: shippedCatalog(), locale: 'de' })).files
    const [first, second] = [await render(), await render()]
    expect([...second.keys()]).toEqual([...first.keys()])
    for (const [name, content] of first)
      expect(Buffer.from(second.get(name)!).equals(Buffer.from(content)), name).toBe(true)
  })

  it('the HTML names nothing outside itself and lets nothing be loaded', async () => {
    const { files } = await renderReport({ plan, catalog: shippedCatalog(), formats: ['html'] })
    const page = files.get('report.html') as string
    expect(page).toContain('default-src &#x27;none&#x27;')
    expect(page).not.toMatch(/<(link|iframe|object|embed|base|form [^>]*action)\b/)
    expect(page).not.toMatch(/\ssrc="(?!data:)/)
    expect(page).not.toMatch(/\sstyle="/)
    const css = page.slice(page.indexOf('<style>'), page.indexOf('</style>'))
    expect(css).not.toMatch(/url\(|@import/)
  })

  it('refuses an existing folder without force, and a folder with other files even with it', async () => {
    await write('once', { formats: ['csv'] })
    await expect(write('once', { formats: ['csv'] })).rejects.toMatchObject({ code: 'output-exists' })
    await write('once', { formats: ['json'], force: true })
    expect(readdirSync(join(folder, 'once'))).toEqual(['plan.json'])
    writeFileSync(join(folder, 'once', 'mine.txt'), 'keep me')
    await expect(write('once', { formats: ['csv'], force: true })).rejects.toMatchObject({
      code: 'output-exists',
    })
    expect(readdirSync(join(folder, 'once')).sort()).toEqual(['mine.txt', 'plan.json'])
  })

  it('a failed run leaves nothing behind', async () => {
    const templates = join(folder, 'broken')
    mkdirSync(templates)
    writeFileSync(join(templates, 'report.html.hbs'), '{{meta.noSuchName}}')
    await expect(write('failed', { template: templates })).rejects.toMatchObject({
      code: 'arguments-invalid',
    })
    expect(existsSync(join(folder, 'failed'))).toBe(false)
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('a user’s templates stand in file by file, with the brand’s name, logo and colours', async () => {
    const templates = join(folder, 'own')
    mkdirSync(join(templates, 'partials', 'html'), { recursive: true })
    writeFileSync(
      join(templates, 'brand.json'),
      JSON.stringify({
        name: 'Ämter & Co',
        colours: { primary: '#ffcc00', accent: '#ff0000' },
        logo: { file: 'logo.svg', alt: 'Our logo' },
      }),
    )
    writeFileSync(join(templates, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    writeFileSync(
      join(templates, 'partials', 'html', 'section-rfp.hbs'),
      '<section id="{{id}}"><h2>Ours: {{title}}</h2></section>',
    )
    const { files } = await renderReport({
      plan,
      catalog: shippedCatalog(),
      formats: ['html'],
      template: templates,
    })
    const page = files.get('report.html') as string
    expect(page).toContain('Ours: Questions for vendors')
    expect(page).toContain('alt="Our logo"')
    expect(page).toContain('Ämter &amp; Co')
    // Yellow is unreadable on white and white on yellow: the text colour is darkened.
    expect(page).toMatch(/--primary:#(?!ffcc00)[0-9a-f]{6}/)
    writeFileSync(join(templates, 'brand.json'), '{"name": "", "colour": 1}')
    await expect(
      renderReport({ plan, catalog: shippedCatalog(), formats: ['html'], template: templates }),
    ).rejects.toMatchObject({ code: 'arguments-invalid' })
  })
})
