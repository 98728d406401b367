import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Recomputed, recompute } from '../planner/recompute.ts'
import { cascadeBases, recomputeBases } from '../planner/recompute-basis.ts'
import { type RecomputedPair, recomputePair } from '../planner/recompute-pair.ts'
import { planOfExample, shippedCatalog } from './fixtures/report-cases.test-data.ts'
import { contextOf } from './view-model.ts'
import { changesOf, figureNames, figureTexts, type WhatIfBase } from './what-if/figures.ts'
import { whatIfOf, whatIfOptionIds } from './what-if/view.ts'
import { writeReport } from './write.node.ts'

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path))
const skipped = chromium === undefined ? ' (SKIPPED: no Chromium in /usr/bin; apt-get install chromium)' : ''

/** The page in a real browser. Where there is none the tests say so and are skipped; `.ci/run` counts a skip as a failure. */
describe.skipIf(chromium === undefined).each([
  ['single models', 'cloud-wins', '6000', []],
  ['a cascade', 'cascade-helpdesk', '60000', ['pair: ', 'large-alone: ']],
] as const)(`the HTML report in Chromium, %s${skipped}`, (_, example, users, kinds) => {
  let folder: string
  let browser: Browser
  let page: Page
  const problems: string[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rightsize-browser-'))
    const plan = await planOfExample(example)
    await writeReport({ plan, catalog: shippedCatalog(), outDir: join(folder, 'out'), formats: ['html'] })
    browser = await puppeteer.launch({
      executablePath: chromium!,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    })
    page = await browser.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warn') problems.push(`console: ${message.text()}`)
    })
    page.on('pageerror', (error) => problems.push(`error: ${String(error)}`))
    page.on('request', (request) => {
      if (!request.url().startsWith('file:') && !request.url().startsWith('data:'))
        problems.push(`request: ${request.url()}`)
    })
    await page.setViewport({ width: 1366, height: 900 })
    await page.goto(pathToFileURL(join(folder, 'out', 'report.html')).href)
    await page.waitForFunction("document.getElementById('what-if-form').hidden === false")
  })

  afterAll(async () => {
    await browser?.close()
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  })

  const cells = () =>
    page.evaluate(
      `Object.fromEntries([...document.querySelectorAll('#what-if-table tbody tr')].map((row) => [row.dataset.option,
        Object.fromEntries([...row.querySelectorAll('[data-figure]')].map((cell) => [cell.dataset.figure, cell.firstChild.textContent]))]))`,
    ) as Promise<Record<string, Record<string, string>>>

  const set = async (id: string, value: string) => {
    await page.evaluate(
      `(() => { const field = document.getElementById('${id}'); field.value = '${value}'; field.dispatchEvent(new Event('input', { bubbles: true })) })()`,
    )
  }

  /** What the library itself says under the same values. */
  async function library(values: Partial<WhatIfBase['values']>) {
    const plan = await planOfExample(example)
    const catalog = shippedCatalog()
    const context = contextOf({ plan })
    const options = recomputeBases({ plan, catalog, optionIds: whatIfOptionIds(context) })
    const cascade = cascadeBases({ plan, catalog })
    const base = whatIfOf(context, { options, cascade })!.data['base'] as unknown as WhatIfBase
    const { smallFraction, ...changes } = changesOf(base, { ...base.values, ...values })
    const texts = (result: Recomputed | RecomputedPair) => {
      const all = figureTexts(result, context.f, 'unknown')
      return Object.fromEntries(figureNames.map((name) => [name, all[name]]))
    }
    const moved = smallFraction === undefined ? changes : { ...changes, smallFraction }
    return {
      ...Object.fromEntries([...options].map(([id, basis]) => [id, texts(recompute(basis, changes))])),
      ...Object.fromEntries(
        [...cascade.pairs].map(([id, basis]) => [`pair: ${id}`, texts(recomputePair(basis, moved))]),
      ),
      ...Object.fromEntries(
        [...cascade.largeAlone].map(([id, basis]) => [
          `large-alone: ${id}`,
          texts(recompute(basis, changes)),
        ]),
      ),
    }
  }

  it('is a page of less than 600 kB', () => {
    expect(statSync(join(folder, 'out', 'report.html')).size).toBeLessThan(600_000)
  })

  it('has a row for each kind of choice', async () => {
    const ids = Object.keys(await cells())
    for (const kind of kinds) expect(ids.filter((id) => id.startsWith(kind)).length).toBeGreaterThan(0)
  })

  it('starts with the plan’s own figures', async () => {
    expect(await cells()).toEqual(await library({}))
  })

  it.each([
    ['demand', users],
    ['volume', '60'],
    ...(kinds.length === 0 ? [] : [['share', '60'] as const]),
    ['electricity', '0.35'],
    ['horizon', '48'],
    ['discount', '2'],
  ] as const)('moving %s to %s changes figures, and they equal the library’s', async (name, value) => {
    const before = await cells()
    await set(`what-if-${name}`, value)
    const after = await cells()
    expect(after).not.toEqual(before)
    expect(after).toEqual(await library({ [name]: Number(value) }))
    await page.click('#what-if-reset')
    expect(await cells()).toEqual(before)
  })

  it('more users bring more replicas', async () => {
    const before = await cells()
    const most = await page.$eval('#what-if-demand', (field) => field.getAttribute('max'))
    await set('what-if-demand-range', most!)
    const after = await cells()
    // A pair has those of the small and of the large model: "4 + 3".
    const replicas = (row: Record<string, string> | undefined) => row!['replicas']!.split(' + ').map(Number)
    const more = Object.keys(after).filter((id) => {
      const earlier = replicas(before[id])
      return replicas(after[id]).every((count, index) => count > earlier[index]!)
    })
    for (const kind of ['', ...kinds]) expect(more.some((id) => id.startsWith(kind))).toBe(true)
    await page.click('#what-if-reset')
  })

  it('a value out of range is marked, said aloud, and changes nothing', async () => {
    const before = await cells()
    await set('what-if-horizon', '100000')
    expect(await cells()).toEqual(before)
    expect(await page.$eval('#what-if-horizon', (field) => field.getAttribute('aria-invalid'))).toBe('true')
    expect(await page.$eval('#what-if-status', (status) => status.textContent)).toContain('outside its range')
    await page.click('#what-if-reset')
  })

  it('draws every chart', async () => {
    const drawn = (await page.evaluate(
      `[...document.querySelectorAll('canvas[data-chart]')].map((canvas) => {
        const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
        return [canvas.dataset.chart, data.some((value) => value !== 0)]
      })`,
    )) as [string, boolean][]
    expect(drawn.length).toBeGreaterThanOrEqual(7)
    expect(drawn.filter(([, painted]) => !painted)).toEqual([])
  })

  it.each([
    ['desktop', 1366],
    ['phone', 390],
  ] as const)('has no axe violation and does not scroll sideways (%s)', async (_, width) => {
    await page.setViewport({ width, height: 844 })
    await page.evaluate("document.querySelectorAll('details').forEach((entry) => { entry.open = true })")
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    // Evaluated by the debugger: the page's own policy lets no foreign script in.
    await page.evaluate(axe)
    const violations = (await page.evaluate(
      `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
        violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(' | ')))`,
    )) as string[]
    expect(violations).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
  })

  it('prints: controls stay away, and nothing is logged', async () => {
    const pdf = await page.pdf({ format: 'A4' })
    expect(pdf.length).toBeGreaterThan(10_000)
  })

  it('asked for nothing on the network and logged no error', () => {
    expect(problems).toEqual([])
  })
})
